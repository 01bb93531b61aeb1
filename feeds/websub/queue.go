package websub

import (
	"sync"

	"communique/feeds"
	"communique/storage/press"
)

// verification is a request that the subscriber is to confirm.
type verification struct {
	Request
	topic feeds.Topic
	host  string    // of the callback
	asked press.Seq // the log as it was then
}

const (
	// maxWaiting bounds what waits to be verified, maxOfHost what of that has
	// callbacks at one host: all that it can have, and as much to renew.
	maxWaiting = 2000
	maxOfHost  = 200
)

// queue holds what is to be verified, in a line for each host, of which one at a
// time is asked: so one that does not confirm is known before the next is asked
// at the same address, and a slow host keeps one verifier.
type queue struct {
	ready chan string // hosts whose first may be verified

	mu    sync.Mutex
	size  int
	lines map[string][]verification // by host; the first may be under way
}

func newQueue() *queue {
	return &queue{ready: make(chan string, maxWaiting), lines: map[string][]verification{}}
}

// add lines up a verification; false if there is no room.
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
		q.ready <- v.host // as many fit as can wait
	}
	return true
}

// first is the verification of a host whose turn it is.
func (q *queue) first(host string) verification {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.lines[host][0]
}

// done takes the first off a host's line.
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
