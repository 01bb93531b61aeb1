package delivery

import (
	"context"
	"time"

	"communique/storage/deliveries"
	"communique/storage/press"
)

// Sender tells a destination one step. It returns nil for what was taken, a
// *[Failure] for what was not, and keeps a deadline of its own.
type Sender interface {
	Send(ctx context.Context, d deliveries.Destination, s Step) error
}

// Messenger sends a message to one follower's inbox, and answers as a [Sender]
// does. The message's Source says whose key signs it.
type Messenger interface {
	SendDirected(ctx context.Context, m deliveries.Directed) error
}

// Planner says what a destination is told of its backlog up to a head, and
// where its cursor stands once all of that has been answered. The claim covers
// entries up to claimed: what first appears behind it is for another job. It is
// a pure function, asked again whenever the source's head has moved.
type Planner func(d deliveries.Destination, claimed, head press.Seq, backlog []press.Entry, now time.Time) ([]Step, press.Seq)

// Kind is how the destinations of one kind of sources are served. Everything
// else (claims, order, politeness, retries, settlement) is the same for all, so
// a new kind of source is a row of [publog.Source], entries that move its
// head, destinations, and one of these in [Options].
type Kind struct {
	Plan   Planner // [Authored], [Announced] or [Newest]
	Sender Sender
	// Rest is how long a destination is left alone after a delivery. With
	// [Newest], what comes meanwhile goes out together: an import of thousands of
	// articles is not a thousand deliveries.
	Rest time.Duration
}

// Newest is the [Planner] of what is told of as it is now, whatever lies
// between: one step that settles the head. The step's entry is the one at the
// head. No progress is kept of it, for each of the many feeds: who has it is read
// off the cursors ([storage.Tx.ReachOfTopics]).
func Newest(_ deliveries.Destination, _, head press.Seq, backlog []press.Entry, _ time.Time) ([]Step, press.Seq) {
	if len(backlog) == 0 {
		return nil, head
	}
	last := backlog[len(backlog)-1]
	return []Step{{Verb: Distribute, Entry: last, Settles: head}}, head
}
