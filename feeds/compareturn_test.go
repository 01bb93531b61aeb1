package feeds

import (
	"errors"
	"io"
	"testing"
	"testing/synctest"

	"communique/feeds/site"
	"communique/storage/press"
)

// SECURITY A56: comparisons are made one at a time, and who waits too long for his is
// told to come again.
func TestA56ComparisonsTakeTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &Server{comparing: make(chan struct{})} // there is never room
		if err := s.compare(io.Discard, site.Comparison{}); !errors.Is(err, press.ErrBusy) {
			t.Errorf("error %v, want press.ErrBusy", err)
		}
	})
}
