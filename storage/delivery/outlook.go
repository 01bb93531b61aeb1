package delivery

import (
	"context"
	"fmt"
	"sync"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/publog"
)

// outlook is the log of each source as it was last seen, for the jobs to plan
// by: in a fan-out thousands of destinations stand at the same cursor, and none
// of them needs to ask the database. The engine looks fifty times a second, so
// it is at most that old.
type outlook struct {
	store *storage.Store
	age   age

	mu       sync.Mutex
	heads    map[string]press.Seq // by source: a number for each that was ever due
	backlogs map[place][]press.Entry
}

// place is where a backlog begins: behind a cursor of a source. It goes up to
// the source's head.
type place struct {
	source string
	cursor press.Seq
}

// maxBacklogs bounds the memory; destinations far behind differ in their
// cursors and are few.
const maxBacklogs = 64

func newOutlook(store *storage.Store, age age) *outlook {
	return &outlook{store: store, age: age, heads: map[string]press.Seq{}, backlogs: map[place][]press.Entry{}}
}

// see moves the outlook to a source's head; it never goes back.
func (o *outlook) see(s publog.Source) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if s.Head <= o.heads[s.Name] {
		return
	}
	o.heads[s.Name] = s.Head
	for at := range o.backlogs {
		if at.source == s.Name {
			delete(o.backlogs, at)
		}
	}
}

func (o *outlook) seen(source string) press.Seq {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.heads[source]
}

// behind returns what follows a cursor and up to where. The entries are shared:
// they must not be changed.
func (o *outlook) behind(ctx context.Context, at place) ([]press.Entry, press.Seq, error) {
	o.mu.Lock()
	head := o.heads[at.source]
	known, ok := o.backlogs[at]
	o.mu.Unlock()
	if ok {
		return known, head, nil
	}
	var entries []press.Entry
	err := o.store.View(ctx, func(tx *storage.Tx) (err error) {
		entries, err = tx.Backlog(at.source, at.cursor, head, o.age.now().Add(-othersFor))
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read what follows entry %d: %w", at.cursor, err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if head == o.heads[at.source] {
		if len(o.backlogs) >= maxBacklogs {
			clear(o.backlogs)
		}
		o.backlogs[at] = entries
	}
	return entries, head, nil
}
