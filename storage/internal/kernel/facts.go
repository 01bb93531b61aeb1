package kernel

import (
	"context"
	"database/sql"
	"fmt"
)

const setFact = `INSERT INTO facts (name, value) VALUES ($1, $2)
	ON CONFLICT (name) DO UPDATE SET value = excluded.value`

// SetFactBefore stores a value as [Tx.SetFact] does, in a database that is not open as a store
// yet because its schema is older.
func SetFactBefore(ctx context.Context, db *sql.DB, name, value string) error {
	if _, err := db.ExecContext(ctx, setFact, name, value); err != nil {
		return fmt.Errorf("store fact %s: %w", name, err)
	}
	return nil
}

// DropFacts removes the facts whose names have a prefix, as [Tx.TakeFacts] does, outside of the
// transactions of a store.
func DropFacts(ctx context.Context, conn *sql.Conn, prefix string) error {
	if _, err := conn.ExecContext(ctx, `DELETE FROM facts WHERE SUBSTR(name, 1, CAST($1 AS INTEGER)) = $2`, len(prefix), prefix); err != nil {
		return fmt.Errorf("drop facts %s: %w", prefix, err)
	}
	return nil
}

// SetFact stores a value under a name, in place of the one that there is.
func (tx *Tx) SetFact(name, value string) error {
	err := tx.Exec(setFact, name, value)
	if err != nil {
		return fmt.Errorf("store fact %s: %w", name, err)
	}
	return nil
}

// Fact reads what [Tx.SetFact] stored; it returns press.ErrNotFound if nothing
// was.
func (tx *Tx) Fact(name string) (string, error) {
	var value string
	err := tx.Row(`SELECT value FROM facts WHERE name = $1`, name).Scan(&value)
	if err != nil {
		return "", fmt.Errorf("read fact: %w", NotFound(err, "%s", name))
	}
	return value, nil
}

// Facts reads the facts whose names have a prefix.
func (tx *Tx) Facts(prefix string) (map[string]string, error) {
	facts, err := tx.facts(`SELECT name, value FROM facts WHERE SUBSTR(name, 1, $1) = $2`, prefix)
	if err != nil {
		return nil, fmt.Errorf("read facts %s: %w", prefix, err)
	}
	return facts, nil
}

// TakeFacts removes the facts whose names have a prefix, and returns them.
func (tx *Tx) TakeFacts(prefix string) (map[string]string, error) {
	facts, err := tx.facts(`DELETE FROM facts WHERE SUBSTR(name, 1, $1) = $2 RETURNING name, value`, prefix)
	if err != nil {
		return nil, fmt.Errorf("take facts %s: %w", prefix, err)
	}
	return facts, nil
}

func (tx *Tx) facts(query, prefix string) (map[string]string, error) {
	facts := map[string]string{}
	err := tx.Each(func(scan func(...any) error) error {
		var name, value string
		err := scan(&name, &value)
		facts[name] = value
		return err
	}, query, len(prefix), prefix)
	return facts, err
}

// NextNumber counts a fact up, from 1, and returns it.
func (tx *Tx) NextNumber(name string) (n int64, err error) {
	err = tx.Row(`INSERT INTO facts (name, value) VALUES ($1, '1')
		ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(facts.value AS BIGINT) + 1 AS TEXT)
		RETURNING CAST(value AS BIGINT)`, name).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count fact %s up: %w", name, err)
	}
	return n, nil
}
