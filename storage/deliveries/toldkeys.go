package deliveries

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
	"communique/storage/publog"
)

// ToldKey is a host that may know an actor by a key that was replaced.
type ToldKey struct {
	Actor string
	Since press.Seq // the entry that tells of the new key
	Host  string
	At    time.Time // when the host has taken that; zero before
}

// spokenTo are the sources whose destinations get messages that an actor signs: its
// own, and for the author those of all actors.
const spokenTo = `(SELECT h.source FROM heads h WHERE h.source = $1
	OR h.kind = 'announcer' AND EXISTS (SELECT 1 FROM heads a WHERE a.source = $1 AND a.kind = 'author'))`

// ReplaceKey notes which hosts may know an actor by the key before: all that it
// speaks to. Others will meet it by the new one.
func (l *Ledger) ReplaceKey(actor string, since press.Seq) error {
	err := l.db.Exec(`INSERT INTO told_keys (actor, since, host, at)
		SELECT CAST($2 AS TEXT), CAST($3 AS BIGINT), host, 0 FROM destinations WHERE source IN `+spokenTo+` GROUP BY host`,
		publog.ActorSource(actor), actor, since)
	if err != nil {
		return fmt.Errorf("note who knows the key of actor %s: %w", actor, err)
	}
	return nil
}

// TellKey notes that a host has taken what tells of all keys of an actor up to an
// entry.
func (tx *Tx) TellKey(actor, host string, upTo press.Seq) error {
	err := tx.db.Exec(`UPDATE told_keys SET at = $1 WHERE actor = $2 AND host = $3 AND since <= $4 AND at = 0`,
		kernel.Micros(tx.db.Now()), actor, host, upTo)
	if err != nil {
		return fmt.Errorf("note that %s knows the key of actor %s: %w", host, actor, err)
	}
	return nil
}

// ToldKeys reads which hosts may know an actor by a key that was replaced.
func (tx *Tx) ToldKeys() ([]ToldKey, error) {
	var all []ToldKey
	err := tx.db.Each(func(scan func(...any) error) error {
		var t ToldKey
		var at int64
		err := scan(&t.Actor, &t.Since, &t.Host, &at)
		t.At = kernel.Instant(at)
		all = append(all, t)
		return err
	}, `SELECT actor, since, host, at FROM told_keys ORDER BY actor, host, since`)
	if err != nil {
		return nil, fmt.Errorf("read who knows which keys: %w", err)
	}
	return all, nil
}

// LastTold is when a host last took what tells of a new key of an actor; zero if none
// has.
func (tx *Tx) LastTold(actor string) (time.Time, error) {
	var at int64
	err := tx.db.Row(`SELECT COALESCE(MAX(at), 0) FROM told_keys WHERE actor = $1`, actor).Scan(&at)
	if err != nil {
		return time.Time{}, fmt.Errorf("read when the key of actor %s was last told: %w", actor, err)
	}
	return kernel.Instant(at), nil
}

// ForgetKeys forgets who knows keys that are no longer kept.
func (l *Ledger) ForgetKeys() error {
	err := l.db.Exec(`DELETE FROM told_keys WHERE NOT EXISTS (
		SELECT 1 FROM actor_keys k WHERE k.actor = told_keys.actor AND k.name = 'main-key' AND k.since < told_keys.since)`)
	if err != nil {
		return fmt.Errorf("forget who knows keys that are gone: %w", err)
	}
	return nil
}

// CountSpokenTo counts the hosts that get messages that an actor signs.
func (tx *Tx) CountSpokenTo(actor string) (n int, err error) {
	err = tx.db.Row(`SELECT COUNT(DISTINCT host) FROM destinations WHERE source IN `+spokenTo, publog.ActorSource(actor)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count whom actor %s speaks to: %w", actor, err)
	}
	return n, nil
}

// CountBehind counts the destinations that answer and have yet to be told of an
// entry about an actor.
func (tx *Tx) CountBehind(actor string, seq press.Seq) (n int, err error) {
	err = tx.db.Row(`SELECT COUNT(*) FROM destinations WHERE source IN `+spokenTo+` AND cursor < $2 AND state = $3 AND failures = 0`,
		publog.ActorSource(actor), seq, StateActive).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count who is behind entry %d of actor %s: %w", seq, actor, err)
	}
	return n, nil
}
