package delivery

import (
	"context"
	"fmt"
	"sync"

	"communique/storage"
	"communique/storage/press"
)

// outlook is the source's log as it was last seen, for the jobs to plan by: in
// a fan-out thousands of destinations stand at the same cursor, and none of
// them needs to ask the database. The engine looks fifty times a second, so it
// is at most that old.
type outlook struct {
	store  *storage.Store
	source string

	mu       sync.Mutex
	head     press.Seq
	backlogs map[press.Seq][]press.Entry // by the cursor they begin behind, up to head
}

// maxBacklogs bounds the memory; destinations far behind differ in their
// cursors and are few.
const maxBacklogs = 16

// see moves the outlook to a head; it never goes back.
func (o *outlook) see(head press.Seq) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if head > o.head {
		o.head, o.backlogs = head, map[press.Seq][]press.Entry{}
	}
}

func (o *outlook) seen() press.Seq {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.head
}

// behind returns what follows a cursor and up to where. The entries are shared:
// they must not be changed.
func (o *outlook) behind(ctx context.Context, cursor press.Seq) ([]press.Entry, press.Seq, error) {
	o.mu.Lock()
	head := o.head
	known, ok := o.backlogs[cursor]
	o.mu.Unlock()
	if ok {
		return known, head, nil
	}
	var entries []press.Entry
	err := o.store.View(ctx, func(tx *storage.Tx) (err error) {
		entries, err = tx.Backlog(o.source, cursor, head, tx.Now().Add(-othersFor))
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read what follows entry %d: %w", cursor, err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if head == o.head {
		if len(o.backlogs) >= maxBacklogs {
			clear(o.backlogs)
		}
		o.backlogs[cursor] = entries
	}
	return entries, head, nil
}
