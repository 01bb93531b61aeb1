package newsroom

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/alarms"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
	"communique/storage/publog"
)

// treaty is a text in the languages of a test; each says something else, as translations do.
func treaty(language, date string) string {
	fields := []string{"language: " + language}
	if date != "" {
		fields = append(fields, "published: "+date)
	}
	return source(map[string]string{"en": "Treaty", "fr": "Traité", "ar": "معاهدة"}[language], fields...)
}

// languageSet begins a set of English, French and Arabic by the editor who may release alone, and
// submits it; date is that of the original.
func (o *office) languageSet(together bool, date string) map[string]manuscripts.Manuscript {
	o.t.Helper()
	ctx := o.t.Context()
	all := map[string]manuscripts.Manuscript{}
	original, err := o.ines.Begin(ctx, Proposal{Kind: manuscripts.NewArticle, Text: []byte(treaty("en", date))})
	if err != nil {
		o.t.Fatal(err)
	}
	all["en"] = original
	for _, language := range []press.Language{"fr", "ar"} {
		m, err := o.ines.BeginTranslation(ctx, original.ID, language)
		if err == nil {
			text := treaty(string(language), "") + "\n[Annex](annex.pdf)\n"
			m, err = o.ines.SaveWith(ctx, m.ID, m.Revision, []byte(text), manuscripts.How{}, Enclosed{Put: []Enclosure{{Name: "annex.pdf", Content: []byte(smallPDF)}}})
		}
		if err != nil {
			o.t.Fatal(err)
		}
		all[string(language)] = m
	}
	if err := o.ines.Rule(ctx, original.ID, together); err != nil {
		o.t.Fatal(err)
	}
	for language, m := range all {
		if all[language], err = o.ines.Submit(ctx, m.ID, m.Revision); err != nil {
			o.t.Fatal(err)
		}
	}
	return all
}

// standing are the states of the manuscripts of a set.
func (o *office) standing(set map[string]manuscripts.Manuscript) string {
	o.t.Helper()
	var all []string
	o.look(func(tx *storage.Tx) error {
		for _, language := range slices.Sorted(maps.Keys(set)) {
			m, err := tx.Manuscript(set[language].ID)
			if err != nil {
				return err
			}
			all = append(all, language+" "+string(m.State))
		}
		return nil
	})
	return strings.Join(all, ", ")
}

// in are the languages of articles that are in a state.
func (o *office) in(state press.State) (all []string) {
	o.t.Helper()
	found, _, err := o.List(o.t.Context(), Listing{State: state}, 100)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, a := range found {
		all = append(all, string(a.Language))
	}
	slices.Sort(all)
	return all
}

// later is an instant as a document gives it.
func (o *office) later(by time.Duration) string {
	return o.clock.Now().Add(by).UTC().Format(time.RFC3339)
}

// come has somebody come to the office with roles.
func (o *office) come(login string, roles ...string) {
	o.t.Helper()
	var grants []people.Grant
	for _, text := range roles {
		g, err := o.ParseGrant(o.t.Context(), text)
		if err != nil {
			o.t.Fatal(err)
		}
		grants = append(grants, g)
	}
	if _, err := o.Invite(o.t.Context(), people.Person{Login: login}, grants); err != nil {
		o.t.Fatal(err)
	}
}

// TestSetsOfLanguages: which languages of a set are out, and which wait, after each approval.
func TestSetsOfLanguages(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		together bool
		dated    bool
		order    []string
		waits    []string // what is out or under embargo after each approval
	}{
		{"all or none", true, false, []string{"fr", "en", "ar"}, []string{"", "", "ar en fr"}},
		{"all or none, the original last", true, false, []string{"ar", "fr", "en"}, []string{"", "", "ar en fr"}},
		{"all or none, under embargo", true, true, []string{"en", "ar", "fr"}, []string{"", "", "ar en fr"}},
		{"the original first", false, false, []string{"en", "fr", "ar"}, []string{"en", "en fr", "ar en fr"}},
		{"the original in the middle", false, false, []string{"fr", "en", "ar"}, []string{"", "en fr", "ar en fr"}},
		{"the original last", false, true, []string{"fr", "ar", "en"}, []string{"", "", "ar en fr"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			date, state := "", press.Published
			if tt.dated {
				date, state = o.later(time.Hour), press.Embargoed
			}
			set := o.languageSet(tt.together, date)
			for i, language := range tt.order {
				if _, err := o.approve(o.rui, set[language]); err != nil {
					t.Fatal(language, err)
				}
				if got := strings.Join(o.in(state), " "); got != tt.waits[i] {
					t.Errorf("after %s: %q, want %q; %s", language, got, tt.waits[i], o.standing(set))
				}
			}
			if tt.dated {
				o.clock.Pass(time.Hour)
				o.change(func(tx *storage.Tx) error {
					_, err := tx.Release(100)
					return err
				})
			}
			if got := strings.Join(o.in(press.Published), " "); got != "ar en fr" {
				t.Errorf("in the end there are %s", got)
			}
			groups := map[press.ArticleID]bool{}
			found, _, err := o.List(t.Context(), Listing{State: press.Published}, 10)
			for _, a := range found {
				groups[a.Group] = true
			}
			if err != nil || len(groups) != 1 {
				t.Errorf("they are in %d sets, %v", len(groups), err)
			}
		})
	}
}

// TestAllOrNoneComesUnapproved: a set of which one language is not approved stays back at its
// instant, and it is told of that one alone; approved late, all go out at once.
func TestAllOrNoneComesUnapproved(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	set := o.languageSet(true, o.later(time.Hour))
	for _, language := range []string{"en", "fr"} {
		if _, err := o.approve(o.rui, set[language]); err != nil {
			t.Fatal(err)
		}
	}
	o.clock.Pass(time.Hour + time.Minute)
	o.change(func(tx *storage.Tx) error {
		entries, err := tx.Release(100)
		if len(entries) > 0 {
			t.Errorf("%d went out", len(entries))
		}
		return err
	})
	if err := o.Watch(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.look(func(tx *storage.Tx) error {
		open, err := tx.OpenAlarms(10)
		if len(open) != 1 || open[0].Subject != set["ar"].ID || open[0].Kind != alarms.Unapproved || open[0].Step != StepInstant {
			t.Errorf("it is told of %+v, want of %s", open, set["ar"].ID)
		}
		return err
	})
	if _, err := o.approve(o.rui, set["ar"]); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(o.in(press.Published), " "); got != "ar en fr" {
		t.Errorf("approved late, there are %q; %s", got, o.standing(set))
	}
	o.look(func(tx *storage.Tx) error {
		open, err := tx.OpenAlarms(10)
		if len(open) > 0 {
			t.Errorf("it is told still of %+v", open)
		}
		return err
	})
}

// TestApprovalInASetIsOfWhatGoesOut: what has changed in another language since that was approved
// lets nothing go out, and neither does an approval of somebody who may no longer give it.
func TestApprovalInASetIsOfWhatGoesOut(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(o *office, set map[string]manuscripts.Manuscript) error{
		"a file of another language": func(o *office, set map[string]manuscripts.Manuscript) error {
			return o.Store.Update(o.t.Context(), func(tx *storage.Tx) error { return tx.PutFile(set["fr"].ID, "annex.pdf", []byte(smallPDF+"% other\n")) })
		},
		"the place": func(o *office, _ map[string]manuscripts.Manuscript) error {
			_, err := o.leo.MoveSection(o.t.Context(), "the-ministry/statements", "/", false)
			return err
		},
		"the date of the original": func(o *office, set map[string]manuscripts.Manuscript) error {
			m, err := o.ines.Save(o.t.Context(), set["en"].ID, set["en"].Revision, []byte(treaty("en", o.later(time.Hour))), manuscripts.How{})
			if err == nil {
				m, err = o.ines.Submit(o.t.Context(), m.ID, m.Revision)
			}
			if err == nil {
				set["en"] = m
				_, err = o.approve(o.rui, m)
			}
			return err
		},
		"who approved it has left": func(o *office, _ map[string]manuscripts.Manuscript) error {
			return second(o.leo.RemovePerson(o.t.Context(), "rui"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.come("max", "approver")
			max, err := o.As(t.Context(), "max")
			if err != nil {
				t.Fatal(err)
			}
			set := o.languageSet(true, "")
			for _, language := range []string{"fr", "en"} {
				if _, err := o.approve(o.rui, set[language]); err != nil {
					t.Fatal(err)
				}
			}
			if err := change(o, set); err != nil {
				t.Fatal(err)
			}
			if _, err := o.approve(max, set["ar"]); !errors.Is(err, ErrNotShown) {
				t.Errorf("the last one is approved: %v", err)
			}
			if n := o.articles(); n != 0 {
				t.Errorf("%d articles; %s", n, o.standing(set))
			}
			if got := o.standing(set); !strings.HasPrefix(got, "ar in review") {
				t.Errorf("the approval that came to nothing stands: %s", got)
			}
			for _, language := range []string{"fr", "en", "ar"} {
				if _, err := o.approve(max, set[language]); err != nil {
					t.Fatal(language, err)
				}
			}
			if n := o.articles(); n != 3 {
				t.Errorf("approved again, there are %d articles; %s", n, o.standing(set))
			}
		})
	}
}

// TestAllOrNoneIsTakenBack: when one language of a set is taken back before its instant the others
// are held and it is told of; a second person lets the rest go out, as they were shown it.
func TestAllOrNoneIsTakenBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	set := o.languageSet(true, o.later(time.Hour))
	articles := map[string]press.ArticleID{}
	for _, language := range []string{"en", "fr", "ar"} {
		if _, err := o.approve(o.rui, set[language]); err != nil {
			t.Fatal(err)
		}
	}
	found, _, err := o.List(ctx, Listing{State: press.Embargoed}, 10)
	for _, a := range found {
		articles[string(a.Language)] = a.ID
		if !a.Together {
			t.Errorf("%s goes out without the others", a.Language)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	r, err := o.rui.Withdraw(ctx, articles["ar"], "")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Siblings {
		if s.Fate != Held {
			t.Errorf("%s %s", s.Article.Language, s.Fate)
		}
	}
	if err := o.Watch(ctx); err != nil {
		t.Fatal(err)
	}
	o.look(func(tx *storage.Tx) error {
		open, err := tx.OpenAlarms(10)
		if len(open) != 1 || open[0].Kind != alarms.Incomplete || open[0].Subject != string(articles["en"]) {
			t.Errorf("it is told of %+v", open)
		}
		return err
	})
	o.clock.Pass(2 * time.Hour)
	release := func() {
		o.change(func(tx *storage.Tx) error {
			_, err := tx.Release(100)
			return err
		})
	}
	release()
	if got := o.in(press.Published); len(got) > 0 {
		t.Errorf("there went out %v", got)
	}
	rest, err := o.rui.Rest(ctx, articles["fr"])
	if err != nil || len(rest.Articles) != 2 || !rest.May || !slices.Equal(rest.Gone, []press.Language{"ar"}) || len(rest.Changed) > 0 {
		t.Fatalf("the rest is %+v, %v", rest, err)
	}
	for who, by := range map[string]Desk{"who wrote it": o.ines, "an author": o.ana, "an approver of English alone": o.eva} {
		if err := by.ReleaseRest(ctx, articles["en"], rest.Digest); !errors.Is(err, ErrMayNot) {
			t.Errorf("%s lets it go out: %v", who, err)
		}
	}
	if err := o.rui.ReleaseRest(ctx, articles["en"], "another"); !errors.Is(err, ErrNotShown) {
		t.Errorf("as it was not shown: %v", err)
	}
	// Where it goes out, and who announces it, are part of what was shown.
	for name, change := range map[string]func() error{
		"another path": func() error {
			_, err := o.leo.RenameSection(ctx, "the-ministry/statements", "said", false)
			return err
		},
		"another announcer": func() error {
			return o.Store.Update(ctx, func(tx *storage.Tx) error {
				return tx.AddSource(publog.Source{Name: publog.ActorSource("news"), Kind: publog.Announcer, Section: press.Root})
			})
		},
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
		if err := o.rui.ReleaseRest(ctx, articles["en"], rest.Digest); !errors.Is(err, ErrNotShown) {
			t.Errorf("with %s: %v", name, err)
		}
		if rest, err = o.rui.Rest(ctx, articles["fr"]); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.rui.ReleaseRest(ctx, articles["en"], rest.Digest); err != nil {
		t.Fatal(err)
	}
	release()
	if got := strings.Join(o.in(press.Published), " "); got != "en fr" {
		t.Errorf("there went out %q", got)
	}
}

// TestInheritedInstants: a translation that is being written comes to the instant of what it
// translates, moves with it, and is told of when that is taken back.
func TestInheritedInstants(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	en, err := o.approve(o.rui, o.propose(o.ana, "Treaty", "language: en", "published: "+o.later(48*time.Hour)))
	if err != nil {
		t.Fatal(err)
	}
	fr, err := o.ines.TranslateArticle(ctx, en.Article.ID, "fr")
	if err != nil {
		t.Fatal(err)
	}
	instant := func() (at time.Time) {
		o.look(func(tx *storage.Tx) error {
			m, err := tx.Manuscript(fr.ID)
			at = m.Instant
			return err
		})
		return at
	}
	if at := instant(); !at.Equal(en.Article.Published) {
		t.Errorf("it comes to its instant on %s, want %s", at, en.Article.Published)
	}
	o.amend(en.Article.ID, "Treaty", "language: en", "published: "+o.later(24*time.Hour))
	if at, want := instant(), o.stored(en.Article.ID).Published; !at.Equal(want) || at.Equal(en.Article.Published) {
		t.Errorf("moved, it comes to its instant on %s, want %s", at, want)
	}
	if _, err := o.rui.Withdraw(ctx, en.Article.ID, ""); err != nil {
		t.Fatal(err)
	}
	if at := instant(); !at.IsZero() {
		t.Errorf("taken back, it comes to its instant on %s", at)
	}
	look, err := o.ines.Look(ctx, fr.ID)
	if err != nil || !errors.Is(look.Lacks, ErrWithdrawnOriginal) && !errors.Is(look.Lacks, ErrAlone) && look.Lacks == nil {
		t.Errorf("what it translates was taken back, and it lacks %v, %v", look.Lacks, err)
	}
	if _, err := o.ines.TranslateArticle(ctx, en.Article.ID, "ar"); err == nil {
		t.Error("what was taken back is translated")
	}
}

// TestProposedSet: several files are handed in as one set, or nothing of them is left.
func TestProposedSet(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	proposals := func(texts ...string) (all []Proposal) {
		for _, text := range texts {
			all = append(all, Proposal{Kind: manuscripts.NewArticle, Text: []byte(text)})
		}
		return all
	}
	if _, err := o.ines.ProposeSet(t.Context(), proposals(treaty("en", ""), "---\ntitle: Traité\n---\n"), make([]fs.FS, 2), true); err == nil {
		t.Error("half a set is handed in")
	}
	begun, err := o.ines.ProposeSet(t.Context(), proposals(treaty("en", ""), treaty("fr", "")), make([]fs.FS, 2), true)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range begun {
		if m.State != manuscripts.InReview || !m.Together || m.Set != begun[0].ID {
			t.Errorf("%d: %s, of %s, all or none %v", i, m.State, m.Set, m.Together)
		}
		if n := o.articles(); n != 0 {
			t.Errorf("%d articles", n)
		}
		if _, err := o.approve(o.rui, m); err != nil {
			t.Error(err)
		}
	}
	if got := strings.Join(o.in(press.Published), " "); got != "en fr" {
		t.Errorf("there are %q", got)
	}
	o.look(func(tx *storage.Tx) error {
		open, err := tx.Manuscripts(manuscripts.Listing{States: manuscripts.OpenStates()}, manuscripts.Place{}, 10)
		if len(open) > 0 {
			t.Errorf("left over: %s", fmt.Sprint(open))
		}
		return err
	})
}
