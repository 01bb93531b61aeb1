package newsroom

import (
	"errors"
	"slices"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/alarms"
	"communique/storage/manuscripts"
	"communique/storage/press"
)

// correction is a proposal to correct an article; at zero as soon as it is approved.
func correction(a press.Article, at time.Time) Proposal {
	return Proposal{Kind: manuscripts.Correction, Article: a.ID, Text: []byte(source(a.Title+", corrected", "language: en")), How: manuscripts.How{Note: "The title was wrong.", At: at}}
}

// TestPlannedCorrection: a correction has an instant of its own: the article stays as it is until
// then, and if nobody has approved it by then; what changes the article meanwhile has it wait for an
// approval again.
func TestPlannedCorrection(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a, other, late := o.published("Treaty"), o.published("Summit"), o.published("Visit")
	at := o.clock.Now().Add(2 * time.Hour)
	propose := func(a press.Article) manuscripts.Manuscript {
		t.Helper()
		m, err := o.rui.Propose(t.Context(), correction(a, at), nil)
		if err != nil {
			t.Fatal(err)
		}
		if !m.Instant.Equal(at) {
			t.Errorf("its instant is %s", m.Instant)
		}
		return m
	}
	m, changed, unapproved := propose(a), propose(other), propose(late)
	for _, one := range []manuscripts.Manuscript{m, changed} {
		if _, err := o.approve(o.eva, one); err != nil {
			t.Fatal(err)
		}
	}
	if got := o.stored(a.ID); got.Revision != 1 {
		t.Fatalf("approved, it is in revision %d", got.Revision)
	}
	if _, err := o.approve(o.eva, o.submitted(o.rui, Proposal{Kind: manuscripts.Correction, Article: other.ID})); !errors.Is(err, press.ErrConflict) {
		t.Errorf("another one beside it: %v", err)
	}
	alone, err := o.ines.ByAlone("It is night.")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := o.Read("summit.md", []byte(source("Summit", "language: en")+"\nAnd more.\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := alone.Correct(t.Context(), other.ID, doc, Correction{Minor: true}); err != nil {
		t.Fatal(err)
	}
	o.clock.Set(at.Add(-time.Second))
	if err := o.Watch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := o.stored(a.ID); got.Title != "Treaty" {
		t.Errorf("before its instant it says %q", got.Title)
	}
	o.clock.Set(at)
	if err := o.Watch(t.Context()); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[press.ArticleID]string{a.ID: "Treaty, corrected", other.ID: "Summit", late.ID: "Visit"} {
		if got := o.stored(id); got.Title != want {
			t.Errorf("at its instant it says %q, want %q", got.Title, want)
		}
	}
	o.look(func(tx *storage.Tx) error {
		for id, want := range map[string]manuscripts.State{m.ID: manuscripts.Released, changed.ID: manuscripts.InReview, unapproved.ID: manuscripts.InReview} {
			now, err := tx.Manuscript(id)
			if err != nil || now.State != want {
				t.Errorf("it is %s, want %s: %v", now.State, want, err)
			}
		}
		all, err := tx.AlarmsOf(unapproved.ID)
		if len(all) == 0 || all[0].About != string(manuscripts.Correction) || all[0].Step != StepInstant {
			t.Errorf("of what nobody approved it is told %+v", all)
		}
		return err
	})
}

// submitted is what somebody proposes, or nothing if it is refused.
func (o *office) submitted(by Desk, p Proposal) manuscripts.Manuscript {
	o.t.Helper()
	m, err := by.Propose(o.t.Context(), p, nil)
	if err == nil {
		return m
	}
	var there manuscripts.Manuscript
	o.look(func(tx *storage.Tx) error {
		there, err = tx.ManuscriptOf(p.Article)
		return err
	})
	return there
}

// TestInstantOfACorrection: what is not public yet is corrected at once, a new article goes out by its
// date, and nothing is done at an instant that is past.
func TestInstantOfACorrection(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a := o.published("Treaty")
	draft, err := o.approve(o.eva, o.propose(o.ana, "Summit", "language: en", "published: 2026-12-24 10:00"))
	if err != nil {
		t.Fatal(err)
	}
	soon := o.clock.Now().Add(time.Hour)
	for name, p := range map[string]Proposal{
		"of what is under embargo": correction(draft.Article, soon),
		"that is past":             correction(a, o.clock.Now()),
		"of a new article":         {Kind: manuscripts.NewArticle, Text: []byte(source("New")), How: manuscripts.How{At: soon}},
	} {
		if _, err := o.rui.Begin(t.Context(), p); !errors.Is(err, press.ErrInvalid) {
			t.Errorf("an instant %s: %v", name, err)
		}
	}
}

// TestCorrectionAloneAtItsInstant: what somebody approved alone for an instant is to be looked at by a
// second person from then on.
func TestCorrectionAloneAtItsInstant(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a, at := o.published("Treaty"), o.clock.Now().Add(time.Hour)
	m, err := o.rui.Propose(t.Context(), correction(a, at), nil)
	if err != nil {
		t.Fatal(err)
	}
	look, err := o.ines.Look(t.Context(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.ines.Approve(t.Context(), m.ID, Approving{Revision: m.Revision, Digest: look.Digest, Reason: "It is night."}); err != nil {
		t.Fatal(err)
	}
	kinds := func() (all []alarms.Kind) {
		if err := o.Watch(t.Context()); err != nil {
			t.Fatal(err)
		}
		o.look(func(tx *storage.Tx) error {
			open, err := tx.OpenAlarms(10)
			for _, a := range open {
				all = append(all, a.Kind)
			}
			return err
		})
		return all
	}
	if got := kinds(); len(got) > 0 {
		t.Errorf("before its instant: %v", got)
	}
	o.clock.Set(at)
	if got := kinds(); !slices.Equal(got, []alarms.Kind{alarms.Unreviewed}) {
		t.Errorf("at its instant: %v", got)
	}
	if second, err := o.eva.Second(t.Context(), a.ID); err != nil || !second.Unreviewed || second.By != o.ines.Person.ID {
		t.Errorf("a second person is shown %+v, %v", second, err)
	}
}

// TestAlarmsSayOfWhat: an alarm knows what becomes of it that nobody has approved.
func TestAlarmsSayOfWhat(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	at := o.clock.Now().Add(2 * time.Hour)
	draft, err := o.approve(o.eva, o.propose(o.ana, "Summit", "language: en", "published: "+at.Format(time.RFC3339)))
	if err != nil {
		t.Fatal(err)
	}
	visit, treaty := o.published("Visit"), o.published("Treaty")
	propose := func(p Proposal) string {
		t.Helper()
		m, err := o.rui.Propose(t.Context(), p, nil)
		if err != nil {
			t.Fatal(err)
		}
		return m.ID
	}
	want := map[string]string{
		o.propose(o.ana, "New", "language: en", "published: "+at.Format(time.RFC3339)).ID: "new",
		propose(withdrawal(visit, at)):  "withdrawal",
		propose(correction(treaty, at)): "correction",
		propose(Proposal{Kind: manuscripts.Correction, Article: draft.Article.ID, Text: []byte(source("Summit held", "language: en", "published: "+at.Format(time.RFC3339)))}): AboutChange,
	}
	if err := o.Watch(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := o.leo.Alarms(t.Context())
	if err != nil || len(all) != len(want) {
		t.Fatalf("alarms %+v, %v", all, err)
	}
	for _, a := range all {
		if a.Kind != alarms.Unapproved || a.About != want[a.Subject] {
			t.Errorf("an alarm %s is about %q, want %q", a.Kind, a.About, want[a.Subject])
		}
	}
}

// TestRecallIsTold: who approved something is told that it was recalled, with those on duty, until it
// is approved again.
func TestRecallIsTold(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a := o.published("Treaty")
	m := o.planned(a)
	if _, err := o.rui.Recall(t.Context(), m.ID, m.Revision); err != nil {
		t.Fatal(err)
	}
	recalled := func() (all []Alarmed) {
		t.Helper()
		if err := o.Watch(t.Context()); err != nil {
			t.Fatal(err)
		}
		open, err := o.eva.Alarms(t.Context())
		for _, a := range open {
			if err == nil && a.Kind == alarms.Recalled {
				all = append(all, a)
			}
		}
		return all
	}
	if got := recalled(); len(got) != 1 || got[0].About != string(manuscripts.Withdrawal) || got[0].Manuscript == nil || got[0].Person != o.rui.Person.ID {
		t.Errorf("it is told %+v", got)
	}
	if _, err := o.approve(o.eva, m); err != nil {
		t.Fatal(err)
	}
	if got := recalled(); len(got) != 0 {
		t.Errorf("approved again, it is told %+v", got)
	}
}
