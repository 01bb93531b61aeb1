package desk

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"communique/storage/wording"
)

// around is how many lines are shown before and after what differs.
const around = 2

// diffLine is a line of a comparison, in pieces; or the place of lines that are the same.
type diffLine struct {
	Pieces []diffPiece
	Left   int // so many lines are left out here
}

type diffPiece struct {
	Text           string
	Added, Removed bool
}

// difference compares two documents line by line, and word by word where lines differ.
func difference(from, to string) (all []diffLine) {
	a, b := strings.SplitAfter(from, "\n"), strings.SplitAfter(to, "\n")
	edits := wording.Align(a, b)
	for n, e := range edits {
		if !e.Kept {
			all = append(all, changedLines(strings.Join(a[e.FromStart:e.FromEnd], ""), strings.Join(b[e.ToStart:e.ToEnd], ""))...)
			continue
		}
		same := a[e.FromStart:e.FromEnd]
		before, after := around, around
		if n == 0 {
			before = 0
		}
		if n == len(edits)-1 {
			after = 0
		}
		if left := len(same) - before - after; left > 1 {
			all = slices.Concat(all, keptLines(same[:before]), []diffLine{{Left: left}}, keptLines(same[len(same)-after:]))
			continue
		}
		all = append(all, keptLines(same)...)
	}
	return all
}

func keptLines(lines []string) (all []diffLine) {
	for _, l := range lines {
		all = append(all, diffLine{Pieces: []diffPiece{{Text: l}}})
	}
	return all
}

// changedLines compares two stretches word by word.
func changedLines(from, to string) []diffLine {
	a, b := wording.Words(from), wording.Words(to)
	var open diffLine
	var all []diffLine
	add := func(words []string, p diffPiece) {
		for _, text := range strings.SplitAfter(strings.Join(words, ""), "\n") {
			if p.Text = text; text != "" {
				open.Pieces = append(open.Pieces, p)
			}
			if strings.HasSuffix(text, "\n") {
				all, open = append(all, open), diffLine{}
			}
		}
	}
	for _, e := range wording.Align(a, b) {
		if e.Kept {
			add(a[e.FromStart:e.FromEnd], diffPiece{})
			continue
		}
		add(a[e.FromStart:e.FromEnd], diffPiece{Removed: true})
		add(b[e.ToStart:e.ToEnd], diffPiece{Added: true})
	}
	if len(open.Pieces) > 0 {
		all = append(all, open)
	}
	return all
}

// comparisonView compares two revisions of a manuscript.
type comparisonView struct {
	manuscriptLine
	From, To int
	Numbers  []int
	Diff     []diffLine
	Same     bool
}

func (d *Desk) compareRevisions(w http.ResponseWriter, r *http.Request) error {
	id, room := chi.URLParam(r, "id"), visitOf(r).Room
	look, err := room.Opened(r.Context(), id)
	if err != nil {
		return err
	}
	from, _ := strconv.Atoi(r.FormValue("from"))
	to, _ := strconv.Atoi(r.FormValue("to"))
	before, err := room.RevisionText(r.Context(), id, from)
	if err != nil {
		return err
	}
	after, err := room.RevisionText(r.Context(), id, to)
	if err != nil {
		return err
	}
	l, err := d.manuscriptLine(r, look.Manuscript)
	if err != nil {
		return err
	}
	view := comparisonView{manuscriptLine: l, From: from, To: to, Same: string(before.Document) == string(after.Document)}
	if !view.Same {
		view.Diff = difference(string(before.Document), string(after.Document))
	}
	for _, rev := range look.Revisions {
		view.Numbers = append(view.Numbers, rev.Number)
	}
	return d.show(w, r, http.StatusOK, "comparison", "Comparison", view)
}
