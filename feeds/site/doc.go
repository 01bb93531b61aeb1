// Package site makes the public pages: front page, section, article, and the
// pages for what was withdrawn or went wrong.
//
// It is pure: a page is a function of the view that it is handed ([Article],
// [Section], [Problem]) and of the [Identity] of the institution. Templates,
// style and the words of each language are files, embedded and parsed by [New],
// so that a fault in one shows at start and not at the first request.
//
// The pages need no script, no font file and nothing from elsewhere but the
// pictures of the articles. They are laid out with logical properties, so that
// Arabic reads from right to left with the same style. A language that has no
// file of words is shown with English ones around it, and marked as what it is.
package site
