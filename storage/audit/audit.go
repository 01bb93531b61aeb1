package audit

import (
	"errors"
	"fmt"

	"communique/storage/internal/kernel"
	"communique/storage/press"
	"communique/storage/publog"
)

// Tx is the audit in a transaction.
type Tx struct {
	db  *kernel.Tx
	log *publog.Log
}

// New is the audit in a transaction that appends to a log.
func New(db *kernel.Tx, log *publog.Log) *Tx { return &Tx{db, log} }

// Note adds a line about an act of this transaction, which all that the transaction has
// appended to the log since the last line was part of. It locks the log, so that lines
// stand in the order in which what they tell of holds: what an act reads before it changes
// it, it reads behind that lock, too.
func (tx *Tx) Note(a Act) (Line, error) {
	for _, text := range []string{a.Who, a.Via, a.Network, a.Did, a.Subject} {
		if err := press.CheckText("audit", text, press.MaxNote); err != nil {
			return Line{}, err
		}
	}
	if err := tx.log.Lock(); err != nil {
		return Line{}, err
	}
	last, err := tx.LastAudited()
	if err != nil && !errors.Is(err, press.ErrNotFound) {
		return Line{}, err
	}
	l := Line{Seq: last.Seq + 1, At: kernel.Instant(kernel.Micros(tx.db.Now())), Act: a, Entry: tx.log.Appended()}
	if l.Hash, err = l.Sum(last.Hash); err != nil {
		return l, err
	}
	if err := tx.insert(l); err != nil {
		return l, fmt.Errorf("note who did it: %w", err)
	}
	return l, tx.log.Vouch(l.Hash)
}

func (tx *Tx) insert(l Line) error {
	facts, err := encode(l.Facts)
	if err != nil {
		return err
	}
	return tx.db.Exec(`INSERT INTO audit (seq, at, who, via, network, did, subject, facts, entry, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		l.Seq, kernel.Micros(l.At), l.Who, l.Via, l.Network, l.Did, l.Subject, facts, l.Entry, l.Hash)
}

const lineColumns = `seq, at, who, via, network, did, subject, facts, entry, hash`

func scanLine(scan func(...any) error) (l Line, err error) {
	var at int64
	var facts string
	if err := scan(&l.Seq, &at, &l.Who, &l.Via, &l.Network, &l.Did, &l.Subject, &facts, &l.Entry, &l.Hash); err != nil {
		return l, err
	}
	l.At = kernel.Instant(at)
	l.Facts, err = decode(facts)
	return l, err
}

// LastAudited is the newest line; press.ErrNotFound if there is none.
func (tx *Tx) LastAudited() (Line, error) {
	l, err := scanLine(tx.db.Row(`SELECT ` + lineColumns + ` FROM audit ORDER BY seq DESC LIMIT 1`).Scan)
	if err != nil {
		return l, fmt.Errorf("read the last line of the audit: %w", kernel.NotFound(err, "it is empty"))
	}
	return l, nil
}

// AuditLine reads the line with a hash; press.ErrNotFound if none has it.
func (tx *Tx) AuditLine(hash string) (Line, error) {
	l, err := scanLine(tx.db.Row(`SELECT `+lineColumns+` FROM audit WHERE hash = $1`, hash).Scan)
	if err != nil {
		return l, fmt.Errorf("read a line of the audit: %w", kernel.NotFound(err, "none has the hash %s", hash))
	}
	return l, nil
}

// Audit reads up to limit lines behind one, the oldest first.
func (tx *Tx) Audit(after int64, limit int) ([]Line, error) {
	return tx.lines(`SELECT `+lineColumns+` FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2`, after, limit)
}

// AuditBefore reads up to limit lines before one, the newest first.
func (tx *Tx) AuditBefore(before int64, limit int) ([]Line, error) {
	return tx.lines(`SELECT `+lineColumns+` FROM audit WHERE seq < $1 ORDER BY seq DESC LIMIT $2`, before, limit)
}

// AuditOf reads up to limit lines about a subject, the newest first.
func (tx *Tx) AuditOf(subject string, limit int) ([]Line, error) {
	return tx.lines(`SELECT `+lineColumns+` FROM audit WHERE subject = $1 ORDER BY seq DESC LIMIT $2`, subject, limit)
}

// Did tells whether somebody ever did something, which takes a look at every line.
func (tx *Tx) Did(what string) (bool, error) {
	did, err := tx.db.Any(`SELECT 1 FROM audit WHERE did = $1 LIMIT 1`, what)
	if err != nil {
		return false, fmt.Errorf("look into the audit for who %s: %w", what, err)
	}
	return did, nil
}

func (tx *Tx) lines(query string, args ...any) (all []Line, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		l, err := scanLine(scan)
		all = append(all, l)
		return err
	}, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read the audit: %w", err)
	}
	return all, nil
}

// Unvouched is the first entry of the log whose line is gone; press.ErrNotFound if each of
// those that have had one has it still.
func (tx *Tx) Unvouched() (seq press.Seq, err error) {
	err = tx.db.Row(`SELECT e.seq FROM entries e LEFT JOIN audit a ON a.hash = e.audited
		WHERE e.audited <> '' AND a.seq IS NULL ORDER BY e.seq LIMIT 1`).Scan(&seq)
	if err != nil {
		return 0, fmt.Errorf("look for the lines of entries: %w", kernel.NotFound(err, "every entry has its line"))
	}
	return seq, nil
}

// ToBeNoted is for a transaction that does other things before [Tx.Note]: the log is locked
// before all else, or two that wait for each other would stop.
func (tx *Tx) ToBeNoted() error { return tx.log.Lock() }
