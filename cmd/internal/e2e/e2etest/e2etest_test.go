package e2etest_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/storage/audience"
)

func TestMain(m *testing.M) { e2etest.Main(m) }

// TestSiteAndPeer is how a suite uses the two: a site that is served, a peer
// that follows it, and what is published arrives, signed.
func TestSiteAndPeer(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewFollowed(t)
	a := s.Publish("A treaty was signed")
	got := p.WaitFor(2)
	e2etest.Equal(t, "what arrives", e2etest.Kinds(got), []string{"Accept", "Create"})
	e2etest.Equal(t, "of what", e2etest.Text(got[1].Fields, "object", "id"), s.ObjectID(a))
	e2etest.Equal(t, "the page", s.Page(a).Status, http.StatusOK)
	if err := got[1].Verified(e2etest.KeyOf(t, s)); err != nil {
		t.Error(err)
	}
	got[1].Body = append(got[1].Body, ' ')
	got[1].Header.Set("Digest", e2etest.DigestOf(got[1].Body))
	if got[1].Verified(e2etest.KeyOf(t, s)) == nil {
		t.Error("another body is verified by the same signature")
	}
	e2etest.Equal(t, "who fetched the key", len(p.Fetched()), 1)
	if broken, status := s.Check(t); len(broken) > 0 || status != 0 {
		t.Errorf("check finds %v, status %d", broken, status)
	}
}

// TestSchemes: a peer's letters are taken however they are signed, and not once
// they are spoiled.
func TestSchemes(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewAnnouncing(t), e2etest.NewPeerOfTwoKeys(t)
	a := s.Publish("Liked")
	s.Serve()
	for _, by := range e2etest.Schemes {
		e2etest.Equal(t, by.String(), p.SendBy(by, s.Inbox(), p.Activity("Like", by.String(), s.ObjectID(a))), http.StatusAccepted)
		l := p.LetterBy(by, s.Inbox(), p.Undo(s.Actor()))
		l.Sign(t)
		l.Body = append(l.Body, ' ')
		e2etest.Equal(t, by.String()+", spoiled", l.Post(t), http.StatusUnauthorized)
	}
	e2etest.Equal(t, "likes, shares, quotes, replies", s.Reactions(a), "[1 0 0 0]")
	p.Sends(s, p.Activity("Create", "1", p.Post("1", "<p>Hello</p>", s.ObjectID(a))))
	e2etest.Equal(t, "replies that wait", len(s.Replies(audience.ReplyPending)), 1)
	s.Must("replies", "approve", s.WaitingReply())
}

// TestPeerAnswers: how a peer is told to answer deliveries.
func TestPeerAnswers(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewFollowed(t)
	held := make(chan struct{})
	p.Hold(held)
	s.Publish("The first")
	p.WaitFor(2)
	close(held)
	p.Hold(nil)
	p.RefuseWith(e2etest.ByMessage)
	s.Publish("The second")
	if err := p.WaitFor(3)[2].MessageVerified(e2etest.KeyOf(t, s)); err != nil {
		t.Error(err)
	}
	e2etest.Equal(t, "refused", len(p.Refused()), 1)
	p.AnswerWith(http.StatusGone)
	s.Publish("The third")
	p.WaitFor(4)
	e2etest.Equal(t, "Creates", len(p.OfKind("Create")), 3)

	p.Publish("/notes/1", e2etest.ActivityJSON, map[string]string{"id": p.Server.URL + "/notes/1"})
	e2etest.Equal(t, "a document", e2etest.Object(t, p.Server.URL+"/notes/1")["id"], p.Server.URL+"/notes/1")
	p.Answer("/teapot", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	e2etest.Equal(t, "an answer", e2etest.Get(t, p.Server.URL+"/teapot").Status, http.StatusTeapot)
	e2etest.Equal(t, "requests for it", []int{p.Requests("/teapot"), p.AllRequests()["/notes/1"]}, []int{1, 1})
}

// TestAccounts: a peer has further accounts, and names others as its own.
func TestAccounts(t *testing.T) {
	t.Parallel()
	p := e2etest.NewPeer(t)
	p.Alias("https://elsewhere.example/users/reader")
	e2etest.Equal(t, "aliases", e2etest.Object(t, p.Actor())["alsoKnownAs"], []any{"https://elsewhere.example/users/reader"})
	other := p.As("reader-two")
	e2etest.Equal(t, "another account", e2etest.Object(t, other.Actor())["id"], other.Actor())
	found := e2etest.Get(t, p.Server.URL+"/.well-known/webfinger?resource=acct:"+p.Handle()).Fields(t)
	e2etest.Equal(t, "the subject", found["subject"], "acct:"+p.Handle())
}

// TestClock: the site's clock is moved, and the server in this process sees it.
func TestClock(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	a := s.Publish("Not before its time", e2etest.PublishedAt(s.Clock.Now().Add(time.Hour)))
	e2etest.Equal(t, "the page before", s.Page(a).Status, http.StatusNotFound)
	s.Clock.Pass(time.Hour + time.Second)
	e2etest.Eventually(t, "the embargo ends", func() bool { return s.Page(a).Status == http.StatusOK })
}

// TestProcess: a server in a process of its own is killed, and its address is
// free for the next.
func TestProcess(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	for _, title := range []string{"A statement", "Another statement"} {
		p := s.Start()
		a := s.Publish(title)
		e2etest.Equal(t, "the page", s.Page(a).Status, http.StatusOK)
		p.Kill()
		if r, err := http.Get(a.URL); err == nil {
			_ = r.Body.Close()
			t.Error("a killed server answers")
		}
	}
	out, err := s.Program("list").Output()
	if err != nil || strings.Count(string(out), "statement\n") != 2 {
		t.Errorf("list prints %q, %v", out, err)
	}
}

// TestKeys: peers of one test have different keys, of which none is the
// stranger's, and a subtest's peers have none of the peer around them.
func TestKeys(t *testing.T) {
	t.Parallel()
	first, second := e2etest.NewPeer(t), e2etest.NewPeer(t)
	if first.Key.Equal(second.Key) || first.Key.Equal(e2etest.StrangersKey(t)) {
		t.Error("two peers have one key")
	}
	t.Run("within", func(t *testing.T) {
		for range 20 {
			if e2etest.NewPeer(t).Key.Equal(first.Key) {
				t.Error("a subtest's peer has the key of the first one around it")
			}
		}
	})
}

// TestFiles: what lies beside the site and in this module.
func TestFiles(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Picture("arms.png", 16)
	s.Configure(`icon: ""`, "icon: arms.png")
	s.Serve()
	e2etest.Equal(t, "the picture", e2etest.Get(t, e2etest.Text(e2etest.Object(t, s.Actor()), "icon", "url")).Status, http.StatusOK)
	e2etest.Equal(t, "of what is illustrated", strings.Contains(string(s.Page(s.Illustrated("The harbour")).Body), "<figure"), true)
	for _, feed := range s.Feeds() {
		e2etest.Equal(t, feed, e2etest.Get(t, feed).Status, http.StatusOK)
	}
	if other := s.Elsewhere(); other.Base != s.Base || other.Data == s.Data {
		t.Errorf("elsewhere it is at %s in %s", other.Base, other.Data)
	}
	e2etest.Equal(t, "a file of this module", filepath.Base(e2etest.Source(t, "go.mod")), "go.mod")
}
