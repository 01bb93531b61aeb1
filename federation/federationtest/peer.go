package federationtest

import (
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// MediaType is what peers send and answer.
const MediaType = "application/activity+json"

// Peer is an account on a server of the fediverse, by default "reader", that
// listens on loopback. It is safe for concurrent use.
type Peer struct {
	t       testing.TB
	server  *server
	account string
}

// server is what all accounts of a peer share.
type server struct {
	*httptest.Server
	client *http.Client
	now    func() time.Time

	mu       sync.Mutex
	key      *rsa.PrivateKey
	ed25519  ed25519.PrivateKey        // nil: the accounts have one key
	changed  map[string]map[string]any // fields of actor documents, by account
	asked    map[string]int            // requests, by path
	pages    map[string]http.HandlerFunc
	arrivals []Arrival
	fetches  []Arrival
	news     chan struct{} // closed at the next arrival
	answer   func(Arrival) int
}

// NewPeer starts a server that ends with the test. client is how it reaches the
// site that it speaks to, now the clock by which it signs.
func NewPeer(t testing.TB, client *http.Client, now func() time.Time) *Peer {
	t.Helper()
	s := &server{
		client: client, now: now, key: nextKey(t), changed: map[string]map[string]any{},
		asked: map[string]int{}, pages: map[string]http.HandlerFunc{}, news: make(chan struct{}),
	}
	p := &Peer{t: t, server: s, account: "reader"}
	s.Server = &httptest.Server{Listener: listen(t), Config: &http.Server{Handler: http.HandlerFunc(p.serve)}}
	s.Start()
	t.Cleanup(s.Close)
	return p
}

// addresses are all that peers have ever had.
var addresses sync.Map

// listen listens where no peer was before. The system hands a port that was closed
// to the next one who asks: to a server that knows the key of the previous peer, the
// new one would be the same account with another key.
func listen(t testing.TB) net.Listener {
	t.Helper()
	for {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if _, taken := addresses.LoadOrStore(l.Addr().String(), true); !taken {
			return l
		}
		defer l.Close() // when a new one is found, so that it is not offered again
	}
}

// As is another account on the same server, with the same keys.
func (p *Peer) As(account string) *Peer { return &Peer{t: p.t, server: p.server, account: account} }

// URL is the address of the server, without a slash at its end.
func (p *Peer) URL() string { return p.server.URL }

// Host is the server's host and port.
func (p *Peer) Host() string { return strings.TrimPrefix(p.server.URL, "http://") }

// Actor is the id of the account.
func (p *Peer) Actor() string { return p.server.URL + "/users/" + p.account }

// Handle is the account's, without a leading @.
func (p *Peer) Handle() string { return p.account + "@" + p.Host() }

// KeyID is the id of the account's RSA key, Ed25519ID that of the further one.
func (p *Peer) KeyID() string { return p.Actor() + "#main-key" }

// Ed25519ID is the id of the account's Ed25519 key, once it has one.
func (p *Peer) Ed25519ID() string { return p.Actor() + "#ed25519-key" }

// Inbox is the account's own; SharedInbox is the server's.
func (p *Peer) Inbox() string { return p.Actor() + "/inbox" }

// SharedInbox is where posts for all accounts of the server go.
func (p *Peer) SharedInbox() string { return p.server.URL + "/inbox" }

// WithEd25519 gives the accounts of the server an Ed25519 key beside the RSA one.
func (p *Peer) WithEd25519() *Peer {
	key := newEd25519(p.t)
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	p.server.ed25519 = key
	return p
}

// ReplaceKey gives the accounts of the server another RSA key under the old id.
func (p *Peer) ReplaceKey() {
	p.t.Helper()
	key := nextKey(p.t)
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	p.server.key = key
}

// ReplaceKeys is [Peer.ReplaceKey], and another Ed25519 key under the old id.
func (p *Peer) ReplaceKeys() {
	p.t.Helper()
	p.ReplaceKey()
	p.WithEd25519()
}

// keys are those that the accounts have now.
func (p *Peer) keys() (*rsa.PrivateKey, ed25519.PrivateKey) {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	return p.server.key, p.server.ed25519
}

// Describe sets fields of the account's document, given as names and values in
// turn. A nil value leaves the field out.
func (p *Peer) Describe(fields ...any) {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	if p.server.changed[p.account] == nil {
		p.server.changed[p.account] = map[string]any{}
	}
	With(p.server.changed[p.account], fields...)
}

// Document is the account's, as the server answers it.
func (p *Peer) Document() map[string]any {
	key, further := p.keys()
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		p.t.Error(err)
	}
	document := map[string]any{
		"@context": []string{"https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"},
		"id":       p.Actor(), "type": "Person", "preferredUsername": p.account,
		"inbox": p.Inbox(), "outbox": p.Actor() + "/outbox", "endpoints": map[string]any{"sharedInbox": p.SharedInbox()},
		"publicKey": map[string]any{
			"id": p.KeyID(), "owner": p.Actor(),
			"publicKeyPem": string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})),
		},
	}
	if further != nil {
		document["assertionMethod"] = []any{map[string]any{
			"id": p.Ed25519ID(), "type": "Multikey", "controller": p.Actor(),
			"publicKeyMultibase": multibase(further.Public().(ed25519.PublicKey)),
		}}
	}
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	maps.Copy(document, p.server.changed[p.account])
	maps.DeleteFunc(document, func(_ string, value any) bool { return value == nil })
	return document
}

// Show answers a path with a document.
func (p *Peer) Show(path, contentType string, document any) {
	p.Serve(path, func(w http.ResponseWriter, _ *http.Request) { p.write(w, contentType, document) })
}

// Answering answers with a document.
func (p *Peer) Answering(document any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { p.write(w, MediaType, document) }
}

// Serve answers a path by a function of the test's.
func (p *Peer) Serve(path string, with http.HandlerFunc) {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	p.server.pages[path] = with
}

// Gone answers the account's document and keys with 410 from now on.
func (p *Peer) Gone() {
	p.Serve("/users/"+p.account, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
}

// AnswerWith says which status a delivery is answered with; 0 and nil are 202.
func (p *Peer) AnswerWith(status func(Arrival) int) {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	p.server.answer = status
}

// Requests is how often a path was asked for.
func (p *Peer) Requests(path string) int {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	return p.server.asked[path]
}

// Fetches are the requests for documents of accounts.
func (p *Peer) Fetches() []Arrival {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	return slices.Clone(p.server.fetches)
}

func (p *Peer) write(w http.ResponseWriter, contentType string, document any) {
	w.Header()["Content-Type"] = []string{contentType}
	if err := json.NewEncoder(w).Encode(document); err != nil {
		p.t.Error(err)
	}
}

func (p *Peer) serve(w http.ResponseWriter, r *http.Request) {
	p.server.mu.Lock()
	p.server.asked[r.URL.Path]++
	page := p.server.pages[r.URL.Path]
	p.server.mu.Unlock()
	account, isAccount := strings.CutPrefix(r.URL.Path, "/users/")
	switch {
	case page != nil:
		page(w, r)
	case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/inbox"):
		p.receive(w, r)
	case r.URL.Path == "/.well-known/webfinger":
		p.webfinger(w, r)
	case isAccount && account != "" && !strings.Contains(account, "/"):
		p.server.mu.Lock()
		p.server.fetches = append(p.server.fetches, Arrival{Path: r.URL.Path, Header: r.Header.Clone(), Host: r.Host})
		p.server.mu.Unlock()
		p.write(w, MediaType, p.As(account).Document())
	default:
		http.NotFound(w, r)
	}
}

// webfinger answers for every account of the server (RFC 7033 §4.4).
func (p *Peer) webfinger(w http.ResponseWriter, r *http.Request) {
	account, host, _ := strings.Cut(strings.TrimPrefix(r.URL.Query().Get("resource"), "acct:"), "@")
	if host != p.Host() {
		http.NotFound(w, r)
		return
	}
	p.write(w, "application/jrd+json", map[string]any{
		"subject": fmt.Sprintf("acct:%s@%s", account, host),
		"links": []any{
			map[string]any{"rel": "self", "type": MediaType, "href": p.As(account).Actor()},
			map[string]any{"rel": "http://ostatus.org/schema/1.0/subscribe", "template": p.URL() + "/authorize_interaction?uri={uri}"},
			map[string]any{"rel": "https://w3id.org/fep/3b86/Create", "template": p.URL() + "/share?text={content}"},
		},
	})
}
