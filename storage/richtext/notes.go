package richtext

import (
	"sort"
	"strings"

	"golang.org/x/net/html"
)

// Note tells an editor what a text has lost on its way in, or what was made of
// it instead.
type Note struct {
	// Line is where it stood in the text that was handed in, from 1.
	Line int    `json:"line"`
	What string `json:"what"`
	// Said is what stood there, as much of it as helps to find it: an address,
	// or the first words. A caller who rearranges a page before cleaning it can look
	// for this in the file.
	Said string `json:"-"`

	offset int
}

// maxNotes bounds what is told about one text.
const maxNotes = 1000

// notes gathers what an editor should know about the cleaning: lost words,
// links, pictures and media. Scripts and styling go without a word.
type notes struct {
	all    []Note
	lineOf func(offset int) int
}

// at notes something of which the source stands at an offset.
func (n *notes) at(offset int, what, said string) {
	said = shorten(said)
	text := what
	if said != "" {
		text += ": " + said
	}
	switch {
	case len(n.all) < maxNotes:
		n.all = append(n.all, Note{Line: n.lineOf(offset), What: text, Said: strings.TrimSuffix(said, "…"), offset: offset})
	case len(n.all) == maxNotes:
		n.all = append(n.all, Note{Line: n.lineOf(offset), What: "more was lost from here on than is told"})
	}
}

// sorted are the notes in the order of the source.
func (n *notes) sorted() []Note {
	sort.SliceStable(n.all, func(i, j int) bool {
		a, b := n.all[i], n.all[j]
		return a.Line < b.Line || a.Line == b.Line && a.offset < b.offset
	})
	return n.all
}

// texts are the notes without their lines, each once.
func texts(all []Note) []string {
	var said []string
	seen := map[string]bool{}
	for _, n := range all {
		if !seen[n.What] {
			said = append(said, n.What)
			seen[n.What] = true
		}
	}
	return said
}

// lines counts the lines of a text up to offsets.
func lines(raw string) func(int) int {
	var starts []int
	for i := range len(raw) {
		if raw[i] == '\n' {
			starts = append(starts, i)
		}
	}
	return func(offset int) int { return 1 + sort.SearchInts(starts, offset) }
}

func withArticle(what string) string {
	if strings.ContainsRune("aeiou", rune(what[0])) {
		return "an " + what
	}
	return "a " + what
}

// sourceOf is the address of what an element shows.
func sourceOf(t html.Token) string {
	for _, key := range []string{"src", "data", "data-src", "movie"} {
		if v, ok := value(t, key); ok && strings.TrimSpace(v) != "" {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// shorten keeps a hostile or endless address from filling the report.
func shorten(s string) string {
	const most = 80
	r := []rune(CleanText(s[:min(len(s), 16*most)]))
	if len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return string(r)
}
