package storage

import (
	"testing"
	"time"
)

// TestPauseOfTheClock: what cannot be released now is not asked for at full speed.
func TestPauseOfTheClock(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		clock clock
		want  time.Duration
	}{
		"no embargo":              {clock{}, time.Second},
		"one ends soon":           {clock{next: now.Add(20 * time.Millisecond)}, 20 * time.Millisecond},
		"one ends tomorrow":       {clock{next: now.AddDate(0, 0, 1)}, time.Second},
		"one has ended":           {clock{next: now.Add(-time.Hour)}, time.Millisecond},
		"one has ended, and held": {clock{next: now.Add(-time.Hour), held: true}, time.Second},
		"one could not be ended":  {clock{next: now.Add(-time.Hour), alarm: "disk full"}, 100 * time.Millisecond},
	} {
		if got := c.clock.pause(now); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
