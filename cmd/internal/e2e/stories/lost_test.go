package stories

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"communique/cmd/communique/command"
	"communique/cmd/internal/e2e/e2etest"
	"communique/storage/postgres/postgrestest"
)

// TestTheDatabaseIsLost while a site is served: readers and other servers are told to
// come back, commands say so, the log once; and when it is there again everything goes
// on, with what was there.
func TestTheDatabaseIsLost(t *testing.T) {
	t.Parallel()
	s, server := e2etest.NewSiteAlone(t)
	s.Serve()
	p := s.FollowedBy(t, s.Actor())
	first := s.Publish("A first statement")
	p.WaitFor(2)
	feed := s.Base + "/en/feed.atom"
	etag := e2etest.Get(t, feed).Header.Get("ETag")
	before := len(s.Log.String())
	if err := server.Crash(); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{s.Base + "/en/", feed, s.Base + "/en/feed.rss", s.ObjectID(first), s.Base + "/nodeinfo/2.1"} {
		e2etest.Equal(t, address, e2etest.Get(t, address).Status, http.StatusServiceUnavailable)
		got := e2etest.Get(t, address, "If-None-Match", etag)
		e2etest.Equal(t, address+" for who has it", got.Status, http.StatusServiceUnavailable)
		e2etest.Equal(t, "when to come back", got.Header.Get("Retry-After"), "5")
	}
	for range 3 {
		e2etest.Equal(t, "the inbox", p.Send(s.Inbox(), p.Undo(s.Actor())), http.StatusServiceUnavailable)
	}
	saysInOneLine(t, s, "; nothing was written: try again when its server answers\n", "publish", s.Markdown("Another statement", "It was signed."))
	if line := saysInOneLine(t, s, "; try again when its server answers\n", "list"); strings.Contains(line, "written") {
		t.Errorf("list says %q", line)
	}
	said := s.Log.String()[before:]
	if strings.Count(said, "level=WARN")+strings.Count(said, "level=ERROR") != 1 || !strings.Contains(said, "level=WARN msg=\"the database cannot be reached") {
		t.Errorf("the log says:\n%s", said)
	}
	if err := server.Again(); err != nil {
		t.Fatal(err)
	}
	e2etest.Eventually(t, "feeds are there again", func() bool { return e2etest.Get(t, feed).Status == http.StatusOK })
	e2etest.Eventually(t, "the log says so", func() bool { return strings.Contains(s.Log.String(), "level=INFO msg=\"the database is back\" away=") })
	s.Publish("A second statement")
	p.WaitFor(3)
	if n := strings.Count(s.Log.String(), "the database is back"); n != 1 {
		t.Errorf("the log says %d times that it is back", n)
	}
}

// saysInOneLine runs a command that fails with a line that ends in a text, and returns it.
func saysInOneLine(t *testing.T, s *e2etest.Site, end string, args ...string) string {
	t.Helper()
	_, _, err := s.Run(args...)
	var line bytes.Buffer
	if status := command.ExitStatus(&line, err); status != 1 || strings.Count(line.String(), "\n") != 1 || !strings.HasSuffix(line.String(), end) {
		t.Errorf("communique %s: status %d and %q, want it to end in %q", strings.Join(args, " "), status, line.String(), end)
	}
	return line.String()
}

// TestASilentLink: where the link to the database swallows what goes over it, without a
// word, readers and other servers are told to come back, and what is withdrawn meanwhile,
// over another link, is served to nobody; the log says it once.
func TestASilentLink(t *testing.T) {
	e2etest.NeedsServer(t)
	t.Parallel()
	s := e2etest.NewSite(t)
	// What the link swallows in the middle of a transaction keeps its locks until the
	// server ends it; who comes by another way waits for as long.
	s.Server = strings.Replace(s.Server, "idle_in_transaction_session_timeout=60s", "idle_in_transaction_session_timeout=10s&lock_timeout=60s", 1)
	direct := s.Server
	var link *postgrestest.Link
	link, s.Server = postgrestest.NewLink(t, direct)
	s.Serve()
	p := s.FollowedBy(t, s.Actor())
	f := s.Publish("To be withdrawn")
	p.WaitFor(2)
	feed := s.Base + "/en/feed.atom"
	addresses := []string{s.Base + "/en/", feed, s.Base + "/en/feed.rss", s.ObjectID(f), f.URL}
	for _, address := range addresses { // so that it is in memory
		e2etest.Equal(t, address, e2etest.Get(t, address).Status, http.StatusOK)
	}
	etag := e2etest.Get(t, feed).Header.Get("ETag")
	before := len(s.Log.String())
	link.Swallow()
	s.Server = direct
	s.Must("withdraw", f.ID, "--reason", "It was not agreed.")
	for _, address := range addresses {
		e2etest.Equal(t, address, e2etest.Get(t, address).Status, http.StatusServiceUnavailable)
	}
	e2etest.Equal(t, "the feed for who has it", e2etest.Get(t, feed, "If-None-Match", etag).Status, http.StatusServiceUnavailable)
	e2etest.Equal(t, "the inbox", p.Send(s.Inbox(), p.Undo(s.Actor())), http.StatusServiceUnavailable)
	said := s.Log.String()[before:]
	if strings.Count(said, "level=WARN")+strings.Count(said, "level=ERROR") != 1 || !strings.Contains(said, "level=WARN msg=\"the database cannot be reached") {
		t.Errorf("the log says:\n%s", said)
	}
	link.Restore()
	e2etest.Eventually(t, "feeds are there again", func() bool { return e2etest.Get(t, feed).Status == http.StatusOK })
	e2etest.Equal(t, "what was withdrawn", e2etest.Get(t, f.URL).Status, http.StatusGone)
	p.WaitFor(3)
}

// TestADatabaseThatCameBack as it was once: what was seen of the log by the server and by
// commands is remembered beside the configuration. The log goes on behind it, and
// embargoes wait.
func TestADatabaseThatCameBack(t *testing.T) {
	e2etest.NeedsServer(t)
	t.Parallel()
	s := e2etest.NewSite(t)
	first := s.Publish("A first statement")
	s.Publish("A second statement")
	db, err := sql.Open("pgx", s.Server)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range []string{`DELETE FROM entries WHERE seq > $1`, `UPDATE log_head SET (seq, at) = (SELECT seq, at FROM entries WHERE seq = $1)`} {
		if _, err := db.ExecContext(t.Context(), statement, first.Seq); err != nil {
			t.Fatal(err)
		}
	}
	if _, warned, err := s.Run("clock"); err != nil || !strings.Contains(warned, "the database lacks the last of what was published") {
		t.Errorf("clock, before anything is done: %v %s", err, warned)
	}
	if f := s.Publish("A third statement"); f.Seq < 1_000_000 {
		t.Errorf("it has the number %d", f.Seq)
	}
	if out := s.Must("clock"); !strings.Contains(out, "Embargoes are held: the database lacks the last of what was published") {
		t.Errorf("clock: %s", out)
	}
	s.Must("clock", "confirm")
	if out := s.Must("clock"); strings.Contains(out, "held") {
		t.Errorf("after it was confirmed: %s", out)
	}
}

// TestNothingAcknowledgedIsLost where the database is crashed again and again while
// articles are published: each that a command has told of is in the log, and arrives
// once, or again under the same id.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	t.Parallel()
	s, server := e2etest.NewSiteAlone(t)
	s.Serve()
	p := s.FollowedBy(t, s.Actor())
	due := make(chan struct{}, 1)
	var crashing sync.WaitGroup
	crashing.Go(func() { crash(t, server, due) })
	var published []string
	for crashes := 0; len(published) < 6; {
		// Once for each: a machine that is busy would never get to publish anything else.
		if crashes <= len(published)/2 {
			crashes++
			due <- struct{}{}
		}
		out, _, err := s.Run("publish", "--json", "--again", s.Markdown("Statement", "It was signed."))
		if err != nil {
			continue // it says so
		}
		var f e2etest.Filed
		if err := json.Unmarshal([]byte(out), &f); err != nil {
			t.Error(err)
		}
		published = append(published, s.ObjectID(f))
	}
	close(due)
	crashing.Wait()
	e2etest.Eventually(t, "all that was published has arrived", func() bool {
		arrived := map[string]bool{}
		for _, a := range p.OfKind("Create") {
			arrived[e2etest.Text(a.Fields, "object", "id")] = true
		}
		return !slices.ContainsFunc(published, func(id string) bool { return !arrived[id] })
	})
	bodies := map[string]string{}
	for _, a := range p.OfKind("Create") {
		id := e2etest.Text(a.Fields, "id")
		if before, again := bodies[id]; again && before != string(a.Body) {
			t.Errorf("%s arrived with two bodies", id)
		}
		bodies[id] = string(a.Body)
	}
}

// crash crashes a server whenever it is due, and starts it again.
func crash(t *testing.T, server *postgrestest.Server, due <-chan struct{}) {
	for range due {
		if err := server.Crash(); err != nil {
			t.Error(err)
		}
		if err := server.Again(); err != nil {
			t.Error(err)
		}
	}
}

// TestAServerThatIsPromoted takes no writing for a while, which nobody is told is done;
// then the log goes on after a gap.
func TestAServerThatIsPromoted(t *testing.T) {
	t.Parallel()
	s, server := e2etest.NewSiteAlone(t)
	s.Serve()
	p := s.FollowedBy(t, s.Actor())
	s.Publish("A first statement")
	p.WaitFor(2)
	if err := server.Standby(); err != nil {
		t.Fatal(err)
	}
	e2etest.Equal(t, "the inbox", p.Send(s.Inbox(), p.Undo(s.Actor())), http.StatusServiceUnavailable)
	e2etest.Equal(t, "a feed, which may be older than what was said", e2etest.Get(t, s.Base+"/en/feed.atom").Status, http.StatusServiceUnavailable)
	refused(t, s, "name the primary", "publish", s.Markdown("Another statement", "It was signed."))
	if err := server.Promote(); err != nil {
		t.Fatal(err)
	}
	e2etest.Eventually(t, "the server sees it", func() bool { return strings.Contains(s.Log.String(), "the log goes on after a gap") })
	if f := s.Publish("A second statement"); f.Seq < 1_000_000 {
		t.Errorf("it has the number %d", f.Seq)
	}
	p.WaitFor(3)
}
