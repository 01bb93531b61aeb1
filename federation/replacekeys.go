package federation

import (
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
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
		text, _, err := newPrivate(name)
		if err != nil {
			return nil, err
		}
		if keys[name], err = passphrase.Seal(text, keyLabel(actors.Key{Actor: actor, Name: name})); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// Replacement says which key of an actor is replaced, and why.
type Replacement struct {
	Actor string
	// Ed25519 replaces that key instead of the one that signs: a receiver that
	// finds all keys changed takes the actor for another one.
	Ed25519 bool
	// Compromised drops the replaced keys at once: nothing is signed with them or
	// listed any more. Servers that know no other then refuse what is sent until
	// they have fetched the actor.
	Compromised bool
	// Note notes in the same transaction who did it; nil notes nothing.
	Note func(*storage.Tx) error
}

func (r Replacement) key() string {
	if r.Ed25519 {
		return actors.KeyEd25519
	}
	return actors.KeyMain
}

// ReplaceKey gives an actor that can be followed a new key, with an id of its own.
// The same transaction appends the entry that tells of it; that is signed with the key
// that is known, so that no server loses the actor (INTEROP S9). A *[ReplacingError]
// says that the previous replacement has not settled; one of a compromised key never
// waits.
func ReplaceKey(ctx context.Context, store *storage.Store, passphrase *signature.Passphrase, r Replacement) (press.Entry, error) {
	if err := CheckKeys(ctx, store, passphrase); err != nil {
		return press.Entry{}, err
	}
	k := actors.Key{Actor: r.Actor, Name: r.key()}
	text, public, err := newPrivate(k.Name)
	if err != nil {
		return press.Entry{}, err
	}
	if k.Private, err = passphrase.Seal(text, keyLabel(k)); err != nil {
		return press.Entry{}, err
	}
	if k.Fragment, err = fragment(k.Name, public); err != nil {
		return press.Entry{}, err
	}
	var e press.Entry
	err = store.Update(ctx, func(tx *storage.Tx) error {
		if !r.Compromised {
			if err := checkReplaced(tx, r.Actor); err != nil {
				return err
			}
		}
		if _, err := tx.DropOldSigningKeys(tx.Now().Add(-oldKeysFor)); err != nil {
			return err
		}
		if e, err = tx.ReplaceSigningKey(k); err != nil {
			return err
		}
		if r.Compromised {
			if err := tx.DropReplacedSigningKeys(k.Actor, k.Name); err != nil {
				return err
			}
		}
		if r.Note == nil {
			return nil
		}
		return r.Note(tx)
	})
	return e, err
}

// fragment is that of a key's id: its name, and what no other key has. A seq would do
// until a backup is put back.
func fragment(name string, public crypto.PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return "", fmt.Errorf("name a new %s: %w", name, err)
	}
	sum := sha256.Sum256(der)
	return name + "-" + hex.EncodeToString(sum[:6]), nil
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

// NameSeals adds the fingerprint of the passphrase to the keys that an earlier version has
// encrypted with it, so that whoever has a backup can tell which passphrase it wants.
func NameSeals(ctx context.Context, store *storage.Store, passphrase *signature.Passphrase) error {
	named := true
	err := store.View(ctx, func(tx *storage.Tx) error {
		keys, err := tx.SigningKeys()
		for _, k := range keys {
			named = named && (!signature.IsSealed(k.Private) || signature.FingerprintOf(k.Private) != "")
		}
		return err
	})
	if named || err != nil {
		return err
	}
	return store.Update(ctx, func(tx *storage.Tx) error {
		keys, err := tx.SigningKeys()
		if err != nil {
			return err
		}
		for _, k := range keys {
			if k.Private, err = passphrase.Name(k.Private, keyLabel(k)); err != nil {
				return fmt.Errorf("key %s of actor %s: %w", k.Name, k.Actor, err)
			}
			if err := tx.RewriteSigningKey(k); err != nil {
				return err
			}
		}
		return nil
	})
}

// ReplacingError says that an actor's keys were replaced a while ago, and that servers
// have yet to be told or may know it by those before.
type ReplacingError struct {
	Actor   string
	Since   time.Time
	Servers int       // that have yet to be told
	Until   time.Time // the earliest that the next replacement is possible
}

func (e *ReplacingError) Error() string {
	if e.Servers == 0 {
		return fmt.Sprintf("the keys of %s were replaced at %s, and some servers know it by those before for a day and a half: wait until %s",
			e.Actor, e.Since.UTC().Format(time.RFC3339), e.Until.UTC().Format(time.RFC3339))
	}
	return fmt.Sprintf("the keys of %s were replaced at %s, and %d servers have yet to be told: wait until a day and a half after that, %s at the earliest",
		e.Actor, e.Since.UTC().Format(time.RFC3339), e.Servers, e.Until.UTC().Format(time.RFC3339))
}

// keyKeptFor is how long a server may know an actor by the key before, once it was told
// of a new one: snac takes what it has for good for so long, and drops what is signed
// with a third key (data.c#actor_get). For RSA and Ed25519 it is the same, so that there
// is a key that was not replaced for those who look meanwhile (INTEROP S9).
const keyKeptFor = 36 * time.Hour

// checkReplaced returns a *[ReplacingError] while a replacement has not settled.
func checkReplaced(tx *storage.Tx, actor string) error {
	keys, err := tx.SigningKeys()
	if err != nil {
		return err
	}
	e := &ReplacingError{Actor: actor}
	var since press.Seq
	for _, k := range keys {
		if k.Actor == actor && k.Since > since {
			since, e.Since = k.Since, k.Created
		}
	}
	if since == 0 {
		return nil
	}
	if e.Servers, err = tx.CountBehind(actor, since); err != nil {
		return err
	}
	told, err := tx.LastTold(actor)
	if err != nil {
		return err
	}
	switch {
	case e.Servers > 0:
		e.Until = tx.Now().Add(keyKeptFor)
	case told.After(e.Since):
		e.Until = told.Add(keyKeptFor)
	default:
		e.Until = e.Since.Add(keyKeptFor)
	}
	if e.Until.After(tx.Now()) {
		return e
	}
	return nil
}

func newPrivate(name string) (text string, public crypto.PublicKey, err error) {
	var key crypto.Signer
	if name == actors.KeyEd25519 {
		key, err = signature.NewEd25519Key()
	} else {
		key, err = signature.NewPrivateKey()
	}
	if err != nil {
		return "", nil, err
	}
	text, err = signature.EncodePrivateKey(key)
	return text, key.Public(), err
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
