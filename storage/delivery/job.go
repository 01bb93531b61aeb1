package delivery

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"communique/storage"
	"communique/storage/press"
)

// outcome is what came of a job, to be written by the settler. One of the two
// is set; a job that was cut off by our own stop has neither.
type outcome struct {
	public   *storage.Settlement
	directed *directedOutcome
}

type directedOutcome struct {
	message storage.Directed
	failure *Failure // nil: delivered
}

// localDelay is the wait after a fault of our own, which says nothing about
// the destination.
const localDelay = time.Second

// deliver plans a claimed destination's backlog and sends it step by step.
func (e *Engine) deliver(ctx context.Context, d storage.Destination, claimed press.Seq) outcome {
	s := &storage.Settlement{
		Destination: d.ID, Cursor: d.Cursor, Failures: d.Failures, FailingSince: d.FailingSince,
		State: d.State, Error: d.LastError,
	}
	steps, end, now, err := e.plan(ctx, d, claimed)
	if err != nil {
		e.Log.Error("delivery could not be planned", "inbox", d.URL, "error", err)
		s.NextAttempt = e.Store.Now().Add(localDelay)
		return outcome{public: s}
	}
	for _, step := range steps {
		if failed := e.step(ctx, d, step, s, now); failed {
			return outcome{public: s}
		}
	}
	if ctx.Err() != nil {
		return outcome{}
	}
	s.Cursor = end
	return outcome{public: s}
}

// step sends one step and notes in the settlement what came of it.
func (e *Engine) step(ctx context.Context, d storage.Destination, step Step, s *storage.Settlement, now time.Time) (failed bool) {
	f := failureOf(e.Sender.Send(ctx, d, step))
	switch {
	case f == nil:
		answered(s, step)
		return false
	case ctx.Err() != nil: // our own stop, not the destination's fault
		s.NextAttempt = time.Time{}
		return true
	case f.Verdict == Refused:
		e.Log.Warn("an entry was refused", "inbox", d.URL, "seq", step.Entry.Seq, "status", f.Status, "answer", f.Detail)
		s.Refusals = append(s.Refusals, storage.Refusal{Seq: step.Entry.Seq, Status: f.Status, Detail: f.Detail})
		answered(s, step)
		return false
	}
	putOff(s, d, f, now)
	e.Log.Warn("a delivery failed", "inbox", d.URL, "seq", step.Entry.Seq, "failures", s.Failures,
		"next", s.NextAttempt.Format(time.RFC3339), "error", f.Error())
	return true
}

func answered(s *storage.Settlement, step Step) {
	s.Cursor, s.Succeeded = step.Settles, true
	s.Failures, s.FailingSince, s.State, s.Error = 0, time.Time{}, storage.StateActive, ""
}

// plan reads the backlog as it is now, not as it was at the claim: an article
// that was corrected meanwhile goes out in its newest state.
func (e *Engine) plan(ctx context.Context, d storage.Destination, claimed press.Seq) (steps []Step, end press.Seq, now time.Time, err error) {
	err = e.Store.View(ctx, func(tx *storage.Tx) error {
		now = tx.Now()
		head, err := tx.SourceHead(d.Source)
		if err != nil {
			return err
		}
		backlog, err := e.backlogs.read(tx, d.Source, d.Cursor, head)
		if err != nil {
			return err
		}
		steps, end = agenda(d, claimed, head, backlog, now)
		return nil
	})
	if err != nil {
		err = fmt.Errorf("plan for %s: %w", d.URL, err)
	}
	return steps, end, now, err
}

// direct sends one message.
func (e *Engine) direct(ctx context.Context, m storage.Directed) outcome {
	f := failureOf(e.Sender.SendDirected(ctx, m))
	if f != nil && ctx.Err() != nil {
		return outcome{}
	}
	if f != nil {
		e.Log.Warn("a message was not taken", "inbox", m.Inbox, "id", m.ID, "failures", m.Failures+1, "error", f.Error())
	}
	return outcome{directed: &directedOutcome{message: m, failure: f}}
}

// settle writes what came of a directed message. An inbox that is gone takes
// its follower with it, never the shared inbox that others use.
func (o *directedOutcome) settle(tx *storage.Tx) error {
	m, f := o.message, o.failure
	switch {
	case f == nil, f.Verdict == Refused:
		return tx.FinishDirected(m.ID)
	case f.Verdict == Gone:
		return tx.DropRecipient(m)
	case tx.Now().Sub(m.Created) >= giveUpAfter:
		return tx.FinishDirected(m.ID)
	}
	next := tx.Now().Add(Backoff(m.Failures+1, f.RetryAfter, rand.Float64()))
	return tx.RetryDirected(m.ID, m.Failures+1, next, f.Error())
}
