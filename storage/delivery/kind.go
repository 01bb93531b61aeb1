package delivery

import (
	"context"
	"time"

	"communique/storage/deliveries"
	"communique/storage/press"
)

// Sender sends one step to a destination. It returns nil if that was accepted and a
// *[Failure] if it was not. It keeps deadlines of its own, and marks the time in which
// it waits for an answer by [patience.Clock.Ask]: only in that time is the destination
// silent.
type Sender interface {
	Send(ctx context.Context, d deliveries.Destination, s Step) error
}

// Messenger sends a message to one follower's inbox; it returns what a [Sender]
// returns. The message's Source says whose key signs it.
type Messenger interface {
	SendDirected(ctx context.Context, m deliveries.Directed) error
}

// Planner returns what to send to a destination of its backlog up to a head, and
// where its cursor is once all of that has been answered. The claim covers entries up
// to claimed; subjects that first appear after it are for another job. A Planner is a
// pure function, called again whenever the source's head has moved.
type Planner func(d deliveries.Destination, claimed, head press.Seq, backlog []press.Entry, now time.Time) ([]Step, press.Seq)

// Kind says how the destinations of one kind of source are served. Everything else
// (claims, order, politeness, retries, settlement) is the same for all kinds, so a
// new kind of source takes a row of [publog.Source], entries that move its head,
// destinations, and a Kind in [Options].
type Kind struct {
	Plan   Planner // [Authored], [Announced] or [Newest]
	Sender Sender
	// Rest is how long a destination is left alone after a delivery. With
	// [Newest], whatever is published meanwhile goes out together: importing a
	// thousand articles doesn't cause a thousand deliveries.
	Rest time.Duration
}

// Newest is the [Planner] of sources of which only the current state is sent,
// whatever lies between: a single step, with the entry at the head, that settles the
// head. It covers no entries, since no progress is kept for each of the many feeds;
// who has what follows from the cursors ([storage.Tx.ReachOfTopics]).
func Newest(_ deliveries.Destination, _, head press.Seq, backlog []press.Entry, _ time.Time) ([]Step, press.Seq) {
	if len(backlog) == 0 {
		return nil, head
	}
	last := backlog[len(backlog)-1]
	return []Step{{Verb: Distribute, Entry: last, Settles: head}}, head
}
