package delivery

import "time"

// expiryClock tells the time by which waiting entries become too old to be sent. It
// is the wall clock, unless that has run ahead of the monotonic clock since the
// engine was made: an entry dropped because a clock jumped by a week would not be
// sent once the clock is right again.
type expiryClock struct {
	wall      func() time.Time
	since     time.Time // by the wall clock
	monotonic time.Time // the same instant
}

func newExpiryClock(wall func() time.Time) expiryClock {
	return expiryClock{wall: wall, since: wall(), monotonic: time.Now()}
}

func (c expiryClock) now() time.Time {
	now, steady := c.wall(), c.since.Add(time.Since(c.monotonic))
	if now.After(steady) {
		return steady
	}
	return now
}
