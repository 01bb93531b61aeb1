package people

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Kind is what a credential is.
type Kind string

// The kinds of credentials.
const (
	Password Kind = "password" // Secret is a hash of it
	TOTP     Kind = "totp"     // RFC 6238; Secret is the key in base32, Step the last step that was taken
)

// Credential is something by which somebody shows that they are it.
type Credential struct {
	Kind   Kind
	Secret string
	Added  time.Time
	Step   int64 // no earlier one is taken again
}

// SetCredential gives somebody a credential in place of the one of that kind that they may
// have.
func (tx *Tx) SetCredential(id string, kind Kind, secret string) error {
	if err := tx.end(id); err != nil {
		return err
	}
	err := tx.db.Exec(`INSERT INTO credentials (person, kind, secret, added, step) VALUES ($1, $2, $3, $4, 0)
		ON CONFLICT (person, kind) DO UPDATE SET secret = excluded.secret, added = excluded.added, step = 0`,
		id, kind, secret, kernel.Micros(tx.db.Now()))
	if err != nil {
		return fmt.Errorf("store a %s: %w", kind, err)
	}
	return nil
}

// Credential reads one of somebody's; press.ErrNotFound if they have none of that kind.
func (tx *Tx) Credential(id string, kind Kind) (Credential, error) {
	c := Credential{Kind: kind}
	var added int64
	err := tx.db.Row(`SELECT secret, added, step FROM credentials WHERE person = $1 AND kind = $2`, id, kind).Scan(&c.Secret, &added, &c.Step)
	if err != nil {
		return c, fmt.Errorf("read a %s: %w", kind, kernel.NotFound(err, "there is none"))
	}
	c.Added = kernel.Instant(added)
	return c, nil
}

// TakeStep takes a step of somebody's one-time passwords, and tells whether it was behind
// all that were taken: each works once (RFC 6238 §5.2).
func (tx *Tx) TakeStep(id string, step int64) (bool, error) {
	taken, err := tx.db.Any(`UPDATE credentials SET step = $1 WHERE person = $2 AND kind = $3 AND step < $1 RETURNING 1`, step, id, TOTP)
	if err != nil {
		return false, fmt.Errorf("take a one-time password: %w", err)
	}
	return taken, nil
}

// Invite lets the one who knows what a hash is of choose credentials for somebody, once,
// until a time. An earlier invitation of theirs counts no longer, and it is not in doubt that they
// work here.
func (tx *Tx) Invite(id, hash string, until time.Time) error {
	if err := tx.end(id); err != nil {
		return err
	}
	err := tx.db.Exec(`UPDATE people SET doubted = 0 WHERE id = $1`, id)
	if err != nil {
		return fmt.Errorf("invite: %w", err)
	}
	err = tx.db.Exec(`INSERT INTO invitations (hash, person, epoch, until) SELECT $1, id, epoch, CAST($2 AS BIGINT) FROM people WHERE id = $3`,
		hash, kernel.Micros(until), id)
	if err != nil {
		return fmt.Errorf("invite: %w", err)
	}
	return nil
}

// Invited is whom an invitation is for; press.ErrNotFound if it was taken, has ended or
// counts no longer.
func (tx *Tx) Invited(hash string) (Person, error) {
	var id string
	err := tx.db.Row(`SELECT p.id FROM invitations i JOIN people p ON p.id = i.person AND p.epoch = i.epoch AND p.removed = 0
		WHERE i.hash = $1 AND i.until > $2`, hash, kernel.Micros(tx.db.Now())).Scan(&id)
	if err != nil {
		return Person{}, fmt.Errorf("read an invitation: %w", kernel.NotFound(err, "it was used, or has ended"))
	}
	return tx.Person(id)
}

// TakeInvitation is [Tx.Invited], for the last time.
func (tx *Tx) TakeInvitation(hash string) (Person, error) {
	p, err := tx.Invited(hash)
	if err != nil {
		return p, err
	}
	taken, err := tx.db.Any(`DELETE FROM invitations WHERE hash = $1 RETURNING 1`, hash)
	if err == nil && !taken {
		err = fmt.Errorf("%w: the invitation was used", press.ErrNotFound)
	}
	return p, err
}
