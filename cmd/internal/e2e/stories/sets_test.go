package stories

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// newLingual is a served site in four languages.
func newLingual(t *testing.T) *e2etest.Site {
	t.Helper()
	s := e2etest.NewSite(t)
	s.Configure("languages: [en]", "languages: [en, fr, ar, de, es]")
	s.Serve()
	return s
}

func stateOf(s *e2etest.Site, id string) (state string, held bool) {
	s.T.Helper()
	var d struct{ State, Held string }
	s.ReadJSON(&d, "show", id, "--json")
	return d.State, d.Held != ""
}

func dateOf(s *e2etest.Site, id string) string {
	s.T.Helper()
	var d struct{ Published string }
	s.ReadJSON(&d, "show", id, "--json")
	return d.Published
}

func refused(t *testing.T, s *e2etest.Site, want string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // for a serve that is not
	defer cancel()
	_, problems, err := s.RunWithin(ctx, args...)
	if err == nil || !strings.Contains(problems+err.Error(), want) {
		t.Errorf("communique %s: %v, want it refused with %q", strings.Join(args, " "), err, want)
	}
}

func says(t *testing.T, out string, want ...string) {
	t.Helper()
	for _, text := range want {
		e2etest.Equal(t, "it says "+text+" in\n"+out, strings.Contains(out, text), true)
	}
}

// TestATranslationIsUnderTheSameEmbargo: without a date of its own it goes out with
// what it translates, whatever becomes of that; with an earlier one it is refused.
func TestATranslationIsUnderTheSameEmbargo(t *testing.T) {
	t.Parallel()
	s := newLingual(t)
	at := func(d time.Duration) string { return e2etest.PublishedAt(s.Clock.Now().Add(d)) }
	en := s.File("publish", s.Markdown("Statement on Aldreth", "The ministry regrets it.", at(2*time.Hour)))
	of := "translation_of: " + en.ID
	says(t, s.Must("publish", "--dry-run", s.Markdown("Déclaration", "Il le regrette.", "language: fr", of), "--release-alone"), "would be under embargo until", "It has no date of its own")
	fr := s.File("publish", s.Markdown("Déclaration sur Aldreth", "Le ministère le regrette.", "language: fr", of))
	e2etest.Equal(t, "the translation is", fr.State, "embargoed")
	refused(t, s, "--release-alone", "publish", s.Markdown("Erklärung", "Es tut uns leid.", "language: de", of, at(time.Hour)))
	de := s.File("publish", s.Markdown("Erklärung", "Es tut uns leid.", "language: de", of, at(3*time.Hour)))

	// What was released alone is corrected without saying so again.
	ar := s.File("publish", s.Markdown("بيان", "نأسف.", "language: ar", of, at(time.Hour)), "--release-alone")
	s.Must("correct", ar.ID, s.Markdown("بيان", "نأسف جدا.", "language: ar", of))
	says(t, s.Must("show", ar.ID), "In en, the original", en.ID+", under embargo until", "Released alone")
	says(t, s.Must("show", en.ID), "In fr", fr.ID+", under embargo until", ar.ID)
	es := s.File("publish", s.Markdown("Declaración", "Lo lamenta.", "language: es", "translation_of: "+ar.ID))
	e2etest.Equal(t, "the translation of what was released alone is public with the original", dateOf(s, es.ID), dateOf(s, en.ID))
	s.Must("withdraw", es.ID)
	s.Must("withdraw", ar.ID)

	// Moved, it moves along; one with a date of its own may not come before it.
	refused(t, s, de.ID, "correct", en.ID, s.Markdown("Statement on Aldreth", "The ministry regrets it.", at(5*time.Hour)))
	moved := s.Must("correct", en.ID, s.Markdown("Statement on Aldreth", "The ministry regrets it.", at(150*time.Minute)))
	e2etest.Equal(t, "what moved along is named", strings.Contains(moved, "in fr (Français): "+fr.ID), true)
	s.Clock.Pass(2*time.Hour + time.Minute)
	s.Publish("Whoever ends embargoes looks at every commit")
	for _, id := range []string{en.ID, fr.ID} {
		state, _ := stateOf(s, id)
		e2etest.Equal(t, "before its new time it is", state, "embargoed")
	}
	s.Clock.Pass(30 * time.Minute)
	e2etest.Eventually(t, "both are out", func() bool {
		a, _ := stateOf(s, en.ID)
		b, _ := stateOf(s, fr.ID)
		return a == "published" && b == "published"
	})
	// Withdrawn, it holds what has not gone out yet.
	out := s.Must("withdraw", en.ID, "--reason", "It was not agreed.")
	e2etest.Equal(t, "what stays is named", strings.Contains(out, "Stays up in fr (Français): "+s.Base+"/fr/articles/"+fr.ID), true)
	e2etest.Equal(t, "what is held is named", strings.Contains(out, "Held in de (Deutsch)") && strings.Contains(out, de.ID), true)
	s.Clock.Pass(2 * time.Hour)
	s.Publish("Another look")
	state, held := stateOf(s, de.ID)
	e2etest.Equal(t, "at its hour it is", state, "embargoed")
	e2etest.Equal(t, "and held", held, true)
	e2etest.Equal(t, "the list says so", strings.Contains(s.Must("list"), "held"), true)
	refused(t, s, "withdrawn", "publish", s.Markdown("بيان", "نأسف.", "language: ar", of))
	refused(t, s, "--release-alone", "correct", de.ID, s.Markdown("Erklärung", "Es tut uns leid.", "language: de", at(time.Hour)))
	says(t, s.Must("show", de.ID), "In fr", s.Base+"/fr/articles/"+fr.ID)
	refused(t, s, "add --release-alone to let it go", "correct", de.ID, s.Markdown("Erklärung", "Es tut uns leid.", "language: de"))
	s.Must("correct", de.ID, s.Markdown("Erklärung", "Es tut uns sehr leid.", "language: de"), "--release-alone")
	state, _ = stateOf(s, de.ID)
	e2etest.Equal(t, "released alone it is", state, "published")
}

// TestACancelledOriginalHoldsItsTranslations, and all languages are taken back by one
// command.
func TestACancelledOriginalHoldsItsTranslations(t *testing.T) {
	t.Parallel()
	s := newLingual(t)
	soon := e2etest.PublishedAt(s.Clock.Now().Add(time.Hour))
	file := func() (en, fr e2etest.Filed) {
		out := s.Must("publish", "--json", s.Markdown("Statement", "The ministry regrets it.", soon), s.Markdown("Déclaration", "Le ministère le regrette.", "language: fr"))
		d := json.NewDecoder(strings.NewReader(out))
		for _, f := range []*e2etest.Filed{&en, &fr} {
			if err := d.Decode(f); err != nil {
				t.Fatal(err)
			}
		}
		return en, fr
	}
	en, fr := file()
	e2etest.Equal(t, "what is held is named", strings.Contains(s.Must("withdraw", en.ID), "Held in fr"), true)
	other := s.File("publish", s.Markdown("Another statement", "The ministry regrets it.", e2etest.PublishedAt(s.Clock.Now().Add(30*time.Minute))))
	says(t, s.Must("correct", fr.ID, s.Markdown("Déclaration", "Le ministère le regrette.", "language: fr", "translation_of: "+other.ID)), "It is held no longer.", "nder embargo until")
	e2etest.Equal(t, "of another original, it is public with that", dateOf(s, fr.ID), dateOf(s, other.ID))
	s.Must("withdraw", fr.ID, "--all-languages")
	en, fr = file()
	e2etest.Equal(t, "what waits is named", strings.Contains(s.Must("withdraw", fr.ID), "Still under embargo"), true)
	state, held := stateOf(s, en.ID)
	e2etest.Equal(t, "the original is", state, "embargoed")
	e2etest.Equal(t, "held", held, false)
	s.Must("withdraw", en.ID)

	en, fr = file()
	s.Clock.Pass(time.Hour + time.Second)
	e2etest.Eventually(t, "the set is out", func() bool { return s.Page(fr).Status == 200 && s.Page(en).Status == 200 })
	out := s.Must("withdraw", fr.ID, "--all-languages", "--reason", "It was not agreed.")
	e2etest.Equal(t, "all are named", strings.Contains(out, "Withdrawn too, in en (English): "+en.ID), true)
	for _, a := range []e2etest.Filed{en, fr} {
		e2etest.Equal(t, "its page", s.Page(a).Status, 410)
	}
}

// TestASetIsFiledWhole: several files are one statement, all of them or none, and its
// languages are public in the same instant.
func TestASetIsFiledWhole(t *testing.T) {
	t.Parallel()
	s := newLingual(t)
	en := s.Markdown("Statement", "The ministry regrets it.")
	before := s.Must("list", "--json")
	refused(t, s, "nowhere", "publish", en, s.Markdown("Déclaration", "Il le regrette.", "language: fr", "images: [{src: nowhere.png, alt: x}]"))
	refused(t, s, "language: it is en, as "+en+" is", "publish", en, s.Markdown("The statement again", "It regrets that.", "language: en"))
	e2etest.Equal(t, "what a refused set leaves", s.Must("list", "--json"), before)
	out := s.Must("publish", "--key", "set-1", en, s.Markdown("Déclaration", "Il le regrette.", "language: fr"), s.Markdown("بيان", "نأسف.", "language: ar"))
	e2etest.Equal(t, "published", strings.Count(out, "Published: "), 3)
	var d struct{ Translations []struct{ Language string } }
	_, id, _ := strings.Cut(out, "/en/articles/")
	s.ReadJSON(&d, "show", id[:16], "--json")
	e2etest.Equal(t, "its translations", len(d.Translations), 2)
}

// TestSetsAreNeverTornApart: a correction that links one of a set to another statement
// takes the others along, or is refused.
func TestSetsAreNeverTornApart(t *testing.T) {
	t.Parallel()
	s := newLingual(t)
	fr := s.File("publish", s.Markdown("Déclaration", "Le ministère le regrette.", "language: fr"))
	ar := s.File("publish", s.Markdown("بيان", "نأسف.", "language: ar", "translation_of: "+fr.ID))
	en := s.File("publish", s.Markdown("Statement", "The ministry regrets it."))
	s.File("correct", fr.ID, s.Markdown("Déclaration", "Le ministère le regrette.", "language: fr", "translation_of: "+en.ID), "--minor")
	for _, a := range []e2etest.Filed{fr, ar, en} {
		var d struct{ Translations []struct{ ID string } }
		s.ReadJSON(&d, "show", a.ID, "--json")
		e2etest.Equal(t, "translations of "+a.URL, len(d.Translations), 2)
		page := string(s.Page(a).Body)
		for _, other := range []e2etest.Filed{fr, ar, en} {
			e2etest.Equal(t, a.URL+" links to "+other.URL, strings.Contains(page, other.ID), true)
		}
	}
	another := s.File("publish", s.Markdown("Another statement", "The ministry welcomes that."))
	refused(t, s, "in en already", "correct", ar.ID, s.Markdown("بيان", "نأسف.", "language: ar", "translation_of: "+another.ID), "--minor")
}

// TestHeldEmbargoesAreSaid wherever a time is: it would not be that time.
func TestHeldEmbargoesAreSaid(t *testing.T) {
	e2etest.NeedsFile(t)
	t.Parallel()
	s := e2etest.NewSite(t)
	f := s.File("publish", s.Markdown("A secret", "Text.", e2etest.PublishedAt(s.Clock.Now().Add(time.Hour))))
	for _, args := range [][]string{{"show", f.ID}, {"list"}} {
		e2etest.Equal(t, args[0]+" says held", strings.Contains(s.Must(args...), "held"), false)
	}
	file := filepath.Join(t.TempDir(), "one.backup")
	s.Must("backup", file)
	r := s.Elsewhere()
	r.Must("restore", file)
	e2etest.Equal(t, "show says held", strings.Contains(r.Must("show", f.ID), "communique clock"), true)
	e2etest.Equal(t, "list says held", strings.Contains(r.Must("list"), "communique clock confirm"), true)
	soon := e2etest.PublishedAt(s.Clock.Now().Add(2 * time.Hour))
	for _, args := range [][]string{
		{"publish", s.Markdown("Another secret", "A text.", soon)}, {"correct", f.ID, s.Markdown("A secret", "A text.", soon)},
	} {
		out := r.Must(args...)
		if strings.Contains(out, "nder embargo until") || !strings.Contains(out, "held") {
			t.Errorf("%s says\n%s", args[0], out)
		}
	}
}
