package newsroom

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/importer"
	"communique/storage/press"
)

// TestCorrect: a correction replaces everything but the id, and is a line in the
// log; a minor one moves no public date.
func TestCorrect(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	before := r.file("Treaty singed", "lead: It was.", "tags: [treaties]")
	r.clock.Pass(time.Hour)
	minor, err := r.Correct(t.Context(), before.ID, r.document("Treaty signed", "lead: It was."), Correction{Minor: true})
	if err != nil || minor.Article.Title != "Treaty signed" || !minor.Article.Updated.Equal(before.Updated) || len(minor.Article.Tags) != 0 {
		t.Errorf("a minor correction gives %+v, %v", minor.Article, err)
	}
	noted, err := r.Correct(t.Context(), before.ID, r.document("Treaty signed this morning"), Correction{Note: " The hour was missing.\n"})
	if err != nil || noted.Article.Revision != 3 || !noted.Article.Updated.After(before.Updated) || noted.Entry.Kind != press.KindCorrected {
		t.Errorf("a correction gives %+v, %+v, %v", noted.Article, noted.Entry, err)
	}
	if !strings.Contains(r.told.String(), "msg=corrected article="+string(before.ID)) {
		t.Errorf("the log was told\n%s", r.told.String())
	}
}

// TestCorrectNeedsANote: the public is told what was corrected, or nobody need know.
func TestCorrectProblems(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	public, doc := r.file("Treaty signed"), r.document("Treaty signed today")
	withdrawn := r.file("Withdrawn")
	if _, err := r.Withdraw(t.Context(), withdrawn.ID, "An error."); err != nil {
		t.Fatal(err)
	}
	elsewhere, dated := doc, r.document("Treaty signed", "published: 2026-11-25")
	elsewhere.Section = "nowhere"
	for _, tt := range []struct {
		name string
		id   press.ArticleID
		doc  Document
		c    Correction
		want error
	}{
		{"unknown", "aaaaaaaaaaaaaaaa", doc, Correction{Minor: true}, press.ErrNotFound},
		{"withdrawn", withdrawn.ID, doc, Correction{Minor: true}, press.ErrConflict},
		{"unknown section", public.ID, elsewhere, Correction{Minor: true}, press.ErrNotFound},
		{"date of what was pushed", public.ID, dated, Correction{Minor: true}, press.ErrInvalid},
		{"minor with a note", public.ID, doc, Correction{Minor: true, Note: "All of it."}, press.ErrInvalid},
	} {
		if _, err := r.Correct(t.Context(), tt.id, tt.doc, tt.c); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	if after := r.stored(public.ID); after.Revision != 1 {
		t.Errorf("it has revision %d after corrections that were refused", after.Revision)
	}
}

// TestCorrectDraft: under embargo a correction replaces the draft, with its date or
// without; with the date of today it goes out at once.
func TestCorrectDraft(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	draft := r.file("Treaty signed", "published: 2026-11-27 12:00")
	for _, tt := range []struct {
		name, published string
		state           press.State
		want            time.Time
	}{
		{"without a date", "", press.Embargoed, time.Date(2026, 11, 27, 11, 0, 0, 0, time.UTC)},
		{"later", "published: 2026-11-28 12:00", press.Embargoed, time.Date(2026, 11, 28, 11, 0, 0, 0, time.UTC)},
		{"today", "published: 2026-11-26 10:00", press.Published, time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)},
	} {
		if tt.state == press.Published {
			if _, err := r.Correct(t.Context(), draft.ID, r.document("Treaty", tt.published), Correction{}); !errors.Is(err, ErrLifted) {
				t.Errorf("%s, and nobody has said that the embargo ends: %v", tt.name, err)
			}
		}
		got, err := r.Correct(t.Context(), draft.ID, r.document("Treaty", tt.published), Correction{Note: "Shorter.", Lift: tt.state == press.Published})
		if err != nil || got.Article.State != tt.state || !got.Article.Published.Equal(tt.want) || (got.Entry.Seq > 0) != (tt.state == press.Published) {
			t.Errorf("%s: %+v %+v, %v; want it %s at %s", tt.name, got.Article, got.Entry, err, tt.state, tt.want)
		}
	}
}

// TestCorrectWhereItIs: a document that calls its section as before keeps the article in
// it, wherever that is now and whatever is called so since; another name moves it.
func TestCorrectWhereItIs(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	text := func(section, title string) Document {
		t.Helper()
		doc, err := r.Read("a.md", []byte("---\ntitle: "+title+"\nsection: "+section+"\n---\n\nThe treaty was signed in the morning.\n"), nil)
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	const names = "The Ministry > Statements"
	filed, err := r.File(t.Context(), text(names, "Treaty singed"), Filing{})
	if err != nil {
		t.Fatal(err)
	}
	a := filed.Article
	must(r.MoveSection(t.Context(), "the-ministry/statements", "/", false))
	if got, err := r.Correct(t.Context(), a.ID, text(names, "Treaty signed"), Correction{Minor: true}); err != nil || got.Article.Section != a.Section {
		t.Errorf("after the move: in section %d, %v", got.Article.Section, err)
	}
	other := r.sections("The Ministry", "Statements by others")
	must(r.NameSection(t.Context(), "the-ministry/statements-by-others", "", "Statements"))
	if got, err := r.Correct(t.Context(), a.ID, text(names, "Treaty signed today"), Correction{Minor: true}); err != nil || got.Article.Section != a.Section {
		t.Errorf("with another one of the name: in section %d, %v", got.Article.Section, err)
	}
	if got, err := r.Correct(t.Context(), a.ID, text("the-ministry/statements-by-others", "Treaty signed"), Correction{Minor: true, Back: true}); err != nil || got.Article.Section != other.ID {
		t.Errorf("moved: in section %d, %v", got.Article.Section, err)
	}
}

// TestMistypedYear: a draft whose corrected date is long past would be public and
// pushed at once. It stays under embargo, unless it is silent.
func TestMistypedYear(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	draft := r.file("Treaty signed", "published: 2026-11-27 12:00")
	mistyped := r.document("Treaty signed", "published: 2025-11-27 12:00")
	var problem *Problem
	_, err := r.Correct(t.Context(), draft.ID, mistyped, Correction{Note: "A comma."})
	if !errors.Is(err, ErrOld) || !errors.As(err, &problem) || problem.Line != 4 || problem.Field != "published" {
		t.Errorf("error %v, want ErrOld in line 4", err)
	}
	if after := r.stored(draft.ID); after.State != press.Embargoed || !after.Published.Equal(draft.Published) {
		t.Fatalf("it is %s, dated %s", after.State, after.Published)
	}
	got, err := r.Correct(t.Context(), draft.ID, mistyped, Correction{Note: "A comma.", Silent: true, Lift: true})
	if err != nil || got.Article.State != press.Published || !got.Article.Silent || !got.Entry.Silent {
		t.Errorf("silently: %+v, %+v, %v", got.Article, got.Entry, err)
	}
	silent, err := r.File(t.Context(), r.document("From the archive", "published: 2026-11-27"), Filing{Silent: true})
	if err != nil {
		t.Fatal(err)
	}
	got, err = r.Correct(t.Context(), silent.Article.ID, mistyped, Correction{Minor: true, Lift: true})
	if err != nil || got.Article.State != press.Published || !got.Entry.Silent {
		t.Errorf("a draft that was silent: %+v, %+v, %v", got.Article, got.Entry, err)
	}
}

// TestSilence: what was pushed cannot be made silent, and a draft stays what it was
// filed as.
func TestSilence(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	public := r.file("Treaty signed")
	if _, err := r.Correct(t.Context(), public.ID, r.document("Treaty"), Correction{Minor: true, Silent: true}); !errors.Is(err, press.ErrConflict) {
		t.Errorf("a public article: %v", err)
	}
	draft := r.file("Visit", "published: 2026-11-27")
	for i, silent := range []bool{true, false} { // the second keeps what the first made
		got, err := r.Correct(t.Context(), draft.ID, r.document("Visit", []string{"", "lead: Today."}[i]), Correction{Minor: true, Silent: silent})
		if err != nil || !got.Article.Silent {
			t.Errorf("correction %d: silent %v, %v", i, got.Article.Silent, err)
		}
	}
}

// TestOverdueDraft: a draft that should have been public days ago, had a server run,
// can be corrected like one without a date: its date is no mistake of the correction.
func TestOverdueDraft(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	draft := r.file("Treaty signed", "published: 2026-11-27 12:00")
	r.clock.Pass(5 * 24 * time.Hour)
	got, err := r.Correct(t.Context(), draft.ID, r.document("Treaty", "published: 2026-11-27 12:00"), Correction{Minor: true})
	if err != nil || got.Article.State != press.Published {
		t.Errorf("%+v, %v", got.Article, err)
	}
}

// TestWhatACorrectionLeavesOut: what tells one article from another stays as it was
// if the corrected document does not say it; what it says of it counts.
func TestWhatACorrectionLeavesOut(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.sections("Press Room")
	original := r.file("Treaty signed")
	for _, published := range []string{"", "published: 2026-11-27"} {
		filed, err := r.File(t.Context(), r.document("Signature du traité", "language: fr", "translation_of: "+string(original.ID), published), Filing{Again: true})
		if err != nil {
			t.Fatal(err)
		}
		before := filed.Article
		got, err := r.Correct(t.Context(), before.ID, r.document("Signature d’un traité"), Correction{Minor: true})
		if err != nil {
			t.Fatal(err)
		}
		after := r.stored(before.ID)
		if after.Language != "fr" || after.Group != original.ID || !after.Published.Equal(before.Published) || after.Precision != before.Precision || after.State != before.State {
			t.Errorf("it was %+v and is %+v", before, after)
		}
		if got.Article.Language != "fr" {
			t.Errorf("the result is in %s", got.Article.Language)
		}
		if _, err := r.Withdraw(t.Context(), before.ID, "Make room."); err != nil {
			t.Fatal(err)
		}
	}
	imported, err := r.Import(t.Context(), page(func(p *importer.Page) { p.Language = "fr" }), anywhere)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Correct(t.Context(), imported.Article.ID, r.document("Une visite"), Correction{Minor: true, Replace: true}); err != nil {
		t.Fatal(err)
	}
	after := r.stored(imported.Article.ID)
	if after.Language != "fr" || !after.Silent || after.SourceURL != imported.Article.SourceURL || after.Identity != imported.Article.Identity {
		t.Errorf("an imported article was %+v and is %+v", imported.Article, after)
	}
	got, err := r.Correct(t.Context(), imported.Article.ID, r.document("Una visita", "language: es"), Correction{Minor: true, Replace: true})
	if err != nil || got.Article.Language != "es" {
		t.Errorf("in another language: %s, %v", got.Article.Language, err)
	}
}

// TestAnHourOfAFormerZone: an hour that was written before the site moved is read as it was
// in a document that was made of the draft; written by hand, it may be one of two, and
// nobody is taken to mean either.
func TestAnHourOfAFormerZone(t *testing.T) {
	t.Parallel()
	const written = "published: 2026-12-24 10:00"
	shanghai, newYork := "2026-12-24T10:00:00+08:00", "2026-12-24T10:00:00-05:00"
	for _, tt := range []struct {
		name, from, to, date string
		made                 bool // of the draft
		want                 string
	}{
		{"of the draft", "Asia/Shanghai", "America/New_York", written, true, shanghai},
		{"of the draft, westward", "America/New_York", "Asia/Shanghai", written, true, newYork},
		{"by hand", "Asia/Shanghai", "America/New_York", written, false, ""},
		{"by hand, westward", "America/New_York", "Asia/Shanghai", written, false, ""},
		{"by hand, without a date", "Asia/Shanghai", "America/New_York", "", false, shanghai},
		{"by hand, with the offset of then", "Asia/Shanghai", "America/New_York", "published: " + shanghai, false, shanghai},
		{"by hand, with that of today", "Asia/Shanghai", "America/New_York", "published: " + newYork, false, newYork},
		{"by hand, another hour", "Asia/Shanghai", "America/New_York", "published: 2026-12-24 11:00", false, "2026-12-24T11:00:00-05:00"},
		{"a day", "Asia/Shanghai", "America/New_York", "published: 2026-12-24", false, "2026-12-24T00:00:00-05:00"},
	} {
		r := newRoom(t)
		move := func(to string) {
			zone, err := time.LoadLocation(to)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Store.DateIn(t.Context(), zone); err != nil {
				t.Fatal(err)
			}
			r.Zone = zone
		}
		move(tt.from)
		original := r.file("Treaty signed", written)
		french := r.file("Traité signé", "language: fr", "translation_of: "+string(original.ID), written)
		move(tt.to)
		for _, a := range []press.Article{original, french} {
			text := []byte(source(a.Title, tt.date, "language: "+string(a.Language)))
			if tt.made {
				var err error
				if text, err = r.Markdown(t.Context(), a.ID); err != nil {
					t.Fatal(err)
				}
			}
			doc, err := r.Read("statement.md", append(text, "More.\n"...), nil)
			if err != nil {
				t.Fatal(err)
			}
			_, err = r.Correct(t.Context(), a.ID, doc, Correction{})
			if tt.want == "" {
				for _, want := range []string{shanghai, newYork} {
					if !errors.Is(err, press.ErrConflict) || !strings.Contains(err.Error(), want) {
						t.Errorf("%s: %v", tt.name, err)
					}
				}
				continue
			}
			if got := r.stored(a.ID).Published.Format(time.RFC3339); err != nil || got != stampOf(t, tt.want) {
				t.Errorf("%s: %s is dated %s, want %s: %v", tt.name, a.Language, got, tt.want, err)
			}
		}
	}
}

func stampOf(t *testing.T, date string) string {
	t.Helper()
	at, err := time.Parse(time.RFC3339, date)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC().Format(time.RFC3339)
}

// TestAnHourThatStays in a zone that the site had: the public has that instant, and whoever
// writes it again is told which one that is.
func TestAnHourThatStays(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	for _, silent := range []bool{false, true} {
		r.Zone = berlin(t)
		filed, err := r.File(t.Context(), r.texts("Budget", "It is 100.", "published: 2026-11-25 10:00"), Filing{Silent: silent, Again: true})
		if err != nil {
			t.Fatal(err)
		}
		r.Zone = tokyo
		corrected, err := r.Correct(t.Context(), filed.Article.ID, r.texts("Budget", "It is 200.", "published: 2026-11-25 10:00"), Correction{Minor: true, Silent: silent})
		if err != nil {
			t.Fatal(err)
		}
		if !corrected.Article.Published.Equal(filed.Article.Published) {
			t.Errorf("it moved from %s to %s", filed.Article.Published, corrected.Article.Published)
		}
		if notes := fmt.Sprint(corrected.Notes); !strings.Contains(notes, "it stays dated 2026-11-25T10:00:00+01:00") || !strings.Contains(notes, "2026-11-25T10:00:00+09:00") {
			t.Errorf("silent %t: nothing of it is said: %s", silent, notes)
		}
	}
}

// TestCorrectingLooks: what readers see besides the words can be corrected.
func TestCorrectingLooks(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ from, to string }{
		"the alignment of a column": {"| A | B |\n|---|---|\n| 1 | 2 |", "| A | B |\n|---|--:|\n| 1 | 2 |"},
		"the title of a link":       {`See [the annex](https://a.example/1 "Draft").`, `See [the annex](https://a.example/1 "Final").`},
		"the level of a heading":    {"## One\n\na\n\n## Two\n\nb", "## One\n\na\n\n### Two\n\nb"},
		"a heading":                 {"**One**\n\na", "## One\n\na"},
		"the number of a list":      {"7. a", "8. a"},
	} {
		r := newRoom(t)
		filed, err := r.File(t.Context(), r.texts("Seats", tt.from), Filing{})
		if err != nil {
			t.Fatal(err)
		}
		for to, want := range map[string]error{tt.from: ErrSame, tt.to: nil} {
			err := r.Rehearse(t.Context(), func(d Desk) error {
				_, err := d.Correct(t.Context(), filed.Article.ID, r.texts("Seats", to), Correction{Minor: true})
				return err
			})
			if !errors.Is(err, want) || want == nil && err != nil {
				t.Errorf("%s: %v, want %v", name, err, want)
			}
		}
	}
}

// TestLevelsOfAllHeadings: what changes the levels of headings and nothing that readers
// see is refused with why that is so.
func TestLevelsOfAllHeadings(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	filed, err := r.File(t.Context(), r.texts("Seats", "## One\n\na\n\n## Two"), Filing{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.Correct(t.Context(), filed.Article.ID, r.texts("Seats", "# One\n\na\n\n# Two"), Correction{Minor: true})
	if !errors.Is(err, ErrSame) || !strings.Contains(err.Error(), "always stands right below the title") {
		t.Error(err)
	}
}
