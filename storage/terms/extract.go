package terms

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Fragment is a stretch of a text; Hit marks a match of the query.
type Fragment struct {
	Text string
	Hit  bool
}

// span is a hit: the bytes that match a phrase.
type span struct{ start, end, phrase int }

// mostScanned bounds how much of a text is searched for an extract, in bytes.
const mostScanned = 128 << 10

// Mark splits a whole text at its hits.
func (q Query) Mark(text string) []Fragment {
	return fragments(text, 0, len(text), merge(q.hits(text, Split(text))))
}

// Extract returns the part of a plain text, of about a number of characters, that
// matches most of the query, or else the beginning. It is cut between words, with "…"
// where it is cut.
func (q Query) Extract(text string, characters int) []Fragment {
	if len(text) > mostScanned {
		text = strings.ToValidUTF8(text[:mostScanned], "")
	}
	words := Split(text)
	hits := q.hits(text, words)
	start, end := q.window(text, words, hits, characters)
	shown := fragments(text, start, end, merge(hits))
	if start > 0 {
		shown = append([]Fragment{{Text: "…"}}, shown...)
	}
	if end < len(text) {
		shown = append(shown, Fragment{Text: "…"})
	}
	return shown
}

// In tells whether texts, each by itself, say the query between them: every phrase of Must, and none
// of Not. It is what an engine finds that has them as the fields of a document.
func (q Query) In(texts ...string) bool {
	words := make([][]Term, len(texts))
	for i, text := range texts {
		words[i] = Split(text)
	}
	said := func(p Phrase) bool {
		for i, text := range texts {
			for at := range words[i] {
				if _, ok := p.at(text, words[i][at:]); ok {
					return true
				}
			}
		}
		return false
	}
	unsaid := func(p Phrase) bool { return !said(p) }
	return !q.Empty() && !slices.ContainsFunc(q.Must, unsaid) && !slices.ContainsFunc(q.Not, said)
}

// hits finds the phrases in a text, in order.
func (q Query) hits(text string, words []Term) []span {
	var found []span
	for at := range words {
		for n, p := range q.Must {
			if end, ok := p.at(text, words[at:]); ok {
				found = append(found, span{words[at].Start, end, n})
			}
		}
	}
	return found
}

// at reports whether the words begin with the phrase, and where it ends.
func (p Phrase) at(text string, words []Term) (end int, ok bool) {
	if len(words) < len(p.Terms) {
		return 0, false
	}
	last := len(p.Terms) - 1
	for i, term := range p.Terms {
		prefix := p.Prefix && i == last && strings.HasPrefix(words[i].Text, term)
		if words[i].Text != term && !prefix {
			return 0, false
		}
	}
	if p.Prefix {
		_, size := utf8.DecodeRuneInString(text[words[last].Start:])
		return words[last].Start + size, true
	}
	return words[last].End, true
}

// before is the share of an extract that stands before the first hit.
const before = 4

// window chooses the stretch that has the most different phrases.
func (q Query) window(text string, words []Term, hits []span, characters int) (start, end int) {
	if forward(text, 0, characters) == len(text) {
		return 0, len(text)
	}
	best, most := 0, 0
	if len(hits) > 0 {
		best = hits[0].start
	}
	for i, h := range hits {
		limit := forward(text, h.start, characters*(before-1)/before)
		seen := map[int]bool{}
		for _, other := range hits[i:] {
			if other.end > limit {
				break
			}
			seen[other.phrase] = true
		}
		if len(seen) > most {
			best, most = h.start, len(seen)
		}
		if most == len(q.Must) || i == mostWeighed {
			break
		}
	}
	if best > forward(text, 0, characters/2) { // else it is seen from the beginning
		start = wordAt(words, backward(text, best, characters/before), best)
	}
	end = forward(text, start, characters)
	if end < len(text) {
		end = wordBefore(words, end, best)
	}
	return start, end
}

// mostWeighed bounds the hits from which the best is chosen.
const mostWeighed = 200

// wordAt is the start of the first word at or after an offset, but at most the hit.
func wordAt(words []Term, place, hit int) int {
	i, _ := slices.BinarySearchFunc(words, place, func(t Term, p int) int { return t.Start - p })
	if i == len(words) {
		return hit
	}
	return min(words[i].Start, hit)
}

// wordBefore is the end of the last word that ends before an offset.
func wordBefore(words []Term, place, hit int) int {
	i, _ := slices.BinarySearchFunc(words, place+1, func(t Term, p int) int { return t.End - p })
	if i == 0 || words[i-1].End <= hit {
		return place
	}
	return words[i-1].End
}

func forward(text string, at, characters int) int {
	for ; characters > 0 && at < len(text); characters-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

func backward(text string, at, characters int) int {
	for ; characters > 0 && at > 0; characters-- {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return at
}

// merge joins hits that touch or overlap.
func merge(hits []span) []span {
	var joined []span
	for _, h := range hits {
		if n := len(joined); n > 0 && h.start <= joined[n-1].end {
			joined[n-1].end = max(joined[n-1].end, h.end)
			continue
		}
		joined = append(joined, h)
	}
	return joined
}

// fragments splits a stretch of a text at its hits. Isolates are removed, because one
// of a pair could be outside.
func fragments(text string, start, end int, hits []span) []Fragment {
	var all []Fragment
	add := func(from, to int, hit bool) {
		if from < to {
			all = append(all, Fragment{isolates.Replace(text[from:to]), hit})
		}
	}
	at := start
	for _, h := range hits {
		if h.start < at || h.end > end {
			continue
		}
		add(at, h.start, false)
		add(h.start, h.end, true)
		at = h.end
	}
	add(at, end, false)
	return all
}

var isolates = strings.NewReplacer("\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "")
