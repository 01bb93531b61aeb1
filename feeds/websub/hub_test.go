package websub

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"communique/feeds"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/clocktest"
	"communique/storage/deliveries"
	"communique/storage/delivery"
	"communique/storage/delivery/outbound"
	"communique/storage/delivery/outbound/outboundtest"
	"communique/storage/press"
	"communique/storage/publog"
	"communique/storage/storagetest/engines"
)

const (
	feed  = "https://press.example/en/feed.atom"
	ended = "https://press.example/en/ended/feed.atom"
)

// topics are two feeds, one of which has ended.
type topics struct{}

func (topics) Topic(_ context.Context, address string) (feeds.Topic, error) {
	switch address {
	case feed:
		return feeds.Topic{ID: publog.TopicID{Language: "en", Format: "atom"}}, nil
	case ended:
		return feeds.Topic{ID: publog.TopicID{Section: 1, Language: "en", Format: "atom"}, Ended: true}, nil
	}
	return feeds.Topic{}, press.ErrNotFound
}

func (topics) Content(context.Context, publog.TopicID) (feeds.Content, error) {
	return feeds.Content{Type: "application/atom+xml", Link: `<` + feed + `>; rel="self"`, Body: []byte("<feed/>")}, nil
}

// newsroom is a hub on a store of its own, that verifies.
type newsroom struct {
	t *testing.T
	*Hub
	router http.Handler
	clock  *clocktest.Clock
}

func newHub(t *testing.T, change func(*Options)) *newsroom {
	t.Helper()
	n := &newsroom{t: t, clock: clocktest.At(time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC))}
	store, err := engines.Chosen(t)(n.clock)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{
		Store: store, Topics: topics{}, Address: "https://press.example/websub", Rules: outbound.NewRules(true),
		Admit: func(string) error { return nil }, Signature: "sha256", UserAgent: "test", Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&o)
	}
	if n.Hub, err = New(o); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() {
		defer close(over)
		n.Run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-over
		n.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	r := chi.NewRouter()
	n.Routes(r, func(h func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if err := h(w, r); err != nil {
				w.WriteHeader(statusOf(err))
			}
		}
	})
	n.router = r
	return n
}

// statusOf is what package web answers errors of the hub with.
func statusOf(err error) int {
	var throttled *ThrottledError
	switch {
	case errors.Is(err, ErrRefused):
		return http.StatusBadRequest
	case errors.Is(err, ErrBusy):
		return http.StatusServiceUnavailable
	case errors.As(err, &throttled):
		return http.StatusTooManyRequests
	}
	return http.StatusInternalServerError
}

// ask makes a request of the hub and returns the status.
func (n *newsroom) ask(change ...string) int {
	n.t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/websub", strings.NewReader(form(change...).Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	w := httptest.NewRecorder()
	n.router.ServeHTTP(w, r)
	return w.Code
}

// quiet waits until all verifications are done, however long that takes: one that
// hangs ends with the timeout of the test binary, which prints where it hangs.
func (n *newsroom) quiet() {
	n.t.Helper()
	for n.waiting() > 0 {
		time.Sleep(time.Millisecond)
	}
}

func (n *newsroom) waiting() int {
	n.t.Helper()
	var all []deliveries.Waiting
	err := n.Store.View(n.t.Context(), func(tx *storage.Tx) (err error) {
		all, err = tx.Verifications()
		return err
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return len(all)
}

func (n *newsroom) subscribers() (all []deliveries.Subscriber) {
	n.t.Helper()
	err := n.Store.View(n.t.Context(), func(tx *storage.Tx) (err error) {
		all, err = tx.Subscribers(0, 1000)
		return err
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return all
}

// callback is a subscriber that answers as told.
func callback(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server.URL
}

func confirm(w http.ResponseWriter, r *http.Request) {
	_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
}

// TestA44CallbackAddresses: callbacks are held to the addresses that inboxes may
// have, when they are named, when they are asked, and when they are sent to.
func TestA44CallbackAddresses(t *testing.T) {
	t.Parallel()
	canary := outboundtest.NewCanary(t)
	n := newHub(t, func(o *Options) {
		o.Rules = outbound.Rules{Port: canary.Port()} // so that the address alone stands in the way
		o.Transport.Resolver = outboundtest.Resolver(t, outboundtest.Loopback)
	})
	topic := publog.TopicID{Language: "en", Format: "atom"}
	for _, host := range outboundtest.Spellings() {
		address := fmt.Sprintf("https://%s:%d/callback", host, canary.Port())
		if status := n.ask("hub.callback", address); status != 202 && status != 400 {
			t.Errorf("%s: %d", host, status)
		}
		// As if it had confirmed before its name resolved to this machine.
		err := n.Store.Update(t.Context(), func(tx *storage.Tx) error {
			return tx.Subscribe(deliveries.Subscription{Topic: topic, Address: feed, Callback: address, Expires: tx.Now().Add(time.Hour)}, 0)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = n.Send(t.Context(), deliveries.Destination{Source: topic.Source(), URL: address}, delivery.Step{})
		var f *delivery.Failure
		if err == nil || errors.As(err, &f) && f.Verdict != delivery.Later {
			t.Errorf("%s: sending: %v", host, err)
		}
	}
	n.quiet()
	if seen := canary.Seen(); seen != 0 {
		t.Errorf("the canary saw %d connections", seen)
	}
}

// TestOnlyTheChallengeConfirms (WebSub §5.3.1).
func TestOnlyTheChallengeConfirms(t *testing.T) {
	t.Parallel()
	n := newHub(t, nil)
	elsewhere := callback(t, confirm)
	for name, answer := range map[string]http.HandlerFunc{
		"nothing": func(http.ResponseWriter, *http.Request) {},
		"more":    func(w http.ResponseWriter, r *http.Request) { confirm(w, r); _, _ = io.WriteString(w, "\n") },
		"less": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge")[1:])
		},
		"a 404": func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(404); confirm(w, r) },
		"a 500": func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(500); confirm(w, r) },
		"a 302": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere+"/?"+r.URL.RawQuery, http.StatusFound)
		},
		"the topic": func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.Query().Get("hub.topic")) },
		"the end":   func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"a flood": func(w http.ResponseWriter, r *http.Request) {
			confirm(w, r)
			_, _ = io.WriteString(w, strings.Repeat(" ", 10<<20))
		},
	} {
		if status := n.ask("hub.callback", callback(t, answer)); status != 202 {
			t.Errorf("%s: %d", name, status)
		}
	}
	n.quiet()
	if all := n.subscribers(); len(all) != 0 {
		t.Errorf("%d are subscribed", len(all))
	}
	for _, status := range []int{200, 201, 299} {
		n.ask("hub.callback", callback(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(status); confirm(w, r) }))
	}
	n.quiet()
	if all := n.subscribers(); len(all) != 3 {
		t.Errorf("%d are subscribed, want 3", len(all))
	}
}

// TestA44AskedOnce: a callback that does not confirm is not asked again for a while,
// nor are ever new addresses of its host; one that has confirmed may go on.
func TestA44AskedOnce(t *testing.T) {
	t.Parallel()
	n := newHub(t, nil)
	var mu sync.Mutex
	visits := map[string]int{}
	host := callback(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		visits[r.URL.Path]++
		mu.Unlock()
		if r.URL.Path == "/good" {
			confirm(w, r)
		}
	})
	n.ask("hub.callback", host+"/good")
	n.quiet()
	statuses := map[int]int{}
	for i := range 100 {
		statuses[n.ask("hub.callback", fmt.Sprintf("%s/%d", host, i/2))]++
	}
	n.quiet()
	if status := n.ask("hub.callback", host+"/0"); status != 429 {
		t.Errorf("one that did not confirm: %d", status)
	}
	if status := n.ask("hub.callback", host+"/new"); status != 429 {
		t.Errorf("another of its host: %d", status)
	}
	if status := n.ask("hub.callback", host+"/good"); status != 202 {
		t.Errorf("a renewal: %d", status)
	}
	if status := n.ask("hub.callback", host+"/0", "hub.mode", "unsubscribe"); status != 202 {
		t.Errorf("the end of what never was: %d", status)
	}
	n.quiet()
	mu.Lock()
	for path, times := range visits {
		if times != 1 && path != "/good" {
			t.Errorf("%s was asked %d times", path, times)
		}
	}
	if len(visits) != 1+unconfirmedOfDomain || visits["/good"] != 2 {
		t.Errorf("asked: %v", visits)
	}
	mu.Unlock()
	n.clock.Pass(unconfirmedFor)
	if status := n.ask("hub.callback", host+"/0"); status != 202 {
		t.Errorf("later: %d", status)
	}
}

// TestDenied: a subscriber to a feed that has ended is told so (WebSub §5.2).
func TestDenied(t *testing.T) {
	t.Parallel()
	n := newHub(t, nil)
	told := make(chan url.Values, 1)
	address := callback(t, func(w http.ResponseWriter, r *http.Request) {
		told <- r.URL.Query()
		confirm(w, r)
	})
	if status := n.ask("hub.topic", ended, "hub.callback", address); status != 202 {
		t.Errorf("answered %d", status)
	}
	got := <-told
	if got.Get("hub.mode") != "denied" || got.Get("hub.topic") != ended || got.Get("hub.reason") == "" || got.Has("hub.challenge") {
		t.Errorf("told %v", got)
	}
	n.quiet()
	if all := n.subscribers(); len(all) != 0 {
		t.Errorf("%d are subscribed", len(all))
	}
}

// TestBlockedServers subscribe to nothing, and are sent nothing more.
func TestBlockedServers(t *testing.T) {
	t.Parallel()
	n := newHub(t, nil)
	address := callback(t, confirm)
	n.ask("hub.callback", address)
	n.quiet()
	err := n.Store.Update(t.Context(), func(tx *storage.Tx) error {
		_, err := tx.AddBlock(audience.Block{Subject: strings.TrimPrefix(address, "http://"), Kind: audience.BlockDomain})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if status := n.ask("hub.callback", address+"/other"); status != 400 {
		t.Errorf("a new subscription: %d", status)
	}
	to := deliveries.Destination{Source: publog.TopicID{Language: "en", Format: "atom"}.Source(), URL: address + "/"}
	var f *delivery.Failure
	if err := n.Send(t.Context(), to, delivery.Step{}); !errors.As(err, &f) || f.Verdict != delivery.Gone {
		t.Errorf("sending: %v", err)
	}
	if status := n.ask("hub.callback", address, "hub.mode", "unsubscribe"); status != 202 {
		t.Errorf("the end: %d", status)
	}
}

// TestLeasesEnd: a subscription counts from the moment of its verification, and
// nothing is sent when it is over.
func TestLeasesEnd(t *testing.T) {
	t.Parallel()
	n := newHub(t, nil)
	sent := make(chan string, 1)
	address := callback(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			sent <- r.Header.Get("X-Hub-Signature")
			return
		}
		n.clock.Pass(time.Second) // the answer takes its time
		confirm(w, r)
	})
	began := n.clock.Now()
	n.ask("hub.callback", address, "hub.lease_seconds", "600", "hub.secret", "s3cret")
	n.quiet()
	if all := n.subscribers(); len(all) != 1 || !all[0].Expires.Equal(began.Add(10*time.Minute)) {
		t.Fatalf("subscribed: %+v", all)
	}
	to := deliveries.Destination{Source: publog.TopicID{Language: "en", Format: "atom"}.Source(), URL: address + "/"}
	if err := n.Send(t.Context(), to, delivery.Step{}); err != nil {
		t.Error(err)
	}
	if got, want := <-sent, Method("sha256").Sign("s3cret", []byte("<feed/>")); got != want {
		t.Errorf("signed %s, want %s", got, want)
	}
	n.clock.Pass(10 * time.Minute)
	var f *delivery.Failure
	if err := n.Send(t.Context(), to, delivery.Step{}); !errors.As(err, &f) || f.Verdict != delivery.Gone || len(sent) != 0 {
		t.Errorf("after the lease: %v, %d sent", err, len(sent))
	}
	if err := n.Store.Update(t.Context(), endExpired); err != nil {
		t.Fatal(err)
	}
	if all := n.subscribers(); len(all) != 0 {
		t.Errorf("%d are subscribed", len(all))
	}
}

// TestVerdicts: every status but 2xx is a failure, and only 410 ends the subscription
// (WebSub §7).
func TestVerdicts(t *testing.T) {
	t.Parallel()
	n := newHub(t, nil)
	status := 0
	address := callback(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			confirm(w, r)
			return
		}
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(status)
	})
	n.ask("hub.callback", address)
	n.quiet()
	to := deliveries.Destination{Source: publog.TopicID{Language: "en", Format: "atom"}.Source(), URL: address + "/"}
	for _, status = range []int{200, 202, 204, 301, 307, 400, 401, 403, 404, 405, 429, 500, 501, 503, 410} {
		err := n.Send(t.Context(), to, delivery.Step{})
		var f *delivery.Failure
		switch {
		case status < 300:
			if err != nil {
				t.Errorf("%d: %v", status, err)
			}
		case !errors.As(err, &f) || f.Status != status || f.RetryAfter != 2*time.Minute || (f.Verdict == delivery.Gone) != (status == 410) ||
			(f.Verdict == delivery.Later) == (status == 410):
			t.Errorf("%d: %+v", status, err)
		}
		if is := len(n.subscribers()) == 1; is != (status != 410) {
			t.Errorf("%d: subscribed %t", status, is)
		}
	}
}

// TestTheQueueIsBounded: what has no room waits in the store, and every host has its turn.
func TestTheQueueIsBounded(t *testing.T) {
	t.Parallel()
	q := newQueue()
	add := func(i int, host string) { q.add(waiting{id: fmt.Sprint(i), host: host}) }
	for i := range 10 {
		add(i, "big.example")
		add(i, "big.example") // it is known
	}
	for i := 10; i < maxWaiting+1; i++ {
		add(i, fmt.Sprintf("%d.example", i))
	}
	if len(q.known) != maxWaiting || len(q.lines["big.example"]) != 10 {
		t.Errorf("%d are queued, %d of the big one", len(q.known), len(q.lines["big.example"]))
	}
	if first, second := <-q.ready, <-q.ready; first != "big.example" || second != "10.example" {
		t.Errorf("the turns are %s, %s", first, second)
	}
	q.done("big.example")
	q.done("10.example")
	add(maxWaiting, "late.example")
	for len(q.known) > 0 {
		host := <-q.ready
		if q.first(host).host != host {
			t.Fatalf("%s has another's turn", host)
		}
		q.done(host)
	}
	if len(q.lines) != 0 || len(q.ready) != 0 {
		t.Errorf("%d lines, %d turns are left", len(q.lines), len(q.ready))
	}
}

// TestTooMuch: what finds no room is told to come back.
func TestTooMuch(t *testing.T) {
	t.Parallel()
	n := newHub(t, nil)
	hold := make(chan struct{})
	address := callback(t, func(w http.ResponseWriter, r *http.Request) {
		<-hold
		confirm(w, r)
	})
	const most = 200 // of one host
	for i := range most {
		if status := n.ask("hub.callback", fmt.Sprintf("%s/%d", address, i)); status != 202 {
			t.Fatalf("%d: %d", i, status)
		}
	}
	if status := n.ask("hub.callback", address+"/more"); status != 503 {
		t.Errorf("one more: %d", status)
	}
	close(hold)
	n.quiet()
	if all := n.subscribers(); len(all) != 100 {
		t.Errorf("%d of one host are subscribed, want 100", len(all))
	}
	if status := n.ask("hub.callback", address+"/more"); status != 429 {
		t.Errorf("one more of the host: %d", status)
	}
}
