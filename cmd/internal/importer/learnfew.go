package importer

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// filesPages reports whether a line may be one of a few by which a system files pages: what kind
// of text it is, which office wrote it.
func filesPages(l line) bool {
	const longest = 100
	return l.length() <= longest && !endsSentence(strings.TrimRight(l.text, ":："))
}

// labelled reports whether words that stand on most pages say what an element has: those of the
// cell beside it, or its own first ones.
func (t *pageTemplate) labelled(d *document, n *html.Node, l line) bool {
	if !filesPages(l) || n.Data == "tr" {
		return false
	}
	if before := previousElement(n); before != nil && !isHeading(before) {
		label := lineOf(before)
		cell := before.Data == "dt" || before.Data == "th" || strings.HasSuffix(label.text, ":") || strings.HasSuffix(label.text, "：")
		if cell && label.links == 0 && filesPages(label) && saying(label.text) && t.onMost(d.language, label.text, true) {
			return true
		}
	}
	words := wordsIn(n)
	return len(words) > 1 && ancestor(words[0], operable) == nil && t.onMost(d.language, words[0].Data, true)
}

// ofFew makes of what stands beside the texts of most pages furniture by which pages are filed
// if it is one of a few words: each of them on several pages.
func (s *survey) ofFew(t *pageTemplate, taken map[string]choice) {
	for name, c := range taken {
		if c.kind != wording {
			continue
		}
		said, times, short := heard{}, 0, true
		labelled := true
		for _, e := range s.besideText(name) {
			said.add(e.page, e.text, e.inBody)
			times++
			short = short && !e.pictured && filesPages(line{text: e.text})
			labelled = labelled && e.labelled
		}
		switch {
		case short && t.most(len(c.on)) && fewFor(len(said), times):
			c.kind = filedWords
			taken[name] = c
		case c.inBody, labelled:
			delete(taken, name) // it is of the text anyway, or a person has to say whether it is
		}
	}
}

// besideText are the elements with other words on each page that a selector finds.
func (s *survey) besideText(selector string) (all []seenElement) {
	for _, e := range s.found {
		for _, part := range append([]seenElement{e}, e.entries...) {
			if part.kind == wording && slices.Contains(part.names, selector) {
				all = append(all, part)
				break
			}
		}
	}
	return all
}

// labelled reports whether all of what a selector finds is labelled.
func (s *survey) labelled(selector string) bool {
	return !slices.ContainsFunc(s.besideText(selector), func(e seenElement) bool { return !e.labelled })
}

// fewBut reports whether words are few for how often they stand, without those of which something
// holds.
func (h heard) fewBut(hold func(*phrase) bool) bool {
	words, times := 0, 0
	for _, p := range h {
		if !hold(p) {
			words, times = words+1, times+len(p.pages)
			if !filesPages(line{text: p.text}) {
				return false
			}
		}
	}
	return fewFor(words, times)
}

// fewFor reports whether so many words are few for standing so many times.
func fewFor(words, times int) bool { return words > 0 && words*3 <= times }
