package faults

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"communique/cmd/internal/arrivals"
	"communique/cmd/internal/e2e/e2etest"
)

var (
	faultRounds = flag.Int("faults.rounds", 6, "how often the server is killed in the tests of faults; 200 in the long form")
	floodFor    = flag.Duration("faults.flood", 0, "how long each attack by a real tool lasts; 0 leaves them out")
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
	return rand.New(rand.NewPCG(seed, 1))
}

// publishKilled runs the command that publishes in a process of its own, which
// may be killed at any moment, until it is acknowledged. Its key makes one
// article of all attempts.
func publishKilled(s *e2etest.Site, r *rand.Rand, key, file string) e2etest.Filed {
	s.T.Helper()
	for try := 0; ; try++ {
		cmd := s.Program("publish", "--json", "--key", key, file)
		var out strings.Builder
		cmd.Stdout = &out
		if err := cmd.Start(); err != nil {
			s.T.Fatal(err)
		}
		if try == 0 && r.IntN(3) == 0 {
			time.AfterFunc(time.Duration(r.IntN(30))*time.Millisecond, func() { _ = cmd.Process.Kill() }) // it may have ended
		}
		var f e2etest.Filed
		if err := cmd.Wait(); err == nil {
			if err := json.Unmarshal([]byte(out.String()), &f); err != nil {
				s.T.Fatalf("publish printed %q: %v", out.String(), err)
			}
			return f
		}
		if try > 5 {
			s.T.Fatalf("publish fails: %s", out.String())
		}
	}
}

// TestFaultKilled kills the server at random moments while statements are
// published, corrected and withdrawn and go to 500 inboxes, and kills the
// commands too: nothing that was acknowledged is lost, nothing is out of order,
// no id has two bodies (SECURITY B F1).
func TestFaultKilled(t *testing.T) {
	t.Parallel()
	r := faults(t)
	s, c := e2etest.NewSite(t), newCrowd(t, 50, 500)
	c.follow(s)
	server := s.Start()
	type expectation struct {
		object string
		is     func(arrivals.Arrival) bool
	}
	var expected []expectation
	var slowest time.Duration
	for round := range *faultRounds {
		title := fmt.Sprintf("Statement %d", round)
		f := publishKilled(s, r, title, s.Markdown(title, "What was said."))
		want := func(a arrivals.Arrival) bool { return a.Kind == "Create" || a.Kind == "Update" }
		time.Sleep(time.Duration(r.IntN(60)) * time.Millisecond)
		switch r.IntN(4) {
		case 0:
			s.File("correct", f.ID, s.Markdown(title, "What was meant."), "--note", "A word.")
			updated := updatedAt(t, s, f)
			want = func(a arrivals.Arrival) bool { return a.Updated == updated }
		case 1:
			s.File("withdraw", f.ID, "--reason", "It was wrong.")
			want = nil // who never had it is not told
		}
		if want != nil {
			expected = append(expected, expectation{s.ObjectID(f), want})
		}
		time.Sleep(time.Duration(r.IntN(300)) * time.Millisecond)
		server.Kill()
		c.fresh()
		began := time.Now()
		server = s.Start()
		time.Sleep(time.Duration(r.IntN(200)) * time.Millisecond)
		if took, ok := c.firstAfter(began); ok {
			slowest = max(slowest, took)
		}
	}
	for _, e := range expected {
		c.settles("after all kills", e.object, e.is)
	}
	t.Logf("%d repeated, delivering again after %s at most", c.Repeated(), slowest)
}

// updatedAt is the state of an article that is served, as arrivals tell it.
func updatedAt(t *testing.T, s *e2etest.Site, f e2etest.Filed) string {
	t.Helper()
	return e2etest.Text(e2etest.Object(t, s.ObjectID(f)), "updated")
}

// TestFaultKilledBeforeSettlement kills the server when an inbox has answered
// 2xx and before that is written down: at most what was not settled comes
// again, under the same id with the same body (SECURITY B F2).
func TestFaultKilledBeforeSettlement(t *testing.T) {
	for _, at := range []int{1, 17, 150, 400} {
		t.Run(fmt.Sprint(at), func(t *testing.T) {
			t.Parallel()
			s, c := e2etest.NewSite(t), newCrowd(t, 50, 500)
			c.follow(s)
			server := s.Start()
			var once sync.Once
			killed := make(chan struct{})
			c.reactTo(func(n int) {
				if n >= at {
					once.Do(func() {
						_ = server.Cmd.Process.Signal(syscall.SIGKILL) // reaped below
						close(killed)
					})
				}
			})
			f := s.Publish("A statement")
			<-killed
			server.Kill()
			c.reactTo(nil)
			c.heardOut()
			answered := c.Count()
			s.Start()
			c.settles("after the kill", s.ObjectID(f), created)
			if n := c.Repeated(); n > answered {
				t.Errorf("%d of %d that had been answered came again", n, answered)
			}
			t.Logf("%d of %d that had been answered came again", c.Repeated(), answered)
		})
	}
}

// TestFaultStopped ends the server in the middle of a fan-out: it stops in
// order, and the next start does the rest (SECURITY B F14).
func TestFaultStopped(t *testing.T) {
	t.Parallel()
	s, c := e2etest.NewSite(t), newCrowd(t, 50, 500)
	c.follow(s)
	server := s.Start()
	stop := make(chan struct{})
	var once sync.Once
	c.reactTo(func(n int) {
		if n >= 100 {
			once.Do(func() { close(stop) })
		}
	})
	f := s.Publish("A statement")
	<-stop
	c.reactTo(nil)
	began := time.Now()
	server.End(t)
	t.Logf("it took %s to stop, with %d of %d delivered", time.Since(began), c.Count(), len(c.inboxes))
	s.Start()
	c.settles("after the next start", s.ObjectID(f), created)
	// What was answered was also settled: an orderly stop repeats nothing.
	e2etest.Equal(t, "repeated", c.Repeated(), 0)
}

// TestFaultCorrectedOnTheWay corrects a statement while it is being delivered:
// order is kept everywhere, and those that had not been served get the corrected
// text only.
func TestFaultCorrectedOnTheWay(t *testing.T) {
	t.Parallel()
	s, c := e2etest.NewSite(t), newCrowd(t, 50, 1000)
	c.follow(s)
	s.Start()
	corrected := make(chan struct{})
	c.holdFrom(50, corrected) // or all might be over before the correction is made
	f := s.Publish("A statement")
	e2etest.Eventually(t, "some inboxes have it", func() bool { return c.Count() >= 50 })
	before := c.holders(s.ObjectID(f))
	s.File("correct", f.ID, s.Markdown("A statement", "Corrected."), "--note", "A word.")
	close(corrected)
	updated := updatedAt(t, s, f)
	c.settles("the correction", s.ObjectID(f), func(a arrivals.Arrival) bool { return a.Updated == updated })
	only := 0
	for _, inbox := range c.inboxes {
		var kinds []string
		for _, a := range c.Of(inbox, s.ObjectID(f)) {
			kinds = append(kinds, a.Kind)
		}
		switch strings.Join(slices.Compact(kinds), " ") {
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
