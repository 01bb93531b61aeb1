package storage

import (
	"time"

	"communique/storage/actors"
	"communique/storage/alarms"
	"communique/storage/audience"
	"communique/storage/audit"
	"communique/storage/certificates"
	"communique/storage/deliveries"
	"communique/storage/internal/kernel"
	"communique/storage/manuscripts"
	"communique/storage/newsdesk"
	"communique/storage/people"
	"communique/storage/press"
	"communique/storage/publog"
	"communique/storage/sightings"
)

// The rooms under names that differ, for a struct cannot embed eleven types called
// Tx.
type (
	publogTx       = publog.Tx
	newsdeskTx     = newsdesk.Tx
	deliveriesTx   = deliveries.Tx
	audienceTx     = audience.Tx
	actorsTx       = actors.Tx
	certificatesTx = certificates.Tx
	auditTx        = audit.Tx
	peopleTx       = people.Tx
	manuscriptsTx  = manuscripts.Tx
	alarmsTx       = alarms.Tx
	sightingsTx    = sightings.Tx
)

// Tx is a transaction with all rooms in it: it has the methods of [publog.Tx],
// [newsdesk.Tx], [deliveries.Tx], [audience.Tx], [actors.Tx], [certificates.Tx],
// [audit.Tx], [people.Tx], [manuscripts.Tx], [alarms.Tx] and [sightings.Tx], and what they do
// stands or falls together.
// It is valid inside the function that it was handed to, and for one goroutine.
type Tx struct {
	*publogTx
	*newsdeskTx
	*deliveriesTx
	*audienceTx
	*actorsTx
	*certificatesTx
	*auditTx
	*peopleTx
	*manuscriptsTx
	*alarmsTx
	*sightingsTx

	db     *kernel.Tx
	log    *publog.Log
	ledger *deliveries.Ledger

	sizeQuery   string
	servedQuery string
	appended    []press.Entry
}

// Appended are the entries that this transaction has added to the log so far.
func (tx *Tx) Appended() []press.Entry { return tx.appended }

// Audience is the room of those who listen, for those who are to reach no other.
func (tx *Tx) Audience() *audience.Tx { return tx.audienceTx }

// Newsdesk is the room of what is said, for those who are to reach no other.
func (tx *Tx) Newsdesk() *newsdesk.Tx { return tx.newsdeskTx }

// Deliveries is the room of what goes out, for those who are to reach no other.
func (tx *Tx) Deliveries() *deliveries.Tx { return tx.deliveriesTx }

// Quiet says that nothing which is shown, and nothing that another program does, depends on
// what this transaction writes, such as a claim: where programs on several machines are
// told of each commit, they are not told of this one.
func (tx *Tx) Quiet() { tx.db.Quiet() }

// Now is the wall clock as it was read when the transaction began, in UTC.
func (tx *Tx) Now() time.Time { return tx.db.Now() }

// SetFact stores what must outlive the configuration, such as the authority
// of the feed ids.
func (tx *Tx) SetFact(name, value string) error { return tx.db.SetFact(name, value) }

// Fact reads what [Tx.SetFact] stored; it returns press.ErrNotFound if nothing
// was.
func (tx *Tx) Fact(name string) (string, error) { return tx.db.Fact(name) }

// TakeFacts removes the facts whose names have a prefix, and returns them.
func (tx *Tx) TakeFacts(prefix string) (map[string]string, error) { return tx.db.TakeFacts(prefix) }

// tx puts the rooms of a transaction together.
func (s *Store) tx(db *kernel.Tx) *Tx {
	log := publog.New(db)
	ledger := deliveries.New(db, log)
	desk := newsdesk.New(db, log, &s.index)
	return &Tx{
		publogTx: log.Tx, newsdeskTx: desk, deliveriesTx: ledger.Tx,
		audienceTx:     audience.New(db, log, desk, ledger, &s.blocks),
		actorsTx:       actors.New(db, log, ledger),
		certificatesTx: certificates.New(db),
		auditTx:        audit.New(db, log),
		peopleTx:       people.New(db),
		manuscriptsTx:  manuscripts.New(db, &s.index),
		alarmsTx:       alarms.New(db),
		sightingsTx:    sightings.New(db),
		db:             db, log: log, ledger: ledger, sizeQuery: s.size, servedQuery: s.served,
	}
}
