package delivery

import "time"

// age tells the time by which what waits becomes too old to be sent. That is the
// wall clock's, but not if it has run ahead of the monotonic one since the engine
// was made: what is dropped because a clock jumped by a week is not sent when it
// is set right.
type age struct {
	wall      func() time.Time
	since     time.Time // by the wall clock
	monotonic time.Time // the same instant
}

func newAge(wall func() time.Time) age {
	return age{wall: wall, since: wall(), monotonic: time.Now()}
}

func (a age) now() time.Time {
	now, steady := a.wall(), a.since.Add(time.Since(a.monotonic))
	if now.After(steady) {
		return steady
	}
	return now
}
