package newsroom

import (
	"errors"
	"strings"
	"testing"
	"time"

	"communique/storage/press"
)

// TestADocumentIsFiledOnce, as it was written and as it was corrected, whoever has
// pressed the key twice; it may come again if that is meant, also after its withdrawal.
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
	refused("in another language", r.document("A treaty", "language: fr"), Filing{})
	refused("under a key", r.document("A treaty"), Filing{Key: "k"})
	if _, err := r.Correct(t.Context(), first.ID, r.document("A treaty of ours"), Correction{Minor: true, Replace: true}); err != nil {
		t.Fatal(err)
	}
	refused("as it was before its correction", r.document("A treaty"), Filing{})
	refused("as it was corrected", r.document("A treaty of ours"), Filing{})
	if _, err := r.File(t.Context(), r.document("A treaty"), Filing{Again: true}); err != nil {
		t.Errorf("as it is meant: %v", err)
	}
	other := r.file("Withdrawn")
	if _, err := r.Withdraw(t.Context(), other.ID, "An error."); err != nil {
		t.Fatal(err)
	}
	_, err := r.File(t.Context(), r.document("Withdrawn", "tags: [other]"), Filing{})
	if !errors.Is(err, ErrAgain) || !strings.Contains(err.Error(), "was withdrawn on 2026-11-26") {
		t.Errorf("what was withdrawn: %v", err)
	}
	if _, err := r.File(t.Context(), r.document("Withdrawn"), Filing{Again: true}); err != nil {
		t.Errorf("what was withdrawn, as it is meant: %v", err)
	}
	keyed, err := r.File(t.Context(), r.document("Keyed"), Filing{Key: "2026-1"})
	if err != nil || keyed.Repeated {
		t.Fatalf("%+v, %v", keyed, err)
	}
	again, err := r.File(t.Context(), r.document("Keyed"), Filing{Key: "2026-1"})
	if err != nil || !again.Repeated || again.Article.ID != keyed.Article.ID {
		t.Errorf("its key again: %+v, %v", again, err)
	}
}

// TestTheSameTextIsFiledOnce, whatever is around it; another text under the same title is
// another.
func TestTheSameTextIsFiledOnce(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.sections("Press Room")
	const body = "The minister signed the treaty of [Almira](https://almira.example/). It was *late*."
	first, err := r.File(t.Context(), r.texts("\"The treaty: signed\"", body, "tags: [sea]"), Filing{})
	if err != nil {
		t.Fatal(err)
	}
	r.clock.Pass(time.Hour)
	again := r.texts("\"The treaty: signed\"", body)
	again.Section = "press-room"
	for name, doc := range map[string]Document{
		"another tag":            r.texts("\"The treaty: signed\"", body, "tags: [land]"),
		"another section":        again,
		"a lead":                 r.texts("\"The treaty: signed\"", body, "lead: It was late."),
		"another date":           r.texts("\"The treaty: signed\"", body, "published: 2026-11-25 10:00"),
		"an embargo":             r.texts("\"The treaty: signed\"", body, "published: 2026-12-25 10:00"),
		"a picture":              r.texts("\"The treaty: signed\"", body, "images: [{src: 'https://a.example/x.png', alt: A pier}]"),
		"case, marks and blanks": r.texts("THE TREATY – signed!", "The minister signed the treaty of\u00a0[Almira](https://almira.example/); it was late"),
		"something nobody sees":  r.texts("\"The tre\u200baty: signed\"", strings.Replace(body, "late", "la\u00adte", 1)),
		"wide letters":           r.texts("\"Ｔｈｅ treaty: signed\"", body),
		"another language":       r.texts("\"The treaty: signed\"", body, "language: fr"),
		"paragraphs":             r.texts("\"The treaty: signed\"", strings.Replace(body, ". It", ".\n\nIt", 1)),
	} {
		if _, err := r.File(t.Context(), doc, Filing{}); !errors.Is(err, ErrAgain) || !strings.Contains(err.Error(), string(first.Article.ID)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.Correct(t.Context(), first.Article.ID, r.texts("The treaty was signed", "The minister signed it."), Correction{Note: "Shorter.", Replace: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.File(t.Context(), r.texts("\"The treaty: signed\"", body, "tags: [land]"), Filing{}); !errors.Is(err, ErrAgain) {
		t.Errorf("what it said before its correction: %v", err)
	}
	draft := r.file("A secret", "published: 2026-12-24 10:00")
	if _, err := r.File(t.Context(), r.document("A secret", "tags: [sea]"), Filing{}); !errors.Is(err, ErrAgain) || !strings.Contains(err.Error(), "under embargo") {
		t.Errorf("a draft: %v", err)
	}
	if _, err := r.Withdraw(t.Context(), draft.ID, ""); err != nil {
		t.Fatal(err)
	}
	for _, doc := range []struct {
		name string
		Document
	}{
		{"of a cancelled draft", r.document("A secret", "tags: [sea]")},
		{"this week's advice", r.texts("Travel advice", "Avoid the harbour until 3 May.")},
		{"next week's", r.texts("Travel advice", "Avoid the harbour until 10 May.")},
		{"another link", r.texts("Travel advice", "Avoid the [harbour](https://a.example/2) until 10 May.")},
		{"another title", r.texts("Advice to travellers", "Avoid the harbour until 10 May.")},
		{"a picture alone", r.texts("Picture of the day", "![A pier](https://a.example/1.png)")},
		{"another picture", r.texts("Picture of the day", "![A pier](https://a.example/2.png)")},
	} {
		if _, err := r.File(t.Context(), doc.Document, Filing{}); err != nil {
			t.Errorf("%s: %v", doc.name, err)
		}
	}
}

// TestList by everything that an editor looks for.
func TestList(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.file("The harbour")
	r.clock.Pass(26 * time.Hour)
	r.file("Fish and HARBOURS", "language: fr", "lead: À Évian.")
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
		"a word without accents":  {Listing{Text: "evian"}, 1},
		"a word with more":        {Listing{Text: "HÀRBOUR"}, 2},
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
