package delivery_test

import (
	"context"
	"testing"
	"time"

	"communique/storage/deliveries"
	"communique/storage/delivery"
	"communique/storage/publog"
)

// TestStoppedInTheMiddle: the engine is stopped while a server keeps the second of
// three deliveries waiting. What the server has answered before is settled, and
// what it answers at the very moment counts.
func TestStoppedInTheMiddle(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer error // to the second, as it is given up
		cursor int64
		state  deliveries.DestinationState
	}{
		"no answer": {context.Canceled, 2, deliveries.StateActive},
		"accepted":  {nil, 4, deliveries.StateActive},
		"refused":   {&delivery.Failure{Verdict: delivery.Refused, Status: 403}, 4, deliveries.StateActive},
		"gone":      {&delivery.Failure{Verdict: delivery.Gone, Status: 410}, 2, deliveries.StateGone},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const inbox = "http://a.example/shared"
			waiting := false
			change := func(w *world, o *delivery.Options) {
				send := func(ctx context.Context, d deliveries.Destination, s delivery.Step) error {
					if s.Entry.Seq < 3 {
						return w.Send(ctx, d, s)
					}
					waiting = true
					<-ctx.Done()
					return c.answer
				}
				o.Kinds = map[publog.SourceKind]delivery.Kind{publog.Author: {Plan: delivery.Authored, Sender: sendFunc(send)}}
			}
			inDaysWith(t, change, func(w *world) {
				w.follow("a.example", inbox)
				w.publish("One")
				w.publish("Two")
				w.publish("Three")
				time.Sleep(20 * time.Second)
				w.stop()
				d := w.destination(inbox)
				if !waiting || int64(d.Cursor) != c.cursor || d.State != c.state {
					w.t.Errorf("waiting %t, the cursor is at %d and the state %s, want %d and %s", waiting, d.Cursor, d.State, c.cursor, c.state)
				}
			})
		})
	}
}

// TestAnsweredAsItIsGivenUp: too many servers are silent, and the one that is given
// up answers at that moment that it is gone. That is its answer.
func TestAnsweredAsItIsGivenUp(t *testing.T) {
	t.Parallel()
	clock := attentive()
	var ended chan struct{} // of the simulation
	change := func(w *world, o *delivery.Options) {
		ended = make(chan struct{})
		o.Fast, o.Slow = 2, 1
		send := func(ctx context.Context, d deliveries.Destination, _ delivery.Step) error {
			defer clock.Ask(ctx)()
			select {
			case <-ctx.Done():
				return &delivery.Failure{Verdict: delivery.Gone, Status: 410}
			case <-ended:
				return nil
			}
		}
		o.Kinds = map[publog.SourceKind]delivery.Kind{publog.Author: {Plan: delivery.Authored, Sender: sendFunc(send)}}
	}
	inDaysWith(t, change, func(w *world) {
		gone := 0
		all := inboxes(w, "h", 2)
		w.publish("A communiqué")
		time.Sleep(time.Minute)
		for _, inbox := range all {
			if w.destination(inbox).State == deliveries.StateGone {
				gone++
			}
		}
		if gone != 1 {
			w.t.Errorf("%d of two are gone, want the one that said so", gone)
		}
		close(ended)
	})
}
