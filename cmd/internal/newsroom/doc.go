// Package newsroom is what the ministry's people do: they file articles, correct,
// withdraw and pin them, and look after the tree of sections. The command line, editors
// in a browser and other programs all do it through a [Desk], so that the rules of the
// house are kept in one place.
//
// A desk has an author, who acts, and a store, whose clock is the only one: it dates
// what is published, ends embargoes, and says how old a statement is, all by one reading
// in the transaction that does it. When a method of a desk returns, what it did is on
// the disk and visible everywhere.
//
// An article comes as a document ([Desk.Read]): front matter and Markdown (document.go,
// frontmatter.go, frontimages.go), its date (moment.go) and the pictures beside it
// (pictures.go). It is filed (file.go, with the rule of 48 hours), corrected and
// withdrawn. [Desk.Import] (page.go) stores pages of others, which package importer has
// read. [Desk.Together] does several acts or none, and [Desk.Rehearse] does them for the
// sake of what they return, a preview or a dry run, and undoes them.
//
// What breaks a rule is press.ErrInvalid, press.ErrConflict or press.ErrNotFound; if
// it is about a document it is a [*Problem], which has the field and the line. The
// errors of this package do not speak of flags or buttons: the caller adds which one to
// use.
package newsroom
