package websub

import (
	"sync"

	"communique/feeds"
	"communique/storage/press"
)

// verification is a request that the subscriber has to confirm.
type verification struct {
	Request
	topic  feeds.Topic
	host   string    // of the callback
	domain string    // the registrable domain of the host
	asked  press.Seq // head of the log at the time of the request
}

const (
	// maxWaiting bounds the queue, maxOfHost the part of one host: as many new
	// subscriptions as it can have, and as many renewals.
	maxWaiting = 2000
	maxOfHost  = 200
	// maxOfDomain is how many hosts of a domain are asked at once.
	maxOfDomain = 4
)

// queue holds pending verifications in a line per host. Each host is asked one at a
// time: a callback that fails to confirm is known before the next request for it is
// verified, and a slow host occupies only one verifier. The hosts of one registrable
// domain take turns, or they would occupy all (SECURITY A46).
type queue struct {
	ready chan string // hosts whose first verification may start

	mu      sync.Mutex
	size    int
	lines   map[string][]verification // by host; the first may be running
	running map[string]int            // by domain: how many hosts are ready or being asked
	waiting map[string][]string       // by domain: the hosts that wait for their turn
}

func newQueue() *queue {
	return &queue{
		ready: make(chan string, maxWaiting), lines: map[string][]verification{},
		running: map[string]int{}, waiting: map[string][]string{},
	}
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
		q.waiting[v.domain] = append(q.waiting[v.domain], v.host)
		q.start(v.domain)
	}
	return true
}

// start lets the next host of a domain be asked, if it is the domain's turn.
func (q *queue) start(domain string) {
	next := q.waiting[domain]
	if len(next) == 0 || q.running[domain] >= maxOfDomain {
		return
	}
	q.running[domain]++
	q.ready <- next[0] // never blocks: its capacity is maxWaiting
	if q.waiting[domain] = next[1:]; len(next) == 1 {
		delete(q.waiting, domain)
	}
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
	domain, line := q.lines[host][0].domain, q.lines[host][1:]
	if len(line) == 0 {
		delete(q.lines, host)
	} else {
		q.lines[host] = line
		q.waiting[domain] = append(q.waiting[domain], host)
	}
	if q.running[domain]--; q.running[domain] == 0 {
		delete(q.running, domain)
	}
	q.start(domain)
}
