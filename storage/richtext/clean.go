package richtext

import (
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"communique/storage/press"
)

// Clean makes article text of an HTML fragment, or of a whole document, and
// tells what an editor should know about what was lost: links without a usable
// address, images, media, hidden text. Elements and attributes that the policy
// does not know go without a word, their text stays; scripts and styles go with
// all that is in them.
//
// Links keep the schemes http, https, mailto and tel, images http and https, and
// the parser of the URL Standard judges them. Relative addresses are resolved
// against base; with base nil a relative link loses its address and a relative
// image is removed. A link to an id in the text stays such a link ([At] makes it
// lead to a page).
//
// Bytes that are not UTF-8 become U+FFFD: a caller who knows the encoding of a
// source must decode it first. Clean never fails, takes time linear in its
// input and satisfies Clean(Clean(x)) == Clean(x).
func Clean(raw string, base *url.URL) (press.HTML, []string) {
	h, all := CleanNoted(raw, base)
	return h, texts(all)
}

// CleanNoted is [Clean] with the notes at their lines of the input.
func CleanNoted(raw string, base *url.URL) (press.HTML, []Note) {
	r := cleaning{base: base, lineOf: lines(raw)}.clean(raw)
	return r.Body, r.Notes
}

// CleanPage is [CleanNoted] for the text of a page of another site, by a caller who has
// put it together and knows on which line of the file each part of it stood. What such
// a page says of its links when a pointer rests on them stays out, as does on which side
// of their cells its tables have their texts.
func CleanPage(raw string, base *url.URL, lineOf func(offset int) int) (press.HTML, []Note) {
	r := cleaning{base: base, lineOf: lineOf, bare: true}.clean(raw)
	return r.Body, r.Notes
}

// Reading is a text that has been read and cleaned.
type Reading struct {
	Body  press.HTML
	Notes []Note
	// References are the links and pictures of the body, in order.
	References []Reference

	problem *LineError // why a typed text cannot be taken
}

// Reference is an address that a text links to or shows.
type Reference struct {
	Line    int // of the input, from 1
	Address string
	Picture bool
	Written string // as it stands in the input
}

// cleaning is how a text is cleaned.
type cleaning struct {
	base   *url.URL
	lineOf func(offset int) int
	// typed is set for a text that was typed as Markdown: bare addresses become
	// links.
	typed bool
	// foreign is set for what strangers wrote. It is shown on pages of ours, so it
	// keeps no ids, and no pictures, which every reader of the page would load from
	// the strangers' servers.
	foreign bool
	// bare is set for what others wrote: it keeps no titles of links, in which their
	// systems say what a click does, and no alignment.
	bare bool
}

// CleanForeign is [Clean] for what strangers wrote and others are shown beside
// our own texts: without pictures and ids.
func CleanForeign(raw string) press.HTML {
	return cleaning{lineOf: func(int) int { return 0 }, foreign: true, bare: true}.clean(raw).Body
}

func (c cleaning) clean(raw string) Reading {
	told := &notes{lineOf: c.lineOf}
	b := builder{resolver: newResolver(c.base), notes: told, foreign: c.foreign, bare: c.bare, typed: c.typed}
	root := b.parse(raw)
	b.settle(root)
	joinLines(root)
	if c.typed {
		linkAddresses(root, b.resolver)
	}
	s := &sink{}
	flow([]*node{root}, s, 0)
	s.flush()
	blocks, ids := s.finished()
	b.judgeAims(ids)
	var out strings.Builder
	for i, block := range blocks {
		if i > 0 {
			out.WriteByte('\n')
		}
		render(&out, []*node{block})
	}
	return Reading{Body: press.HTML(out.String()), Notes: told.sorted(), References: b.references, problem: b.problem}
}

// finished gives headings their levels and ids their final form, by what was written.
func (s *sink) finished() ([]*node, map[string]string) {
	shiftHeadings(s.blocks)
	if len(s.blocks) > 0 {
		last := s.blocks[len(s.blocks)-1]
		last.ids = append(last.ids, s.pending...)
	}
	m := &namer{final: map[string]string{}, taken: map[string]bool{}}
	m.name(s.blocks)
	m.link(s.blocks)
	return s.blocks, m.final
}

// shiftHeadings gives headings the levels of an outline below the title: the first is
// h2, and so is each that stands as high as the highest before it; none is more than
// one level below the one that it belongs to. What the author set apart stays apart.
func shiftHeadings(blocks []*node) {
	var around []byte // the levels of the headings around, as they were written
	var walk func([]*node)
	walk = func(nodes []*node) {
		for _, n := range nodes {
			if n.kind == heading {
				level := n.name[1]
				for len(around) > 0 && around[len(around)-1] >= level {
					around = around[:len(around)-1]
				}
				around = append(around, level)
				n.name = "h" + strconv.Itoa(min(1+len(around), 6))
			}
			walk(n.children)
		}
	}
	walk(blocks)
}

// permitted repairs a text: valid UTF-8, normal form C, only characters of
// XML 1.0 §2.2, and of those neither the C1 controls nor U+2028 and U+2029,
// which end a line in JavaScript but not in JSON.
func permitted(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r == '\r':
			return r
		case r == '\v', r == '\f', r == '\u0085', r == '\u2028', r == '\u2029':
			return ' '
		case r < ' ', r >= 0x7f && r < 0xa0, r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
			return -1
		}
		return r
	}, s)
	// ">" and U+0338 are "≯" in normal form: left at the start of a text, the
	// character would join with the end of the tag before it.
	return strings.ReplaceAll(norm.NFC.String(s), "\u0338", "")
}
