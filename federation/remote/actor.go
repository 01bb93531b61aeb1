package remote

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"communique/federation/vocab"
	"communique/storage/delivery/patience"
)

// maxKept is the size of the largest document whose actor is cached, in bytes.
const maxKept = 64 << 10

// FetchActor returns the actor with an id, as its server describes it now or did
// within the last hour. A document that has another id than its address is fetched
// once more from there, so the actor's id can differ from the one asked for.
func (c *Client) FetchActor(ctx context.Context, id string) (vocab.RemoteActor, error) {
	if e, ok := c.actors.get(id); ok {
		return e.value, nil
	}
	if e, ok := c.refusals.get(actorRefused + id); ok {
		return vocab.RemoteActor{}, e.value.err
	}
	return once(ctx, c, actorRefused+id, func(ctx context.Context) (vocab.RemoteActor, error) {
		actor, err := c.actorAt(ctx, id)
		c.refuse(actorRefused+id, err, doubt{})
		return actor, err
	})
}

const actorRefused = "actor "

// Forget drops what is cached about an actor, so that it is fetched anew. The
// result of a fetch under way is not used either: it may be older.
func (c *Client) Forget(actorID string) {
	c.changed(actorID, c.moments.Add(1), func() { c.actors.remove(actorID) })
	c.refusals.remove(actorRefused + actorID)
	c.flight.Forget(actorRefused + actorID)
}

// ForgetKeys drops what is cached about all keys of an actor that has changed: the
// key that was withdrawn need not be the one that signed the Update. It also drops
// that there was no key under an id of the actor's.
func (c *Client) ForgetKeys(actorID string) {
	c.changed(actorID, c.moments.Add(1), func() {
		c.keys.removeIf(func(id string, key knownKey) bool {
			at, _, _ := strings.Cut(id, "#")
			return key.Owner == actorID || at == actorID
		})
	})
	c.refusals.removeIf(func(what string, _ refusal) bool {
		at, _, _ := strings.Cut(what, "#")
		return at == keyRefused+actorID
	})
}

// actorAt fetches an actor, and if its id is another address once more from there.
func (c *Client) actorAt(ctx context.Context, address string) (vocab.RemoteActor, error) {
	_, actor, err := c.documentOf(ctx, address)
	return actor, err
}

// documentOf is actorAt, with the document that describes the actor.
func (c *Client) documentOf(ctx context.Context, address string) (document, vocab.RemoteActor, error) {
	d, actor, err := c.readActor(ctx, address)
	if err == nil && !d.saysOf(actor.ID) {
		d, actor, err = c.readActor(ctx, actor.ID)
	}
	if err != nil {
		return d, vocab.RemoteActor{}, err
	}
	if !d.saysOf(actor.ID) {
		return d, vocab.RemoteActor{}, fmt.Errorf("fetching %s: %w", address, untrusted("its id is %s", actor.ID))
	}
	c.keep(d, actor)
	return d, actor, nil
}

func (c *Client) readActor(ctx context.Context, address string) (document, vocab.RemoteActor, error) {
	d, err := c.getOwner(ctx, address)
	if err != nil {
		return d, vocab.RemoteActor{}, err
	}
	actor, err := vocab.ReadActor(d.body)
	if err != nil {
		return d, actor, fmt.Errorf("fetching %s: %w: %w", address, ErrUntrusted, err)
	}
	return d, actor, nil
}

// weight is roughly what an actor takes in memory, in bytes.
func weight(a vocab.RemoteActor) int {
	const itself = 512
	n := itself
	for _, text := range []string{
		a.ID, a.Type, a.PreferredUsername, a.Name, a.Summary, a.URL, a.Inbox, a.SharedInbox,
		a.Outbox, a.Followers, a.Following, a.MovedTo,
	} {
		n += len(text)
	}
	for _, alias := range a.AlsoKnownAs {
		n += len(alias)
	}
	for _, k := range a.Keys {
		n += len(k.ID) + len(k.Owner) + len(k.PEM)
	}
	return n
}

// once makes one fetch for all who ask for the same at the same time, on the budget
// of the first. If that is spent, or the share of whoever sent it, those who waited
// fetch on their own.
func once[V any](ctx context.Context, c *Client, what string, fetch func(context.Context) (V, error)) (V, error) {
	first := false
	value, err, _ := c.flight.Do(what, func() (any, error) {
		first = true
		return apart(ctx, c, fetch)
	})
	if !first && (errors.Is(err, errSpent) || errors.Is(err, errShare)) {
		return apart(ctx, c, fetch)
	}
	return value.(V), err
}

// apart gives a fetch its own deadline: whoever asked first may hang up.
func apart[V any](ctx context.Context, c *Client, fetch func(context.Context) (V, error)) (V, error) {
	ctx, cancel := patience.WithTimeout(context.WithoutCancel(ctx), c.options.FetchTimeout)
	defer cancel()
	defer context.AfterFunc(c.closing, cancel)()
	return fetch(ctx)
}
