package newsroom

import (
	"errors"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/alarms"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// limit limits a manuscript, and returns it as it is then.
func (o *office) limit(by Desk, m manuscripts.Manuscript, named ...Desk) manuscripts.Manuscript {
	o.t.Helper()
	var ids []string
	for _, d := range named {
		ids = append(ids, d.Person.ID)
	}
	m, err := by.Limit(o.t.Context(), m.ID, ids)
	if err != nil {
		o.t.Fatal(err)
	}
	return m
}

// see is who of the office sees a manuscript: by its number, in the lists, and in the calendar.
func (o *office) see(m manuscripts.Manuscript) string {
	o.t.Helper()
	var all []string
	for _, one := range []struct {
		name string
		desk Desk
	}{{"ana", o.ana}, {"rui", o.rui}, {"eva", o.eva}, {"ines", o.ines}, {"leo", o.leo}} {
		_, err := one.desk.Look(o.t.Context(), m.ID)
		listed := false
		for _, title := range o.pile(one.desk, Pile{States: []manuscripts.State{manuscripts.Draft, manuscripts.InReview}}) {
			listed = listed || title == m.Title
		}
		coming, failed := one.desk.Coming(o.t.Context())
		if failed != nil {
			o.t.Fatal(failed)
		}
		if reads := err == nil; reads != listed || reads != (len(coming) > 0) || !reads && !errors.Is(err, press.ErrNotFound) {
			o.t.Errorf("%s reads it: %v, listed: %v, in the calendar: %d", one.name, err, listed, len(coming))
		}
		if err == nil {
			all = append(all, one.name)
		}
	}
	return strings.Join(all, " ")
}

// TestLimit: a draft is read by those who are named and by who began it; by all who may approve it
// only if nobody who is named can. It is widened again by those who may write or approve it.
func TestLimit(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	m := o.propose(o.ana, "Talks", "language: en", "published: 2026-12-24 10:00")
	is := func(what, want string) {
		t.Helper()
		if got := o.see(m); got != want {
			t.Errorf("%s: %s see it, want %s", what, got, want)
		}
	}
	is("before", "ana rui eva ines")
	o.limit(o.ana, m, o.eva)
	is("to one who approves", "ana eva")
	for who, by := range map[string]Desk{"rui": o.rui, "ines": o.ines, "leo": o.leo} {
		if _, err := by.Limit(t.Context(), m.ID, nil); !errors.Is(err, press.ErrNotFound) {
			t.Errorf("%s, who is not named, widens it: %v", who, err)
		}
		if _, err := by.SendBack(t.Context(), m.ID, m.Revision, "No."); !errors.Is(err, press.ErrNotFound) {
			t.Errorf("%s sends it back: %v", who, err)
		}
		if _, err := by.Approve(t.Context(), m.ID, Approving{Revision: m.Revision}); !errors.Is(err, press.ErrNotFound) {
			t.Errorf("%s approves it: %v", who, err)
		}
		if _, err := by.Assign(t.Context(), m.ID, by.Person.ID); !errors.Is(err, press.ErrNotFound) {
			t.Errorf("%s takes it: %v", who, err)
		}
	}
	o.limit(o.ana, m, o.ines)
	is("to nobody who approves", "ana rui eva ines")
	o.limit(o.ana, m, o.eva, o.ines)
	is("to two", "ana eva ines")
	saved, err := o.ines.Save(t.Context(), m.ID, m.Revision, []byte(source("Talks", "language: en", "published: 2026-12-24 10:00")), manuscripts.How{})
	if err != nil {
		t.Fatal(err)
	}
	if len(saved.Named) != 2 {
		t.Errorf("saved, it is limited to %d", len(saved.Named))
	}
	o.limit(o.ines, m) // an editor opens it
	is("widened", "ana rui eva ines")
	o.limit(o.rui, m, o.eva)
	is("by another, who stays named", "ana rui eva")
	if _, err := o.ana.Limit(t.Context(), m.ID, []string{o.leo.Person.ID}); !errors.Is(err, press.ErrInvalid) {
		t.Errorf("who has no role there is named: %v", err)
	}
	if _, err := o.ana.Limit(t.Context(), m.ID, []string{"nobody"}); !errors.Is(err, press.ErrInvalid) {
		t.Errorf("who is not there is named: %v", err)
	}
	o.limit(o.ana, m, o.eva)
	if _, err := o.leo.RemovePerson(t.Context(), "eva"); err != nil {
		t.Fatal(err)
	}
	o.eva.Person = people.Person{}
	is("when the only one who approves was removed", "ana rui")
	if strings.Contains(o.told.String(), "Talks") {
		t.Errorf("the log has its title: %s", o.told.String())
	}
}

// TestLimitedApprovers: of those who are not named nobody is told of as one who can approve it; who
// is on duty is told at the instant that there is something, without what it says, and whom to ask.
func TestLimitedApprovers(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	m := o.propose(o.ana, "Talks", "language: en", "published: "+o.clock.Now().Add(time.Hour).Format(time.RFC3339))
	m = o.limit(o.ana, m, o.eva)
	able, err := o.ana.Approvers(t.Context(), m)
	if err != nil || len(able) != 1 || able[0].Login != "eva" {
		t.Errorf("it can be approved by %v, %v", able, err)
	}
	o.clock.Pass(2 * time.Hour)
	if err := o.Watch(t.Context()); err != nil {
		t.Fatal(err)
	}
	for who, tt := range map[string]struct {
		by    Desk
		reads bool
	}{"eva": {o.eva, true}, "rui": {o.rui, false}, "leo": {o.leo, false}} {
		all, err := tt.by.Alarms(t.Context())
		if err != nil || len(all) != 1 || all[0].Kind != alarms.Unapproved {
			t.Fatalf("%s is told of %v, %v", who, all, err)
		}
		if got := all[0].Manuscript != nil; got != tt.reads {
			t.Errorf("%s is told what it says: %v", who, got)
		}
		if !tt.reads && (len(all[0].Able) != 1 || all[0].Able[0].Login != "eva") {
			t.Errorf("%s is told to ask %v", who, all[0].Able)
		}
	}
	if r, err := o.approve(o.eva, m); err != nil || r.Article.Title != "Talks" {
		t.Errorf("who is named approves it: %v", err)
	}
}

// TestLimitLastsUntilPublic: what was limited as a draft is limited under embargo, in every list,
// with the corrections that are proposed of it; once it is public it is everybody's.
func TestLimitLastsUntilPublic(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	m := o.propose(o.ana, "Talks", "language: en", "published: 2026-12-24 10:00")
	o.limit(o.ana, m, o.eva)
	r, err := o.approve(o.eva, m)
	if err != nil {
		t.Fatal(err)
	}
	id := r.Article.ID
	readers := func() string {
		t.Helper()
		var all []string
		for _, by := range []Desk{o.ana, o.rui, o.eva, o.ines, o.leo} {
			list, _, err := by.List(t.Context(), Listing{Reader: &by.Person}, 10)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) > 0 {
				all = append(all, by.Person.Login)
			}
		}
		return strings.Join(all, " ")
	}
	if got := readers(); got != "ana eva" {
		t.Errorf("under embargo it is listed for %s", got)
	}
	correction := Proposal{Kind: manuscripts.Correction, Article: id, Text: []byte(source("Talks held", "published: 2026-12-24 10:00"))}
	if _, err := o.ines.Begin(t.Context(), correction); !errors.Is(err, press.ErrNotFound) {
		t.Errorf("who is not named corrects it: %v", err)
	}
	if _, err := o.ines.Withdraw(t.Context(), id, ""); !errors.Is(err, press.ErrNotFound) {
		t.Errorf("who is not named cancels it: %v", err)
	}
	o.limit(o.ana, m, o.eva, o.rui)
	c, err := o.rui.Begin(t.Context(), correction)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.ines.Look(t.Context(), c.ID); !errors.Is(err, press.ErrNotFound) {
		t.Errorf("its correction is read by who is not named: %v", err)
	}
	o.limit(o.eva, m)
	if got := readers(); got != "ana rui eva ines" {
		t.Errorf("widened, it is listed for %s", got)
	}
	o.limit(o.ana, m, o.eva)
	o.clock.Set(time.Date(2026, 12, 24, 12, 0, 0, 0, time.UTC))
	o.change(func(tx *storage.Tx) error {
		_, err := tx.Release(10)
		return err
	})
	if got := readers(); got != "ana rui eva ines leo" {
		t.Errorf("public, it is listed for %s", got)
	}
	// A proposal that they may not read is none that they are told of.
	correction.Text = []byte(source("Talks held", "published: 2026-12-24 10:00"))
	if _, err := o.ines.Begin(t.Context(), correction); !errors.Is(err, errAtWork) || strings.Contains(err.Error(), c.ID) {
		t.Errorf("a second proposal: %v", err)
	}
}

// TestLimitedTranslation: that a text is translated is not told by what it lacks to those who may not
// read the translation, while it is written nor under embargo.
func TestLimitedTranslation(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Languages = []press.Language{"en", "fr"}
	o.ines.Languages, o.rui.Languages = o.Languages, o.Languages
	a := o.published("Treaty")
	c, err := o.rui.Begin(t.Context(), Proposal{Kind: manuscripts.Correction, Article: a.ID, Text: []byte(source("Treaty signed", "language: en"))})
	if err != nil {
		t.Fatal(err)
	}
	lacks := func(by Desk) bool {
		t.Helper()
		found, err := by.Manuscripts(t.Context(), Pile{States: []manuscripts.State{manuscripts.Draft}}, 10, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range found.All {
			for _, l := range m.Lacking {
				if m.ID == c.ID && l.What == LackTranslations {
					return true
				}
			}
		}
		return false
	}
	m := o.propose(o.ana, "Traité", "language: fr", "translation_of: "+string(a.ID), "published: 2026-12-24 10:00")
	if lacks(o.ines) {
		t.Fatal("a translation that is written is not known")
	}
	o.limit(o.ana, m, o.rui)
	if !lacks(o.ines) {
		t.Error("a limited translation is known while it is written")
	}
	if _, err := o.approve(o.rui, m); err != nil {
		t.Fatal(err)
	}
	if !lacks(o.ines) {
		t.Error("a limited translation is known under embargo")
	}
	if lacks(o.rui) {
		t.Error("who is named does not know of it")
	}
}

// TestAssign: a manuscript waits for whom it is assigned to, who may write it, until it is taken
// from them, they can't work on it any more, or are gone.
func TestAssign(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	text := []byte(source("Talks", "language: en"))
	m, err := o.rui.Begin(t.Context(), Proposal{Kind: manuscripts.NewArticle, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	open := []manuscripts.State{manuscripts.Draft, manuscripts.InReview}
	waits := func() string { return strings.Join(o.pile(o.ana, Pile{States: open, Waiting: true}), ", ") }
	if _, err := o.ana.Save(t.Context(), m.ID, 1, text, manuscripts.How{}); !errors.Is(err, ErrMayNot) {
		t.Errorf("an author writes what is another's: %v", err)
	}
	for name, refused := range map[string]struct {
		by   Desk
		to   string
		want error
	}{
		"to who has no role there": {o.rui, o.leo.Person.ID, press.ErrInvalid},
		"to nobody known":          {o.rui, "nobody", press.ErrInvalid},
		"by who may not write it":  {o.ana, o.ana.Person.ID, ErrMayNot},
	} {
		if _, err := refused.by.Assign(t.Context(), m.ID, refused.to); !errors.Is(err, refused.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	assign := func(to string) {
		t.Helper()
		if _, err := o.rui.Assign(t.Context(), m.ID, to); err != nil {
			t.Fatal(err)
		}
	}
	assign(o.ana.Person.ID)
	if waits() != "Talks" || strings.Join(o.pile(o.ana, Pile{States: open, Mine: true}), "") != "Talks" {
		t.Errorf("for ana waits %q", waits())
	}
	if m, err = o.ana.Save(t.Context(), m.ID, 1, text, manuscripts.How{}); err != nil {
		t.Errorf("ana writes what is assigned to her: %v", err)
	}
	if _, err := o.ana.Submit(t.Context(), m.ID, m.Revision); err != nil {
		t.Fatal(err)
	}
	if _, err := o.approve(o.rui, m); !errors.Is(err, ErrOwn) {
		t.Errorf("who wrote it first approves it: %v", err)
	}
	assign("")
	if waits() != "" {
		t.Errorf("taken from her, for ana waits %q", waits())
	}
	assign(o.ana.Person.ID)
	o.limit(o.rui, m, o.eva)
	if waits() != "" {
		t.Errorf("limited to others, for ana waits %q", waits())
	}
	o.limit(o.rui, m)
	assign(o.ana.Person.ID)
	if _, err := o.leo.RemovePerson(t.Context(), "ana"); err != nil {
		t.Fatal(err)
	}
	o.look(func(tx *storage.Tx) error {
		now, err := tx.Manuscript(m.ID)
		if now.Assigned != "" {
			t.Error("it is assigned to one who was removed")
		}
		return err
	})
	if got := o.did(m.ID); !strings.Contains(got, "rui manuscript assigned to nobody, rui manuscript limited") && !strings.Contains(got, "rui manuscript assigned") {
		t.Errorf("the audit says %s", got)
	}
}
