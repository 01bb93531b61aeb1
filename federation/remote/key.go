package remote

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"strings"
	"time"

	"communique/federation/signature"
	"communique/federation/vocab"
)

// Key is a public key, with the actor that says that it is theirs.
type Key struct {
	ID     string
	Owner  string           // the actor's id
	Public crypto.PublicKey // RSA or Ed25519
}

// FetchKey returns the key with an id, as it was fetched within the last hour. Its
// owner lists it under just this id. That there is no such key is cached for five
// minutes.
func (c *Client) FetchKey(ctx context.Context, keyID string) (Key, error) {
	return c.keyUnless(ctx, keyID, func() (entry[Key], bool) { return c.keys.get(keyID) })
}

// KnownKey returns the key with an id if it is cached.
func (c *Client) KnownKey(keyID string) (Key, bool) {
	e, ok := c.keys.get(keyID)
	return e.value, ok && e.err == nil
}

// RefreshKey fetches a key that did not verify a signature once more: its owner may
// have replaced it. It does so at most once in five minutes; else it returns what
// [Client.FetchKey] does.
func (c *Client) RefreshKey(ctx context.Context, keyID string) (Key, error) {
	return c.keyUnless(ctx, keyID, func() (entry[Key], bool) {
		e, ok := c.keys.get(keyID)
		return e, ok && c.options.Now().Sub(e.fetched) < refusedFor
	})
}

// keyUnless fetches a key unless it is known well enough. It asks again when the
// fetch begins: the previous one may have ended since.
func (c *Client) keyUnless(ctx context.Context, keyID string, known func() (entry[Key], bool)) (Key, error) {
	if e, ok := known(); ok {
		return e.value, e.err
	}
	return once(ctx, c, "key "+keyID, func(ctx context.Context) (Key, error) {
		if e, ok := known(); ok {
			return e.value, e.err
		}
		return c.refetch(ctx, keyID)
	})
}

func (c *Client) refetch(ctx context.Context, keyID string) (Key, error) {
	key, err := c.keyAt(ctx, keyID)
	if err == nil {
		c.keys.put(keyID, key, nil, keptFor)
		return key, nil
	}
	// A server that doesn't answer takes nothing back: the key that we have stays,
	// and is not fetched again at once.
	if e, ok := c.keys.get(keyID); ok && e.err == nil && errors.Is(err, ErrUnavailable) {
		c.keys.put(keyID, e.value, nil, keptFor)
		return Key{}, err
	}
	if keep := refused(err); keep > 0 {
		c.keys.put(keyID, Key{}, err, keep)
	}
	return Key{}, err
}

// refused is how long an error is cached in place of an answer; 0: not at all.
func refused(err error) time.Duration {
	switch {
	case err == nil || errors.Is(err, context.Canceled) || errors.Is(err, errSpent) || errors.Is(err, errNotAsked):
		return 0
	case errors.Is(err, ErrUnavailable):
		return unavailableFor
	}
	return refusedFor
}

// keyAt fetches the document at a key's id, which need only name the owner: a stub
// of the actor, or the key alone. The owner's own document decides.
func (c *Client) keyAt(ctx context.Context, keyID string) (Key, error) {
	address, _, _ := strings.Cut(keyID, "#")
	d, err := c.get(ctx, address)
	if err != nil {
		return Key{}, err
	}
	owner, err := ownerOf(keyID, d.body)
	if err != nil {
		return Key{}, fmt.Errorf("fetching the key %s: %w", keyID, err)
	}
	actor, err := vocab.ReadActor(d.body)
	if err == nil && actor.ID == owner && d.saysOf(owner) {
		c.keep(d, actor)
	} else if actor, err = c.actorAt(ctx, owner); err != nil {
		return Key{}, err
	}
	listed, ok := actor.Key(keyID)
	if !ok || actor.ID != owner {
		return Key{}, fmt.Errorf("fetching the key %s: %w", keyID, untrusted("%s does not list it", owner))
	}
	public, err := publicKey(listed)
	if err != nil {
		return Key{}, fmt.Errorf("fetching the key %s: %w: %w", keyID, ErrUntrusted, err)
	}
	return Key{ID: keyID, Owner: owner, Public: public}, nil
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
			return "", untrusted("it names the owner %q, of another server", owner)
		}
		return owner, nil
	}
	if _, ok := d.Only(); ok && keyID == d.ID {
		return d.ID, nil
	}
	return "", untrusted("the document there has other keys")
}
