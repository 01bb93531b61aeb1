// Package press is the vocabulary of communique: articles, sections, revisions and
// entries of the publication log, and the errors about them. Every other package
// uses these types.
//
// An [Article] is filed in a tree of [Section]s and has revisions. Everything that
// becomes public is an [Entry] of one append-only log; an entry names the article's
// revision, and readers render that revision, never "the newest". The position of
// an entry in the log is its [Seq].
//
// The package imports the standard library only. Types with an invariant
// ([ArticleID], [Path], [Language]) are made by Parse functions, which validate
// once; from then on the type is the proof.
package press
