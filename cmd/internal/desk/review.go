package desk

import (
	"net/http"
	"strconv"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
)

// secondView is what an article's page says of a second person: that none has looked at it yet,
// or that one objects.
type secondView struct {
	newsroom.Second
	By, ObjectedBy string
	Since          instant
}

// second tells what is to be said of a second person.
func (d *Desk) second(r *http.Request, id press.ArticleID) (view secondView, err error) {
	if view.Second, err = visitOf(r).Room.Second(r.Context(), id); err != nil {
		return view, err
	}
	n, _, err := d.names(r.Context())
	view.By, view.ObjectedBy, view.Since = n.of(view.Second.By), n.of(view.Second.ObjectedBy), d.instant(r.Context(), view.Second.Since)
	return view, err
}

// review takes what a second person says of what was released without one.
func (d *Desk) review(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	a, _, err := d.read(r)
	if err != nil {
		return err
	}
	revision, _ := strconv.Atoi(r.PostForm.Get("revision"))
	err = visitOf(r).Room.Review(r.Context(), a.ID, newsroom.Reviewing{Revision: revision, Agrees: r.PostForm.Get("says") == "agree", Remark: r.PostForm.Get("remark")})
	return d.leadOn(w, r, err, "Not taken", "/articles/"+string(a.ID))
}
