package newsroom

import (
	"errors"
	"strings"
	"testing"
	"time"

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
		got, err := r.Correct(t.Context(), draft.ID, r.document("Treaty", tt.published), Correction{Note: "Shorter."})
		if err != nil || got.Article.State != tt.state || !got.Article.Published.Equal(tt.want) || (got.Entry.Seq > 0) != (tt.state == press.Published) {
			t.Errorf("%s: %+v %+v, %v; want it %s at %s", tt.name, got.Article, got.Entry, err, tt.state, tt.want)
		}
	}
}
