package desk

import (
	"testing"
	"time"
)

// TestGuessesAreShared: who tries in vain for a day, at one server after the other, gets no further
// with several servers than with one.
func TestGuessesAreShared(t *testing.T) {
	t.Parallel()
	guesses := func(servers int) (n int) {
		now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
		all := make([]*attempts, servers)
		for i := range all {
			all[i] = newAttempts(func() time.Time { return now }, func() int { return servers })
		}
		for second := range 24 * 60 * 60 {
			if all[second%servers].begin(counted{"a.silva", ownPace}) == nil {
				n++
			}
			now = now.Add(time.Second)
		}
		return n
	}
	alone := guesses(1)
	for servers := 2; servers <= 5; servers++ {
		if n := guesses(servers); n > alone+4*servers {
			t.Errorf("%d servers let %d guesses pass, one %d", servers, n, alone)
		}
	}
}
