package newsroom

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/alarms"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
	"communique/storage/storagetest/engines"
)

// published is an article that is public.
func (o *office) published(title string) press.Article {
	o.t.Helper()
	r, err := o.approve(o.eva, o.propose(o.ana, title, "language: en"))
	if err != nil {
		o.t.Fatal(err)
	}
	return r.Article
}

// withdrawal is a proposal to withdraw an article; at zero as soon as it is approved.
func withdrawal(a press.Article, at time.Time) Proposal {
	return Proposal{Kind: manuscripts.Withdrawal, Article: a.ID, How: manuscripts.How{Reason: "Issued in error.", At: at}}
}

// TestProposedWithdrawal: an author proposes that an article be taken back, and somebody else who
// may approve it does; who proposed it does not, and there is one proposal at a time.
func TestProposedWithdrawal(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a := o.published("Treaty")
	m, err := o.ana.Propose(t.Context(), withdrawal(a, time.Time{}), nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, second := range map[string]Proposal{
		"another withdrawal": withdrawal(a, time.Time{}), "a correction": {Kind: manuscripts.Correction, Article: a.ID, Text: []byte(source("Treaty signed"))},
	} {
		if _, err := o.rui.Begin(t.Context(), second); !errors.Is(err, press.ErrConflict) {
			t.Errorf("%s beside it: %v", name, err)
		}
	}
	if _, err := o.approve(o.ana, m); !errors.Is(err, ErrMayNot) {
		t.Errorf("who proposed it approves it: %v", err)
	}
	look, err := o.eva.Look(t.Context(), m.ID)
	if err != nil || look.Digest == "" {
		t.Fatal(err, look.Lacks)
	}
	again := m
	for name, how := range map[string]manuscripts.How{
		"another instant": {Reason: "Issued in error.", At: o.clock.Now().Add(time.Hour)}, "another reason": {Reason: "It names somebody."}, "another reason, for an instant": {Reason: "It names somebody.", At: o.clock.Now().Add(time.Hour)},
	} {
		if again, err = o.ana.Save(t.Context(), m.ID, again.Revision, nil, how); err == nil {
			again, err = o.ana.Submit(t.Context(), m.ID, again.Revision)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.eva.Approve(t.Context(), m.ID, Approving{Revision: again.Revision, Digest: look.Digest}); !errors.Is(err, ErrNotShown) {
			t.Errorf("%s than was shown: %v", name, err)
		}
	}
	if again, err = o.ana.Save(t.Context(), m.ID, again.Revision, nil, manuscripts.How{Reason: "It names somebody."}); err == nil {
		again, err = o.ana.Submit(t.Context(), m.ID, again.Revision)
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := o.stored(a.ID); got.State != press.Published {
		t.Fatalf("it is %s", got.State)
	}
	r, err := o.approve(o.eva, again)
	if err != nil {
		t.Fatal(err)
	}
	if got := o.stored(a.ID); got.State != press.Withdrawn || got.Reason != "It names somebody." || r.Entry.Kind != press.KindWithdrawn {
		t.Errorf("approved, it is %s, %q", got.State, got.Reason)
	}
	if got := o.did(string(a.ID)); !strings.HasPrefix(got, "eva withdrawn by approval") {
		t.Errorf("the audit says %s", got)
	}
	if _, err := o.ana.Begin(t.Context(), withdrawal(a, time.Time{})); !errors.Is(err, press.ErrConflict) {
		t.Errorf("of what is withdrawn: %v", err)
	}
	draft, err := o.approve(o.eva, o.propose(o.ana, "Summit", "language: en", "published: 2026-12-24 10:00"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.ana.Begin(t.Context(), withdrawal(draft.Article, time.Time{})); !errors.Is(err, press.ErrConflict) {
		t.Errorf("of what is not public: %v", err)
	}
}

// TestSpeedProtects: whoever may withdraws at once while a withdrawal is proposed, which is over
// then.
func TestSpeedProtects(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a := o.published("Treaty")
	m, err := o.ana.Propose(t.Context(), withdrawal(a, o.clock.Now().Add(48*time.Hour)), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.rui.Withdraw(t.Context(), a.ID, "Now."); err != nil {
		t.Fatal(err)
	}
	o.look(func(tx *storage.Tx) error {
		now, err := tx.Manuscript(m.ID)
		if now.State != manuscripts.Cancelled {
			t.Errorf("the proposal is %s", now.State)
		}
		return err
	})
}

// TestOrphanByAPerson: what only followers have is withdrawn by whoever may in its section, too.
func TestOrphanByAPerson(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	orphan := Orphan{ID: press.NewArticleID(), Section: "the-ministry/statements", Language: "en", Sure: true}
	if _, err := o.ana.WithdrawOrphan(t.Context(), orphan, "An error."); !errors.Is(err, ErrMayNot) {
		t.Errorf("by an author: %v", err)
	}
	if _, err := o.rui.WithdrawOrphan(t.Context(), orphan, "An error."); err != nil {
		t.Errorf("by an editor: %v", err)
	}
}

// planned is a withdrawal that ana has proposed for in two hours, and eva has approved.
func (o *office) planned(a press.Article) manuscripts.Manuscript {
	o.t.Helper()
	m, err := o.ana.Propose(o.t.Context(), withdrawal(a, o.clock.Now().Add(2*time.Hour)), nil)
	if err == nil {
		_, err = o.approve(o.eva, m)
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return m
}

// at lets time pass and looks.
func (o *office) at(howLong time.Duration) {
	o.t.Helper()
	o.clock.Pass(howLong)
	if err := o.Watch(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
}

// TestPlannedWithdrawal: what was approved for an instant is done then, and not before; it can be
// recalled until then.
func TestPlannedWithdrawal(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a := o.published("Treaty")
	if _, err := o.ana.Begin(t.Context(), withdrawal(a, o.clock.Now())); !errors.Is(err, press.ErrInvalid) {
		t.Errorf("an instant that is past: %v", err)
	}
	m := o.planned(a)
	o.at(2*time.Hour - time.Second)
	if got := o.stored(a.ID); got.State != press.Published {
		t.Fatalf("before its instant it is %s", got.State)
	}
	if _, err := o.ana.Save(t.Context(), m.ID, m.Revision, nil, manuscripts.How{Reason: "Other."}); !errors.Is(err, press.ErrConflict) {
		t.Errorf("changed when it was approved: %v", err)
	}
	if _, err := o.leo.Recall(t.Context(), m.ID, m.Revision); !errors.Is(err, press.ErrNotFound) {
		t.Errorf("recalled by who may not read it: %v", err)
	}
	if _, err := o.ana.Recall(t.Context(), m.ID, m.Revision); !errors.Is(err, ErrMayNot) {
		t.Errorf("recalled by who may not withdraw: %v", err)
	}
	if _, err := o.rui.Recall(t.Context(), m.ID, m.Revision); err != nil {
		t.Fatal(err)
	}
	o.at(time.Second)
	if got := o.stored(a.ID); got.State != press.Published {
		t.Fatalf("recalled, it is %s", got.State)
	}
	if _, err := o.rui.Recall(t.Context(), m.ID, m.Revision); !errors.Is(err, press.ErrConflict) {
		t.Errorf("recalled twice: %v", err)
	}
	if err := o.ana.GiveUp(t.Context(), m.ID); err != nil {
		t.Fatal(err)
	}
	m = o.planned(a)
	o.change(func(tx *storage.Tx) error { return tx.HoldEmbargoes("a test") })
	o.at(2 * time.Hour)
	if got := o.stored(a.ID); got.State != press.Published {
		t.Fatalf("while embargoes are held it is %s", got.State)
	}
	o.change(func(tx *storage.Tx) error { return tx.ConfirmClock() })
	o.at(0)
	if got := o.stored(a.ID); got.State != press.Withdrawn || got.Reason != "Issued in error." {
		t.Fatalf("at its instant it is %s", got.State)
	}
	o.at(time.Second) // and once
	if got := o.did(m.ID); got != "eva manuscript carried out, eva manuscript approved for its instant, ana manuscript submitted, ana manuscript begun" {
		t.Errorf("the audit says %s", got)
	}
}

// TestPlannedIsWhatWasApproved: if anything has changed by the instant nothing is done, and those on
// duty are told.
func TestPlannedIsWhatWasApproved(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a := o.published("Treaty")
	m := o.planned(a)
	alone, err := o.ines.ByAlone("night")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := alone.Correct(t.Context(), a.ID, o.document("Treaty signed"), Correction{Note: "It was signed."}); err != nil {
		t.Fatal(err)
	}
	o.at(2 * time.Hour)
	if got := o.stored(a.ID); got.State != press.Published || got.Title != "Treaty signed" {
		t.Errorf("it is %s, %s", got.State, got.Title)
	}
	o.look(func(tx *storage.Tx) error {
		now, err := tx.Manuscript(m.ID)
		if now.State != manuscripts.InReview {
			t.Errorf("the withdrawal is %s", now.State)
		}
		if err != nil {
			return err
		}
		all, err := tx.AlarmsOf(m.ID)
		if len(all) != 1 || all[0].Kind != alarms.Unapproved || all[0].Step != StepInstant {
			t.Errorf("alarms: %v", all)
		}
		return err
	})
	if !strings.Contains(o.told.String(), "what was approved could not be done at its instant") {
		t.Errorf("the log says %s", o.told.String())
	}
	if _, err := o.approve(o.eva, m); err != nil {
		t.Errorf("looked at again: %v", err)
	}
	if got := o.stored(a.ID); got.State != press.Withdrawn {
		t.Errorf("approved again it is %s", got.State)
	}
}

// TestProposalsRace: of a withdrawal and a correction that are proposed at once one is there, and
// the other one is refused.
func TestProposalsRace(t *testing.T) {
	t.Parallel()
	o := newOfficeIn(newRoomOn(t, engines.Chosen(t)))
	for range 20 {
		a := o.published("Treaty " + press.RandomToken())
		var both sync.WaitGroup
		errs := make([]error, 2)
		both.Go(func() { _, errs[0] = o.ana.Begin(t.Context(), withdrawal(a, time.Time{})) })
		both.Go(func() {
			_, errs[1] = o.rui.Begin(t.Context(), Proposal{Kind: manuscripts.Correction, Article: a.ID, Text: []byte(source(a.Title))})
		})
		both.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), press.ErrConflict) {
			t.Fatalf("the withdrawal: %v; the correction: %v", errs[0], errs[1])
		}
	}
}

// TestTwoWithdraw: where the rule asks for two, one does not withdraw alone, unless they may; what
// is under embargo is cancelled by one.
func TestTwoWithdraw(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a, other := o.published("Treaty"), o.published("Summit")
	draft, err := o.approve(o.eva, o.propose(o.ana, "Later", "language: en", "published: 2026-12-24 10:00"))
	if err != nil {
		t.Fatal(err)
	}
	if waits, err := o.leo.SetPersons(t.Context(), press.Root, people.Withdrawal, 2); err != nil || waits {
		t.Fatalf("more persons wait: %v, %v", waits, err)
	}
	for who, by := range map[string]Desk{"rui": o.rui, "eva": o.eva, "ines": o.ines} {
		if _, err := by.Withdraw(t.Context(), a.ID, "An error."); !errors.Is(err, ErrReview) {
			t.Errorf("%s alone: %v", who, err)
		}
	}
	if _, err := o.rui.Withdraw(t.Context(), draft.Article.ID, ""); err != nil {
		t.Errorf("what is not public: %v", err)
	}
	m, err := o.rui.Propose(t.Context(), withdrawal(a, time.Time{}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.approve(o.rui, m); !errors.Is(err, ErrOwn) {
		t.Errorf("who proposed it: %v", err)
	}
	if _, err := o.approve(o.eva, m); err != nil {
		t.Error(err)
	}
	alone, err := o.ines.ByAlone("It names a victim.")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := alone.Withdraw(t.Context(), other.ID, "An error."); err != nil {
		t.Errorf("who may alone, with a reason: %v", err)
	}
}
