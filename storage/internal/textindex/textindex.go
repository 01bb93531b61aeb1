// Package textindex keeps what documents say as terms (package terms), so that they are found by
// their words. There are several indexes, of which each has its own tables and is read by itself:
// what is not public is in none that the public searches.
package textindex

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/terms"
)

// Index is where documents stand: the table of their terms, which is each engine's own, and that of
// their numbers, whose column Of says what each of them is of.
type Index struct {
	Terms, Documents, Of string
	// Erases says that nothing is left of what is removed, also in the files of the database. The
	// engine is told for that what the document said, so that this must be known, and what it is
	// narrowed by is kept.
	Erases bool
}

// Fields are the terms of a document by field. Filed is what is narrowed by; see [Filed].
type Fields struct{ Title, Lead, Tags, Body, Filed string }

// Text are the fields of text, what weighs most first.
var Text = []string{"title", "lead", "tags", "body"}

// Statement is SQL and its arguments.
type Statement struct {
	SQL  string
	Args []any
}

// Match is a condition on documents.
type Match struct {
	Query terms.Query
	// Fields must say every phrase of the query between them, and no field of
	// text may say what the query excludes.
	Fields []string
	// Without leaves out what these fields say by themselves, if there are any.
	Without []string
	// Filed are groups of terms, of each of which filed must have one.
	Filed [][]string
}

// Engine is how an engine finds terms: each document is of five fields, each of which is a text of
// terms separated by spaces.
type Engine struct {
	// Add stores a document.
	Add func(in Index, id int64, f Fields) []Statement
	// Remove forgets a document, which was stored with these fields.
	Remove func(in Index, id int64, f Fields) []Statement
	// Find returns the ids of up to limit documents that match, from one id up to
	// but not including another, the highest first.
	Find func(in Index, m Match, from, below int64, limit int) Statement
	// Merge puts a little of what an index is kept in together and tells whether that was anything,
	// so that a search looks into less. It is nil where the engine does that by itself.
	Merge func(db *kernel.Tx, in Index) (did bool, err error)
}

// Documents are those of an index in a transaction.
type Documents struct {
	index  Index
	db     *kernel.Tx
	engine *Engine
}

// In are the documents of an index.
func (e *Engine) In(db *kernel.Tx, index Index) Documents { return Documents{index, db, e} }

// PerSecond is how many documents have room in the ids of one second; further
// ones go into the next.
const PerSecond = 1 << 16

// Number is the first id of a second. Ids rise with the date of a document, so that an engine finds
// the newest first and a stretch of time without looking at the others.
func Number(t time.Time) int64 {
	seconds := t.Unix() - time.Time{}.Unix() // of the year 1, so that none is negative
	return seconds * PerSecond
}

// Add takes in what a document says, with the date under which it stands.
func (d Documents) Add(of any, at time.Time, f Fields) error {
	id, err := d.free(at)
	if err != nil {
		return err
	}
	if d.index.Erases {
		err = d.db.Exec(`INSERT INTO `+d.index.Documents+` (id, `+d.index.Of+`, filed) VALUES ($1, $2, $3)`, id, of, f.Filed)
	} else {
		err = d.db.Exec(`INSERT INTO `+d.index.Documents+` (id, `+d.index.Of+`) VALUES ($1, $2)`, id, of)
	}
	for _, s := range d.engine.Add(d.index, id, f) {
		err = cmp.Or(err, d.db.Exec(s.SQL, s.Args...))
	}
	return err
}

// Remove takes a document out of the index, if it is there. It was taken in with these fields,
// those of what it is narrowed by apart, which the index knows.
func (d Documents) Remove(of any, f Fields) error {
	id, there, err := d.Taken(of, &f)
	if err != nil || !there {
		return err
	}
	return d.Forget(id, f)
}

// Forget takes the document of an id out of the index, which was taken in with these fields.
func (d Documents) Forget(id int64, f Fields) error {
	err := d.db.Exec(`DELETE FROM `+d.index.Documents+` WHERE id = $1`, id)
	for _, s := range d.engine.Remove(d.index, id, f) {
		err = cmp.Or(err, d.db.Exec(s.SQL, s.Args...))
	}
	return err
}

// Taken is [Documents.Of], with what the document is narrowed by, if the index keeps that.
func (d Documents) Taken(of any, f *Fields) (id int64, there bool, err error) {
	if !d.index.Erases {
		return d.Of(of)
	}
	err = d.db.Row(`SELECT id, filed FROM `+d.index.Documents+` WHERE `+d.index.Of+` = $1`, of).Scan(&id, &f.Filed)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return id, err == nil, err
}

// Of is the id of the document of something, if it has one.
func (d Documents) Of(of any) (id int64, there bool, err error) {
	err = d.db.Row(`SELECT id FROM `+d.index.Documents+` WHERE `+d.index.Of+` = $1`, of).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return id, err == nil, err
}

func (d Documents) free(at time.Time) (int64, error) {
	for first := Number(at); ; first += PerSecond {
		var next int64
		err := d.db.Row(`SELECT COALESCE(MAX(id) + 1, CAST($1 AS BIGINT)) FROM `+d.index.Documents+` WHERE id >= $1 AND id < $2`,
			first, first+PerSecond).Scan(&next)
		if err != nil || next < first+PerSecond {
			return next, err
		}
	}
}

// MergeOne puts a little of what one of some indexes is kept in together, the first that can be, and
// tells whether one could.
func (e *Engine) MergeOne(db *kernel.Tx, of ...Index) (did bool, err error) {
	if e.Merge == nil {
		return false, nil
	}
	for _, in := range of {
		if did, err = e.Merge(db, in); err != nil {
			return did, fmt.Errorf("put the index %s together: %w", in.Terms, err)
		}
		if did {
			break
		}
	}
	return did, nil
}

// All is more than every id.
const All = math.MaxInt64

// Find are the ids of up to limit documents that match, from one up to but not including another,
// the highest first.
func (d Documents) Find(m Match, from, below int64, limit int) (found []int64, err error) {
	query := d.engine.Find(d.index, m, from, below, limit)
	err = d.db.Each(func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		found = append(found, id)
		return err
	}, query.SQL, query.Args...)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return found, nil
}

// ThoseOf are what some documents are of, by their ids.
func (d Documents) ThoseOf(ids []int64) (map[int64]string, error) {
	all := make(map[int64]string, len(ids))
	if len(ids) == 0 {
		return all, nil
	}
	err := d.db.Each(func(scan func(...any) error) error {
		var id int64
		var of string
		err := scan(&id, &of)
		all[id] = of
		return err
	}, `SELECT id, `+d.index.Of+` FROM `+d.index.Documents+` WHERE id IN (`+kernel.Numbered(1, len(ids))+`)`, kernel.Args(ids)...)
	if err != nil {
		return nil, fmt.Errorf("read what was found: %w", err)
	}
	return all, nil
}
