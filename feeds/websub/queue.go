package websub

import (
	"sync"

	"communique/feeds"
	"communique/storage/press"
)

// verification is a request that the subscriber has to confirm.
type verification struct {
	Request
	topic feeds.Topic
	host  string    // of the callback
	asked press.Seq // head of the log at the time of the request
}

const (
	// maxWaiting bounds the queue, maxOfHost the part of one host: as many new
	// subscriptions as it can have, and as many renewals.
	maxWaiting = 2000
	maxOfHost  = 200
)

// queue holds pending verifications in a line per host. Each host is asked one at a
// time: a callback that fails to confirm is known before the next request for it is
// verified, and a slow host occupies only one verifier.
type queue struct {
	ready chan string // hosts whose first verification may start

	mu    sync.Mutex
	size  int
	lines map[string][]verification // by host; the first may be running
}

func newQueue() *queue {
	return &queue{ready: make(chan string, maxWaiting), lines: map[string][]verification{}}
}

// add queues a verification; false if there is no room.
func (q *queue) add(v verification) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	line := q.lines[v.host]
	if q.size >= maxWaiting || len(line) >= maxOfHost {
		return false
	}
	q.size++
	q.lines[v.host] = append(line, v)
	if len(line) == 0 {
		q.ready <- v.host // never blocks: its capacity is maxWaiting
	}
	return true
}

// first returns the first verification of a host.
func (q *queue) first(host string) verification {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.lines[host][0]
}

// done removes the first verification of a host.
func (q *queue) done(host string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.size--
	line := q.lines[host][1:]
	if len(line) == 0 {
		delete(q.lines, host)
		return
	}
	q.lines[host] = line
	q.ready <- host
}
