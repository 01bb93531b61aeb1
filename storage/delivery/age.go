package delivery

import (
	"time"

	"communique/storage"
)

// age tells the time by which what waits becomes too old to be sent. That is the
// wall clock's, but not if it has run ahead of the monotonic one since the engine
// was made: what is dropped because a clock jumped by a week is not sent when it
// is set right.
type age struct {
	clock   storage.Clock
	since   time.Time     // by the wall clock
	elapsed time.Duration // at the same instant
}

func newAge(clock storage.Clock) age {
	return age{clock: clock, since: clock.Now(), elapsed: clock.Elapsed()}
}

func (a age) now() time.Time {
	now, steady := a.clock.Now(), a.since.Add(a.clock.Elapsed()-a.elapsed)
	if now.After(steady) {
		return steady
	}
	return now
}
