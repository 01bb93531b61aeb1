package site

import (
	"strings"

	"communique/storage/wording"
)

// piece is a stretch of text that was kept, added or removed.
type piece struct {
	Text    string
	Added   bool
	Removed bool
	Struck  bool // through, by the author
}

// differences compares two texts paragraph by paragraph, and word by word where
// paragraphs differ. It returns a list of pieces per paragraph.
func differences(from, to []string) [][]piece {
	var paragraphs [][]piece
	for _, e := range wording.Align(from, to) {
		if e.Kept {
			for _, text := range from[e.FromStart:e.FromEnd] {
				paragraphs = append(paragraphs, []piece{{Text: text}})
			}
			continue
		}
		changed := compareWords(
			strings.Join(from[e.FromStart:e.FromEnd], paragraphEnd),
			strings.Join(to[e.ToStart:e.ToEnd], paragraphEnd))
		paragraphs = append(paragraphs, splitPieces(changed)...)
	}
	return paragraphs
}

// paragraphEnd separates paragraphs while their words are compared.
const paragraphEnd = "\n\n"

// compareWords compares two texts word by word.
func compareWords(from, to string) []piece {
	a, b := wording.Words(from), wording.Words(to)
	var pieces []piece
	add := func(tokens []string, p piece) {
		p.Text = strings.Join(tokens, "")
		if p.Text == "" {
			return
		}
		pieces = append(pieces, p)
	}
	for _, e := range joinClose(wording.Align(a, b), a) {
		if e.Kept {
			add(a[e.FromStart:e.FromEnd], piece{})
			continue
		}
		add(a[e.FromStart:e.FromEnd], piece{Removed: true})
		add(b[e.ToStart:e.ToEnd], piece{Added: true})
	}
	return pieces
}

// joinClose joins changes between which only white space was kept: a kept space
// does not help a reader.
func joinClose(edits []wording.Edit, from []string) []wording.Edit {
	var joined []wording.Edit
	for n, e := range edits {
		last := len(joined) - 1
		small := e.Kept && n > 0 && n < len(edits)-1 && blank(from[e.FromStart:e.FromEnd])
		if last >= 0 && !joined[last].Kept && (!e.Kept || small) {
			joined[last].FromEnd, joined[last].ToEnd = e.FromEnd, e.ToEnd
			continue
		}
		joined = append(joined, e)
	}
	return joined
}

func blank(tokens []string) bool {
	for _, t := range tokens {
		if strings.TrimSpace(t) != "" || t == paragraphEnd {
			return false
		}
	}
	return true
}

// splitPieces ends a paragraph at every paragraphEnd, kept or not.
func splitPieces(pieces []piece) [][]piece {
	var paragraphs [][]piece
	var open []piece
	for _, p := range pieces {
		for n, text := range strings.Split(p.Text, paragraphEnd) {
			if n > 0 && len(open) > 0 {
				paragraphs = append(paragraphs, open)
				open = nil
			}
			if text != "" {
				p.Text = text
				open = append(open, p)
			}
		}
	}
	if len(open) > 0 {
		paragraphs = append(paragraphs, open)
	}
	return paragraphs
}
