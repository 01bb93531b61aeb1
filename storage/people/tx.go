package people

import (
	"fmt"
	"slices"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/lazyregexp"
	"communique/storage/press"
)

// Tx is the people in a transaction.
type Tx struct{ db *kernel.Tx }

// New is the people in a transaction.
func New(db *kernel.Tx) *Tx { return &Tx{db} }

// login is what people sign in by: an address of theirs, or a name.
var login = lazyregexp.New(`^[a-z0-9](?:[a-z0-9._+@-]{0,98}[a-z0-9])?$`)

// ErrUnknown is that nobody is there by a login or an id. It is press.ErrNotFound, wrapped.
var ErrUnknown = fmt.Errorf("%w: there is no such person", press.ErrNotFound)

// AddPerson adds somebody with no grant and no credential yet. A login that another one has,
// or had, is press.ErrConflict: what the audit says of it must stay true.
func (tx *Tx) AddPerson(p Person) (Person, error) {
	if !login.MatchString(p.Login) {
		return p, fmt.Errorf("%w login: %q: write it in small letters and figures, as in a.silva or a.silva@mfa.example", press.ErrInvalid, p.Login)
	}
	for _, text := range [][2]string{{"name", p.Name}, {"email", p.Email}} {
		if err := press.CheckText(text[0], text[1], press.MaxShort); err != nil {
			return p, err
		}
	}
	p.ID, p.Zone, p.Created, p.Removed, p.Epoch, p.Grants = string(press.NewArticleID()), "", tx.db.Now(), time.Time{}, 1, nil
	fresh, err := tx.db.Any(`INSERT INTO people (id, login, name, email, created, removed, epoch) VALUES ($1, $2, $3, $4, $5, 0, 1)
		ON CONFLICT (login) DO NOTHING RETURNING 1`, p.ID, p.Login, p.Name, p.Email, kernel.Micros(p.Created))
	if err != nil {
		return p, fmt.Errorf("add a person: %w", err)
	}
	if !fresh {
		return p, fmt.Errorf("%w: somebody is, or was, %s: take another login", press.ErrConflict, p.Login)
	}
	return p, nil
}

const personColumns = `id, login, name, email, zone, created, removed, epoch, doubted`

func (tx *Tx) person(where string, args ...any) (p Person, err error) {
	all, err := tx.persons(where, args...)
	if err == nil && len(all) == 0 {
		err = ErrUnknown
	}
	if err != nil {
		return p, err
	}
	return all[0], nil
}

func (tx *Tx) persons(where string, args ...any) (all []Person, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var p Person
		var created, removed, doubted int64
		err := scan(&p.ID, &p.Login, &p.Name, &p.Email, &p.Zone, &created, &removed, &p.Epoch, &doubted)
		p.Doubted = doubted != 0
		p.Created, p.Removed = kernel.Instant(created), kernel.Instant(removed)
		all = append(all, p)
		return err
	}, `SELECT `+personColumns+` FROM people WHERE `+where+` ORDER BY login`, args...)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	grants, err := tx.grants(where, args...)
	if err != nil {
		return nil, err
	}
	for i, p := range all {
		all[i].Grants = grants[p.ID]
	}
	return all, nil
}

// Person reads somebody, also one that was removed; press.ErrNotFound if there is no such
// one.
func (tx *Tx) Person(id string) (Person, error) { return tx.person(`id = $1`, id) }

// PersonByLogin reads somebody who was not removed by their login.
func (tx *Tx) PersonByLogin(name string) (Person, error) {
	return tx.person(`login = $1 AND removed = 0`, name)
}

// People reads all who were not removed, in the order of their logins.
func (tx *Tx) People() ([]Person, error) { return tx.persons(`removed = 0`) }

// Names are who all are that were not removed, in the order of their logins: for lists, which need
// no more.
func (tx *Tx) Names() (all []Name, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var n Name
		var writes int
		err := scan(&n.ID, &n.Login, &n.Name, &writes)
		n.Writes = writes != 0
		all = append(all, n)
		return err
	}, `SELECT id, login, name, CASE WHEN doubted = 0 AND EXISTS (SELECT 1 FROM grants WHERE person = people.id AND role IN ($1, $2)) THEN 1 ELSE 0 END
		FROM people WHERE removed = 0 ORDER BY login`, Author, Editor)
	if err != nil {
		return nil, fmt.Errorf("read the names of people: %w", err)
	}
	return all, nil
}

// HasPeople tells whether there is anybody who was not removed, for without people the desk is
// off. Whether the last one may be removed is a rule of publishing.
func (tx *Tx) HasPeople() (bool, error) {
	there, err := tx.db.Any(`SELECT 1 FROM people WHERE removed = 0 LIMIT 1`)
	if err != nil {
		return false, fmt.Errorf("look for people: %w", err)
	}
	return there, nil
}

// grants reads those of the people for whom a condition holds, by their ids.
func (tx *Tx) grants(where string, args ...any) (map[string][]Grant, error) {
	all := map[string][]Grant{}
	err := tx.db.Each(func(scan func(...any) error) error {
		var person string
		var g Grant
		err := scan(&person, &g.Role, &g.Section, &g.Language)
		all[person] = append(all[person], g)
		return err
	}, `SELECT person, role, section, language FROM grants JOIN people ON id = person WHERE `+where+` ORDER BY person, role, section, language`, args...)
	if err != nil {
		return nil, fmt.Errorf("read grants: %w", err)
	}
	return all, nil
}

// SetGrants gives somebody these grants in place of those that they have.
func (tx *Tx) SetGrants(id string, grants []Grant) error {
	if err := tx.end(id); err != nil {
		return err
	}
	if err := tx.db.Exec(`DELETE FROM grants WHERE person = $1`, id); err != nil {
		return fmt.Errorf("change grants: %w", err)
	}
	for _, g := range grants {
		if !slices.Contains(Roles(), g.Role) {
			return fmt.Errorf("%w role: %q is none", press.ErrInvalid, g.Role)
		}
		err := tx.db.Exec(`INSERT INTO grants (person, role, section, language) VALUES ($1, $2, $3, $4)
			ON CONFLICT (person, role, section, language) DO NOTHING`, id, g.Role, g.Section, g.Language)
		if err != nil {
			return fmt.Errorf("grant %s: %w", g.Role, err)
		}
	}
	return nil
}

// RemovePerson lets somebody work here no longer. Their name stays, for what they did.
func (tx *Tx) RemovePerson(id string) error {
	if err := tx.end(id); err != nil {
		return err
	}
	err := tx.db.Exec(`UPDATE people SET removed = $1, email = '', zone = '' WHERE id = $2`, kernel.Micros(tx.db.Now()), id)
	if err == nil {
		err = tx.db.Exec(`DELETE FROM grants WHERE person = $1`, id)
	}
	if err == nil {
		err = tx.dropCredentials(id)
	}
	if err != nil {
		return fmt.Errorf("remove a person: %w", err)
	}
	return tx.DropAgreement(id)
}

// SetZone says where somebody is; empty takes it back.
func (tx *Tx) SetZone(id, zone string) error {
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" || zone != "" && press.CheckText("zone", zone, press.MaxShort) != nil {
		return fmt.Errorf("%w zone: %q is none: write its name in the IANA's database, like Asia/Tokyo", press.ErrInvalid, zone)
	}
	there, err := tx.db.Any(`UPDATE people SET zone = $1 WHERE id = $2 AND removed = 0 RETURNING 1`, zone, id)
	if err == nil && !there {
		err = ErrUnknown
	}
	if err != nil {
		return fmt.Errorf("set a zone: %w", err)
	}
	return nil
}

// end moves the epoch of somebody who is there: what they have been handed counts no longer.
func (tx *Tx) end(id string) error {
	there, err := tx.db.Any(`UPDATE people SET epoch = epoch + 1 WHERE id = $1 AND removed = 0 RETURNING 1`, id)
	if err == nil && !there {
		err = ErrUnknown
	}
	if err == nil {
		err = tx.db.Exec(`DELETE FROM invitations WHERE person = $1`, id)
	}
	if err != nil {
		return fmt.Errorf("end what a person holds: %w", err)
	}
	return nil
}

// EndAll ends every session, invitation and right that waits, and every rule by which one person
// is enough, as when a backup is put back: what it knows of may have been ended since.
func (tx *Tx) EndAll() error {
	for _, statement := range []string{
		`UPDATE people SET epoch = epoch + 1`, `DELETE FROM sessions`, `DELETE FROM invitations`, `DELETE FROM asked_grants`,
		`DELETE FROM release_rules WHERE persons < 2`, `UPDATE release_rules SET asked = -1, asked_by = '', asked_at = 0`,
	} {
		if err := tx.db.Exec(statement); err != nil {
			return fmt.Errorf("end all sessions: %w", err)
		}
	}
	return nil
}

// DoubtAll takes away all that people sign in by, and has each do nothing until it is said of
// them that they still work here: see [Tx.Invite] and [Tx.Confirm]. A backup that is put back may
// know a passkey that was lost since, a role that was taken, and somebody who has left.
func (tx *Tx) DoubtAll() error {
	for _, statement := range []string{`DELETE FROM credentials`, `DELETE FROM passkeys`, `UPDATE people SET doubted = 1 WHERE removed = 0`} {
		if err := tx.db.Exec(statement); err != nil {
			return fmt.Errorf("doubt who works here: %w", err)
		}
	}
	return nil
}

// Confirm says that somebody still works here, with the roles that they have; press.ErrConflict if
// that is not in doubt.
func (tx *Tx) Confirm(id string) error {
	doubted, err := tx.db.Any(`UPDATE people SET doubted = 0 WHERE id = $1 AND doubted = 1 RETURNING 1`, id)
	if err == nil && !doubted {
		err = fmt.Errorf("%w: it is not in doubt", press.ErrConflict)
	}
	if err != nil {
		return fmt.Errorf("confirm that somebody works here: %w", err)
	}
	return nil
}
