// Package newsroom is what the ministry's people do: they file articles, correct,
// withdraw and pin them, and look after the tree of sections. Whoever acts for them
// (the command line, an editor in a browser, another program) does it through a
// [Desk], so that the rules of the house are kept in one place.
//
// A desk has an author, who acts, and a store, whose clock is the only one: it
// dates what is published, ends embargoes, and says how old a statement is, all by
// one reading in the transaction that does it. What a desk has done is on the disk
// and to be seen everywhere when its method returns.
//
// An article comes as a document ([Desk.Read]): front matter and Markdown in
// document.go and frontmatter.go, with its date (moment.go) and the pictures beside
// it (pictures.go). [Desk.File] (file.go), [Desk.Correct] (correct.go) and
// [Desk.Withdraw] are the life of an article; [Desk.Import] (page.go) takes pages of
// others, which package importer has read. A dry run of any of them goes all the way
// and is undone: what it returns is a preview.
//
// What breaks a rule is press.ErrInvalid, press.ErrConflict or press.ErrNotFound; if
// it is about a document it is a [*Problem], which has the field and the line. No
// error speaks of flags or buttons: who calls adds what to press.
package newsroom
