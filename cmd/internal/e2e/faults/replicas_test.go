package faults

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"communique/cmd/internal/arrivals"
	"communique/cmd/internal/e2e/e2etest"
	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/press"
)

// replicas are equal servers of one database.
type replicas struct {
	*crowd
	site    *e2etest.Site
	store   *storage.Store
	sites   []*e2etest.Site
	servers []*e2etest.Process
}

// newReplicas starts n servers and waits until they have shared the work.
func newReplicas(t *testing.T, n, hosts, inboxes int) *replicas {
	t.Helper()
	e2etest.NeedsServer(t)
	return newReplicasOf(t, e2etest.NewSite(t), n, hosts, inboxes)
}

// newReplicasOf is newReplicas for a site that is there. The clocks of the machines are ahead
// of the right time by so much, if that is said, and those that count are the database's.
func newReplicasOf(t *testing.T, site *e2etest.Site, n, hosts, inboxes int, ahead ...time.Duration) *replicas {
	t.Helper()
	r := &replicas{crowd: newCrowd(t, hosts, inboxes), site: site}
	r.follow(r.site)
	r.store = r.site.Open()
	for i := range n {
		s := r.site.Replica()
		s.Server = strings.Replace(s.Server, "=60s", "=3s", 1) + "&application_name=" + replicaName(i) // as it is outside of tests: see TestReplicaFrozen
		if i < len(ahead) {
			s.MachineAhead(ahead[i])
		}
		r.sites, r.servers = append(r.sites, s), append(r.servers, s.Start())
	}
	t.Cleanup(func() {
		if t.Failed() {
			for i, p := range r.servers {
				t.Logf("replica %d: %s", i, p.Stderr.String())
			}
		}
	})
	r.shared(n)
	return r
}

// replicaName is what the database calls a replica.
func replicaName(i int) string { return fmt.Sprint("replica", i) }

// held is how many shards each replica has that is there.
func (r *replicas) held() (each []int) {
	r.t.Helper()
	err := r.store.View(r.t.Context(), func(tx *storage.Tx) error {
		each = nil
		all, err := tx.Replicas(0)
		for _, a := range all {
			shards, err := tx.Leased(a.ID)
			if err != nil {
				return err
			}
			n := 0
			for ; shards != 0; shards &= shards - 1 {
				n++
			}
			each = append(each, n)
		}
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return each
}

// shared waits until n replicas have equal shares of all.
func (r *replicas) shared(n int) {
	r.t.Helper()
	e2etest.Eventually(r.t, fmt.Sprintf("%d replicas share the work", n), func() bool {
		each, all := r.held(), 0
		for _, shards := range each {
			if shards != deliveries.Shards/n && shards != deliveries.Shards/n+1 {
				return false
			}
			all += shards
		}
		return len(each) == n && all == deliveries.Shards
	})
}

// TestReplicasShare: what is published arrives at each inbox once, by whichever of
// several servers; one that is stopped in order gives its share to the others at once.
func TestReplicasShare(t *testing.T) {
	for _, n := range []int{2, 3} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			r := newReplicas(t, n, 100, 300)
			a := r.site.Publish("A statement")
			r.settles("what was published", r.site.ObjectID(a), created)
			r.site.File("correct", a.ID, r.site.Markdown("A statement", "As corrected."), "--note", "A word.")
			updated := r.updated(a)
			r.settles("the correction", r.site.ObjectID(a), func(a arrivals.Arrival) bool { return a.Updated == updated })
			if err := r.servers[0].Cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			b := r.site.Publish("Another statement")
			r.settles("what was published as one ended", r.site.ObjectID(b), created)
			r.shared(n - 1)
			if err := r.servers[0].Cmd.Wait(); err != nil {
				t.Errorf("the one that ended: %v", err)
			}
			e2etest.Equal(t, "repeated", r.Repeated(), 0)
		})
	}
}

// updated is the state of an article, as arrivals tell it.
func (r *replicas) updated(f e2etest.Filed) (at string) {
	r.t.Helper()
	e2etest.Eventually(r.t, "the correction arrives somewhere", func() bool {
		for _, inbox := range r.inboxes {
			for _, a := range r.Of(inbox, r.site.ObjectID(f)) {
				if a.Kind == "Update" {
					at = a.Updated
					return true
				}
			}
		}
		return false
	})
	return at
}

// TestReplicaKilled kills one of three servers again and again in the middle of
// deliveries. The others take over, nothing is lost and nothing is out of order.
func TestReplicaKilled(t *testing.T) {
	t.Parallel()
	random := faults(t)
	r := newReplicas(t, 3, 100, 300)
	var slowest time.Duration
	for round := range max(1, *faultRounds/6) {
		victim := random.IntN(len(r.servers))
		slowest = max(slowest, r.killDuring(random, round, victim))
		r.servers[victim] = r.sites[victim].Start()
		r.shared(3)
	}
	t.Logf("%d repeated; all had it %s after a death at most", r.Repeated(), slowest)
}

// killDuring publishes, kills one in the middle, corrects, withdraws something else, and
// returns how long after the death every inbox has it.
func (r *replicas) killDuring(random *rand.Rand, round, victim int) time.Duration {
	title := fmt.Sprintf("Statement %d", round)
	withdrawn := r.site.Publish(title + ", which is wrong")
	r.settles("what will be withdrawn", r.site.ObjectID(withdrawn), created)
	part := make(chan struct{})
	r.holdFrom(r.Count()+1+random.IntN(len(r.inboxes)/2), part)
	before := r.Count()
	a := r.site.Publish(title)
	e2etest.Eventually(r.t, "some have it", func() bool { return r.Count() > before })
	r.servers[victim].Kill()
	died := time.Now()
	r.site.File("withdraw", withdrawn.ID, "--reason", "It was wrong.")
	r.site.File("correct", a.ID, r.site.Markdown(title, "What was meant."), "--note", "A word.")
	close(part)
	r.settles("the withdrawal", r.site.ObjectID(withdrawn), func(a arrivals.Arrival) bool { return a.Kind == "Delete" })
	newest := r.state(a)
	r.settles("the correction", r.site.ObjectID(a), func(a arrivals.Arrival) bool { return a.Updated == newest })
	return time.Since(died)
}

// state is what an article says when it was changed last.
func (r *replicas) state(f e2etest.Filed) string {
	r.t.Helper()
	var at time.Time
	err := r.store.View(r.t.Context(), func(tx *storage.Tx) error {
		a, err := tx.Article(press.ArticleID(f.ID))
		at = a.Updated
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return at.UTC().Format(time.RFC3339)
}

// TestReplicaFrozen stops a server for longer than its leases last, in the middle of
// deliveries. Others take over, and what it does when it goes on is out of order nowhere.
func TestReplicaFrozen(t *testing.T) {
	t.Parallel()
	random := faults(t)
	r := newReplicas(t, 2, 50, 200)
	for round := range max(1, *faultRounds/6) {
		frozen := r.servers[random.IntN(len(r.servers))].Cmd.Process
		title := fmt.Sprintf("Statement %d", round)
		before := r.Count()
		part := make(chan struct{})
		r.holdFrom(before+1+random.IntN(len(r.inboxes)/2), part)
		a := r.site.Publish(title)
		e2etest.Eventually(t, "some have it", func() bool { return r.Count() > before })
		if err := frozen.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		close(part)
		r.site.File("correct", a.ID, r.site.Markdown(title, "What was meant."), "--note", "A word.")
		newest := r.state(a)
		r.settles("the correction, while one is frozen", r.site.ObjectID(a), func(a arrivals.Arrival) bool { return a.Updated == newest })
		if err := frozen.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		r.shared(2)
		b := r.site.Publish(title + ", again")
		r.settles("what was published after", r.site.ObjectID(b), created)
	}
	t.Logf("%d repeated", r.Repeated())
}

// TestReplicasEndAnEmbargoOnce: of three servers, on machines whose clocks are two seconds
// slow, right and two seconds fast, one ends each embargo, and none shows anything before its
// instant. How late is printed; -faults.rounds=300 makes 100 trials.
func TestReplicasEndAnEmbargoOnce(t *testing.T) {
	e2etest.NeedsServer(t)
	t.Parallel()
	r := newReplicasOf(t, e2etest.NewSite(t), 3, 20, 40, -2*time.Second, 0, 2*time.Second)
	var late []time.Duration
	for trial := range trials() {
		late = append(late, r.endsAnEmbargo(fmt.Sprintf("Not before its time %d", trial)))
	}
	e2etest.Equal(t, "repeated", r.Repeated(), 0)
	slices.Sort(late)
	t.Logf("%d embargoes ended after their instant by %s, p95 %s", len(late), late[len(late)/2], late[(len(late)*95-1)/100])
}

// endsAnEmbargo waits for the end of an embargo, before which no server shows anything and
// nothing arrives, and returns how late it was ended. The clock of the database is this
// machine's.
func (r *replicas) endsAnEmbargo(title string) time.Duration {
	r.t.Helper()
	var ends time.Time
	err := r.store.View(r.t.Context(), func(tx *storage.Tx) error {
		ends = tx.Now().Add(3 * time.Second).Truncate(time.Second)
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
	a := r.site.Publish(title, e2etest.PublishedAt(ends))
	for before := true; before; time.Sleep(10 * time.Millisecond) {
		for i, s := range r.sites {
			got := e2etest.Get(r.t, s.Base+"/ap/articles/"+a.ID)
			if before = time.Now().Before(ends); before && got.Status != http.StatusNotFound {
				r.t.Errorf("server %d answers %d before %s", i, got.Status, ends)
			}
		}
	}
	r.settles("what was under embargo", r.site.ObjectID(a), created)
	for _, inbox := range r.inboxes {
		for _, arrived := range r.Of(inbox, r.site.ObjectID(a)) {
			if arrived.At.Before(ends) {
				r.t.Errorf("%s was told at %s, before %s", inbox, arrived.At, ends)
			}
		}
	}
	var entries []press.Entry
	err = r.store.View(r.t.Context(), func(tx *storage.Tx) (err error) {
		entries, err = tx.EntriesOf(press.ArticleID(a.ID))
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	if len(entries) != 1 || entries[0].At.Before(ends) {
		r.t.Fatalf("the embargo until %s has the entries %+v", ends, entries)
	}
	return entries[0].At.Sub(ends)
}
