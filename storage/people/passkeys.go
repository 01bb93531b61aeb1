package people

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Passkey is a key that a device of somebody's holds, by which they show that they are it
// without a password.
type Passkey struct {
	ID         string // of the credential, in base64url
	RP         string // the host that it is bound to
	Name       string // by which its owner knows it
	Credential []byte // its public key and counter, JSON
	Added      time.Time
	Used       time.Time // zero if it was not
}

// maxPasskeys is how many somebody may have.
const maxPasskeys = 10

// AddPasskey gives somebody a passkey. All are bound to the host of the first one: another is
// press.ErrConflict.
func (tx *Tx) AddPasskey(person string, k Passkey) error {
	if err := press.CheckText("name", k.Name, press.MaxShort); err != nil {
		return err
	}
	rp, err := tx.PasskeyHost()
	if err != nil {
		return err
	}
	if rp != "" && rp != k.RP {
		return fmt.Errorf("%w: passkeys here are bound to %s", press.ErrConflict, rp)
	}
	have, err := tx.Passkeys(person)
	if err != nil {
		return err
	}
	if len(have) >= maxPasskeys {
		return fmt.Errorf("%w: they have %d passkeys", press.ErrConflict, len(have))
	}
	if err := tx.end(person); err != nil {
		return err
	}
	fresh, err := tx.db.Any(`INSERT INTO passkeys (id, person, rp, name, credential, added, used) VALUES ($1, $2, $3, $4, $5, $6, 0)
		ON CONFLICT (id) DO NOTHING RETURNING 1`, k.ID, person, k.RP, k.Name, string(k.Credential), kernel.Micros(tx.db.Now()))
	if err == nil && !fresh {
		err = fmt.Errorf("%w: this passkey is known", press.ErrConflict)
	}
	if err != nil {
		return fmt.Errorf("add a passkey: %w", err)
	}
	return nil
}

// PasskeyHost is the host that all passkeys are bound to; empty if there is none.
func (tx *Tx) PasskeyHost() (rp string, err error) {
	err = tx.db.Each(func(scan func(...any) error) error { return scan(&rp) }, `SELECT rp FROM passkeys ORDER BY added, id LIMIT 1`)
	if err != nil {
		return "", fmt.Errorf("read the host of passkeys: %w", err)
	}
	return rp, nil
}

// Passkeys are those of somebody, the oldest first.
func (tx *Tx) Passkeys(person string) (all []Passkey, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var k Passkey
		var credential string
		var added, used int64
		err := scan(&k.ID, &k.RP, &k.Name, &credential, &added, &used)
		k.Credential, k.Added, k.Used = []byte(credential), kernel.Instant(added), kernel.Instant(used)
		all = append(all, k)
		return err
	}, `SELECT id, rp, name, credential, added, used FROM passkeys WHERE person = $1 ORDER BY added, id`, person)
	if err != nil {
		return nil, fmt.Errorf("read passkeys: %w", err)
	}
	return all, nil
}

// UsePasskey keeps what a passkey of somebody's is after it was used; press.ErrNotFound if they
// have none of that id.
func (tx *Tx) UsePasskey(person, id string, credential []byte) error {
	there, err := tx.db.Any(`UPDATE passkeys SET credential = $1, used = $2 WHERE id = $3 AND person = $4 RETURNING 1`,
		string(credential), kernel.Micros(tx.db.Now()), id, person)
	return passkeyThere(there, err)
}

// DropPasskey takes one away from somebody; press.ErrNotFound if they have none of that id.
func (tx *Tx) DropPasskey(person, id string) error {
	if err := tx.end(person); err != nil {
		return err
	}
	there, err := tx.db.Any(`DELETE FROM passkeys WHERE id = $1 AND person = $2 RETURNING 1`, id, person)
	return passkeyThere(there, err)
}

func passkeyThere(there bool, err error) error {
	if err == nil && !there {
		err = fmt.Errorf("%w: there is no such passkey", press.ErrNotFound)
	}
	if err != nil {
		return fmt.Errorf("change a passkey: %w", err)
	}
	return nil
}

// DropCredentials takes away all that somebody signs in by.
func (tx *Tx) DropCredentials(person string) error {
	if err := tx.end(person); err != nil {
		return err
	}
	return tx.dropCredentials(person)
}

func (tx *Tx) dropCredentials(person string) error {
	err := tx.db.Exec(`DELETE FROM credentials WHERE person = $1`, person)
	if err == nil {
		err = tx.db.Exec(`DELETE FROM passkeys WHERE person = $1`, person)
	}
	if err != nil {
		return fmt.Errorf("take away what somebody signs in by: %w", err)
	}
	return nil
}
