// Package clocktest is the clock of tests: one that they move.
//
// A machine has two clocks, and so has this one. [Clock.Pass] moves both, as
// time does; [Clock.Jump] moves the wall clock alone, as somebody who sets it
// does, and a store notices the difference.
package clocktest

import (
	"sync"
	"time"
)

// Clock is a storage.Clock that a test moves. It is safe for concurrent use.
type Clock struct {
	start   time.Time
	running bool // beside the machine's own clock

	mu             sync.Mutex
	passed, jumped time.Duration
}

// At is a clock that stands still at an instant until it is moved.
func At(start time.Time) *Clock { return &Clock{start: start} }

// Running is a clock that runs with the machine's own, from now on.
func Running() *Clock { return &Clock{start: time.Now(), running: true} }

// Now is the wall clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.start.Round(0).Add(c.sinceStart() + c.passed + c.jumped)
}

// Elapsed is the monotonic clock: how long the clock has run.
func (c *Clock) Elapsed() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sinceStart() + c.passed
}

func (c *Clock) sinceStart() time.Duration {
	if !c.running {
		return 0
	}
	return time.Since(c.start)
}

// Pass lets time pass.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.passed += d
}

// Set sets the wall clock to an instant, in no time.
func (c *Clock) Set(at time.Time) { c.Jump(at.Sub(c.Now())) }

// Jump sets the wall clock ahead, or back if d is negative, in no time.
func (c *Clock) Jump(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.jumped += d
}
