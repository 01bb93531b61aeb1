package newsroom

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// invitedFor is how long an invitation can be taken: somebody who is on leave asks anew.
const invitedFor = 72 * time.Hour

// ErrLastOperator is that nobody would be left who could invite others. It is
// press.ErrConflict.
var ErrLastOperator = fmt.Errorf("%w: the last operator", press.ErrConflict)

// ErrDoubted is that a backup was put back, and nobody has said since that somebody still works
// here. It is [ErrMayNot].
var ErrDoubted = fmt.Errorf("%w: a backup was put back, and nobody has said since that they still work here", ErrMayNot)

// ConfirmPerson says that somebody still works here who signs in by the provider of identities,
// after a backup was put back. All others are given a new link, for what they signed in by is
// gone.
func (d Desk) ConfirmPerson(ctx context.Context, login string) error {
	return d.noted(ctx, func(tx *storage.Tx) error {
		p, err := tx.PersonByLogin(login)
		if err != nil {
			return err
		}
		there, err := tx.HasIdentity(p.ID)
		if err != nil {
			return err
		}
		if p.Doubted && !there {
			return fmt.Errorf("%w: %s has nothing to sign in by since the backup was put back: invite them again", press.ErrConflict, p.Login)
		}
		if err := tx.Confirm(p.ID); err != nil {
			return err
		}
		return d.Note(tx, "confirmed after a restore", p.Login, map[string]string{"grants": describeGrants(p.Grants)})
	})
}

// Invitation is what somebody chooses their credentials by.
type Invitation struct {
	Given
	Token string // the secret of the link, which is told once and kept nowhere
	Until time.Time
	// First is set if there was nobody before: from then on, two are needed.
	First bool
}

// Invite adds somebody, with what they may do, or gives one who is there already, with the
// same login, a new link: what they signed in by is then gone. The first one of all is an
// operator, whatever else they are. Strict roles wait for a second person, also those of one
// who gets a new link.
func (d Desk) Invite(ctx context.Context, p people.Person, grants []people.Grant) (i Invitation, err error) {
	p.Login = strings.ToLower(strings.TrimSpace(p.Login))
	token := rand.Text()
	err = d.noted(ctx, func(tx *storage.Tx) error {
		all, err := tx.People()
		if err != nil {
			return err
		}
		how := giving{first: len(all) == 0, linked: true}
		if how.could, err = couldAgree(tx, ""); err != nil {
			return err
		}
		known, did, err := invitee(tx, p, all)
		if err != nil {
			return err
		}
		if len(grants) == 0 {
			grants = known.Grants
			if a, there, err := tx.Agreement(known.ID); err != nil {
				return err
			} else if there {
				grants = append(slices.Clone(grants), a.Grants...)
			}
		}
		if how.first && !slices.Contains(grants, people.Grant{Role: people.Operator}) {
			grants = append(slices.Clone(grants), people.Grant{Role: people.Operator})
		}
		if err := d.give(ctx, tx, known, grants, how); err != nil {
			return err
		}
		i = Invitation{Token: token, Until: tx.Now().Add(invitedFor), First: how.first}
		if err := tx.Invite(known.ID, HashSecret(token), i.Until); err != nil {
			return err
		}
		if i.Given, err = d.given(tx, known.ID); err != nil {
			return err
		}
		return d.noteGiven(tx, did, i.Given)
	})
	return i, err
}

// invitee is who is invited: somebody new, or one who is there, with nothing to sign in by.
func invitee(tx *storage.Tx, p people.Person, all []people.Person) (known people.Person, did string, err error) {
	at := slices.IndexFunc(all, func(other people.Person) bool { return other.Login == p.Login })
	if at >= 0 {
		known = all[at]
		if there, err := tx.HasIdentity(known.ID); err != nil {
			return known, "", err
		} else if there {
			return known, "", fmt.Errorf("%w: %s signs in by the provider of identities, and what is lost is mended there", press.ErrConflict, known.Login)
		}
		return known, "invited again", tx.DropCredentials(known.ID)
	}
	if slices.ContainsFunc(all, func(other people.Person) bool { return sameAddress(other, p) }) {
		return p, "", fmt.Errorf("%w: %s", ErrSameAddress, p.Email)
	}
	known, err = tx.AddPerson(p)
	return known, "invited", err
}

// Given is what somebody may do since it was changed.
type Given struct {
	Person people.Person
	Waits  []people.Grant // until a second person has agreed
	// Reason is why they have at once what takes a second person; empty if nothing does.
	Reason string
	Tree   press.Tree // of the sections in which they may do something
}

func (d Desk) given(tx *storage.Tx, id string) (g Given, err error) {
	if g.Person, err = tx.Person(id); err != nil {
		return g, err
	}
	a, _, err := tx.Agreement(id)
	g.Waits, g.Reason = a.Grants, a.Reason
	if err == nil {
		g.Tree, err = tx.Tree()
	}
	return g, err
}

// facts is what the audit is told of it: of the reason the digest.
func (g Given) facts(tx *storage.Tx) (map[string]string, error) {
	all := map[string]string{"grants": describeGrants(g.Person.Grants)}
	if len(g.Waits) > 0 {
		all["waits"] = describeGrants(g.Waits)
	}
	if g.Reason == "" {
		return all, nil
	}
	why, err := tx.KeepReason(g.Person.Login, g.Reason)
	all["without_second_person"] = why
	return all, err
}

// noteGiven notes what somebody was given.
func (d Desk) noteGiven(tx *storage.Tx, did string, g Given) error {
	facts, err := g.facts(tx)
	if err != nil {
		return err
	}
	return d.Note(tx, did, g.Person.Login, facts)
}

// HashSecret is what is kept of the secret of a link or a cookie.
func HashSecret(secret string) string {
	return digest([]byte(secret))
}

// Grant gives somebody these roles in place of those that they have. Strict ones that they did
// not have wait for a second person.
func (d Desk) Grant(ctx context.Context, login string, grants []people.Grant) (g Given, err error) {
	err = d.noted(ctx, func(tx *storage.Tx) error {
		p, err := tx.PersonByLogin(login)
		if err != nil {
			return err
		}
		could, err := couldAgree(tx, "")
		if err != nil {
			return err
		}
		if err := d.give(ctx, tx, p, grants, giving{could: could}); err != nil {
			return err
		}
		if g, err = d.given(tx, p.ID); err != nil {
			return err
		}
		return d.noteGiven(tx, "granted", g)
	})
	return g, err
}

// RemovePerson lets somebody work here no longer. What they did stays in the audit. The last
// one of all is removed, and with that the rule that two are needed, only as long as it was
// never lived by: none has ever taken an invitation, and no manuscript waits; off tells of that.
func (d Desk) RemovePerson(ctx context.Context, login string) (off bool, err error) {
	err = d.noted(ctx, func(tx *storage.Tx) error {
		p, err := tx.PersonByLogin(login)
		if err != nil {
			return err
		}
		could, err := couldAgree(tx, "")
		if err != nil {
			return err
		}
		if err := errors.Join(tx.RemovePerson(p.ID), tx.DropUnsavedOf(p.ID)); err != nil {
			return err
		}
		if err := d.unassignAll(tx, p); err != nil {
			return err
		}
		if off, err = neverLived(tx); err != nil {
			return err
		}
		if off {
			return d.Note(tx, "removed", p.Login, facts("two_persons", "needed no longer"))
		}
		if err := d.checkLeft(tx, could); err != nil {
			return err
		}
		why, err := tx.KeepReason(p.Login, d.machine)
		if err != nil {
			return err
		}
		return d.Note(tx, "removed", p.Login, facts("without_second_person", why))
	})
	return off && err == nil, err
}

// neverLived tells whether there is nobody, and nobody ever came nor handed anything in. Of
// credentials nothing is left when somebody is removed or invited again; the audit knows.
func neverLived(tx *storage.Tx) (bool, error) {
	there, err := tx.HasPeople()
	if err != nil || there {
		return false, err
	}
	came, err := tx.Did(tookInvitation)
	if err != nil || came {
		return false, err
	}
	pending := manuscripts.Listing{States: append(manuscripts.OpenStates(), manuscripts.Approved)}
	waiting, err := tx.Manuscripts(pending, manuscripts.Place{}, 1)
	return len(waiting) == 0, err
}

// checkOperator is that somebody is left who can invite others.
func checkOperator(tx *storage.Tx) error {
	all, err := tx.People()
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(p people.Person) bool {
		p.Doubted = false // an operator until the contrary is said
		return p.MayAnywhere(people.Operator)
	}) {
		return fmt.Errorf("%w: make another one operator first", ErrLastOperator)
	}
	return nil
}

// People are those who may work on the desk, and the sections in which they may do something.
func (d Desk) People(ctx context.Context) (all []people.Person, tree press.Tree, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		if tree, err = tx.Tree(); err != nil {
			return err
		}
		all, err = tx.People()
		return err
	})
	return all, tree, err
}

// Names are who those are that may work on the desk, and the sections.
func (d Desk) Names(ctx context.Context) (all []people.Name, tree press.Tree, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		if tree, err = tx.Tree(); err != nil {
			return err
		}
		all, err = tx.Names()
		return err
	})
	return all, tree, err
}

// ParseGrant reads a grant as people write it: a role, with a section's path and a language
// behind colons if it is not for all, as in "approver:the-ministry/the-minister:fr".
func (d Desk) ParseGrant(ctx context.Context, text string) (g people.Grant, err error) {
	parts := strings.SplitN(text, ":", 3)
	g.Role = people.Role(strings.TrimSpace(parts[0]))
	if !slices.Contains(people.Roles(), g.Role) {
		return g, fmt.Errorf("%w role: %q is none: it is one of %s", press.ErrInvalid, parts[0], joinRoles(people.Roles(), ", "))
	}
	if len(parts) > 2 && parts[2] != "" {
		if g.Language, err = press.ParseLanguage(parts[2]); err != nil {
			return g, err
		}
	}
	if len(parts) < 2 || parts[1] == "" {
		return g, nil
	}
	err = d.view(ctx, func(tx *storage.Tx) error {
		tree, err := tx.Tree()
		if err != nil {
			return err
		}
		s, _, err := findSection(tree, parts[1])
		g.Section = s.ID
		return err
	})
	return g, err
}

// describeGrants is what somebody may do, in one line, with the numbers of sections: their
// names may change.
func describeGrants(grants []people.Grant) string {
	var all []string
	for _, g := range grants {
		text := string(g.Role)
		if g.Section != press.Root {
			text += fmt.Sprintf(" in section %d", g.Section)
		}
		if g.Language != "" {
			text += " in " + string(g.Language)
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

func joinRoles(roles []people.Role, between string) string {
	var names []string
	for _, r := range roles {
		names = append(names, string(r))
	}
	return strings.Join(names, between)
}
