package storage

import (
	"communique/storage/internal/kernel"
	"time"
)

// Tx is a transaction. It is valid inside the function that it was handed to,
// and for one goroutine.
type Tx struct {
	db *kernel.Tx
	// appends is the date of the entries that this transaction appends, zero before
	// the first; see [Tx.append].
	appends time.Time
	// index is the engine's way to find terms.
	index *TextIndex
	lists *blocklists
}

// Now is the clock as it was read when the transaction began, in UTC.
func (tx *Tx) Now() time.Time { return tx.db.Now() }

// SetFact stores what must outlive the configuration, such as the authority
// of the feed ids.
func (tx *Tx) SetFact(name, value string) error { return tx.db.SetFact(name, value) }

// Fact reads what [Tx.SetFact] stored; it returns press.ErrNotFound if nothing
// was.
func (tx *Tx) Fact(name string) (string, error) { return tx.db.Fact(name) }

// TakeFacts removes the facts whose names have a prefix, and returns them.
func (tx *Tx) TakeFacts(prefix string) (map[string]string, error) { return tx.db.TakeFacts(prefix) }
