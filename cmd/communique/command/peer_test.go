package command

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// peer is a server of the fediverse with one account, written from the
// specifications and without our own packages, so that a mistake of theirs
// cannot hide in it.
type peer struct {
	t      *testing.T
	server *httptest.Server
	key    *rsa.PrivateKey
	// further is a second key of the account, as Multikey; nil is none.
	further ed25519.PrivateKey
	shared  bool // advertise a shared inbox
	stub    bool // keep the key in a document of its own
	// account is the user name; name and inbox are what the account says of
	// itself, if they are set.
	account string
	name    string
	inbox   *string

	mu       sync.Mutex
	received []arrival
	fetches  []arrival // of the actor
	status   int       // answer to deliveries; 0 is 202
	held     chan struct{}
	refuse   func(arrival) int // the status of what is not taken; 0 takes it
	refusals []arrival
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

// publish shows a document at a path of the peer.
func (p *peer) publish(path, contentType string, document any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pages[path] = published{contentType: contentType, document: document}
}

// answer answers at a path of the peer.
func (p *peer) answer(path string, with http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pages[path] = published{answer: with}
}

// requests is how often a path was asked for.
func (p *peer) requests(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[path]
}

// special answers what was published on purpose.
func (p *peer) special(w http.ResponseWriter, r *http.Request) bool {
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

// arrival is a request to one of the peer's inboxes.
type arrival struct {
	At     time.Time
	Path   string
	Header http.Header
	Host   string
	Body   []byte
	Fields map[string]any
}

func (a arrival) kind() string { return fmt.Sprint(a.Fields["type"]) }

func newPeer(t *testing.T) *peer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{t: t, key: key, shared: true, account: "reader", asked: map[string]int{}, pages: map[string]published{}}
	p.server = httptest.NewUnstartedServer(http.HandlerFunc(p.serve))
	_ = p.server.Listener.Close()
	p.server.Listener = listenAnew(t)
	p.server.Start()
	t.Cleanup(p.server.Close)
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

// newPeerOfTwoKeys is a peer that signs with Ed25519 too.
func newPeerOfTwoKeys(t *testing.T) *peer {
	t.Helper()
	p := newPeer(t)
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p.further = key
	return p
}

func (p *peer) actor() string { return p.server.URL + "/users/" + p.account }

// as is another account on the same server, with the same key.
func (p *peer) as(account string) *peer {
	return &peer{t: p.t, server: p.server, key: p.key, shared: true, account: account}
}

func (p *peer) handle() string { return "reader@" + strings.TrimPrefix(p.server.URL, "http://") }

func (p *peer) keyID() string {
	if p.stub {
		return p.actor() + "/main-key"
	}
	return p.actor() + "#main-key"
}

// answerWith sets the status of deliveries from now on.
func (p *peer) answerWith(status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status = status
}

// refuseWith sets what is not taken from now on.
func (p *peer) refuseWith(refuse func(arrival) int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse = refuse
}

func (p *peer) refused() []arrival {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]arrival(nil), p.refusals...)
}

// hold keeps back the answers to deliveries until the channel is closed; nil
// answers at once.
func (p *peer) hold(until chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held = until
}

// alias adds another account to those that this one says to be its own.
func (p *peer) alias(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.aliases = append(p.aliases, id)
}

func (p *peer) fetched() []arrival {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]arrival(nil), p.fetches...)
}

func (p *peer) document() map[string]any {
	der, err := x509.MarshalPKIXPublicKey(&p.key.PublicKey)
	if err != nil {
		p.t.Error(err)
	}
	document := map[string]any{
		"@context": []string{"https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"},
		"id":       p.actor(), "type": "Person", "preferredUsername": p.account, "name": p.name,
		"inbox": p.actor() + "/inbox", "outbox": p.actor() + "/outbox",
		"publicKey": map[string]any{
			"id": p.keyID(), "owner": p.actor(),
			"publicKeyPem": string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})),
		},
	}
	p.mu.Lock()
	document["alsoKnownAs"] = p.aliases
	p.mu.Unlock()
	if p.further != nil {
		document["assertionMethod"] = []any{p.multikey()}
	}
	if p.inbox != nil {
		document["inbox"] = *p.inbox
	}
	if p.shared {
		document["endpoints"] = map[string]any{"sharedInbox": p.server.URL + "/inbox"}
	}
	return document
}

func (p *peer) serve(w http.ResponseWriter, r *http.Request) {
	switch {
	case p.special(w, r):
	case r.Method == http.MethodGet && (r.URL.Path == "/users/reader" || p.stub && r.URL.Path == "/users/reader/main-key"):
		p.mu.Lock()
		p.fetches = append(p.fetches, arrival{Path: r.URL.Path, Header: r.Header.Clone(), Host: r.Host})
		p.mu.Unlock()
		w.Header().Set("Content-Type", "application/activity+json")
		if err := json.NewEncoder(w).Encode(p.document()); err != nil {
			p.t.Error(err)
		}
	case r.URL.Path == "/.well-known/webfinger" && r.URL.Query().Get("resource") == "acct:"+p.handle():
		w.Header().Set("Content-Type", "application/jrd+json")
		fmt.Fprintf(w, `{"subject":%q,"links":[{"rel":"self","type":"application/activity+json","href":%q}]}`, "acct:"+p.handle(), p.actor())
	case r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/users/reader"):
		w.Header().Set("Content-Type", "application/activity+json")
		if err := json.NewEncoder(w).Encode(p.as(strings.TrimPrefix(r.URL.Path, "/users/")).document()); err != nil {
			p.t.Error(err)
		}
	case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/inbox"):
		p.receive(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (p *peer) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		p.t.Error(err)
	}
	got := arrival{At: time.Now(), Path: r.URL.Path, Header: r.Header.Clone(), Host: r.Host, Body: body}
	if err := json.Unmarshal(body, &got.Fields); err != nil {
		p.t.Errorf("a delivery is no JSON: %v", err)
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
		w.Header().Set("Location", p.server.URL+"/redirected/inbox")
	}
	w.WriteHeader(status)
}

func (p *peer) arrivals() []arrival {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]arrival(nil), p.received...)
}

// ofKind are the deliveries of one type of activity.
func (p *peer) ofKind(kind string) (all []arrival) {
	for _, a := range p.arrivals() {
		if a.kind() == kind {
			all = append(all, a)
		}
	}
	return all
}

// waitFor waits until n deliveries have arrived.
func (p *peer) waitFor(n int) []arrival {
	p.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		got := p.arrivals()
		if len(got) >= n {
			return got
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("%d of %d deliveries arrived", len(got), n)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// letter is a signed request that can be spoiled before it is sent.
type letter struct {
	request *http.Request
	body    []byte
	message bool   // signed by RFC 9421, not by cavage
	headers string // covered, in order
	key     crypto.Signer
	keyID   string
	target  string // as signed; empty is the real one
	host    string // as signed; empty is the real one
	extra   string // further signature parameters
	raw     string // the whole Signature header, if not empty
}

// scheme is a way to sign.
type scheme struct {
	message bool // RFC 9421, not cavage
	further bool // with the account's further key, not with its RSA key
}

var schemes = []scheme{{}, {further: true}, {message: true}, {message: true, further: true}}

func (s scheme) String() string {
	name, key := "cavage", "RSA"
	if s.message {
		name = "RFC 9421"
	}
	if s.further {
		key = "Ed25519"
	}
	return name + " with " + key
}

func (p *peer) letter(inbox string, activity any) *letter {
	return p.letterBy(scheme{}, inbox, activity)
}

// digestOf is a Digest by RFC 3230.
func digestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return "SHA-256=" + base64.StdEncoding.EncodeToString(sum[:])
}

// letterBy is a letter that is signed in one of the ways that there are.
func (p *peer) letterBy(by scheme, inbox string, activity any) *letter {
	p.t.Helper()
	body, ok := activity.([]byte)
	if !ok {
		text, err := json.Marshal(activity)
		if err != nil {
			p.t.Fatal(err)
		}
		body = text
	}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, inbox, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Digest", digestOf(body))
	r.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	r.Header.Set("Content-Type", "application/activity+json")
	l := &letter{request: r, body: body, message: by.message, headers: "(request-target) host date digest", key: p.key, keyID: p.keyID()}
	if by.message {
		l.headers = "@method @target-uri content-digest"
	}
	if by.further {
		l.key, l.keyID = p.further, p.furtherID()
	}
	return l
}

// sign makes the Signature header by draft-cavage-12 §2.3, or the fields of RFC
// 9421.
func (l *letter) sign(t *testing.T) {
	t.Helper()
	if l.message {
		l.signMessage(t)
		return
	}
	var lines []string
	for _, name := range strings.Fields(l.headers) {
		value := l.request.Header.Get(name)
		switch name {
		case "(request-target)":
			value = "post " + l.request.URL.RequestURI()
			if l.target != "" {
				value = "post " + l.target
			}
		case "host":
			value = l.request.URL.Host
			if l.host != "" {
				value = l.host
			}
		}
		lines = append(lines, name+": "+value)
	}
	algorithm := "rsa-sha256"
	if _, ok := l.key.(ed25519.PrivateKey); ok {
		algorithm = "hs2019"
	}
	made := signed(t, l.key, strings.Join(lines, "\n"))
	header := fmt.Sprintf(`keyId=%q,algorithm=%q,headers=%q,signature=%q%s`,
		l.keyID, algorithm, l.headers, base64.StdEncoding.EncodeToString(made), l.extra)
	if l.raw != "" {
		header = l.raw
	}
	l.request.Header.Set("Signature", header)
}

// post sends the letter as it is now and returns the status.
func (l *letter) post(t *testing.T) int {
	t.Helper()
	l.request.Body = io.NopCloser(bytes.NewReader(l.body))
	l.request.ContentLength = int64(len(l.body))
	answer, err := http.DefaultClient.Do(l.request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode
}

// send signs and posts an activity.
func (p *peer) send(inbox string, activity any) int {
	p.t.Helper()
	return p.sendBy(scheme{}, inbox, activity)
}

// sendBy signs an activity in one of the ways that there are, and posts it.
func (p *peer) sendBy(by scheme, inbox string, activity any) int {
	p.t.Helper()
	l := p.letterBy(by, inbox, activity)
	l.sign(p.t)
	return l.post(p.t)
}

func (p *peer) follow(actor string) map[string]any {
	return map[string]any{
		"@context": "https://www.w3.org/ns/activitystreams", "id": p.server.URL + "/follows/1",
		"type": "Follow", "actor": p.actor(), "object": actor,
	}
}

func (p *peer) undo(actor string) map[string]any {
	return map[string]any{
		"@context": "https://www.w3.org/ns/activitystreams", "id": p.server.URL + "/undos/1",
		"type": "Undo", "actor": p.actor(), "object": p.follow(actor),
	}
}

// verified checks the signature of a delivery with the published key, by hand.
func (a arrival) verified(publicPEM string) error {
	key, err := publicKey(publicPEM)
	if err != nil {
		return err
	}
	parameters := a.signature()
	var lines []string
	for _, name := range strings.Fields(parameters["headers"]) {
		value := a.Header.Get(name)
		switch name {
		case "(request-target)":
			value = "post " + a.Path
		case "host":
			value = a.Host
		}
		lines = append(lines, name+": "+value)
	}
	made, err := base64.StdEncoding.DecodeString(parameters["signature"])
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], made)
}

func publicKey(text string) (*rsa.PublicKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, fmt.Errorf("no PEM")
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(*rsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("the key is a %T", parsed)
	}
	return key, nil
}

// signature returns the parameters of the Signature header.
func (a arrival) signature() map[string]string {
	parameters := map[string]string{}
	for part := range strings.SplitSeq(a.Header.Get("Signature"), `",`) {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		parameters[name] = strings.Trim(value, `"`)
	}
	return parameters
}
