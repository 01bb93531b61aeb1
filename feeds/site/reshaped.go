package site

import (
	"strings"

	"communique/storage/lazyregexp"
	"communique/storage/wording"
)

// reshaped tells in words what two passages are, if that is not the same: their letters
// don't say it.
func (c *comparing) reshaped(old, fresh passage) {
	said := strings.TrimSpace(strings.ReplaceAll(plainWords(fresh.words[fresh.label:]), "\t", " | "))
	if !c.levelled(said, old.kind, fresh.kind) {
		if from, to := c.w.form(old.kind), c.w.form(fresh.kind); from != to {
			c.remark(c.w.FormChanged, said, from, to)
		}
	}
	from, to := cellsOf(old.cells), cellsOf(fresh.cells)
	if len(from) != len(to) {
		if strings.Count(plainWords(old.words), "\t") == strings.Count(plainWords(fresh.words), "\t") {
			c.remark(c.w.CellsChanged, said, "", "") // at the front, where no end of a cell tells of it
		}
		return
	}
	reaches := false
	texts := cellTexts(fresh, len(to))
	for i := range to {
		reaches = reaches || from[i].reach != to[i].reach
		switch {
		case from[i].head == to[i].head:
		case to[i].head:
			c.remark(c.w.HeadMade, texts[i], "", "")
		default:
			c.remark(c.w.HeadUnmade, texts[i], "", "")
		}
	}
	if reaches {
		c.remark(c.w.CellsChanged, said, "", "")
	}
}

// levelled tells of a heading that is another one now, or none.
func (c *comparing) levelled(said, old, fresh string) bool {
	from, to := level(old), level(fresh)
	switch {
	case from == to || outside(old) != outside(fresh):
		return false
	case from == "":
		c.remark(c.w.HeadingMade, said, "", "")
	case to == "":
		c.remark(c.w.HeadingUnmade, said, "", "")
	default:
		c.remark(c.w.HeadingMoved, said, from, to)
	}
	return true
}

// level is that of a heading below the title, by the elements around its text; empty for
// another text.
func level(kind string) string {
	if found := headingKind.FindStringSubmatch(kind); found != nil {
		return string(found[1][0] - 1) // the title is h1
	}
	return ""
}

var headingKind = lazyregexp.New(`(?:^| )h([2-6])$`)

// outside are the elements around a heading or a paragraph.
func outside(kind string) string {
	return strings.TrimSuffix(headingKind.ReplaceAllString(" "+kind, ""), " p")
}

// cell is what a row says of a cell besides its text.
type cell struct {
	head  bool
	reach string // over columns and rows
}

func cellsOf(row string) []cell {
	fields := strings.Fields(row)
	var all []cell
	for i := 0; i+2 < len(fields); i += 3 {
		all = append(all, cell{fields[i] == "th", fields[i+1] + " " + fields[i+2]})
	}
	return all
}

// cellTexts are the texts of the cells of a row. Of one that holds paragraphs the last is the
// text at hand, and the cells before it have no end in it.
func cellTexts(p passage, cells int) []string {
	said := strings.Split(plainWords(p.words), "\t")
	texts := append(make([]string, max(cells-len(said), 0)), said...)
	for i := range texts {
		texts[i] = orNone(strings.TrimSpace(texts[i]))
	}
	return texts
}

// counterparts are, for each passage, the number of the one that it was before: the one
// with which it has most words in common. It is -1 where there is none.
func counterparts(from, to []passage, edits []wording.Edit) []int {
	before, now := numbers(from), numbers(to)
	common := make([]map[int]int, len(to))
	for _, e := range edits {
		for i := e.FromStart; e.Kept && i < e.FromEnd; i++ {
			a, b := before[i], now[e.ToStart+i-e.FromStart]
			if a < 0 || b < 0 {
				continue
			}
			if common[b] == nil {
				common[b] = map[int]int{}
			}
			common[b][a]++
		}
	}
	all := make([]int, len(to))
	for i := range to {
		all[i] = -1
		if len(from) == len(to) {
			all[i] = i
		}
		most := 0
		for j, n := range common[i] {
			if n > most || n == most && j < all[i] {
				all[i], most = j, n
			}
		}
	}
	return all
}

// numbers are, for each word of passages that are put together, the passage in which it
// stands. Ends, blanks, marks and labels, which are alike everywhere, have -1.
func numbers(all []passage) []int {
	var of []int
	for n, p := range all {
		if n > 0 {
			of = append(of, -1)
		}
		for i, w := range p.words {
			if i < p.label || strings.TrimSpace(w.key()) == "" {
				of = append(of, -1)
				continue
			}
			of = append(of, n)
		}
	}
	return of
}
