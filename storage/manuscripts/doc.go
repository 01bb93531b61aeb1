// Package manuscripts is what the people of the desk work on before it goes out: new
// articles, and proposed corrections and withdrawals of those that are public, with every
// revision, the files beside them, remarks, and approvals.
//
// A manuscript is no article: nothing here is ever public. What is approved is filed, in the
// transaction that approves it, as an article (under embargo, if its instant lies ahead) or
// as a correction of one; package newsroom does that, and knows who may.
//
// Each approval is of one revision and of the digest of all that would go out by it. A new
// revision takes a manuscript back to where it is written; see [Tx.ReviseManuscript].
//
// A text and its translations may be a set of languages, which goes out all or none, or the
// original first. What is approved of one that has to wait for the others stays a manuscript,
// with its approval, until it is filed with them.
//
// What is made of a page of another site keeps that page ([Page]) until it is released, by which an
// import knows it again.
//
// This room writes the tables manuscripts, manuscript_revisions, manuscript_files,
// manuscript_chunks, manuscript_words, manuscript_pages, manuscript_page_says, remarks, approvals and unsaved, and the index of what
// manuscripts say, which the public does not search.
package manuscripts
