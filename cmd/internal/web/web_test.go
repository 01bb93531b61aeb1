package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"communique/federation"
	"communique/federation/moderation"
	"communique/federation/remote"
	"communique/federation/signature"
	"communique/feeds/site"
	"communique/feeds/websub"
	"communique/storage/hearsay"
	"communique/storage/press"
)

const articleID = "k3tq5m2zr7ab4cde"

// pull stands for the feeds: a page per article, and one that fails as told.
type pull struct{ fail error }

func (p pull) Routes(r chi.Router, handle func(Handler) http.HandlerFunc) {
	r.Get("/fail", handle(func(http.ResponseWriter, *http.Request) error { return p.fail }))
	r.Get("/panic", handle(func(http.ResponseWriter, *http.Request) error { panic("a fault") }))
	r.Get("/half", handle(func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("ETag", `"kept"`)
		return press.ErrNotFound
	}))
	r.Get("/{lang}/", handle(func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Length", "8")
		w.Header().Set("ETag", `"home"`)
		_, err := io.WriteString(w, "the home")
		return err
	}))
	r.Get("/{lang}/old/", handle(func(http.ResponseWriter, *http.Request) error { return &press.MovedError{Location: "/en/"} }))
	r.Get("/{lang}/feed.rss", handle(func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Content-Type", "application/rss+xml")
		_, err := io.WriteString(w, "the feed")
		return err
	}))
	r.Get("/{lang}/articles/{id}/{slug}", handle(func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, err := io.WriteString(w, "the page")
		return err
	}))
}

func (pull) Repeat(next http.Handler) http.Handler { return next }

func (pull) WriteProblem(w io.Writer, _ *http.Request, p site.Problem) error {
	_, err := fmt.Fprintf(w, "<p>page of %d", p.Status)
	return err
}

// fediverse stands for the federation: one inbox, and objects.
type fediverse struct{}

func (fediverse) Routes(r chi.Router, handle func(Handler) http.HandlerFunc) {
	r.Post("/inbox", handle(func(http.ResponseWriter, *http.Request) error { return nil }))
}

func (fediverse) ServeObject(w http.ResponseWriter, _ *http.Request, id press.ArticleID) error {
	_, err := io.WriteString(w, "the object "+string(id))
	return err
}

// hub stands for the hub, which fails as told.
type hub struct{ fail error }

func (h hub) Routes(r chi.Router, handle func(Handler) http.HandlerFunc) {
	r.Post("/hub", handle(func(http.ResponseWriter, *http.Request) error { return h.fail }))
}

func serve(fail error) http.Handler {
	return New(Options{Feeds: pull{fail}, Federation: fediverse{}, Hub: hub{fail}, Log: slog.New(slog.DiscardHandler)})
}

func ask(h http.Handler, method, path, accept string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestErrorsBecomeStatusCodes: each error that handlers return has its status,
// a document for machines and a page for people.
func TestErrorsBecomeStatusCodes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err    error
		status int
		header string
	}{
		{press.ErrNotFound, 404, ""},
		{&press.WithdrawnError{ID: articleID, Reason: "It was wrong."}, 410, ""},
		{&http.MaxBytesError{Limit: 1}, 413, ""},
		{federation.ErrPostOnly, 405, "Allow"},
		{federation.ErrMediaType, 415, ""},
		{federation.ErrMalformed, 400, ""},
		{press.ErrInvalid, 400, ""},
		{signature.ErrInvalid, 401, ""},
		{federation.ErrForbidden, 401, ""},
		{remote.ErrUnavailable, 503, "Retry-After"},
		{websub.ErrRefused, 400, ""},
		{websub.ErrMediaType, 415, ""},
		{websub.ErrBusy, 503, "Retry-After"},
		{websub.ErrPostOnly, 405, "Allow"},
		{&websub.ThrottledError{Reason: "Not so soon.", RetryAfter: time.Minute}, 429, "Retry-After"},
		{press.ErrBusy, 503, "Retry-After"},
		{press.ErrUnsure, 503, "Retry-After"},
		{context.DeadlineExceeded, 503, "Retry-After"},
		{press.ErrFull, 507, "Retry-After"},
		{&moderation.ThrottledError{Who: "social.example", RetryAfter: 1500 * time.Millisecond}, 429, "Retry-After"},
		{errors.New("a secret of the house"), 500, ""},
	} {
		t.Run(c.err.Error(), func(t *testing.T) {
			t.Parallel()
			h := serve(fmt.Errorf("while serving: %w", c.err))
			w := ask(h, "GET", "/fail", "application/json")
			var problem struct{ Status int }
			if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil || w.Code != c.status || problem.Status != c.status ||
				w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("a machine gets %d %s %s, %v", w.Code, w.Header().Get("Content-Type"), w.Body, err)
			}
			if c.header != "" && w.Header().Get(c.header) == "" {
				t.Errorf("there is no %s", c.header)
			}
			if strings.Contains(w.Body.String(), "secret") {
				t.Error("a fault of ours tells its text")
			}
			w = ask(h, "GET", "/fail", "text/html,*/*;q=0.8")
			if want := fmt.Sprintf("<p>page of %d", c.status); w.Code != c.status || w.Body.String() != want || w.Header().Get("Vary") != "Accept, Accept-Encoding" {
				t.Errorf("a browser gets %d %q, Vary %q", w.Code, w.Body, w.Header().Get("Vary"))
			}
			w = ask(h, "POST", "/hub", "")
			if w.Code != c.status || w.Header().Get("Content-Type") != "text/plain; charset=utf-8" || strings.Contains(w.Body.String(), "secret") {
				t.Errorf("a subscriber gets %d %s %s", w.Code, w.Header().Get("Content-Type"), w.Body)
			}
		})
	}
}

func TestWithdrawnTellsWhenAndWhy(t *testing.T) {
	t.Parallel()
	withdrawn := &press.WithdrawnError{ID: articleID, At: time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC), Reason: "It was wrong."}
	w := ask(serve(withdrawn), "GET", "/fail", "application/json")
	if want := "This statement was withdrawn on 2026-03-04: It was wrong."; !strings.Contains(w.Body.String(), want) {
		t.Errorf("got %s, want %q", w.Body, want)
	}
}

func TestMoved(t *testing.T) {
	t.Parallel()
	w := ask(serve(&press.MovedError{Location: "/en/new"}), "GET", "/fail", "")
	if w.Code != 301 || w.Header().Get("Location") != "/en/new" {
		t.Errorf("got %d to %q", w.Code, w.Header().Get("Location"))
	}
	// What was renamed may be renamed back, and a withdrawn title is in no cache.
	if policy := w.Header().Get("Cache-Control"); policy != "public, max-age=0, s-maxage=60" {
		t.Errorf("a browser or a cache keeps the way: %q", policy)
	}
}

// TestFaults: a panic is one request's 500, an unknown address 404, another
// method 405 with those that are known, and none of them is kept by a cache.
func TestFaults(t *testing.T) {
	t.Parallel()
	h := serve(nil)
	for _, c := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/panic", 500, ""},
		{"GET", "/nowhere", 404, ""},
		{"HEAD", "/nowhere", 404, ""},
		{"DELETE", "/panic", 405, "GET, HEAD"},
		{"POST", "/en/articles/" + articleID + "/a", 405, "GET, HEAD"},
		{"PUT", "/inbox", 405, "POST"},
		{"GET", "/half", 404, ""},
	} {
		w := ask(h, c.method, c.path, "")
		if w.Code != c.status || w.Header().Get("Allow") != c.allow || w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("ETag") != "" {
			t.Errorf("%s %s: %d, header %v", c.method, c.path, w.Code, w.Header())
		}
		if w.Header().Get("Content-Security-Policy") == "" || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s %s: header %v", c.method, c.path, w.Header())
		}
		if c.method == "HEAD" && w.Body.Len() > 0 {
			t.Errorf("HEAD has the body %q", w.Body)
		}
	}
}

// TestOneAddressTwoAnswers: a browser gets the page and never the object, a
// server of the fediverse the reverse, and caches are told what it depends on.
func TestOneAddressTwoAnswers(t *testing.T) {
	t.Parallel()
	h := serve(nil)
	address := "/en/articles/" + articleID + "/a-title"
	for accept, want := range map[string]string{
		"":    "the page",
		"*/*": "the page",
		"text/html,application/xhtml+xml,*/*;q=0":                              "the page",
		"application/activity+json":                                            "the object " + articleID,
		`application/ld+json; profile="https://www.w3.org/ns/activitystreams"`: "the object " + articleID,
	} {
		w := ask(h, "GET", address, accept)
		if w.Code != 200 || w.Body.String() != want || w.Header().Get("Vary") != "Accept, Accept-Encoding" {
			t.Errorf("Accept %q: %d %q, Vary %q", accept, w.Code, w.Body, w.Header().Get("Vary"))
		}
	}
	for _, page := range []string{"/history", "/history/1", "/history/1-2"} {
		if w := ask(h, "GET", "/en/articles/"+articleID+page, "application/activity+json"); strings.Contains(w.Body.String(), "object") {
			t.Errorf("%s answers with the object", page)
		}
	}
	if w := ask(h, "POST", address, "application/activity+json"); w.Code != 405 {
		t.Errorf("POST: %d", w.Code)
	}
}

// TestRefusedPages: who refuses HTML gets none, with whatever status.
func TestRefusedPages(t *testing.T) {
	t.Parallel()
	h, article := serve(press.ErrNotFound), "/en/articles/"+articleID+"/a-title"
	for _, tt := range []struct {
		path, accept string
		status       int
		kind, etag   string
	}{
		{"/en/", "text/html", 200, "text/html; charset=utf-8", `"home"`},
		{"/en/", "application/json", 200, "text/html; charset=utf-8", `"home"`},
		{"/en/", "text/html;q=0", 406, "application/problem+json", ""},
		{"/en/", "text/html;q=0, */*", 406, "application/problem+json", ""},
		{"/en/old/", "text/html;q=0", 301, "text/html; charset=utf-8", ""},
		{"/en/feed.rss", "text/html;q=0", 200, "application/rss+xml", ""},
		{"/fail", "text/html;q=0", 404, "application/problem+json", ""},
		{"/fail", "text/html", 404, "text/html; charset=utf-8", ""},
		{article, "text/html;q=0", 406, "application/problem+json", ""},
		{article, "text/html;q=0, application/activity+json;q=0.1", 200, "", ""},
	} {
		w := ask(h, "GET", tt.path, tt.accept)
		if got := w.Header(); w.Code != tt.status || got.Get("Content-Type") != tt.kind || got.Get("ETag") != tt.etag ||
			tt.status == 406 && (got.Get("Content-Length") != "" || !strings.Contains(got.Get("Vary"), "Accept") || strings.Contains(w.Body.String(), "the home")) {
			t.Errorf("%s, Accept %q: %d, %v, %q", tt.path, tt.accept, w.Code, got, w.Body)
		}
	}
}

// TestA53OneLineForAHost that messages name, from however many clients they come; each
// other host and client has one, too.
func TestA53OneLineForAHost(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	a := answerer{pages: pull{}, log: slog.New(slog.DiscardHandler), hearsay: hearsay.New(slog.New(slog.NewTextHandler(&log, nil)), func() time.Time { return time.Unix(0, 0) })}
	fail := func(client int, err error) {
		r := httptest.NewRequest(http.MethodPost, "/ap/inbox", nil)
		r.RemoteAddr = fmt.Sprintf("198.51.100.%d:1", client)
		a.handle(func(http.ResponseWriter, *http.Request) error { return err })(httptest.NewRecorder(), r)
	}
	for client := range 50 {
		fail(client, hearsay.Claimed("social.example", remote.ErrUnavailable))
		fail(1, hearsay.Claimed(fmt.Sprint(client%2, ".example"), remote.ErrUnavailable))
		fail(client%3, remote.ErrUnavailable)
	}
	if n := strings.Count(log.String(), "request failed"); n != 1+2+3 || strings.Contains(log.String(), "ERROR") {
		t.Errorf("%d lines: %s", n, log.String())
	}
}

// TestAwayIsNoClientsFault: a request that fails because the database is away is not counted
// among the lines about clients, of which the log says how many were left out.
func TestAwayIsNoClientsFault(t *testing.T) {
	t.Parallel()
	var ours, theirs bytes.Buffer
	a := answerer{pages: pull{}, log: slog.New(slog.NewTextHandler(&ours, nil)), hearsay: hearsay.New(slog.New(slog.NewTextHandler(&theirs, nil)), time.Now)}
	for range 2 {
		a.handle(func(http.ResponseWriter, *http.Request) error { return press.ErrAway })(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/en/", nil))
	}
	if n := strings.Count(ours.String(), "request failed"); n != 2 || theirs.Len() > 0 {
		t.Errorf("%d of 2 lines are said to the log, and of clients: %q", n, theirs.String())
	}
}

// TestA53WhatStrangersCause is a warning at most, and one line for a client and minute.
func TestA53WhatStrangersCause(t *testing.T) {
	t.Parallel()
	for _, fault := range []error{remote.ErrUnavailable, websub.ErrBusy} {
		var log bytes.Buffer
		h := New(Options{Feeds: pull{fail: fmt.Errorf("%w: so", fault)}, Federation: fediverse{}, Hub: hub{}, Log: slog.New(slog.NewTextHandler(&log, nil))})
		for range 100 {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/fail", nil))
			if w.Code != http.StatusServiceUnavailable {
				t.Fatalf("%v is answered %d", fault, w.Code)
			}
		}
		// The clock may reach the next minute once.
		if n := strings.Count(log.String(), "request failed"); n < 1 || n > 2 || strings.Contains(log.String(), "ERROR") {
			t.Errorf("%v: %d lines: %s", fault, n, log.String())
		}
	}
}
