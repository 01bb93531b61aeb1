package delivery

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/singleflight"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/publog"
)

// logCache holds the log of each source as it was last seen, for jobs to plan by:
// in a fan-out thousands of destinations have the same cursor, and none of them
// needs to ask the database. The engine looks at the log fifty times a second, so
// the cache is never older than that.
type logCache struct {
	store   *storage.Store
	expiry  expiryClock
	reading singleflight.Group // a claim is of a hundred jobs that want the same at once

	mu       sync.Mutex
	heads    map[string]press.Seq // by source; kept for every source that was ever due
	backlogs map[place][]press.Entry
}

// place is where a backlog begins: after a cursor of a source. The backlog ends at
// the source's head.
type place struct {
	source string
	cursor press.Seq
}

// maxBacklogs bounds the memory. Destinations that are far behind each have a
// cursor of their own, but they are few.
const maxBacklogs = 64

func newLogCache(store *storage.Store, expiry expiryClock) *logCache {
	return &logCache{store: store, expiry: expiry, heads: map[string]press.Seq{}, backlogs: map[place][]press.Entry{}}
}

// advance moves the cache to a source's head; it never goes back.
func (c *logCache) advance(s publog.Source) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.Head <= c.heads[s.Name] {
		return
	}
	c.heads[s.Name] = s.Head
	for at := range c.backlogs {
		if at.source == s.Name {
			delete(c.backlogs, at)
		}
	}
}

// head is the head of a source as last seen.
func (c *logCache) head(source string) press.Seq {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.heads[source]
}

// backlog returns the entries after a cursor, and the head at which they end. The
// entries are shared and must not be modified.
func (c *logCache) backlog(ctx context.Context, at place) ([]press.Entry, press.Seq, error) {
	c.mu.Lock()
	head := c.heads[at.source]
	known, ok := c.backlogs[at]
	c.mu.Unlock()
	if ok {
		return known, head, nil
	}
	read, err, _ := c.reading.Do(fmt.Sprintln(at.source, at.cursor, head), func() (any, error) {
		return c.read(context.WithoutCancel(ctx), at, head) // it is for others, too
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read the backlog after entry %d: %w", at.cursor, err)
	}
	return read.([]press.Entry), head, nil
}

// read reads a backlog, and keeps it unless the source has gone on.
func (c *logCache) read(ctx context.Context, at place, head press.Seq) (entries []press.Entry, err error) {
	err = c.store.View(ctx, func(tx *storage.Tx) (err error) {
		entries, err = tx.Backlog(at.source, at.cursor, head, c.expiry.now().Add(-othersFor))
		return err
	})
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if head == c.heads[at.source] {
		if len(c.backlogs) >= maxBacklogs {
			clear(c.backlogs)
		}
		c.backlogs[at] = entries
	}
	return entries, nil
}
