package patience

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// slack is how much later than it says a limit may end on a machine that has
// processors enough: the tick in which the request went out, and the one in which
// the limit is used up.
const slack = 2 * tick

// attentive is a clock of a process that never waits for a processor; starved is
// one of a process that gets round to its work every so often.
func attentive() *Clock                       { return &Clock{Probe: func() {}} }
func starved(every time.Duration) *Clock      { return &Clock{Probe: func() { time.Sleep(every) }} }
func silenceOf(ctx context.Context) error     { <-ctx.Done(); return context.Cause(ctx) }
func after(began time.Time) time.Duration     { return time.Since(began) }
func within(got, from, to time.Duration) bool { return got >= from && got <= to }

// simulate runs a test in simulated time, and lets its clocks come to rest.
func simulate(t *testing.T, test func(t *testing.T)) {
	synctest.Test(t, func(t *testing.T) {
		test(t)
		time.Sleep(2 * time.Hour)
	})
}

// TestSilence: a peer that never answers is given up after the limit, by a process
// that is attentive, and never before.
func TestSilence(t *testing.T) {
	t.Parallel()
	for _, limit := range []time.Duration{time.Millisecond, 500 * time.Millisecond, 10 * time.Second} {
		t.Run(limit.String(), func(t *testing.T) {
			t.Parallel()
			simulate(t, func(t *testing.T) {
				ctx, cancel := WithTimeout(t.Context(), limit)
				defer cancel()
				began := time.Now()
				defer attentive().Ask(ctx)()
				if err := silenceOf(ctx); !errors.Is(err, ErrSilent) {
					t.Errorf("the cause is %v, want ErrSilent", err)
				}
				if took := after(began); !within(took, limit, limit+slack) {
					t.Errorf("it was given up after %s", took)
				}
			})
		})
	}
}

// TestStarved: whatever a process waits for a processor is not its peers' silence.
func TestStarved(t *testing.T) {
	t.Parallel()
	for _, every := range []time.Duration{50 * time.Millisecond, 400 * time.Millisecond, 30 * time.Second} {
		t.Run("every "+every.String(), func(t *testing.T) {
			t.Parallel()
			simulate(t, func(t *testing.T) {
				const (
					limit = 10 * time.Second
					ticks = int(limit / tick)
				)
				c := starved(every)
				ctx, cancel := WithTimeout(t.Context(), limit)
				defer cancel()
				answered := c.Ask(ctx)
				time.Sleep(12 * every) // the turns that a request needs
				answered()
				if ctx.Err() != nil {
					t.Error("a peer that answered at once was called silent")
				}
				began := time.Now()
				defer c.Ask(ctx)()
				silenceOf(ctx)
				if took := after(began); took < limit/2 || took > time.Duration(2*ticks)*(every+tick) {
					t.Errorf("a silent peer was given up after %s", took)
				}
			})
		})
	}
}

// TestRecovered: a process that was starved for a while counts on from there.
func TestRecovered(t *testing.T) {
	t.Parallel()
	simulate(t, func(t *testing.T) {
		var busy atomic.Bool
		c := &Clock{Probe: func() {
			for busy.Load() {
				time.Sleep(time.Second)
			}
		}}
		ctx, cancel := WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		began := time.Now()
		defer c.Ask(ctx)()
		time.Sleep(4 * time.Second)
		busy.Store(true)
		time.Sleep(time.Minute)
		busy.Store(false)
		silenceOf(ctx)
		if took := after(began); !within(took, 70*time.Second, 70*time.Second+time.Second+slack) {
			t.Errorf("given up after %s, of which one minute was not its own", took)
		}
	})
}

// TestOnlyWhileAsked: what is done between requests counts for nobody, and the
// requests of one deadline share its time.
func TestOnlyWhileAsked(t *testing.T) {
	t.Parallel()
	simulate(t, func(t *testing.T) {
		c := attentive()
		ctx, cancel := WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		for range 3 {
			time.Sleep(time.Hour) // rendering, signing, waiting for a turn
			answered := c.Ask(ctx)
			time.Sleep(3 * time.Second)
			answered()
			answered() // does no harm
		}
		if ctx.Err() != nil {
			t.Fatal("nine seconds of silence were too long for a limit of ten")
		}
		began := time.Now()
		defer c.Ask(ctx)()
		silenceOf(ctx)
		if took := after(began); !within(took, time.Second, time.Second+4*slack) {
			t.Errorf("the fourth request was given up after %s, want one second", took)
		}
	})
}

// TestEachRequestByItself: a limit that is not a deadline is told of each request
// that exceeds it, and of none that does not; the one around it goes on to hold.
func TestEachRequestByItself(t *testing.T) {
	t.Parallel()
	simulate(t, func(t *testing.T) {
		c := attentive()
		var told atomic.Int64
		ctx, cancel := WithTimeout(With(t.Context(), 500*time.Millisecond, func() { told.Add(1) }), 10*time.Second)
		defer cancel()
		for n, took := range []int{400, 400, 600, 400, 900} {
			answered := c.Ask(ctx)
			time.Sleep(time.Duration(took) * time.Millisecond)
			answered()
			synctest.Wait()
			if want := []int64{0, 0, 1, 1, 2}[n]; told.Load() != want {
				t.Errorf("request %d took %d ms: told %d times, want %d", n, took, told.Load(), want)
			}
		}
		defer c.Ask(ctx)()
		silenceOf(ctx)
		if told.Load() != 3 {
			t.Errorf("told %d times in the end", told.Load())
		}
	})
}

// TestWithoutLimits: what is asked on behalf of many requests uses up none's time.
func TestWithoutLimits(t *testing.T) {
	t.Parallel()
	simulate(t, func(t *testing.T) {
		ctx, cancel := WithTimeout(t.Context(), time.Second)
		defer cancel()
		defer attentive().Ask(WithoutLimits(ctx))()
		time.Sleep(time.Minute)
		if ctx.Err() != nil {
			t.Error("the limit of another request was used up")
		}
	})
}

// TestEndsWithTheOneAround: a stop of our own is not silence.
func TestEndsWithTheOneAround(t *testing.T) {
	t.Parallel()
	outer, stop := context.WithCancel(t.Context())
	ctx, cancel := WithTimeout(outer, time.Hour)
	defer cancel()
	stop()
	if err := silenceOf(ctx); !errors.Is(err, context.Canceled) || errors.Is(err, ErrSilent) {
		t.Errorf("the cause is %v, want context.Canceled", err)
	}
}

// TestThroughTheKernel lets a clock of the real kind run out, come to rest, and run
// again.
func TestThroughTheKernel(t *testing.T) {
	t.Parallel()
	var c Clock
	for range 2 {
		ctx, cancel := WithTimeout(t.Context(), 3*tick)
		began := time.Now()
		answered := c.Ask(ctx)
		if err := silenceOf(ctx); !errors.Is(err, ErrSilent) {
			t.Errorf("the cause is %v, want ErrSilent", err)
		}
		if took := after(began); took < 3*tick {
			t.Errorf("given up after %s", took)
		}
		answered()
		cancel()
		for rests := false; !rests; time.Sleep(time.Millisecond) {
			c.mu.Lock()
			rests = !c.running
			c.mu.Unlock()
		}
	}
}

// TestWithoutPipe: a process that has too many files open can still tell the time.
func TestWithoutPipe(t *testing.T) {
	t.Parallel()
	p := &pipe{}
	if p.send() {
		t.Error("a byte came back from nowhere")
	}
	p.close()
}

func TestStopwatch(t *testing.T) {
	t.Parallel()
	simulate(t, func(t *testing.T) {
		for _, tt := range []struct {
			name    string
			clock   *Clock
			starved bool
		}{
			{"attentive", attentive(), false},
			{"a little late each time", starved(tick / 5), false},
			{"starved", starved(400 * time.Millisecond), true},
		} {
			watch := tt.clock.Start()
			time.Sleep(5 * time.Second)
			if watch.Starved() != tt.starved {
				t.Errorf("%s: attentive for %s of 5 s: starved is %t", tt.name, watch.Elapsed(), watch.Starved())
			}
			watch.Stop()
		}
	})
}
