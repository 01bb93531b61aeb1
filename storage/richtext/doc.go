// Package richtext cleans all article text that comes in.
//
// [Clean] turns what an editor pasted, a page contained or a Markdown file rendered
// to into a small, tidy HTML fragment: a known set of elements for article text,
// absolute links, no behaviour, no styling. The result is a [press.HTML], which
// everything that shows or sends an article uses without checking it again. It
//
//   - is a fixed point: cleaning it again changes nothing,
//   - means the same to an HTML parser and, wrapped in an element, to an XML parser,
//     so that feeds can carry it either way,
//   - is valid UTF-8 in Unicode normal form C, without the characters that XML 1.0
//     §2.2 forbids,
//   - has only block elements at its top level; loose text becomes paragraphs.
//
// Cleaning uses the tokenizer of golang.org/x/net/html and a tree of its own with a
// bounded depth, not the full HTML parser: it takes time linear in the input,
// however deeply that is nested. Nothing is copied through unless it was understood:
// elements and attributes reach the output only if a table names them.
//
// [Text] and [Excerpt] return a cleaned fragment as plain text, [CleanText] cleans
// one-line texts (titles, leads, tags), and [Markdown] renders Markdown and cleans
// the result.
package richtext
