package desk

import (
	"errors"
	"fmt"
	"net/http"

	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// articleActs is what somebody can do to an article.
type articleActs struct {
	Correct, Withdraw bool
	ProposeWithdrawal bool
	Two               bool   // it takes two to withdraw it
	Proposed          string // the address of the correction or withdrawal that is proposed
}

// acts tells what whoever makes a request can do to an article that they read.
func (d *Desk) acts(r *http.Request, tree press.Tree, a press.Article) (acts articleActs, err error) {
	v := visitOf(r)
	if a.State != press.Published && a.State != press.Embargoed {
		return acts, nil
	}
	acts.Correct = newsroom.May(v.Person, tree, a, people.Editor)
	acts.Withdraw = newsroom.May(v.Person, tree, a, newsroom.Releases()...)
	acts.ProposeWithdrawal = a.State == press.Published && newsroom.May(v.Person, tree, a, append(newsroom.Releases(), people.Author)...)
	if acts.Two, err = v.Room.TwoWithdraw(r.Context(), a); err != nil {
		return acts, err
	}
	acts.Withdraw = acts.Withdraw && !acts.Two
	m, err := v.Room.OpenOf(r.Context(), a.ID)
	if errors.Is(err, press.ErrNotFound) {
		return acts, nil
	}
	acts.Proposed = "/manuscripts/" + m.ID
	return acts, err
}

// proposeCorrection begins a correction of an article with its newest text.
func (d *Desk) proposeCorrection(w http.ResponseWriter, r *http.Request) error {
	a, _, err := d.read(r)
	if err != nil {
		return err
	}
	room, ctx := visitOf(r).Room, r.Context()
	if m, err := room.OpenOf(ctx, a.ID); err == nil {
		http.Redirect(w, r, "/manuscripts/"+m.ID, http.StatusSeeOther)
		return nil
	}
	text, err := room.Markdown(ctx, a.ID)
	var m manuscripts.Manuscript
	if err == nil {
		m, err = room.Begin(ctx, newsroom.Proposal{Kind: manuscripts.Correction, Article: a.ID, Text: text})
	}
	return d.leadOn(w, r, err, "Not corrected", editing(m.ID))
}

// read reads the article of a request, if whoever makes it may, and the sections.
func (d *Desk) read(r *http.Request) (a press.Article, tree press.Tree, err error) {
	err = d.Store.View(r.Context(), func(tx *storage.Tx) error {
		a, tree, err = d.visible(r.Context(), tx, r)
		return err
	})
	return a, tree, err
}

// withdrawalView is the page by which an article is taken back.
type withdrawalView struct {
	line
	Embargoed bool
	Left      string // until it goes out; empty if it doesn't by itself
	Servers   string
	Reason    string
	Wrong     string
	Siblings  []string // what becomes of the other languages
}

func (d *Desk) withdrawalPage(w http.ResponseWriter, r *http.Request) error {
	return d.showWithdrawal(w, r, http.StatusOK, "")
}

func (d *Desk) showWithdrawal(w http.ResponseWriter, r *http.Request, status int, wrong string) error {
	a, tree, err := d.read(r)
	if err != nil {
		return err
	}
	acts, err := d.acts(r, tree, a)
	if err != nil {
		return err
	}
	if acts.Two {
		http.Redirect(w, r, "/articles/"+string(a.ID)+"/withdrawal/proposal", http.StatusSeeOther)
		return nil
	}
	if !acts.Withdraw {
		return newsroom.ErrMayNot
	}
	view := withdrawalView{line: d.line(r.Context(), tree, a, ""), Embargoed: a.State == press.Embargoed, Reason: r.PostForm.Get("reason"), Wrong: wrong}
	title := "Withdraw"
	if view.Embargoed {
		title = "Recall"
		if !a.Held {
			view.Left = lasting(a.Published.Sub(d.Store.Now()))
		}
	}
	if s, err := d.Standing(r.Context()); err == nil {
		view.Servers = serversAre(s.Servers)
	}
	siblings, err := visitOf(r).Room.WouldWithdraw(r.Context(), a.ID, false)
	if notForPeople(err) != nil {
		return err
	}
	if view.Siblings, err = d.fates(r, newsroom.Result{Siblings: siblings}); err != nil {
		return err
	}
	return d.show(w, r, status, "withdrawal", title, view)
}

// errWentOut is that somebody would recall what has gone out meanwhile.
var errWentOut = fmt.Errorf("%w: it went out meanwhile: withdraw it, with a reason", press.ErrConflict)

func (d *Desk) withdraw(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	a, _, err := d.read(r)
	if err != nil {
		return err
	}
	switch {
	case r.PostForm.Get("sure") == "":
		err = errUnsure
	case r.PostForm.Get("of") == "embargo" && a.State == press.Published:
		err = errWentOut
	default:
		_, err = visitOf(r).Room.Withdraw(r.Context(), a.ID, r.PostForm.Get("reason"))
	}
	if errors.Is(err, newsroom.ErrMayNot) {
		return err
	}
	if status, wrong := refused(err); wrong != "" {
		return d.showWithdrawal(w, r, status, wrong)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/articles/"+string(a.ID), http.StatusSeeOther)
	return nil
}
