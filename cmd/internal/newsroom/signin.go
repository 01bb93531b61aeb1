package newsroom

import (
	"context"
	"errors"
	"fmt"

	"communique/storage"
	"communique/storage/people"
	"communique/storage/press"
)

// Browser is the desk's pages.
const Browser Via = "desk"

var (
	// ErrChanged is that what somebody may do, or signs in by, was changed meanwhile. It is
	// press.ErrConflict.
	ErrChanged = fmt.Errorf("%w: it was changed meanwhile", press.ErrConflict)
	// ErrUsed is that a one-time password was used, or a later one (RFC 6238 §5.2).
	ErrUsed = errors.New("this one-time password was used")
)

// NoStep is in the place of a one-time password's step where there was none.
const NoStep int64 = 0

// Known is somebody with what they sign in by, as it is read in one moment; what they have
// none of is empty.
type Known struct {
	people.Person
	Password, TOTP people.Credential
	Passkeys       []people.Passkey
}

// HasFactor tells whether they have anything but a password.
func (k Known) HasFactor() bool { return k.TOTP.Secret != "" || len(k.Passkeys) > 0 }

// KnownByLogin reads somebody who wants to sign in; press.ErrNotFound if there is no such
// one.
func (d Desk) KnownByLogin(ctx context.Context, login string) (k Known, err error) {
	return k, d.view(ctx, func(tx *storage.Tx) error {
		p, err := tx.PersonByLogin(login)
		if err != nil {
			return err
		}
		k, err = knownOf(tx, p)
		return err
	})
}

// KnownByID is [Desk.KnownByLogin] of who has signed in.
func (d Desk) KnownByID(ctx context.Context, id string) (k Known, err error) {
	return k, d.view(ctx, func(tx *storage.Tx) error {
		p, err := tx.Person(id)
		if err == nil && !p.Removed.IsZero() {
			err = fmt.Errorf("%w: they were removed", press.ErrNotFound)
		}
		if err != nil {
			return err
		}
		k, err = knownOf(tx, p)
		return err
	})
}

func knownOf(tx *storage.Tx, p people.Person) (Known, error) {
	k := Known{Person: p}
	for kind, into := range map[people.Kind]*people.Credential{people.Password: &k.Password, people.TOTP: &k.TOTP} {
		c, err := tx.Credential(p.ID, kind)
		if err != nil && !errors.Is(err, press.ErrNotFound) {
			return k, err
		}
		*into = c
	}
	var err error
	k.Passkeys, err = tx.Passkeys(p.ID)
	return k, err
}

// SignIn notes that somebody has shown who they are, and takes the step of the one-time
// password by which they did, if there was one. What they were held against must still
// stand: see [ErrChanged], [ErrUsed].
func (d Desk) SignIn(ctx context.Context, k Known, step int64) error {
	return d.asThemselves(ctx, k, func(tx *storage.Tx) error {
		factor := ""
		if step != NoStep {
			factor = string(people.TOTP)
			if err := takeStep(tx, k.ID, step); err != nil {
				return err
			}
		}
		return d.Note(tx, "signed in", k.Login, facts("second_factor", factor))
	})
}

// Confirm takes the step of a one-time password by which somebody who has signed in shows
// again who they are.
func (d Desk) Confirm(ctx context.Context, k Known, step int64) error {
	return d.asThemselves(ctx, k, func(tx *storage.Tx) error { return takeStep(tx, k.ID, step) })
}

// SignOut notes that somebody has.
func (d Desk) SignOut(ctx context.Context, login string) error {
	return d.Act(ctx, "signed out", login, func(*storage.Tx) error { return nil })
}

// Invited is whom an invitation is for, which stays as it is; press.ErrNotFound if it was
// taken, has ended or counts no longer.
func (d Desk) Invited(ctx context.Context, token string) (p people.Person, err error) {
	return p, d.view(ctx, func(tx *storage.Tx) error {
		p, err = tx.Invited(HashSecret(token))
		return err
	})
}

// tookInvitation is what the audit says of it.
const tookInvitation = "took an invitation"

// TakeInvitation has who was invited sign in by a password from now on, of which the hash is
// given. Errors are those of [Desk.Invited].
func (d Desk) TakeInvitation(ctx context.Context, token, password string) (p people.Person, err error) {
	return p, d.noted(ctx, func(tx *storage.Tx) error {
		if p, err = tx.TakeInvitation(HashSecret(token)); err != nil {
			return err
		}
		if err := tx.SetCredential(p.ID, people.Password, password); err != nil {
			return err
		}
		if p, err = tx.Person(p.ID); err != nil {
			return err
		}
		d.Author.Name = p.Login
		return d.Note(tx, tookInvitation, p.Login, nil)
	})
}

// ChangePassword gives somebody another password, of which the hash is given. All their
// sessions are void: they are returned as they are since.
func (d Desk) ChangePassword(ctx context.Context, k Known, password string) (p people.Person, err error) {
	return p, d.asThemselves(ctx, k, func(tx *storage.Tx) error {
		if err := tx.SetCredential(k.ID, people.Password, password); err != nil {
			return err
		}
		if p, err = tx.Person(k.ID); err != nil {
			return err
		}
		return d.Note(tx, "changed their password", k.Login, nil)
	})
}

// SetSecondFactor gives somebody the secret of one-time passwords, in place of the one that
// they may have, and takes the step of the one by which they showed that they have it.
// Sessions are as with [Desk.ChangePassword].
func (d Desk) SetSecondFactor(ctx context.Context, k Known, secret string, step int64) (p people.Person, err error) {
	return p, d.asThemselves(ctx, k, func(tx *storage.Tx) error {
		if err := tx.SetCredential(k.ID, people.TOTP, secret); err != nil {
			return err
		}
		if err := takeStep(tx, k.ID, step); err != nil {
			return err
		}
		if p, err = tx.Person(k.ID); err != nil {
			return err
		}
		return d.Note(tx, "set up a second factor", k.Login, nil)
	})
}

// SetZone says where somebody is, by a name of the IANA's database: when things happen is told
// them by the clock there, too. Empty takes it back. Their sessions go on.
func (d Desk) SetZone(ctx context.Context, k Known, zone string) error {
	return d.asThemselves(ctx, k, func(tx *storage.Tx) error {
		if err := tx.SetZone(k.ID, zone); err != nil {
			return err
		}
		return d.Note(tx, "changed their zone", k.Login, facts("zone", zone))
	})
}

// asThemselves does something that somebody does with what is their own, if nothing of them
// was changed since they were read.
func (d Desk) asThemselves(ctx context.Context, k Known, act func(*storage.Tx) error) error {
	return d.noted(ctx, func(tx *storage.Tx) error {
		now, err := tx.Person(k.ID)
		if err != nil {
			return err
		}
		if now.Epoch != k.Epoch || !now.Removed.IsZero() {
			return ErrChanged
		}
		return act(tx)
	})
}

func takeStep(tx *storage.Tx, id string, step int64) error {
	fresh, err := tx.TakeStep(id, step)
	if err == nil && !fresh {
		err = ErrUsed
	}
	return err
}

// facts is one fact, if there is anything to it.
func facts(name, value string) map[string]string {
	if value == "" {
		return nil
	}
	return map[string]string{name: value}
}
