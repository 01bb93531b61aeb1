package websub

import "sync"

// waiting is a request that the subscriber has to confirm.
type waiting struct {
	id     string
	host   string // of the callback
	domain string // the registrable domain of the host
}

const (
	// maxWaiting bounds the queue. What is not in it yet waits in the store.
	maxWaiting = 2000
	// maxOfDomain is how many hosts of a domain are asked at once.
	maxOfDomain = 4
)

// queue puts in order what is to be asked now, with a line per host. Each host is asked
// one at a time: a callback that fails to confirm is known before the next request for it
// is verified, and a slow host occupies only one verifier. The hosts of one registrable
// domain take turns, or they would occupy all (SECURITY A46).
type queue struct {
	ready chan string // hosts whose first request may be verified

	mu      sync.Mutex
	known   map[string]bool      // the ids of all requests in the lines
	lines   map[string][]waiting // by host; the first may be running
	running map[string]int       // by domain: how many hosts are ready or being asked
	turns   map[string][]string  // by domain: the hosts that wait for their turn
}

func newQueue() *queue {
	return &queue{
		ready: make(chan string, maxWaiting), known: map[string]bool{}, lines: map[string][]waiting{},
		running: map[string]int{}, turns: map[string][]string{},
	}
}

// add queues a request, if it is not queued and there is room.
func (q *queue) add(w waiting) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.known[w.id] || len(q.known) >= maxWaiting {
		return
	}
	q.known[w.id] = true
	line := q.lines[w.host]
	q.lines[w.host] = append(line, w)
	if len(line) == 0 {
		q.turns[w.domain] = append(q.turns[w.domain], w.host)
		q.start(w.domain)
	}
}

// start lets the next host of a domain be asked, if it is the domain's turn.
func (q *queue) start(domain string) {
	next := q.turns[domain]
	if len(next) == 0 || q.running[domain] >= maxOfDomain {
		return
	}
	q.running[domain]++
	q.ready <- next[0] // never blocks: its capacity is maxWaiting
	if q.turns[domain] = next[1:]; len(next) == 1 {
		delete(q.turns, domain)
	}
}

// first returns the first request of a host.
func (q *queue) first(host string) waiting {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.lines[host][0]
}

// done removes the first request of a host.
func (q *queue) done(host string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	line := q.lines[host]
	delete(q.known, line[0].id)
	domain := line[0].domain
	if line = line[1:]; len(line) == 0 {
		delete(q.lines, host)
	} else {
		q.lines[host] = line
		q.turns[domain] = append(q.turns[domain], host)
	}
	if q.running[domain]--; q.running[domain] == 0 {
		delete(q.running, domain)
	}
	q.start(domain)
}
