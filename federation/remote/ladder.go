package remote

import (
	"net/http"

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
}

// rung is one way to sign.
type rung struct {
	key    signature.Key
	scheme signature.Scheme
}

// rungs are the ways to sign a delivery in the order in which they are tried,
// beginning with the scheme that the host took last.
func (l Ladder) rungs(scheme signature.Scheme) []rung {
	usual, otherwise := rung{l.Key, scheme}, rung{l.Key, scheme.Other()}
	if l.Other.Private == nil {
		return []rung{usual, otherwise}
	}
	other, both := rung{l.Other, scheme}, rung{l.Other, scheme.Other()}
	second, last := other, []rung{otherwise, both}
	if l.Untold {
		second, last = otherwise, []rung{other, both}
	}
	return []rung{usual, second, last[l.Failures%2]}[:maxRungs]
}

// worthTrying reports whether a refusal of the first rung may mean a later one:
// 403 is said of keys, not of schemes.
func (l Ladder) worthTrying(r rung, refusal int) bool {
	return refusesSignature(http.MethodPost, refusal) || refusal == http.StatusForbidden && r.key.ID != l.Key.ID
}

// refusesAgain reports whether an answer to a later rung is another refusal.
func refusesAgain(status int) bool {
	return refusesSignature(http.MethodPost, status) || status == http.StatusForbidden
}
