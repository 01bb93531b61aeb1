package richtext

import "github.com/yuin/goldmark/parser"

// waiting are the delimiters of a paragraph among which the parser will look for the one
// that a later one closes, the newest last. It looks when the paragraph ends, and then
// through all that no other has closed: thousands of pairs are cheap, and thousands of
// marks without a partner are not.
type waiting struct {
	all    []delimiter
	newest int // where the last one that was followed begins
	// brackets are those that are open. Of what is in a link nobody knows before its end
	// whether it is still there behind it.
	brackets int
}

type delimiter struct {
	*parser.Delimiter
	left int // of its characters
	lost bool
}

// mostWaiting bounds delimiters that wait for a partner: each may be an element around
// all that follows.
const mostWaiting = 5000

func (w *waiting) bracket(sign byte) {
	switch {
	case sign == '[':
		w.brackets++
	case sign == ']' && w.brackets > 0:
		w.brackets--
	}
}

// follow does what the parser will do with the newest delimiter, and returns how many
// others it will look at.
func (w *waiting) follow(d *parser.Delimiter) (work int) {
	if d == nil || d.Segment.Start < w.newest {
		return 0
	}
	w.newest = d.Segment.Start + 1
	left := d.Length
	for d.CanClose && left > 0 {
		at := len(w.all) - 1
		for at >= 0 && !w.all[at].opens(d) {
			at--
		}
		work += len(w.all) - max(at, 0)
		if at < 0 || w.brackets > 0 {
			break
		}
		use := 1
		if w.all[at].left > 1 && left > 1 {
			use = 2
		}
		left -= use
		w.all[at].left -= use
		w.all = w.all[:at+1]
		if w.all[at].left == 0 {
			w.all = w.all[:at]
		}
	}
	if left > 0 && (d.CanOpen || !d.CanClose || w.brackets > 0) {
		w.all = append(w.all, delimiter{d, left, w.brackets > 0})
	}
	if len(w.all) > mostWaiting {
		return mostWork
	}
	return work
}

// opens tells whether a delimiter is closed by another one (CommonMark §6.2).
func (o delimiter) opens(d *parser.Delimiter) bool {
	three := (o.CanClose || d.CanOpen) && (o.OriginalLength+d.OriginalLength)%3 == 0 && d.OriginalLength%3 != 0
	return !o.lost && o.CanOpen && o.Char == d.Char && !three
}
