package newsdesk

import (
	"communique/storage/internal/kernel"
	"communique/storage/internal/textindex"
	"communique/storage/publog"
)

// Tx is the newsdesk in a transaction.
type Tx struct {
	db    *kernel.Tx
	log   *publog.Log
	index *textindex.Engine
}

// New is the newsdesk in a transaction that appends to a log; index is the
// engine's way to find terms.
func New(db *kernel.Tx, log *publog.Log, index *textindex.Engine) *Tx { return &Tx{db, log, index} }
