package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"communique/federation/signature"
	"communique/federation/vocab"
)

// fediverse is many servers with one account name and one key: what is measured
// is the publisher, not the making of keys.
type fediverse struct {
	settings
	key    signature.Key // without an id: that differs by follower
	public string
	client *http.Client
	port   int
	server *http.Server

	mu        sync.Mutex
	accepted  map[string]bool // followers
	recording bool
	arrivals  map[string][]arrival // by inbox
	bodies    map[string][sha256.Size]byte
	problems  []string
}

// arrival is an activity at an inbox.
type arrival struct {
	at time.Time
	id string
}

const (
	answerWithin  = 30 * time.Second
	mostProblems  = 20
	followAtOnce  = 16
	followTries   = 5
	acceptsWithin = 2 * time.Minute
)

// newFediverse starts the servers, each on an address of its own.
func newFediverse(ctx context.Context, s settings) (*fediverse, error) {
	private, err := signature.NewPrivateKey()
	if err != nil {
		return nil, err
	}
	f := &fediverse{
		settings: s, key: signature.Key{Private: private}, accepted: map[string]bool{},
		arrivals: map[string][]arrival{}, bodies: map[string][sha256.Size]byte{},
		client: &http.Client{Timeout: answerWithin, Transport: &http.Transport{MaxIdleConnsPerHost: 2, MaxIdleConns: 500, DisableCompression: true}},
	}
	if f.public, err = signature.EncodePublicKey(&private.PublicKey); err != nil {
		return nil, err
	}
	f.server = &http.Server{Handler: f, ReadHeaderTimeout: answerWithin}
	for n := range s.hosts {
		if err := f.listen(ctx, n); err != nil {
			return nil, errors.Join(err, f.server.Close())
		}
	}
	return f, nil
}

// listen starts the n-th server. All have the port that the first one got.
func (f *fediverse) listen(ctx context.Context, n int) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", fmt.Sprintf("%s:%d", address(n), f.port))
	if err != nil {
		return fmt.Errorf("start server %d: %w", n, err)
	}
	f.port = l.Addr().(*net.TCPAddr).Port
	go func() {
		if err := f.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			f.problem("server %d: %v", n, err)
		}
	}()
	return nil
}

func (f *fediverse) close() {
	_ = f.server.Close() // requests that hang are cut off, as intended
	f.client.CloseIdleConnections()
}

// address is that of the n-th server, from 127.1.0.1 on.
func address(n int) string {
	return fmt.Sprintf("127.%d.%d.%d", 1+n/62_500, n/250%250, 1+n%250)
}

func (f *fediverse) base(host int) string { return fmt.Sprintf("http://%s:%d", address(host), f.port) }

// follower is the id of the n-th follower.
func (f *fediverse) follower(n int) string { return fmt.Sprintf("%s/users/%d", f.base(n%f.hosts), n) }

// delivery is the inbox that posts for the n-th follower go to.
func (f *fediverse) delivery(n int) string {
	if f.shared {
		return f.base(n%f.hosts) + "/inbox"
	}
	return f.follower(n) + "/inbox"
}

// ServeHTTP answers for every server.
func (f *fediverse) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := "http://" + r.Host + r.URL.Path
	if r.Method == http.MethodGet {
		f.actorDocument(w, r, id)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return // the publisher hung up
	}
	var activity struct {
		ID, Type string
	}
	if err := json.Unmarshal(body, &activity); err != nil {
		f.problem("%s got what is no JSON", id)
	}
	if activity.Type == vocab.TypeAccept {
		f.mu.Lock()
		f.accepted[strings.TrimSuffix(id, "/inbox")] = true
		f.mu.Unlock()
		w.WriteHeader(http.StatusAccepted)
		return
	}
	if r.Header.Get(probe) != "" {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	time.Sleep(f.delay)
	if how := f.bad.assign(f.hostOf(r.Host)); how != "" {
		misbehave(w, r, how)
		return
	}
	f.record(id, activity.ID, body)
	w.WriteHeader(http.StatusAccepted)
}

// hostOf is the number of the server at an address.
func (f *fediverse) hostOf(hostport string) int {
	var a, b, c int
	if _, err := fmt.Sscanf(hostport, "127.%d.%d.%d:", &a, &b, &c); err != nil {
		return 0
	}
	return (a-1)*62_500 + b*250 + c - 1
}

func (f *fediverse) actorDocument(w http.ResponseWriter, r *http.Request, id string) {
	a := vocab.Actor{
		ID: id, Type: vocab.TypePerson, PreferredUsername: strings.TrimPrefix(r.URL.Path, "/users/"), Name: "A reader",
		Inbox: id + "/inbox", Outbox: id + "/outbox",
		PublicKey: vocab.ActorKey{ID: id + "#main-key", Owner: id, PEM: f.public},
	}
	if f.shared {
		a.Endpoints.SharedInbox = "http://" + r.Host + "/inbox"
	}
	text, err := vocab.Marshal(a)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", vocab.MediaType)
	_, _ = w.Write(text) // the publisher may have hung up
}

// record notes an arrival and holds it to what is promised: no id with two
// bodies.
func (f *fediverse) record(inbox, id string, body []byte) {
	now, sum := time.Now(), sha256.Sum256(body)
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.recording || id == "" {
		return
	}
	f.arrivals[inbox] = append(f.arrivals[inbox], arrival{now, id})
	if before, ok := f.bodies[id]; ok && before != sum {
		f.problems = append(f.problems, id+" has two bodies")
	}
	f.bodies[id] = sum
}

func (f *fediverse) problem(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.problems) < mostProblems {
		f.problems = append(f.problems, fmt.Sprintf(format, args...))
	}
}

// faults are what was promised and not kept.
func (f *fediverse) faults() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.problems) == 0 {
		return nil
	}
	return errors.New(strings.Join(f.problems, "; "))
}

// begin starts to record.
func (f *fediverse) begin() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.recording = true
}

// live are the inboxes that are to be reached.
func (f *fediverse) live() []string {
	known := map[string]bool{}
	var all []string
	for n := range f.followers {
		inbox := f.delivery(n)
		if f.bad.assign(n%f.hosts) == "" && !known[inbox] {
			known[inbox] = true
			all = append(all, inbox)
		}
	}
	return all
}

// await waits until every live inbox got something.
func (f *fediverse) await(ctx context.Context, patience time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	all := f.live()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		f.mu.Lock()
		reached := len(f.arrivals)
		f.mu.Unlock()
		if reached >= len(all) {
			return
		}
		select {
		case <-ctx.Done():
			f.problem("%d of %d live inboxes were reached before the patience ended", reached, len(all))
			return
		case <-tick.C:
		}
	}
}
