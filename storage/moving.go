package storage

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"communique/storage/press"
)

// FactServing holds the settings of the server that was started last, where the
// database is on a server.
const FactServing = "serving"

// Served tells whether a program serves the database, where that is on a server.
func (tx *Tx) Served() (served bool, err error) {
	if err := tx.db.Row(tx.servedQuery).Scan(&served); err != nil {
		return false, fmt.Errorf("look whether the database is served: %w", err)
	}
	return served, nil
}

// FactSettings holds the settings by which all servers of a database serve, and their version.
const FactSettings = "settings"

// The facts of a move begin alike, and are no part of what is copied.
const (
	factMove      = "move:"
	factMovesTo   = factMove + "to"   // in the store that is left
	factMovedFrom = factMove + "from" // in the new one
	factPlace     = factMove + "at:"  // there, with the name of a table: the last key that was copied
)

// Moving is what a store says of the move of all that is in it to another one.
type Moving struct {
	// To is where it goes, as people call it.
	To string `json:"to,omitempty"`
	// Token is of this move alone.
	Token string    `json:"token"`
	At    time.Time `json:"at"`
	// Done is whether all is there, so that this store is not to be used any more.
	Done bool `json:"done"`
}

// Moving is what [Tx.Move] noted; it returns press.ErrNotFound if the store is not, and
// was not, on the move.
func (tx *Tx) Moving() (Moving, error) { return readMove(tx, factMovesTo) }

// Move notes that all that is in the store moves, or has moved, to another one.
func (tx *Tx) Move(m Moving) error { return writeMove(tx, factMovesTo, m) }

// Stay takes back that the store is on the move.
func (tx *Tx) Stay() error {
	_, err := tx.db.TakeFacts(factMovesTo)
	return err
}

// ComesFrom is what a store that was copied to says of that: whether all is there. It
// returns press.ErrNotFound for one that was not.
func (tx *Tx) ComesFrom() (Moving, error) { return readMove(tx, factMovedFrom) }

func readMove(tx *Tx, name string) (m Moving, err error) {
	text, err := tx.Fact(name)
	if err == nil {
		err = json.Unmarshal([]byte(text), &m)
	}
	return m, err
}

func writeMove(tx *Tx, name string, m Moving) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return tx.SetFact(name, string(text))
}

// readPlace is the last key of a table that was copied, or nil.
func readPlace(tx *Tx, t table) ([]any, error) {
	text, err := tx.Fact(factPlace + t.name)
	if errors.Is(err, press.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	key := make([]any, 0, t.keys)
	from := json.NewDecoder(strings.NewReader(text))
	from.UseNumber()
	if err := from.Decode(&key); err != nil {
		return nil, fmt.Errorf("read how far the copy of %s is: %w", t.name, err)
	}
	if len(key) != t.keys {
		return nil, fmt.Errorf("read how far the copy of %s is: %s is not its key", t.name, text)
	}
	for i, value := range key {
		if n, is := value.(json.Number); is {
			if key[i], err = n.Int64(); err != nil {
				return nil, fmt.Errorf("read how far the copy of %s is: %w", t.name, err)
			}
		}
	}
	return key, nil
}

func writePlace(tx *Tx, t table, key []any) error {
	text, err := json.Marshal(key)
	if err != nil {
		return err
	}
	return tx.SetFact(factPlace+t.name, string(text))
}
