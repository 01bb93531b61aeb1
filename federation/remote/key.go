package remote

import (
	"context"
	"crypto"
	"crypto/rsa"
	"errors"
	"fmt"
	"strings"

	"communique/federation/signature"
	"communique/federation/vocab"
)

// Key is a public key, with the actor that says that it is theirs.
type Key struct {
	ID     string
	Owner  string           // the actor's id
	Public crypto.PublicKey // RSA or Ed25519
}

// knownKey is a key that is kept.
type knownKey struct {
	Key
	doubt doubt
}

func (k knownKey) weight() int {
	const itself = 768 // with its place among its owner's
	n := itself + len(k.ID) + len(k.Owner) + k.doubt.weight()
	if public, ok := k.Public.(*rsa.PublicKey); ok {
		n += public.Size()
	}
	return n
}

// CheckKeyID reports whether a key can be asked for, without asking: its address is
// one that we connect to, or the error is [ErrForbidden].
func (c *Client) CheckKeyID(keyID string) error {
	address, _, _ := strings.Cut(keyID, "#")
	if _, err := c.CheckURL(address); err != nil {
		return fmt.Errorf("fetching the key: %w", notAsked(err))
	}
	return nil
}

// FetchKey returns the key with an id, as it was fetched within the last hour. Its
// owner lists it under just this id. That there is no such key is looked at again for
// each message, as in [Client.RefreshKey].
func (c *Client) FetchKey(ctx context.Context, keyID string) (Key, error) {
	return c.keyUnless(ctx, keyID, func() (Key, bool, error) {
		if key, ok := c.KnownKey(keyID); ok {
			return key, true, nil
		}
		return c.refusedKey(ctx, keyID)
	})
}

// KnownKey returns the key with an id if it is cached.
func (c *Client) KnownKey(keyID string) (Key, bool) {
	e, ok := c.keys.get(keyID)
	return e.value.Key, ok
}

// RefreshKey returns a key that did not verify a message as it is now: its owner may
// have replaced it. It is fetched once more unless it was since the message came (see
// [Client.OnBehalfOf]). [ErrUnavailable] means that it may have changed, and is not
// asked for now.
func (c *Client) RefreshKey(ctx context.Context, keyID string) (Key, error) {
	return c.keyUnless(ctx, keyID, func() (Key, bool, error) {
		e, ok := c.keys.get(keyID)
		if !ok {
			return c.refusedKey(ctx, keyID)
		}
		switch e.value.doubt.of(messageOf(ctx), c.options.Now()) {
		case settled:
			return e.value.Key, true, nil
		case doubtful:
			return Key{}, true, errDoubtful
		}
		return Key{}, false, nil
	})
}

// refusedKey returns why a key could not be had, and whether that is believed still.
func (c *Client) refusedKey(ctx context.Context, keyID string) (Key, bool, error) {
	e, ok := c.refusals.get(keyRefused + keyID)
	if !ok {
		return Key{}, false, nil
	}
	if errors.Is(e.value.err, errForeign) { // there is nothing to wait for
		return Key{}, true, e.value.err
	}
	switch e.value.doubt.of(messageOf(ctx), c.options.Now()) {
	case settled:
		return Key{}, true, e.value.err
	case doubtful:
		return Key{}, true, errDoubtful
	}
	return Key{}, false, nil
}

var (
	// errDoubtful is said of a key that is not asked for now and may be another one by now.
	errDoubtful = fmt.Errorf("%w: the key was asked for a moment ago, and may have changed", ErrUnavailable)
	// errForeign is said of a key whose document gives it to another server, which no
	// honest one does.
	errForeign = fmt.Errorf("%w: its owner is said to be of another server", ErrUntrusted)
	// errKnown ends a fetch that is not needed any more.
	errKnown = errors.New("known meanwhile")
	// errOutdated is said of what was found by a fetch, while one that began later has
	// found something else.
	errOutdated = errors.New("something newer is known")
)

const keyRefused = "key "

// looked is a key, and when the fetch of it began.
type looked struct {
	key   Key
	began uint64
}

// keyUnless fetches a key unless it is known well enough. It asks again when the
// fetch begins: the previous one may have ended since. Many messages share one fetch,
// but none is refused by one that began before it came.
func (c *Client) keyUnless(ctx context.Context, keyID string, known func() (Key, bool, error)) (Key, error) {
	if err := c.CheckKeyID(keyID); err != nil {
		return Key{}, err
	}
	const tries = 3 // the second begins after this message has come
	for range tries {
		if key, ok, err := known(); ok {
			return key, err
		}
		found, err := once(ctx, c, keyRefused+keyID, func(ctx context.Context) (looked, error) {
			if _, ok, _ := known(); ok {
				return looked{}, errKnown
			}
			return c.refetch(ctx, keyID)
		})
		if _, had := c.KnownKey(keyID); had && errors.Is(err, errSpent) {
			err = errDoubtful // the key that is known stays, and nothing was found out
		}
		if errors.Is(err, ErrUnavailable) || found.began > messageOf(ctx).came {
			return found.key, err
		}
	}
	return Key{}, errDoubtful
}

func (c *Client) refetch(ctx context.Context, keyID string) (looked, error) {
	keyID = strings.Clone(keyID) // it is a piece of a request's headers, which would be kept with it
	last, had := c.keys.get(keyID)
	d := last.value.doubt
	if e, ok := c.refusals.get(keyRefused + keyID); ok && !had {
		d = e.value.doubt
	}
	at := looked{began: c.moments.Add(1)}
	d = d.more(c.options.Now(), at.began)
	key, of, err := c.keyAt(ctx, keyID)
	if err == nil {
		if had && key.Is(last.value.Key) {
			d = d.nothingNewFor(messageOf(ctx).client)
		}
		if !c.changed(key.Owner, of, func() { c.keys.put(keyID, knownKey{key, d}, nil, keptFor) }) {
			return looked{}, errOutdated
		}
		c.refusals.remove(keyRefused + keyID)
		at.key = key
		return at, nil
	}
	if !refused(err) {
		return at, err
	}
	d.unsure = errors.Is(err, ErrUnavailable)
	// A server that doesn't answer takes nothing back: the key that we have stays for
	// what is left of its hour, and is not fetched again at once.
	if d.unsure && c.keys.revise(keyID, func(k *knownKey) { k.doubt = d }) {
		return at, err
	}
	c.keys.remove(keyID)
	c.refuse(keyRefused+keyID, err, d.nothingNewFor(messageOf(ctx).client))
	return at, err
}

// keyAt fetches the document at a key's id, which need only name the owner: a stub
// of the actor, or the key alone. The owner's own document decides; with the key it
// returns when that was asked for.
func (c *Client) keyAt(ctx context.Context, keyID string) (Key, uint64, error) {
	address, _, _ := strings.Cut(keyID, "#")
	d, err := c.getOwner(ctx, address)
	if err != nil {
		return Key{}, 0, err
	}
	actor, err := vocab.ReadActor(d.body)
	described := err == nil && d.saysOf(actor.ID)
	if described {
		c.keep(d, actor) // whether the key is listed or not
	}
	owner, err := ownerOf(keyID, d.body)
	if err != nil {
		return Key{}, 0, fmt.Errorf("fetching the key %s: %w", keyID, err)
	}
	if !described || actor.ID != owner {
		if d, actor, err = c.documentOf(ctx, owner); err != nil {
			return Key{}, 0, err
		}
	}
	listed, ok := actor.Key(keyID)
	if !ok || actor.ID != owner {
		return Key{}, 0, fmt.Errorf("fetching the key %s: %w", keyID, untrusted("%s does not list it", owner))
	}
	public, err := publicKey(listed)
	if err != nil {
		return Key{}, 0, fmt.Errorf("fetching the key %s: %w: %w", keyID, ErrUntrusted, err)
	}
	return Key{ID: keyID, Owner: owner, Public: public}, d.began, nil
}

func publicKey(k vocab.PublicKey) (crypto.PublicKey, error) {
	if k.Multibase != "" {
		return signature.ParseMultikey(k.Multibase)
	}
	return signature.ParsePublicKey(k.PEM)
}

func ownerOf(keyID string, body []byte) (string, error) {
	d, err := vocab.ReadKeyDocument(body)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrUntrusted, err)
	}
	for _, k := range d.Keys {
		if k.ID != keyID {
			continue
		}
		owner := k.Owner
		if owner == "" {
			owner = d.ID
		}
		if !vocab.SameOrigin(owner, keyID) {
			return "", fmt.Errorf("%w: %q", errForeign, owner)
		}
		return owner, nil
	}
	if _, ok := d.Only(); ok && keyID == d.ID {
		return d.ID, nil
	}
	return "", untrusted("the document there has other keys")
}
