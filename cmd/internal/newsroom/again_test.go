package newsroom

import (
	"errors"
	"strings"
	"testing"
	"time"

	"communique/storage/press"
)

// TestADocumentIsFiledOnce, as it was written and as it was corrected, whoever has
// pressed the key twice; it may come again if that is meant, and after its withdrawal.
func TestADocumentIsFiledOnce(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	first := r.file("A treaty")
	r.clock.Pass(time.Minute)
	refused := func(name string, doc Document, f Filing) {
		t.Helper()
		_, err := r.File(t.Context(), doc, f)
		if !errors.Is(err, ErrAgain) || !errors.Is(err, press.ErrConflict) || !strings.Contains(err.Error(), string(first.ID)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	refused("again", r.document("A treaty"), Filing{})
	refused("silently", r.document("A treaty"), Filing{Silent: true})
	refused("under a key", r.document("A treaty"), Filing{Key: "k"})
	if _, err := r.Correct(t.Context(), first.ID, r.document("A treaty of ours"), Correction{Minor: true, Replace: true}); err != nil {
		t.Fatal(err)
	}
	refused("as it was before its correction", r.document("A treaty"), Filing{})
	refused("as it was corrected", r.document("A treaty of ours"), Filing{})
	if _, err := r.File(t.Context(), r.document("A treaty"), Filing{Again: true}); err != nil {
		t.Errorf("as it is meant: %v", err)
	}
	if _, err := r.File(t.Context(), r.document("A treaty", "language: fr"), Filing{}); err != nil {
		t.Errorf("in another language: %v", err)
	}
	other := r.file("Withdrawn")
	if _, err := r.Withdraw(t.Context(), other.ID, "An error."); err != nil {
		t.Fatal(err)
	}
	r.file("Withdrawn")
	keyed, err := r.File(t.Context(), r.document("Keyed"), Filing{Key: "2026-1"})
	if err != nil || keyed.Repeated {
		t.Fatalf("%+v, %v", keyed, err)
	}
	again, err := r.File(t.Context(), r.document("Keyed"), Filing{Key: "2026-1"})
	if err != nil || !again.Repeated || again.Article.ID != keyed.Article.ID {
		t.Errorf("its key again: %+v, %v", again, err)
	}
}

// TestList by everything that an editor looks for.
func TestList(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.file("The harbour")
	r.clock.Pass(26 * time.Hour)
	r.file("Fish and HARBOURS", "language: fr")
	r.file("Later", "published: 2026-12-24 10:00")
	withdrawn := r.file("Gone")
	if _, err := r.Withdraw(t.Context(), withdrawn.ID, "An error."); err != nil {
		t.Fatal(err)
	}
	day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, r.Zone) }
	for name, tt := range map[string]struct {
		l    Listing
		want int
	}{
		"everything":              {Listing{}, 4},
		"under embargo":           {Listing{State: press.Embargoed}, 1},
		"withdrawn":               {Listing{State: press.Withdrawn}, 1},
		"French":                  {Listing{Language: "fr"}, 1},
		"a word in any case":      {Listing{Text: "harbour"}, 2},
		"a section above":         {Listing{Section: "The Ministry"}, 4},
		"the day before":          {Listing{Before: day(27)}, 1},
		"the next day":            {Listing{Since: day(27), Before: day(28)}, 2},
		"of one day and language": {Listing{Since: day(27), Language: "en", State: press.Published}, 0},
	} {
		if all, _, err := r.List(t.Context(), tt.l, 50); err != nil || len(all) != tt.want {
			t.Errorf("%s: %d articles, %v, want %d", name, len(all), err, tt.want)
		}
	}
	if all, _, err := r.List(t.Context(), Listing{}, 2); err != nil || len(all) != 2 {
		t.Errorf("two of them: %d, %v", len(all), err)
	}
	if _, _, err := r.List(t.Context(), Listing{Section: "nowhere"}, 50); !errors.Is(err, press.ErrNotFound) {
		t.Errorf("an unknown section: %v", err)
	}
}
