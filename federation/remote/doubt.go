package remote

import (
	"context"
	"slices"
	"time"
)

// doubt is what is known of whether a key is still its owner's. Anybody can have it
// doubted, by a message that it does not verify.
type doubt struct {
	clients []string // for whose messages it was fetched in the last five minutes
	again   bool     // more than once
	unsure  bool     // that failed: the key may have changed
}

// maxDoubting is how many clients have a key fetched in five minutes. With one alone,
// whoever forges messages in an account's name would keep us from its new key.
const maxDoubting = 3

type onBehalfOf struct{}

// OnBehalfOf says for whose message fetches under a context are made: a client, by
// its address. One client has a key fetched again once in five minutes (SECURITY A16).
func OnBehalfOf(ctx context.Context, client string) context.Context {
	return context.WithValue(ctx, onBehalfOf{}, client)
}

func clientOf(ctx context.Context) string {
	client, _ := ctx.Value(onBehalfOf{}).(string)
	return client
}

// recent reports whether a key that was fetched so long ago need not be fetched again
// because it does not fit: its server is asked once in five minutes, or in half a
// minute if it gave no answer.
func (d doubt) recent(age time.Duration) bool {
	if d.unsure {
		return age < unavailableFor
	}
	return age < refusedFor
}

// settled reports whether a client need not have something fetched again that was
// fetched in the last five minutes.
func (d doubt) settled(client string) bool {
	if client == "" {
		return d.again
	}
	return slices.Contains(d.clients, client) || d.exhausted(client)
}

// exhausted reports whether others have used up what a client would need to have a key
// fetched again. Who has done nothing wrong is then told to come back: the key may have
// changed, and 401 would be for good.
func (d doubt) exhausted(client string) bool {
	return client != "" && len(d.clients) >= maxDoubting && !slices.Contains(d.clients, client)
}

// by is the doubt after one more fetch, for a client, within five minutes or after them.
func (d doubt) by(client string, recent bool) doubt {
	if !recent {
		return doubt{clients: []string{client}}
	}
	return doubt{clients: append(slices.Clone(d.clients), client), again: true}
}

// Proved says that a key has verified a message: if the next one does not fit, it
// may have changed since.
func (c *Client) Proved(keyID string) {
	c.keys.update(keyID, func(k *knownKey) {
		if !k.doubt.again {
			k.doubt.clients = nil
		}
	})
}
