package patience

import "time"

// Stopwatch measures by a [Clock] and by the wall clock, for timeouts that others
// keep by the wall clock alone.
type Stopwatch struct {
	clock *Clock
	began time.Duration
	wall  time.Time
}

// Start starts a stopwatch, to be stopped when it is not needed any more.
func (c *Clock) Start() Stopwatch { return Stopwatch{c, c.hold(), time.Now()} }

// Elapsed is for how long the process has been attentive since the start.
func (s Stopwatch) Elapsed() time.Duration { return s.clock.read() - s.began }

// Starved tells whether that was less than three quarters of the time by the wall
// clock, in which case a timeout that ran meanwhile says nothing of the other side.
func (s Stopwatch) Starved() bool { return s.Elapsed()+tick < time.Since(s.wall)*3/4 }

// Stop lets the clock rest, as far as this stopwatch is concerned.
func (s Stopwatch) Stop() { s.clock.release() }
