package kernel

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"time"

	"communique/storage/press"
)

// Tx is a transaction. It is valid inside the function that it was handed to,
// and for one goroutine.
type Tx struct {
	ctx context.Context // between two statements it can end the transaction
	on  *statements
	now time.Time
	// expected is [Tx.Expected].
	expected time.Time
	// kept is what was kept by this transaction, or by one before it that shares
	// the commit. The map is not changed but replaced: others may have it.
	kept map[any]any
	// failed is the first error of a statement; none is run after it, and
	// nothing is committed. PostgreSQL insists on that; SQLite, when the disk is
	// full, rolls back at once, and what followed would stand on its own.
	failed error
	// forfeited says that nothing of it may stand.
	forfeited bool
	steady    bool                                                               // see [Tx.Steady]
	quiet     bool                                                               // see [Tx.Quiet]
	script    func(ctx context.Context, conn *sql.Conn, statements string) error // of the dialect
}

// ErrForfeited is that a transaction was asked to commit what only a look ahead may
// see.
var ErrForfeited = errors.New("a look ahead cannot be committed")

// Forfeit lets nothing stand of what this transaction does.
func (tx *Tx) Forfeit() { tx.forfeited = true }

// Quiet keeps the commit from being told, unless another transaction shares it that is not
// quiet: nothing that is shown, and nothing that is done elsewhere, depends on what this
// one writes.
func (tx *Tx) Quiet() { tx.quiet = true }

// Steady tells that nothing changes under this transaction, which only reads: what it has read
// is so until it ends.
func (tx *Tx) Steady() bool { return tx.steady }

// Now is the wall clock as it was read when the transaction began, in UTC.
func (tx *Tx) Now() time.Time { return tx.now }

// Keep keeps a value under a key for this transaction and, if it stands, for
// the next ones that share its commit: what is known there is still known here,
// a lock that was taken is still held.
func (tx *Tx) Keep(key, value any) {
	kept := maps.Clone(tx.kept)
	if kept == nil {
		kept = map[any]any{}
	}
	kept[key] = value
	tx.kept = kept
}

// Kept is the value that was kept under a key, or nil.
func (tx *Tx) Kept(key any) any { return tx.kept[key] }

// ready is the error for which no further statement is run, or nil.
func (tx *Tx) ready() error {
	if tx.failed == nil {
		tx.failed = tx.ctx.Err()
	}
	return tx.failed
}

// Exec runs a statement. Where each is a way to a server it may be run no sooner than the next
// one that reads, or the end of the transaction, which returns its error then.
func (tx *Tx) Exec(query string, args ...any) error {
	if err := tx.ready(); err != nil {
		return err
	}
	tx.failed = tx.on.later(tx.ctx, query, args...)
	return tx.failed
}

// end runs what waits, and is the error for which nothing of the transaction may stand.
func (tx *Tx) end() error {
	if err := tx.ready(); err != nil {
		return err
	}
	tx.failed = tx.on.catchUp(tx.ctx)
	return tx.failed
}

// Script runs statements that stand one behind the other, such as the file of a
// migration.
func (tx *Tx) Script(statements string) error {
	if tx.script == nil {
		return tx.Exec(statements)
	}
	if err := tx.end(); err != nil {
		return err
	}
	tx.failed = tx.script(context.WithoutCancel(tx.ctx), tx.on.conn, statements)
	return tx.failed
}

// Row is a query for one row, which runs when it is scanned.
func (tx *Tx) Row(query string, args ...any) Row { return Row{tx, query, args} }

// Row is a query that has at most one row; see [Tx.Row].
type Row struct {
	tx    *Tx
	query string
	args  []any
}

// Scan runs the query and scans its first row; it returns sql.ErrNoRows if there
// is none.
func (r Row) Scan(into ...any) error {
	if err := r.tx.ready(); err != nil {
		return err
	}
	found := false
	r.tx.failed = r.tx.on.query(r.tx.ctx, func(rows *sql.Rows) error {
		if found = rows.Next(); !found {
			return rows.Err()
		}
		return rows.Scan(into...)
	}, r.query, r.args...)
	if r.tx.failed == nil && !found {
		return sql.ErrNoRows
	}
	return r.tx.failed
}

// Each runs a query and scans every row with fn.
func (tx *Tx) Each(fn func(scan func(...any) error) error, query string, args ...any) error {
	if err := tx.ready(); err != nil {
		return err
	}
	var refused error // by fn: the statement did not fail
	err := tx.on.query(tx.ctx, func(rows *sql.Rows) error {
		for rows.Next() {
			if refused = fn(rows.Scan); refused != nil {
				return nil
			}
		}
		return nil
	}, query, args...)
	if refused != nil {
		return refused
	}
	tx.failed = err
	return err
}

// Any reports whether a query has a row, such as a statement that returns what it
// changes.
func (tx *Tx) Any(query string, args ...any) (bool, error) {
	var one int
	err := tx.Row(query, args...).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// NotFound turns the absence of a row into press.ErrNotFound about a thing.
func NotFound(err error, format string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%w: %s", press.ErrNotFound, fmt.Sprintf(format, args...))
	}
	return err
}
