// Package importer reads pages from the web sites of ministries ([ReadPage]). It is
// pure: bytes in, a value out; it uses no file, no network and no database. Package
// newsroom finds the sections and stores the articles.
//
// The rule is that nothing is guessed. What the page says without doubt
// becomes a field; what is doubtful stays empty and becomes a sentence in
// [Page.Problems], for a person to decide. A page that is not an article (a list, an
// error text with status 200, an empty shell) is refused with the reason.
//
// Each piece of a page, a run of text or a picture, has one verdict: kept, and where, or
// dropped, and why (ledger.go). The verdicts are those of the nodes that are moved or
// taken away and are held against what the page has become in the end, so that the
// account and the article cannot say different things. What was dropped inside of the
// text is in doubt ([Page.Doubts]) and quoted, unless the words stand elsewhere on the
// article or are plainly a control's. Marks of templates prove little against a text:
// what was taken out for their sake is put back on evidence (evidence.go).
//
// A page goes through these steps, each in a file of its own: its encoding
// (encoding.go), the parsed document and its metadata (document.go), its title
// (title.go), the breadcrumb that names its section (breadcrumbs.go), its date
// (published.go, with dates.go and months.go), the block that contains its text
// (body.go), removal of everything else (prune.go, textlines.go) and its pictures
// (images.go).
// The saved text of a page, without markup, is read by savedtext.go by the same rules.
package importer
