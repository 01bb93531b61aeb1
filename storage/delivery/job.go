package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/press"
	"communique/storage/publog"
)

// outcome is the result of a job, for the settler to record. One of the two fields
// is set, or none if the job was interrupted because the engine stopped.
type outcome struct {
	public   *deliveries.Settlement
	directed *directedOutcome
	shard    int
}

// due returns the source, if any, that may have something to claim once the outcome
// is settled: the destination lacks an entry and need not wait, or it was waiting
// for this message.
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

// localDelay is the pause after an error of our own, which says nothing about the
// destination.
const localDelay = time.Second

// deliver sends a claimed destination its backlog, step by step. Before each step it
// checks whether the log has grown, so that an article that was corrected or
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
			e.Log.Error("planning a delivery failed, will retry", "to", d.URL, "error", err)
			s.NextAttempt = e.Store.Now().Add(localDelay)
			return outcome{public: s}
		}
		made, end := e.carryOut(ctx, d, agenda, s)
		// An Announce leaves the cursor where it is until the correction after it is
		// answered; it has arrived all the same when the rest is planned again.
		if made > 0 {
			attempted = max(attempted, agenda.steps[made-1].Begins)
		}
		switch end {
		case completed:
			s.Cursor = agenda.end
			if s.Succeeded && agenda.rest > 0 {
				s.NextAttempt = e.Store.Now().Add(agenda.rest)
			}
			return outcome{public: s}
		case failed, enough:
			return outcome{public: s}
		case stopped:
			if s.Succeeded { // what was answered before is not sent again
				return outcome{public: s}
			}
			return outcome{}
		case overtaken: // plan again
		}
	}
}

// ending is how an agenda ended.
type ending int

const (
	completed ending = iota
	failed           // the settlement says how
	stopped          // because the engine stopped
	overtaken        // the log has grown
	enough           // the rest is left to another job
)

// stepsAtOnce bounds the steps that one job takes before they are settled: a crash in
// the middle of a long backlog repeats all that is not.
const stepsAtOnce = 8

// carryOut takes the steps of an agenda in turn, and returns how many were answered.
// What was answered is settled even if the job was given up at that moment;
// otherwise its destination would stay claimed for as long as this engine runs.
func (e *Engine) carryOut(ctx context.Context, d deliveries.Destination, a agenda, s *deliveries.Settlement) (made int, end ending) {
	for i, step := range a.steps {
		if e.cache.head(d.Source) != a.head {
			return i, overtaken
		}
		if end := e.step(ctx, d, a.sender, step, s); end != completed {
			return i, end
		}
		if i >= stepsAtOnce && s.Cursor > d.Cursor {
			return i + 1, enough
		}
	}
	return len(a.steps), completed
}

// step sends one step and records the result in the settlement.
func (e *Engine) step(ctx context.Context, d deliveries.Destination, by Sender, step Step, s *deliveries.Settlement) ending {
	ctx, done, ours := e.within(ctx, deliveries.Shard(d.Host))
	defer done()
	if !ours {
		return stopped
	}
	began := e.Store.Now()
	f := failureOf(by.Send(ctx, d, step))
	now := e.Store.Now()
	givenUp := ctx.Err() != nil && (f == nil || f.Status == 0) // an answer that came all the same counts
	if !givenUp || f == nil {
		e.answered(d.Kind, f, now.Sub(began))
	}
	switch {
	case f == nil:
		e.tellRecovered(d, s)
		recordAnswer(s, d, step, now, now.Sub(began))
		s.Reached = append(s.Reached, step.Covers...)
		return completed
	case f.Verdict == Refused:
		e.hearsay.Warn(d.Host, "entry refused", "to", d.URL, "seq", step.Entry.Seq, "status", f.Status, "answer", f.Detail)
		s.Refusals = append(s.Refusals, deliveries.Refusal{Seq: step.Entry.Seq, Status: f.Status, Detail: f.Detail})
		e.tellRecovered(d, s)
		recordAnswer(s, d, step, now, now.Sub(began))
		return completed
	case f.Status == 0 && e.lapsed(ctx, deliveries.Shard(d.Host)):
		s.NextAttempt = now.Add(localDelay)
		return failed
	case givenUp && !errors.Is(context.Cause(ctx), errCrowdedOut): // not the destination's fault
		s.NextAttempt = time.Time{}
		return stopped
	case givenUp:
		f = &Failure{Verdict: Later, Detail: errCrowdedOut.Error()}
	}
	e.postpone(s, d, f, now)
	e.hearsay.Warn(d.Host, "delivery failed", "to", d.URL, "seq", step.Entry.Seq, "failures", s.Failures,
		"next", s.NextAttempt.Format(time.RFC3339), "error", f.Error())
	if s.State != d.State {
		e.hearsay.Warn(string(s.State)+" "+d.Host, "server "+string(s.State), "to", d.URL, "since", s.FailingSince.Format(time.RFC3339), "error", f.Error())
	}
	return failed
}

// answered counts an attempt that was not cut short by ourselves.
func (e *Engine) answered(to deliveries.DestinationKind, f *Failure, took time.Duration) {
	if e.Answered == nil {
		return
	}
	a := Attempt{To: to, Took: took}
	if f != nil {
		a.Verdict = f.Verdict
	}
	e.Answered(a)
}

// tellRecovered says that a destination that failed answers again. It is called before the
// answer is recorded.
func (e *Engine) tellRecovered(d deliveries.Destination, s *deliveries.Settlement) {
	if d.Failures > 0 && !s.Succeeded {
		e.hearsay.Log(slog.LevelInfo, "recovered "+d.Host, "server recovered", "to", d.URL, "failures", d.Failures, "since", d.FailingSince.Format(time.RFC3339))
	}
}

// recordAnswer records an answer. The latency is a running mean: one slow answer
// doesn't make a slow server.
func recordAnswer(s *deliveries.Settlement, d deliveries.Destination, step Step, at time.Time, took time.Duration) {
	s.Cursor, s.Succeeded, s.At, s.Recovered = step.Settles, true, at, d.Failures > 0
	s.Failures, s.FailingSince, s.NextAttempt, s.State, s.Error = 0, time.Time{}, time.Time{}, deliveries.StateActive, ""
	if s.Latency == 0 {
		s.Latency = took
	}
	s.Latency = (3*s.Latency + took) / 4
}

// agenda is what a job sends to its destination, and by which sender.
type agenda struct {
	sender Sender
	steps  []Step
	end    press.Seq // where the cursor stands when all has been answered
	head   press.Seq // of the source when this was planned
	rest   time.Duration
}

func (e *Engine) plan(ctx context.Context, d deliveries.Destination, of publog.Source) (agenda, error) {
	kind, ok := e.Kinds[of.Kind]
	if !ok {
		return agenda{}, fmt.Errorf("plan for %s: no sender serves %s, a source of kind %s", d.URL, of.Name, of.Kind)
	}
	backlog, head, err := e.cache.backlog(ctx, place{d.Source, d.Cursor})
	if err != nil {
		return agenda{}, fmt.Errorf("plan for %s: %w", d.URL, err)
	}
	if head > of.Head {
		// What concerns the destination may have changed with the log: its server
		// may have shown that it holds an article that has since been withdrawn.
		err := e.Store.View(ctx, func(tx *storage.Tx) (err error) {
			d, err = tx.Coverage(d)
			return err
		})
		if err != nil {
			return agenda{}, fmt.Errorf("plan for %s: %w", d.URL, err)
		}
	}
	steps, end := kind.Plan(d, of.Head, head, backlog, e.expiry.now())
	return agenda{kind.Sender, steps, end, head, kind.Rest}, nil
}

// direct sends one directed message.
func (e *Engine) direct(ctx context.Context, m deliveries.Directed) outcome {
	ctx, done, ours := e.within(ctx, deliveries.Shard(m.Host()))
	defer done()
	if !ours {
		return outcome{}
	}
	began := e.Store.Now()
	f := failureOf(e.Messenger.SendDirected(ctx, m))
	if f == nil || ctx.Err() == nil {
		e.answered("", f, e.Store.Now().Sub(began))
	}
	if f != nil && f.Status == 0 && ctx.Err() != nil && !errors.Is(context.Cause(ctx), errCrowdedOut) && !e.lapsed(ctx, deliveries.Shard(m.Host())) {
		return outcome{}
	}
	if f != nil {
		e.hearsay.Warn(m.Host(), "message failed", "inbox", m.Inbox, "id", m.ID, "failures", m.Failures+1, "error", f.Error())
	}
	return outcome{directed: &directedOutcome{message: m, failure: f}}
}

// settleMessage records the result of a directed message. An inbox that is gone removes its
// follower, never the shared inbox that others use.
func (e *Engine) settleMessage(tx *storage.Tx, o *directedOutcome) error {
	m, f := o.message, o.failure
	switch {
	case f == nil:
		return tx.DeliveredDirected(m.ID)
	case f.Verdict == Refused:
		return tx.FinishDirected(m.ID)
	case f.Verdict == Gone:
		return tx.DropRecipient(m)
	case tx.Now().Sub(m.Created) >= giveUpAfter:
		return tx.FinishDirected(m.ID)
	}
	next := tx.Now().Add(Backoff(m.Failures+1, f.RetryAfter, e.Spread()))
	return tx.RetryDirected(m.ID, e.generation, m.Failures+1, next, f.Error())
}
