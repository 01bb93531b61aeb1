package remote

import (
	"context"
	"crypto"
	"slices"
	"time"
)

// doubt is what is known of whether a key is still its owner's. Anybody can have it
// doubted, by a message that it does not verify.
type doubt struct {
	since  time.Time // when the half minute began
	asked  int       // how often it was fetched since
	looks  []string  // for which client's message nothing new was found then, each time
	unsure bool      // the last fetch failed: the key may have changed
	began  uint64    // when that began, in the order of [message.came]
}

// A message is refused because of a key only if that was fetched for it: the key may
// have changed since any look of before, however short ago that is. So that nobody can
// have a server asked without end, and neither use up what the key's owner needs, both
// what one client causes and all of them together is bounded in half a minute. Beyond
// that, whoever sends is told to come back.
const (
	maxLooks       = 24
	maxClientLooks = 8
)

// message is for what a key is fetched: something that came from outside.
type message struct {
	client string // who sent it, by its address; empty if we ask for ourselves
	came   uint64
}

type onBehalfOf struct{}

// OnBehalfOf says for whose message fetches under a context are made: a client, by
// its address. It is called when the message has come: what is fetched from then on
// decides over it (SECURITY A16).
func (c *Client) OnBehalfOf(ctx context.Context, client string) context.Context {
	return context.WithValue(ctx, onBehalfOf{}, message{client, c.moments.Add(1)})
}

func messageOf(ctx context.Context) message {
	m, _ := ctx.Value(onBehalfOf{}).(message)
	return m
}

// standing is what follows for a message that a key does not verify.
type standing int

const (
	open     standing = iota // the key is fetched again
	settled                  // it is the sender's fault: 401
	doubtful                 // the key may have changed, and is not asked for now: 503
)

// over reports whether all may have the key fetched again.
func (d doubt) over(now time.Time) bool { return now.Sub(d.since) >= believedFor }

// of is how things stand for a message. What we ask for ourselves is answered to
// nobody, and believed for half a minute.
func (d doubt) of(m message, now time.Time) standing {
	switch {
	case d.tells(m):
		return settled
	case d.over(now):
		return open
	case d.unsure:
		return doubtful
	case m.client == "" && slices.Contains(d.looks, ""):
		return settled
	case d.asked >= maxLooks || d.looksFor(m.client) >= maxClientLooks:
		return doubtful
	}
	return open
}

// tells reports whether the last fetch began after a message had come, and succeeded.
func (d doubt) tells(m message) bool { return m.client != "" && d.began > m.came && !d.unsure }

func (d doubt) looksFor(client string) (n int) {
	for _, looked := range d.looks {
		if looked == client {
			n++
		}
	}
	return n
}

// more is the doubt after one more fetch, which began at a moment.
func (d doubt) more(now time.Time, began uint64) doubt {
	if d.over(now) {
		return doubt{since: now, asked: 1, began: began}
	}
	return doubt{since: d.since, asked: d.asked + 1, looks: d.looks, began: began}
}

// nothingNewFor is the doubt when a fetch found what was known already.
func (d doubt) nothingNewFor(client string) doubt {
	d.looks = append(slices.Clone(d.looks), client)
	return d
}

func (d doubt) weight() int {
	const itself = 16
	n := 0
	for _, client := range d.looks {
		n += itself + len(client)
	}
	return n
}

// Is reports whether two keys are one, of one owner.
func (k Key) Is(other Key) bool {
	public, ok := k.Public.(interface{ Equal(crypto.PublicKey) bool })
	return ok && public.Equal(other.Public) && k.Owner == other.Owner
}
