package newsroom

import (
	"errors"
	"slices"
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

// TestATranslationWithoutADate is under the embargo of its original, also if it may be
// public alone: whoever wants it out before gives it a date.
func TestATranslationWithoutADate(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	original := r.file("Treaty signed", "published: 2026-11-27 12:00")
	fields := []string{"language: fr", "translation_of: " + string(original.ID)}
	filed, err := r.File(t.Context(), r.document("Traité signé", fields...), Filing{Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string, err error) {
		t.Helper()
		french := r.stored(filed.Article.ID)
		if err != nil || french.State != press.Embargoed || !french.Inherits || french.Alone || !french.Published.Equal(r.stored(original.ID).Published) {
			t.Errorf("%s: %v; it is %s at %s, inherits %v, alone %v", what, err, french.State, french.Published, french.Inherits, french.Alone)
		}
	}
	check("published", nil)
	_, err = r.Correct(t.Context(), filed.Article.ID, r.document("Traité signé", append(fields, "lead: Il l'est.")...), Correction{Alone: true})
	check("corrected", err)
	if _, err = r.Correct(t.Context(), filed.Article.ID, r.document("Traité signé", append(fields, "lead: Il l'est.")...), Correction{Alone: true}); !errors.Is(err, ErrSame) || !strings.Contains(err.Error(), "needs a date of its own") {
		t.Errorf("with its text as it is: %v", err)
	}
	_, err = r.Correct(t.Context(), original.ID, r.document("Treaty signed", "published: 2026-11-27 13:00"), Correction{})
	check("its original moved", err)
	got, err := r.Correct(t.Context(), filed.Article.ID, r.document("Traité signé", append(fields, "published: 2026-11-26")...), Correction{Alone: true, Lift: true})
	if err != nil || got.Article.State != press.Published {
		t.Errorf("with the date of today it is %s: %v", got.Article.State, err)
	}
}

// TestAHeldTranslationOfAnotherOriginal is held no longer, nor are the others of its set:
// they are under the embargo of that, or if that is public go out when somebody says so.
func TestAHeldTranslationOfAnotherOriginal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		gone     string // the date of the former original
		date     string // of the other original
		french   string // of the translation that joins
		c        Correction
		want     error
		at       string // when the translation is public then
		withThat bool   // the others of the set are under the embargo of the other original
	}{
		{"under embargo", "2026-11-27 12:00", "2026-11-27 15:00", "", Correction{}, nil, "2026-11-27 15:00", true},
		{"under an earlier embargo", "2026-11-27 12:00", "2026-11-27 11:00", "", Correction{}, nil, "2026-11-27 11:00", true},
		{"under embargo, alone", "2026-11-27 12:00", "2026-11-27 15:00", "", Correction{Alone: true}, nil, "2026-11-27 15:00", true},
		{"under embargo, dated as that", "2026-11-27 12:00", "2026-11-27 15:00", "2026-11-27 15:00", Correction{}, nil, "2026-11-27 15:00", true},
		{"under embargo, dated later", "2026-11-27 12:00", "2026-11-27 15:00", "2026-11-27 16:00", Correction{}, nil, "2026-11-27 16:00", true},
		{"under embargo, dated before", "2026-11-27 12:00", "2026-11-27 15:00", "2026-11-27 14:00", Correction{}, ErrAlone, "", false},
		{"under embargo, dated before and alone", "2026-11-27 12:00", "2026-11-27 15:00", "2026-11-27 14:00", Correction{Alone: true}, nil, "2026-11-27 14:00", true},
		{"public", "2026-11-27 12:00", "", "", Correction{}, ErrLifted, "", false},
		{"public, alone", "2026-11-27 12:00", "", "", Correction{Alone: true}, ErrLifted, "", false},
		{"public, lifted", "2026-11-27 12:00", "", "", Correction{Lift: true}, nil, "now", false},
		{"public, with a date", "2026-11-27 12:00", "", "2026-11-27 15:00", Correction{}, nil, "2026-11-27 15:00", false},
		{"public, with the date that it had", "2026-11-27 12:00", "", "2026-11-27 12:00", Correction{}, nil, "2026-11-27 12:00", false},
		{"public, with a date that is past", "2026-11-27 12:00", "", "2026-11-26", Correction{}, ErrLifted, "", false},
		{"the former was public", "", "2026-11-27 15:00", "", Correction{}, nil, "2026-11-27 15:00", true},
	} {
		r := newRoom(t)
		var fields []string
		if tt.gone != "" {
			fields = append(fields, "published: "+tt.gone)
		}
		former := r.file("Treaty singed", fields...)
		of := "translation_of: " + string(former.ID)
		fields = []string{"language: fr", of, "published: 2026-11-27 12:00"}
		french := r.file("Traité signé", fields...)
		arabic := r.file("توقيع المعاهدة", append([]string{"language: ar"}, fields[1:]...)...)
		if _, err := r.Withdraw(t.Context(), former.ID, "Not agreed."); err != nil {
			t.Fatal(err)
		}
		fields = nil
		if tt.date != "" {
			fields = append(fields, "published: "+tt.date)
		}
		_, err := r.File(t.Context(), r.document("Treaty signed", append(fields, "translation_of: "+string(french.ID))...), Filing{Alone: true})
		if !errors.Is(err, ErrWithdrawnOriginal) || !strings.Contains(err.Error(), "correct that one with translation_of:") {
			t.Errorf("%s: an original of what is held: %v", tt.name, err)
		}
		original := r.file("Treaty signed", fields...)
		fields = []string{"language: fr", "translation_of: " + string(original.ID)}
		if tt.french != "" {
			fields = append(fields, "published: "+tt.french)
		}
		got, err := r.Correct(t.Context(), french.ID, r.document("Traité signé", fields...), tt.c)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
		fr, ar := r.stored(french.ID), r.stored(arabic.ID)
		if err != nil {
			if !fr.Held || !ar.Held || fr.State != press.Embargoed {
				t.Errorf("%s: refused, it is %s, held %v", tt.name, fr.State, fr.Held)
			}
			continue
		}
		at, public := r.clock.Now(), tt.at == "now"
		if !public {
			at, _ = time.ParseInLocation("2006-01-02 15:04", tt.at, r.Zone)
		}
		if fr.Held || fr.State == press.Published != public || !fr.Published.Equal(at) {
			t.Errorf("%s: it is %s at %s, held %v", tt.name, fr.State, fr.Published, fr.Held)
		}
		if ar.Held == tt.withThat || tt.withThat && ar.Published.Before(r.stored(original.ID).Published) {
			t.Errorf("%s: the other of its set is %s at %s, held %v", tt.name, ar.State, ar.Published, ar.Held)
		}
		fate := Held
		if tt.withThat {
			fate = Freed
		}
		if !slices.ContainsFunc(got.Siblings, func(s Sibling) bool { return s.Article.ID == arabic.ID && s.Fate == fate }) {
			t.Errorf("%s: it says %v", tt.name, got.Siblings)
		}
		if _, err := r.Correct(t.Context(), arabic.ID, r.document("توقيع المعاهدة", "language: ar", fields[1]), Correction{Lift: true}); err != nil {
			t.Errorf("%s: the other corrected as a translation of the original: %v", tt.name, err)
		}
	}
}

// TestNothingJoinsWhatIsHeld, neither a new article nor a draft nor one that is public.
func TestNothingJoinsWhatIsHeld(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	former := r.file("Treaty signed")
	held := r.file("توقيع المعاهدة", "language: ar", "published: 2026-11-27 12:00", "translation_of: "+string(former.ID))
	if _, err := r.Withdraw(t.Context(), former.ID, "Not agreed."); err != nil {
		t.Fatal(err)
	}
	public, draft := r.file("Traité signé", "language: fr"), r.file("Συνθήκη", "language: el", "published: 2026-11-28")
	link := "translation_of: " + string(held.ID)
	for _, a := range []press.Article{public, draft} {
		for _, c := range []Correction{{Minor: true}, {Minor: true, Alone: true}} {
			_, err := r.Correct(t.Context(), a.ID, r.document(a.Title, "language: "+string(a.Language), link), c)
			if !errors.Is(err, ErrWithdrawnOriginal) || r.stored(a.ID).Group != a.ID {
				t.Errorf("%s is %s: %v", a.Language, a.State, err)
			}
		}
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
