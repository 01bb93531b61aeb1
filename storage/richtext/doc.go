// Package richtext is the one door through which article text comes in.
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
//   - holds block elements at its top level; loose text becomes paragraphs.
//
// The cleaning is built on the tokenizer of golang.org/x/net/html and on a tree
// of its own with a bounded depth, not on the full HTML parser: the work is
// linear in the input, whatever is nested in whatever. Nothing that was not
// understood is ever copied through; an element or attribute reaches the output
// only because a table names it.
//
// [Text] and [Excerpt] read a cleaned fragment as plain text, [CleanText] is
// the same door for one-line texts (titles, leads, tags), and [Markdown]
// renders Markdown and cleans the result.
package richtext
