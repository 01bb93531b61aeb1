package simulation

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// server is one of the fediverse, with accounts that follow the ministry or do not.
type server struct {
	w        *world
	host     string
	shared   bool // has an inbox for all
	key      ed25519.PrivateKey
	pem      string
	accounts []*account
	blocked  bool // by the ministry
	inboxes  []*inbox

	mu     sync.Mutex
	fault  fault
	asked  map[string]int
	byPath map[string]*inbox
}

// account is one that follows or does not.
type account struct {
	*server
	name    string
	follow  any // its Follow
	sent    int // activities
	aliases []string
	busy    bool // something of its is on its way to the ministry
	spans   []span
}

// span is from when to when an account follows, as it knows. Around the edges it may be
// sent something, or not: from when it asked to when it was answered.
type span struct {
	asked, taken time.Time
	left, gone   time.Time // it began to leave, and the ministry knows; zero: it has not
	blocked      bool      // since: what was on its way is not sent any more
	along        []span    // of the inbox of the account that it moved from: what that one lacked comes along
}

// inbox is where things arrive.
type inbox struct {
	server  *server
	path    string
	letters []*letter // that have arrived
	sent    []*letter // that were sent there, arrived or not
}

func (w *world) newServer(n int) *server {
	s := &server{w: w, host: fmt.Sprintf("s%d.example", n), shared: w.r.IntN(3) > 0, fault: none, asked: map[string]int{}, byPath: map[string]*inbox{}}
	seed := sha256.Sum256(fmt.Appendf(nil, "%d %d", w.seed, n))
	s.key = ed25519.NewKeyFromSeed(seed[:])
	der, err := x509.MarshalPKIXPublicKey(s.key.Public())
	if err != nil {
		w.t.Fatal(err)
	}
	s.pem = string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	for i := range 1 + w.r.IntN(2) {
		a := &account{server: s, name: fmt.Sprintf("u%d", i)}
		s.accounts = append(s.accounts, a)
		s.addInbox(a.inboxPath())
	}
	if s.shared {
		s.addInbox("/inbox")
	}
	return s
}

func (s *server) addInbox(path string) {
	in := &inbox{server: s, path: path}
	s.byPath[path] = in
	s.inboxes = append(s.inboxes, in)
}

func (a *account) id() string        { return "https://" + a.host + "/users/" + a.name }
func (a *account) inboxPath() string { return "/users/" + a.name + "/inbox" }

// inbox is where what is for all followers arrives for an account.
func (a *account) inbox() *inbox {
	if a.shared {
		return a.byPath["/inbox"]
	}
	return a.byPath[a.inboxPath()]
}

// spansUntil are the spans of all accounts behind an inbox, as they would be had they ended.
func (in *inbox) spansUntil(end time.Time) (all []span) {
	for _, a := range in.server.accounts {
		if a.inbox() != in {
			continue
		}
		for _, s := range a.spans {
			if s.left.IsZero() {
				s.left = end
			}
			if s.gone.IsZero() {
				s.gone = end
			}
			all = append(all, s)
		}
	}
	return all
}

// follows is the span in which an account follows now, or nil.
func (a *account) follows() *span {
	if n := len(a.spans); n > 0 && a.spans[n-1].left.IsZero() {
		return &a.spans[n-1]
	}
	return nil
}

// fate draws what becomes of a letter, by how often such a one was sent.
func (s *server) fate(label string) *chance {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked[label]++
	return s.w.chance(s.host, label, s.asked[label])
}

// sends notes that a letter was sent.
func (s *server) sends(l *letter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if in := s.byPath[l.path]; in != nil {
		in.sent = append(in.sent, l)
	}
}

// faulty is what is wrong when a letter would arrive. Now and then one is lost, or its
// answer, without anything being wrong.
func (s *server) faulty(c *chance) fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault != none {
		return s.fault
	}
	switch f := c.float(); {
	case f < 0.03:
		return deaf
	case f < 0.05:
		return silent
	case f < 0.07:
		return failing
	}
	return none
}

func (s *server) set(f fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

func (s *server) cut() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fault != none
}

// take is what the server does with a letter that has arrived.
func (s *server) take(l *letter) (status int, document []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.fields != nil {
		in := s.byPath[l.path]
		if in == nil {
			return http.StatusNotFound, nil
		}
		in.letters = append(in.letters, l)
		s.w.trace.add("%s gets %s", s.host, l.label)
		s.w.arrived(in, l)
		return http.StatusAccepted, nil
	}
	for _, a := range s.accounts {
		if l.path == "/users/"+a.name {
			return http.StatusOK, a.document()
		}
	}
	return http.StatusNotFound, nil
}

// document is the actor's, as it is fetched.
func (a *account) document() []byte {
	fields := map[string]any{
		"@context": "https://www.w3.org/ns/activitystreams", "id": a.id(), "type": "Person", "preferredUsername": a.name,
		"inbox": "https://" + a.host + a.inboxPath(), "alsoKnownAs": a.aliases,
		"publicKey": map[string]string{"id": a.id() + "#main-key", "owner": a.id(), "publicKeyPem": a.pem},
	}
	if a.shared {
		fields["endpoints"] = map[string]string{"sharedInbox": "https://" + a.host + "/inbox"}
	}
	text, err := json.Marshal(fields)
	if err != nil {
		panic(err)
	}
	return text
}

// send has an activity sent to the ministry until it takes it, and then calls done with
// when it was sent first and when it was taken. Nothing else of the account is sent
// meanwhile.
func (a *account) send(fields map[string]any, done func(asked, taken time.Time)) {
	a.busy = true
	a.w.pending.Add(1)
	asked := time.Now()
	go func() {
		defer a.w.pending.Add(-1)
		label := fmt.Sprintf("%s %v %s", a.id(), fields["type"], fields["id"])
		for again := 0; !a.w.over.Load(); again++ {
			time.Sleep(a.w.chance(label, again).way())
			if a.cut() {
				time.Sleep(5 * time.Second)
				continue
			}
			status := a.post(fields)
			a.w.trace.add("%s of %s is answered %d", fields["type"], a.id(), status)
			if status == http.StatusAccepted {
				break
			}
			time.Sleep(2*time.Second + a.w.chance(label, again, "again").way())
		}
		a.w.mu.Lock()
		defer a.w.mu.Unlock()
		a.busy = false
		done(asked, time.Now())
	}()
}

// post posts an activity; 0 is no answer.
func (a *account) post(fields map[string]any) (status int) {
	h := a.w.running()
	if h == nil {
		return 0
	}
	body, err := json.Marshal(fields)
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest(http.MethodPost, base+"/ap/inbox", strings.NewReader(string(body)))
	r.RequestURI, r.RemoteAddr = r.URL.RequestURI(), "192.0.2.1:1"
	sum := sha256.Sum256(body)
	r.Header.Set("Content-Type", "application/activity+json")
	r.Header.Set("Date", a.w.clock.Now().UTC().Format(http.TimeFormat))
	r.Header.Set("Digest", "SHA-256="+base64.StdEncoding.EncodeToString(sum[:]))
	text := fmt.Sprintf("(request-target): post /ap/inbox\nhost: %s\ndate: %s\ndigest: %s", r.Host, r.Header.Get("Date"), r.Header.Get("Digest"))
	made := base64.StdEncoding.EncodeToString(ed25519.Sign(a.key, []byte(text)))
	r.Header.Set("Signature", fmt.Sprintf(`keyId=%q,algorithm="hs2019",headers="(request-target) host date digest",signature=%q`, a.id()+"#main-key", made))
	recorder := httptest.NewRecorder()
	h.handler.ServeHTTP(recorder, r)
	if h.dead.Load() {
		return 0
	}
	return recorder.Code
}
