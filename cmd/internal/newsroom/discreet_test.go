package newsroom

import (
	"errors"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// TestWhereItBelongsCounts: a text that comes to belong elsewhere than when it was saved, by a
// section that is made meanwhile, takes the rights there.
func TestWhereItBelongsCounts(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.sections("Closing")
	for login, role := range map[string]string{"evil": "author:closing", "appc": "approver:closing"} {
		g, err := o.ParseGrant(t.Context(), role)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Invite(t.Context(), people.Person{Login: login}, []people.Grant{g}); err != nil {
			t.Fatal(err)
		}
	}
	evil, err := o.As(t.Context(), "evil")
	if err != nil {
		t.Fatal(err)
	}
	appc, err := o.As(t.Context(), "appc")
	if err != nil {
		t.Fatal(err)
	}
	text := func(section string) []byte {
		return []byte(strings.Replace(source("Takeover"), "the-ministry/statements", section, 1))
	}
	m, err := evil.Begin(t.Context(), Proposal{Kind: manuscripts.NewArticle, Text: text("closing")})
	if err != nil {
		t.Fatal(err)
	}
	if m, err = evil.Save(t.Context(), m.ID, 1, text("the-ministry/deep"), manuscripts.How{}); err != nil {
		t.Fatal(err)
	}
	o.sections("The Ministry", "Deep")
	if _, err := evil.Submit(t.Context(), m.ID, m.Revision); !errors.Is(err, ErrMayNot) {
		t.Errorf("submitted to where its writer has no role: %v", err)
	}
	o.change(func(tx *storage.Tx) error {
		_, err := tx.SetManuscriptState(m.ID, m.Revision, manuscripts.InReview)
		return err
	})
	look, err := appc.Look(t.Context(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := appc.Approve(t.Context(), m.ID, Approving{Revision: m.Revision, Digest: look.Digest}); !errors.Is(err, ErrMayNot) {
		t.Errorf("approved for where the approver has no role: %v", err)
	}
	if n := o.articles(); n != 0 {
		t.Errorf("%d articles", n)
	}
}

// TestRefusalsAreDiscreet: who may not read what is under embargo is not told of it by the
// refusal of a text that says the same.
func TestRefusalsAreDiscreet(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const secret = "Ferdinand Almeida becomes ambassador to Borduria on the first of May after eleven years in office"
	body := func(title string) []byte {
		return []byte(strings.Replace(source(title, "published: 2027-05-05 10:00", "language: fr"), "Text of", secret+". Text of", 1))
	}
	first, err := o.ana.Propose(t.Context(), Proposal{Kind: manuscripts.NewArticle, Text: body("Appointment")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.approve(o.rui, first); err != nil {
		t.Fatal(err)
	}
	english, err := o.ParseGrant(t.Context(), "author::en")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.leo.Grant(t.Context(), "ana", []people.Grant{english}); err != nil {
		t.Fatal(err)
	}
	ana, err := o.As(t.Context(), "ana")
	if err != nil {
		t.Fatal(err)
	}
	text := []byte(strings.Replace(source("Guess", "language: en"), "Text of", secret+". Text of", 1))
	m, err := ana.Begin(t.Context(), Proposal{Kind: manuscripts.NewArticle, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	look, err := ana.Look(t.Context(), m.ID)
	if err != nil || look.Lacks == nil || strings.Contains(look.Lacks.Error(), "Appointment") || anyArticle.MatchString(look.Lacks.Error()) {
		t.Errorf("ana is told %v, %v", look.Lacks, err)
	}
	if look, err = o.rui.Look(t.Context(), m.ID); err != nil || look.Lacks == nil || !strings.Contains(look.Lacks.Error(), "Appointment") {
		t.Errorf("rui is told %v, %v", look.Lacks, err)
	}
}

// TestRefusedReasonsAreDiscreet: nor is who withdraws something else for a reason that says it.
func TestRefusedReasonsAreDiscreet(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const secret = "Ferdinand Almeida becomes ambassador to Borduria on the first of May after eleven years in office."
	kept := []byte(strings.Replace(source("Appointment", "published: 2027-05-05 10:00", "language: fr"), "Text of Appointment.", secret, 1))
	first, err := o.ana.Propose(t.Context(), Proposal{Kind: manuscripts.NewArticle, Text: kept}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.approve(o.rui, first); err != nil {
		t.Fatal(err)
	}
	public, err := o.approve(o.rui, o.propose(o.ana, "Public", "language: en"))
	if err != nil {
		t.Fatal(err)
	}
	english, err := o.ParseGrant(t.Context(), "editor::en")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.leo.Grant(t.Context(), "ana", []people.Grant{english}); err != nil {
		t.Fatal(err)
	}
	ana, err := o.As(t.Context(), "ana")
	if err != nil {
		t.Fatal(err)
	}
	_, err = ana.Withdraw(t.Context(), public.Article.ID, secret)
	if !errors.Is(err, errKeptBack) || strings.Contains(err.Error(), "Appointment") || anyArticle.MatchString(err.Error()) {
		t.Errorf("ana is told %v", err)
	}
	if _, err = o.rui.Withdraw(t.Context(), public.Article.ID, secret); !errors.Is(err, ErrAgain) || !strings.Contains(err.Error(), "Appointment") {
		t.Errorf("rui is told %v", err)
	}
}

// TestCancelledLeavesNoManuscript: what is cancelled under embargo leaves nothing, the text of
// which it was made included.
func TestCancelledLeavesNoManuscript(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	m := o.propose(o.ana, "Kept back", "published: 2026-12-24 10:00", "language: en")
	r, err := o.approve(o.eva, m)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.eva.Withdraw(t.Context(), r.Article.ID, ""); err != nil {
		t.Fatal(err)
	}
	o.look(func(tx *storage.Tx) error {
		now, err := tx.Manuscript(m.ID)
		if now.State != manuscripts.Cancelled || now.Title != "" {
			t.Errorf("the manuscript is %s, %q", now.State, now.Title)
		}
		if _, missing := tx.RevisionOf(m.ID, 1); !errors.Is(missing, press.ErrNotFound) {
			t.Errorf("its text is there: %v", missing)
		}
		return err
	})
}

// TestOutcomeIsShown: what was shown as kept back until an instant does not go out at once
// because that has come meanwhile.
func TestOutcomeIsShown(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	m := o.propose(o.ana, "Soon", "published: 2026-12-24 10:00", "language: en")
	look, err := o.eva.Look(t.Context(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	o.clock.Set(time.Date(2026, 12, 24, 12, 0, 0, 0, time.UTC))
	if _, err := o.eva.Approve(t.Context(), m.ID, Approving{Revision: m.Revision, Digest: look.Digest}); !errors.Is(err, ErrNotShown) {
		t.Errorf("approved as under embargo, it went out at once: %v", err)
	}
}
