package federation_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"communique/federation"
	"communique/federation/federationtest"
	"communique/federation/remote"
	"communique/federation/signature"
	"communique/storage/hearsay"
	"communique/storage/press"
)

// TestInboxTakesEveryScheme: a Follow counts by whichever scheme and key it is
// signed, at the actor's inbox and at the shared one.
func TestInboxTakesEveryScheme(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	server := s.NewPeer().WithEd25519()
	for i, by := range federationtest.Schemes {
		for j, inbox := range []string{s.Inbox(), s.Actor("ministry") + "/inbox"} {
			p := server.As(fmt.Sprint("reader", i, j))
			status, err := p.LetterBy(by, inbox, p.Follow(s.Actor("ministry"))).Sign().Post()
			accepted(t, "a Follow by "+by.String()+" at "+inbox, status, err)
		}
	}
	same(t, "followers", len(s.Followers("ministry")), 8)
}

// TestInboxRefusesSignatures: nothing has an effect unless its actor signed it, as it
// is, for us and just now.
func TestInboxRefusesSignatures(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p, rogue := s.NewPeer().WithEd25519(), s.NewPeer().WithEd25519()
	type letter = *federationtest.Letter
	unchanged := func(letter) {}
	for _, tt := range []struct {
		name   string
		before func(letter) // it is signed
		after  func(letter)
		want   error
	}{
		{"not signed", unchanged, func(l letter) { l.Request.Header.Del("Signature") }, signature.ErrInvalid},
		{"the body was changed", unchanged, func(l letter) { l.Body = append(l.Body, ' ') }, signature.ErrInvalid},
		{"signed with another's key", func(l letter) { l.Key = federationtest.Key(t, 0) }, unchanged, signature.ErrInvalid},
		{"signed by another", func(l letter) {
			other := rogue.LetterBy(l.Scheme, s.Inbox(), nil)
			l.Key, l.KeyID = other.Key, other.KeyID
		}, unchanged, federation.ErrForbidden},
		{"signed by another account of the server", func(l letter) {
			l.KeyID = strings.Replace(l.KeyID, "/reader#", "/writer#", 1)
		}, unchanged, federation.ErrForbidden},
		{"signed for another host", func(l letter) { l.Host = "other.example" }, unchanged, signature.ErrInvalid},
		{"signed for another path", func(l letter) { l.Target = "/actors/nobody/inbox" }, unchanged, signature.ErrInvalid},
		{"signed two hours ago", func(l letter) { l.Date(s.Clock.Now().Add(-2 * time.Hour)) }, unchanged, signature.ErrInvalid},
		{"signed in two hours", func(l letter) { l.Date(s.Clock.Now().Add(2 * time.Hour)) }, unchanged, signature.ErrInvalid},
		{"nothing is covered", func(l letter) { l.Covered = "" }, unchanged, signature.ErrInvalid},
		{"the key is no address", func(l letter) { l.KeyID = "acct:" + p.Handle() }, unchanged, signature.ErrInvalid},
		{"the key is not there", func(l letter) { l.KeyID = p.URL() + "/keys/none" }, unchanged, signature.ErrInvalid},
		{"the key is the actor's by its word alone", func(l letter) { l.KeyID += "-2" }, unchanged, signature.ErrInvalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, by := range federationtest.Schemes {
				if by.Ed25519 && tt.name == "signed with another's key" {
					continue // of another kind
				}
				l := p.LetterBy(by, s.Inbox(), p.Follow(s.Actor("ministry")))
				tt.before(l)
				l.Sign()
				tt.after(l)
				status, err := l.Post()
				refusedBy(t, "a Follow by "+by.String(), status, err, tt.want)
			}
			same(t, "followers", len(s.Followers("ministry")), 0)
		})
	}
}

// TestInboxRefusesRequests that are not what an inbox accepts, before it looks at
// who signed them.
func TestInboxRefusesRequests(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	type letter = *federationtest.Letter
	header := func(name, value string) func(letter) { return func(l letter) { l.Request.Header.Set(name, value) } }
	for _, tt := range []struct {
		name  string
		inbox string
		spoil func(letter)
		want  error
	}{
		{"another media type", s.Inbox(), header("Content-Type", "application/json"), federation.ErrMediaType},
		{"no media type", s.Inbox(), func(l letter) { l.Request.Header.Del("Content-Type") }, federation.ErrMediaType},
		{"an encoded body", s.Inbox(), header("Content-Encoding", "gzip"), federation.ErrMediaType},
		{"a body that is not JSON", s.Inbox(), func(l letter) { l.Body = []byte("{") }, federation.ErrMalformed},
		{"a body without an actor", s.Inbox(), func(l letter) { l.Body = []byte(`{"type":"Follow"}`) }, federation.ErrMalformed},
		{"an unknown actor's inbox", s.Actor("nobody") + "/inbox", func(letter) {}, press.ErrNotFound},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := p.Letter(tt.inbox, p.Follow(s.Actor("ministry"))).Sign()
			tt.spoil(l)
			status, err := l.Post()
			refusedBy(t, "it", status, err, tt.want)
		})
	}
	t.Run("a body of more than 1 MiB", func(t *testing.T) {
		_, err := p.Letter(s.Inbox(), bytes.Repeat([]byte(" "), 1<<20+1)).Sign().Post()
		if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); !ok {
			t.Errorf("error %v, want a %T", err, tooLarge)
		}
	})
	t.Run("a GET", func(t *testing.T) {
		for _, inbox := range []string{"/ap/inbox", "/actors/ministry/inbox"} {
			refusedBy(t, inbox, 0, s.Get(inbox).Err, federation.ErrPostOnly)
		}
	})
	same(t, "fetches", len(p.Fetches()), 0)
}

// TestAKeyThatWasReplaced is fetched once more for what it does not verify, though it was
// fetched a moment ago, and whoever signs with an old one is refused.
func TestAKeyThatWasReplaced(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
	old := p.Letter(s.Inbox(), p.Undo(p.Follow(s.Actor("ministry")))).Sign()
	for n := range 3 {
		p.ReplaceKey()
		status, err := p.Send(s.Inbox(), p.Like(s.Actor("ministry")))
		accepted(t, "a new key, at once", status, err)
		status, err = old.Post()
		refusedBy(t, "the old key", status, err, signature.ErrInvalid)
		same(t, "fetches", len(p.Fetches()), 3+2*n)
	}
	same(t, "followers", len(s.Followers("ministry")), 1)
}

// TestAKeyThatChangesAfterALook at it, which found the one of before, is no reason to
// refuse its owner, and be it the first that comes from there: who was refused once may
// not come again. So it is by whichever scheme and key, and if the owner sent too early
// himself. What others forge meanwhile is refused, and has the key fetched so often that it
// neither keeps the owner from it nor bothers his server.
func TestAKeyThatChangesAfterALook(t *testing.T) {
	t.Parallel()
	const others = "198.51.100.7:1000"
	for _, by := range federationtest.Schemes {
		t.Run(by.String(), func(t *testing.T) {
			t.Parallel()
			s := federationtest.NewSite(t)
			p, rogue := s.NewPeer().WithEd25519(), s.NewPeer().WithEd25519()
			letter := func(client string, body any) *federationtest.Letter {
				l := p.LetterBy(by, s.Inbox(), body)
				l.Request.Header.Set("X-Forwarded-For", client)
				return l
			}
			follow := p.Follow(s.Actor("ministry"))
			const owner = "192.0.2.1:1"
			shown, before := p.Document(), letter(owner, p.Undo(follow)).Sign()
			forged := letter(others, p.Undo(follow))
			forged.Key = rogue.LetterBy(by, s.Inbox(), nil).Key
			forged.Sign()
			for range 5 {
				status, err := forged.Post()
				refusedBy(t, "a forged message", status, err, signature.ErrInvalid)
			}
			p.ReplaceKeys()
			p.Show("/users/reader", federationtest.MediaType, shown)
			first := letter(owner, follow).Sign()
			status, err := first.Post()
			refusedBy(t, "the owner's, as long as the new key is not shown", status, err, signature.ErrInvalid)
			p.Show("/users/reader", federationtest.MediaType, p.Document())
			s.Clock.Pass(time.Second)
			status, err = first.Post()
			accepted(t, "the same, a second later", status, err)
			status, err = before.Post()
			refusedBy(t, "what the key of before signed", status, err, signature.ErrInvalid)

			fetched := p.Requests("/users/reader")
			for n := range 100 { // a flood, from several addresses in turn
				forged.Request.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.100.%d:1000", 10+n%5))
				if status, err = forged.Post(); !errors.Is(err, signature.ErrInvalid) {
					refusedBy(t, "one of a flood", status, err, remote.ErrUnavailable)
				}
			}
			same(t, "a flood is refused by a look each in the end", errors.Is(err, signature.ErrInvalid), false)
			if n := p.Requests("/users/reader"); n > 24 || n == fetched {
				t.Errorf("%d fetches in half a minute, %d of them before the flood", n, fetched)
			}
			p.ReplaceKeys()
			p.Show("/users/reader", federationtest.MediaType, p.Document())
			again := letter(owner, p.Like(s.Actor("ministry"))).Sign()
			status, err = again.Post()
			refusedBy(t, "another new key meanwhile", status, err, remote.ErrUnavailable)
			s.Clock.Pass(30 * time.Second)
			status, err = again.Post()
			accepted(t, "the same, when that is over", status, err)
			same(t, "followers", len(s.Followers("ministry")), 1)
		})
	}
}

// TestWhatAKeySignedOtherwise has nobody asked for it: the key that is known has made the
// signature, only of another text, as of a server whose scheme is not quite ours and who
// has to learn by 401 that it should try the other one.
func TestWhatAKeySignedOtherwise(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
	before := len(p.Fetches())
	for _, by := range []federationtest.Scheme{{}, {Message: true}} {
		l := p.LetterBy(by, s.Inbox(), p.Undo(p.Follow(s.Actor("ministry"))))
		l.Target = "/elsewhere"
		l.Sign()
		for range 50 {
			status, err := l.Post()
			refusedBy(t, "it", status, err, signature.ErrInvalid)
		}
	}
	same(t, "fetches", len(p.Fetches())-before, 0)
	same(t, "followers", len(s.Followers("ministry")), 1)
}

// TestAKeyThatCannotBeFetched now: its message may be sent again.
func TestAKeyThatCannotBeFetched(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	p.Serve("/users/reader", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	status, err := p.Send(s.Inbox(), p.Follow(s.Actor("ministry")))
	refusedBy(t, "a Follow", status, err, remote.ErrUnavailable)
	if "http://"+hearsay.ClaimedBy(err) != p.URL() {
		t.Errorf("the log has no line for %s: %v", p.URL(), err)
	}
}

// TestA53ServersThatMessagesName: by the key, else by the actor, and by the domain that
// its owner has registered.
func TestA53ServersThatMessagesName(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ key, actor, want string }{
		{"https://a.b.Social.example/u#main-key", "https://other.example/u", "social.example"},
		{"https://social.example:8443/u", "", "social.example"},
		{"https://c.example.co.uk/u", "", "example.co.uk"},
		{"", "https://d.other.example/u", "other.example"},
		{"acct:me", "https://d.other.example/u", "other.example"},
		{"", "nobody", ""},
	} {
		err := federation.Claimed(tt.actor, tt.key, remote.ErrUnavailable)
		if got := hearsay.ClaimedBy(err); got != tt.want || !errors.Is(err, remote.ErrUnavailable) {
			t.Errorf("%s of %s: %q, %v, want %q", tt.key, tt.actor, got, err, tt.want)
		}
	}
}

// TestAccountsThatAreGone: a server deletes an account by a message that nobody
// can verify any more. It counts once we have seen for ourselves that the account
// is gone, which is after the answer, and of accounts that we do not know it costs
// no look.
func TestAccountsThatAreGone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		known   bool // the account follows us
		gone    bool // its address answers 410
		object  func(p *federationtest.Peer) string
		keyID   func(p *federationtest.Peer) string
		fetches int // of the account, when it is looked at
		left    int // followers, after it
	}{
		{name: "a follower", known: true, gone: true, keyID: (*federationtest.Peer).KeyID, fetches: 0},
		{name: "a follower, by a key of its own", known: true, gone: true, keyID: goneKey, fetches: 0},
		{name: "one who is there, by a key that is gone", known: true, keyID: goneKey, fetches: 1, left: 1},
		{name: "a stranger", gone: true, keyID: (*federationtest.Peer).KeyID},
		{name: "a stranger who is there", keyID: goneKey},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := federationtest.NewSite(t)
			p := s.NewPeer()
			if tt.known {
				p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
			}
			s.Clock.Pass(2 * time.Hour) // what was fetched is forgotten
			p.Serve("/gone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
			if tt.gone {
				p.Gone()
			}
			before := len(p.Fetches())
			l := p.Letter(s.Inbox(), p.Delete(p.Actor()))
			l.KeyID = tt.keyID(p)
			status, err := l.Sign().Post()
			accepted(t, "the Delete", status, err)
			same(t, "fetches before the answer", len(p.Fetches())-before, 0)
			if n, err := s.Server.LookAtDepartures(t.Context()); n != 1 || err != nil {
				t.Errorf("%d were looked at, error %v", n, err)
			}
			same(t, "fetches", len(p.Fetches())-before, tt.fetches)
			same(t, "followers", len(s.Followers("ministry")), tt.left)
		})
	}
}

// TestA50LooksAreFew: whatever strangers say of a follower, its server is asked once
// in half a minute; that the account has gone meanwhile is noticed when that is over.
func TestA50LooksAreFew(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p, rogue := s.NewPeer(), s.NewPeer()
	p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
	before := len(p.Fetches())
	say := func(times int) {
		t.Helper()
		for range times {
			l := rogue.Letter(s.Inbox(), p.Delete(p.Actor()))
			status, err := l.Sign().Post()
			accepted(t, "the Delete", status, err)
			if _, err := s.Server.LookAtDepartures(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	say(20)
	same(t, "fetches in half a minute", len(p.Fetches())-before, 1)
	s.Clock.Pass(30 * time.Second)
	say(20)
	same(t, "fetches in a minute", len(p.Fetches())-before, 2)
	p.Gone()
	say(1)
	same(t, "followers before its turn", len(s.Followers("ministry")), 1)
	s.Clock.Pass(30 * time.Second)
	if _, err := s.Server.LookAtDepartures(t.Context()); err != nil {
		t.Fatal(err)
	}
	same(t, "followers", len(s.Followers("ministry")), 0)
}

func goneKey(p *federationtest.Peer) string { return p.URL() + "/gone#main-key" }

// TestAKeyThatIsGone proves nothing but a deletion.
func TestAKeyThatIsGone(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	p.Gone()
	status, err := p.Send(s.Inbox(), p.Follow(s.Actor("ministry")))
	refusedBy(t, "a Follow", status, err, signature.ErrInvalid)
}

// TestAccountsThatTurnIntoAnother: an address that leads to another account once
// its key is known acts in nobody's name.
func TestAccountsThatTurnIntoAnother(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	a, _ := s.Publish("Answered")
	honest, rogue := s.NewPeer(), s.NewPeer()
	large := federationtest.With(rogue.Document(), "summary", strings.Repeat("x", 70<<10)) // too large to be kept
	rogue.Show("/users/reader", federationtest.MediaType, large)
	rogue.MustSend(s.Inbox(), rogue.Like(s.Actor("ministry"))) // its key is known now
	rogue.Serve("/users/reader", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, honest.Actor(), http.StatusFound)
	})
	for _, activity := range []map[string]any{
		rogue.Follow(s.Actor("ministry")), rogue.Create(rogue.Note("1", "<p>In another's name</p>", objectID(a))),
		rogue.QuoteRequest(objectID(a), rogue.Note("2", "<p>Look</p>", "")),
	} {
		status, err := rogue.Send(s.Inbox(), activity)
		refusedBy(t, activity["type"].(string), status, err, federation.ErrForbidden)
	}
	rogue.MustSend(s.Inbox(), rogue.Announce(objectID(a))) // counts, but the other need not have the article
	same(t, "followers", len(s.Followers("ministry")), 0)
	same(t, "messages", len(s.Directed()), 0)
	same(t, "destinations", len(s.Destinations()), 0)
}

// TestWhatMeansNothingHere is accepted: its sender did nothing wrong.
func TestWhatMeansNothingHere(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	elsewhere := "https://elsewhere.example/1"
	for _, activity := range []map[string]any{
		p.Activity("Accept", "1", p.Follow(s.Actor("ministry"))), p.Activity("Add", "2", elsewhere), p.Activity("Arrive", "3", elsewhere),
		p.Follow(s.Actor(federation.InstanceName)), p.Follow(s.Actor("nobody")), p.Like(elsewhere), p.Like(s.Actor("ministry")),
		p.Announce(objectID(press.Article{ID: "k3tq5m2zr7ab4cde"})), p.Block(elsewhere), p.Flag("Spam", elsewhere), p.Move(elsewhere),
		p.Update(federationtest.With(p.Document(), "name", "Ana")), p.Delete(elsewhere), p.Delete(p.PostID("1")), p.Undo(elsewhere),
		p.QuoteRequest(elsewhere, p.PostID("1")), p.Create(p.Note("1", "<p>The weather</p>", elsewhere)),
		p.Activity("Create", "4", []any{elsewhere, elsewhere}), p.Activity("Update", "5", []any{}), p.Activity("Delete", "6", []any{}),
		p.Activity("Undo", "7", []any{}), p.Activity("Block", "8", []any{}), p.Activity("Like", "9", []any{}), p.Activity("Create", "10", map[string]any{"id": p.PostID("2"), "type": "Video"}),
	} {
		status, err := p.Send(s.Inbox(), activity)
		accepted(t, activity["type"].(string), status, err)
	}
	same(t, "messages", len(s.Directed()), 0)
	same(t, "destinations", len(s.Destinations()), 0)
}
