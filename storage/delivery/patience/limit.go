package patience

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// ErrSilent is the cause of the end of a context by [WithTimeout]: the peer gave no
// answer in time.
var ErrSilent = errors.New("no answer in time")

// limit is how long the peers may be silent that are asked under a context.
type limit struct {
	outer *limit // of the context around it
	over  func()
	whole bool // it is for all requests together

	mu   sync.Mutex
	left time.Duration
}

type limitKey struct{}

// With returns a context under which over is called, in a goroutine of its own,
// when a peer that is asked has been silent for d: once for each such request. Time
// counts between [Clock.Ask] and the answer only. Limits of contexts around it go
// on to hold.
func With(ctx context.Context, d time.Duration, over func()) context.Context {
	return with(ctx, &limit{over: over, left: d})
}

func with(ctx context.Context, l *limit) context.Context {
	l.outer, _ = ctx.Value(limitKey{}).(*limit)
	return context.WithValue(ctx, limitKey{}, l)
}

// WithoutLimits returns a context without the limits of those around it, for what is
// done on behalf of more than one request.
func WithoutLimits(ctx context.Context) context.Context {
	return context.WithValue(ctx, limitKey{}, (*limit)(nil))
}

// WithTimeout returns a context that ends, with [ErrSilent] as its cause, when peers
// that are asked under it have been silent for d, all requests together. It ends
// with the one around it, too; cancel releases it.
func WithTimeout(ctx context.Context, d time.Duration) (_ context.Context, cancel context.CancelFunc) {
	ctx, end := context.WithCancelCause(ctx)
	over := func() { end(fmt.Errorf("%w (%s)", ErrSilent, d)) }
	return with(ctx, &limit{over: over, left: d, whole: true}), func() { end(nil) }
}

// Ask lets the limits of a context run: a request goes out now. What it returns
// stops them and is to be called, once, when the answer is there, or none will come.
func (c *Clock) Ask(ctx context.Context) (answered func()) {
	var waits []*wait
	innermost, _ := ctx.Value(limitKey{}).(*limit)
	for l := innermost; l != nil; l = l.outer {
		waits = append(waits, c.wait(l))
	}
	return func() {
		for _, w := range waits {
			w.stop()
		}
	}
}

// wait is a limit that runs.
type wait struct {
	clock *Clock
	limit *limit
	began time.Duration // by the clock

	mu      sync.Mutex
	timer   *time.Timer
	stopped bool
}

func (c *Clock) wait(l *limit) *wait {
	w := &wait{clock: c, limit: l}
	// From the next tick on: in the one that is running, it was not asked yet.
	w.began = c.hold() + tick
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(l.remaining(0)+tick, w.look)
	return w
}

// look is called when the limit would be used up if the process had been attentive
// all the time. If it has not, it is called again after what is left.
func (w *wait) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped {
		return
	}
	if left := w.limit.remaining(w.took()); left > 0 {
		w.timer.Reset(max(left, tick))
		return
	}
	go w.limit.over() // which may wait for somebody who stops this
}

// took is for how long the peer has been silent.
func (w *wait) took() time.Duration { return max(0, w.clock.read()-w.began) }

func (w *wait) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped {
		return
	}
	w.stopped = true
	w.timer.Stop()
	w.limit.use(w.took())
	w.clock.release()
}

// remaining is what is left of a limit when a wait has taken this long.
func (l *limit) remaining(took time.Duration) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.left - took
}

// use takes what a request took off a limit that is for all of them.
func (l *limit) use(took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.whole {
		l.left -= took
	}
}
