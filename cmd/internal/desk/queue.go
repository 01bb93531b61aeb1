package desk

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// queue lets one at a time do something, and some wait for it, of whom a network has a share at
// most: one that sends more keeps the others from nothing.
type queue struct {
	running chan struct{}
	share   int

	mu sync.Mutex     // guards what follows
	of map[string]int // who runs or waits, by network
}

func newQueue(share int) *queue {
	return &queue{running: make(chan struct{}, 1), share: share, of: map[string]int{}}
}

// turn waits for the turn of somebody from a network, after which done is to be called; errBusy
// if too many wait, or too many of that network, or that takes too long.
func (q *queue) turn(ctx context.Context, network string) (done func(), err error) {
	if !q.enter(network) {
		return nil, errBusy
	}
	patience := time.NewTimer(hashPatience)
	defer patience.Stop()
	select {
	case q.running <- struct{}{}:
		return func() { <-q.running; q.leave(network) }, nil
	case <-ctx.Done():
		err = fmt.Errorf("wait to compare a password: %w", ctx.Err())
	case <-patience.C:
		err = errBusy
	}
	q.leave(network)
	return nil, err
}

func (q *queue) enter(network string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.count() > hashesWait || q.of[network] >= q.share {
		return false
	}
	q.of[network]++
	return true
}

// inside is how many run or wait.
func (q *queue) inside() (all int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.count()
}

func (q *queue) count() (all int) {
	for _, n := range q.of {
		all += n
	}
	return all
}

func (q *queue) leave(network string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.of[network]--; q.of[network] == 0 {
		delete(q.of, network)
	}
}
