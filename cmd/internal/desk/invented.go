package desk

import (
	"net/http"
	"slices"
	"time"

	"communique/cmd/internal/newsroom"
	"communique/storage/people"
	"communique/storage/press"
)

// invented is somebody of the demo whom anybody may be, as the page for signing in offers them.
type invented struct {
	people.Person
	May []string
}

// invented reads those whom anybody may be; nobody on a desk that is not the demo's.
func (d *Desk) invented(r *http.Request) (all []invented, err error) {
	if len(d.Invented) == 0 {
		return nil, nil
	}
	tree, err := d.tree(r.Context())
	if err != nil {
		return nil, err
	}
	for _, login := range d.Invented {
		k, err := d.Room.KnownByLogin(r.Context(), login)
		if err != nil {
			return nil, err
		}
		all = append(all, invented{k.Person, d.may(tree, k.Grants)})
	}
	return all, nil
}

// signInAs lets whoever asks be somebody invented. Only the demo has its route.
func (d *Desk) signInAs(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	login := r.PostForm.Get("login")
	if !slices.Contains(d.Invented, login) {
		return press.ErrNotFound
	}
	k, err := d.Room.KnownByLogin(r.Context(), login)
	if err != nil {
		return err
	}
	if err := d.roomOf(r, k.Login).SignIn(r.Context(), k, newsroom.NoStep); err != nil {
		return err
	}
	if err := d.begin(r.Context(), k.ID, k.Epoch, time.Time{}); err != nil {
		return err
	}
	http.Redirect(w, r, localPath(r.PostForm.Get("then")), http.StatusSeeOther)
	return nil
}
