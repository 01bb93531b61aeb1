// Package newsdesk is what the ministry says: its sections, and the articles in
// them from the draft to the withdrawal.
//
// [Tx.Publish], [Tx.Correct], [Tx.Withdraw] and [Tx.Release] are the only ways in
// which an article becomes public or changes in public. Each appends an entry to
// the log and brings everything that the article shows up in up to date, which is
// written once, in views.go: pictures, lists, archives, the index, tags, the
// sitemap, and the marks by which readers see that something changed.
//
// What is read is read for pages and feeds, by key and never by offset, and tells
// nothing of drafts, but for [Tx.Article] and [Tx.All], which are the editor's.
//
// This room writes the tables of sections, articles, revisions, positions, tags,
// media, pins, renditions, the sitemap and the index.
package newsdesk
