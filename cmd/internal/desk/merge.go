package desk

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"communique/cmd/internal/newsroom"
	"communique/storage/manuscripts"
	"communique/storage/press"
)

// mergeView is the page on which somebody chooses what becomes of the places that another one
// has changed, too.
type mergeView struct {
	manuscriptLine
	By      string
	When    instant
	Form    string // under which the text of whoever chooses is kept
	With    int    // the revision with which it is put together
	Clashes []clashLine
	Diff    []diffLine // what of it is taken over in any case
	Missing bool       // a choice
}

// clashLine is a place that two have changed.
type clashLine struct {
	newsroom.Clash
	At, Label string
}

// errNoBase is that two texts can't be put together, because the one from which both began is
// not there any more.
var errNoBase = errors.New("the text from which both began is not there")

// merging is a form put together with a revision that somebody else has saved.
type merging struct {
	newsroom.Wording
	theirs  manuscripts.Revision
	clashes []newsroom.Clash
}

func (d *Desk) merging(r *http.Request, view writingView, with int, chosen func(clash int) newsroom.Choice) (m merging, err error) {
	room, ctx := visitOf(r).Room, r.Context()
	base, err := room.RevisionText(ctx, view.ID, view.On)
	if err == nil {
		m.theirs, err = room.RevisionText(ctx, view.ID, with)
	}
	if errors.Is(err, press.ErrNotFound) || err == nil && (len(base.Document) == 0 || len(m.theirs.Document) == 0) {
		err = errNoBase
	}
	if err != nil {
		return m, err
	}
	if !view.AsText {
		view.Document = string(view.C.Document())
	}
	m.Wording, m.clashes = newsroom.Merge(newsroom.Wording{Document: string(base.Document), How: base.How},
		newsroom.Wording{Document: string(m.theirs.Document), How: m.theirs.How}, newsroom.Wording{Document: view.Document, How: view.How}, chosen)
	return m, nil
}

// unsettled tells whether a choice is missing.
func (m merging) unsettled() bool {
	for _, c := range m.clashes {
		if c.Chosen == "" {
			return true
		}
	}
	return false
}

// fill has a form show what was put together, on top of what somebody else has saved.
func (d *Desk) fill(view *writingView, m merging, by string, when instant) {
	theirs := string(m.theirs.Document)
	view.Document, view.How, view.On, view.Goes = m.Document, m.How, m.theirs.Number, d.momentOfHow(m.How)
	view.open()
	view.Conflict = &conflictView{By: by, When: when, Together: true, Diff: documents(theirs, m.Document), Same: theirs == m.Document}
}

// showClashes asks what becomes of the places that both have changed.
func (d *Desk) showClashes(w http.ResponseWriter, r *http.Request, status int, view writingView, form string, m merging, by string) error {
	page := mergeView{
		manuscriptLine: view.manuscriptLine, By: by, When: d.instant(r.Context(), m.theirs.At), Form: form, With: m.theirs.Number, Missing: status == http.StatusUnprocessableEntity,
	}
	if theirs := string(m.theirs.Document); theirs != m.Document {
		page.Diff = documents(theirs, m.Document)
	}
	for n, c := range m.clashes {
		label, _ := fieldIn(c.Field)
		if label == "" {
			label = "Document"
		}
		c.Base, c.Theirs, c.Mine = strings.TrimSpace(c.Base), strings.TrimSpace(c.Theirs), strings.TrimSpace(c.Mine)
		page.Clashes = append(page.Clashes, clashLine{c, placeName(n), strings.ToUpper(label[:1]) + label[1:]})
	}
	return d.show(w, r, status, "merge", "Put two texts together", page)
}

// placeName is the field by which a form says what becomes of a clash.
func placeName(clash int) string { return "place" + strconv.Itoa(clash) }

// mergeTaken puts what somebody has typed before, and takes now, together with a revision that
// another one has saved since, as the address says. shown tells whether there was anything to it.
func (d *Desk) mergeTaken(w http.ResponseWriter, r *http.Request, kind manuscripts.Kind, view writingView) (shown bool, err error) {
	with, err := strconv.Atoi(r.FormValue("with"))
	if err != nil || view.Taken == "" || with == view.On {
		return false, nil //nolint:nilerr // then nothing is asked for
	}
	asked := false
	m, err := d.merging(r, view, with, func(clash int) newsroom.Choice {
		choice := r.FormValue(placeName(clash))
		asked = asked || choice != ""
		return newsroom.Choice(choice)
	})
	if errors.Is(err, errNoBase) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	n, _, err := d.names(r.Context())
	if err != nil {
		return false, err
	}
	by := n.of(m.theirs.By)
	if m.unsettled() {
		status := http.StatusOK
		if asked {
			status = http.StatusUnprocessableEntity
		}
		return true, d.showClashes(w, r, status, view, view.Taken, m, by)
	}
	d.fill(&view, m, by, d.instant(r.Context(), m.theirs.At))
	return true, d.showWriting(w, r, http.StatusOK, kind, view)
}
