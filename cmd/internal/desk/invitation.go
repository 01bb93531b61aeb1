package desk

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"communique/storage/people"
)

// invitationView is the page on which somebody chooses a password.
type invitationView struct {
	Person people.Person
	Wrong  string
	Least  int // characters
}

// invitationPage shows for whom an invitation is. It does not use it up: mail programs look
// at links, too.
func (d *Desk) invitationPage(w http.ResponseWriter, r *http.Request) error {
	return d.chooses(w, r, http.StatusOK, "")
}

func (d *Desk) chooses(w http.ResponseWriter, r *http.Request, status int, wrong string) error {
	p, err := d.Room.Invited(r.Context(), chi.URLParam(r, "token"))
	if err != nil {
		return err
	}
	return d.show(w, r, status, "invitation", "Welcome", invitationView{Person: p, Wrong: wrong, Least: leastPassword})
}

func (d *Desk) takeInvitation(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	token, password := chi.URLParam(r, "token"), r.PostForm.Get("password")
	invited, err := d.Room.Invited(r.Context(), token)
	if err != nil {
		return err // before anything costs
	}
	if wrong := chosen(r, invited.Login); wrong != "" {
		return d.chooses(w, r, http.StatusUnprocessableEntity, wrong)
	}
	hash, err := d.hashes.make(r.Context(), password)
	if err != nil {
		return err
	}
	p, err := d.roomOf(r, invited.Login).TakeInvitation(r.Context(), token, hash)
	if err != nil {
		return err
	}
	if err := d.begin(r.Context(), p.ID, p.Epoch, time.Time{}); err != nil {
		return err
	}
	d.rememberBrowser(w, hash)
	http.Redirect(w, r, "/account/second-factor", http.StatusSeeOther)
	return nil
}

// chosen is why a password that somebody has typed twice is not taken.
func chosen(r *http.Request, login string) string {
	password := r.PostForm.Get("password")
	if wrong := weakness(password, login); wrong != "" {
		return wrong
	}
	if password != r.PostForm.Get("again") {
		return "The two passwords differ. Type the same one twice."
	}
	return ""
}
