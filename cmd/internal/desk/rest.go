package desk

import (
	"net/http"

	"communique/storage/press"
)

// restView is the page on which what is left of a set of languages is let go out.
type restView struct {
	line
	Lines  []line
	Gone   string // the languages that were taken back
	Other  string // those that are not what was approved
	Digest string
	May    bool
	Wrong  string
}

func (d *Desk) restOfSet(w http.ResponseWriter, r *http.Request) error {
	a, tree, err := d.read(r)
	if err != nil {
		return err
	}
	return d.showRest(w, r, http.StatusOK, a, tree, "")
}

func (d *Desk) showRest(w http.ResponseWriter, r *http.Request, status int, a press.Article, tree press.Tree, wrong string) error {
	rest, err := visitOf(r).Room.Rest(r.Context(), a.ID)
	if err != nil {
		return err
	}
	view := restView{line: d.line(r.Context(), tree, a, ""), Digest: rest.Digest, May: rest.May, Gone: d.languageNames(rest.Gone), Other: d.languageNames(rest.Changed), Wrong: wrong}
	for _, each := range rest.Articles {
		view.Lines = append(view.Lines, d.line(r.Context(), tree, each, ""))
	}
	return d.show(w, r, status, "rest", "What is left of a set", view)
}

// releaseRest lets what is left of a set go out.
func (d *Desk) releaseRest(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	a, tree, err := d.read(r)
	if err != nil {
		return err
	}
	if err := visitOf(r).Room.ReleaseRest(r.Context(), a.ID, r.PostForm.Get("digest")); err != nil {
		if status, wrong := refused(err); wrong != "" {
			return d.showRest(w, r, status, a, tree, wrong)
		}
		return err
	}
	http.Redirect(w, r, "/articles/"+string(a.ID), http.StatusSeeOther)
	return nil
}
