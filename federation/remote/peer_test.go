package remote

import (
	"bytes"
	"crypto/rsa"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"communique/federation/signature"
	"communique/federation/vocab"
)

// Keys are drawn once for all tests: each costs a tenth of a second.
var keyOnce = [3]func() *rsa.PrivateKey{sync.OnceValue(draw), sync.OnceValue(draw), sync.OnceValue(draw)}

func draw() *rsa.PrivateKey {
	key, err := signature.NewPrivateKey()
	if err != nil {
		panic(err)
	}
	return key
}

const ourKeyID = "http://127.0.0.1/actors/server#main-key"

// clock is a clock that stands until a test moves it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// newClient is a client in loopback mode, changed by the options given.
func newClient(t testing.TB, change ...func(*Options)) *Client {
	t.Helper()
	o := Options{
		Loopback: true, UserAgent: "communique/test", Now: newClock().Now,
		Key: signature.Key{ID: ourKeyID, Private: keyOnce[0]()},
	}
	for _, c := range change {
		c(&o)
	}
	c := New(o)
	t.Cleanup(c.Close)
	return c
}

// peer is another server, with documents at paths, that counts who asks.
type peer struct {
	*httptest.Server
	mu        sync.Mutex
	documents map[string]any // by path: a body, a vocab.Document, or a http.HandlerFunc
	asked     map[string]int
	signed    map[string]*http.Request // the last request by path, with its body
	bodies    map[string][]byte
}

func newPeer(t testing.TB) *peer {
	t.Helper()
	p := unstartedPeer()
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func unstartedPeer() *peer {
	return &peer{documents: map[string]any{}, asked: map[string]int{}, signed: map[string]*http.Request{}, bodies: map[string][]byte{}}
}

func (p *peer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	p.mu.Lock()
	p.asked[r.URL.Path]++
	p.signed[r.URL.Path], p.bodies[r.URL.Path] = r, body
	document, ok := p.documents[r.URL.Path]
	p.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	p.write(w, r, document)
}

func (p *peer) write(w http.ResponseWriter, r *http.Request, document any) {
	w.Header().Set("Content-Type", vocab.MediaType)
	switch d := document.(type) {
	case http.HandlerFunc:
		d(w, r)
	case string:
		_, _ = io.WriteString(w, d)
	case vocab.Document:
		text, err := vocab.Marshal(d)
		if err != nil {
			panic(err)
		}
		_, _ = io.Copy(w, bytes.NewReader(text))
	}
}

func (p *peer) set(path string, document any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.documents[path] = document
}

func (p *peer) count(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[path]
}

func (p *peer) visits() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.asked)
}

// verified checks the signature of the last request for a path, as a server
// with that host does.
func (p *peer) verified(path string, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, err := signature.Parse(p.signed[path], p.bodies[path], p.URL, now)
	if err != nil {
		return err
	}
	return s.Verify(&keyOnce[0]().PublicKey)
}

// person is an actor of the peer's, with a key.
func (p *peer) person(path string, key *rsa.PrivateKey) vocab.Actor {
	id := p.URL + path
	pem, err := signature.EncodePublicKey(&key.PublicKey)
	if err != nil {
		panic(err)
	}
	return vocab.Actor{
		ID: id, Type: vocab.TypePerson, PreferredUsername: "ana", Name: "Ana",
		Inbox: id + "/inbox", Outbox: id + "/outbox", Endpoints: vocab.Endpoints{SharedInbox: p.URL + "/inbox"},
		PublicKey: vocab.ActorKey{ID: id + "#main-key", Owner: id, PEM: pem},
	}
}

func redirectTo(target string, status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", target)
		w.WriteHeader(status)
	}
}
