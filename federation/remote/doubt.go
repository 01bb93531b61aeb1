package remote

import (
	"context"
	"crypto"
	"slices"
	"time"

	"communique/federation/signature"
)

// doubt is what is known of whether a key is still its owner's. Anybody can have it
// doubted, by a message that it does not verify.
type doubt struct {
	since   time.Time // when the half minute began
	asked   int       // how often it was fetched since
	clients []string  // for whose messages nothing new was found then
	unsure  bool      // that failed: the key may have changed
	senders []string  // whose messages the key has verified, see [Client.Verified]
}

// maxDoubting is how often a key is fetched in half a minute. With once alone, whoever
// forges messages in an account's name would keep us from its new key.
const maxDoubting = 4

// maxSenders is how many senders are remembered of a key.
const maxSenders = 4

type onBehalfOf struct{}

// OnBehalfOf says for whose message fetches under a context are made: a client, by
// its address. One client has the same key fetched again once in half a minute
// (SECURITY A16).
func OnBehalfOf(ctx context.Context, client string) context.Context {
	return context.WithValue(ctx, onBehalfOf{}, client)
}

func clientOf(ctx context.Context) string {
	client, _ := ctx.Value(onBehalfOf{}).(string)
	return client
}

type provedBy struct{}

// Proof is what a message is signed with.
type Proof interface {
	Scheme() signature.Scheme
	Verify(crypto.PublicKey) error
}

// ProvedBy says by what the message under a context is signed, beside for whom
// ([OnBehalfOf]).
func ProvedBy(ctx context.Context, p Proof) context.Context {
	return context.WithValue(ctx, provedBy{}, p)
}

// senderOf is who sends a message and in which scheme; empty if that is not known. The
// scheme belongs to it for the sake of servers that try two and whose one we have never
// verified: 401 has them try the other.
func senderOf(ctx context.Context) string {
	p, ok := ctx.Value(provedBy{}).(Proof)
	if !ok || clientOf(ctx) == "" {
		return ""
	}
	return string(p.Scheme()) + " " + clientOf(ctx)
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

// of is how things stand for a message of a client. Where others have used up what it
// would need to have the key fetched again, it is told to come back: 401 would be for
// good. So is one that may well be the owner's, unless the key can be looked at just
// for it: the key may have changed since the last look.
func (d doubt) of(client string, likely bool, now time.Time) standing {
	switch {
	case d.over(now):
		return open
	case d.unsure:
		return doubtful
	case slices.Contains(d.clients, client) && !likely:
		return settled
	case d.asked >= maxDoubting:
		return doubtful
	}
	return open
}

// knows reports whether the key has verified messages of who sends one.
func (d doubt) knows(ctx context.Context) bool {
	sender := senderOf(ctx)
	return sender != "" && slices.Contains(d.senders, sender)
}

// verified is the doubt once the key has verified a message of a sender.
func (d doubt) verified(sender string) doubt {
	d.senders = append(slices.Clone(d.senders[max(0, len(d.senders)-maxSenders+1):]), sender)
	return d
}

// more is the doubt after one more fetch.
func (d doubt) more(now time.Time) doubt {
	if d.over(now) {
		return doubt{since: now, asked: 1, senders: d.senders}
	}
	return doubt{since: d.since, asked: d.asked + 1, clients: d.clients, senders: d.senders}
}

// nothingNewFor is the doubt when a fetch found what was known already.
func (d doubt) nothingNewFor(client string) doubt {
	d.clients = append(slices.Clone(d.clients), client)
	return d
}

func (d doubt) weight() int {
	const itself = 16
	n := 0
	for _, who := range slices.Concat(d.clients, d.senders) {
		n += itself + len(who)
	}
	return n
}

// is reports whether two keys are one, of one owner.
func (k Key) is(other Key) bool {
	public, ok := k.Public.(interface{ Equal(crypto.PublicKey) bool })
	return ok && public.Equal(other.Public) && k.Owner == other.Owner
}
