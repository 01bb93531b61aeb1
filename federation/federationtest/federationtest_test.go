package federationtest_test

import (
	"crypto/ed25519"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"strings"
	"testing"
	"time"

	"communique/federation/federationtest"
)

// pair are two servers of the fediverse that speak to each other.
func pair(t *testing.T) (from, to *federationtest.Peer) {
	t.Helper()
	return federationtest.NewPeer(t, http.DefaultClient, time.Now), federationtest.NewPeer(t, http.DefaultClient, time.Now)
}

// published is the RSA key in the document of an account, as it is fetched.
func published(t *testing.T, p *federationtest.Peer) string {
	t.Helper()
	answer, err := http.Get(p.Actor())
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var document struct{ PublicKey struct{ PublicKeyPem string } }
	if err := json.NewDecoder(answer.Body).Decode(&document); err != nil {
		t.Fatal(err)
	}
	return document.PublicKey.PublicKeyPem
}

// TestPeersVerify what the other has signed, and nothing else.
func TestPeersVerify(t *testing.T) {
	t.Parallel()
	from, to := pair(t)
	key, other := published(t, from), published(t, to)
	for _, by := range []federationtest.Scheme{{}, {Message: true}} {
		before := len(to.Arrivals())
		letter := from.LetterBy(by, to.SharedInbox(), from.Follow(to.Actor()))
		if by.Message {
			letter.Covered += " content-type" // as what we deliver does
		}
		status, err := letter.Sign().Post()
		if err != nil || status != http.StatusAccepted {
			t.Fatalf("%s: %d, %v", by, status, err)
		}
		got := to.Wait(before + 1)[before]
		if err := got.Verify(key); err != nil || got.Kind() != "Follow" || got.KeyID() != from.KeyID() {
			t.Errorf("%s: a %s by %s: %v", by, got.Kind(), got.KeyID(), err)
		}
		if got.Verify(other) == nil {
			t.Errorf("%s: it verifies with another key", by)
		}
		got.Body = append(got.Body, ' ')
		if got.Verify(key) == nil {
			t.Errorf("%s: another body verifies", by)
		}
		got.Body, got.Path = got.Body[:len(got.Body)-1], "/users/reader/inbox"
		if got.Verify(key) == nil {
			t.Errorf("%s: it verifies at another inbox", by)
		}
	}
	if got := (federationtest.Arrival{}); got.Verify(key) == nil || got.Verify("none") == nil {
		t.Error("what is not signed verifies")
	}
	private := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: []byte("x")})
	if to.Arrivals()[0].Verify(string(private)) == nil {
		t.Error("it verifies with what is not a key")
	}
}

// TestPeersHaveKeysOfTheirOwn, which the accounts of one server share.
func TestPeersHaveKeysOfTheirOwn(t *testing.T) {
	t.Parallel()
	one, two := pair(t)
	if published(t, one) == published(t, two) {
		t.Error("two peers have one key")
	}
	before := published(t, one)
	if published(t, one.As("writer")) != before {
		t.Error("two accounts have two keys")
	}
	one.ReplaceKey()
	if published(t, one) == before {
		t.Error("the key was not replaced")
	}
}

// TestMultikey has the key of an example in the specification (Multikey, §2.2.2 of
// Controlled Identifiers): 48 characters that begin with z6Mk.
func TestMultikey(t *testing.T) {
	t.Parallel()
	p, _ := pair(t)
	keys, _ := p.WithEd25519().Document()["assertionMethod"].([]any)
	text, _ := keys[0].(map[string]any)["publicKeyMultibase"].(string)
	if len(text) != 48 || !strings.HasPrefix(text, "z6Mk") {
		t.Errorf("the key is %q", text)
	}
	if _, ok := p.LetterBy(federationtest.Scheme{Ed25519: true}, p.Inbox(), nil).Key.(ed25519.PrivateKey); !ok {
		t.Error("the letter is signed with another kind of key")
	}
}

// TestPeerAnswers what a test wants it to, and counts.
func TestPeerAnswers(t *testing.T) {
	t.Parallel()
	from, to := pair(t)
	to.AnswerWith(func(a federationtest.Arrival) int {
		if a.Kind() == "Like" {
			return http.StatusTeapot
		}
		return 0
	})
	from.MustSend(to.Inbox(), from.Announce(to.PostID("1")))
	if status, err := from.Send(to.Inbox(), from.Like(to.PostID("1"))); err != nil || status != http.StatusTeapot {
		t.Errorf("a Like is answered %d, %v", status, err)
	}
	to.Show("/posts/1", federationtest.MediaType, to.Note("1", "Hello", ""))
	to.Gone()
	for path, want := range map[string]int{"/posts/1": 200, "/users/reader": 410, "/users/writer": 200, "/none": 404, "/.well-known/webfinger?resource=acct:" + to.Handle(): 200} {
		answer, err := http.Get(to.URL() + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("%s is answered %d, want %d", path, answer.StatusCode, want)
		}
	}
	if n := to.Requests("/posts/1"); n != 1 {
		t.Errorf("%d requests", n)
	}
	if n := len(to.Fetches()); n != 1 {
		t.Errorf("%d documents of accounts were fetched", n)
	}
}

// TestSite: what is done on a site is seen on it, and the clock is the test's.
func TestSite(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	a, _ := s.Publish("A visit")
	p.MustSend(s.Inbox(), p.Follow(s.Actor(federationtest.Author)), p.React(s.Options.Site.Object(a.ID), "🎉"),
		p.Create(p.Note("1", "<p>Well said</p>", s.Options.Site.Object(a.ID))))
	if s.Reactions(a.ID).Likes != 1 || len(s.Replies("pending")) != 1 || len(s.Followers(federationtest.Author)) != 1 || len(s.Destinations()) != 1 {
		t.Error("something is missing")
	}
	if all := s.Directed(); len(all) != 1 || all[0].Fields["type"] != "Accept" || len(s.Directed()) != 0 {
		t.Errorf("messages: %v", all)
	}
	if got := s.Get("/actors/none"); got.Err == nil || got.Fields() != nil {
		t.Errorf("an unknown actor is answered %d", got.Status)
	}
	s.Correct(a.ID, "A visit to Arvane")
	s.Withdraw(a.ID)
	if got := s.Get("/ap/articles/" + string(a.ID)); got.Status != http.StatusGone {
		t.Errorf("a withdrawn article is answered %d, %v", got.Status, got.Err)
	}
	if !s.Clock.Now().Equal(federationtest.Noon.Add(time.Minute)) {
		t.Errorf("the clock shows %s", s.Clock.Now())
	}
}
