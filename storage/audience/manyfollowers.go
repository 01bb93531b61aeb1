package audience

import (
	"fmt"
	"maps"
	"slices"

	"communique/storage/deliveries"
)

// AddFollowers does what [Tx.AddFollower] does for each of some Follows, and says which
// were taken. What is kept of a server and of its destination is written once, however
// many of its actors follow: after an announcement they come by the thousand.
func (tx *Tx) AddFollowers(follows []Follow) (taken []bool, err error) {
	if err := tx.log.Lock(); err != nil {
		return nil, err
	}
	all := newArrivals()
	for _, f := range follows {
		known, err := tx.standingOf(f)
		if err != nil {
			return nil, fmt.Errorf("look for %s: %w", f.Actor, err)
		}
		usual := known.usual(f)
		if usual {
			err = tx.arrive(f, known, all)
		} else if err = tx.count(all); err == nil { // which the next one reads
			all = newArrivals()
			usual, err = tx.AddFollower(f)
		}
		if err != nil {
			return nil, err
		}
		taken = append(taken, usual)
	}
	return taken, tx.count(all)
}

// usual reports whether a Follow is of somebody who did not follow, at a server that is
// delivered to on behalf of others, and was not taken back.
func (k standing) usual(f Follow) bool {
	return k.destination == 0 && k.delivery != 0 && k.open && !k.hasLeft(f)
}

// arrivals are usual Follows that were stored and not counted yet.
type arrivals struct {
	actors map[string][]string   // by source
	at     map[int64]*arrivalsAt // by destination
}

// arrivalsAt are those whom one destination serves.
type arrivalsAt struct {
	before deliveries.Served
	more   int
	reads  bool // what is pinned
}

func newArrivals() *arrivals {
	return &arrivals{actors: map[string][]string{}, at: map[int64]*arrivalsAt{}}
}

// arrive stores a usual follower, and the answer.
func (tx *Tx) arrive(f Follow, known standing, among *arrivals) error {
	if err := tx.insertFollower(f, known.delivery); err != nil {
		return fmt.Errorf("store follower %s: %w", f.Actor, err)
	}
	among.actors[f.Source] = append(among.actors[f.Source], f.Actor)
	at := among.at[known.delivery]
	if at == nil {
		at = &arrivalsAt{before: known.served}
		among.at[known.delivery] = at
	}
	at.more, at.reads = at.more+1, at.reads || known.reads
	return tx.ledger.Queue(f.Accept, known.waiting)
}

// count counts followers that have arrived.
func (tx *Tx) count(all *arrivals) error {
	for source, actors := range all.actors {
		if err := tx.joined(source, actors...); err != nil {
			return err
		}
	}
	for _, destination := range slices.Sorted(maps.Keys(all.at)) { // by id, as rows are locked
		at := all.at[destination]
		if at.reads {
			if err := tx.ledger.MayHold(destination); err != nil {
				return err
			}
		}
		if err := tx.ledger.Count(destination, at.before, at.more); err != nil {
			return err
		}
	}
	return nil
}
