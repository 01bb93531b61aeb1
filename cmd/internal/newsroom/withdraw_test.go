package newsroom

import (
	"errors"
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
