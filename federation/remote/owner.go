package remote

import (
	"context"
	"errors"

	"communique/federation/vocab"
)

// What an owner's document says decides over all keys of theirs that are kept, and not
// only over the one that it was fetched for: the key that was replaced may be kept
// under another id, by which it would go on being accepted (SECURITY A16).

// newest is when the last that is known of an owner was asked for, in the order of
// [message.came]. Fetches take their time: one that began earlier can end later, and
// nothing of it is kept.
type newest struct {
	owner string
	began uint64
}

func (n newest) weight() int {
	const itself = 256
	return itself + len(n.owner)
}

// The bounds of what is remembered for as long as fetches may be under way.
const (
	maxNewest       = 10_000
	maxNewestWeight = 4 << 20
)

// changed does what follows from something of an owner that was found out at a moment,
// unless something newer is known. It reports whether it has.
func (c *Client) changed(owner string, began uint64, do func()) bool {
	c.owners.Lock()
	defer c.owners.Unlock()
	if e, ok := c.newest.get(owner); ok && e.value.began > began {
		return false
	}
	c.newest.put(owner, newest{owner, began}, nil, 2*c.options.FetchTimeout)
	do()
	return true
}

// keep caches an actor under its own id only, or whoever redirects to it could have
// it stand for them, and drops the keys that the document no longer lists as they are
// kept.
func (c *Client) keep(d document, actor vocab.RemoteActor) {
	c.changed(actor.ID, d.began, func() {
		if len(d.body) <= maxKept {
			c.actors.put(actor.ID, actor, nil, keptFor)
		}
		c.keys.removeOf(actor.ID, func(k knownKey) bool { return !lists(actor, k.Key) })
	})
}

// getOwner fetches an actor's document, or what names the actor. One that is not there
// takes its keys back.
func (c *Client) getOwner(ctx context.Context, address string) (document, error) {
	d, err := c.get(ctx, address)
	if errors.Is(err, ErrGone) || errors.Is(err, ErrNotFound) {
		c.changed(address, d.began, func() {
			c.keys.removeOf(address, func(knownKey) bool { return true })
		})
	}
	return d, err
}

// lists reports whether an actor's document has a key under its id.
func lists(actor vocab.RemoteActor, key Key) bool {
	listed, ok := actor.Key(key.ID)
	if !ok {
		return false
	}
	public, err := publicKey(listed)
	return err == nil && key.Is(Key{Owner: key.Owner, Public: public})
}
