package desk

import (
	"context"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"communique/storage/manuscripts"
	"communique/storage/press"
	"communique/storage/richtext"
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

// asLines is an article in lines, as it is compared with what a correction makes of it: all
// that readers are shown of it.
func (d *Desk) asLines(ctx context.Context, tree press.Tree, a press.Article) string {
	when := d.when(ctx, a)
	lines := []string{
		a.Title, strings.Join(tree.Names(a.Section, a.Language, d.Room.Language), " › "), strings.TrimSuffix(when.Day+", "+when.Clock, ", "), string(a.Language), a.Lead,
	}
	for _, block := range richtext.Blocks(a.Body) {
		lines = append(lines, lineOfBlock(block))
	}
	for _, i := range a.Images {
		lines = append(lines, strings.Join([]string{"Picture: " + i.Alt, i.Caption, i.Credit, i.Terms, path.Base(i.Src)}, " · "))
	}
	if len(a.Tags) > 0 {
		lines = append(lines, "Tags: "+strings.Join(a.Tags, ", "))
	}
	if a.Translates != "" {
		lines = append(lines, "Translates "+string(a.Translates))
	}
	return strings.Join(lines, "\n") + "\n"
}

// lineOfBlock is a stretch of a text with what readers see or can follow besides the letters.
func lineOfBlock(block richtext.Block) string {
	var b strings.Builder
	if kind := strings.Fields(block.Kind); len(kind) > 0 && strings.HasPrefix(kind[len(kind)-1], "h") {
		b.WriteString("[heading] ")
	}
	if block.Label != "" {
		b.WriteString(block.Label + " ")
	}
	for _, run := range block.Runs {
		b.WriteString(run.Text)
		for _, more := range []string{run.Style.Marks, run.Style.Link, path.Base(run.Style.Picture)} {
			if more != "" && more != "." {
				b.WriteString(" [" + more + "]")
			}
		}
	}
	return b.String()
}

// comparisonView compares two revisions of a manuscript.
type comparisonView struct {
	manuscriptLine
	From, To int
	Numbers  []int
	Diff     []diffLine
	Same     bool
	Hidden   bool // the wording of one of them was taken out of the history
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
	view.Hidden = look.Manuscript.Kind != manuscripts.Withdrawal && (len(before.Document) == 0 || len(after.Document) == 0)
	if !view.Same && !view.Hidden {
		view.Diff = documents(string(before.Document), string(after.Document))
	}
	for _, rev := range look.Revisions {
		view.Numbers = append(view.Numbers, rev.Number)
	}
	return d.show(w, r, http.StatusOK, "comparison", "Comparison", view)
}
