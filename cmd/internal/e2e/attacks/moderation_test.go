package attacks

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/federation"
	"communique/storage/audience"
)

// TestA37StrangersTextsStayOneLine: names, texts and ids of strangers reach
// terminal and log without control characters, escape sequences and bidi tricks.
func TestA37StrangersTextsStayOneLine(t *testing.T) {
	t.Parallel()
	const nasty = "Ana\x1b[31m\u202e%s\r\nERROR all is lost\u2066\u0085\u009b"
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	p.Name = nasty
	a := s.Publish("Answered")
	s.Serve()
	p.Sends(s, p.Activity("Create", "1", p.Post("1\u202e", "<p>"+nasty+"</p>", s.ObjectID(a))),
		e2etest.With(p.Activity("Flag", "1\u202e", s.ObjectID(a)), "content", nasty), p.Activity("Move", "2", nasty))
	reply := s.WaitingReply()
	outputs := []string{
		s.Must("replies", "list"), s.Must("replies", "show", reply), s.Must("flags"),
		s.Must("block", "add", p.Actor(), "--comment", nasty), s.Must("block", "list"), s.Log.String(),
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
	page := string(s.Page(a).Body)
	s.Must("replies", "list", "--state", "rejected")
	if strings.Contains(page, "\x1b") {
		t.Error("the page has an escape sequence")
	}
}

// blockedHasNoEffect: of a blocked server nothing counts, whichever
// activity it sends, and nothing is fetched there.
func blockedHasNoEffect(t *testing.T) {
	s, p, fine := e2etest.NewAnnouncing(t), e2etest.NewPeer(t), e2etest.NewPeer(t)
	a := s.Publish("Liked")
	s.Serve()
	for _, q := range []*e2etest.Peer{p, fine} {
		q.Sends(s, q.Follow(s.Actor()), q.Activity("Like", "1", s.ObjectID(a)), q.Activity("Create", "1", q.Post("1", "<p>Hello</p>", s.ObjectID(a))))
		q.WaitFor(1)
	}
	had := s.Publish("Had")
	p.WaitFor(2)
	fine.WaitFor(2)
	s.Must("block", "add", p.Server.Listener.Addr().String(), "--comment", "Spam")
	e2etest.Equal(t, "followers", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], 1)
	e2etest.Equal(t, "likes", s.Reactions(a), "[1 0 0 0]")
	e2etest.Equal(t, "replies that wait", len(s.Replies(audience.ReplyPending)), 1)

	fetches := len(p.Fetched())
	object9 := p.Post("9", "<p>Again</p>", s.ObjectID(a))
	for _, inbox := range inboxRoutes(t, append([]string{federation.InstanceName}, speaking...)...) {
		for _, activity := range []map[string]any{
			p.Follow(s.Actor()), p.Undo(s.Actor()), p.Activity("Like", "9", s.ObjectID(a)), p.Activity("Announce", "9", s.ObjectID(a)),
			e2etest.With(p.Activity("EmojiReact", "9", s.ObjectID(a)), "content", "🎉"), p.Activity("Create", "9", object9), p.Activity("Update", "9", object9),
			p.Activity("Delete", "9", p.Actor()), e2etest.With(p.Activity("Move", "9", p.Actor()), "target", fine.Actor()),
			p.Activity("Flag", "9", s.Actor()), p.Activity("Block", "9", s.Actor()),
		} {
			l := p.Letter(s.Base+inbox, activity)
			l.KeyID = p.Server.URL + "/users/reader#another-key" // one that is not known would have to be fetched
			l.Sign(t)
			e2etest.Equal(t, fmt.Sprintf("the answer to %s", activity["type"]), l.Post(t), 202)
		}
	}
	e2etest.Equal(t, "fetches", len(p.Fetched()), fetches)
	e2etest.Equal(t, "followers", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], 1)
	e2etest.Equal(t, "reactions", s.Reactions(a), "[1 0 0 0]")
	e2etest.Equal(t, "replies that wait", len(s.Replies(audience.ReplyPending)), 1)
	if out := s.Must("flags", "--json"); out != "" {
		t.Errorf("a report was kept: %s", out)
	}

	// What it may have is corrected and withdrawn there all the same (DESIGN).
	fresh := s.Publish("New")
	s.File("withdraw", had.ID, "--reason", "An error.")
	p.WaitFor(4)
	e2etest.Equal(t, "follows that are ended", len(p.OfKind("Reject")), 1)
	gone := p.OfKind("Delete")[0]
	e2etest.Equal(t, "what it gets", fmt.Sprint(gone.Kind(), e2etest.Text(gone.Fields, "object", "id")), fmt.Sprint("Delete", s.ObjectID(had)))
	e2etest.Eventually(t, "the others get both", func() bool { return len(fine.OfKind("Delete")) == 1 && len(fine.OfKind("Create")) == 2 })
	for _, got := range p.Arrivals() {
		if e2etest.Text(got.Fields, "object", "id") == s.ObjectID(fresh) {
			t.Errorf("a blocked server got %s of what is new", got.Kind())
		}
	}

	s.Must("block", "remove", p.Server.Listener.Addr().String())
	p.Sends(s, p.Follow(s.Actor()))
	e2etest.Equal(t, "followers after the end of the block", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], 2)
}

// beginWindow lets time pass until the windows begin in which messages that prove
// nothing are counted: one that began in the middle would forget half of them.
func beginWindow(s *e2etest.Site) {
	const window = 5 * time.Minute
	now := s.Clock.Now()
	s.Clock.Pass(now.Truncate(window).Add(window).Sub(now))
}

// throttledWhatDoesNotVerify: three hundred messages
// that prove nothing are answered each, the next are not; a client that is known
// is heard all the same, and another address is not in it.
func throttledWhatDoesNotVerify(t *testing.T) {
	s, honest, rogue := e2etest.NewSite(t), e2etest.NewPeer(t), e2etest.NewPeer(t)
	beginWindow(s)
	s.Serve()
	honest.Sends(s, honest.Follow(s.Actor()))
	from := func(p *e2etest.Peer, client string, spoil bool) int {
		l := p.Letter(s.Inbox(), p.Activity("Like", "1", s.Actor()))
		l.Request.Header.Set("X-Forwarded-For", client)
		l.Sign(t)
		if spoil {
			l.Body = append(l.Body, ' ')
		}
		return l.Post(t)
	}
	for n := range 300 {
		if got := from(rogue, fmt.Sprintf("203.0.113.%d, 198.51.100.7", n%250), true); got != http.StatusUnauthorized {
			t.Fatalf("message %d is answered %d", n, got)
		}
	}
	e2etest.Equal(t, "the next one, whatever it says of itself", from(rogue, "192.0.2.1, 198.51.100.7", true), 429)
	e2etest.Equal(t, "one whose key would have to be fetched", from(e2etest.NewPeer(t), "198.51.100.7", false), 429)
	e2etest.Equal(t, "one who is known, from there", from(honest, "198.51.100.7", false), 202)
	e2etest.Equal(t, "another address", from(rogue, "198.51.100.8", true), 401)
	stranger := honest.Activity("Delete", "x", "https://nobody.example/users/x")
	stranger["actor"] = "https://nobody.example/users/x"
	l := rogue.Letter(s.Inbox(), stranger)
	l.Request.Header.Set("X-Forwarded-For", "198.51.100.7")
	l.Sign(t)
	e2etest.Equal(t, "the deletion of an account that is not known", l.Post(t), 202)
}

// forwardedForOfStrangers: a client that is not a trusted proxy does not
// choose the address that it counts under.
func forwardedForOfStrangers(t *testing.T) {
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	s.Configure(`trusted_proxies: ["127.0.0.0/8", "::1/128"]`, `trusted_proxies: []`)
	beginWindow(s)
	s.Serve()
	got := 0
	for n := range 301 {
		l := p.Letter(s.Inbox(), []byte("{"))
		l.Request.Header.Set("X-Forwarded-For", fmt.Sprintf("203.0.113.%d", n%250))
		l.Request.Header.Set("Client-IP", "203.0.113.9")
		got = l.Post(t)
	}
	e2etest.Equal(t, "the last one", got, 429)
}

// manyFollowsAtOnce: many accounts of one server follow at the same
// time, and all are taken; another server is not in it.
func manyFollowsAtOnce(t *testing.T) {
	const followers = 200
	s, large, small := e2etest.NewSite(t), e2etest.NewPeer(t), e2etest.NewPeer(t)
	s.Serve()
	for n := range followers {
		e2etest.Equal(t, "a Follow", large.As(fmt.Sprint("reader", n)).Send(s.Inbox(), large.As(fmt.Sprint("reader", n)).Follow(s.Actor())), 202)
	}
	small.Sends(s, small.Follow(s.Actor()))
	e2etest.Equal(t, "followers", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], followers+1)
}

// addressesOfInboxes: an inbox that we would not connect to is refused.
func addressesOfInboxes(t *testing.T) {
	s := e2etest.NewSite(t)
	s.Serve()
	for _, inbox := range []string{
		"javascript:alert(1)", "data:text/plain,x", "/inbox", "ftp://127.0.0.1/inbox", "http://me@127.0.0.1:1/inbox", "http://127.0.0.1:1/inbox#x",
		"http://mаstodon.example/inbox", "http://192.0.2.1/inbox", "http://10.0.0.1/inbox", "http://127.1/inbox",
		"http://0x7f000001/inbox", "http://[::ffff:10.0.0.1]/inbox", "",
	} {
		p := e2etest.NewPeer(t)
		p.Inbox = &inbox
		got := p.Send(s.Inbox(), p.Follow(s.Actor()))
		if got/100 != 4 {
			t.Errorf("inbox %q is answered %d", inbox, got)
		}
	}
	e2etest.Equal(t, "followers", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], 0)
}
