package faults

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"communique/cmd/internal/arrivals"
	"communique/cmd/internal/e2e/e2etest"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/deliveries"
	"communique/storage/publog"
)

// crowd is many servers with many inboxes, which record what they get; when the
// test ends it is held to what is promised.
type crowd struct {
	*arrivals.History
	t       *testing.T
	port    int
	hosts   int
	inboxes []string

	mu     sync.Mutex
	open   int       // connections
	first  time.Time // since the last call of fresh
	react  func(n int)
	before func(r *http.Request) int // the status to refuse with, or 0
	heldAt int                       // the first arrival that is held, if held is set
	held   chan struct{}             // until it is closed
}

func newCrowd(t *testing.T, hosts, inboxes int) *crowd {
	t.Helper()
	c := &crowd{History: arrivals.New(), t: t, hosts: hosts}
	server := &http.Server{Handler: c, ReadHeaderTimeout: e2etest.Hang, ConnState: c.connected}
	t.Cleanup(func() {
		_ = server.Close() // connections of a killed server are left
		if err := c.Faults(); err != nil {
			t.Error(err)
		}
	})
	for n := range hosts {
		l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", fmt.Sprintf("127.0.77.%d:%d", n+1, c.port))
		if err != nil {
			t.Fatal(err)
		}
		c.port = l.Addr().(*net.TCPAddr).Port
		go func() { _ = server.Serve(l) }() // ends with the server
	}
	for n := range inboxes {
		c.inboxes = append(c.inboxes, fmt.Sprintf("http://127.0.77.%d:%d/users/%d/inbox", n%hosts+1, c.port, n))
	}
	return c
}

func (c *crowd) connected(_ net.Conn, is http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch is {
	case http.StateNew:
		c.open++
	case http.StateClosed:
		c.open--
	}
}

// heardOut waits until all that a server sent before it was killed is recorded.
func (c *crowd) heardOut() {
	c.t.Helper()
	e2etest.Eventually(c.t, "the connections of a killed server are closed", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.open == 0
	})
}

func (c *crowd) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost { // they are asked what they run
		http.NotFound(w, r)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return // the server was killed in mid-request
	}
	a, err := arrivals.Read(body)
	if err != nil {
		c.Problem("%s got %q: %v", r.URL, body, err)
	}
	c.mu.Lock()
	before := c.before
	c.mu.Unlock()
	if before != nil {
		if status := before(r); status != 0 {
			w.WriteHeader(status)
			return
		}
	}
	n := c.Record("http://"+r.Host+r.URL.Path, a, body)
	react, held := c.reaction(n)
	if held != nil {
		<-held
	}
	w.WriteHeader(http.StatusAccepted)
	if react != nil {
		_ = http.NewResponseController(w).Flush() // the answer is out before what follows
		react(n)
	}
}

// reaction is what follows the n-th arrival once it is answered, and what the
// answer waits for.
func (c *crowd) reaction(n int) (react func(n int), held chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.first.IsZero() {
		c.first = time.Now()
	}
	if n >= c.heldAt {
		held = c.held
	}
	return c.react, held
}

// holdFrom keeps back the answers from the n-th arrival on until the channel is
// closed.
func (c *crowd) holdFrom(n int, until chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heldAt, c.held = n, until
}

// fresh forgets when something arrived first.
func (c *crowd) fresh() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.first = time.Time{}
}

// firstAfter is how long after an instant something arrived first, if it did.
func (c *crowd) firstAfter(began time.Time) (time.Duration, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.first.Sub(began), !c.first.IsZero()
}

// reactTo calls a function after each arrival is answered, with how many there
// are by then.
func (c *crowd) reactTo(react func(n int)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.react = react
}

// follow lets every inbox of the crowd follow a site that is not served, as if
// each had asked and been accepted.
func (c *crowd) follow(s *e2etest.Site) {
	c.t.Helper()
	err := s.Open().Update(c.t.Context(), func(tx *storage.Tx) error {
		for _, inbox := range c.inboxes {
			if err := followAt(tx, inbox); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

// followAt stores a follower with an inbox of their own, as if they had asked
// and been accepted.
func followAt(tx *storage.Tx, inbox string) error {
	source := publog.ActorSource("ministry")
	actor := strings.TrimSuffix(inbox, "/inbox")
	accept := deliveries.Directed{ID: actor + "/accept", Source: source, Recipient: actor, Inbox: inbox, Body: []byte("{}")}
	_, err := tx.AddFollower(audience.Follow{
		Source: source, Actor: actor, Inbox: inbox, Delivery: inbox, ID: actor + "/follow", Signed: tx.Now(), Accept: accept,
	})
	if err != nil {
		return err
	}
	return tx.FinishDirected(accept.ID)
}

// settles waits until every inbox ends with an object in a state.
func (c *crowd) settles(what, object string, is func(arrivals.Arrival) bool) {
	c.t.Helper()
	defer func() {
		if c.t.Failed() {
			c.t.Logf("%s: %d of %d inboxes lack it", what, c.Lacking(c.inboxes, object, is), len(c.inboxes))
		}
	}()
	e2etest.Eventually(c.t, "every inbox has it: "+what, func() bool { return c.Lacking(c.inboxes, object, is) == 0 })
}

func created(a arrivals.Arrival) bool { return a.Kind == "Create" }

// holders counts the inboxes that have an object.
func (c *crowd) holders(object string) int {
	return len(c.inboxes) - c.Lacking(c.inboxes, object, func(arrivals.Arrival) bool { return true })
}
