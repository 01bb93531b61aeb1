package newsroom

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"communique/storage"
	"communique/storage/people"
)

// viaProvider is what the audit says of a provider where it says of a second factor.
const viaProvider = "provider"

// ErrNoRole is that a provider says of nobody's role that the configuration knows. It is
// [ErrMayNot].
var ErrNoRole = fmt.Errorf("%w: the provider says of no role that the configuration maps", ErrMayNot)

// Identity is who a provider of identities says that somebody is.
type Identity struct {
	Issuer, Subject    string
	Login, Name, Email string
	// Factor tells that they have shown a second factor there.
	Factor bool
}

// SignInProvided notes that somebody has shown to a provider who they are, and gives them the
// roles that the configuration has for what it says of them, in place of those that they had:
// the configuration is the second person's agreement. Who is new is added; who was removed
// here, or has no role any more, is not let in, and has none left.
func (d Desk) SignInProvided(ctx context.Context, i Identity, grants []people.Grant) (p people.Person, err error) {
	var refused error
	err = d.noted(ctx, func(tx *storage.Tx) error {
		tree, err := tx.Tree()
		if err != nil {
			return err
		}
		for _, g := range grants {
			if err := checkGrant(tree, g); err != nil {
				return err
			}
		}
		p, err = tx.Identified(i.Issuer, i.Subject)
		if errors.Is(err, people.ErrUnknown) && len(grants) > 0 {
			p, err = addIdentified(tx, i)
		}
		switch {
		case errors.Is(err, people.ErrUnknown):
			return ErrNoRole
		case err != nil:
			return err
		case !p.Removed.IsZero():
			return fmt.Errorf("%w: they were removed here", ErrMayNot)
		case p.Doubted:
			return ErrDoubted
		}
		if !sameGrants(p.Grants, grants) {
			if err := tx.SetGrants(p.ID, grants); err != nil {
				return err
			}
			if p, err = tx.Person(p.ID); err != nil {
				return err
			}
			if err := d.unassignFrom(tx, p.ID); err != nil {
				return err
			}
			if err := d.Note(tx, "granted by the provider", p.Login, map[string]string{"grants": describeGrants(p.Grants)}); err != nil {
				return err
			}
		}
		if len(grants) == 0 {
			refused = ErrNoRole // what they had is gone, which stays so
			return nil
		}
		d.Author.Name = p.Login
		factor := "no"
		if i.Factor {
			factor = viaProvider
		}
		return d.Note(tx, "signed in", p.Login, map[string]string{"second_factor": factor, "by": viaProvider})
	})
	if err == nil {
		err = refused
	}
	return p, err
}

// addIdentified adds somebody whom a provider knows, by the login that they have there.
func addIdentified(tx *storage.Tx, i Identity) (p people.Person, err error) {
	all, err := tx.People()
	if err != nil {
		return p, err
	}
	p = people.Person{Login: strings.ToLower(strings.TrimSpace(i.Login)), Name: i.Name, Email: i.Email}
	if slices.ContainsFunc(all, func(other people.Person) bool { return sameAddress(other, p) }) {
		return p, fmt.Errorf("%w: %s", ErrSameAddress, p.Email)
	}
	if p, err = tx.AddPerson(p); err != nil {
		return p, err
	}
	return p, tx.AddIdentity(p.ID, i.Issuer, i.Subject)
}

// sameGrants tells whether some grants are others, in whichever order.
func sameGrants(a, b []people.Grant) bool {
	within := func(all, of []people.Grant) bool {
		return !slices.ContainsFunc(all, func(g people.Grant) bool { return !slices.Contains(of, g) })
	}
	return within(a, b) && within(b, a)
}
