package desk

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/newsroom"
	"communique/storage/manuscripts"
	"communique/storage/press"
)

// proposingView is the form by which somebody proposes that an article be taken back.
type proposingView struct {
	line
	Action   string // where the form is sent to
	Back     string
	On       int // the revision that is before the writer
	Reason   string
	At       moment
	Zones    []string
	Own      string
	Ministry string // its zone
	Wrong    string
}

// withdrawalProposal is the page by which a withdrawal is proposed, for others to carry out.
func (d *Desk) withdrawalProposal(w http.ResponseWriter, r *http.Request) error {
	a, tree, err := d.read(r)
	if err != nil {
		return err
	}
	acts, err := d.acts(r, tree, a)
	if err != nil {
		return err
	}
	if acts.Proposed != "" {
		http.Redirect(w, r, acts.Proposed, http.StatusSeeOther)
		return nil
	}
	if !acts.ProposeWithdrawal {
		return newsroom.ErrMayNot
	}
	return d.showProposing(w, r, http.StatusOK, d.proposing(r.Context(), tree, a))
}

func (d *Desk) proposing(ctx context.Context, tree press.Tree, a press.Article) proposingView {
	return proposingView{line: d.line(ctx, tree, a, ""), Action: "/articles/" + string(a.ID) + "/withdrawal/proposal", Back: "/articles/" + string(a.ID)}
}

func (d *Desk) showProposing(w http.ResponseWriter, r *http.Request, status int, view proposingView) error {
	view.Zones, view.Ministry, view.Own = offsets(), d.Room.Zone.String(), visitOf(r).Zone
	return d.show(w, r, status, "withdrawalproposal", "Propose a withdrawal", view)
}

// proposeWithdrawal hands in a withdrawal, with its reason and, if it has one, its instant.
func (d *Desk) proposeWithdrawal(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	a, tree, err := d.read(r)
	if err != nil {
		return err
	}
	view := d.proposing(r.Context(), tree, a)
	how, wrong := d.withdrawalIn(r, &view)
	var m manuscripts.Manuscript
	if wrong == nil {
		m, wrong = visitOf(r).Room.Propose(r.Context(), newsroom.Proposal{Kind: manuscripts.Withdrawal, Article: a.ID, How: how}, nil)
	}
	return d.doneProposing(w, r, m.ID, view, wrong)
}

// doneProposing leads to the proposed withdrawal, or shows the form again and says what is wrong.
func (d *Desk) doneProposing(w http.ResponseWriter, r *http.Request, id string, view proposingView, err error) error {
	if err == nil {
		http.Redirect(w, r, "/manuscripts/"+id, http.StatusSeeOther)
		return nil
	}
	if errors.Is(err, newsroom.ErrMayNot) {
		return err
	}
	status, wrong := refused(err)
	if wrong == "" {
		return err
	}
	view.Wrong = wrong
	return d.showProposing(w, r, status, view)
}

// withdrawalIn reads the form, for the page should it be shown again, and as how an article is taken
// back.
func (d *Desk) withdrawalIn(r *http.Request, view *proposingView) (how manuscripts.How, err error) {
	form := r.PostForm
	view.On, _ = strconv.Atoi(form.Get("on"))
	view.Reason = strings.TrimSpace(lines(form.Get("reason")))
	view.At = moment{strings.TrimSpace(form.Get("date")), strings.TrimSpace(form.Get("time")), form.Get("zone")}
	how.Reason = view.Reason
	how.At, how.Local, err = d.doneAt(&view.At)
	return how, err
}

// doneAt is the instant in the fields of a form at which what is proposed is done; zero for as soon
// as it is approved.
func (d *Desk) doneAt(m *moment) (at time.Time, local press.Local, err error) {
	if *m, err = m.inOffset(); err != nil {
		return at, "", err
	}
	written, err := m.published()
	if err == nil && written != "" {
		at, local, err = d.Room.Instant(written)
	}
	return at, local, err
}

// momentOfHow is that instant as the fields have it.
func (d *Desk) momentOfHow(how manuscripts.How) moment {
	if how.At.IsZero() {
		return moment{}
	}
	if m, ok := momentOf(string(how.Local)); ok && how.Local != "" {
		return m
	}
	local := how.At.In(d.Room.Zone)
	return moment{local.Format(time.DateOnly), local.Format(time.TimeOnly), local.Format("Z07:00")}
}

// editWithdrawal shows the form of a withdrawal that is proposed.
func (d *Desk) editWithdrawal(w http.ResponseWriter, r *http.Request, look newsroom.Looked) error {
	view, err := d.proposed(r.Context(), look.Manuscript)
	if err != nil {
		return err
	}
	view.On, view.Reason = look.Manuscript.Revision, look.Revision.How.Reason
	view.At = d.momentOfHow(look.Revision.How)
	return d.showProposing(w, r, http.StatusOK, view)
}

// proposed is the form of a withdrawal that is proposed.
func (d *Desk) proposed(ctx context.Context, m manuscripts.Manuscript) (view proposingView, err error) {
	tree, err := d.tree(ctx)
	view.line = d.line(ctx, tree, press.Article{ID: m.Article, Title: m.Title, Language: m.Language, Section: m.Section}, "")
	view.Action, view.Back = "/manuscripts/"+m.ID+"/withdrawal", "/manuscripts/"+m.ID
	return view, err
}

// saveWithdrawal saves a withdrawal that is proposed, which is a draft then.
func (d *Desk) saveWithdrawal(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	room, id := visitOf(r).Room, chi.URLParam(r, "id")
	look, err := room.Opened(r.Context(), id)
	if err != nil {
		return err
	}
	if look.Manuscript.Kind != manuscripts.Withdrawal {
		return press.ErrNotFound
	}
	view, err := d.proposed(r.Context(), look.Manuscript)
	if err != nil {
		return err
	}
	how, wrong := d.withdrawalIn(r, &view)
	if wrong == nil {
		_, wrong = room.Save(r.Context(), id, view.On, nil, how)
	}
	return d.doneProposing(w, r, id, view, wrong)
}

// recallManuscript takes back what was approved for an instant that has not come.
func (d *Desk) recallManuscript(w http.ResponseWriter, r *http.Request) error {
	return d.act(w, r, func(room newsroom.Desk, id string, revision int) error {
		_, err := room.Recall(r.Context(), id, revision)
		return err
	})
}
