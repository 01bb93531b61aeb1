package kernel

import (
	"context"
	"database/sql"
	"errors"
)

// scanned hands rows to a function and closes them.
func scanned(rows *sql.Rows, err error, fn func(*sql.Rows) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	if err := fn(rows); err != nil {
		return err
	}
	return rows.Err()
}

// statements are those of one connection, prepared once and kept: reading the
// SQL costs as much as running it. The rows of a query are valid inside the
// function that they are handed to.
type statements struct {
	conn *sql.Conn
	idle map[string]*sql.Stmt // by their text, those that are not in use
	// cutShort lets a statement end with the context. The writer's run to their
	// end, whatever becomes of it: one that is interrupted would take the
	// transaction, and all that share it, along.
	cutShort bool
	// under is the context of all statements, whatever that of each; nil if none is.
	// See [DB.guard].
	under context.Context
}

func newStatements(conn *sql.Conn, cutShort bool) statements {
	return statements{conn: conn, idle: map[string]*sql.Stmt{}, cutShort: cutShort}
}

// maxIdle bounds the statements that are kept. Most of them are the same few;
// some name what they are about in their text.
const maxIdle = 200

func (s *statements) exec(ctx context.Context, query string, args ...any) error {
	ctx = s.within(ctx)
	prepared, err := s.take(ctx, query)
	if err != nil {
		return err
	}
	defer s.giveBack(query, prepared)
	_, err = prepared.ExecContext(ctx, args...)
	return err
}

func (s *statements) query(ctx context.Context, fn func(*sql.Rows) error, query string, args ...any) error {
	ctx = s.within(ctx)
	prepared, err := s.take(ctx, query)
	if err != nil {
		return err
	}
	defer s.giveBack(query, prepared)
	rows, err := prepared.QueryContext(ctx, args...)
	return scanned(rows, err, fn)
}

func (s *statements) within(ctx context.Context) context.Context {
	switch {
	case s.under != nil:
		return s.under
	case s.cutShort:
		return ctx
	}
	return context.WithoutCancel(ctx)
}

// take takes a statement out, so that a query made for each row of the same
// query gets another one.
func (s *statements) take(ctx context.Context, query string) (*sql.Stmt, error) {
	if prepared, ok := s.idle[query]; ok {
		delete(s.idle, query)
		return prepared, nil
	}
	return s.conn.PrepareContext(ctx, query)
}

func (s *statements) giveBack(query string, prepared *sql.Stmt) {
	if _, double := s.idle[query]; double {
		_ = prepared.Close() // nothing was lost that mattered
		return
	}
	if len(s.idle) >= maxIdle {
		for text, stale := range s.idle {
			delete(s.idle, text)
			_ = stale.Close()
			break
		}
	}
	s.idle[query] = prepared
}

func (s *statements) close() error {
	var all []error
	for _, prepared := range s.idle {
		all = append(all, prepared.Close())
	}
	clear(s.idle)
	return errors.Join(all...)
}
