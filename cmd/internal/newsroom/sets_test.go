package newsroom

import (
	"errors"
	"strings"
	"testing"
	"time"

	"communique/storage/press"
)

// TestHeldTranslations: what is held because its original is gone goes out by its text as
// it is, when somebody says so: at its date, or at once if that is past, unless it is so
// old that followers would take it for news.
func TestHeldTranslations(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		passed time.Duration
		c      Correction
		state  press.State
		want   error
	}{
		{"before its date", time.Hour, Correction{Alone: true}, press.Embargoed, nil},
		{"nobody says so", time.Hour, Correction{}, press.Embargoed, ErrSame},
		{"after its date", 30 * time.Hour, Correction{Alone: true}, press.Published, nil},
		{"days after its date", 100 * time.Hour, Correction{Alone: true}, press.Embargoed, ErrOld},
		{"days after its date, silently", 100 * time.Hour, Correction{Alone: true, Silent: true}, press.Published, nil},
	} {
		r := newRoom(t)
		original := r.file("Treaty signed", "published: 2026-11-27 12:00")
		fields := []string{"language: fr", "translation_of: " + string(original.ID)}
		held := r.file("Traité signé", fields...)
		if _, err := r.Withdraw(t.Context(), original.ID, ""); err != nil {
			t.Fatal(err)
		}
		r.clock.Pass(tt.passed)
		_, err := r.Correct(t.Context(), held.ID, r.document("Traité signé", fields...), tt.c)
		after := r.stored(held.ID)
		if !errors.Is(err, tt.want) || after.State != tt.state || after.Held != (tt.want != nil) {
			t.Errorf("%s: %v, it is %s, held %v", tt.name, err, after.State, after.Held)
		}
		if err != nil && strings.Contains(err.Error(), "leave the") {
			t.Errorf("%s: it has no date to leave out: %v", tt.name, err)
		}
	}
}

// TestATranslationIsReleasedAsItIs, from an embargo that its original is under still.
func TestATranslationIsReleasedAsItIs(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	original := r.file("Treaty signed", "published: 2026-11-27 12:00")
	french := r.file("Traité signé", "language: fr", "translation_of: "+string(original.ID))
	doc := r.document("Traité signé", "language: fr")
	if _, err := r.Correct(t.Context(), french.ID, doc, Correction{Alone: true}); err != nil || r.stored(french.ID).Inherits {
		t.Errorf("it inherits its embargo still: %v", err)
	}
	if _, err := r.Correct(t.Context(), french.ID, doc, Correction{Alone: true}); !errors.Is(err, ErrSame) {
		t.Errorf("a second time: %v", err)
	}
}

// TestAdviceOnDates: what is said to do can be done.
func TestAdviceOnDates(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	original := r.file("Treaty signed", "published: 2026-11-28 12:00")
	other := r.file("Traité signé", "language: fr", "published: 2026-11-27 12:00")
	link := "translation_of: " + string(original.ID)
	_, err := r.Correct(t.Context(), other.ID, r.document("Traité signé", "language: fr", link), Correction{})
	if !errors.Is(err, ErrAlone) || !strings.Contains(err.Error(), "write published: 2026-11-28T12:00:00+01:00 to publish both together") {
		t.Errorf("a draft with a date of its own: %v", err)
	}
	got, err := r.Correct(t.Context(), other.ID, r.document("Traité signé", "language: fr", link, "published: 2026-11-28T12:00:00+01:00"), Correction{})
	if err != nil || !got.Article.Published.Equal(original.Published) {
		t.Errorf("as advised: %s, %v", got.Article.Published, err)
	}
	_, err = r.File(t.Context(), r.document("بيان", "language: ar", link, "published: 2026-11-27 12:00"), Filing{})
	if !errors.Is(err, ErrAlone) || !strings.Contains(err.Error(), "leave the date out to publish both together") {
		t.Errorf("a new one: %v", err)
	}
}

// TestWhoLiftsAnEmbargoIsToldOfAll that would be public by that.
func TestWhoLiftsAnEmbargoIsToldOfAll(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	original := r.file("Treaty signed", "published: 2026-11-28 12:00")
	french := r.file("Traité signé", "language: fr", "translation_of: "+string(original.ID))
	_, err := r.Correct(t.Context(), original.ID, r.document("Treaty signed", "published: 2026-11-26"), Correction{})
	if !errors.Is(err, ErrLifted) || !strings.Contains(err.Error(), "and with it "+string(french.ID)+" (fr)") {
		t.Errorf("%v", err)
	}
}

// TestASetHasOneDocumentALanguage, and what is said of it names the files.
func TestASetHasOneDocumentALanguage(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	_, err := r.FileSet(t.Context(), []Document{r.document("Treaty signed"), r.document("Treaty signed again", "language: en")}, Filing{})
	if err == nil || !strings.HasPrefix(err.Error(), "statement.md:4: language: it is en, as statement.md is") {
		t.Errorf("%v", err)
	}
}
