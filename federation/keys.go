package federation

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"slices"
	"sync"
	"time"

	"communique/federation/signature"
	"communique/storage"
	"communique/storage/press"
)

// oldKeysFor is how long a key that was replaced is kept: as long as entries are
// kept for servers that are away.
const oldKeysFor = 30 * 24 * time.Hour

// ownKeys holds the private keys of our actors. It notices by the head of the
// log when another process has replaced one.
type ownKeys struct {
	store      *storage.Store
	site       press.Site
	passphrase *signature.Passphrase

	mu   sync.Mutex
	head press.Seq // of the log when the keys were read
	keys map[keyName][]agedKey
}

type keyName struct{ actor, name string }

// agedKey is a key with the entry that told of it.
type agedKey struct {
	since press.Seq
	text  string
	key   signature.Key
}

// load reads the keys, and parses those that it has not seen yet.
func (k *ownKeys) load(ctx context.Context) error {
	var head storage.Head
	var stored []storage.Key
	err := k.store.View(ctx, func(tx *storage.Tx) (err error) {
		if head, err = tx.Head(); err != nil {
			return err
		}
		stored, err = tx.Keys()
		return err
	})
	if err != nil {
		return fmt.Errorf("read the keys of the actors: %w", err)
	}
	keys := map[keyName][]agedKey{}
	for _, s := range stored {
		name := keyName{s.Actor, s.Name}
		aged, err := k.parse(name, s)
		if err != nil {
			return fmt.Errorf("key %s of actor %s: %w", s.Name, s.Actor, err)
		}
		keys[name] = append(keys[name], aged)
	}
	k.head, k.keys = head.Seq, keys
	return k.dropOld(ctx, stored)
}

// dropOld removes the keys that nobody can need any more.
func (k *ownKeys) dropOld(ctx context.Context, stored []storage.Key) error {
	before := k.store.Now().Add(-oldKeysFor)
	if !slices.ContainsFunc(stored, func(s storage.Key) bool { return s.Since > 0 && s.Created.Before(before) && k.hasOlder(s) }) {
		return nil
	}
	return k.store.Update(ctx, func(tx *storage.Tx) error {
		_, err := tx.DropOldKeys(before)
		return err
	})
}

func (k *ownKeys) hasOlder(s storage.Key) bool {
	return k.keys[keyName{s.Actor, s.Name}][0].since < s.Since
}

func (k *ownKeys) parse(name keyName, s storage.Key) (agedKey, error) {
	for _, known := range k.keys[name] {
		if known.since == s.Since && known.text == s.Private {
			return known, nil
		}
	}
	text, err := k.passphrase.Open(s.Private, keyLabel(s))
	if err != nil {
		return agedKey{}, err
	}
	private, err := signature.ParsePrivateKey(text)
	if err != nil {
		return agedKey{}, err
	}
	return agedKey{s.Since, s.Private, signature.Key{ID: k.site.Actor(s.Actor) + "#" + s.Name, Private: private}}, nil
}

// keyLabel binds an encrypted key to its actor and name.
func keyLabel(k storage.Key) string { return k.Actor + "#" + k.Name }

// toldUpTo is the main key by which a server knows an actor that has been told
// the log up to a seq.
func (k *ownKeys) toldUpTo(ctx context.Context, actor string, seq press.Seq) (signature.Key, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if seq > k.head {
		if err := k.load(ctx); err != nil {
			return signature.Key{}, err
		}
	}
	all := k.keys[keyName{actor, storage.KeyMain}]
	for _, aged := range slices.Backward(all) {
		if aged.since <= seq {
			return aged.key, nil
		}
	}
	if len(all) > 0 {
		return all[0].key, nil // the one before was dropped
	}
	return signature.Key{}, fmt.Errorf("%w: actor %s has no key", press.ErrNotFound, actor)
}

// now are the newest main key of an actor and its Ed25519 key.
func (k *ownKeys) now(ctx context.Context, actor string) (main, further signature.Key, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.refresh(ctx); err != nil {
		return main, further, err
	}
	if main, err = k.newest(actor, storage.KeyMain); err != nil {
		return main, further, err
	}
	further, err = k.newest(actor, storage.KeyEd25519)
	return main, further, err
}

// refresh loads the keys again if the log has grown: a replaced key has an
// entry in it.
func (k *ownKeys) refresh(ctx context.Context) error {
	var head storage.Head
	err := k.store.View(ctx, func(tx *storage.Tx) (err error) {
		head, err = tx.Head()
		return err
	})
	if err != nil || head.Seq == k.head {
		return err
	}
	return k.load(ctx)
}

func (k *ownKeys) newest(actor, name string) (signature.Key, error) {
	all := k.keys[keyName{actor, name}]
	if len(all) == 0 {
		return signature.Key{}, fmt.Errorf("%w: actor %s has no %s", press.ErrNotFound, actor, name)
	}
	return all[len(all)-1].key, nil
}

// DrawKeys makes the keys of an actor of ours: RSA, which everybody reads, and
// Ed25519. With a passphrase they come encrypted.
func DrawKeys(passphrase *signature.Passphrase, actor string) (map[string]string, error) {
	keys := map[string]string{}
	for _, name := range []string{storage.KeyMain, storage.KeyEd25519} {
		text, err := newPrivate(name)
		if err != nil {
			return nil, err
		}
		if keys[name], err = passphrase.Seal(text, keyLabel(storage.Key{Actor: actor, Name: name})); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// ReplaceKeys changes the keys of an actor that can be followed. The same
// transaction appends the entry that tells its followers, which is signed with
// the key that they know, so that no server loses sight of the actor (INTEROP
// S9).
func ReplaceKeys(ctx context.Context, store *storage.Store, passphrase *signature.Passphrase, actor string) (press.Entry, error) {
	if err := CheckKeys(ctx, store, passphrase); err != nil {
		return press.Entry{}, err
	}
	keys, err := DrawKeys(passphrase, actor)
	if err != nil {
		return press.Entry{}, err
	}
	var e press.Entry
	err = store.Update(ctx, func(tx *storage.Tx) error {
		if err := idle(tx, actor); err != nil {
			return err
		}
		if _, err := tx.DropOldKeys(tx.Now().Add(-oldKeysFor)); err != nil {
			return err
		}
		e, err = tx.ReplaceKeys(actor, keys)
		return err
	})
	return e, err
}

// CheckKeys makes sure that the keys of all actors open, before others are
// encrypted beside them.
func CheckKeys(ctx context.Context, store *storage.Store, passphrase *signature.Passphrase) error {
	return store.View(ctx, func(tx *storage.Tx) error {
		keys, err := tx.Keys()
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
// key before.
type ReplacingError struct {
	Actor   string
	Since   time.Time
	Servers int // that have not been told
}

func (e *ReplacingError) Error() string {
	return fmt.Sprintf("the keys of %s were replaced at %s, and %d servers have yet to be told: wait until they have",
		e.Actor, e.Since.UTC().Format(time.RFC3339), e.Servers)
}

// idle makes sure that one replacement follows the other.
func idle(tx *storage.Tx, actor string) error {
	keys, err := tx.Keys()
	if err != nil {
		return err
	}
	for _, k := range slices.Backward(keys) {
		if k.Actor != actor || k.Name != storage.KeyMain || k.Since == 0 {
			continue
		}
		untold, err := tx.Untold(actor, k.Since)
		if err == nil && untold > 0 {
			err = &ReplacingError{Actor: actor, Since: k.Created, Servers: untold}
		}
		return err
	}
	return nil
}

// equip gives actors of before there was an Ed25519 key theirs.
func (k *ownKeys) equip(ctx context.Context, actors []ours) error {
	missing := map[string]string{}
	for _, o := range actors {
		if len(k.keys[keyName{o.Name, storage.KeyEd25519}]) > 0 {
			continue
		}
		keys, err := DrawKeys(k.passphrase, o.Name)
		if err != nil {
			return err
		}
		missing[o.Name] = keys[storage.KeyEd25519]
	}
	if len(missing) == 0 {
		return nil
	}
	err := k.store.Update(ctx, func(tx *storage.Tx) error {
		for actor, private := range missing {
			if err := tx.AddKey(actor, storage.KeyEd25519, private); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return k.load(ctx)
}

func newPrivate(name string) (string, error) {
	if name == storage.KeyEd25519 {
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

// multibase is an Ed25519 key as actors publish it.
func multibase(key signature.Key) (string, error) {
	public, ok := key.Private.Public().(ed25519.PublicKey)
	if !ok {
		return "", fmt.Errorf("%w: %s is no Ed25519 key", signature.ErrKey, key.ID)
	}
	return signature.EncodeMultikey(public), nil
}

// RewriteKeys stores all keys in another form, all or none, and returns how many
// there are. form is given each key in plain and what it belongs to.
func RewriteKeys(ctx context.Context, store *storage.Store, passphrase *signature.Passphrase,
	form func(p *signature.Passphrase, plain, label string) (string, error)) (int, error) {
	n := 0
	err := store.Update(ctx, func(tx *storage.Tx) error {
		keys, err := tx.Keys()
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
			if err := tx.RewriteKey(k); err != nil {
				return err
			}
		}
		n = len(keys)
		return nil
	})
	return n, err
}
