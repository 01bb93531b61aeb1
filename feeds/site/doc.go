// Package site makes the public pages: front page, section, article with the
// history of its corrections, archive by date, search, and the pages for what
// was withdrawn or went wrong.
//
// It is pure: a page is a function of the view that it is handed ([Article],
// [Section], [Problem]) and of the [Identity] of the institution. Templates,
// style and the words of each language are files, embedded and parsed by [New],
// so that a fault in one shows at start and not at the first request.
//
// The pages need no script, no font file and nothing from elsewhere but the
// pictures of the articles. They are laid out with logical properties, so that
// Arabic reads from right to left with the same style. A language that has no
// file of words is shown with English ones around it, and marked as what it is
// (WCAG 2.2 §3.1.2).
//
// Tests in a real browser hold the pages to WCAG 2.2 AA: above all, nothing
// scrolls sideways in a window of 320 pixels (WCAG 2.2 §1.4.10), and nothing is
// told by colour alone (WCAG 2.2 §1.4.1): what a correction added and removed
// is underlined and struck through, and said.
package site
