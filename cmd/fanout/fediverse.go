package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"communique/cmd/internal/arrivals"
	"communique/federation/signature"
	"communique/federation/vocab"
)

// fediverse is many servers with one account name and one key: what is measured
// is the publisher, not the making of keys.
type fediverse struct {
	settings
	*arrivals.History
	key       signature.Key // without an id: that differs by follower
	public    string
	client    *http.Client
	certifier *authority // nil: plain http
	server    *http.Server

	// judge, if set, looks at each delivery before it is recorded.
	judge     atomic.Pointer[costCase]
	recording atomic.Bool
	fetches   atomic.Int64 // of actors
	accepting sync.Mutex
	accepted  map[string]bool // followers
}

const (
	answerWithin  = 30 * time.Second
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
	f := &fediverse{settings: s, History: arrivals.New(), key: signature.Key{Private: private}, accepted: map[string]bool{}}
	if f.public, err = signature.EncodePublicKey(&private.PublicKey); err != nil {
		return nil, err
	}
	if s.authority != "" {
		if f.certifier, err = openAuthority(s.authority); err != nil {
			return nil, err
		}
	}
	if f.client, err = newClient(s.authority); err != nil {
		return nil, err
	}
	f.server = &http.Server{Handler: f, ReadHeaderTimeout: answerWithin}
	listeners, err := listenAll(ctx, s.hosts, s.port)
	if err != nil {
		return nil, err
	}
	f.port = listeners[0].Addr().(*net.TCPAddr).Port
	for _, l := range listeners {
		f.serve(l)
	}
	return f, nil
}

func (f *fediverse) serve(l net.Listener) {
	if f.certifier != nil {
		l = f.certifier.listen(l)
	}
	go func() {
		if err := f.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			f.Problem("the servers stopped: %v", err)
		}
	}()
}

func (f *fediverse) close() {
	_ = f.server.Close() // requests that hang are cut off, as intended
	f.client.CloseIdleConnections()
}

// address is that of the n-th server, from 127.1.0.1 on.
func address(n int) string {
	return fmt.Sprintf("127.%d.%d.%d", 1+n/62_500, n/250%250, 1+n%250)
}

// number is the reverse: which server is at host:port.
func number(hostport string) int {
	var a, b, c int
	if _, err := fmt.Sscanf(hostport, "127.%d.%d.%d:", &a, &b, &c); err != nil {
		return 0
	}
	return (a-1)*62_500 + b*250 + c - 1
}

func (f *fediverse) base(host int) string {
	return fmt.Sprintf("%s://%s:%d", f.scheme(), address(host), f.port)
}

func (s settings) scheme() string {
	if s.authority != "" {
		return "https"
	}
	return "http"
}

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
	id := f.scheme() + "://" + r.Host + r.URL.Path
	if r.Method == http.MethodGet {
		f.fetches.Add(1)
		f.actorDocument(w, r, id)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return // the publisher hung up
	}
	activity, err := arrivals.Read(body)
	if err != nil {
		f.Problem("%s got what is not JSON", id)
	}
	switch {
	case activity.Kind == vocab.TypeAccept:
		f.accepting.Lock()
		f.accepted[strings.TrimSuffix(id, "/inbox")] = true
		f.accepting.Unlock()
		w.WriteHeader(http.StatusAccepted)
		return
	case r.Header.Get(probe) != "":
		w.WriteHeader(http.StatusAccepted)
		return
	}
	time.Sleep(f.delay)
	if how := f.bad.assign(number(r.Host)); how != "" {
		misbehave(w, r, how)
		return
	}
	if one := f.judge.Load(); one != nil {
		if err := one.judge(r, body); err != nil {
			f.Problem("%s: %v", id, err)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
	}
	if f.recording.Load() {
		f.Record(id, activity, body)
	}
	w.WriteHeader(http.StatusAccepted)
}

func (f *fediverse) actorDocument(w http.ResponseWriter, r *http.Request, id string) {
	a := vocab.Actor{
		ID: id, Type: vocab.TypePerson, PreferredUsername: strings.TrimPrefix(r.URL.Path, "/users/"), Name: "A reader",
		Inbox: id + "/inbox", Outbox: id + "/outbox",
		PublicKey: vocab.ActorKey{ID: id + "#main-key", Owner: id, PEM: f.public},
	}
	if f.shared {
		a.Endpoints.SharedInbox = f.scheme() + "://" + r.Host + "/inbox"
	}
	text, err := vocab.Marshal(a)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", vocab.MediaType)
	_, _ = w.Write(text) // the publisher may have hung up
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

// await waits until every live inbox got something since an instant, and then,
// if a correction was sent on top, until all have its state.
func (f *fediverse) await(ctx context.Context, live []string, since time.Time) {
	ctx, cancel := context.WithTimeout(ctx, f.patience)
	defer cancel()
	f.until(ctx, len(live), func() int { return len(live) - f.Reached(since) })
	if f.then == "" {
		return
	}
	object, updated := f.Newest()
	f.until(ctx, len(live), func() int {
		return f.Lacking(live, object, func(a arrivals.Arrival) bool { return a.Updated == updated })
	})
}

func (f *fediverse) until(ctx context.Context, total int, left func() int) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		n := left()
		if n == 0 {
			return
		}
		select {
		case <-ctx.Done():
			f.Problem("%d of %d live inboxes were not reached before the patience ended", n, total)
			return
		case <-tick.C:
		}
	}
}
