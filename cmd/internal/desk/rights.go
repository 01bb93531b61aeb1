package desk

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/newsroom"
	"communique/storage/people"
)

// rightsView is what a second person has yet to agree to.
type rightsView struct {
	All   []rightLine
	Rules []personsLine // to which a second person has yet to agree
	Wrong string
	Done  string // what has just been done
}

// rightLine is what is to be agreed to of somebody.
type rightLine struct {
	Login, Name string
	AskedBy     string // a login; empty if it was done on the machine
	Waits, Has  []string
	Reason      string // why they have it already
	When        instant
	Shown       string
	Why         string // the one who looks may not agree
}

// agrees tells whether somebody is one of those who might agree to roles.
func (v *visit) agrees() bool { return v.MayAnywhere(people.Operator, people.Approver) }

func (d *Desk) rights(w http.ResponseWriter, r *http.Request) error {
	return d.showRights(w, r, http.StatusOK, "")
}

func (d *Desk) showRights(w http.ResponseWriter, r *http.Request, status int, wrong string) error {
	v := visitOf(r)
	if !v.agrees() {
		return errForbidden
	}
	all, tree, err := v.Room.Agreements(r.Context())
	if err != nil {
		return err
	}
	view := rightsView{Wrong: wrong}
	if view.Rules, err = d.askedRules(r); err != nil {
		return err
	}
	switch r.URL.Query().Get("done") {
	case "agreed":
		view.Done = "You have agreed. They sign in anew if their roles have changed."
	case "first":
		view.Done = "You have agreed. Another one has to, too, for it was asked for on the machine of the site."
	case "rule":
		view.Done = "You have agreed. One person is enough for what is begun from now on; what was begun before takes two."
	case "refused":
		view.Done = "It waits no longer. They have what they had."
	}
	for _, a := range all {
		view.All = append(view.All, rightLine{
			Login: a.Of.Login, Name: a.Of.Name, AskedBy: a.AskedBy, Waits: d.may(tree, a.Grants), Has: d.may(tree, a.Of.Grants),
			Reason: a.Reason, When: d.instant(r.Context(), a.Asked), Shown: a.Shown(), Why: whyNotSecond(a.Why),
		})
	}
	return d.show(w, r, status, "rights", "Rights", view)
}

// whyNotSecond is why somebody may not agree, for people; nothing if they may.
func whyNotSecond(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, newsroom.ErrNotCome):
		return "They have not taken their invitation yet. Once they have, ask them whether it was them, and agree then."
	case errors.Is(err, newsroom.ErrNotSecond):
		return "You can't agree to this: you have asked for it, you made their link, or it is about you. Another operator or approver has to."
	}
	return "It takes an operator, or an approver of all that is asked for."
}

func (d *Desk) agree(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	more, err := visitOf(r).Room.Agree(r.Context(), chi.URLParam(r, "login"), r.PostForm.Get("shown"))
	done := "agreed"
	if more {
		done = "first"
	}
	return d.doneRight(w, r, done, err)
}

func (d *Desk) disagree(w http.ResponseWriter, r *http.Request) error {
	return d.doneRight(w, r, "refused", visitOf(r).Room.Disagree(r.Context(), chi.URLParam(r, "login")))
}

// doneRight leads back to the list, or says why nothing was done.
func (d *Desk) doneRight(w http.ResponseWriter, r *http.Request, done string, err error) error {
	switch {
	case err == nil:
		http.Redirect(w, r, "/rights?done="+done, http.StatusSeeOther)
		return nil
	case errors.Is(err, newsroom.ErrNotCome), errors.Is(err, newsroom.ErrNotSecond) && visitOf(r).agrees():
		return d.showRights(w, r, http.StatusUnprocessableEntity, whyNotSecond(err))
	}
	return err
}

// toAgree is how many things of weight the one who looks might agree to: roles that wait, or
// that were given without a second person.
func (d *Desk) toAgree(r *http.Request) (n int, err error) {
	v := visitOf(r)
	if !v.agrees() {
		return 0, nil
	}
	all, _, err := v.Room.Agreements(r.Context())
	for _, a := range all {
		if len(a.Grants) > 0 || a.Reason != "" {
			n++
		}
	}
	if err != nil {
		return n, err
	}
	rules, err := d.askedRules(r)
	return n + len(rules), err
}
