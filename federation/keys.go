package federation

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"fmt"
	"slices"
	"sync"
	"time"

	"communique/federation/signature"
	"communique/storage"
	"communique/storage/actors"
	"communique/storage/press"
	"communique/storage/publog"
)

// oldKeysFor is how long a replaced key is kept: as long as entries are kept for
// servers that are away.
const oldKeysFor = 30 * 24 * time.Hour

// ownKeys caches the private keys of our actors. The head of the log tells it when
// another process has replaced one.
type ownKeys struct {
	store      *storage.Store
	site       press.Site
	passphrase *signature.Passphrase

	mu   sync.Mutex
	head press.Seq // of the log when the keys were read
	keys map[keyName][]agedKey
}

type keyName struct{ actor, name string }

// agedKey is a key with the entry that announced it.
type agedKey struct {
	since press.Seq
	key   signature.Key
}

// load reads the keys and parses those that are new.
func (k *ownKeys) load(ctx context.Context) error {
	var head publog.Head
	var stored []actors.Key
	err := k.store.View(ctx, func(tx *storage.Tx) (err error) {
		if head, err = tx.Head(); err != nil {
			return err
		}
		stored, err = tx.SigningKeys()
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

// dropOld removes replaced keys that nobody can need any more.
func (k *ownKeys) dropOld(ctx context.Context, stored []actors.Key) error {
	before := k.store.Now().Add(-oldKeysFor)
	if !slices.ContainsFunc(stored, func(s actors.Key) bool { return s.Since > 0 && s.Created.Before(before) && k.hasOlder(s) }) {
		return nil
	}
	return k.store.Update(ctx, func(tx *storage.Tx) error {
		_, err := tx.DropOldSigningKeys(before)
		return err
	})
}

func (k *ownKeys) hasOlder(s actors.Key) bool {
	return k.keys[keyName{s.Actor, s.Name}][0].since < s.Since
}

// parse reads a stored key. A known one is not read again: a running server goes on
// when its keys are encrypted under it.
func (k *ownKeys) parse(name keyName, s actors.Key) (agedKey, error) {
	for _, known := range k.keys[name] {
		if known.since == s.Since {
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
	return agedKey{s.Since, signature.Key{ID: k.site.Actor(s.Actor) + "#" + s.Name, Private: private}}, nil
}

// keyLabel binds an encrypted key to its actor and name.
func keyLabel(k actors.Key) string { return k.Actor + "#" + k.Name }

// toldUpTo is the main key that a server knows an actor by once it has been told
// the log up to a seq.
func (k *ownKeys) toldUpTo(ctx context.Context, actor string, seq press.Seq) (signature.Key, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if seq > k.head {
		if err := k.load(ctx); err != nil {
			return signature.Key{}, err
		}
	}
	all := k.keys[keyName{actor, actors.KeyMain}]
	for _, aged := range slices.Backward(all) {
		if aged.since <= seq {
			return aged.key, nil
		}
	}
	if len(all) > 0 {
		return all[0].key, nil // the older one was dropped
	}
	return signature.Key{}, fmt.Errorf("%w: actor %s has no key", press.ErrNotFound, actor)
}

// now returns an actor's newest main key and its newest Ed25519 key.
func (k *ownKeys) now(ctx context.Context, actor string) (main, further signature.Key, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.refresh(ctx); err != nil {
		return main, further, err
	}
	if main, err = k.newest(actor, actors.KeyMain); err != nil {
		return main, further, err
	}
	further, err = k.newest(actor, actors.KeyEd25519)
	return main, further, err
}

// other is the key to try where one is refused: the newest, or the one before if
// that was refused. Some servers fetch the actor before they are told of a new key,
// some keep the old one whatever they are told.
func (k *ownKeys) other(ctx context.Context, actor string, refused signature.Key) (signature.Key, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.refresh(ctx); err != nil {
		return signature.Key{}, false // as if there were none
	}
	for _, aged := range slices.Backward(k.keys[keyName{actor, actors.KeyMain}]) {
		if !sameKey(aged.key, refused) {
			return aged.key, true
		}
	}
	return signature.Key{}, false
}

func sameKey(a, b signature.Key) bool {
	private, ok := a.Private.(interface{ Equal(crypto.PrivateKey) bool })
	return ok && private.Equal(b.Private)
}

// refresh loads the keys again if the log has grown: replacing a key appends an
// entry.
func (k *ownKeys) refresh(ctx context.Context) error {
	var head publog.Head
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

// addMissing makes Ed25519 keys for actors that were made before there were any.
func (k *ownKeys) addMissing(ctx context.Context, all []localActor) error {
	missing := map[string]string{}
	for _, o := range all {
		if len(k.keys[keyName{o.Name, actors.KeyEd25519}]) > 0 {
			continue
		}
		keys, err := GenerateKeys(k.passphrase, o.Name)
		if err != nil {
			return err
		}
		missing[o.Name] = keys[actors.KeyEd25519]
	}
	if len(missing) == 0 {
		return nil
	}
	err := k.store.Update(ctx, func(tx *storage.Tx) error {
		for actor, private := range missing {
			if err := tx.AddSigningKey(actor, actors.KeyEd25519, private); err != nil {
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

// multibase is the public half of an Ed25519 key as actors publish it.
func multibase(key signature.Key) (string, error) {
	public, ok := key.Private.Public().(ed25519.PublicKey)
	if !ok {
		return "", fmt.Errorf("%w: %s is not an Ed25519 key", signature.ErrKey, key.ID)
	}
	return signature.EncodeMultikey(public), nil
}

// OwnKey is the RSA key that one of our actors signs with now; press.ErrNotFound if
// it has none yet.
func OwnKey(ctx context.Context, store *storage.Store, site press.Site, passphrase *signature.Passphrase, actor string) (signature.Key, error) {
	k := &ownKeys{store: store, site: site, passphrase: passphrase}
	if err := k.load(ctx); err != nil {
		return signature.Key{}, err
	}
	return k.newest(actor, actors.KeyMain)
}
