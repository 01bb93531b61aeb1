package readers

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// subscriber is a WebSub subscriber, written from the Recommendation and without
// our own packages.
type subscriber struct {
	t      *testing.T
	server *httptest.Server

	mu       sync.Mutex
	asked    []asked
	received []distribution
	confirm  func(asked) bool // whether a request of the hub's is ours; nil confirms all
	status   int              // answer to distributions; 0 is 204
}

// asked is a verification of intent, or a denial.
type asked struct {
	Path   string
	Query  string
	Values url.Values
}

// distribution is a delivery to a callback.
type distribution struct {
	Path   string // with the query
	Header http.Header
	Body   []byte
}

func newSubscriber(t *testing.T) *subscriber {
	t.Helper()
	s := &subscriber{t: t}
	s.server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.server.Close)
	return s
}

func (s *subscriber) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		a := asked{Path: r.URL.Path, Query: r.URL.RawQuery, Values: r.URL.Query()}
		s.mu.Lock()
		s.asked = append(s.asked, a)
		confirm := s.confirm
		s.mu.Unlock()
		if confirm != nil && !confirm(a) {
			http.NotFound(w, r)
			return
		}
		_, _ = io.WriteString(w, a.Values.Get("hub.challenge"))
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Error(err)
	}
	s.mu.Lock()
	s.received = append(s.received, distribution{Path: r.URL.RequestURI(), Header: r.Header.Clone(), Body: body})
	status := s.status
	s.mu.Unlock()
	if status == 0 {
		status = http.StatusNoContent
	}
	w.WriteHeader(status)
}

func (s *subscriber) answerWith(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status = status
}

func (s *subscriber) confirmIf(confirm func(asked) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.confirm = confirm
}

func (s *subscriber) questions() []asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]asked(nil), s.asked...)
}

// distributions are the deliveries to a callback, or to all.
func (s *subscriber) distributions(callback string) (all []distribution) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.received {
		if callback == "" || s.server.URL+d.Path == callback {
			all = append(all, d)
		}
	}
	return all
}

// waitFor waits until a callback has been sent something that holds a text.
func (s *subscriber) waitFor(callback, text string) (found distribution) {
	s.t.Helper()
	e2etest.Eventually(s.t, callback+" is sent "+text, func() bool {
		for _, d := range s.distributions(callback) {
			if bytes.Contains(d.Body, []byte(text)) {
				found = d
				return true
			}
		}
		return false
	})
	return found
}

// ask sends a form to a hub and returns the answer.
func ask(t *testing.T, hub string, fields ...string) e2etest.Answer {
	t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return submit(t, hub, "application/x-www-form-urlencoded", form.Encode())
}

func submit(t *testing.T, address, contentType, body string) e2etest.Answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return e2etest.Answer{Status: got.StatusCode, Header: got.Header, Body: text}
}

// subscribe asks the hub that a feed names for a subscription and waits until it
// stands.
func (s *subscriber) subscribe(site *e2etest.Site, feed, callback string, more ...string) (hub, topic string) {
	s.t.Helper()
	hub, topic = discover(s.t, feed)
	before := subscribers(site)
	s.request(hub, "subscribe", topic, callback, more...)
	e2etest.Eventually(s.t, "the subscription stands", func() bool { return subscribers(site) != before })
	return hub, topic
}

func (s *subscriber) request(hub, mode, topic, callback string, more ...string) {
	s.t.Helper()
	fields := append([]string{"hub.mode", mode, "hub.topic", topic, "hub.callback", callback}, more...)
	if got := ask(s.t, hub, fields...); got.Status != http.StatusAccepted {
		s.t.Fatalf("the hub answers %d %s", got.Status, got.Body)
	}
}

// subscribers is the list of subscribers without what deliveries change.
func subscribers(s *e2etest.Site) string {
	s.T.Helper()
	var lines []string
	for line := range strings.Lines(s.Must("subscribers", "--json")) {
		before, _, _ := strings.Cut(line, `"state"`)
		lines = append(lines, before)
	}
	return strings.Join(lines, "\n")
}

// discover finds the hub and the topic of a feed in its Link header.
func discover(t *testing.T, feed string) (hub, topic string) {
	t.Helper()
	got := e2etest.Request(t, http.MethodHead, feed)
	return linked(t, got.Header, "hub"), linked(t, got.Header, "self")
}

// linked is the one address that Link headers give to a relation.
func linked(t *testing.T, h http.Header, rel string) string {
	t.Helper()
	var found []string
	for link := range strings.SplitSeq(strings.Join(h.Values("Link"), ","), ",") {
		address, parameters, _ := strings.Cut(link, ";")
		if strings.TrimSpace(parameters) == `rel="`+rel+`"` {
			found = append(found, strings.Trim(address, "<> "))
		}
	}
	if len(found) != 1 {
		t.Fatalf("Link %q has %d of the relation %s", h.Values("Link"), len(found), rel)
	}
	return found[0]
}

// signed checks an X-Hub-Signature by HMAC-SHA-256.
func (d distribution) signed(secret string) bool {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(d.Body)
	return d.Header.Get("X-Hub-Signature") == "sha256="+hex.EncodeToString(mac.Sum(nil))
}

// leaseOf reads a lease off a verification.
func leaseOf(t *testing.T, a asked) time.Duration {
	t.Helper()
	lease, err := time.ParseDuration(a.Values.Get("hub.lease_seconds") + "s")
	if err != nil {
		t.Fatal(err)
	}
	return lease
}
