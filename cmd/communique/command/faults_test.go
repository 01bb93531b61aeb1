package command

import (
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/deliveries"
	"communique/storage/publog"
)

var (
	faultRounds = flag.Int("faults.rounds", 12, "how often the server is killed in the tests of faults; 200 in the long form")
	faultSeed   = flag.Uint64("faults.seed", 0, "seed of the faults, as a run prints it; 0 draws one")
)

// faults is a source of random faults that a failed run can be repeated by.
func faults(t *testing.T) *rand.Rand {
	t.Helper()
	seed := *faultSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("to repeat: -faults.seed=%d -faults.rounds=%d", seed, *faultRounds)
	return rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // faults, not secrets
}

// crowd is many servers with many inboxes, which record what they get and hold
// it to what is promised.
type crowd struct {
	t       *testing.T
	port    int
	hosts   int
	inboxes int

	mu       sync.Mutex
	got      map[string][]post // by inbox
	open     int               // connections
	bodies   map[string][sha256.Size]byte
	arrivals int
	first    time.Time // since the last call of fresh
	react    func(n int)
}

// post is an activity that an inbox got.
type post struct{ id, kind, object, updated string }

func newCrowd(t *testing.T, hosts, inboxes int) *crowd {
	t.Helper()
	c := &crowd{t: t, hosts: hosts, inboxes: inboxes, got: map[string][]post{}, bodies: map[string][sha256.Size]byte{}}
	server := &http.Server{Handler: c, ReadHeaderTimeout: 10 * time.Second, ConnState: c.connected}
	t.Cleanup(func() { _ = server.Close() }) // connections of a killed server are left
	for n := range hosts {
		l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", fmt.Sprintf("127.0.77.%d:%d", n+1, c.port))
		if err != nil {
			t.Fatal(err)
		}
		c.port = l.Addr().(*net.TCPAddr).Port
		go func() { _ = server.Serve(l) }() // ends with the server
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
	deadline := time.Now().Add(time.Minute)
	for c.connections() > 0 {
		if time.Now().After(deadline) {
			c.t.Fatalf("%d connections of a killed server are open", c.connections())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func (c *crowd) connections() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open
}

func (c *crowd) inbox(n int) string {
	return fmt.Sprintf("http://127.0.77.%d:%d/users/%d/inbox", n%c.hosts+1, c.port, n)
}

func (c *crowd) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return // the server was killed in mid-request
	}
	var activity struct {
		ID, Type string
		Object   struct{ ID, Published, Updated, Deleted string }
	}
	if err := json.Unmarshal(body, &activity); err != nil {
		c.t.Errorf("%s got %q: %v", r.URL, body, err)
	}
	p := post{activity.ID, activity.Type, activity.Object.ID, max(activity.Object.Published, activity.Object.Updated, activity.Object.Deleted)}
	n, react := c.record("http://"+r.Host+r.URL.Path, p, sha256.Sum256(body))
	w.WriteHeader(http.StatusAccepted)
	if react != nil {
		_ = http.NewResponseController(w).Flush() // the answer is out before what follows
		react(n)
	}
}

// record notes a post. One that is new must not tell of an older state than
// what came before, and no id may come with two bodies.
func (c *crowd) record(inbox string, p post, sum [sha256.Size]byte) (int, func(int)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if before, ok := c.bodies[p.id]; ok && before != sum {
		c.t.Errorf("%s has two bodies", p.id)
	}
	c.bodies[p.id] = sum
	if !slices.Contains(c.got[inbox], p) {
		for _, before := range c.got[inbox] {
			if before.object == p.object && (before.updated > p.updated || before.kind == "Delete") {
				c.t.Errorf("%s got %v after %v", inbox, p, before)
			}
		}
	}
	c.got[inbox] = append(c.got[inbox], p)
	if c.arrivals++; c.first.IsZero() {
		c.first = time.Now()
	}
	return c.arrivals, c.react
}

// fresh forgets when something arrived first.
func (c *crowd) fresh() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.first = time.Time{}
}

func (c *crowd) since(began time.Time) (time.Duration, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.first.Sub(began), !c.first.IsZero()
}

func (c *crowd) reactTo(react func(n int)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.react = react
}

// lacking counts the inboxes that do not end with an object in a state.
func (c *crowd) lacking(object string, is func(post) bool) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for i := range c.inboxes {
		last := post{}
		for _, p := range c.got[c.inbox(i)] {
			if p.object == object {
				last = p
			}
		}
		if last.object == "" || !is(last) {
			n++
		}
	}
	return n
}

// repeated counts the posts that an inbox got more than once.
func (c *crowd) repeated() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, posts := range c.got {
		seen := map[string]bool{}
		for _, p := range posts {
			if seen[p.id] {
				n++
			}
			seen[p.id] = true
		}
	}
	return n
}

// follow lets every inbox of the crowd follow a site that is not served, as if
// each had asked and been accepted.
func (c *crowd) follow(s *testSite) {
	c.t.Helper()
	err := s.open().Update(c.t.Context(), func(tx *storage.Tx) error {
		for n := range c.inboxes {
			if err := followAt(tx, c.inbox(n)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

// followAt stores a follower with an inbox of his own, as if he had asked and
// been accepted.
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
func (c *crowd) settles(what, object string, is func(post) bool) {
	c.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for c.lacking(object, is) > 0 {
		if time.Now().After(deadline) {
			c.t.Fatalf("%s: %d of %d inboxes lack it", what, c.lacking(object, is), c.inboxes)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func (s *testSite) object(id string) string { return s.base + "/ap/articles/" + id }

// publishKilled runs the command that publishes in a process of its own, which
// may be killed at any moment, until it is acknowledged. Its key makes one
// article of all attempts.
func (s *testSite) publishKilled(r *rand.Rand, key, file string) filed {
	s.t.Helper()
	for try := 0; ; try++ {
		cmd := s.program("publish", "--json", "--key", key, file)
		var out strings.Builder
		cmd.Stdout = &out
		if err := cmd.Start(); err != nil {
			s.t.Fatal(err)
		}
		if try == 0 && r.IntN(3) == 0 {
			time.AfterFunc(time.Duration(r.IntN(30))*time.Millisecond, func() { _ = cmd.Process.Kill() }) // it may have ended
		}
		var f filed
		if err := cmd.Wait(); err == nil {
			if err := json.Unmarshal([]byte(out.String()), &f); err != nil {
				s.t.Fatalf("publish printed %q: %v", out.String(), err)
			}
			return f
		}
		if try > 5 {
			s.t.Fatalf("publish fails: %s", out.String())
		}
	}
}

// TestFaultKilled kills the server at random moments while statements are
// published, corrected and withdrawn and go to 500 inboxes, and kills the
// commands too: nothing that was acknowledged is lost, nothing is out of order,
// no id has two bodies (SECURITY B F1).
func TestFaultKilled(t *testing.T) {
	r := faults(t)
	s, c := newSite(t), newCrowd(t, 50, 500)
	c.follow(s)
	server := s.start()
	type expectation struct {
		object string
		is     func(post) bool
	}
	var expected []expectation
	var slowest time.Duration
	for round := range *faultRounds {
		title := fmt.Sprintf("Statement %d", round)
		f := s.publishKilled(r, title, s.markdown(title, "What was said."))
		want := func(p post) bool { return p.kind == "Create" || p.kind == "Update" }
		time.Sleep(time.Duration(r.IntN(60)) * time.Millisecond)
		switch r.IntN(4) {
		case 0:
			time.Sleep(1100 * time.Millisecond) // the state is told by the second
			s.file("correct", f.ID, s.markdown(title, "What was meant."), "--note", "A word.")
			history := s.shown(f.ID).History
			updated := history[len(history)-1].At
			want = func(p post) bool { return p.updated == updated }
		case 1:
			s.file("withdraw", f.ID, "--reason", "It was wrong.")
			want = nil // who never had it is not told
		}
		if want != nil {
			expected = append(expected, expectation{s.object(f.ID), want})
		}
		time.Sleep(time.Duration(r.IntN(300)) * time.Millisecond)
		server.kill()
		c.fresh()
		began := time.Now()
		server = s.start()
		time.Sleep(time.Duration(r.IntN(200)) * time.Millisecond)
		if took, ok := c.since(began); ok {
			slowest = max(slowest, took)
		}
	}
	for _, e := range expected {
		c.settles("after all kills", e.object, e.is)
	}
	t.Logf("%d repeated, delivering again after %s at most", c.repeated(), slowest)
}

// shown is an article as show prints it.
func (s *testSite) shown(id string) (a struct{ History []struct{ At string } }) {
	s.t.Helper()
	if err := json.Unmarshal([]byte(s.must("show", id, "--json")), &a); err != nil {
		s.t.Fatal(err)
	}
	return a
}

// TestFaultKilledBeforeSettlement kills the server when an inbox has answered
// 2xx and before that is written down: at most what was not settled comes
// again, under the same id with the same body (SECURITY B F2).
func TestFaultKilledBeforeSettlement(t *testing.T) {
	for _, at := range []int{1, 17, 150, 400} {
		t.Run(fmt.Sprint(at), func(t *testing.T) {
			t.Parallel()
			s, c := newSite(t), newCrowd(t, 50, 500)
			c.follow(s)
			server := s.start()
			var once sync.Once
			killed := make(chan struct{})
			c.reactTo(func(n int) {
				if n >= at {
					once.Do(func() {
						_ = server.cmd.Process.Signal(syscall.SIGKILL) // reaped below
						close(killed)
					})
				}
			})
			f := s.publish("A statement")
			<-killed
			server.kill()
			c.reactTo(nil)
			c.heardOut()
			answered := c.count()
			s.start()
			c.settles("after the kill", s.object(f.ID), func(p post) bool { return p.kind == "Create" })
			if n := c.repeated(); n > answered {
				t.Errorf("%d of %d that had been answered came again", n, answered)
			}
			t.Logf("%d of %d that had been answered came again", c.repeated(), answered)
		})
	}
}

func (c *crowd) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.arrivals
}

// TestFaultStopped ends the server in the middle of a fan-out: it stops in
// order, and the next start does the rest (SECURITY B F14).
func TestFaultStopped(t *testing.T) {
	t.Parallel()
	s, c := newSite(t), newCrowd(t, 50, 500)
	c.follow(s)
	server := s.start()
	stop := make(chan struct{})
	var once sync.Once
	c.reactTo(func(n int) {
		if n >= 100 {
			once.Do(func() { close(stop) })
		}
	})
	f := s.publish("A statement")
	<-stop
	c.reactTo(nil)
	began := time.Now()
	if err := server.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := server.cmd.Wait(); err != nil {
		t.Errorf("it ended with %v\n%s", err, server.stderr)
	}
	t.Logf("it took %s to stop, with %d of %d delivered", time.Since(began), c.count(), c.inboxes)
	s.start()
	c.settles("after the next start", s.object(f.ID), func(p post) bool { return p.kind == "Create" })
	// What was answered was also settled: an orderly stop repeats nothing.
	mustEqual(t, "repeated", c.repeated(), 0)
}

// TestFaultCorrectedOnTheWay corrects a statement while it is being delivered:
// order is kept everywhere, and who had not been served gets the corrected text
// only.
func TestFaultCorrectedOnTheWay(t *testing.T) {
	t.Parallel()
	s, c := newSite(t), newCrowd(t, 50, 1000)
	c.follow(s)
	s.start()
	f := s.publish("A statement")
	eventually(t, "some inboxes have it", func() bool { return c.count() >= 50 })
	before := c.holders(s.object(f.ID))
	s.file("correct", f.ID, s.markdown("A statement", "Corrected."), "--note", "A word.")
	history := s.shown(f.ID).History
	updated := history[len(history)-1].At
	c.settles("the correction", s.object(f.ID), func(p post) bool { return p.updated == updated || p.kind == "Update" })
	only := 0
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, posts := range c.got {
		var kinds []string
		for _, p := range posts {
			if p.object == s.object(f.ID) && !slices.Contains(kinds, p.kind) {
				kinds = append(kinds, p.kind)
			}
		}
		switch strings.Join(kinds, " ") {
		case "Create":
			only++
		case "Create Update":
		default:
			t.Errorf("an inbox got %v", kinds)
		}
	}
	t.Logf("%d had it before the correction, %d got the corrected text only", before, only)
	if only == 0 {
		t.Error("nobody got the corrected text only")
	}
}

// holders counts the inboxes that have an object.
func (c *crowd) holders(object string) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, posts := range c.got {
		if slices.ContainsFunc(posts, func(p post) bool { return p.object == object }) {
			n++
		}
	}
	return n
}
