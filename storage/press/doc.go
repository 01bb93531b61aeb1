// Package press is the vocabulary of communique: what an article, a section,
// a revision and an entry of the publication log are, and what may go wrong
// with them. Every other package speaks in these types.
//
// An [Article] lives in a tree of [Section]s and has revisions. What becomes
// public is an [Entry] of one append-only log; an entry names the article's
// revision, and readers render that revision, never "the newest". The position
// of an entry in the log is its [Seq].
//
// The package knows the standard library only. Values that must hold a promise
// (an [ArticleID], a [Path], a [Language]) are made by the Parse functions,
// which validate once; from then on the type is the proof.
package press
