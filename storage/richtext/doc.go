// Package richtext is the one door through which article text comes in, and the
// one from which every plain form of it goes out.
//
// [Clean] turns whatever an editor pasted, a page held or a Markdown file
// rendered to into a small, tidy HTML fragment: a known set of elements for
// article text, absolute links, no behaviour, no styling. What it returns is
// a [press.HTML], and everything that shows or sends an article takes it from
// there without looking again. The cleaned fragment
//
//   - is a fixed point: cleaning it again changes nothing,
//   - reads the same for an HTML parser and, wrapped in an element, for an XML
//     parser, so that a feed can carry it either way,
//   - is valid UTF-8 in Unicode normal form C, without the characters that
//     XML 1.0 §2.2 forbids,
//   - holds block elements at its top level; loose text becomes paragraphs,
//   - has ids that begin with "text-", each once, and links to them; [At] makes
//     these lead to the article's page.
//
// What a text loses on the way is told in notes, at its line ([CleanNoted]). The
// table elements says what becomes of every element of HTML. [Markdown] is
// written from goldmark's tree and cleaned like any other text; what would be
// published as it was typed is refused ([LineError]).
//
// The cleaning is built on the tokenizer of golang.org/x/net/html and on a tree
// of its own with a bounded depth, not on the full HTML parser: the work is
// linear in the input, whatever is nested in whatever. Nothing that was not
// understood is ever copied through; an element or attribute reaches the output
// only because a table names it.
//
// [Blocks] walks through a cleaned fragment as a reader does. [Text], [Excerpt]
// and the comparison of versions are made of it; [Tree] is the same for what
// writes HTML again. In all of them raised and lowered text is said in
// characters, and what stands apart on the page stays apart; struck words and
// marks of footnotes are known, and no plain form says them.
//
// [Line] and [CleanText] are the door for one-line texts (titles, leads, tags).
package richtext
