package newsroom

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// TestPin: the last one pinned is on top, followers are told only if something has
// changed, and there is room for as many as other servers show.
func TestPin(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	a, b := r.file("A"), r.file("B")
	head := func() (seq press.Seq) {
		r.look(func(tx *storage.Tx) error {
			h, err := tx.Head()
			seq = h.Seq
			return err
		})
		return seq
	}
	start := head()
	for i, step := range []struct {
		act  func() (Profile, error)
		want []press.ArticleID
		told press.Seq // entries since the start
	}{
		{func() (Profile, error) { return r.Pin(t.Context(), a.ID) }, []press.ArticleID{a.ID}, 1},
		{func() (Profile, error) { return r.Pin(t.Context(), b.ID) }, []press.ArticleID{b.ID, a.ID}, 2},
		{func() (Profile, error) { return r.Pin(t.Context(), a.ID) }, []press.ArticleID{a.ID, b.ID}, 3},
		{func() (Profile, error) { return r.Pin(t.Context(), a.ID) }, []press.ArticleID{a.ID, b.ID}, 3},
		{func() (Profile, error) { return r.Unpin(t.Context(), b.ID) }, []press.ArticleID{a.ID}, 4},
		{func() (Profile, error) { return r.Unpin(t.Context(), b.ID) }, []press.ArticleID{a.ID}, 4},
	} {
		r.clock.Pass(time.Second)
		p, err := step.act()
		if err != nil || !cmp.Equal(p.Pinned, step.want) || head()-start != step.told {
			t.Errorf("step %d: pinned %v with %d entries (%v), want %v with %d", i, p.Pinned, head()-start, err, step.want, step.told)
		}
	}
	for i := range newsdesk.MaxPins - 1 {
		if _, err := r.Pin(t.Context(), r.file(fmt.Sprint("More ", i)).ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Pin(t.Context(), b.ID); !errors.Is(err, press.ErrConflict) {
		t.Errorf("one too many: %v", err)
	}
	draft := r.file("Draft", "published: 2026-11-27")
	if _, err := r.Pin(t.Context(), draft.ID); !errors.Is(err, press.ErrConflict) {
		t.Errorf("a draft: %v", err)
	}
}
