package federation_test

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"testing"
	"time"

	"communique/federation"
	"communique/federation/federationtest"
	"communique/federation/moderation"
	"communique/federation/signature"
	"communique/storage"
	"communique/storage/audience"
)

func block(s *federationtest.Site, kind audience.BlockKind, subject string) {
	s.Update(func(tx *storage.Tx) error {
		_, err := tx.AddBlock(audience.Block{Subject: subject, Kind: kind})
		return err
	})
}

// TestBlocked: what a blocked account or server sends is accepted and has no effect,
// and nothing is fetched from there.
func TestBlocked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		kind    audience.BlockKind
		subject func(p *federationtest.Peer) string
		keyID   func(p *federationtest.Peer) string
		heard   bool
	}{
		{"the server", audience.BlockDomain, (*federationtest.Peer).Host, (*federationtest.Peer).KeyID, false},
		{"the server, by a key that is not known", audience.BlockDomain, (*federationtest.Peer).Host, func(p *federationtest.Peer) string { return p.URL() + "/keys/2" }, false},
		{"the account", audience.BlockActor, (*federationtest.Peer).Actor, (*federationtest.Peer).KeyID, false},
		{"another account", audience.BlockActor, func(p *federationtest.Peer) string { return p.As("writer").Actor() }, (*federationtest.Peer).KeyID, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := federationtest.NewSite(t)
			p := s.NewPeer()
			a, _ := s.Publish("Liked")
			block(s, tt.kind, tt.subject(p))
			for _, activity := range []map[string]any{
				p.Follow(s.Actor("ministry")), p.Like(objectID(a)), p.Create(p.Note("1", "<p>Hello</p>", objectID(a))), p.Flag("Spam", objectID(a)),
				p.QuoteRequest(objectID(a), p.Note("2", "<p>Look</p>", "")),
			} {
				l := p.Letter(s.Inbox(), activity)
				l.KeyID = tt.keyID(p)
				status, err := l.Sign().Post()
				accepted(t, activity["type"].(string), status, err)
			}
			same(t, "somebody follows", len(s.Followers("ministry")) > 0, tt.heard)
			same(t, "something is fetched", len(p.Fetches()) > 0, tt.heard)
			same(t, "somebody is answered", len(s.Directed()) > 0, tt.heard)
			if !tt.heard {
				same(t, "reactions", reactions(s, a), "0 0 0 0")
				same(t, "replies", len(waiting(s)), 0)
			}
		})
	}
}

// TestAnInboxElsewhere gets nothing, whoever asks for it (SECURITY A45).
func TestAnInboxElsewhere(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p, other := s.NewPeer(), s.NewPeer()
	p.Describe("inbox", other.Inbox())
	if status, err := p.Send(s.Inbox(), p.Follow(s.Actor("ministry"))); !errors.Is(err, federation.ErrMalformed) {
		t.Errorf("the Follow is answered %d, error %v", status, err)
	}
	same(t, "followers", len(s.Followers("ministry")), 0)
	same(t, "somebody is answered", len(s.Directed()) > 0, false)
}

// TestNothingIsFetchedFromBlockedServers, also if somebody else names them.
func TestNothingIsFetchedFromBlockedServers(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p, bad := s.NewPeer(), s.NewPeer()
	p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
	block(s, audience.BlockDomain, bad.Host())
	if status, err := p.Send(s.Inbox(), p.Move(bad.Actor())); err == nil {
		t.Errorf("a Move to who is blocked is answered %d", status)
	}
	same(t, "fetches", len(bad.Fetches()), 0)
}

// TestFloods: a client whose messages prove nothing is told to come back later.
// Senders that are known are heard from there all the same, and other clients are
// not affected.
func TestFloods(t *testing.T) {
	t.Parallel()
	const (
		flooding = "198.51.100.7:1000"
		calm     = "198.51.100.8:1000"
	)
	s := federationtest.NewSite(t)
	known, rogue := s.NewPeer(), s.NewPeer()
	known.MustSend(s.Inbox(), known.Follow(s.Actor("ministry")))
	letter := func(p *federationtest.Peer, client string, body any) *federationtest.Letter {
		l := p.Letter(s.Inbox(), body)
		l.Request.Header.Set("X-Forwarded-For", client)
		return l
	}
	send := func(p *federationtest.Peer, client string, body any) (int, error) {
		return letter(p, client, body).Sign().Post()
	}
	malformed := letter(rogue, flooding, []byte("{"))
	flood := func() {
		t.Helper()
		for range 300 {
			if _, err := malformed.Post(); !errors.Is(err, federation.ErrMalformed) {
				t.Fatalf("error %v", err)
			}
		}
	}
	flood()
	throttled := func(what string, err error) {
		t.Helper()
		var e *moderation.ThrottledError
		if !errors.As(err, &e) || e.RetryAfter <= 0 {
			t.Errorf("%s: error %v, want one of throttling", what, err)
		}
	}
	_, err := malformed.Post()
	throttled("one more", err)
	_, err = send(rogue, flooding, rogue.Follow(s.Actor("ministry")))
	throttled("one whose key would have to be fetched", err)
	same(t, "fetches", len(rogue.Fetches()), 0)
	status, err := send(known, flooding, known.Like(s.Actor("ministry")))
	accepted(t, "one that is known", status, err)
	known.ReplaceKey()
	s.Clock.Pass(6 * time.Minute)
	flood() // the window has passed
	_, err = send(known, flooding, known.Like(s.Actor("ministry")))
	throttled("one whose key would have to be fetched again", err)
	status, err = send(rogue, calm, rogue.Follow(s.Actor("ministry")))
	accepted(t, "another client", status, err)
}

// TestFloodsThatAreCostly: a client who has sent too much has nothing verified with a key
// that takes long, as no known server's does, also in the deletion of itself.
func TestFloodsThatAreCostly(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	product := new(big.Int).Lsh(big.NewInt(1), 8191)
	der, err := x509.MarshalPKIXPublicKey(&rsa.PublicKey{N: product.SetBit(product, 0, 1), E: 65537})
	if err != nil {
		t.Fatal(err)
	}
	p.Describe("publicKey", map[string]any{
		"id": p.KeyID(), "owner": p.Actor(), "publicKeyPem": string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})),
	})
	like, leave := p.Letter(s.Inbox(), p.Like(s.Actor("ministry"))).Sign(), p.Letter(s.Inbox(), p.Delete(p.Actor())).Sign()
	status, err := like.Post()
	refusedBy(t, "a message", status, err, signature.ErrInvalid)
	malformed := p.Letter(s.Inbox(), []byte("{"))
	for range 299 {
		_, _ = malformed.Post()
	}
	_, err = like.Post()
	if _, ok := errors.AsType[*moderation.ThrottledError](err); !ok {
		t.Errorf("one more: error %v, want one of throttling", err)
	}
	if status, err := leave.Post(); err != nil || status != http.StatusAccepted {
		t.Errorf("the deletion is answered %d: %v", status, err)
	}
}

// TestFloodsThatVerify: 15,000 messages a minute are accepted from one domain.
func TestFloodsThatVerify(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p, other := s.NewPeer(), s.NewPeer()
	p.MustSend(s.Inbox(), p.Like(s.Actor("ministry")))
	for range 15_000 - 2 {
		if err := s.Server.Limits().Verified(p.Host()); err != nil {
			t.Fatal(err)
		}
	}
	p.MustSend(s.Inbox(), p.Like(s.Actor("ministry")))
	_, err := p.Send(s.Inbox(), p.Like(s.Actor("ministry")))
	var e *moderation.ThrottledError
	if !errors.As(err, &e) || e.Who != p.Host() {
		t.Errorf("one more: error %v, want one of throttling", err)
	}
	other.MustSend(s.Inbox(), other.Like(s.Actor("ministry")))
}

// TestOneMessageCausesFewFetches: its sender chooses where they go.
func TestOneMessageCausesFewFetches(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	for n := range 20 {
		p.Show(fmt.Sprint("/users/ring", n), federationtest.MediaType, federationtest.With(p.Document(), "id", fmt.Sprint(p.URL(), "/users/ring", n+1)))
	}
	l := p.Letter(s.Inbox(), p.Follow(s.Actor("ministry")))
	l.KeyID = p.URL() + "/users/ring0#main-key"
	status, err := l.Sign().Post()
	refusedBy(t, "a Follow", status, err, signature.ErrInvalid)
	asked := 0
	for n := range 20 {
		asked += p.Requests(fmt.Sprint("/users/ring", n))
	}
	if asked > 5 {
		t.Errorf("%d fetches", asked)
	}
}
