package delivery

import (
	"context"
	"errors"
	"slices"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/press"
)

const (
	settleEvery = 100 * time.Millisecond
	settleBatch = 1000
	// On a machine or a server that is slow, settling takes a tenth of the time, as far as
	// the pause is not longer than settleSlow: what is not settled is sent again after a
	// crash, and a shard is given back when it is.
	settleShare = 10
	settleSlow  = 300 * time.Millisecond
	// settleRetry is the pause before a batch that could not be written is retried.
	settleRetry = 500 * time.Millisecond
	// lastTries bounds how long stopping can take when the database is stuck: what
	// remains unsettled is sent again, under the same ids.
	lastTries = 5
)

// settleAll writes outcomes in batches until the channel is closed: one by one, ten
// thousand cursors would cost a hundred times as much. ctx ends when the engine
// stops, which doesn't end the writing.
func (e *Engine) settleAll(ctx context.Context) {
	var batch []outcome
	pause := settleEvery
	for first := range e.results {
		batch = append(batch[:0], first)
		full := time.NewTimer(pause)
		for open := true; open && len(batch) < settleBatch; {
			select {
			case o, ok := <-e.results:
				if ok {
					batch = append(batch, o)
				}
				open = ok
			case <-full.C:
				open = false
			}
		}
		full.Stop()
		began := time.Now()
		e.settle(ctx, batch)
		pause = min(settleSlow, max(settleEvery, settleShare*time.Since(began)))
	}
}

// settle writes one batch, however long the database takes to come back: its
// destinations are claimed and would stay so.
func (e *Engine) settle(ctx context.Context, batch []outcome) {
	for left := lastTries; left > 0; {
		var due []string
		err := e.Store.Update(context.WithoutCancel(ctx), func(tx *storage.Tx) (err error) {
			due, err = e.write(tx, batch)
			return err
		})
		if err == nil {
			e.due.add(due...)
			break
		}
		if ctx.Err() != nil {
			left--
		}
		e.Log.Error("recording deliveries failed, will retry; "+advice(err), "count", len(batch), "error", err)
		time.Sleep(settleRetry)
	}
	for _, o := range batch {
		e.busy[o.shard].Add(-1)
		if o.directed != nil {
			e.freed.Store(true)
		}
		if o.public != nil && !o.public.NextAttempt.IsZero() {
			e.putOff.Store(true)
		}
	}
	select {
	case e.settled <- struct{}{}:
	default: // a look is already due
	}
}

// advice is what an operator can do about an error of the store. Nothing is lost
// meanwhile: the batch is written once the store accepts it.
func advice(err error) string {
	switch {
	case errors.Is(err, press.ErrFull):
		return "the disk is full: make room"
	case errors.Is(err, press.ErrAway):
		return "it goes on when the database's server answers"
	case errors.Is(err, press.ErrBusy):
		return "another program holds the database: stop it if it doesn't let go"
	}
	return "check the disk and the database"
}

// write settles a batch and returns the sources that have something due afterwards.
func (e *Engine) write(tx *storage.Tx, batch []outcome) (due []string, err error) {
	// What comes of a message may end a follow; what comes of what is public is seen by
	// whoever asks.
	if !slices.ContainsFunc(batch, func(o outcome) bool { return o.directed != nil }) {
		tx.Quiet()
	}
	settlements := make([]deliveries.Settlement, 0, len(batch))
	recovered := false
	for _, o := range batch {
		due = append(due, o.due(e.cache.head)...)
		if o.public != nil {
			settlements = append(settlements, *o.public)
			recovered = recovered || o.public.Recovered
		}
		if o.directed != nil {
			if err := e.settleDirected(tx, o.directed); err != nil {
				return nil, err
			}
		}
	}
	if err := tx.Settle(e.generation, settlements); err != nil || !recovered {
		return due, err
	}
	// Whatever else was waiting for a host that is back is due now, whichever its source.
	return tx.SourcesBehind()
}

// settleDirected settles a message, unless another engine has taken it over: what is said
// since must not be undone.
func (e *Engine) settleDirected(tx *storage.Tx, o *directedOutcome) error {
	if e.Lease != nil {
		held, err := tx.DirectedIsHeld(o.message.ID, e.generation)
		if err != nil || !held {
			return err
		}
	}
	return e.settleMessage(tx, o)
}
