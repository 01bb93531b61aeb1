// Package importer reads pages as they stand on the sites of ministries ([ReadPage]).
// It is pure: bytes in, a value out; it opens no file, asks no network and knows no
// database. Package newsroom finds the sections and stores the articles.
//
// The rule is that nothing is guessed. What the page says without
// doubt becomes a field; what is doubtful stays empty and becomes a sentence in
// [Page.Problems], for a person to decide. A page that is no article (a list, an
// error text that was answered with status 200, an empty shell) is refused with
// the reason.
//
// A page goes through these steps, a file of the package each: its encoding
// (encoding.go), the parsed document and its metadata (document.go), its title
// (title.go), the breadcrumb that names its section (crumbs.go), the date
// (published.go, on dates.go and months.go), the block that holds its text
// (body.go), what must go from there (prune.go) and its pictures (images.go).
// A saved text of a page, without markup, is read by text.go along the same rules.
package importer
