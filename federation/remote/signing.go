package remote

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"communique/federation/signature"
)

// signing bounds how many requests are signed at once. Signing takes nothing but
// processor time: more signatures at once than processors make none of them ready
// earlier, and everything else, such as reading answers, has to wait for all of them.
type signing struct {
	turns chan struct{}
	// Whoever asks for a key comes first: a Mastodon that once could not fetch one
	// answers 503 to everything from here for five minutes. While somebody does, one
	// request is signed at a time, so that deliveries go on all the same.
	asking *atomic.Int64
	alone  chan struct{}
}

func newSigning() signing {
	return signing{make(chan struct{}, 2*runtime.GOMAXPROCS(0)), &atomic.Int64{}, make(chan struct{}, 1)}
}

// errBusy is our own fault: nothing is known of a server that was not asked.
var errBusy = fmt.Errorf("%w: too busy to sign a request to it", ErrUnavailable)

// turn signs when it is its turn. Its error is that of sign, or [errNotAsked] with
// the reason why the context ended while it waited.
func (s signing) turn(ctx context.Context, sign func() error) error {
	if err := take(ctx, s.turns); err != nil {
		return err
	}
	defer func() { <-s.turns }()
	if s.asking.Load() > 0 {
		if err := take(ctx, s.alone); err != nil {
			return err
		}
		defer func() { <-s.alone }()
	}
	return sign()
}

// signed makes a signature by a key when it is its turn.
func (c *Client) signed(ctx context.Context, key signature.Key, sign func() error) error {
	return c.signing.turn(ctx, func() error {
		if c.options.Signed == nil {
			return sign()
		}
		began := time.Now()
		err := sign()
		c.options.Signed(key, time.Since(began))
		return err
	})
}

func take(ctx context.Context, places chan struct{}) error {
	select {
	case places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return notAsked(fmt.Errorf("%w: %w", errBusy, context.Cause(ctx)))
	}
}

// AnswerFirst lets an answer with one of our keys go before the signing of requests,
// until done is called.
func (c *Client) AnswerFirst() (done func()) {
	c.signing.asking.Add(1)
	return func() { c.signing.asking.Add(-1) }
}
