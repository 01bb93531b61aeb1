package audience

import (
	"communique/storage/deliveries"
	"communique/storage/internal/kernel"
	"communique/storage/newsdesk"
	"communique/storage/publog"
)

// Tx is the audience in a transaction.
type Tx struct {
	db     *kernel.Tx
	log    *publog.Log
	desk   *newsdesk.Tx
	ledger *deliveries.Ledger
	lists  *Blocklists
}

// New is the audience in a transaction, with what it stands on.
func New(db *kernel.Tx, log *publog.Log, desk *newsdesk.Tx, ledger *deliveries.Ledger, lists *Blocklists) *Tx {
	return &Tx{db, log, desk, ledger, lists}
}
