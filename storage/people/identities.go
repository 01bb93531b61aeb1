package people

import (
	"errors"
	"fmt"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// AddIdentity has somebody be who a provider knows as a subject.
func (tx *Tx) AddIdentity(person, issuer, subject string) error {
	for _, text := range [][2]string{{"issuer", issuer}, {"subject", subject}} {
		if err := press.CheckText(text[0], text[1], press.MaxShort); err != nil {
			return err
		}
	}
	fresh, err := tx.db.Any(`INSERT INTO identities (issuer, subject, person) VALUES ($1, $2, $3)
		ON CONFLICT (issuer, subject) DO NOTHING RETURNING 1`, issuer, subject, person)
	if err == nil && !fresh {
		err = fmt.Errorf("%w: the provider's subject is somebody's", press.ErrConflict)
	}
	if err != nil {
		return fmt.Errorf("keep who a provider says that somebody is: %w", err)
	}
	return nil
}

// Identified reads who a provider knows as a subject, also one that was removed; [ErrUnknown] if
// that is nobody.
func (tx *Tx) Identified(issuer, subject string) (Person, error) {
	var id string
	err := tx.db.Row(`SELECT person FROM identities WHERE issuer = $1 AND subject = $2`, issuer, subject).Scan(&id)
	if err = kernel.NotFound(err, "nobody is it"); errors.Is(err, press.ErrNotFound) {
		return Person{}, ErrUnknown
	}
	if err != nil {
		return Person{}, fmt.Errorf("read who a provider says that somebody is: %w", err)
	}
	return tx.Person(id)
}

// HasIdentity tells whether somebody is known to a provider.
func (tx *Tx) HasIdentity(person string) (bool, error) {
	there, err := tx.db.Any(`SELECT 1 FROM identities WHERE person = $1`, person)
	if err != nil {
		return false, fmt.Errorf("look for who a provider says that somebody is: %w", err)
	}
	return there, nil
}
