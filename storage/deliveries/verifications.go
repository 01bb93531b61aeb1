package deliveries

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

const (
	// maxVerifications bounds how many requests wait to be confirmed,
	// verificationsPerHost the part of one host: as many new subscriptions as it can
	// have, and as many renewals.
	maxVerifications     = 2000
	verificationsPerHost = 2 * callbacksPerHost
	// maxUnconfirmed bounds how many callbacks are remembered that did not confirm.
	maxUnconfirmed = 20_000
)

// Verification is a request that its subscriber has to confirm.
type Verification struct {
	ID       string // that no other has, or had
	Mode     string
	Address  string // of the topic, as the subscriber wrote it
	Callback string
	Secret   string
	Lease    time.Duration // as granted
	Asked    press.Seq     // head of the log at the time of the request
	At       time.Time     // which that was
}

// AddVerification has a request wait. It returns press.ErrConflict if too many do, of
// its host or in all.
func (tx *Tx) AddVerification(v Verification) error {
	host := press.HostOf(v.Callback)
	var ofHost, all int
	err := tx.db.Row(`SELECT (SELECT COUNT(*) FROM verifications WHERE host = $1), (SELECT COUNT(*) FROM verifications)`, host).Scan(&ofHost, &all)
	if err != nil {
		return fmt.Errorf("count the requests of %s: %w", host, err)
	}
	if ofHost >= verificationsPerHost || all >= maxVerifications {
		return fmt.Errorf("%w: too many requests are waiting for verification", press.ErrConflict)
	}
	err = tx.db.Exec(`INSERT INTO verifications (id, mode, topic, callback, host, secret, lease, asked, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		v.ID, v.Mode, v.Address, v.Callback, host, v.Secret, int64(v.Lease/time.Second), int64(v.Asked), kernel.Micros(tx.db.Now()))
	if err != nil {
		return fmt.Errorf("store the request of %s: %w", v.Callback, err)
	}
	return nil
}

// Waiting is a request that waits for its verification.
type Waiting struct {
	ID   string
	Host string // of the callback
}

// Verifications reads all requests that wait, in their order.
func (tx *Tx) Verifications() (all []Waiting, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var w Waiting
		err := scan(&w.ID, &w.Host)
		all = append(all, w)
		return err
	}, `SELECT id, host FROM verifications ORDER BY at, id`)
	if err != nil {
		return nil, fmt.Errorf("read the requests that wait: %w", err)
	}
	return all, nil
}

// Verification reads a request that waits; it returns press.ErrNotFound if that is over.
func (tx *Tx) Verification(id string) (Verification, error) {
	v := Verification{ID: id}
	var lease, at int64
	err := tx.db.Row(`SELECT mode, topic, callback, secret, lease, asked, at FROM verifications WHERE id = $1`, id).
		Scan(&v.Mode, &v.Address, &v.Callback, &v.Secret, &lease, &v.Asked, &at)
	if err != nil {
		return Verification{}, fmt.Errorf("read a request that waits: %w", kernel.NotFound(err, "%s", id))
	}
	v.Lease, v.At = time.Duration(lease)*time.Second, kernel.Instant(at)
	return v, nil
}

// EndVerification has a request wait no more, and reports whether it did: whoever ends
// it carries it out.
func (tx *Tx) EndVerification(id string) (waited bool, err error) {
	waited, err = tx.db.Any(`DELETE FROM verifications WHERE id = $1 RETURNING 1`, id)
	if err != nil {
		return false, fmt.Errorf("end a request that waits: %w", err)
	}
	return waited, nil
}

// EndVerifications ends what has waited since before an instant.
func (tx *Tx) EndVerifications(before time.Time) error {
	if err := tx.db.Exec(`DELETE FROM verifications WHERE at < $1`, kernel.Micros(before)); err != nil {
		return fmt.Errorf("end requests that wait: %w", err)
	}
	return nil
}

// NoteUnconfirmed remembers that a callback did not confirm, and forgets those before an
// instant. When there are very many, no more are remembered: otherwise filling the
// memory would lock out everybody else.
func (tx *Tx) NoteUnconfirmed(callback, domain string, forget time.Time) error {
	if err := tx.ForgetUnconfirmed(forget); err != nil {
		return err
	}
	err := tx.db.Exec(`INSERT INTO unconfirmed (callback, domain, at)
		SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS BIGINT) FROM (SELECT COUNT(*) AS known FROM unconfirmed) AS counted WHERE known < $4
		ON CONFLICT (callback) DO NOTHING`, callback, domain, kernel.Micros(tx.db.Now()), maxUnconfirmed)
	if err != nil {
		return fmt.Errorf("remember that %s did not confirm: %w", callback, err)
	}
	return nil
}

// ForgetUnconfirmed forgets the callbacks that did not confirm before an instant.
func (tx *Tx) ForgetUnconfirmed(before time.Time) error {
	if err := tx.db.Exec(`DELETE FROM unconfirmed WHERE at < $1`, kernel.Micros(before)); err != nil {
		return fmt.Errorf("forget callbacks that did not confirm: %w", err)
	}
	return nil
}

// Unconfirmed tells whether a callback did not confirm since an instant, and how many of
// its registrable domain did not.
func (tx *Tx) Unconfirmed(callback, domain string, since time.Time) (this bool, ofDomain int, err error) {
	var same int
	err = tx.db.Row(`SELECT (SELECT COUNT(*) FROM unconfirmed WHERE callback = $1 AND at >= $3), (SELECT COUNT(*) FROM unconfirmed WHERE domain = $2 AND at >= $3)`,
		callback, domain, kernel.Micros(since)).Scan(&same, &ofDomain)
	if err != nil {
		return false, 0, fmt.Errorf("look whether %s has confirmed: %w", callback, err)
	}
	return same > 0, ofDomain, nil
}
