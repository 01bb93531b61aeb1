package sqlite_test

import (
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/sqlite"
)

// TestFullTogether fills a small database by updates that come together: each
// that was acknowledged is there, and each other one is not.
func TestFullTogether(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "communique.db")
	seeded(t, file)
	s, err := sqlite.OpenWith(t.Context(), file, storage.SystemClock{}, time.Second, "max_page_count(200)")
	closing(t, s, err)
	var mu sync.Mutex
	taken, refused := map[press.Seq]bool{}, 0
	var writers sync.WaitGroup
	for range 8 {
		writers.Go(func() {
			for n := range 20 {
				body := press.HTML("<p>" + strings.Repeat("x", 1000*(n%10)) + "</p>")
				e, err := publish(t.Context(), s, body)
				mu.Lock()
				switch {
				case err == nil:
					taken[e.Seq] = true
				case errors.Is(err, press.ErrFull):
					refused++
				default:
					t.Error(err)
				}
				mu.Unlock()
			}
		})
	}
	writers.Wait()
	if refused == 0 || len(taken) == 0 {
		t.Errorf("%d taken and %d refused, want some of both", len(taken), refused)
	}
	entries := log(t, s)
	for _, e := range entries[1:] { // behind the section's
		if !taken[e.Seq] {
			t.Errorf("entry %d was refused and is there", e.Seq)
		}
	}
	if len(entries) != len(taken)+1 {
		t.Errorf("%d entries, want %d that were acknowledged and the section's", len(entries), len(taken))
	}
}

// TestBusyTogether lets updates wait for another process that does not end in
// time: each is told so, and all go through afterwards.
func TestBusyTogether(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "communique.db")
	seeded(t, file)
	s, err := sqlite.OpenWith(t.Context(), file, storage.SystemClock{}, 10*time.Millisecond)
	closing(t, s, err)
	all := func(want error) {
		var writers sync.WaitGroup
		for range 4 {
			writers.Go(func() {
				if _, err := publish(t.Context(), s, "<p>x</p>"); !errors.Is(err, want) {
					t.Errorf("got %v, want %v", err, want)
				}
			})
		}
		writers.Wait()
	}
	release := holdLock(t, file)
	all(press.ErrBusy)
	release()
	all(nil)
	if got := len(log(t, s)); got != 5 {
		t.Errorf("the log has %d entries, want 5", got)
	}
}
