package storage

import "fmt"

// Key names of an actor.
const KeyMain = "main-key"

// AddKey stores a private key of an actor, as PEM. A name that the actor has
// already keeps its key.
func (tx *Tx) AddKey(actor, name, privatePEM string) error {
	err := tx.exec(`INSERT INTO actor_keys (actor, name, private, created) VALUES ($1, $2, $3, $4)
		ON CONFLICT (actor, name) DO NOTHING`, actor, name, privatePEM, micros(tx.now))
	if err != nil {
		return fmt.Errorf("store key %s of actor %s: %w", name, actor, err)
	}
	return nil
}

// ActorKey reads a private key of an actor, as PEM; press.ErrNotFound if it
// has none of that name.
func (tx *Tx) ActorKey(actor, name string) (string, error) {
	var pem string
	err := tx.row(`SELECT private FROM actor_keys WHERE actor = $1 AND name = $2`, actor, name).Scan(&pem)
	if err != nil {
		return "", fmt.Errorf("read key: %w", notFound(err, "actor %s has no key %s", actor, name))
	}
	return pem, nil
}
