package remote

import (
	"net/http"
	"slices"

	"communique/federation/signature"
)

// maxRungs bounds the requests of one delivery.
const maxRungs = 3

// Ladder is how a delivery is signed, and how otherwise where that is refused: one
// ladder of key and scheme, of which a delivery climbs three rungs at most.
type Ladder struct {
	Key signature.Key
	// Other is the key that the host may know instead; the zero key if there is
	// none.
	Other signature.Key
	// Untold says that the host has yet to be told of Other, and is to see that
	// only if it refuses everything else: some servers fetch the actor when they
	// meet a key that they don't know, and then ask every follower to follow anew.
	Untold bool
	// Both signs with Other as well where Key is taken: the host answers before it
	// verifies, and which of the two it can verify nobody knows.
	Both bool
	// Failures is how often the delivery failed before: the last rung is another
	// one each time.
	Failures int
	// Taken, if set, is called with Other if the host takes that.
	Taken func(signature.Key)
	// Ed25519 comes before all others, by RFC 9421, where the host is known to verify
	// it; the zero key if it is not.
	Ed25519 signature.Key
	// RefusedEd25519, if set, is called if the host refuses that.
	RefusedEd25519 func()
}

// rung is one way to sign.
type rung struct {
	key    signature.Key
	scheme signature.Scheme
}

// rungs are the ways to sign a delivery in the order in which they are tried,
// beginning with the scheme that the host took last.
func (l Ladder) rungs(scheme signature.Scheme) []rung {
	all := l.rsa(scheme)
	if l.Ed25519.Private != nil {
		all = slices.Insert(all, 0, rung{l.Ed25519, signature.RFC9421})
	}
	return all[:min(len(all), maxRungs)]
}

// rsa are those with a key that every server reads.
func (l Ladder) rsa(scheme signature.Scheme) []rung {
	usual, otherwise := rung{l.Key, scheme}, rung{l.Key, scheme.Other()}
	if l.Other.Private == nil {
		return []rung{usual, otherwise}
	}
	other, both := rung{l.Other, scheme}, rung{l.Other, scheme.Other()}
	second, last := other, []rung{otherwise, both}
	if l.Untold {
		second, last = otherwise, []rung{other, both}
	}
	return []rung{usual, second, last[l.Failures%2]}
}

// worthTrying reports whether a refusal of the first rung may mean a later one:
// 403 is said of keys, not of schemes.
func worthTrying(first, later rung, refusal int) bool {
	return refusesSignature(http.MethodPost, refusal) || refusal == http.StatusForbidden && later.key.ID != first.key.ID
}

// refusedEd25519 reports whether an answer to a rung refuses that key.
func (l Ladder) refusedEd25519(r rung, status int) bool {
	return l.Ed25519.Private != nil && r.key.ID == l.Ed25519.ID && refusesAgain(status)
}

// refusesAgain reports whether an answer to a later rung is another refusal.
func refusesAgain(status int) bool {
	return refusesSignature(http.MethodPost, status) || status == http.StatusForbidden
}
