package newsroom

import (
	"errors"
	"strings"
	"testing"
	"time"

	"communique/storage"
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
		{"nobody says so", time.Hour, Correction{}, press.Embargoed, ErrSameHeld},
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

// TestASetHasOneDate: what is filed together is public together, dated alike, unless
// somebody says otherwise; what was filed under a key is known again.
func TestASetHasOneDate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name           string
		first, second  string
		how            Filing
		want           error
		state          press.State
		inherits, same bool
	}{
		{"none", "", "", Filing{}, nil, press.Published, false, true},
		{"of the first, ahead", "2026-11-27 12:00", "", Filing{}, nil, press.Embargoed, true, true},
		{"of the first, past", "2026-11-26 08:00", "", Filing{}, nil, press.Published, false, true},
		{"the same twice", "2026-11-27 12:00", "2026-11-27T12:00:00+01:00", Filing{}, nil, press.Embargoed, true, true},
		{"a later one", "2026-11-27 12:00", "2026-11-27 13:00", Filing{}, ErrAlone, "", false, false},
		{"an earlier one", "2026-11-27 12:00", "2026-11-27 11:00", Filing{}, ErrAlone, "", false, false},
		{"of the second alone", "", "2026-11-27 11:00", Filing{}, ErrAlone, "", false, false},
		{"an earlier one that is meant", "2026-11-27 12:00", "2026-11-27 11:00", Filing{Alone: true}, nil, press.Embargoed, false, false},
		{"no other one that would be meant", "2026-11-27 12:00", "", Filing{Alone: true}, nil, press.Embargoed, true, true},
	} {
		r := newRoom(t)
		dated := func(title, date string, fields ...string) Document {
			if date != "" {
				fields = append(fields, "published: "+date)
			}
			return r.document(title, fields...)
		}
		docs := []Document{dated("Treaty signed", tt.first), dated("Traité signé", tt.second, "language: fr")}
		tt.how.Key = "set-1"
		set, err := r.FileSet(t.Context(), docs, tt.how)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if err != nil {
			continue
		}
		fr := set[1].Article
		if fr.State != tt.state || fr.Inherits != tt.inherits || fr.Published.Equal(set[0].Article.Published) != tt.same {
			t.Errorf("%s: it is %s at %s, inherits %v", tt.name, fr.State, fr.Published, fr.Inherits)
		}
		r.clock.Pass(48 * time.Hour)
		err = r.Store.Update(t.Context(), func(tx *storage.Tx) error {
			_, err := tx.Release(10)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if again, err := r.FileSet(t.Context(), docs, tt.how); err != nil || !again[0].Repeated || !again[1].Repeated {
			t.Errorf("%s, by its key again: %v, %+v", tt.name, err, again)
		}
	}
}

// TestWhoWithdrawsIsToldWhatGoesAlone of the others of the set.
func TestWhoWithdrawsIsToldWhatGoesAlone(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	original := r.file("Treaty signed", "published: 2026-11-27 12:00")
	link := "translation_of: " + string(original.ID)
	french := r.file("Traité signé", "language: fr", link)
	_, err := r.File(t.Context(), r.document("بيان", "language: ar", link, "published: 2026-11-27 11:00"), Filing{Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Withdraw(t.Context(), french.ID, "")
	fates := map[press.Language]Fate{}
	for _, s := range got.Siblings {
		fates[s.Article.Language] = s.Fate
	}
	if err != nil || len(fates) != 2 || fates["en"] != Waits || fates["ar"] != Alone {
		t.Errorf("%v, %v", fates, err)
	}
}
