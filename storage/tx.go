package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"communique/storage/press"
)

// Tx is a transaction. It is valid inside the function that it was handed to,
// and for one goroutine.
type Tx struct {
	ctx    context.Context // between two statements it can end the transaction
	engine engine
	now    time.Time
	// appends is the date of the entries that this transaction appends, zero before
	// the first; see [Tx.append].
	appends time.Time
	// index is the engine's way to find terms.
	index *TextIndex
	// locked: the log is, by this transaction or by one before it that shares the
	// commit, see [Tx.lock].
	locked bool
	// blocks are those that this transaction, or one before it that shares the
	// commit, has found; nil if none has asked. lists keeps them for others.
	blocks *blocklist
	lists  *blocklists
	// failed is the first error of a statement; none is run after it, and
	// nothing is committed. PostgreSQL insists on that; SQLite, when the disk is
	// full, rolls back at once, and what followed would stand on its own.
	failed error
}

// Now is the clock as it was read when the transaction began, in UTC.
func (tx *Tx) Now() time.Time { return tx.now }

// ready is the error for which no further statement is run, or nil.
func (tx *Tx) ready() error {
	if tx.failed == nil {
		tx.failed = tx.ctx.Err()
	}
	return tx.failed
}

func (tx *Tx) exec(query string, args ...any) error {
	if err := tx.ready(); err != nil {
		return err
	}
	tx.failed = tx.engine.exec(tx.ctx, query, args...)
	return tx.failed
}

// row runs a query for one row when it is scanned.
func (tx *Tx) row(query string, args ...any) row { return row{tx, query, args} }

type row struct {
	tx    *Tx
	query string
	args  []any
}

func (r row) Scan(into ...any) error {
	if err := r.tx.ready(); err != nil {
		return err
	}
	found := false
	r.tx.failed = r.tx.engine.query(r.tx.ctx, func(rows *sql.Rows) error {
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

// each runs a query and scans every row with fn.
func (tx *Tx) each(fn func(scan func(...any) error) error, query string, args ...any) error {
	if err := tx.ready(); err != nil {
		return err
	}
	var refused error // by fn: the statement did not fail
	err := tx.engine.query(tx.ctx, func(rows *sql.Rows) error {
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

// micros and instant are how times stand in the database; the zero time is 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// given is an instant that is never absent, for which 0 is the start of 1970.
func given(us int64) time.Time { return time.UnixMicro(us).UTC() }

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// list stores a short list as JSON; nil and empty are the same.
func list[T any](items []T) string {
	if len(items) == 0 {
		return "[]"
	}
	text, err := json.Marshal(items)
	if err != nil {
		panic(fmt.Sprintf("storage: a list of %T does not marshal: %v", items, err)) // strings and structs of strings always do
	}
	return string(text)
}

func unlist[T any](text string, into *[]T) error {
	if text == "[]" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}

// SetFact stores what must outlive the configuration, such as the authority
// of the feed ids.
func (tx *Tx) SetFact(name, value string) error {
	err := tx.exec(`INSERT INTO facts (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	if err != nil {
		return fmt.Errorf("store fact %s: %w", name, err)
	}
	return nil
}

// Fact reads what [Tx.SetFact] stored; press.ErrNotFound if nothing was.
func (tx *Tx) Fact(name string) (string, error) {
	var value string
	err := tx.row(`SELECT value FROM facts WHERE name = $1`, name).Scan(&value)
	if err != nil {
		return "", fmt.Errorf("read fact: %w", notFound(err, "%s", name))
	}
	return value, nil
}

// TakeFacts removes the facts whose names have a prefix, and returns them.
func (tx *Tx) TakeFacts(prefix string) (map[string]string, error) {
	facts := map[string]string{}
	err := tx.each(func(scan func(...any) error) error {
		var name, value string
		err := scan(&name, &value)
		facts[name] = value
		return err
	}, `DELETE FROM facts WHERE SUBSTR(name, 1, $1) = $2 RETURNING name, value`, len(prefix), prefix)
	if err != nil {
		return nil, fmt.Errorf("take facts %s: %w", prefix, err)
	}
	return facts, nil
}

// Head is the position of the last entry of the log, the last one that changed
// the section tree, the last one that changed a name or an address in it, and
// when the last entry was appended.
type Head struct {
	Seq, Tree, Names press.Seq
	At               time.Time
}

// Head reads the head of the log.
func (tx *Tx) Head() (Head, error) {
	var h Head
	var at int64
	if err := tx.row(`SELECT seq, tree, names, at FROM log_head WHERE id = 1`).Scan(&h.Seq, &h.Tree, &h.Names, &at); err != nil {
		return h, fmt.Errorf("read the head of the log: %w", err)
	}
	h.At = instant(at)
	return h, nil
}
