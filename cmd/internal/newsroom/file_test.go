package newsroom

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"communique/storage"
	"communique/storage/press"
)

// TestFile: a document without a date is public now, one with a date of today has
// that date, and one that lies ahead is under embargo, with no line in the log.
func TestFile(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, published string
		state           press.State
		want            time.Time
	}{
		{"now", "", press.Published, now},
		{"this morning", "published: 2026-11-26 08:00", press.Published, now.Add(-150 * time.Minute)},
		{"this second", "published: 2026-11-26T10:30:00+01:00", press.Published, now},
		{"tomorrow", "published: 2026-11-27", press.Embargoed, time.Date(2026, 11, 26, 23, 0, 0, 0, time.UTC)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t)
			got, err := r.File(t.Context(), r.document("Treaty signed", tt.published), Filing{})
			if err != nil {
				t.Fatal(err)
			}
			stored := r.stored(got.Article.ID)
			if stored.State != tt.state || !stored.Published.Equal(tt.want) || stored.Language != "en" || stored.Silent {
				t.Errorf("stored as %+v, want it %s at %s", stored, tt.state, tt.want)
			}
			if public := got.Entry.Seq > 0; public != (tt.state == press.Published) {
				t.Errorf("its entry is %+v", got.Entry)
			}
			if want := `msg=filed article=` + string(stored.ID) + ` state=` + string(tt.state); !strings.Contains(r.told.String(), want) || !strings.Contains(r.told.String(), `author=ada via="command line"`) {
				t.Errorf("the log was told\n%s\nwant %s and who did it", r.told.String(), want)
			}
		})
	}
}

// TestRuleOf48Hours: what is older is not pushed to followers, where it would be on
// top. The bound is exact, by the clock of the transaction.
func TestRuleOf48Hours(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	exactly := r.document("Two days ago", "published: 2026-11-24T09:30:00Z")
	if _, err := r.File(t.Context(), exactly, Filing{}); err != nil {
		t.Errorf("48 hours ago: %v", err)
	}
	r.clock.Pass(time.Second)
	var problem *Problem
	_, err := r.File(t.Context(), exactly, Filing{})
	if !errors.Is(err, ErrOld) || !errors.Is(err, press.ErrInvalid) || !errors.As(err, &problem) || problem.Line != 4 || problem.Field != "published" {
		t.Errorf("a second later: %v, want ErrOld in line 4", err)
	}
	silent, err := r.File(t.Context(), exactly, Filing{Silent: true, Again: true})
	if err != nil || !silent.Article.Silent || !silent.Entry.Silent {
		t.Errorf("silently: %+v, %v", silent, err)
	}
	if n := r.articles(); n != 2 {
		t.Errorf("%d articles are stored, want 2", n)
	}
}

// TestFileOnce: the same key with the same document returns the article that
// exists, with another document it is a conflict, and it brings nothing back.
func TestFileOnce(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	doc, once := r.document("Budget passed"), Filing{Key: "mfa-1"}
	first, err := r.File(t.Context(), doc, once)
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.File(t.Context(), doc, once)
	if err != nil || again.Article.ID != first.Article.ID || again.Entry.Seq != first.Entry.Seq || r.articles() != 1 {
		t.Errorf("again: %+v, %v, want %+v", again, err, first)
	}
	if _, err := r.File(t.Context(), r.document("Another"), once); !errors.Is(err, press.ErrConflict) {
		t.Errorf("another document under the key: %v", err)
	}
	if _, err := r.Withdraw(t.Context(), first.Article.ID, "An error."); err != nil {
		t.Fatal(err)
	}
	if _, err := r.File(t.Context(), doc, once); !errors.Is(err, press.ErrConflict) {
		t.Errorf("under the key of a withdrawn article: %v", err)
	}
}

// TestFileProblems: what is wrong with a document is said with its field and line,
// and nothing is stored.
func TestFileProblems(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		cause      error
		want       string
	}{
		{"unknown section", "---\ntitle: A\nsection: The Ministry > Statement\n---\nText.", press.ErrNotFound,
			`a.md:3: section: there is no section "The Ministry > Statement"; the nearest is "The Ministry > Statements"`},
		{"unknown original", "---\ntitle: A\nsection: the-ministry\ntranslation_of: aaaaaaaaaaaaaaaa\n---\nText.", press.ErrNotFound,
			"a.md:4: translation_of: read article: not found: there is no article aaaaaaaaaaaaaaaa"},
		{"original elsewhere", "---\ntitle: A\nsection: the-ministry\ntranslation_of: https://other.example/en/articles/aaaaaaaaaaaaaaaa/\n---\nText.", press.ErrInvalid,
			"a.md:4: translation_of: invalid: https://other.example/en/articles/aaaaaaaaaaaaaaaa/ is on other.example"},
		{"over-long title", "---\ntitle: " + strings.Repeat("x", press.MaxTitle+1) + "\nsection: the-ministry\n---\nText.", press.ErrInvalid,
			"a.md: invalid title: longer than 500 characters"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t)
			doc, err := r.Read("a.md", []byte(tt.text), nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err = r.File(t.Context(), doc, Filing{}); !errors.Is(err, tt.cause) || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("error %v, want %s… (%v)", err, tt.want, tt.cause)
			}
			if n := r.articles(); n != 0 {
				t.Errorf("%d articles are stored", n)
			}
		})
	}
}

// TestNoLanguage: a desk without a language of its own takes what tells its own.
func TestNoLanguage(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.Language = ""
	if _, err := r.File(t.Context(), r.document("A"), Filing{}); !errors.Is(err, press.ErrInvalid) || err.Error() != "statement.md: language: it is missing and none is configured: write one like en" {
		t.Errorf("without a language: %v", err)
	}
	if _, err := r.File(t.Context(), r.document("A", "language: el"), Filing{}); err != nil {
		t.Errorf("in Greek: %v", err)
	}
}

// TestPicturesAreStored: a picture beside a document is stored with it, and becomes
// public with the article.
func TestPicturesAreStored(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	text := source("Harbour", "images: [{src: pier.png, alt: The pier}]", "published: 2026-11-27")
	doc, err := r.Read("a.md", []byte(text), fstest.MapFS{"pier.png": picture(t, 20)})
	if err != nil {
		t.Fatal(err)
	}
	filed, err := r.File(t.Context(), doc, Filing{})
	if err != nil {
		t.Fatal(err)
	}
	if shown := filed.Article.Images; len(shown) != 1 || shown[0].Width != 20 || shown[0].Alt != "The pier" {
		t.Errorf("it shows %+v", shown)
	}
	err = r.Store.View(t.Context(), func(tx *storage.Tx) error {
		_, err := tx.PublicMedia(doc.Pictures[0].Hash)
		return err
	})
	if !errors.Is(err, press.ErrNotFound) {
		t.Errorf("under embargo its picture is %v, want it not found", err)
	}
}

// TestNotes: the editor is told what a text has lost.
func TestNotes(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	doc, err := r.Read("a.md", []byte(source("Links")+"[run](javascript:x)\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	filed, err := r.File(t.Context(), doc, Filing{})
	if err != nil || len(filed.Notes) != 1 {
		t.Fatalf("notes %v (%v), want one", filed.Notes, err)
	}
	doc.Lead = "It has one."
	corrected, err := r.Correct(t.Context(), filed.Article.ID, doc, Correction{Minor: true})
	if err != nil || len(corrected.Notes) != 1 {
		t.Errorf("notes of the correction %v (%v), want one", corrected.Notes, err)
	}
}

// TestTranslations: a translation joins its original's group, by the id or an
// address of it, and has a language of its own there.
func TestTranslations(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	original := r.file("Treaty signed")
	french := r.file("Signature du traité", "language: fr", "translation_of: "+string(original.ID))
	arabic := r.file("توقيع المعاهدة", "language: ar", "translation_of: "+r.Site.Article(french))
	if french.Group != original.ID || arabic.Group != original.ID {
		t.Errorf("the groups are %s and %s, want %s", french.Group, arabic.Group, original.ID)
	}
	second := r.document("Le traité", "language: fr", "translation_of: "+string(arabic.ID))
	if _, err := r.File(t.Context(), second, Filing{}); !errors.Is(err, press.ErrConflict) {
		t.Errorf("a second one in French: %v", err)
	}
}
