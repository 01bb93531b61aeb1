package desk

import (
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/newsroom"
	"communique/storage/manuscripts"
	"communique/storage/people"
)

// limitView is the page by which a manuscript is limited to named people.
type limitView struct {
	manuscriptLine
	Limited bool
	People  []namedLine
	Wrong   string
}

// namedLine is somebody who might be named.
type namedLine struct {
	ID, Name string
	Named    bool
	Approves bool
}

func (d *Desk) limitPage(w http.ResponseWriter, r *http.Request) error {
	return d.showLimit(w, r, http.StatusOK, nil, "")
}

// showLimit shows the page, with what was ticked if that was not taken.
func (d *Desk) showLimit(w http.ResponseWriter, r *http.Request, status int, ticked []string, wrong string) error {
	room, ctx := visitOf(r).Room, r.Context()
	look, err := room.Opened(ctx, chi.URLParam(r, "id"))
	if err != nil {
		return err
	}
	m := look.Manuscript
	rights, err := room.Rights(ctx, m)
	if err != nil {
		return err
	}
	if !rights.Limit {
		return newsroom.ErrMayNot
	}
	if wrong == "" {
		ticked = m.Named
	}
	readers, err := room.Readers(ctx, m)
	if err != nil {
		return err
	}
	able, err := room.Seconds(ctx, m, readers)
	if err != nil {
		return err
	}
	view := limitView{Limited: len(m.Named) > 0, Wrong: wrong}
	if view.manuscriptLine, err = d.manuscriptLine(r, m); err != nil {
		return err
	}
	for _, p := range readers {
		if p.ID == m.By {
			continue // who reads it in any case
		}
		approves := slices.ContainsFunc(able, func(other people.Person) bool { return other.ID == p.ID })
		view.People = append(view.People, namedLine{p.ID, p.Shown(), slices.Contains(ticked, p.ID), approves})
	}
	return d.show(w, r, status, "limit", "Who may read it", view)
}

// limitManuscript limits a manuscript to those who are ticked, or widens it to all.
func (d *Desk) limitManuscript(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	room, id := visitOf(r).Room, chi.URLParam(r, "id")
	look, err := room.Opened(r.Context(), id)
	if err != nil {
		return err
	}
	named := r.PostForm["named"]
	if r.PostForm.Get("who") != "named" {
		named = nil
	} else if len(named) == 0 {
		named = []string{look.Manuscript.By} // who reads it in any case
	}
	_, err = room.Limit(r.Context(), id, named)
	if err == nil {
		http.Redirect(w, r, "/manuscripts/"+id, http.StatusSeeOther)
		return nil
	}
	status, wrong := refused(err)
	if wrong == "" || status == http.StatusForbidden {
		return err
	}
	return d.showLimit(w, r, status, named, wrong)
}

// assignManuscript says who is to work on a manuscript next.
func (d *Desk) assignManuscript(w http.ResponseWriter, r *http.Request) error {
	return d.act(w, r, func(room newsroom.Desk, id string, _ int) error {
		_, err := room.Assign(r.Context(), id, r.PostForm.Get("to"))
		return err
	})
}

// assignable is somebody to whom a manuscript can be assigned.
type assignable struct {
	ID, Name string
	Chosen   bool
}

// assignables are those to whom a manuscript can be assigned by whoever makes a request.
func (d *Desk) assignables(r *http.Request, m manuscripts.Manuscript) (all []assignable, err error) {
	able, err := visitOf(r).Room.Able(r.Context(), m)
	for _, p := range able {
		all = append(all, assignable{p.ID, p.Shown(), p.ID == m.Assigned})
	}
	return all, err
}
