package remote

import (
	"context"
	"fmt"
	"strings"
	"time"

	"communique/federation/vocab"
	"communique/storage/delivery/patience"
)

// The bounds of what is asked for visitors: they wait for it, and anybody can be
// one.
const (
	visitorTimeout    = 3 * time.Second
	visitorsPerMinute = 120 // for all together
	maxVisitors       = 16  // at once
	maxIntents        = 1000
)

// visiting marks a fetch for a visitor of the pages. It counts against a limit for
// all visitors and not against the limit of the server that is asked: otherwise
// visitors could keep us from fetching the keys of that server's accounts.
type visiting struct{}

// FetchIntents asks a visitor's server where they follow and write posts there.
// Templates that lead anywhere but to a public server are left out. The
// server has three seconds to answer.
func (c *Client) FetchIntents(ctx context.Context, user, host string) (vocab.Intents, error) {
	handle := user + "@" + host
	if e, ok := c.intents.get(handle); ok {
		return e.value, e.err
	}
	select {
	case c.visitors <- struct{}{}:
		defer func() { <-c.visitors }()
	default:
		return vocab.Intents{}, fmt.Errorf("look for %s: %w: too many visitors at once", handle, ErrUnavailable)
	}
	ctx, cancel := patience.WithTimeout(context.WithValue(ctx, visiting{}, true), visitorTimeout)
	defer cancel()
	jrd, err := c.webfinger(ctx, user, host)
	intents := jrd.Intents()
	intents.Follow, intents.Create = c.leadsOut(intents.Follow), c.leadsOut(intents.Create)
	if err == nil {
		c.intents.put(handle, intents, nil, keptFor)
	} else if refused(err) {
		c.intents.put(handle, intents, err, believedFor)
	}
	return intents, err
}

// leadsOut returns a template if its host is fixed and one that we would connect to
// ourselves, else an empty string.
func (c *Client) leadsOut(template string) string {
	_, rest, _ := strings.Cut(template, "://")
	authority, _, ok := strings.Cut(rest, "/")
	if !ok || strings.ContainsAny(authority, "{}") {
		return ""
	}
	if _, err := c.CheckURL(template); err != nil {
		return ""
	}
	return template
}
