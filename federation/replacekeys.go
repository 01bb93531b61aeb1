package federation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"communique/federation/signature"
	"communique/storage"
	"communique/storage/actors"
	"communique/storage/press"
)

// GenerateKeys makes the private keys of an actor, by name: RSA, which every server
// reads, and Ed25519, each in PEM and with a passphrase encrypted.
func GenerateKeys(passphrase *signature.Passphrase, actor string) (map[string]string, error) {
	keys := map[string]string{}
	for _, name := range []string{actors.KeyMain, actors.KeyEd25519} {
		text, err := newPrivate(name)
		if err != nil {
			return nil, err
		}
		if keys[name], err = passphrase.Seal(text, keyLabel(actors.Key{Actor: actor, Name: name})); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// ReplaceKeys gives an actor that can be followed new keys. The same transaction
// appends the entry that tells its followers; that is signed with the key that they
// know, so that no server loses the actor (INTEROP S9). A *[ReplacingError] says
// that servers have yet to be told of the previous replacement.
func ReplaceKeys(ctx context.Context, store *storage.Store, passphrase *signature.Passphrase, actor string) (press.Entry, error) {
	if err := CheckKeys(ctx, store, passphrase); err != nil {
		return press.Entry{}, err
	}
	keys, err := GenerateKeys(passphrase, actor)
	if err != nil {
		return press.Entry{}, err
	}
	var e press.Entry
	err = store.Update(ctx, func(tx *storage.Tx) error {
		if err := checkReplaced(tx, actor); err != nil {
			return err
		}
		if _, err := tx.DropOldSigningKeys(tx.Now().Add(-oldKeysFor)); err != nil {
			return err
		}
		e, err = tx.ReplaceSigningKeys(actor, keys)
		return err
	})
	return e, err
}

// CheckKeys reports an error if a stored key cannot be decrypted, before further
// ones are encrypted with the same passphrase.
func CheckKeys(ctx context.Context, store *storage.Store, passphrase *signature.Passphrase) error {
	return store.View(ctx, func(tx *storage.Tx) error {
		keys, err := tx.SigningKeys()
		if err != nil {
			return err
		}
		for _, k := range keys {
			if _, err := passphrase.Open(k.Private, keyLabel(k)); err != nil {
				return fmt.Errorf("key %s of actor %s: %w", k.Name, k.Actor, err)
			}
		}
		return nil
	})
}

// ReplacingError says that an actor's followers are still being told of the
// previous key.
type ReplacingError struct {
	Actor   string
	Since   time.Time
	Servers int // that have not been told
}

func (e *ReplacingError) Error() string {
	return fmt.Sprintf("the keys of %s were replaced at %s, and %d servers have yet to be told: wait until they have been",
		e.Actor, e.Since.UTC().Format(time.RFC3339), e.Servers)
}

// checkReplaced returns a *[ReplacingError] while a replacement is under way.
func checkReplaced(tx *storage.Tx, actor string) error {
	keys, err := tx.SigningKeys()
	if err != nil {
		return err
	}
	for _, k := range slices.Backward(keys) {
		if k.Actor != actor || k.Name != actors.KeyMain || k.Since == 0 {
			continue
		}
		untold, err := tx.CountBehind(actor, k.Since)
		if err == nil && untold > 0 {
			err = &ReplacingError{Actor: actor, Since: k.Created, Servers: untold}
		}
		return err
	}
	return nil
}

func newPrivate(name string) (string, error) {
	if name == actors.KeyEd25519 {
		key, err := signature.NewEd25519Key()
		if err != nil {
			return "", err
		}
		return signature.EncodePrivateKey(key)
	}
	key, err := signature.NewPrivateKey()
	if err != nil {
		return "", err
	}
	return signature.EncodePrivateKey(key)
}

// RewriteKeys stores all keys in another form, all or none, and returns how many
// there are. form is given each key decrypted, with the label that it is bound to.
func RewriteKeys(ctx context.Context, store *storage.Store, passphrase *signature.Passphrase,
	form func(p *signature.Passphrase, plain, label string) (string, error)) (int, error) {
	n := 0
	err := store.Update(ctx, func(tx *storage.Tx) error {
		keys, err := tx.SigningKeys()
		if err != nil {
			return err
		}
		for _, k := range keys {
			plain, err := passphrase.Open(k.Private, keyLabel(k))
			if err == nil {
				k.Private, err = form(passphrase, plain, keyLabel(k))
			}
			if err != nil {
				return fmt.Errorf("key %s of actor %s: %w", k.Name, k.Actor, err)
			}
			if err := tx.RewriteSigningKey(k); err != nil {
				return err
			}
		}
		n = len(keys)
		return nil
	})
	return n, err
}
