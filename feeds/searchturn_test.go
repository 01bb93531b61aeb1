package feeds

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestSearchWaitsForABoundedTime: a search that does not get its turn gives up; the
// answer is a 503.
func TestSearchWaitsForABoundedTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &Server{searching: make(chan struct{})} // there is never room
		began := time.Now()
		_, err := s.find(t.Context(), "en", searchQuery{})
		if waited := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || waited != searchTimeout {
			t.Errorf("after %v: %v, want context.DeadlineExceeded after %v", waited, err, searchTimeout)
		}
	})
}

func FuzzRank(f *testing.F) {
	for _, seed := range []string{"", "3-zzz", "0-1", "-1-x", "9-9"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, key string) {
		r, err := parseRank(key)
		if err == nil && key != "" && rankKey(r) != key {
			t.Errorf("%q was read as %q", key, rankKey(r))
		}
	})
}
