package remote

import (
	"context"
	"crypto"
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"
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
	doubt  doubt
	former []crypto.PublicKey // that it replaces, the last ones
}

// maxFormer is how many keys are remembered that another one has replaced.
const maxFormer = 2

// replaced is a key in the place of one that is known.
func (k knownKey) replaced(by Key, d doubt) knownKey {
	former := k.former
	if k.Public != nil && !by.is(k.Key) {
		former = append(slices.Clone(former[max(0, len(former)-maxFormer+1):]), k.Public)
	}
	return knownKey{by, d, former}
}

// likely reports whether a message may well be of the key's owner though the key does
// not verify it: it comes from where others came that the key did verify, and is not
// signed with a key that was replaced.
func (k knownKey) likely(ctx context.Context) bool {
	if !k.doubt.knows(ctx) {
		return false
	}
	proof := ctx.Value(provedBy{}).(Proof)
	return !slices.ContainsFunc(k.former, func(old crypto.PublicKey) bool { return proof.Verify(old) == nil })
}

// Verified notes that a key has verified the message under a context. Those who forge
// messages do not send from where the owner does: so what comes from there and does
// not verify is no forgery for certain, and never refused because the key was looked
// at for the one before.
func (c *Client) Verified(ctx context.Context, keyID string) {
	sender := senderOf(ctx)
	if sender == "" {
		return
	}
	sender = strings.Clone(sender)
	c.keys.change(keyID, func(k knownKey) knownKey {
		if !slices.Contains(k.doubt.senders, sender) {
			k.doubt = k.doubt.verified(sender)
		}
		return k
	})
}

func (k knownKey) weight() int {
	const itself = 512
	n := itself + len(k.ID) + len(k.Owner) + k.doubt.weight()
	for _, public := range append([]crypto.PublicKey{k.Public}, k.former...) {
		if public, ok := public.(*rsa.PublicKey); ok {
			n += public.Size()
		}
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
// owner lists it under just this id. That there is no such key is believed for half a
// minute.
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

// RefreshKey fetches a key that did not verify a message once more: its owner may
// have replaced it since. For a client (see [OnBehalfOf]) for which that found the same
// key less than half a minute ago it returns that. [ErrUnavailable] means that the key
// may have changed, and that it is not asked for now.
func (c *Client) RefreshKey(ctx context.Context, keyID string) (Key, error) {
	return c.keyUnless(ctx, keyID, func() (Key, bool, error) {
		e, ok := c.keys.get(keyID)
		if !ok {
			return c.refusedKey(ctx, keyID)
		}
		switch e.value.doubt.of(clientOf(ctx), e.value.likely(ctx), c.options.Now()) {
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
	likely := e.value.doubt.knows(ctx)
	switch e.value.doubt.of(clientOf(ctx), likely, c.options.Now()) {
	case open:
		return Key{}, false, nil
	case doubtful:
		if likely {
			return Key{}, true, errDoubtful
		}
	}
	return Key{}, true, e.value.err
}

// errDoubtful is said of a key that is not asked for now and may be another one by now.
var errDoubtful = fmt.Errorf("%w: the key was asked for a moment ago, and may have changed", ErrUnavailable)

const keyRefused = "key "

// keyUnless fetches a key unless it is known well enough. It asks again when the
// fetch begins: the previous one may have ended since.
func (c *Client) keyUnless(ctx context.Context, keyID string, known func() (Key, bool, error)) (Key, error) {
	if err := c.CheckKeyID(keyID); err != nil {
		return Key{}, err
	}
	if key, ok, err := known(); ok {
		return key, err
	}
	return once(ctx, c, keyRefused+keyID, func(ctx context.Context) (Key, error) {
		if key, ok, err := known(); ok {
			return key, err
		}
		return c.refetch(ctx, keyID)
	})
}

func (c *Client) refetch(ctx context.Context, keyID string) (Key, error) {
	keyID = strings.Clone(keyID) // it is a piece of a request's headers, which would be kept with it
	last, had := c.keys.get(keyID)
	d := last.value.doubt
	if e, ok := c.refusals.get(keyRefused + keyID); ok && !had {
		d = e.value.doubt
	}
	d = d.more(c.options.Now())
	key, err := c.keyAt(ctx, keyID)
	if current, ok := c.keys.get(keyID); ok {
		d.senders = current.value.doubt.senders // messages may have been verified meanwhile
	}
	if err == nil {
		if had && key.is(last.value.Key) {
			d = d.nothingNewFor(clientOf(ctx))
		}
		c.keys.put(keyID, last.value.replaced(key, d), nil, keptFor)
		c.refusals.remove(keyRefused + keyID)
		return key, nil
	}
	// A server that doesn't answer takes nothing back: the key that we have stays,
	// and is not fetched again at once.
	if had && errors.Is(err, ErrUnavailable) {
		if refused(err) {
			d.unsure = true
			c.keys.put(keyID, last.value.replaced(last.value.Key, d), nil, keptFor)
		}
		return Key{}, err
	}
	if refused(err) {
		c.keys.remove(keyID)
		c.refuse(keyRefused+keyID, err, d.nothingNewFor(clientOf(ctx)))
	}
	return Key{}, err
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
