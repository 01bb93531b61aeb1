package delivery

import (
	"context"
	"errors"
	"fmt"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
)

// Lease says what part of the work is an engine's where several deliver what is in one
// database, and for how long. All requests to a host are made by whoever holds the lease
// of its shard, so that order and politeness are local facts.
type Lease interface {
	// Begin begins to take shards for a generation.
	Begin(generation int64)
	// Changed signals that Shards may return something else.
	Changed() <-chan struct{}
	// Shards are those that may be worked on now. One that was lost is not among them,
	// although it may have been taken again, before it is free.
	Shards() uint64
	// Left is for how long a shard has been held without a break and will be, for
	// certain: by whichever of the wall clock and the monotonic one says less. It is
	// none from the moment on in which the shard was lost, whoever knows of that.
	Left(shard int) time.Duration
	// Free tells that nothing is under way for shards that Shards did not return.
	Free(shards uint64)
	// End takes no more, and gives back what is free.
	End()
}

const (
	// leaseNeeded is what must be left of a lease for a request to start: as long as it
	// may take, and a margin.
	leaseNeeded = 10*time.Second + 300*time.Millisecond
	// leaseLook is the pause between two looks at a lease that is too short.
	leaseLook = 50 * time.Millisecond
	// leaseRetry is the pause after shards could not be taken on.
	leaseRetry = 500 * time.Millisecond
)

// errLapsed is why a request is cancelled that was not answered within the lease.
var errLapsed = errors.New("the lease is over")

// hold works on what is leased, gives back what is not and has no work under way, and
// reports whether there is more to work on than before. A shard that was lost is taken on
// again when nothing is under way from before: two jobs would be at one destination.
func (e *Engine) hold(ctx context.Context) (more bool) {
	if e.Lease == nil {
		return false
	}
	leased, idle := e.Lease.Shards(), e.idleShards()
	mine := e.shards.Load() & leased
	e.shards.Store(mine)
	if gained := leased & idle &^ mine; gained != 0 && time.Until(e.nextHold) <= 0 {
		more = e.takeOn(ctx, gained)
	}
	e.Lease.Free(idle &^ e.shards.Load())
	return more
}

// HoldBack takes this engine's part of the work until ctx ends, in the place of [Engine.Run], and
// sends nothing: those that share the database know that it is there.
func (e *Engine) HoldBack(ctx context.Context) error {
	if e.Lease == nil {
		return nil // nobody shares it
	}
	if err := e.begin(ctx); err != nil {
		if ctx.Err() != nil {
			return nil // stopped before it had started
		}
		return fmt.Errorf("begin to hold deliveries back: %w", err)
	}
	for ctx.Err() == nil {
		e.Lease.Free(deliveries.AllShards)
		select {
		case <-e.Lease.Changed():
		case <-ctx.Done():
		}
	}
	e.Lease.End()
	e.Lease.Free(deliveries.AllShards)
	return nil
}

// takeOn begins to work on shards, of which nobody knows what was done there before.
func (e *Engine) takeOn(ctx context.Context, shards uint64) bool {
	var behind []string
	err := e.Store.Update(ctx, func(tx *storage.Tx) (err error) {
		tx.Quiet()
		if again := shards & e.had; again != 0 {
			if err := tx.Unclaim(e.generation, again); err != nil {
				return err
			}
		}
		behind, err = tx.SourcesBehind()
		return err
	})
	e.report("taking on a part of the deliveries", err)
	if err != nil {
		e.nextHold = time.Now().Add(leaseRetry)
		return false
	}
	e.had |= shards
	e.shards.Store(e.shards.Load() | shards)
	e.due.add(behind...)
	e.unread, e.retry = true, true
	e.lookAgain()
	return true
}

// leaseChanged signals that there may be something to hold, or to give back.
func (e *Engine) leaseChanged() <-chan struct{} {
	if e.Lease == nil {
		return nil
	}
	return e.Lease.Changed()
}

// leaveLease takes on nothing any more.
func (e *Engine) leaveLease() {
	if e.Lease != nil {
		e.shards.Store(0)
		e.Lease.End()
	}
}

// leased narrows a claim to what the database says is held: see [deliveries.Tx.Leased].
func (e *Engine) leased(tx *storage.Tx, c *deliveries.Claim) error {
	if e.Lease == nil {
		return nil
	}
	held, err := tx.Leased(e.generation)
	c.Shards &= held
	return err
}

// idleShards are those without a job that is claimed and not settled.
func (e *Engine) idleShards() (idle uint64) {
	for shard := range e.busy {
		if e.busy[shard].Load() == 0 {
			idle |= 1 << shard
		}
	}
	return idle
}

func (e *Engine) holds(shard int) bool { return e.shards.Load()>>shard&1 == 1 }

// lapsed tells whether a request without an answer was made too late for the lease.
func (e *Engine) lapsed(ctx context.Context, shard int) bool {
	return errors.Is(context.Cause(ctx), errLapsed) || e.Lease != nil && e.Lease.Left(shard) <= 0
}

// within waits until enough is left of the lease of a shard for a request, and returns a
// context for that, which ends with the lease; false if the shard is not held any more, or
// ctx has ended.
func (e *Engine) within(ctx context.Context, shard int) (context.Context, context.CancelFunc, bool) {
	if e.Lease == nil {
		return ctx, func() {}, true
	}
	for ctx.Err() == nil && e.holds(shard) {
		if left := e.Lease.Left(shard); left >= leaseNeeded {
			ctx, cancel := context.WithTimeoutCause(ctx, left, errLapsed)
			return ctx, cancel, true
		}
		select {
		case <-ctx.Done():
		case <-time.After(leaseLook):
		}
	}
	return ctx, func() {}, false
}
