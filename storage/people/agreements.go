package people

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
)

// Agreement is what a second person has yet to agree to of somebody: that they are who they
// are said to be, and what else they may do.
type Agreement struct {
	Person string // an id
	// AskedBy is who has asked last, and LinkedBy who was shown the link of their last
	// invitation: ids, empty where it was done on the machine of the site.
	AskedBy, LinkedBy string
	Asked             time.Time
	// Reason is why rights hold already that nobody has agreed to; empty if none do.
	Reason string
	// Grants are those that wait.
	Grants []Grant
}

// SetAgreement keeps what is to be agreed to of somebody, in place of what was.
func (tx *Tx) SetAgreement(a Agreement) error {
	err := tx.db.Exec(`INSERT INTO agreements (person, asked_by, linked_by, asked, reason) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (person) DO UPDATE SET asked_by = excluded.asked_by, linked_by = excluded.linked_by, asked = excluded.asked, reason = excluded.reason`,
		a.Person, a.AskedBy, a.LinkedBy, kernel.Micros(tx.db.Now()), a.Reason)
	if err == nil {
		err = tx.db.Exec(`DELETE FROM asked_grants WHERE person = $1`, a.Person)
	}
	for _, g := range a.Grants {
		if err == nil {
			err = tx.db.Exec(`INSERT INTO asked_grants (person, role, section, language) VALUES ($1, $2, $3, $4)
				ON CONFLICT (person, role, section, language) DO NOTHING`, a.Person, g.Role, g.Section, g.Language)
		}
	}
	if err != nil {
		return fmt.Errorf("keep what is to be agreed to: %w", err)
	}
	return nil
}

// DropAgreement has nothing to be agreed to of somebody any more.
func (tx *Tx) DropAgreement(person string) error {
	err := tx.db.Exec(`DELETE FROM asked_grants WHERE person = $1`, person)
	if err == nil {
		err = tx.db.Exec(`DELETE FROM agreements WHERE person = $1`, person)
	}
	if err != nil {
		return fmt.Errorf("take away what is to be agreed to: %w", err)
	}
	return nil
}

// Agreement is what is to be agreed to of somebody; there is false if nothing is.
func (tx *Tx) Agreement(person string) (a Agreement, there bool, err error) {
	all, err := tx.agreements(`WHERE person = $1`, person)
	if err != nil || len(all) == 0 {
		return a, false, err
	}
	return all[0], true, nil
}

// LinkedBy are the people of whom something is to be agreed to, and whose link somebody was shown.
func (tx *Tx) LinkedBy(person string) (all []string, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var of string
		err := scan(&of)
		all = append(all, of)
		return err
	}, `SELECT person FROM agreements WHERE linked_by = $1`, person)
	if err != nil {
		return nil, fmt.Errorf("read whose links somebody was shown: %w", err)
	}
	return all, nil
}

// Agreements is all that is to be agreed to, the first that was asked for first.
func (tx *Tx) Agreements() ([]Agreement, error) { return tx.agreements(``) }

func (tx *Tx) agreements(where string, args ...any) (all []Agreement, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var a Agreement
		var asked int64
		err := scan(&a.Person, &a.AskedBy, &a.LinkedBy, &asked, &a.Reason)
		a.Asked = kernel.Instant(asked)
		all = append(all, a)
		return err
	}, `SELECT person, asked_by, linked_by, asked, reason FROM agreements `+where+` ORDER BY asked, person`, args...)
	if err == nil {
		err = tx.db.Each(func(scan func(...any) error) error {
			var person string
			var g Grant
			err := scan(&person, &g.Role, &g.Section, &g.Language)
			for i := range all {
				if all[i].Person == person {
					all[i].Grants = append(all[i].Grants, g)
				}
			}
			return err
		}, `SELECT person, role, section, language FROM asked_grants `+where+` ORDER BY person, role, section, language`, args...)
	}
	if err != nil {
		return nil, fmt.Errorf("read what is to be agreed to: %w", err)
	}
	return all, nil
}

// Came tells whether somebody can sign in: they have taken their last invitation, or a provider
// knows them.
func (tx *Tx) Came(id string) (bool, error) {
	if known, err := tx.HasIdentity(id); known || err != nil {
		return known, err
	}
	came, err := tx.db.Any(`SELECT 1 FROM credentials WHERE person = $1 AND kind = $2`, id, Password)
	if err != nil {
		return false, fmt.Errorf("look for a password: %w", err)
	}
	return came, nil
}
