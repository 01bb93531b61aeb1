package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"communique/federation/signature"
)

// bound is the most that this machine does: signatures with POSTs a second, and
// the number at once at which it does them.
type bound struct {
	rate        float64
	concurrency int
}

// probes is how many POSTs each concurrency is measured by, at most.
const probes = 2000

// limit measures the bare loop against the same servers: no queue, no
// database, nothing to remember.
func (f *fediverse) limit(ctx context.Context) (bound, error) {
	inboxes := f.live()
	text := []byte(`{"type":"Create","content":"` + strings.Repeat("of the usual size ", 40) + `"}`)
	var best bound
	for _, concurrency := range []int{2, 4, 8, 16, 32, 64} {
		n := min(len(inboxes), probes)
		began := time.Now()
		group, within := errgroup.WithContext(ctx)
		group.SetLimit(concurrency)
		for i := range n {
			group.Go(func() error {
				key := signature.Key{ID: f.follower(i) + "#main-key", Private: f.key.Private}
				_, err := f.post(within, inboxes[i], text, key, "limit")
				return err
			})
		}
		if err := group.Wait(); err != nil {
			return best, fmt.Errorf("measure the limit: %w", err)
		}
		if rate := float64(n) / time.Since(began).Seconds(); rate > best.rate {
			best = bound{rate, concurrency}
		}
	}
	return best, nil
}
