package newsroom

import (
	"errors"
	"strings"
	"testing"

	"communique/storage/press"
)

// TestWithdraw: once, for a reason; a draft is cancelled without a line in the log.
func TestWithdraw(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	public, draft := r.file("Treaty signed"), r.file("Visit", "published: 2026-11-27")
	if _, err := r.Withdraw(t.Context(), public.ID, " \n"); !errors.Is(err, press.ErrInvalid) {
		t.Errorf("without a reason: %v", err)
	}
	got, err := r.Withdraw(t.Context(), public.ID, " Issued in error. ")
	if err != nil || got.Article.State != press.Withdrawn || got.Article.Reason != "Issued in error." || got.Entry.Kind != press.KindWithdrawn {
		t.Errorf("%+v %+v, %v", got.Article, got.Entry, err)
	}
	if _, err := r.Withdraw(t.Context(), public.ID, "Again."); !errors.Is(err, press.ErrConflict) {
		t.Errorf("a second time: %v", err)
	}
	got, err = r.Withdraw(t.Context(), draft.ID, "Overtaken.")
	if err != nil || got.Article.State != press.Cancelled || got.Entry.Seq != 0 {
		t.Errorf("a draft: %+v %+v, %v", got.Article, got.Entry, err)
	}
}

// TestNothingBesideATextTellsWhatIsKeptBack: neither the reason of a withdrawal nor tags.
func TestNothingBesideATextTellsWhatIsKeptBack(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	const told = "The two governments of Almira and Brand agree on a ceasefire in the northern province of Tavira from Friday on."
	secret := r.publish(r.texts("A secret", told, "published: 2026-12-24 10:00"))
	public := r.file("A statement of another kind")
	if _, err := r.Withdraw(t.Context(), public.ID, told); !errors.Is(err, ErrAgain) || !strings.Contains(err.Error(), string(secret.ID)) {
		t.Errorf("a reason: %v", err)
	}
	tags := "tags: [" + strings.TrimSuffix(told, ".") + "]"
	if err := r.rehearsed(r.texts("Tagged", "Something was said.", tags)); !errors.Is(err, ErrAgain) || !strings.Contains(err.Error(), "the tags") {
		t.Errorf("tags: %v", err)
	}
	if _, err := r.Correct(t.Context(), public.ID, r.document("A statement of another kind", tags), Correction{Minor: true}); !errors.Is(err, ErrAgain) {
		t.Errorf("tags of a correction: %v", err)
	}
	if _, err := r.Withdraw(t.Context(), public.ID, "Issued in error."); err != nil {
		t.Error(err)
	}
}

// TestTheOthersOfASet are withdrawn together also after one of them was, and named where one
// is hidden.
func TestTheOthersOfASet(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	english := r.file("Treaty signed")
	of := "translation_of: " + string(english.ID)
	french, draft := r.file("Traité signé", "language: fr", of), r.file("Almira", "language: ar", of, "published: 2027-01-01")
	hidden, err := r.Correct(t.Context(), english.ID, r.document("Treaty was signed"), Correction{Minor: true, HideEarlier: true})
	if err != nil || len(hidden.Siblings) != 1 || hidden.Siblings[0].Article.ID != french.ID || hidden.Siblings[0].Fate != Stays {
		t.Errorf("hidden: %+v, %v", hidden.Siblings, err)
	}
	if _, err := r.Withdraw(t.Context(), english.ID, "An error."); err != nil {
		t.Fatal(err)
	}
	if _, err := r.WithdrawSet(t.Context(), english.ID, ""); !errors.Is(err, ErrUnexplained) || strings.Contains(err.Error(), "invalid") {
		t.Errorf("without a reason: %v", err)
	}
	all, err := r.WithdrawSet(t.Context(), english.ID, "An error.")
	if err != nil || !all.Repeated || len(all.Siblings) != 2 || r.stored(french.ID).State != press.Withdrawn || r.stored(draft.ID).State != press.Cancelled {
		t.Errorf("the others: %+v, %v", all, err)
	}
	if _, err := r.WithdrawSet(t.Context(), english.ID, "An error."); !errors.Is(err, press.ErrConflict) {
		t.Errorf("when none is left: %v", err)
	}
}

// TestWhatIsGoneIsSaid, in each command that is about it: a draft that was cancelled was
// never withdrawn, and needs no reason.
func TestWhatIsGoneIsSaid(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	public, draft := r.file("Treaty signed"), r.file("Visit", "published: 2026-11-27")
	french := r.file("Traité signé", "language: fr", "translation_of: "+string(public.ID))
	for _, a := range []press.Article{public, draft} {
		if _, err := r.Withdraw(t.Context(), a.ID, "An error."); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		id   press.ArticleID
		want []string
	}{
		{public.ID, []string{"was withdrawn on 2026-11-26", "its fr version " + string(french.ID) + " is published still"}},
		{draft.ID, []string{"was cancelled on 2026-11-26", "before it was public"}},
	} {
		_, withdrawn := r.Withdraw(t.Context(), tt.id, "")
		for _, want := range tt.want {
			if !errors.Is(withdrawn, press.ErrConflict) || errors.Is(withdrawn, ErrUnexplained) || !strings.Contains(withdrawn.Error(), want) {
				t.Errorf("withdrawn again: %v, want %q", withdrawn, want)
			}
		}
		_, corrected := r.Correct(t.Context(), tt.id, r.document("Another"), Correction{Minor: true})
		_, linked := r.File(t.Context(), r.document("بيان", "language: ar", "translation_of: "+string(tt.id)), Filing{})
		for did, err := range map[string]error{"corrected": corrected, "linked": linked} {
			if !errors.Is(err, press.ErrConflict) || !strings.Contains(err.Error(), tt.want[0]) {
				t.Errorf("%s: %v, want %q", did, err, tt.want[0])
			}
		}
	}
	if _, err := r.Pin(t.Context(), draft.ID); err == nil || !strings.Contains(err.Error(), "cancelled before it was public") {
		t.Errorf("pinned: %v", err)
	}
}
