package newsroom

import (
	"context"
	"fmt"
	"slices"

	"communique/storage"
	"communique/storage/people"
	"communique/storage/press"
)

// viaPasskey is what the audit says of a passkey where it says of a second factor.
const viaPasskey = "passkey"

// ErrLastFactor is that somebody would have no second factor left, though their roles take
// one. It is press.ErrConflict.
var ErrLastFactor = fmt.Errorf("%w: the last second factor", press.ErrConflict)

// PasskeyHost is the host that passkeys are bound to: that of the first one, or else the one
// that is given.
func (d Desk) PasskeyHost(ctx context.Context, host string) (rp string, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		rp, err = tx.PasskeyHost()
		return err
	})
	if rp == "" {
		rp = host
	}
	return rp, err
}

// AddPasskey gives somebody a passkey. All their sessions are void: they are returned as they
// are since.
func (d Desk) AddPasskey(ctx context.Context, k Known, key people.Passkey) (p people.Person, err error) {
	return p, d.asThemselves(ctx, k, func(tx *storage.Tx) error {
		if err := tx.AddPasskey(k.ID, key); err != nil {
			return err
		}
		if p, err = tx.Person(k.ID); err != nil {
			return err
		}
		return d.Note(tx, "added a passkey", k.Login, map[string]string{"key": shortOf(key.ID)})
	})
}

// DropPasskey takes one away from somebody, as long as they have what their roles take.
// Sessions are as with [Desk.AddPasskey].
func (d Desk) DropPasskey(ctx context.Context, k Known, id string) (p people.Person, err error) {
	return p, d.asThemselves(ctx, k, func(tx *storage.Tx) error {
		if err := tx.DropPasskey(k.ID, id); err != nil {
			return err
		}
		left := k
		left.Passkeys = slices.DeleteFunc(slices.Clone(k.Passkeys), func(key people.Passkey) bool { return key.ID == id })
		if !left.HasFactor() && k.MayAnywhere(people.Strict()...) {
			return ErrLastFactor
		}
		if p, err = tx.Person(k.ID); err != nil {
			return err
		}
		return d.Note(tx, "removed a passkey", k.Login, map[string]string{"key": shortOf(id)})
	})
}

// SignInByPasskey is [Desk.SignIn] of who has shown who they are by a passkey, which is what
// is given since.
func (d Desk) SignInByPasskey(ctx context.Context, k Known, key people.Passkey) error {
	return d.asThemselves(ctx, k, func(tx *storage.Tx) error {
		if err := tx.UsePasskey(k.ID, key.ID, key.Credential); err != nil {
			return err
		}
		return d.Note(tx, "signed in", k.Login, map[string]string{"second_factor": viaPasskey, "key": shortOf(key.ID)})
	})
}

// ConfirmByPasskey is [Desk.Confirm] by a passkey.
func (d Desk) ConfirmByPasskey(ctx context.Context, k Known, key people.Passkey) error {
	return d.asThemselves(ctx, k, func(tx *storage.Tx) error { return tx.UsePasskey(k.ID, key.ID, key.Credential) })
}

// shortOf tells a passkey from others in the audit.
func shortOf(id string) string { return id[:min(len(id), 12)] }
