package certificates

import "communique/storage/internal/kernel"

// Tx is the certificates in a transaction.
type Tx struct{ db *kernel.Tx }

// New is the certificates in a transaction.
func New(db *kernel.Tx) *Tx { return &Tx{db} }
