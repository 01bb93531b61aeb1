package kernel

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"reflect"
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
	// once are those that were run once, where none is prepared for that; nil elsewhere.
	once   map[string]bool
	hangUp func(ctx context.Context, conn *sql.Conn) error
	// together runs those that wait; nil if none does.
	together func(ctx context.Context, conn *sql.Conn, all []Statement) error
	waiting  []Statement
	weight   int // of their arguments
}

// Statement is one of which only the error is of interest.
type Statement struct {
	Query string
	Args  []any
	// Prepared tells that it comes again.
	Prepared bool
}

const (
	// mostWaiting and heaviestWaiting bound the statements that wait, by their number and by
	// the bytes of their arguments.
	mostWaiting     = 64
	heaviestWaiting = 1 << 20
)

func newStatements(conn *sql.Conn, d *Dialect, reading bool) statements {
	s := statements{conn: conn, idle: map[string]*sql.Stmt{}, hangUp: d.HangUp}
	if d.Far {
		s.once = map[string]bool{}
	}
	s.forReading(d, reading)
	return s
}

// forReading has them be those of who only reads, or of who writes.
func (s *statements) forReading(d *Dialect, is bool) {
	s.cutShort, s.under, s.together = is, nil, nil
	if !is {
		s.together = d.Together
	}
}

// later runs a statement before the next one whose answer is of interest, or in
// [statements.catchUp]: an error of it is that one's.
func (s *statements) later(ctx context.Context, query string, args ...any) error {
	if s.together == nil {
		return s.exec(ctx, query, args...)
	}
	args = plain(args)
	for i, arg := range args {
		if b, is := arg.([]byte); is {
			args[i] = bytes.Clone(b) // whose it is may use it again
		}
		s.weight += weight(arg)
	}
	s.waiting = append(s.waiting, Statement{Query: query, Args: args, Prepared: !s.first(query)})
	if len(s.waiting) < mostWaiting && s.weight < heaviestWaiting {
		return nil
	}
	return s.catchUp(ctx)
}

func weight(arg any) int {
	switch v := arg.(type) {
	case []byte:
		return len(v)
	case string:
		return len(v)
	}
	return 0
}

// catchUp runs what waits, in its order, up to the first that fails.
func (s *statements) catchUp(ctx context.Context) error {
	if len(s.waiting) == 0 {
		return nil
	}
	all := s.waiting
	s.forget()
	return s.together(s.within(ctx), s.conn, all)
}

// forget runs nothing of what waits.
func (s *statements) forget() { s.waiting, s.weight = nil, 0 }

// maxIdle bounds the statements that are kept. Most of them are the same few;
// some name what they are about in their text.
const maxIdle = 200

// longest bounds the texts that are prepared where each costs a way: what is longer names
// what it is about, and does not come again.
const longest = 4096

// first tells that a statement is not prepared for now, as it was not run before.
func (s *statements) first(query string) bool {
	if s.once == nil || s.once[query] {
		return false
	}
	if len(query) > longest {
		return true
	}
	if len(s.once) >= 2*maxIdle {
		clear(s.once)
		for known := range s.idle {
			s.once[known] = true
		}
	}
	s.once[query] = true
	return true
}

// plain are arguments without the names of their types, for an engine that was not asked for
// the types of the parameters.
func plain(args []any) []any {
	all := make([]any, len(args))
	for i, arg := range args {
		all[i] = arg
		switch v := reflect.ValueOf(arg); v.Kind() {
		case reflect.String:
			all[i] = v.String()
		case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
			all[i] = v.Int()
		case reflect.Bool:
			all[i] = v.Bool()
		default: // which has no other name
		}
	}
	return all
}

func (s *statements) exec(ctx context.Context, query string, args ...any) error {
	if err := s.catchUp(ctx); err != nil {
		return err
	}
	ctx = s.within(ctx)
	if s.first(query) {
		_, err := s.conn.ExecContext(ctx, query, plain(args)...)
		return err
	}
	prepared, err := s.take(ctx, query)
	if err != nil {
		return err
	}
	defer s.giveBack(query, prepared)
	_, err = prepared.ExecContext(ctx, args...)
	return err
}

func (s *statements) query(ctx context.Context, fn func(*sql.Rows) error, query string, args ...any) error {
	if err := s.catchUp(ctx); err != nil {
		return err
	}
	ctx = s.within(ctx)
	if s.first(query) {
		rows, err := s.conn.QueryContext(ctx, query, plain(args)...)
		return scanned(rows, err, fn)
	}
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

// close lets the connection go, with all that was prepared on it.
func (s *statements) close(ctx context.Context) error {
	var all []error
	if s.hangUp != nil {
		all = append(all, s.hangUp(ctx, s.conn))
	}
	for _, prepared := range s.idle {
		all = append(all, prepared.Close())
	}
	clear(s.idle)
	all = append(all, s.conn.Close())
	if s.hangUp != nil {
		return all[0] // the rest went with it
	}
	return errors.Join(all...)
}
