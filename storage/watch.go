package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Watch tells when the database was written to, by whichever process. Looking
// costs some microseconds, so it can be done fifty times a second. It is for
// one goroutine.
type Watch struct {
	store *Store
	conn  *sql.Conn
	look  *sql.Stmt
	last  int64
}

// Watch starts watching; [Watch.Close] ends it.
func (s *Store) Watch(ctx context.Context) (*Watch, error) {
	conn, err := s.reader.Conn(ctx)
	if err != nil {
		return nil, s.dialect.Classify(fmt.Errorf("watch the database: %w", err))
	}
	// The version of a connection counts the commits of all others, so the
	// connection must be this watch's own.
	look, err := conn.PrepareContext(ctx, s.dialect.DataVersion)
	if err != nil {
		return nil, s.dialect.Classify(fmt.Errorf("watch the database: %w", errors.Join(err, conn.Close())))
	}
	return &Watch{store: s, conn: conn, look: look, last: -1}, nil
}

// Close ends the watch.
func (w *Watch) Close() error { return errors.Join(w.look.Close(), w.conn.Close()) }

// Changed tells whether anything was committed since the last call; the first
// one says yes.
func (w *Watch) Changed(ctx context.Context) (bool, error) {
	var version int64
	if err := w.look.QueryRowContext(ctx).Scan(&version); err != nil {
		return false, w.store.dialect.Classify(fmt.Errorf("look for changes: %w", err))
	}
	changed := version != w.last
	w.last = version
	return changed, nil
}
