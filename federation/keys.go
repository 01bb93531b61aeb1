package federation

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"communique/federation/signature"
	"communique/storage"
	"communique/storage/actors"
	"communique/storage/deliveries"
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
	told toldKeys

	taken takenKeys
	// oneKey are the hosts whose software keeps one key for long.
	oneKey map[string]bool
}

type keyName struct{ actor, name string }

// agedKey is a key with the entry that tells of it.
type agedKey struct {
	since press.Seq
	key   signature.Key
}

// load reads the keys and parses those that are new.
func (k *ownKeys) load(ctx context.Context) error {
	var head publog.Head
	var stored []actors.Key
	var told []deliveries.ToldKey
	err := k.store.View(ctx, func(tx *storage.Tx) (err error) {
		if head, err = tx.Head(); err != nil {
			return err
		}
		if stored, err = tx.SigningKeys(); err != nil || k.told.isOf(stored) {
			return err
		}
		told, err = tx.ToldKeys()
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
	if !k.told.isOf(stored) {
		k.told = newToldKeys(stored, told)
	}
	return k.dropOld(ctx, stored)
}

// dropOld removes replaced keys that nobody can need any more.
func (k *ownKeys) dropOld(ctx context.Context, stored []actors.Key) error {
	before := k.store.Now().Add(-oldKeysFor)
	if !slices.ContainsFunc(stored, func(s actors.Key) bool { return s.Since > 0 && s.Created.Before(before) && k.hasOlder(s) }) {
		return nil
	}
	dropped := 0
	err := k.store.Update(ctx, func(tx *storage.Tx) (err error) {
		dropped, err = tx.DropOldSigningKeys(before)
		return err
	})
	if err != nil || dropped == 0 {
		return err
	}
	return k.load(ctx)
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
	return agedKey{s.Since, signature.Key{ID: k.site.Actor(s.Actor) + "#" + s.Fragment, Private: private}}, nil
}

// keyLabel binds an encrypted key to its actor and name.
func keyLabel(k actors.Key) string { return k.Actor + "#" + k.Name }

// now returns an actor's main keys and its Ed25519 keys, the newest of each last.
func (k *ownKeys) now(ctx context.Context, actor string) (main, further []agedKey, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.refresh(ctx); err != nil && len(k.keys) == 0 {
		return nil, nil, err
	}
	main, further = k.keys[keyName{actor, actors.KeyMain}], k.keys[keyName{actor, actors.KeyEd25519}]
	for name, all := range map[string][]agedKey{actors.KeyMain: main, actors.KeyEd25519: further} {
		if len(all) == 0 {
			return nil, nil, fmt.Errorf("%w: actor %s has no %s", press.ErrNotFound, actor, name)
		}
	}
	return main, further, nil
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
	return newestOf(all), nil
}

// fetchingKeys are the keys that sign our fetches: the newest, and the one before, while
// servers may know that instead. Nobody is told of the newest, for nobody follows the
// actor: servers fetch it when they meet its id.
func (s *Server) fetchingKeys(ctx context.Context) []signature.Key {
	all, _, err := s.keys.now(ctx, InstanceName)
	if err != nil {
		s.Log.Error("the key that signs our fetches cannot be read", "error", err)
		return []signature.Key{{}}
	}
	keys := []signature.Key{newestOf(all)}
	if n := len(all); n > 1 {
		keys = append(keys, all[n-2].key)
	}
	return keys
}

func newestOf(all []agedKey) signature.Key { return all[len(all)-1].key }

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

// OwnKey is the RSA key that one of our actors signs with now; press.ErrNotFound if
// it has none yet.
func OwnKey(ctx context.Context, store *storage.Store, site press.Site, passphrase *signature.Passphrase, actor string) (signature.Key, error) {
	k := &ownKeys{store: store, site: site, passphrase: passphrase}
	if err := k.load(ctx); err != nil {
		return signature.Key{}, err
	}
	return k.newest(actor, actors.KeyMain)
}
