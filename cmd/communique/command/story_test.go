package command

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var formats = []string{"rss", "atom", "json"}

// feeds are the addresses of all feeds of an English article in the site's
// section: the section's own, those above it, and the one of everything.
func (s *testSite) feeds() []string {
	var all []string
	for _, path := range []string{"", "the-ministry/", "the-ministry/the-minister/", "the-ministry/the-minister/activities/"} {
		for _, format := range formats {
			all = append(all, s.base+"/en/"+path+"feed."+format)
		}
	}
	return all
}

// everywhere is every public address that could mention an article of the
// site, by id too.
func (s *testSite) everywhere(id string) []string {
	return append(s.feeds(),
		s.base+"/en/", s.base+"/en/the-ministry/", s.base+"/en/the-ministry/the-minister/activities/",
		s.base+"/en/articles/"+id+"/", s.base+"/en/articles/"+id+"/a-statement", s.base+"/ap/articles/"+id,
		s.actor()+"/outbox", s.actor()+"/outbox?before=9007199254740991",
		s.base+"/ap/activities/1/create", s.base+"/ap/activities/2/create", s.base+"/ap/activities/3/create", s.base+"/ap/activities/4/create",
		s.base+"/nodeinfo/2.1")
}

// mentions counts the addresses whose answer holds a text.
func mentions(t *testing.T, addresses []string, text string) int {
	t.Helper()
	n := 0
	for _, address := range addresses {
		for _, accept := range []string{"text/html", activityJSON, "*/*"} {
			if got := get(t, address, "Accept", accept); bytes.Contains(got.Body, []byte(text)) {
				n++
			}
		}
	}
	return n
}

func kinds(arrivals []arrival) []string {
	var all []string
	for _, a := range arrivals {
		all = append(all, a.kind())
	}
	return all
}

// TestAStatementGoesOutEverywhere is the main job: published, corrected and
// withdrawn, a statement shows in every feed, on its page and at a follower.
func TestAStatementGoesOutEverywhere(t *testing.T) {
	t.Parallel()
	s, p := newSite(t), newPeer(t)
	s.serve()
	mustEqual(t, "a Follow", p.send(s.actor()+"/inbox", p.follow(s.actor())), 202)
	p.waitFor(1)

	f := s.publish("A treaty was signed")
	for _, feed := range s.feeds() {
		mustEqual(t, "the title in "+feed, bytes.Count(get(t, feed).Body, []byte("A treaty was signed")) > 0, true)
	}
	page := get(t, f.URL, "Accept", "text/html")
	mustEqual(t, "the page", page.Status, 200)
	p.waitFor(2)

	s.file("correct", f.ID, s.markdown("Two treaties were signed", "The Minister signed both."), "--note", "There were two of them.")
	for _, feed := range s.feeds() {
		body := get(t, feed).Body
		if !bytes.Contains(body, []byte("Two treaties were signed")) || bytes.Contains(body, []byte("A treaty was signed")) ||
			!bytes.Contains(body, []byte("There were two of them.")) {
			t.Errorf("%s after the correction:\n%s", feed, body)
		}
	}
	moved := get(t, f.URL, "Accept", "text/html")
	mustEqual(t, "the old address", moved.Status, 301)
	page = get(t, moved.Header.Get("Location"), "Accept", "text/html")
	mustEqual(t, "the note on the page", bytes.Contains(page.Body, []byte("There were two of them.")), true)
	p.waitFor(3)

	s.file("withdraw", f.ID, "--reason", "Neither was signed.")
	mustEqual(t, "mentions in the feeds", mentions(t, s.feeds(), "treaties"), 0)
	page = get(t, moved.Header.Get("Location"), "Accept", "text/html")
	mustEqual(t, "the page's status", page.Status, 410)
	mustEqual(t, "the reason on the page", bytes.Contains(page.Body, []byte("Neither was signed.")), true)
	mustEqual(t, "the title on the page", bytes.Contains(page.Body, []byte("treaties")), false)
	got := p.waitFor(4)
	mustEqual(t, "what arrived", kinds(got), []string{"Accept", "Create", "Update", "Delete"})
	if _, _, err := s.run("withdraw", f.ID, "--reason", "Again."); err == nil {
		t.Error("it was withdrawn twice")
	}
}

// TestEmbargo: nothing tells before its second that a statement exists
// (SECURITY A 40), and everything has it after.
func TestEmbargo(t *testing.T) {
	t.Parallel()
	s, p := newSite(t), newPeer(t)
	s.serve()
	mustEqual(t, "a Follow", p.send(s.actor()+"/inbox", p.follow(s.actor())), 202)
	p.waitFor(1)
	const marker = "9f3ac0de51e7b2a4"
	release := time.Now().Add(3 * time.Second).Truncate(time.Second)
	f := s.file("publish", s.markdown("A statement "+marker, "Text "+marker+".", "tags: [t"+marker+"]", "published: "+release.UTC().Format(time.RFC3339)))
	mustEqual(t, "the state", f.State, "embargoed")

	unknown := "aaaaaaaaaaaaaaaa"
	mustEqual(t, "mentions before", mentions(t, s.everywhere(f.ID), marker), 0)
	for i, address := range s.everywhere(f.ID) {
		nothing := s.everywhere(unknown)[i]
		if address == nothing {
			continue
		}
		got, want := get(t, address), get(t, nothing)
		mustEqual(t, "the status of "+address, got.Status, want.Status)
		same := bytes.Equal(bytes.ReplaceAll(got.Body, []byte(f.ID), nil), bytes.ReplaceAll(want.Body, []byte(unknown), nil))
		mustEqual(t, "the answer at "+address+" is that of an unknown id", same, true)
	}
	if early := len(p.arrivals()); early != 1 && time.Now().Before(release) {
		t.Errorf("%d deliveries before the second", early-1)
	}

	got := p.waitFor(2)[1]
	if time.Now().Before(release) {
		t.Error("it was delivered before its second")
	}
	mustEqual(t, "published", text(got.Fields, "object", "published"), release.UTC().Format(time.RFC3339))
	for _, feed := range s.feeds() {
		mustEqual(t, "the text in "+feed, bytes.Contains(get(t, feed).Body, []byte(marker)), true)
	}
	mustEqual(t, "the page", get(t, f.URL, "Accept", "text/html").Status, 200)
}

// TestCancelledEmbargo: what is withdrawn before its second never existed.
func TestCancelledEmbargo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	f := s.file("publish", s.markdown("A secret", "Text.", "published: "+time.Now().Add(time.Hour).UTC().Format(time.RFC3339)))
	s.must("withdraw", f.ID, "--reason", "Not needed.")
	for _, address := range []string{f.URL, s.base + "/ap/articles/" + f.ID} {
		mustEqual(t, "the status of "+address, get(t, address).Status, 404)
	}
}

// TestFeedsAnswerFromTheVersion: a second poll costs a 304, until something
// changes.
func TestFeedsAnswerFromTheVersion(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	f := s.publish("A statement")
	time.Sleep(3100 * time.Millisecond) // Last-Modified is told once no other version can have the same
	for _, feed := range s.feeds() {
		first := get(t, feed)
		tag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
		if !strings.HasPrefix(tag, `"`) || modified == "" {
			t.Fatalf("%s has the validators %q, %q", feed, tag, modified)
		}
		mustEqual(t, "by tag", get(t, feed, "If-None-Match", tag).Status, 304)
		mustEqual(t, "by weak tag in a list", get(t, feed, "If-None-Match", `"x", W/`+tag).Status, 304)
		mustEqual(t, "by time", get(t, feed, "If-Modified-Since", modified).Status, 304)
		mustEqual(t, "by another tag, though not modified", get(t, feed, "If-None-Match", `"x"`, "If-Modified-Since", modified).Status, 200)
		head := request(t, http.MethodHead, feed)
		mustEqual(t, "HEAD", fmt.Sprint(head.Status, head.Header.Get("ETag"), len(head.Body)), fmt.Sprint(200, tag, 0))
	}
	tag := get(t, s.feeds()[0]).Header.Get("ETag")
	s.file("correct", f.ID, s.markdown("A statement", "A comma."), "--minor")
	mustEqual(t, "after a correction", get(t, s.feeds()[0], "If-None-Match", tag).Status, 200)
}

// process is a server in a process of its own, to be killed.
type process struct {
	cmd    *exec.Cmd
	stderr *syncBuffer
}

// program is a command of the site in a process of its own.
func (s *testSite) program(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], append(args, "--data", s.data)...) //nolint:gosec // this test binary
	cmd.Env = append(os.Environ(), asProgram+"=1")
	return cmd
}

func (s *testSite) start() *process {
	s.t.Helper()
	p := &process{cmd: s.program("serve"), stderr: &syncBuffer{}}
	p.cmd.Stderr = p.stderr
	if err := p.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { p.kill() })
	eventually(s.t, "the server answers", func() bool {
		got, err := http.Get(s.base + "/nodeinfo/2.1") //nolint:noctx // bounded by eventually
		if err == nil {
			_ = got.Body.Close()
		}
		return err == nil
	})
	return p
}

// kill is kill -9: no handler runs, nothing is flushed.
func (p *process) kill() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Kill() // it may have ended by itself
		_ = p.cmd.Wait()         // "signal: killed" is what was asked for
	}
}

// TestKilledBetweenPublishAndDelivery: what was acknowledged is delivered by
// the next start, under the same ids and with the same bodies.
func TestKilledBetweenPublishAndDelivery(t *testing.T) {
	t.Parallel()
	s, p := newSite(t), newPeer(t)
	server := s.start()
	mustEqual(t, "a Follow", p.send(s.actor()+"/inbox", p.follow(s.actor())), 202)
	p.waitFor(1)
	hold := make(chan struct{})
	p.hold(hold)
	first := s.publish("The first statement")
	p.waitFor(2) // it has arrived, and no answer goes back
	server.kill()
	s.publish("The second statement")
	s.file("correct", first.ID, s.markdown("The first statement", "As corrected."), "--note", "A word.")
	close(hold)
	p.hold(nil)
	s.start()
	eventually(t, "everything has arrived", func() bool { return len(p.arrivals()) >= 5 })
	bodies := map[string]string{}
	var titles []string
	for _, a := range p.arrivals()[1:] {
		id := text(a.Fields, "id")
		if before, ok := bodies[id]; ok && before != string(a.Body) {
			t.Errorf("%s has two bodies", id)
		}
		bodies[id] = string(a.Body)
		titles = append(titles, a.kind()+" "+fmt.Sprint(strings.Contains(text(a.Fields, "object", "content"), "first")))
	}
	// The first may have arrived: a Create for those without, an Update for those with.
	mustEqual(t, "what arrived", titles, []string{"Create true", "Create true", "Update true", "Create false"})
}

// TestOneServerForOneDatabase: a second serve on the same file is refused.
func TestOneServerForOneDatabase(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	_, problems, err := s.run("serve")
	if err == nil || !strings.Contains(problems+err.Error(), "another") {
		t.Errorf("a second server: %v\n%s", err, problems)
	}
}

func TestPortInUse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	taken := &http.Server{Addr: strings.TrimPrefix(s.base, "http://"), ReadHeaderTimeout: time.Second}
	go func() { _ = taken.ListenAndServe() }() // ends by Close
	defer taken.Close()
	eventually(t, "the port is taken", func() bool {
		_, err := http.Get(s.base) //nolint:noctx // bounded by eventually
		return err == nil
	})
	_, problems, err := s.run("serve")
	if err == nil || !strings.Contains(problems+err.Error(), "in use") {
		t.Errorf("on a port in use: %v\n%s", err, problems)
	}
}

// TestProblems: unknown paths, wrong methods and odd wishes get a short
// document for machines and a page for people.
func TestProblems(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	tests := []struct {
		method, path string
		status       int
	}{
		{http.MethodGet, "/nowhere", 404},
		{http.MethodGet, "/en/no-such-section/", 404},
		{http.MethodGet, "/en/no-such-section/feed.rss", 404},
		{http.MethodGet, "/xx/feed.rss", 404},
		{http.MethodGet, "/en/articles/aaaaaaaaaaaaaaaa/x", 404},
		{http.MethodGet, "/en/articles/x/", 404},
		{http.MethodGet, "/actors/nobody", 404},
		{http.MethodGet, "/media/00000000000000000000000000000000.png", 404},
		{http.MethodPost, "/en/", 405},
		{http.MethodDelete, "/actors/ministry", 405},
		{http.MethodGet, "/ap/inbox", 405},
		{http.MethodPut, "/en/feed.rss", 405},
		{http.MethodGet, "/%2e%2e/etc/passwd", 404},
		{http.MethodGet, "//evil.example/", 404},
	}
	for _, tt := range tests {
		t.Run(tt.method+strings.ReplaceAll(tt.path, "/", " "), func(t *testing.T) {
			machine := request(t, tt.method, s.base+tt.path)
			mustEqual(t, "the status", machine.Status, tt.status)
			mustEqual(t, "the type", machine.Header.Get("Content-Type"), "application/problem+json")
			mustEqual(t, "the status inside", machine.fields(t)["status"], tt.status)
			if tt.status == 405 && machine.Header.Get("Allow") == "" {
				t.Error("405 without Allow")
			}
			person := request(t, tt.method, s.base+tt.path, "Accept", "text/html,*/*;q=0.8")
			mustEqual(t, "the status for people", person.Status, tt.status)
			mustEqual(t, "the type for people", person.Header.Get("Content-Type"), "text/html; charset=utf-8")
			mustEqual(t, "a whole page", bytes.Contains(person.Body, []byte("</html>")), true)
		})
	}
}

// TestCommandsWhileServing: what a command did is visible when it returns.
func TestCommandsWhileServing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	for i := range 5 {
		title := fmt.Sprintf("Statement number %d", i)
		s.publish(title)
		mustEqual(t, title+" in the feed", bytes.Contains(get(t, s.base+"/en/feed.json").Body, []byte(title)), true)
	}
	s.must("section", "add", "The Ministry > Archive Of Treaties")
	mustEqual(t, "a new section on the page", bytes.Contains(get(t, s.base+"/en/the-ministry/", "Accept", "text/html").Body, []byte("Archive Of Treaties")), true)
}

// TestPicturesBesideTheDocument: a picture is public while its article is.
func TestPicturesBesideTheDocument(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	s.picture("harbour.png", 40)
	document := filepath.Join(s.data, "statement.md")
	const front = "---\ntitle: With a picture\nsection: the-ministry\nimages:\n  - {src: harbour.png, alt: The harbour}\n%s---\n\nText.\n"
	write := func(extra string) string {
		if err := os.WriteFile(document, fmt.Appendf(nil, front, extra), 0o600); err != nil {
			t.Fatal(err)
		}
		return document
	}
	held := s.file("publish", write("published: "+time.Now().Add(time.Hour).UTC().Format(time.RFC3339)+"\n"))
	var shown struct {
		Images []struct{ Src, Alt string }
	}
	if err := json.Unmarshal([]byte(s.must("show", held.ID, "--json")), &shown); err != nil || len(shown.Images) != 1 {
		t.Fatalf("show: %v, %+v", err, shown)
	}
	picture := shown.Images[0].Src
	mustEqual(t, "the picture under embargo", get(t, picture).Status, 404)
	open := s.file("publish", write(""))
	got := get(t, picture)
	mustEqual(t, "the picture", fmt.Sprint(got.Status, got.Header.Get("Content-Type"), got.Header.Get("X-Content-Type-Options")), "200image/pngnosniff")
	s.must("withdraw", open.ID, "--reason", "A test.")
	mustEqual(t, "the picture after the withdrawal", get(t, picture).Status, 404)
}
