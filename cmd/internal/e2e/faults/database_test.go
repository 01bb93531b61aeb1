package faults

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/storage"
	"communique/storage/postgres/postgrestest"
)

// trials is how often a fault is tried that is the same each time.
func trials() int { return max(3, *faultRounds/3) }

// TestReplicaFrozenAsItWrites stops a server in the moment in which it has got the lock of
// all that write, in the middle of a fan-out: the database ends its transaction, others
// publish, and when it goes on it does what is left.
func TestReplicaFrozenAsItWrites(t *testing.T) {
	t.Parallel()
	r := newReplicas(t, 2, 20, 60)
	var slowest time.Duration
	for trial := range trials() {
		slowest = max(slowest, r.freezeWriter(trial))
	}
	t.Logf("%d trials: others had published %s after the lock was taken at most; %d repeated", trials(), slowest.Round(time.Millisecond), r.Repeated())
}

// freezeWriter returns how long after a server had the lock, and did not go on, somebody
// else has published.
func (r *replicas) freezeWriter(trial int) time.Duration {
	r.t.Helper()
	victim := trial % len(r.servers)
	part := make(chan struct{})
	before := r.Count()
	r.holdFrom(before+1, part)
	a := r.site.Publish(fmt.Sprintf("Statement %d", trial))
	e2etest.Eventually(r.t, "the first have it", func() bool { return r.Count() > before })
	unlock := r.lock()
	close(part) // which is to be written down
	e2etest.Eventually(r.t, "it waits in the line of those who write", func() bool {
		return r.sessions(victim, `locktype = 'advisory' AND NOT granted`) > 0
	})
	frozen := r.servers[victim].Cmd.Process
	if err := frozen.Signal(syscall.SIGSTOP); err != nil {
		r.t.Fatal(err)
	}
	unlock()
	e2etest.Eventually(r.t, "its turn has come", func() bool {
		return r.sessions(victim, `locktype = 'advisory' AND granted AND state = 'idle in transaction'`) > 0
	})
	began := time.Now()
	b := r.site.Publish(fmt.Sprintf("Statement %d, by another", trial))
	took := time.Since(began)
	if err := frozen.Signal(syscall.SIGCONT); err != nil {
		r.t.Fatal(err)
	}
	r.settles("what was on its way", r.site.ObjectID(a), created)
	r.settles("what was published meanwhile", r.site.ObjectID(b), created)
	return took
}

// lock takes the lock of all that write, until unlock is called.
func (r *replicas) lock() (unlock func()) {
	r.t.Helper()
	locked, release, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- r.store.Update(r.t.Context(), func(*storage.Tx) error {
			close(locked)
			<-release
			return nil
		})
	}()
	<-locked
	return func() {
		close(release)
		if err := <-ended; err != nil {
			r.t.Error(err)
		}
	}
}

// sessions counts the locks of a replica's sessions of which something is true.
func (r *replicas) sessions(replica int, is string) (n int) {
	r.t.Helper()
	db, err := sql.Open("pgx", r.site.Server)
	if err != nil {
		r.t.Fatal(err)
	}
	defer db.Close()
	err = db.QueryRowContext(r.t.Context(), `SELECT COUNT(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
		WHERE datname = current_database() AND application_name = $1 AND `+is, replicaName(replica)).Scan(&n)
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

// TestReplicaBehindASilentLink has the link between a server and the database swallow what
// goes over it: readers are told to come back, and what is withdrawn meanwhile by another
// way is served to nobody.
func TestReplicaBehindASilentLink(t *testing.T) {
	e2etest.NeedsServer(t)
	t.Parallel()
	s := e2etest.NewSite(t)
	// What the link swallows in the middle of a transaction keeps its locks until the
	// server ends it; who withdraws waits for as long.
	s.Server = strings.Replace(s.Server, "=60s", "=3s", 1) + "&lock_timeout=60s"
	replica := s.Replica()
	link, over := postgrestest.NewLink(t, s.Server)
	replica.Server = over
	replica.Start()
	var slowest time.Duration
	for trial := range trials() {
		f := s.Publish(fmt.Sprintf("Statement %d, which is wrong", trial))
		slowest = max(slowest, swallowed(t, s, replica, link, f))
	}
	t.Logf("%d trials: readers were told to come back after %s at most", trials(), slowest.Round(time.Millisecond))
}

// swallowed returns how long the slowest of some readers waited for an answer.
func swallowed(t *testing.T, s, replica *e2etest.Site, link *postgrestest.Link, f e2etest.Filed) (slowest time.Duration) {
	t.Helper()
	feed := replica.Base + "/en/feed.atom"
	page := replica.Base + strings.TrimPrefix(f.URL, s.Base)
	addresses := []string{feed, replica.Base + "/en/", page, replica.Base + "/ap/articles/" + f.ID}
	for _, address := range addresses { // so that it is in memory
		e2etest.Eventually(t, address+" is served", func() bool {
			got := e2etest.Get(t, address)
			return got.Status == http.StatusOK && strings.Contains(string(got.Body), f.ID) || got.Status == http.StatusNotFound
		})
	}
	link.Swallow()
	ask := func(may ...int) {
		var asking sync.WaitGroup
		took := make([]time.Duration, len(addresses))
		for i, address := range addresses {
			asking.Go(func() {
				began := time.Now()
				got := e2etest.Get(t, address)
				took[i] = time.Since(began)
				if !slices.Contains(may, got.Status) {
					t.Errorf("%s, when the database is not heard, is answered %d", address, got.Status)
				}
			})
		}
		asking.Wait()
		slowest = max(slowest, slices.Max(took))
	}
	ask(http.StatusServiceUnavailable, http.StatusOK) // in the very moment
	s.File("withdraw", f.ID, "--reason", "It was wrong.")
	ask(http.StatusServiceUnavailable)
	link.Restore()
	e2etest.Eventually(t, "it is served again", func() bool { return e2etest.Get(t, feed).Status == http.StatusOK })
	e2etest.Equal(t, "what was withdrawn", e2etest.Get(t, page, "Accept", "text/html").Status, http.StatusGone)
	return slowest
}

// crashEvery is the pause from one crash of the database to the next.
const crashEvery = 5 * time.Second

// TestReplicasOutliveCrashes crashes the database again and again while statements are
// published and delivered: what a command has told of arrives everywhere.
func TestReplicasOutliveCrashes(t *testing.T) {
	t.Parallel()
	s, server := e2etest.NewSiteAlone(t)
	r := newReplicasOf(t, s, 2, 20, 40)
	said := r.publishes(10 * time.Millisecond)
	var slowest time.Duration
	crashes := max(2, *faultRounds*2/5) // which is two minutes in the long form
	for range crashes {
		time.Sleep(crashEvery)
		if err := errors.Join(server.Crash(), server.Again()); err != nil {
			t.Fatal(err)
		}
		slowest = max(slowest, r.goesOn())
	}
	all, refused := said()
	r.haveAll(all)
	t.Logf("%d crashes, %d acknowledged, %d refused, all are there; delivery went on %s after the database was back at most; %d repeated",
		crashes, len(all), refused, slowest.Round(time.Millisecond), r.Repeated())
}

// TestReplicasOutliveTheirPrimary kills the database in the middle of a fan-out, and
// promotes a standby that each commit has waited for: what a command has told of arrives
// everywhere.
func TestReplicasOutliveTheirPrimary(t *testing.T) {
	e2etest.NeedsServer(t)
	t.Parallel()
	for trial := range max(1, *faultRounds/6) {
		t.Run(fmt.Sprint(trial), func(t *testing.T) {
			s, primary := e2etest.NewSiteAlone(t)
			standby := postgrestest.NewStandby(t, primary)
			s.Server = primary.AddressWith(standby, "press")
			r := newReplicasOf(t, s, 2, 20, 40)
			said := r.publishes(10 * time.Millisecond)
			part := make(chan struct{})
			before := r.Count()
			r.holdFrom(before+100, part)
			e2etest.Eventually(t, "it is in the middle", func() bool { return r.Count() >= before+100 })
			if err := primary.Crash(); err != nil {
				t.Fatal(err)
			}
			close(part)
			if err := standby.Promote(); err != nil {
				t.Fatal(err)
			}
			took := r.goesOn()
			all, refused := said()
			after := s.Publish("The last statement")
			if after.Seq < 1_000_000 {
				t.Errorf("the log goes on at %d where the history is another", after.Seq)
			}
			r.haveAll(append(all, s.ObjectID(after)))
			t.Logf("%d acknowledged, %d refused, all are there; delivery went on %s after the promotion; %d repeated",
				len(all), refused, took.Round(time.Millisecond), r.Repeated())
		})
	}
}

// TestReplicasDoubtAnotherClock: where a standby is promoted whose clock tells another time,
// each server holds embargoes and gives the alarm, and nothing comes out at an instant by the
// new clock until somebody has confirmed it.
func TestReplicasDoubtAnotherClock(t *testing.T) {
	e2etest.NeedsServer(t)
	t.Parallel()
	s, primary := e2etest.NewSiteAlone(t)
	if err := primary.ClockByServer("press"); err != nil {
		t.Fatal(err)
	}
	standby := postgrestest.NewStandby(t, primary)
	if err := standby.SetClock(30 * time.Second); err != nil {
		t.Fatal(err)
	}
	s.Server = primary.AddressWith(standby, "press")
	s.MachineAhead(0)
	r := newReplicasOf(t, s, 2, 4, 8, 0, 0)
	ends := time.Now().Add(30 * time.Second) // which it is there when it is promoted
	a := s.Publish("What comes later", e2etest.PublishedAt(ends))
	if err := errors.Join(primary.Crash(), standby.Promote()); err != nil {
		t.Fatal(err)
	}
	for i, server := range r.servers {
		e2etest.Eventually(t, fmt.Sprintf("server %d gives the alarm", i), func() bool {
			said := server.Stderr.String()
			return strings.Contains(said, "embargoes are held") && strings.Contains(said, "30s") // whoever comes first finds it
		})
	}
	b := s.Publish("What is said at once")
	r.settles("what is under no embargo", s.ObjectID(b), created)
	for _, server := range r.sites {
		e2etest.Equal(t, "the one whose instant has come by the new clock", e2etest.Get(t, server.Base+"/ap/articles/"+a.ID).Status, http.StatusNotFound)
	}
	if said, err := s.Program("clock", "confirm").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	r.settles("what was held", s.ObjectID(a), created)
}

// publishes publishes one statement after the other, with a pause, until end is called,
// which returns those that were acknowledged and how many were not.
func (r *replicas) publishes(pause time.Duration) (end func() (acknowledged []string, refused int)) {
	stop := make(chan struct{})
	var all []string
	var refused int
	var publishing sync.WaitGroup
	publishing.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			case <-time.After(pause):
			}
			title := fmt.Sprintf("Statement %d", n)
			out, _, err := r.site.Run("publish", "--json", "--again", r.site.Markdown(title, "What was said in "+title+"."))
			if err != nil {
				refused++ // it says so
				continue
			}
			var f e2etest.Filed
			if err := json.Unmarshal([]byte(out), &f); err != nil {
				r.t.Errorf("publish printed %q: %v", out, err)
			}
			all = append(all, r.site.ObjectID(f))
		}
	})
	return func() ([]string, int) {
		close(stop)
		publishing.Wait()
		return all, refused
	}
}

// goesOn waits until something arrives, and returns how long that took.
func (r *replicas) goesOn() time.Duration {
	r.t.Helper()
	began := time.Now()
	r.fresh()
	e2etest.Eventually(r.t, "deliveries go on", func() bool {
		_, some := r.firstAfter(began)
		return some
	})
	took, _ := r.firstAfter(began)
	return took
}

// haveAll waits until every inbox has all objects.
func (r *replicas) haveAll(objects []string) {
	r.t.Helper()
	if len(objects) == 0 {
		r.t.Error("nothing was acknowledged")
	}
	for _, object := range objects {
		r.settles("what was acknowledged", object, created)
	}
}
