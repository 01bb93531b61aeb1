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

// Invitation is what somebody chooses their credentials by.
type Invitation struct {
	Person people.Person
	Tree   press.Tree // of the sections in which they may do something
	Token  string     // the secret of the link, which is told once and kept nowhere
	Until  time.Time
	// First is set if there was nobody before: from then on, two are needed.
	First bool
}

// Invite adds somebody, with what they may do, or gives one who is there already, with the
// same login, a new link: what they signed in by is then gone. The first one of all is an
// operator, whatever else they are.
func (d Desk) Invite(ctx context.Context, p people.Person, grants []people.Grant) (i Invitation, err error) {
	p.Login = strings.ToLower(strings.TrimSpace(p.Login))
	token := rand.Text()
	err = d.noted(ctx, func(tx *storage.Tx) error {
		there, err := tx.HasPeople()
		if err != nil {
			return err
		}
		if !there && !slices.Contains(grants, people.Grant{Role: people.Operator}) {
			grants = append(slices.Clone(grants), people.Grant{Role: people.Operator})
		}
		known, err := tx.PersonByLogin(p.Login)
		did := "invited"
		switch {
		case errors.Is(err, press.ErrNotFound):
			known, err = tx.AddPerson(p)
		case err == nil:
			did = "invited again"
			err = errors.Join(tx.DropCredential(known.ID, people.Password), tx.DropCredential(known.ID, people.TOTP))
		}
		if err != nil {
			return err
		}
		if len(grants) > 0 {
			if err := d.setGrants(tx, known, grants); err != nil {
				return err
			}
		}
		i = Invitation{Token: token, Until: tx.Now().Add(invitedFor), First: !there}
		if err := tx.Invite(known.ID, HashSecret(token), i.Until); err != nil {
			return err
		}
		if i.Person, err = tx.Person(known.ID); err != nil {
			return err
		}
		if i.Tree, err = tx.Tree(); err != nil {
			return err
		}
		return d.Note(tx, did, known.Login, map[string]string{"grants": describeGrants(i.Person.Grants)})
	})
	return i, err
}

// HashSecret is what is kept of the secret of a link or a cookie.
func HashSecret(secret string) string {
	return digest([]byte(secret))
}

// Grant gives somebody these roles in place of those that they have.
func (d Desk) Grant(ctx context.Context, login string, grants []people.Grant) (p people.Person, tree press.Tree, err error) {
	err = d.noted(ctx, func(tx *storage.Tx) error {
		if p, err = tx.PersonByLogin(login); err != nil {
			return err
		}
		if err := d.setGrants(tx, p, grants); err != nil {
			return err
		}
		if p, err = tx.Person(p.ID); err != nil {
			return err
		}
		if tree, err = tx.Tree(); err != nil {
			return err
		}
		return d.Note(tx, "granted", p.Login, map[string]string{"grants": describeGrants(p.Grants)})
	})
	return p, tree, err
}

// setGrants changes what somebody may do, for as long as there is an operator.
func (d Desk) setGrants(tx *storage.Tx, p people.Person, grants []people.Grant) error {
	tree, err := tx.Tree()
	if err != nil {
		return err
	}
	for _, g := range grants {
		if _, ok := tree.Section(g.Section); !ok && g.Section != press.Root {
			return fmt.Errorf("%w: there is no section %d", press.ErrNotFound, g.Section)
		}
		if g.Role == people.Operator && (g.Section != press.Root || g.Language != "") {
			return fmt.Errorf("%w role: an operator is one everywhere: name no section and no language", press.ErrInvalid)
		}
	}
	if err := tx.SetGrants(p.ID, grants); err != nil {
		return err
	}
	return checkOperator(tx)
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
		if err := tx.RemovePerson(p.ID); err != nil {
			return err
		}
		if off, err = neverLived(tx); err != nil {
			return err
		}
		if off {
			return d.Note(tx, "removed", p.Login, facts("two_persons", "needed no longer"))
		}
		if err := checkOperator(tx); err != nil {
			return err
		}
		return d.Note(tx, "removed", p.Login, nil)
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
	waiting, err := tx.Manuscripts(manuscripts.Place{}, 1, manuscripts.Draft, manuscripts.InReview)
	return len(waiting) == 0, err
}

// checkOperator is that somebody is left who can invite others.
func checkOperator(tx *storage.Tx) error {
	all, err := tx.People()
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(p people.Person) bool { return p.MayAnywhere(people.Operator) }) {
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
