package command

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"communique/federation"
	"communique/storage/audience"
)

// page is an article's page as a browser gets it.
func (s *testSite) page(a filed, headers ...string) answer {
	s.t.Helper()
	return get(s.t, a.URL, append([]string{"Accept", "text/html"}, headers...)...)
}

// waitingReply is the reply that waits.
func (s *testSite) waitingReply() replyLine {
	s.t.Helper()
	var line replyLine
	out := s.must("replies", "list", "--json")
	if err := json.Unmarshal([]byte(out), &line); err != nil {
		s.t.Fatalf("replies list printed %q: %v", out, err)
	}
	return line
}

// TestReplyOnThePage: a reply is on the page once it is approved and no longer
// than that, and each time the page is another version.
func TestReplyOnThePage(t *testing.T) {
	t.Parallel()
	s, p := newSite(t), newPeer(t)
	a := s.publish("Answered")
	s.serve()
	tag := func() string { return s.page(a).Header.Get("ETag") }
	shows := func(text string) bool { return bytes.Contains(s.page(a).Body, []byte(text)) }
	before := tag()
	p.sent(s, p.activity("Create", "1", p.post("1", `<p>Well <a href="https://spam.example/">said</a></p>`, s.objectID(a))))
	mustEqual(t, "shown while it waits", shows("spam.example"), false)
	mustEqual(t, "a page that shows nothing new", tag(), before)

	s.must("replies", "approve", s.waitingReply().ID)
	mustEqual(t, "shown", shows(`<p>Well <a rel="nofollow ugc" href="https://spam.example/">said</a></p>`), true)
	approved := tag()
	mustEqual(t, "asked again with the old tag", s.page(a, "If-None-Match", before).Status, 200)
	mustEqual(t, "asked again with the new tag", s.page(a, "If-None-Match", approved).Status, 304)

	edited := with(p.post("1", "<p>Buy things</p>", s.objectID(a)), "updated", "2026-01-03T03:04:05Z")
	p.sent(s, p.activity("Update", "1", edited))
	mustEqual(t, "shown after an edit", shows("Well") || shows("Buy"), false)
	s.must("replies", "approve", s.waitingReply().ID)
	mustEqual(t, "the edit", shows("Buy things"), true)
	p.sent(s, p.activity("Delete", "1", edited["id"]))
	mustEqual(t, "shown after the deletion", shows("Buy things"), false)
	for _, old := range []string{before, approved} {
		if tag() == old {
			t.Error("two pages have one tag")
		}
	}
}

// TestA37StrangersTextsStayOneLine: names, texts and ids of strangers reach
// terminal and log without control characters, escape sequences and bidi tricks.
func TestA37StrangersTextsStayOneLine(t *testing.T) {
	t.Parallel()
	const nasty = "Ana\x1b[31m\u202e%s\r\nERROR all is lost\u2066\u0085\u009b"
	s, p := newSite(t), newPeer(t)
	p.name = nasty
	a := s.publish("Answered")
	s.serve()
	p.sent(s, p.activity("Create", "1", p.post("1\u202e", "<p>"+nasty+"</p>", s.objectID(a))),
		with(p.activity("Flag", "1\u202e", s.objectID(a)), "content", nasty), p.activity("Move", "2", nasty))
	reply := s.waitingReply().ID
	outputs := []string{
		s.must("replies", "list"), s.must("replies", "show", reply), s.must("flags"),
		s.must("block", "add", p.actor(), "--comment", nasty), s.must("block", "list"), s.log.String(),
	}
	for _, out := range outputs {
		if i := strings.IndexFunc(out, func(r rune) bool {
			return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
		}); i >= 0 {
			t.Errorf("%q has %q", out, out[i])
		}
		for line := range strings.Lines(out) {
			if strings.HasPrefix(line, "ERROR") {
				t.Errorf("a line of its own: %q", out)
			}
		}
	}
	page := string(s.page(a).Body)
	s.must("replies", "list", "--state", "rejected")
	if strings.Contains(page, "\x1b") {
		t.Error("the page has an escape sequence")
	}
}

// blockedHasNoEffect: of a blocked server nothing counts, whichever
// activity it sends, and nothing is fetched there.
func blockedHasNoEffect(t *testing.T) {
	s, p, fine := announcing(t), newPeer(t), newPeer(t)
	a := s.publish("Liked")
	s.serve()
	for _, q := range []*peer{p, fine} {
		q.sent(s, q.follow(s.actor()), q.activity("Like", "1", s.objectID(a)), q.activity("Create", "1", q.post("1", "<p>Hello</p>", s.objectID(a))))
		q.waitFor(1)
	}
	had := s.publish("Had")
	p.waitFor(2)
	fine.waitFor(2)
	s.must("block", "add", p.server.Listener.Addr().String(), "--comment", "Spam")
	mustEqual(t, "followers", object(t, s.actor()+"/followers")["totalItems"], 1)
	mustEqual(t, "likes", s.reactions(a), "[1 0 0 0]")
	mustEqual(t, "replies that wait", len(s.replies(audience.ReplyPending)), 1)

	fetches := len(p.fetched())
	object9 := p.post("9", "<p>Again</p>", s.objectID(a))
	for _, inbox := range inboxRoutes(t, append([]string{federation.InstanceName}, speaking...)...) {
		for _, activity := range []map[string]any{
			p.follow(s.actor()), p.undo(s.actor()), p.activity("Like", "9", s.objectID(a)), p.activity("Announce", "9", s.objectID(a)),
			with(p.activity("EmojiReact", "9", s.objectID(a)), "content", "🎉"), p.activity("Create", "9", object9), p.activity("Update", "9", object9),
			p.activity("Delete", "9", p.actor()), with(p.activity("Move", "9", p.actor()), "target", fine.actor()),
			p.activity("Flag", "9", s.actor()), p.activity("Block", "9", s.actor()),
		} {
			l := p.letter(s.base+inbox, activity)
			l.keyID = p.server.URL + "/users/reader#another-key" // one that is not known would have to be fetched
			l.sign(t)
			mustEqual(t, fmt.Sprintf("the answer to %s", activity["type"]), l.post(t), 202)
		}
	}
	mustEqual(t, "fetches", len(p.fetched()), fetches)
	mustEqual(t, "followers", object(t, s.actor()+"/followers")["totalItems"], 1)
	mustEqual(t, "reactions", s.reactions(a), "[1 0 0 0]")
	mustEqual(t, "replies that wait", len(s.replies(audience.ReplyPending)), 1)
	if out := s.must("flags", "--json"); out != "" {
		t.Errorf("a report was kept: %s", out)
	}

	// What it may have is corrected and withdrawn there all the same (DESIGN).
	fresh := s.publish("New")
	s.file("withdraw", had.ID, "--reason", "An error.")
	gone := p.waitFor(3)[2]
	mustEqual(t, "what it gets", fmt.Sprint(gone.kind(), text(gone.Fields, "object", "id")), fmt.Sprint("Delete", s.objectID(had)))
	eventually(t, "the others get both", func() bool { return len(fine.ofKind("Delete")) == 1 && len(fine.ofKind("Create")) == 2 })
	for _, got := range p.arrivals() {
		if text(got.Fields, "object", "id") == s.objectID(fresh) {
			t.Errorf("a blocked server got %s of what is new", got.kind())
		}
	}

	s.must("block", "remove", p.server.Listener.Addr().String())
	p.sent(s, p.follow(s.actor()))
	mustEqual(t, "followers after the end of the block", object(t, s.actor()+"/followers")["totalItems"], 2)
}

// TestBlocklists: what another server exports is imported, with each line that
// is not taken named; what is exported is imported again.
func TestBlocklists(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	file := filepath.Join(t.TempDir(), "list.csv")
	list := "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\nbad.example,suspend,TRUE,TRUE,Spam,FALSE\nmeh.example,silence,FALSE,FALSE,,FALSE\nno domain,suspend,,,,\n"
	if err := os.WriteFile(file, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	out, problems, err := s.run("block", "import", file)
	if err == nil || !strings.Contains(out, "Blocked: 1") {
		t.Errorf("it prints %q: %v", out, err)
	}
	for _, line := range []string{file + ":3: meh.example", file + ":4: \"no domain\""} {
		if !strings.Contains(problems, line) {
			t.Errorf("%q is not reported: %s", line, problems)
		}
	}
	s.must("block", "add", "https://social.example/users/mallory")
	if err := os.WriteFile(file, []byte(s.must("block", "export")), 0o600); err != nil {
		t.Fatal(err)
	}
	other := newSite(t)
	other.must("block", "import", file)
	mustEqual(t, "exported by the other", other.must("block", "export"), s.must("block", "export"))
	mustEqual(t, "known at the second time", strings.Contains(other.must("block", "import", file, "--json"), `"known":2`), true)
}

// throttledWhatDoesNotVerify: three hundred messages
// that prove nothing are answered each, the next are not; a client that is known
// is heard all the same, and another address is not in it.
func throttledWhatDoesNotVerify(t *testing.T) {
	s, honest, rogue := newSite(t), newPeer(t), newPeer(t)
	s.serve()
	honest.sent(s, honest.follow(s.actor()))
	from := func(p *peer, client string, spoil bool) int {
		l := p.letter(s.base+"/ap/inbox", p.activity("Like", "1", s.actor()))
		l.request.Header.Set("X-Forwarded-For", client)
		l.sign(t)
		if spoil {
			l.body = append(l.body, ' ')
		}
		return l.post(t)
	}
	for n := range 300 {
		if got := from(rogue, fmt.Sprintf("203.0.113.%d, 198.51.100.7", n%250), true); got != http.StatusUnauthorized {
			t.Fatalf("message %d is answered %d", n, got)
		}
	}
	mustEqual(t, "the next one, whatever it says of itself", from(rogue, "192.0.2.1, 198.51.100.7", true), 429)
	mustEqual(t, "one whose key would have to be fetched", from(newPeer(t), "198.51.100.7", false), 429)
	mustEqual(t, "one who is known, from there", from(honest, "198.51.100.7", false), 202)
	mustEqual(t, "another address", from(rogue, "198.51.100.8", true), 401)
	stranger := honest.activity("Delete", "x", "https://nobody.example/users/x")
	stranger["actor"] = "https://nobody.example/users/x"
	l := rogue.letter(s.base+"/ap/inbox", stranger)
	l.request.Header.Set("X-Forwarded-For", "198.51.100.7")
	l.sign(t)
	mustEqual(t, "the deletion of an account that is not known", l.post(t), 202)
}

// forwardedForOfStrangers: a client that is no trusted proxy does not
// choose the address that it counts under.
func forwardedForOfStrangers(t *testing.T) {
	s, p := newSite(t), newPeer(t)
	s.configure(`trusted_proxies: ["127.0.0.0/8", "::1/128"]`, `trusted_proxies: []`)
	s.serve()
	got := 0
	for n := range 301 {
		l := p.letter(s.base+"/ap/inbox", []byte("{"))
		l.request.Header.Set("X-Forwarded-For", fmt.Sprintf("203.0.113.%d", n%250))
		l.request.Header.Set("Client-IP", "203.0.113.9")
		got = l.post(t)
	}
	mustEqual(t, "the last one", got, 429)
}

// manyFollowsAtOnce: many accounts of one server follow at the same
// time, and all are taken; another server is not in it.
func manyFollowsAtOnce(t *testing.T) {
	const followers = 200
	s, large, small := newSite(t), newPeer(t), newPeer(t)
	s.serve()
	for n := range followers {
		mustEqual(t, "a Follow", large.as(fmt.Sprint("reader", n)).send(s.base+"/ap/inbox", large.as(fmt.Sprint("reader", n)).follow(s.actor())), 202)
	}
	small.sent(s, small.follow(s.actor()))
	mustEqual(t, "followers", object(t, s.actor()+"/followers")["totalItems"], followers+1)
}

// addressesOfInboxes: an inbox that we would not connect to is no inbox.
func addressesOfInboxes(t *testing.T) {
	s := newSite(t)
	s.serve()
	for _, inbox := range []string{
		"javascript:alert(1)", "data:text/plain,x", "/inbox", "ftp://127.0.0.1/inbox", "http://me@127.0.0.1:1/inbox", "http://127.0.0.1:1/inbox#x",
		"http://mаstodon.example/inbox", "http://192.0.2.1/inbox", "http://10.0.0.1/inbox", "http://127.1/inbox",
		"http://0x7f000001/inbox", "http://[::ffff:10.0.0.1]/inbox", "",
	} {
		p := newPeer(t)
		p.inbox = &inbox
		got := p.send(s.base+"/ap/inbox", p.follow(s.actor()))
		if got/100 != 4 {
			t.Errorf("inbox %q is answered %d", inbox, got)
		}
	}
	mustEqual(t, "followers", object(t, s.actor()+"/followers")["totalItems"], 0)
}

// TestBlockComments: what a list says of a block is text, whatever its encoding,
// and a list that says nothing wipes nothing out.
func TestBlockComments(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	file := filepath.Join(t.TempDir(), "blocklist.csv")
	if err := os.WriteFile(file, []byte("bad.example,suspend,,,Espa\xf1a,\nknown.example\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.must("block", "add", "known.example", "--comment", "Spam")
	s.must("block", "import", file)
	exported := s.must("block", "export")
	for _, line := range []string{"bad.example,suspend,TRUE,TRUE,Espa\ufffda,FALSE\n", "known.example,suspend,TRUE,TRUE,Spam,FALSE\n"} {
		if !strings.Contains(exported, line) {
			t.Errorf("%q is not in %q", line, exported)
		}
	}
}
