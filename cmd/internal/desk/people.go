package desk

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/people"
	"communique/storage/press"
)

// peopleView lists those who may work here.
type peopleView struct{ People []personLine }

type personLine struct {
	people.Person
	May   []string
	Since instant
}

func (d *Desk) people(w http.ResponseWriter, r *http.Request) error {
	all, tree, err := d.Room.People(r.Context())
	if err != nil {
		return err
	}
	var view peopleView
	for _, p := range all {
		view.People = append(view.People, personLine{p, d.may(tree, p.Grants), d.instant(r.Context(), p.Created)})
	}
	return d.show(w, r, http.StatusOK, "people", "People", view)
}

// grantRow is a grant in a form; the empty one is none yet.
type grantRow struct{ Role, Section, Language string }

// grantsForm is where roles are chosen.
type grantsForm struct {
	Roles     []people.Role
	Sections  []sectionChoice
	Languages []press.Language
	Rows      []grantRow
}

const (
	freeRows = 2  // that a form has for more grants
	mostRows = 50 // that are read
)

func (d *Desk) grantsForm(tree press.Tree, rows []grantRow) grantsForm {
	rows = append(rows, make([]grantRow, freeRows)...)
	return grantsForm{Roles: people.Roles(), Sections: d.sections(tree), Languages: d.Room.Languages, Rows: rows}
}

func rowsOf(tree press.Tree, grants []people.Grant) (rows []grantRow) {
	for _, g := range grants {
		row := grantRow{Role: string(g.Role), Language: string(g.Language)}
		if s, ok := tree.Section(g.Section); ok && g.Section != press.Root {
			row.Section = string(s.Path)
		}
		rows = append(rows, row)
	}
	return rows
}

// grantsIn reads the grants that were chosen.
func (d *Desk) grantsIn(ctx context.Context, form url.Values) (grants []people.Grant, rows []grantRow, err error) {
	for n := range mostRows {
		at := strconv.Itoa(n)
		row := grantRow{form.Get("role" + at), form.Get("section" + at), form.Get("language" + at)}
		if row.Role == "" {
			continue
		}
		rows = append(rows, row)
		g, bad := d.Room.ParseGrant(ctx, strings.Join([]string{row.Role, row.Section, row.Language}, ":"))
		if bad != nil && err == nil {
			err = bad
		}
		grants = append(grants, g)
	}
	return grants, rows, err
}

// inviteView is the form by which somebody is invited.
type inviteView struct {
	Login, Name, Email string
	grantsForm
	Wrong string
}

func (d *Desk) invitePage(w http.ResponseWriter, r *http.Request) error {
	return d.showInvite(w, r, http.StatusOK, inviteView{}, nil)
}

func (d *Desk) showInvite(w http.ResponseWriter, r *http.Request, status int, view inviteView, rows []grantRow) error {
	tree, err := d.tree(r.Context())
	if err != nil {
		return err
	}
	view.grantsForm = d.grantsForm(tree, rows)
	return d.show(w, r, status, "invite", "Invite somebody", view)
}

func (d *Desk) invite(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	ctx, form := r.Context(), r.PostForm
	view := inviteView{Login: strings.ToLower(strings.TrimSpace(form.Get("login"))), Name: strings.TrimSpace(form.Get("name")), Email: strings.TrimSpace(form.Get("email"))}
	grants, rows, err := d.grantsIn(ctx, form)
	if err == nil && len(grants) == 0 {
		view.Wrong = "Choose at least one role."
	}
	if _, there := d.Room.KnownByLogin(ctx, view.Login); err == nil && there == nil {
		view.Wrong = "Somebody has this login. To give them a new link, go to their page."
	}
	if err == nil && view.Wrong == "" {
		var i newsroom.Invitation
		if i, err = visitOf(r).Room.Invite(ctx, people.Person{Login: view.Login, Name: view.Name, Email: view.Email}, grants); err == nil {
			return d.showLink(w, r, i)
		}
	}
	if wrong := wrongPeople(err); wrong != "" {
		view.Wrong = wrong
	} else if err != nil {
		return err
	}
	return d.showInvite(w, r, http.StatusUnprocessableEntity, view, rows)
}

// wrongPeople is why something about people is refused, for people; nothing if that is no
// fault of theirs.
func wrongPeople(err error) string {
	switch {
	case errors.Is(err, newsroom.ErrLastOperator):
		return "Nobody would be left who can invite people. Make somebody else an operator first."
	case err == nil:
		return ""
	case errors.Is(err, newsroom.ErrLastSecond):
		return "Fewer than two would be left who can agree to roles. Make somebody else an operator or approver first; where nobody else is, communique people on the machine of the site does it, with --alone and a reason that all are told."
	case errors.Is(err, press.ErrInvalid), errors.Is(err, press.ErrConflict):
		text := err.Error()
		return strings.ToUpper(text[:1]) + text[1:] + "."
	}
	return ""
}

// linkView shows the link of an invitation, this once.
type linkView struct {
	Person people.Person
	Link   string
	Until  instant
	Waits  []string // until a second person has agreed
}

func (d *Desk) showLink(w http.ResponseWriter, r *http.Request, i newsroom.Invitation) error {
	return d.show(w, r, http.StatusOK, "link", "Invited", linkView{i.Person, d.URL + "/invitation/" + i.Token, d.instant(r.Context(), i.Until), d.may(i.Tree, i.Waits)})
}

// personView is the page of somebody who may work here.
type personView struct {
	personLine
	grantsForm
	Self  bool
	Waits []string // until a second person has agreed
	newsroom.Leaving
	Wrong string
}

func (d *Desk) person(w http.ResponseWriter, r *http.Request) error {
	return d.showPerson(w, r, http.StatusOK, nil, "")
}

func (d *Desk) showPerson(w http.ResponseWriter, r *http.Request, status int, rows []grantRow, wrong string) error {
	k, err := d.Room.KnownByLogin(r.Context(), chi.URLParam(r, "login"))
	if err != nil {
		return err
	}
	tree, err := d.tree(r.Context())
	if err != nil {
		return err
	}
	waits, err := d.waits(r, k.ID, tree)
	if err != nil {
		return err
	}
	leaving, err := d.Room.Leaving(r.Context(), k.ID)
	if err != nil {
		return err
	}
	if rows == nil {
		rows = rowsOf(tree, k.Grants)
	}
	view := personView{
		Leaving:    leaving,
		personLine: personLine{k.Person, d.may(tree, k.Grants), d.instant(r.Context(), k.Created)},
		grantsForm: d.grantsForm(tree, rows), Self: k.ID == visitOf(r).ID, Waits: waits, Wrong: wrong,
	}
	return d.show(w, r, status, "person", "People", view)
}

// waits is what somebody may do once a second person has agreed.
func (d *Desk) waits(r *http.Request, id string, tree press.Tree) (waits []string, err error) {
	return waits, d.Store.View(r.Context(), func(tx *storage.Tx) error {
		a, _, err := tx.Agreement(id)
		waits = d.may(tree, a.Grants)
		return err
	})
}

func (d *Desk) grant(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	login := chi.URLParam(r, "login")
	grants, rows, err := d.grantsIn(r.Context(), r.PostForm)
	if err == nil && len(grants) == 0 {
		return d.showPerson(w, r, http.StatusUnprocessableEntity, rows, "Choose at least one role, or take them from the desk.")
	}
	if err == nil {
		_, err = visitOf(r).Room.Grant(r.Context(), login, grants)
	}
	return d.donePerson(w, r, rows, err)
}

func (d *Desk) inviteAgain(w http.ResponseWriter, r *http.Request) error {
	k, err := d.Room.KnownByLogin(r.Context(), chi.URLParam(r, "login"))
	if err != nil {
		return err
	}
	i, err := visitOf(r).Room.Invite(r.Context(), k.Person, nil)
	if err != nil {
		return d.donePerson(w, r, nil, err)
	}
	return d.showLink(w, r, i)
}

func (d *Desk) remove(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	if r.PostForm.Get("sure") == "" {
		return d.showPerson(w, r, http.StatusUnprocessableEntity, nil, "Tick the box to take them from the desk. Nothing was done.")
	}
	_, err := visitOf(r).Room.RemovePerson(r.Context(), chi.URLParam(r, "login"))
	return d.donePerson(w, r, nil, err)
}

// donePerson leads back to the list after something was done to somebody, or says why not.
func (d *Desk) donePerson(w http.ResponseWriter, r *http.Request, rows []grantRow, err error) error {
	if wrong := wrongPeople(err); wrong != "" {
		return d.showPerson(w, r, http.StatusUnprocessableEntity, rows, wrong)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/people", http.StatusSeeOther)
	return nil
}
