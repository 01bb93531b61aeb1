package delivery

import (
	"time"

	"communique/storage"
)

// expiryClock tells the time by which waiting entries become too old to be sent. It
// is the wall clock, unless that has run ahead of the monotonic clock since the
// engine was made: an entry dropped because a clock jumped by a week would not be
// sent once the clock is right again.
type expiryClock struct {
	clock   storage.Clock
	since   time.Time     // by the wall clock
	elapsed time.Duration // at the same instant
}

func newExpiryClock(clock storage.Clock) expiryClock {
	return expiryClock{clock: clock, since: clock.Now(), elapsed: clock.Elapsed()}
}

func (c expiryClock) now() time.Time {
	now, steady := c.clock.Now(), c.since.Add(c.clock.Elapsed()-c.elapsed)
	if now.After(steady) {
		return steady
	}
	return now
}
