package deliveries

import (
	"communique/storage/internal/kernel"
	"communique/storage/press"
	"communique/storage/publog"
)

// Tx is the deliveries in a transaction.
type Tx struct {
	db  *kernel.Tx
	log *publog.Log
}

// New is the deliveries in a transaction that appends to a log.
func New(db *kernel.Tx, log *publog.Log) *Ledger {
	tx := &Tx{db, log}
	log.OnAppend(tx.appended)
	return &Ledger{tx}
}

// appended acts on an entry that this transaction appends: what withdraws does
// not wait, and a changed profile is looked at.
func (tx *Tx) appended(e press.Entry) error {
	switch e.Kind {
	case press.KindWithdrawn:
		return tx.endWaits(e.Seq)
	case press.KindActor:
		return tx.pinsRead(e)
	}
	return nil
}
