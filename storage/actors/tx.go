package actors

import (
	"communique/storage/deliveries"
	"communique/storage/internal/kernel"
	"communique/storage/publog"
)

// Tx is the actors of ours in a transaction.
type Tx struct {
	db     *kernel.Tx
	log    *publog.Log
	ledger *deliveries.Ledger
}

// New is the actors in a transaction, with what they stand on.
func New(db *kernel.Tx, log *publog.Log, ledger *deliveries.Ledger) *Tx { return &Tx{db, log, ledger} }
