package web

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"communique/storage/press"
)

// TestOneNameForARequest: what a visitor can quote stands in the line of the request, and
// in the line of what went wrong.
func TestOneNameForARequest(t *testing.T) {
	t.Parallel()
	for _, access := range []Access{AccessOff, AccessShort} {
		var log bytes.Buffer
		h := New(Options{
			Feeds: pull{fail: press.ErrFull}, Federation: fediverse{}, Hub: hub{fail: press.ErrFull}, Access: access,
			Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		})
		var problem struct{ Request string }
		if err := json.Unmarshal(ask(h, "GET", "/fail", "application/json").Body.Bytes(), &problem); err != nil || len(problem.Request) != 12 {
			t.Fatalf("it is called %q, %v", problem.Request, err)
		}
		want := map[Access]int{AccessOff: 2, AccessShort: 3}[access] // at level debug, too
		if n := strings.Count(log.String(), "request="+problem.Request); n != want {
			t.Errorf("access %s: %d lines, want %d:\n%s", access, n, want, &log)
		}
		_, said, _ := strings.Cut(ask(h, "POST", "/hub", "").Body.String(), "\nRequest: ")
		if !strings.Contains(log.String(), "request="+strings.TrimSpace(said)) {
			t.Errorf("a subscriber is told %q", said)
		}
	}
}

// TestAccessLog: a line has what was asked and answered, and not who asked.
func TestAccessLog(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		access         Access
		remote, client string
	}{
		{AccessOff, "192.0.2.7:1", ""},
		{AccessShort, "192.0.2.7:1", "client=192.0.2.0/24"},
		{AccessShort, "[2001:db8:1:2:3::4]:1", "client=2001:db8:1::/48"},
		{AccessShort, "[::ffff:192.0.2.7]:1", "client=192.0.2.0/24"},
		{AccessShort, "@", "client=unknown"},
		{AccessFull, "[2001:db8:1:2:3::4]:1", "client=2001:db8:1:2:3::4"},
	} {
		var log bytes.Buffer
		var told []Answer
		h := New(Options{
			Feeds: pull{}, Federation: fediverse{}, Hub: hub{}, Access: tt.access, Log: slog.New(slog.NewTextHandler(&log, nil)),
			Answered: func(_ Route, a Answer) { told = append(told, a) },
		})
		r := httptest.NewRequest("GET", "/en/?q=my+name", nil)
		r.RemoteAddr = tt.remote
		h.ServeHTTP(httptest.NewRecorder(), r)
		if len(told) != 1 || told[0].Status != 200 || told[0].Bytes != 8 {
			t.Errorf("told of %+v", told)
		}
		line := log.String()
		if !strings.Contains(line, tt.client) || (line == "") != (tt.client == "") || strings.Contains(line, "name") {
			t.Errorf("%s of %s: %q", tt.access, tt.remote, line)
		}
		if line != "" && !strings.Contains(line, "method=GET path=/en/ status=200 bytes=8") {
			t.Errorf("%q", line)
		}
	}
}

// TestNoTitlesInTheLog: who knows the address of what is under embargo may ask for it.
func TestNoTitlesInTheLog(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/en/articles/" + articleID:                  "/en/articles/" + articleID,
		"/en/articles/" + articleID + "/":            "/en/articles/" + articleID + "/",
		"/en/articles/" + articleID + "/war-is-over": "/en/articles/" + articleID + "/…",
		"/en/articles/" + articleID + "/history/1-2": "/en/articles/" + articleID + "/history/1-2",
		"/en/articles/" + articleID + "/a/b":         "/en/articles/" + articleID + "/…",
		"/files/0f/treaty.pdf":                       "/files/0f/…",
		"/en/the-ministry/":                          "/en/the-ministry/",
		"/":                                          "/",
	} {
		if got := logged(path); got != want {
			t.Errorf("%s stands in the log as %s, want %s", path, got, want)
		}
	}
}

// TestRoutes: each address is of one of a few kinds.
func TestRoutes(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]Route{
		"/": RoutePage, "/en/": RoutePage, "/en/the-ministry/": RoutePage, "/en/articles/" + articleID + "/x": RoutePage, "/en/tags/treaty/": RoutePage,
		"/en/feed.rss": RouteFeed, "/en/the-ministry/feed.12.atom": RouteFeed, "/en/feeds.rss.opml": RouteFeed, "/en/tags/treaty/feed.json": RouteFeed,
		"/sitemap.xml": RouteSitemap, "/sitemap.en.1.xml": RouteSitemap, "/media/0f.png": RouteMedia, "/files/0f/treaty.pdf": RouteMedia,
		"/en/search": RouteSearch, "/actors/ministry": RouteActor, "/actors/ministry/outbox": RouteActor, "/ap/articles/" + articleID: RouteObject,
		"/ap/activities/1/create": RouteObject, "/ap/inbox": RouteInbox, "/actors/ministry/inbox": RouteInbox, "/.well-known/webfinger": RouteDiscovery,
		"/nodeinfo/2.1": RouteDiscovery, "/websub": RouteHub, "/robots.txt": RouteOther, "/en": RouteOther, "": RouteOther,
	} {
		if got := RouteOf(path); got != want {
			t.Errorf("%q is of %s, want %s", path, got, want)
		}
	}
}
