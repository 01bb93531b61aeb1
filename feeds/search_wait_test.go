package feeds

import (
	"context"
	"errors"
	"testing"
	"time"
)

// Who does not get his turn is told so in time; the answer is a 503.
func TestSearchWaitsForABoundedTime(t *testing.T) {
	t.Parallel()
	s := &Server{searching: make(chan struct{})} // nobody ever has room
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := s.find(ctx, "en", searchQuery{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want context.DeadlineExceeded", err)
	}
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
