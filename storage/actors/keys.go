package actors

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// The names of an actor's keys, the fragments of the first ones' ids.
const (
	KeyMain    = "main-key"
	KeyEd25519 = "ed25519-key"
)

// Key is a private key of an actor. Of several with one name the one with the
// greatest Since counts; an older one signs what tells of the newer.
type Key struct {
	Actor, Name string
	Fragment    string    // of its id
	Since       press.Seq // the entry that tells of it; 0 of the first
	Private     string    // as it was given; the store does not read it
	Created     time.Time
}

// AddSigningKey stores a private key of an actor under a name. If the actor has a
// key of that name already, that one stays.
func (tx *Tx) AddSigningKey(actor, name, private string) error {
	err := tx.db.Exec(`INSERT INTO actor_keys (actor, name, since, private, created) SELECT $1, $2, 0, $3, $4
		WHERE NOT EXISTS (SELECT 1 FROM actor_keys WHERE actor = $1 AND name = $2)`, actor, name, private, kernel.Micros(tx.db.Now()))
	if err != nil {
		return fmt.Errorf("store key %s of actor %s: %w", name, actor, err)
	}
	return nil
}

// SigningKey reads the newest private key of an actor with a name. It returns
// press.ErrNotFound if the actor has none.
func (tx *Tx) SigningKey(actor, name string) (string, error) {
	var private string
	err := tx.db.Row(`SELECT private FROM actor_keys WHERE actor = $1 AND name = $2 ORDER BY since DESC LIMIT 1`, actor, name).Scan(&private)
	if err != nil {
		return "", fmt.Errorf("read key: %w", kernel.NotFound(err, "actor %s has no key %s", actor, name))
	}
	return private, nil
}

// SigningKeys reads all private keys of all actors, by actor, name and age, the
// oldest first.
func (tx *Tx) SigningKeys() ([]Key, error) {
	var all []Key
	err := tx.db.Each(func(scan func(...any) error) error {
		var k Key
		var created int64
		err := scan(&k.Actor, &k.Name, &k.Fragment, &k.Since, &k.Private, &created)
		if k.Fragment == "" {
			k.Fragment = k.Name
		}
		k.Created = kernel.Instant(created)
		all = append(all, k)
		return err
	}, `SELECT actor, name, fragment, since, private, created FROM actor_keys ORDER BY actor, name, since`)
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	return all, nil
}

// RewriteSigningKey stores a private key in another form, such as encrypted.
func (tx *Tx) RewriteSigningKey(k Key) error {
	err := tx.db.Exec(`UPDATE actor_keys SET private = $1 WHERE actor = $2 AND name = $3 AND since = $4`,
		k.Private, k.Actor, k.Name, k.Since)
	if err != nil {
		return fmt.Errorf("rewrite key %s of actor %s: %w", k.Name, k.Actor, err)
	}
	return nil
}

// ReplaceSigningKey gives an actor a new private key under a name, with an id of its
// own, and appends the entry that tells of it: the two cannot come apart. It is told
// to all whom the actor speaks to, which the author does through all actors.
func (tx *Tx) ReplaceSigningKey(by Key) (press.Entry, error) {
	e, err := tx.AppendActor(by.Actor)
	if err != nil {
		return e, err
	}
	if err := tx.log.TellAll(e); err != nil {
		return e, err
	}
	err = tx.db.Exec(`INSERT INTO actor_keys (actor, name, fragment, since, private, created) VALUES ($1, $2, $3, $4, $5, $6)`,
		by.Actor, by.Name, by.Fragment, e.Seq, by.Private, kernel.Micros(tx.db.Now()))
	if err != nil {
		return e, fmt.Errorf("store key %s of actor %s: %w", by.Name, by.Actor, err)
	}
	if by.Name != KeyMain {
		return e, nil // it signs nothing
	}
	return e, tx.ledger.ReplaceKey(by.Actor, e.Seq)
}

// DropReplacedSigningKeys removes the keys of an actor that were replaced under a
// name, and with them what is known of who knows which.
func (tx *Tx) DropReplacedSigningKeys(actor, name string) error {
	err := tx.db.Exec(`DELETE FROM actor_keys WHERE actor = $1 AND name = $2
		AND since < (SELECT MAX(since) FROM actor_keys WHERE actor = $1 AND name = $2)`, actor, name)
	if err != nil {
		return fmt.Errorf("drop the replaced keys of actor %s: %w", actor, err)
	}
	return tx.ledger.ForgetKeys()
}

// DropOldSigningKeys removes the keys that were replaced before an instant, and
// returns how many they were.
func (tx *Tx) DropOldSigningKeys(before time.Time) (dropped int, err error) {
	err = tx.db.Each(func(func(...any) error) error {
		dropped++
		return nil
	}, `DELETE FROM actor_keys WHERE EXISTS (SELECT 1 FROM actor_keys newer WHERE newer.actor = actor_keys.actor
		AND newer.name = actor_keys.name AND newer.since > actor_keys.since AND newer.created < $1) RETURNING since`, kernel.Micros(before))
	if err != nil {
		return 0, fmt.Errorf("drop old keys: %w", err)
	}
	return dropped, tx.ledger.ForgetKeys()
}
