package storage

import (
	"context"
	"fmt"
	"time"
)

// awaitEvery is the pause between two looks whether a task is for this program to do.
const awaitEvery = 100 * time.Millisecond

// Task is what one of the programs that serve a database does for all. That embargoes end
// is none: each watches the clock, the first one ends what is due in one transaction behind
// all that write, and to the others nothing is due then. If one alone did, its death would
// make an embargo late. Nor is what follows a request of somebody, which is answered by
// whoever got it.
type Task int

// The tasks. A lease stands for each in the database: see storage/migrations.
const (
	Tidying   Task = iota // ends what has had its time, and looks again at what others have
	Indexing              // takes older articles into the search
	Purging               // the cache in front
	Verifying             // asks subscribers whether they want what was asked for in their name
	// Tasks is how many there are. A later version may have more: their leases are left to
	// those that can do them.
	Tasks int = iota
)

// String names it, as operators are told of it.
func (t Task) String() string {
	switch t {
	case Tidying:
		return "tidying"
	case Indexing:
		return "indexing"
	case Purging:
		return "purging"
	case Verifying:
		return "verifying"
	default:
		return fmt.Sprintf("task %d", int(t))
	}
}

// ShareTasks has this program do those tasks only that does says are its. It is called
// before anything is served.
func (s *Store) ShareTasks(does func(Task) bool) { s.does = does }

// ShareLimits has this program know among how many it serves a database. It is called
// before anything is served.
func (s *Store) ShareLimits(servers func() int) { s.servers = servers }

// Servers is how many programs serve the database, this one among them.
func (s *Store) Servers() int {
	if s.servers == nil {
		return 1
	}
	return s.servers()
}

// Does tells whether this program is to do a task now. Alone it does all.
func (s *Store) Does(t Task) bool { return s.does == nil || s.does(t) }

// await waits until this program is to do a task, or ctx ends.
func (s *Store) await(ctx context.Context, t Task) {
	for !s.Does(t) {
		select {
		case <-ctx.Done():
			return
		case <-time.After(awaitEvery):
		}
	}
}
