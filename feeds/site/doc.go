// Package site renders the public pages: front page, section, article with the
// history of its corrections, archive by date, search, and the pages for withdrawn
// articles and errors.
//
// It is pure: a page is a function of its view ([Article], [Section], [Problem])
// and of the institution's [Identity]. Templates, style sheets and the messages of
// each language are embedded files, parsed by [New], so that a mistake in one shows
// at start and not at the first request.
//
// The pages need no script, no font file and nothing from other servers except the
// pictures of the articles. The layout uses logical properties, so that one style
// sheet serves languages that are written from right to left, too. A language
// without a file of messages gets the English ones around its texts, which are
// marked with their own language (WCAG 2.2 §3.1.2).
//
// Tests in a real browser hold the pages to WCAG 2.2 AA: above all, nothing scrolls
// sideways in a window of 320 pixels (WCAG 2.2 §1.4.10), and nothing depends on
// colour alone (WCAG 2.2 §1.4.1): what a correction added and removed is underlined
// and struck through, and announced in words.
package site
