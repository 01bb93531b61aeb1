package remote

import (
	"context"
	"fmt"
	"net/url"
	"sync"
)

// budget is how many fetches one message from outside may still cause, and which it
// has caused.
type budget struct {
	mu    sync.Mutex
	left  int
	spent []string // by registrable domain
}

// errSpent is a message's own fault: it is not cached for the address that would
// have been fetched, or one message could cut off whoever it names.
var errSpent = fmt.Errorf("%w: one message leads to too many fetches", ErrUntrusted)

// errShare is for those of a message's client, or of all from whom no message of a domain
// has come yet, and says nothing to others.
var errShare = fmt.Errorf("%w: strangers have it asked too often in this minute", ErrUnavailable)

type budgetKey struct{}

// WithBudget bounds the fetches that are made under a context, redirects included.
// Waiting for somebody else's fetch of the same address costs nothing.
func WithBudget(ctx context.Context, fetches int) context.Context {
	return context.WithValue(ctx, budgetKey{}, &budget{left: fetches})
}

// PaidOff no longer counts the fetches from the domain of a host that were made
// under a context with a budget: they proved that a message came from there. So
// all followers are accepted that come at once from one large server, while a
// domain that proves nothing is asked no more than sixty times a minute. Fetches
// from other domains still count, or a message could point us at a third party.
func (c *Client) PaidOff(ctx context.Context, host string) {
	b, ok := ctx.Value(budgetKey{}).(*budget)
	if !ok {
		return
	}
	domain := c.domain(&url.URL{Host: host})
	b.mu.Lock()
	defer b.mu.Unlock()
	counted := b.spent[:0]
	for _, spent := range b.spent {
		if spent == domain {
			c.limit.giveBack(domain, messageOf(ctx).client)
		} else {
			counted = append(counted, spent)
		}
	}
	b.spent = counted
}

// mayFetch counts a fetch, if it may be made.
func (c *Client) mayFetch(ctx context.Context, at *url.URL) error {
	if c.options.Refuse != nil {
		if err := c.options.Refuse(ctx, at.String()); err != nil {
			return notAsked(err)
		}
	}
	if ctx.Value(visiting{}) != nil {
		if c.visits.allow("", "") != allowed {
			return notAsked(fmt.Errorf("%w: too many requests for visitors in this minute", ErrUnavailable))
		}
		return nil
	}
	domain := c.domain(at)
	if b, ok := ctx.Value(budgetKey{}).(*budget); ok {
		if err := b.spend(domain); err != nil {
			return err
		}
	}
	switch c.limit.allow(domain, messageOf(ctx).client) {
	case exhausted:
		return notAsked(fmt.Errorf("%w: %s was asked too often in this minute", ErrUnavailable, domain))
	case overShare:
		return notAsked(fmt.Errorf("%w: %s", errShare, domain))
	}
	return nil
}

func (b *budget) spend(domain string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left == 0 {
		return errSpent
	}
	b.left--
	b.spent = append(b.spent, domain)
	return nil
}
