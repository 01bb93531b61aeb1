package e2etest

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Peer is a server of the fediverse with one account, written from the
// specifications and without our own packages, so that a mistake of theirs
// cannot hide in it.
type Peer struct {
	t      *testing.T
	Server *httptest.Server
	Key    *rsa.PrivateKey // see [StrangersKey] for another one
	// Further is a second key of the account, as Multikey, or nil.
	Further ed25519.PrivateKey
	Shared  bool // advertise a shared inbox
	Stub    bool // keep the key in a document of its own
	// Account is the user name; Name and Inbox are what the account says of
	// itself, if they are set.
	Account string
	Name    string
	Inbox   *string

	mu       sync.Mutex
	received []Arrival
	fetches  []Arrival // of the actor
	status   int       // answer to deliveries; 0 is 202
	held     chan struct{}
	refuse   func(Arrival) int // the status of what is not taken; 0 takes it
	refusals []Arrival
	aliases  []string             // of the account
	asked    map[string]int       // requests by path
	pages    map[string]published // instead of what is there otherwise
}

// published is a document with its media type, or a way to answer.
type published struct {
	contentType string
	document    any
	answer      http.HandlerFunc
}

// Publish shows a document at a path of the peer.
func (p *Peer) Publish(path, contentType string, document any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pages[path] = published{contentType: contentType, document: document}
}

// Answer answers at a path of the peer.
func (p *Peer) Answer(path string, with http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pages[path] = published{answer: with}
}

// Requests is how often a path was asked for.
func (p *Peer) Requests(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[path]
}

// AllRequests is how often each path was asked for.
func (p *Peer) AllRequests() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.asked)
}

// special answers what was published on purpose.
func (p *Peer) special(w http.ResponseWriter, r *http.Request) bool {
	p.mu.Lock()
	p.asked[r.URL.Path]++
	page, ok := p.pages[r.URL.Path]
	p.mu.Unlock()
	switch {
	case !ok:
	case page.answer != nil:
		page.answer(w, r)
	default:
		w.Header()["Content-Type"] = []string{page.contentType}
		if err := json.NewEncoder(w).Encode(page.document); err != nil {
			p.t.Error(err)
		}
	}
	return ok
}

// NewPeer is a server on this machine until the test ends.
func NewPeer(t *testing.T) *Peer {
	t.Helper()
	p := newPeer(t, listenAnew(t))
	p.Server.Start()
	return p
}

// NewSecurePeer is one that speaks https, at the port of that, at an address of this machine.
func NewSecurePeer(t *testing.T, address string, certificate tls.Certificate) *Peer {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(address, "443"))
	if err != nil {
		t.Fatal(err)
	}
	p := newPeer(t, l)
	p.Server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	p.Server.StartTLS()
	p.Server.URL = "https://" + address
	return p
}

func newPeer(t *testing.T, l net.Listener) *Peer {
	t.Helper()
	p := &Peer{t: t, Key: keyFor(t), Shared: true, Account: "reader", asked: map[string]int{}, pages: map[string]published{}}
	p.Server = &httptest.Server{Listener: l, Config: &http.Server{Handler: http.HandlerFunc(p.serve), ReadHeaderTimeout: Hang}}
	t.Cleanup(func() { p.Server.Close() })
	return p
}

// peerAddresses are all that peers have ever had.
var peerAddresses sync.Map

// listenAnew listens where no peer was before. The system gives a port that was
// closed to the next who asks: to a server of ours that knows the key of the
// peer before, the next one would be the same account with another key.
func listenAnew(t *testing.T) net.Listener {
	t.Helper()
	for {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if _, taken := peerAddresses.LoadOrStore(l.Addr().String(), true); !taken {
			return l
		}
		defer l.Close() // when a new one is found, so that it is not offered again
	}
}

// NewPeerOfTwoKeys is a peer that signs with Ed25519 too.
func NewPeerOfTwoKeys(t *testing.T) *Peer {
	t.Helper()
	p := NewPeer(t)
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p.Further = key
	return p
}

// Actor is the id of the account.
func (p *Peer) Actor() string { return p.Server.URL + "/users/" + p.Account }

// As is another account on the same server, with the same key.
func (p *Peer) As(account string) *Peer {
	return &Peer{t: p.t, Server: p.Server, Key: p.Key, Shared: true, Account: account}
}

// Handle is how the account is written, without the first @.
func (p *Peer) Handle() string { return "reader@" + strings.TrimPrefix(p.Server.URL, "http://") }

// KeyID is the id of the RSA key.
func (p *Peer) KeyID() string {
	if p.Stub {
		return p.Actor() + "/main-key"
	}
	return p.Actor() + "#main-key"
}

// AnswerWith sets the status of deliveries from now on.
func (p *Peer) AnswerWith(status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status = status
}

// RefuseWith sets what is not taken from now on.
func (p *Peer) RefuseWith(refuse func(Arrival) int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse = refuse
}

// Refused is what was not taken.
func (p *Peer) Refused() []Arrival {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Arrival(nil), p.refusals...)
}

// Hold keeps back the answers to deliveries until the channel is closed; nil
// answers at once.
func (p *Peer) Hold(until chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held = until
}

// Alias adds another account to those that this one says to be its own.
func (p *Peer) Alias(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.aliases = append(p.aliases, id)
}

// Fetched are the requests for the account.
func (p *Peer) Fetched() []Arrival {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Arrival(nil), p.fetches...)
}

// Document is the account as the server publishes it.
func (p *Peer) Document() map[string]any {
	document := map[string]any{
		"@context": []string{"https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"},
		"id":       p.Actor(), "type": "Person", "preferredUsername": p.Account, "name": p.Name,
		"inbox": p.Actor() + "/inbox", "outbox": p.Actor() + "/outbox",
		"publicKey": map[string]any{
			"id": p.KeyID(), "owner": p.Actor(),
			"publicKeyPem": publicPEM(p.t, p.Key),
		},
	}
	p.mu.Lock()
	document["alsoKnownAs"] = p.aliases
	p.mu.Unlock()
	if p.Further != nil {
		document["assertionMethod"] = []any{p.multikey()}
	}
	if p.Inbox != nil {
		document["inbox"] = *p.Inbox
	}
	if p.Shared {
		document["endpoints"] = map[string]any{"sharedInbox": p.Server.URL + "/inbox"}
	}
	return document
}

func (p *Peer) serve(w http.ResponseWriter, r *http.Request) {
	switch {
	case p.special(w, r):
	case r.Method == http.MethodGet && (r.URL.Path == "/users/reader" || p.Stub && r.URL.Path == "/users/reader/main-key"):
		p.mu.Lock()
		p.fetches = append(p.fetches, Arrival{Path: r.URL.Path, Header: r.Header.Clone(), Host: r.Host})
		p.mu.Unlock()
		w.Header().Set("Content-Type", "application/activity+json")
		if err := json.NewEncoder(w).Encode(p.Document()); err != nil {
			p.t.Error(err)
		}
	case r.URL.Path == "/.well-known/webfinger" && r.URL.Query().Get("resource") == "acct:"+p.Handle():
		w.Header().Set("Content-Type", "application/jrd+json")
		fmt.Fprintf(w, `{"subject":%q,"links":[{"rel":"self","type":"application/activity+json","href":%q}]}`, "acct:"+p.Handle(), p.Actor())
	case r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/users/reader"):
		w.Header().Set("Content-Type", "application/activity+json")
		if err := json.NewEncoder(w).Encode(p.As(strings.TrimPrefix(r.URL.Path, "/users/")).Document()); err != nil {
			p.t.Error(err)
		}
	case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/inbox"):
		p.receive(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (p *Peer) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // cut off on its way, as when either side stops: nobody has taken it
	}
	got := Arrival{At: time.Now(), Path: r.URL.Path, Header: r.Header.Clone(), Host: r.Host, Body: body}
	if err := json.Unmarshal(body, &got.Fields); err != nil {
		p.t.Errorf("a delivery is not JSON: %v", err)
	}
	p.mu.Lock()
	if p.refuse != nil {
		if status := p.refuse(got); status != 0 {
			p.refusals = append(p.refusals, got)
			p.mu.Unlock()
			w.WriteHeader(status)
			return
		}
	}
	p.received = append(p.received, got)
	status, held := p.status, p.held
	p.mu.Unlock()
	if held != nil {
		<-held
	}
	if status == 0 {
		status = http.StatusAccepted
	}
	if status >= 300 && status < 400 {
		w.Header().Set("Location", p.Server.URL+"/redirected/inbox")
	}
	w.WriteHeader(status)
}

// Arrivals is what was delivered and taken, in order.
func (p *Peer) Arrivals() []Arrival {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Arrival(nil), p.received...)
}

// OfKind are the deliveries of one type of activity.
func (p *Peer) OfKind(kind string) (all []Arrival) {
	for _, a := range p.Arrivals() {
		if a.Kind() == kind {
			all = append(all, a)
		}
	}
	return all
}

// WaitFor waits until n deliveries have arrived.
func (p *Peer) WaitFor(n int) []Arrival {
	p.t.Helper()
	Eventually(p.t, fmt.Sprintf("%d deliveries arrive", n), func() bool { return len(p.Arrivals()) >= n })
	return p.Arrivals()
}
