package storage

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"slices"
	"strings"

	"communique/storage/internal/kernel"
)

// A piece of a copy is a transaction on each side.
const (
	pieceRows  = 500
	pieceBytes = 2 << 20
	// insertRows are the rows of one statement.
	insertRows = 50
)

// factsTable is where both sides keep what is their own.
const factsTable = "facts"

// table is one of the schema, with what a copy has to know of it.
type table struct {
	name    string
	columns []string // those of the key first
	keys    int      // how many these are
	parents []string // the tables that it refers to
}

// readTables reads the tables that are copied, those that others refer to first. Those of
// searches are each engine's own, and leases and locks are those of whoever serves a database.
func readTables(tx *kernel.Tx, query string) ([]table, error) {
	var all []table
	err := tx.Each(func(scan func(...any) error) error {
		var name, column, parents string
		var key int
		if err := scan(&name, &column, &key, &parents); err != nil {
			return err
		}
		if strings.HasPrefix(name, "search_") || slices.Contains([]string{"schema_version", "schema_oldest", "leases", "replicas", "certificate_locks"}, name) {
			return nil
		}
		if len(all) == 0 || all[len(all)-1].name != name {
			all = append(all, table{name: name, parents: strings.FieldsFunc(parents, func(r rune) bool { return r == ',' })})
		}
		t := &all[len(all)-1]
		t.columns = append(t.columns, column)
		if key > 0 {
			t.keys++
		}
		return nil
	}, query)
	if err != nil {
		return nil, err
	}
	return parentsFirst(all)
}

func parentsFirst(all []table) (sorted []table, err error) {
	there := map[string]bool{}
	for len(all) > 0 {
		before := len(sorted)
		all = slices.DeleteFunc(all, func(t table) bool {
			if slices.ContainsFunc(t.parents, func(p string) bool { return !there[p] }) {
				return false
			}
			sorted = append(sorted, t)
			return true
		})
		if len(sorted) == before {
			return nil, fmt.Errorf("tables refer to each other in a circle, %s among them", all[0].name)
		}
		for _, t := range sorted[before:] {
			there[t.name] = true
		}
	}
	return sorted, nil
}

func quote(name string) string { return `"` + name + `"` }

func (t table) quoted() string { return quote(t.name) }

func (t table) list(columns []string) string {
	quoted := make([]string, len(columns))
	for i, c := range columns {
		quoted[i] = quote(c)
	}
	return strings.Join(quoted, ", ")
}

// copied is the condition of the rows that are copied.
func (t table) copied() string {
	if t.name != factsTable {
		return "1 = 1"
	}
	return `name NOT IN ('` + factHistory + `', '` + FactServing + `', '` + FactSettings + `') AND SUBSTR(name, 1, ` + fmt.Sprint(len(factMove)) + `) <> '` + factMove + `'`
}

func (t table) count(tx *kernel.Tx) (n int, err error) {
	return n, tx.Row(`SELECT COUNT(*) FROM ` + t.quoted() + ` WHERE ` + t.copied()).Scan(&n)
}

func (t table) empty(tx *kernel.Tx) error {
	return tx.Exec(`DELETE FROM ` + t.quoted() + ` WHERE ` + t.copied())
}

// key are the values of the key of a row.
func (t table) key(row []any) []any { return row[:t.keys] }

// read reads rows in the order of the key, those behind one, or the first.
func (t table) read(tx *kernel.Tx, after []any) (rows [][]any, err error) {
	where := t.copied()
	if after != nil {
		where += ` AND (` + t.list(t.columns[:t.keys]) + `) > (` + kernel.Numbered(1, t.keys) + `)`
	}
	query := fmt.Sprintf(`SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT %d`,
		t.list(t.columns), t.quoted(), where, t.list(t.columns[:t.keys]), pieceRows)
	var bytes int64
	err = tx.Each(func(scan func(...any) error) error {
		if bytes > pieceBytes {
			return nil
		}
		row, into := make([]any, len(t.columns)), make([]any, len(t.columns))
		for i := range row {
			into[i] = &row[i]
		}
		rows = append(rows, row)
		err := scan(into...)
		bytes += weigh([][]any{row})
		return err
	}, query, after...)
	return rows, err
}

// insert writes rows.
func (t table) insert(tx *kernel.Tx, rows [][]any) error {
	for len(rows) > 0 {
		n := 1
		if len(rows) >= insertRows {
			n = insertRows
		}
		values := make([]string, n)
		for i := range values {
			values[i] = `(` + kernel.Numbered(1+i*len(t.columns), len(t.columns)) + `)`
		}
		query := `INSERT INTO ` + t.quoted() + ` (` + t.list(t.columns) + `) VALUES ` + strings.Join(values, ", ")
		if err := tx.Exec(query, slices.Concat(rows[:n]...)...); err != nil {
			return fmt.Errorf("write the row of %v, or one of the %d behind it: %w", t.key(rows[0]), n-1, err)
		}
		rows = rows[n:]
	}
	return nil
}

// weigh is about how many bytes rows have.
func weigh(rows [][]any) (bytes int64) {
	for _, row := range rows {
		for _, value := range row {
			switch v := value.(type) {
			case string:
				bytes += int64(len(v))
			case []byte:
				bytes += int64(len(v))
			default:
				bytes += 8
			}
		}
	}
	return bytes
}

// sum reads all of a table.
func (t table) sum(ctx context.Context, store *Store) (s sum, err error) {
	digest := sha256.New()
	var after []any
	for {
		var rows [][]any
		err := store.View(ctx, func(tx *Tx) (err error) {
			rows, err = t.read(tx.db, after)
			return err
		})
		if err != nil {
			return s, err
		}
		if len(rows) == 0 {
			digest.Sum(s.digest[:0])
			return s, nil
		}
		s.rows += len(rows)
		for _, row := range rows {
			if err := digestRow(digest, row); err != nil {
				return s, err
			}
		}
		after = t.key(rows[len(rows)-1])
	}
}

// digestRow writes a row so that no other is written in the same way.
func digestRow(into hash.Hash, row []any) error {
	for _, value := range row {
		var head [9]byte
		var tail []byte
		switch v := value.(type) {
		case nil:
			head[0] = 'n'
		case int64:
			head[0] = 'i'
			binary.BigEndian.PutUint64(head[1:], uint64(v))
		case string:
			head[0], tail = 's', []byte(v)
			binary.BigEndian.PutUint64(head[1:], uint64(len(v)))
		case []byte:
			head[0], tail = 'b', v
			binary.BigEndian.PutUint64(head[1:], uint64(len(v)))
		default:
			return fmt.Errorf("a column holds a %T, which is not copied", value)
		}
		_, _ = into.Write(head[:]) // a hash takes all
		_, _ = into.Write(tail)
	}
	return nil
}
