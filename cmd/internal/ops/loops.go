package ops

import (
	"fmt"
	"sync"
	"time"
)

// Loops know whether the loops of a server go round. What a loop waits for may be away: each
// wait for the database ends by a deadline, and the loop goes on. One that does not is
// stuck for a reason of our own, which a new start mends.
type Loops struct {
	elapsed func() time.Duration // by a clock that nobody sets

	mu   sync.Mutex
	last map[string]time.Duration
}

// mostSilent is for how long a loop may say nothing. It is longer than all deadlines
// between two of its rounds.
const mostSilent = 2 * time.Minute

// NewLoops knows of no loop yet; elapsed is a clock that nobody sets.
func NewLoops(elapsed func() time.Duration) *Loops {
	return &Loops{elapsed: elapsed, last: map[string]time.Duration{}}
}

// Loop makes what a loop calls in each of its rounds.
func (l *Loops) Loop(name string) (beat func()) {
	beat = func() {
		now := l.elapsed()
		l.mu.Lock()
		defer l.mu.Unlock()
		l.last[name] = now
	}
	beat() // it may be stuck before its first round
	return beat
}

// Check reports a loop that is stuck.
func (l *Loops) Check() error {
	now := l.elapsed()
	l.mu.Lock()
	defer l.mu.Unlock()
	for name, last := range l.last {
		if silent := now - last; silent >= mostSilent {
			return fmt.Errorf("%s has not gone round for %s", name, silent.Round(time.Second))
		}
	}
	return nil
}
