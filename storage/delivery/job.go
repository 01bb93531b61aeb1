package delivery

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/press"
	"communique/storage/publog"
)

// outcome is what came of a job, to be written by the settler. One of the two
// is set; a job that was cut off by our own stop has neither.
type outcome struct {
	public   *deliveries.Settlement
	directed *directedOutcome
}

// due names the source that may have something to claim once the outcome is
// settled, if any: the destination lacks an entry and need not wait, or it
// waited for this message.
func (o outcome) due(head func(source string) press.Seq) []string {
	switch {
	case o.directed != nil:
		return []string{o.directed.message.Source}
	case o.public != nil && o.public.NextAttempt.IsZero() && o.public.Cursor < head(o.public.Source):
		return []string{o.public.Source}
	}
	return nil
}

type directedOutcome struct {
	message deliveries.Directed
	failure *Failure // nil: delivered
}

// localDelay is the wait after a fault of our own, which says nothing about
// the destination.
const localDelay = time.Second

// deliver tells a claimed destination its backlog, step by step. Before each
// step it looks whether the log has grown: an article that was corrected or
// withdrawn a moment ago goes out in its newest state.
func (e *Engine) deliver(ctx context.Context, d deliveries.Destination, of publog.Source) outcome {
	s := &deliveries.Settlement{
		Destination: d.ID, Source: d.Source, Cursor: d.Cursor, Failures: d.Failures, FailingSince: d.FailingSince,
		State: d.State, Error: d.LastError, Latency: d.Latency, Followers: d.Followers,
	}
	attempted := d.Attempted
	for {
		at := d
		at.Cursor, at.Attempted = s.Cursor, attempted
		agenda, err := e.plan(ctx, at, of)
		if err != nil {
			e.Log.Error("delivery could not be planned", "to", d.URL, "error", err)
			s.NextAttempt = e.Store.Now().Add(localDelay)
			return outcome{public: s}
		}
		made, end := e.follow(ctx, d, agenda, s)
		// An Announce leaves the cursor where it is until the correction behind it
		// is answered, and is there all the same when the rest is planned anew.
		if made > 0 {
			attempted = max(attempted, agenda.steps[made-1].Begins)
		}
		switch end {
		case followed:
			s.Cursor = agenda.end
			if s.Succeeded && agenda.rest > 0 {
				s.NextAttempt = e.Store.Now().Add(agenda.rest)
			}
			return outcome{public: s}
		case failed, enough:
			return outcome{public: s}
		case stopped:
			return outcome{}
		case overtaken: // plan anew
		}
	}
}

// ending is how an agenda ended.
type ending int

const (
	followed  ending = iota
	failed           // the settlement says how
	stopped          // by our own stop
	overtaken        // the log has grown
	enough           // the rest is for another job
)

// stepsAtOnce bounds what one job says before that is written down: with a long
// backlog a crash would repeat all of it.
const stepsAtOnce = 8

// follow takes the steps of an agenda in turn, and returns how many were answered.
// What was answered is settled even if the job was given up at that moment, or
// its destination would stay claimed for as long as this engine runs.
func (e *Engine) follow(ctx context.Context, d deliveries.Destination, a agenda, s *deliveries.Settlement) (made int, end ending) {
	for i, step := range a.steps {
		if e.outlook.seen(d.Source) != a.head {
			return i, overtaken
		}
		if end := e.step(ctx, d, a.sender, step, s); end != followed {
			return i, end
		}
		if i >= stepsAtOnce && s.Cursor > d.Cursor {
			return i + 1, enough
		}
	}
	return len(a.steps), followed
}

// step sends one step and notes in the settlement what came of it.
func (e *Engine) step(ctx context.Context, d deliveries.Destination, by Sender, step Step, s *deliveries.Settlement) ending {
	began := e.Store.Now()
	f := failureOf(by.Send(ctx, d, step))
	now := e.Store.Now()
	crowdedOut := errors.Is(context.Cause(ctx), errCrowdedOut)
	switch {
	case f == nil:
		answered(s, d, step, now, now.Sub(began))
		s.Reached = append(s.Reached, step.Covers...)
		return followed
	case f.Verdict == Refused:
		e.Log.Warn("an entry was refused", "to", d.URL, "seq", step.Entry.Seq, "status", f.Status, "answer", f.Detail)
		s.Refusals = append(s.Refusals, deliveries.Refusal{Seq: step.Entry.Seq, Status: f.Status, Detail: f.Detail})
		answered(s, d, step, now, now.Sub(began))
		return followed
	case ctx.Err() != nil && !crowdedOut: // not the destination's fault
		s.NextAttempt = time.Time{}
		return stopped
	case crowdedOut:
		f = &Failure{Verdict: Later, Detail: errCrowdedOut.Error()}
	}
	putOff(s, d, f, now)
	e.Log.Warn("a delivery failed", "to", d.URL, "seq", step.Entry.Seq, "failures", s.Failures,
		"next", s.NextAttempt.Format(time.RFC3339), "error", f.Error())
	return failed
}

// answered notes an answer. The latency is a running mean: one slow answer
// makes no slow server.
func answered(s *deliveries.Settlement, d deliveries.Destination, step Step, at time.Time, took time.Duration) {
	s.Cursor, s.Succeeded, s.At, s.Recovered = step.Settles, true, at, d.Failures > 0
	s.Failures, s.FailingSince, s.NextAttempt, s.State, s.Error = 0, time.Time{}, time.Time{}, deliveries.StateActive, ""
	if s.Latency == 0 {
		s.Latency = took
	}
	s.Latency = (3*s.Latency + took) / 4
}

// agenda is what a job tells its destination, and who tells it.
type agenda struct {
	sender Sender
	steps  []Step
	end    press.Seq // where the cursor stands when all has been answered
	head   press.Seq // of the source as it was planned by
	rest   time.Duration
}

func (e *Engine) plan(ctx context.Context, d deliveries.Destination, of publog.Source) (agenda, error) {
	kind, ok := e.Kinds[of.Kind]
	if !ok {
		return agenda{}, fmt.Errorf("plan for %s: nobody serves %s, a source of the kind %s", d.URL, of.Name, of.Kind)
	}
	backlog, head, err := e.outlook.behind(ctx, place{d.Source, d.Cursor})
	if err != nil {
		return agenda{}, fmt.Errorf("plan for %s: %w", d.URL, err)
	}
	if head > of.Head {
		// What concerns the destination may have changed with the log: its server
		// may have shown that it has an article that is withdrawn since.
		err := e.Store.View(ctx, func(tx *storage.Tx) (err error) {
			d.Spans, err = tx.Spans(d.ID)
			return err
		})
		if err != nil {
			return agenda{}, fmt.Errorf("plan for %s: %w", d.URL, err)
		}
	}
	steps, end := kind.Plan(d, of.Head, head, backlog, e.age.now())
	return agenda{kind.Sender, steps, end, head, kind.Rest}, nil
}

// direct sends one message.
func (e *Engine) direct(ctx context.Context, m deliveries.Directed) outcome {
	f := failureOf(e.Messenger.SendDirected(ctx, m))
	if f != nil && ctx.Err() != nil && !errors.Is(context.Cause(ctx), errCrowdedOut) {
		return outcome{}
	}
	if f != nil {
		e.Log.Warn("a message was not taken", "inbox", m.Inbox, "id", m.ID, "failures", m.Failures+1, "error", f.Error())
	}
	return outcome{directed: &directedOutcome{message: m, failure: f}}
}

// settle writes what came of a directed message. An inbox that is gone takes
// its follower with it, never the shared inbox that others use.
func (o *directedOutcome) settle(tx *storage.Tx, generation int64) error {
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
	return tx.RetryDirected(m.ID, generation, m.Failures+1, next, f.Error())
}
