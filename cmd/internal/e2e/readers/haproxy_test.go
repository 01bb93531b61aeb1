package readers

import (
	"bytes"
	"database/sql"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/realpart"
)

// behindHaproxy runs two replicas of a site behind haproxy, which is set up as the README
// says and hands requests to the one and the other in turn.
func behindHaproxy(t *testing.T) (*e2etest.Site, []*e2etest.Process) {
	t.Helper()
	haproxy := realpart.Program(t, "haproxy")
	readme, err := os.ReadFile(e2etest.Source(t, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(string(readme), "```haproxy\n")
	text, _, _ = strings.Cut(text, "```")
	if !found {
		t.Fatal("the README has no example for haproxy")
	}
	s := e2etest.NewSite(t)
	one, two := s.Replica(), s.Replica()
	address := func(of *e2etest.Site) string { return strings.TrimPrefix(of.Base, "http://") }
	text = strings.NewReplacer(
		":443 ssl crt /etc/haproxy/press.pem alpn h2,http/1.1", address(s), "10.0.0.5:8080", address(one), "10.0.0.6:8080", address(two),
		// Who has answered is seen here alone.
		"default_backend communique", "http-response set-header X-Answered-By %s\n    default_backend communique",
	).Replace(text)
	file := filepath.Join(t.TempDir(), "haproxy.cfg")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	servers := []*e2etest.Process{one.Start(), two.Start()}
	cmd := exec.Command(haproxy, "-db", "-q", "-f", file)
	said := &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("haproxy: %s", said)
		}
	})
	e2etest.Eventually(t, "haproxy answers", func() bool {
		connection, err := net.Dial("tcp", address(s))
		if err == nil {
			_ = connection.Close()
		}
		return err == nil
	})
	return s, servers
}

// fromEach asks until both replicas have answered, each of them the same.
func fromEach(t *testing.T, status int, address string, headers ...string) e2etest.Answer {
	t.Helper()
	by := map[string]e2etest.Answer{}
	var first e2etest.Answer
	for i := 0; len(by) < 2; i++ {
		got := e2etest.Get(t, address, headers...)
		e2etest.Equal(t, "the status of "+address, got.Status, status)
		if i == 0 {
			first = got
		}
		by[got.Header.Get("X-Answered-By")] = got
		e2etest.Equal(t, "the tag of "+address, got.Header.Get("ETag"), first.Header.Get("ETag"))
		e2etest.Equal(t, "the body of "+address, string(got.Body), string(first.Body))
		if i > 50 {
			t.Fatalf("%s is answered by %v alone", address, by)
		}
	}
	return first
}

var previousArchive = regexp.MustCompile(`<link href="([^"]*)" rel="prev-archive"`)

// TestReplicasBehindHaproxy: whichever of two replicas a request comes to, the answers go
// together: versions and changes of feeds, archives, subscriptions and follows.
func TestReplicasBehindHaproxy(t *testing.T) {
	e2etest.NeedsServer(t)
	t.Parallel()
	s, servers := behindHaproxy(t)
	feed := s.Base + activities + "feed.atom"
	before := s.Publish("The first communiqué")
	tag := fromEach(t, http.StatusOK, feed).Header.Get("ETag")
	fromEach(t, http.StatusNotModified, feed, "If-None-Match", tag)

	peer := s.FollowedBy(t, s.Actor())
	sub := newSubscriber(t)
	callback := sub.server.URL + "/callback"
	sub.subscribe(s, feed, callback)

	news := s.Publish("The second communiqué")
	changed := fromEach(t, http.StatusOK, feed, "If-None-Match", tag)
	delta := fromEach(t, http.StatusIMUsed, feed, "If-None-Match", tag, "A-IM", "feed")
	e2etest.Equal(t, "what is new, and what is not, in the changes", fmt.Sprint(bytes.Contains(delta.Body, []byte(news.ID)), bytes.Contains(delta.Body, []byte(before.ID))), "true false")
	archive := previousArchive.FindSubmatch(changed.Body)
	if archive == nil {
		t.Fatalf("the feed leads to no archive: %s", changed.Body)
	}
	if got := fromEach(t, http.StatusOK, string(archive[1])); !bytes.Contains(got.Body, []byte(before.ID)) {
		t.Errorf("the archive lacks the first one: %s", got.Body)
	}

	e2etest.Equal(t, "what the subscriber gets", string(sub.waitFor(callback, news.ID).Body), string(changed.Body))
	e2etest.Eventually(t, "the follower gets it", func() bool { return len(peer.OfKind("Create")) > 0 })

	s.File("withdraw", news.ID, "--reason", "It was wrong.")
	for _, status := range []string{"a page", "an object"} {
		headers := map[string][]string{"a page": {"Accept", "text/html"}, "an object": {"Accept", "application/activity+json"}}[status]
		fromEach(t, http.StatusGone, news.URL, headers...)
	}
	e2etest.Eventually(t, "the follower is told", func() bool { return len(peer.OfKind("Delete")) > 0 })
	peer.Sends(s, peer.Activity("Undo", "undo", peer.Follow(s.Actor())))
	s.Publish("The third communiqué")
	sub.subscribe(s, feed, sub.server.URL+"/late")
	e2etest.Equal(t, "the follower got each once", fmt.Sprint(len(peer.OfKind("Create")), len(peer.OfKind("Delete"))), "1 1")
	nextReleases(t, s, servers, feed)
}

// nextReleases: a release that only adds to the tables finds the servers at work, which go
// on; when the next one has taken something away that they use, they stop with a line.
func nextReleases(t *testing.T, s *e2etest.Site, servers []*e2etest.Process, feed string) {
	t.Helper()
	db, err := sql.Open("pgx", s.Server)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	release := func(statements string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statements); err != nil {
			t.Fatal(err)
		}
	}
	release(`ALTER TABLE articles ADD COLUMN later TEXT NOT NULL DEFAULT ''`)
	release(`INSERT INTO schema_version (version) SELECT MAX(version) + 1 FROM schema_version`)
	fourth := s.Publish("The fourth communiqué")
	if got := fromEach(t, http.StatusOK, feed); !bytes.Contains(got.Body, []byte(fourth.ID)) {
		t.Errorf("after a release that adds: %s", got.Body)
	}
	release(`UPDATE schema_oldest SET version = (SELECT MAX(version) FROM schema_version)`)
	for i, server := range servers {
		if err := server.Cmd.Wait(); err == nil || !strings.Contains(server.Stderr.String(), "use the newer program") {
			t.Errorf("server %d: %v: %s", i, err, server.Stderr)
		}
	}
}
