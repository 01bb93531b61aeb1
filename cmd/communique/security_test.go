package main

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"communique/federation"
)

// inboxRoutes are the addresses of all inboxes, read off the router: a new one
// is tested from its first day.
func inboxRoutes(t *testing.T) []string {
	t.Helper()
	r := chi.NewRouter()
	(&federation.Server{}).Routes(r, func(func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
		return func(http.ResponseWriter, *http.Request) {}
	})
	var inboxes []string
	err := chi.Walk(r, func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if method == http.MethodPost {
			inboxes = append(inboxes, strings.ReplaceAll(route, "{actor}", "ministry"))
		}
		return nil
	})
	if err != nil || len(inboxes) < 2 {
		t.Fatalf("inboxes %v: %v", inboxes, err)
	}
	return inboxes
}

// attack is a request that must be answered with a status and change nothing.
type attack struct {
	name   string
	status int
	spoil  func(l *letter)
	// after spoils the request once it is signed.
	after func(l *letter)
}

func header(name, value string) func(l *letter) {
	return func(l *letter) { l.request.Header.Set(name, value) }
}

func dated(shift time.Duration) func(l *letter) {
	return header("Date", time.Now().Add(shift).UTC().Format(http.TimeFormat))
}

func covering(headers string) func(l *letter) {
	return func(l *letter) { l.headers = headers }
}

func attacks(stranger *rsa.PrivateKey) []attack {
	return []attack{
		{name: "1 body changed after signing", status: 401, after: func(l *letter) {
			l.body = bytes.Replace(l.body, []byte("follows/1"), []byte("follows/9"), 1)
		}},
		{name: "2 target not covered", status: 401, spoil: covering("host date digest")},
		{name: "2 host not covered", status: 401, spoil: covering("(request-target) date digest")},
		{name: "2 date not covered", status: 401, spoil: covering("(request-target) host digest")},
		{name: "2 digest not covered", status: 401, spoil: covering("(request-target) host date")},
		{name: "2 nothing covered", status: 401, spoil: covering("")},
		{name: "3 no digest at all", status: 401, after: func(l *letter) { l.request.Header.Del("Digest") }},
		{name: "4 signed 13 hours ago", status: 401, spoil: dated(-13 * time.Hour)},
		{name: "4 signed in two hours", status: 401, spoil: dated(2 * time.Hour)},
		{name: "4 no date", status: 401, after: func(l *letter) { l.request.Header.Del("Date") }},
		{name: "5 a parameter twice", status: 401, spoil: func(l *letter) { l.extra = fmt.Sprintf(`,keyId=%q`, l.keyID) }},
		{name: "5 a header covered twice", status: 401, spoil: covering("(request-target) host date digest date")},
		{name: "5 two Signature headers", status: 401, after: func(l *letter) {
			l.request.Header.Add("Signature", l.request.Header.Get("Signature"))
		}},
		{name: "5 two Date headers", status: 401, after: func(l *letter) {
			l.request.Header.Add("Date", l.request.Header.Get("Date"))
		}},
		{name: "6 signed for another host", status: 401, spoil: func(l *letter) { l.host = "other.example" }},
		{name: "6 signed for another host, and forwarded so", status: 401, spoil: func(l *letter) {
			l.host = "other.example"
			l.request.Header.Set("X-Forwarded-Host", "other.example")
		}},
		{name: "6 another query", status: 401, spoil: func(l *letter) { l.target = l.request.URL.Path + "?x=1" }},
		{name: "6 another path", status: 401, spoil: func(l *letter) { l.target = "/" + l.request.URL.Path }},
		{name: "another's key", status: 401, spoil: func(l *letter) { l.key = stranger }},
		{name: "no algorithm that we know", status: 401, spoil: func(l *letter) {
			l.raw = `keyId="x",algorithm="hmac-sha256",headers="(request-target) host date digest",signature="AAAA"`
		}},
	}
}

// TestInboxAttacks sends to every inbox what must not get in: SECURITY A 1–6.
func TestInboxAttacks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := newPeer(t)
	for _, inbox := range inboxRoutes(t) {
		for _, a := range attacks(stranger) {
			t.Run(a.name+" at "+strings.ReplaceAll(inbox, "/", " "), func(t *testing.T) {
				l := p.letter(s.base+inbox, p.follow(s.actor()))
				if a.spoil != nil {
					a.spoil(l)
				}
				l.sign(t)
				if a.after != nil {
					a.after(l)
				}
				mustEqual(t, "the status", l.post(t), a.status)
				mustEqual(t, "followers", object(t, s.actor()+"/followers")["totalItems"], 0)
			})
		}
		for _, shift := range []time.Duration{-59 * time.Minute, 59 * time.Minute} {
			t.Run(fmt.Sprintf("4 signed %s from now at %s", shift, strings.ReplaceAll(inbox, "/", " ")), func(t *testing.T) {
				like := map[string]any{"@context": activityStreams, "id": p.server.URL + "/likes/1", "type": "Like", "actor": p.actor(), "object": s.actor()}
				l := p.letter(s.base+inbox, like)
				dated(shift)(l)
				l.sign(t)
				mustEqual(t, "the status", l.post(t), 202)
			})
		}
	}
}

// TestInboxSpeaksForItsSigner: SECURITY A 7, 8, 13.
func TestInboxSpeaksForItsSigner(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	honest, rogue := newPeer(t), newPeer(t)
	mustEqual(t, "a Follow", honest.send(s.base+"/ap/inbox", honest.follow(s.actor())), 202)
	followers := func() any { return object(t, s.actor()+"/followers")["totalItems"] }
	for _, inbox := range inboxRoutes(t) {
		t.Run("7 another's Follow at"+strings.ReplaceAll(inbox, "/", " "), func(t *testing.T) {
			other := newPeer(t)
			mustEqual(t, "the status", rogue.send(s.base+inbox, other.follow(s.actor())), 401)
			mustEqual(t, "followers", followers(), 1)
		})
		t.Run("13 another's Undo at"+strings.ReplaceAll(inbox, "/", " "), func(t *testing.T) {
			mustEqual(t, "signed by a rogue in the follower's name", rogue.send(s.base+inbox, honest.undo(s.actor())), 401)
			stolen := honest.undo(s.actor())
			stolen["actor"] = rogue.actor()
			mustEqual(t, "of the follower's Follow by a rogue", rogue.send(s.base+inbox, stolen), 202)
			mustEqual(t, "followers", followers(), 1)
		})
		t.Run("13 another's Delete at"+strings.ReplaceAll(inbox, "/", " "), func(t *testing.T) {
			gone := map[string]any{"@context": activityStreams, "id": rogue.server.URL + "/d", "type": "Delete", "actor": rogue.actor(), "object": honest.actor()}
			mustEqual(t, "of the follower by a rogue", rogue.send(s.base+inbox, gone), 202)
			gone["actor"] = honest.actor()
			mustEqual(t, "in the follower's name by a rogue", rogue.send(s.base+inbox, gone), 401)
			mustEqual(t, "followers", followers(), 1)
		})
		t.Run("8 a key of somebody else at"+strings.ReplaceAll(inbox, "/", " "), func(t *testing.T) {
			l := rogue.letter(s.base+inbox, rogue.follow(s.actor()))
			l.keyID = honest.keyID()
			l.sign(t)
			mustEqual(t, "the status", l.post(t), 401)
			mustEqual(t, "followers", followers(), 1)
		})
	}
}

// TestInboxReplay: SECURITY A 17.
func TestInboxReplay(t *testing.T) {
	t.Parallel()
	s, p := newSite(t), newPeer(t)
	s.serve()
	followers := func() any { return object(t, s.actor()+"/followers")["totalItems"] }
	captured := p.letter(s.base+"/ap/inbox", p.follow(s.actor()))
	captured.sign(t)
	mustEqual(t, "a Follow", captured.post(t), 202)
	mustEqual(t, "the same again", captured.post(t), 202)
	mustEqual(t, "followers", followers(), 1)
	undo := p.letter(s.base+"/ap/inbox", p.undo(s.actor()))
	dated(time.Second)(undo)
	undo.sign(t)
	mustEqual(t, "an Undo", undo.post(t), 202)
	mustEqual(t, "the captured Follow", captured.post(t), 202)
	mustEqual(t, "followers after the replay", followers(), 0)
	fresh := p.letter(s.base+"/ap/inbox", p.follow(s.actor()))
	dated(2 * time.Second)(fresh)
	fresh.sign(t)
	mustEqual(t, "a Follow of later", fresh.post(t), 202)
	mustEqual(t, "followers after it", followers(), 1)
}

// TestInboxBodies: SECURITY A 14, 15, 25, 28, 29, and media types.
func TestInboxBodies(t *testing.T) {
	t.Parallel()
	s, p := newSite(t), newPeer(t)
	s.serve()
	nested := strings.Repeat(`{"a":`, 33) + "1" + strings.Repeat("}", 33)
	tests := []struct {
		name   string
		status int
		body   string
		spoil  func(l *letter)
	}{
		{"14 a graph", 400, `{"type":"Follow","actor":"x","@graph":[]}`, nil},
		{"15 a key twice", 400, `{"type":"Follow","type":"Undo","actor":"x"}`, nil},
		{"15 a key twice, once escaped", 400, `{"type":"Follow","actor":"x","\u0061ctor":"y"}`, nil},
		{"15 an object for a type", 400, `{"type":{"a":1},"actor":"x"}`, nil},
		{"28 one byte too many", 413, `{"type":"Follow","actor":"` + strings.Repeat("x", 1<<20) + `"}`, nil},
		{"29 depth 33", 400, nested, nil},
		{"29 a million brackets", 400, strings.Repeat("[", 1_000_000), nil},
		{"no JSON", 400, "hello", nil},
		{"nothing", 400, "", nil},
		{"media type text/html", 415, "{}", header("Content-Type", "text/html")},
		{"media type application/json", 415, "{}", header("Content-Type", "application/json")},
		{"media type ld+json without the profile", 415, "{}", header("Content-Type", "application/ld+json")},
		{"no media type", 415, "{}", func(l *letter) { l.request.Header.Del("Content-Type") }},
		{"25 a packed body", 415, "{}", header("Content-Encoding", "gzip")},
	}
	for _, inbox := range inboxRoutes(t) {
		for _, tt := range tests {
			t.Run(tt.name+" at"+strings.ReplaceAll(inbox, "/", " "), func(t *testing.T) {
				l := p.letter(s.base+inbox, []byte(tt.body))
				if tt.spoil != nil {
					tt.spoil(l)
				}
				l.sign(t)
				mustEqual(t, "the status", l.post(t), tt.status)
			})
		}
	}
}
