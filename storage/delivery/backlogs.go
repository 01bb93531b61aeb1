package delivery

import (
	"sync"

	"communique/storage"
	"communique/storage/press"
)

// backlogs remembers the stretches of the log that were read last: in a
// fan-out thousands of destinations stand at the same cursor.
type backlogs struct {
	mu      sync.Mutex
	entries map[stretch][]press.Entry
}

// stretch is the part of the log behind a cursor, up to a head.
type stretch struct{ cursor, head press.Seq }

// maxStretches bounds the memory; destinations far behind differ in their
// cursors and are few.
const maxStretches = 16

// read returns what [storage.Tx.Backlog] does. The entries are shared: they
// must not be changed.
func (b *backlogs) read(tx *storage.Tx, source string, cursor, head press.Seq) ([]press.Entry, error) {
	key := stretch{cursor, head}
	b.mu.Lock()
	known, ok := b.entries[key]
	b.mu.Unlock()
	if ok {
		return known, nil
	}
	entries, err := tx.Backlog(source, cursor, head, tx.Now().Add(-othersFor))
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.entries == nil || len(b.entries) >= maxStretches {
		b.entries = map[stretch][]press.Entry{}
	}
	b.entries[key] = entries
	return entries, nil
}
