package attacks

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"communique/cmd/internal/e2e/e2etest"
)

// showing are the attacks on those who look: at the desk and its logs, through caches, and by
// links that lead elsewhere.
var showing = []attackTest{
	{37, "names, texts and addresses that are markup or orders to a terminal", alone(foreignTexts)},
	{42, "what a cache hands to the next one", alone(whatCachesKeep)},
	{43, "addresses and hosts that lead elsewhere", alone(leadingElsewhere)},
}

// hostile is a text that is markup, an order to a terminal, a format and a forged line at once.
const hostile = "<img src=x onerror=alert(37)>\"'><script>alert(37)</script>\n time=2026-01-01T00:00:00Z level=ERROR msg=forged\r\x1b[2J\x1b]0;owned\x07%s%n\u202Etxt\u2066"

// foreignTexts: what strangers call themselves and say is escaped where it is shown, on the desk
// and the site, and is one line without orders in logs and on terminals.
func foreignTexts(t *testing.T) {
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	s.DeskAddress()
	a := s.Publish("Answered")
	s.Serve()
	document := p.Document()
	document["name"], document["summary"], document["url"] = hostile, hostile, "javascript:alert(37)//"+p.Server.URL
	p.Publish("/users/reader", e2etest.ActivityJSON, document)
	for n, post := range []map[string]any{
		p.Post("1", "<p>"+hostile+"</p>", s.ObjectID(a)), p.Post("2", hostile+`<a href="javascript:alert(37)">one</a><a href="data:text/html,<script>alert(37)</script>">two</a>`, s.ObjectID(a)),
		e2etest.With(p.Post("3", "<p>"+hostile+"</p>", ""), "quote", s.ObjectID(a)),
	} {
		p.Sends(s, p.Activity("Create", fmt.Sprint(n), e2etest.With(post, "url", "javascript:alert(37)")))
	}
	p.Sends(s, p.Follow(s.Actor()), e2etest.With(p.Activity("Flag", "f", []string{s.ObjectID(a)}), "content", hostile))
	for _, path := range []string{"/en/%0a%20level=ERROR%20msg=forged", "/en/%1b%5b2J", "/en/articles/%e2%80%aetxt", "/search?q=%0aforged"} {
		e2etest.Get(t, s.Base+path, "User-Agent", "x\u202Ey%s%n", "Referer", "http://evil.example/\u202E")
	}
	l := p.Letter(s.Inbox(), p.Activity("Like", "forged", s.ObjectID(a)))
	l.KeyID = "https://evil.example/%0aforged\u202E\x1b[2J"
	l.Sign(t)
	l.Post(t)

	editor := s.Officer(t, "a.silva", "editor", "operator")
	editor.SetUpFactor()
	var kept struct{ ID string }
	s.ReadJSON(&kept, "replies", "keep", s.Replies("pending")[0].Token, "--json")
	pages := map[string]string{"the site": string(s.Page(a).Body)}
	for _, path := range []string{
		"/answers", "/answers/" + s.Replies("pending")[0].Token, "/answers?state=approved", "/evidence", "/evidence/" + kept.ID, "/reports",
		"/blocks", "/blocks/new?subject=" + url.QueryEscape(hostile), "/articles/" + a.ID, "/articles/" + a.ID + "/reach", "/articles?text=" + url.QueryEscape(hostile), "/audit?who=" + url.QueryEscape(hostile),
	} {
		pages[path] = string(editor.Get(path).Body)
	}
	seen := 0
	for where, page := range pages {
		for _, wrong := range []string{"<script>alert", "<img src=x", "onerror=alert(37)>", `href="javascript:`, `href="data:text`, "\x1b", "\x07"} {
			asked := wrong < " " && strings.Contains(where, "?") // their own words, in a field
			if strings.Contains(page, wrong) && !asked {
				t.Errorf("%s has %q", where, wrong)
			}
		}
		if strings.Contains(page, "alert(37)") {
			seen++
		}
	}
	if seen < 4 {
		t.Errorf("%d pages show what was said", seen)
	}
	for _, args := range [][]string{{"replies", "list"}, {"replies", "show", s.Replies("pending")[0].Token}, {"replies", "evidence", kept.ID}, {"flags"}, {"followers", "list"}, {"destinations"}} {
		out, problems, err := s.Run(args...)
		if err != nil && args[0] != "followers" {
			t.Errorf("%v: %v", args, err)
		}
		noOrders(t, fmt.Sprint(args), out+problems)
	}
	s.Stop()
	noOrders(t, "the log", s.Log.String())
	for line := range strings.Lines(s.Log.String()) {
		if !strings.HasPrefix(line, "time=") || strings.Count(line, " level=ERROR msg=forged") > 0 && strings.HasPrefix(line, "time=2026-01-01T00:00:00Z") {
			t.Errorf("a line of the log is a stranger's: %q", line)
		}
	}
}

// noOrders holds a text for terminals to characters that can be seen.
func noOrders(t *testing.T, what, text string) {
	t.Helper()
	for _, r := range text {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			t.Errorf("%s has %q", what, r)
			return
		}
	}
	if strings.Contains(text, "\ntime=2026-01-01T00:00:00Z level=ERROR msg=forged") || strings.Contains(text, "\n time=2026-01-01T00:00:00Z level=ERROR msg=forged") {
		t.Errorf("%s has a line that a stranger wrote", what)
	}
}

// documents are addresses of each kind that everybody may read.
func documents(s *e2etest.Site, a, withdrawn e2etest.Filed) (paths []string) {
	paths = []string{
		"/", "/en/", "/en/feed.rss", "/en/feed.atom", "/en/feed.json", "/en/feeds.atom.opml", "/en/tags/", "/en/opensearch.xml", "/sitemap.xml", "/sitemap.news.xml", "/robots.txt",
		"/actors/ministry", "/actors/ministry/outbox", "/ap/articles/" + a.ID, "/nodeinfo/2.1", "/.well-known/nodeinfo", "/.well-known/webfinger?resource=acct:ministry@" + strings.TrimPrefix(s.Base, "http://"),
		"/en/nothing", "/en/articles/aaaaaaaaaaaaaaaa/nothing",
	}
	for _, filed := range []e2etest.Filed{a, withdrawn} {
		path := strings.TrimPrefix(filed.URL, s.Base)
		paths = append(paths, path, strings.TrimSuffix(path, "/")+"/")
	}
	return append(paths, "/en/articles/"+a.ID+"/history")
}

// ask makes a GET request with a Host of its own; empty is the site's.
func ask(t *testing.T, base, path, host string, headers ...string) e2etest.Answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base, nil)
	if err != nil {
		t.Fatal(err)
	}
	// As it is written: Go would mend it.
	at, query, _ := strings.Cut(path, "?")
	r.URL.Opaque, r.URL.RawQuery, r.Host = at, query, host
	if strings.HasPrefix(at, "//") {
		r.URL.Opaque = strings.TrimSuffix(base, "/") + at
	}
	return e2etest.Send(t, r, headers...)
}

// whatCachesKeep: nothing that a shared cache does not tell requests apart by changes an answer,
// and nothing that is one reader's is one that it may keep.
func whatCachesKeep(t *testing.T) {
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	a, gone := s.Publish("Kept by caches"), s.Publish("Withdrawn")
	s.Must("withdraw", gone.ID, "--reason", "It was not so.")
	s.Serve()
	p.Sends(s, p.Follow(s.Actor()))
	article := strings.TrimPrefix(a.URL, s.Base)
	same := func(what, path string, headers ...string) {
		t.Helper()
		want, got := ask(t, s.Base, path, ""), ask(t, s.Base, path, "", headers...)
		if want.Status >= http.StatusBadRequest { // each has the number of its request
			want.Body, got.Body = nil, nil
		}
		if got.Status != want.Status || !bytes.Equal(got.Body, want.Body) || got.Header.Get("Location") != want.Header.Get("Location") || got.Header.Get("Cache-Control") != want.Header.Get("Cache-Control") {
			t.Errorf("%s of %s changes the answer: %d %v, and not %d", what, path, got.Status, got.Header, want.Status)
		}
		if got.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s sets a cookie: %v", path, got.Header)
		}
	}
	for _, path := range documents(s, a, gone) {
		for _, unkeyed := range [][]string{
			{"X-Forwarded-Host", "evil.example"}, {"X-Forwarded-Proto", "https"}, {"X-Forwarded-Port", "444"}, {"X-Forwarded-Prefix", "/evil"}, {"Forwarded", "host=evil.example;proto=https"}, {"X-Host", "evil.example"},
			{"X-Original-URL", "/evil"}, {"X-Rewrite-URL", "/evil"}, {"X-HTTP-Method-Override", "POST"}, {"X-Method-Override", "DELETE"}, {"Accept-Encoding", "evil;q=1, identity"}, {"Accept-Encoding", strings.Repeat("x,", 100)},
			{"Cookie", "session=evil"}, {"Authorization", "Bearer evil"}, {"Range", "evil=0-1"}, {"User-Agent", "evil"}, {"Referer", "https://evil.example/"}, {"DNT", "1"},
		} {
			same(unkeyed[0], path, unkeyed...)
		}
	}
	for _, of := range []struct{ accept, kind string }{
		{"text/html", "text/html"}, {e2etest.ActivityJSON, e2etest.ActivityJSON}, {`application/ld+json; profile="https://www.w3.org/ns/activitystreams"`, "application/"}, {"*/*", "text/html"},
	} {
		got := ask(t, s.Base, article, "", "Accept", of.accept)
		if !strings.HasPrefix(got.Header.Get("Content-Type"), of.kind) || !varies(got, "Accept") {
			t.Errorf("who accepts %s gets %s, which varies by %q", of.accept, got.Header.Get("Content-Type"), got.Header.Values("Vary"))
		}
	}
	// A signed request is answered by who signed it: what one is refused is nobody else's answer.
	l := p.Letter(s.Inbox(), p.Follow(s.Actor()))
	l.Sign(t)
	for _, path := range []string{article, "/ap/articles/" + a.ID} {
		got := ask(t, s.Base, path, "", "Accept", e2etest.ActivityJSON, "Signature", l.Request.Header.Get("Signature"))
		if private := strings.Contains(got.Header.Get("Cache-Control"), "private") || strings.Contains(got.Header.Get("Cache-Control"), "no-store"); !private && !varies(got, "Signature") {
			t.Errorf("the answer to a signed request for %s may be kept for others: %v", path, got.Header)
		}
	}
	host := strings.TrimPrefix(p.Server.URL, "http://")
	name, _, _ := strings.Cut(host, ":")
	s.Must("block", "add", name)
	for _, path := range []string{"/ap/articles/" + a.ID, "/actors/ministry", "/actors/ministry/outbox"} {
		p.Fetch(s.Base + path)
		if got := ask(t, s.Base, path, "", "Accept", e2etest.ActivityJSON); got.Status != http.StatusOK {
			t.Errorf("after a request of who is blocked %s answers others %d", path, got.Status)
		}
	}
}

// varies tells whether an answer is kept apart by a header.
func varies(a e2etest.Answer, by string) bool {
	for field := range strings.SplitSeq(strings.Join(a.Header.Values("Vary"), ","), ",") {
		if strings.EqualFold(strings.TrimSpace(field), by) {
			return true
		}
	}
	return false
}

// leadingElsewhere: no address of ours leads to another site, whatever stands in it or is said to
// be our name; and no name that somebody else has given us gets into what others read.
func leadingElsewhere(t *testing.T) {
	s := e2etest.NewSite(t)
	a, gone := s.Publish("Led elsewhere"), s.Publish("Withdrawn")
	s.Must("withdraw", gone.ID, "--reason", "It was not so.")
	s.Serve()
	article := strings.TrimPrefix(a.URL, s.Base)
	for _, path := range []string{
		"//evil.example", "//evil.example/", "///evil.example/%2e%2e", "/%2f%2fevil.example/", "/%5c%5cevil.example/", `/\evil.example/`, "/.//evil.example/", "/..//evil.example", "/en//evil.example/", "/en/..//evil.example",
		"/en/%2e%2e//evil.example/", "/en/articles//evil.example/" + a.ID, "/en//articles/" + a.ID, "/fr/articles/" + a.ID + "//evil.example", "/xx/articles/" + a.ID + "/%0d%0aLocation:%20https:%2f%2fevil.example",
		"/en%0d%0aLocation:%20https://evil.example", article + "/../../../..//evil.example", "/@evil.example", "/http://evil.example/", "/share?to=//evil.example", "/?to=https://evil.example&next=//evil.example", "//evil.example/en/",
	} {
		got := ask(t, s.Base, path, "")
		to := got.Header.Get("Location")
		if to == "" {
			continue
		}
		where, err := url.Parse(to)
		ours, _ := url.Parse(s.Base)
		if err != nil || where.Host != "" && where.Host != ours.Host || where.Host == "" && (strings.HasPrefix(to, "//") || strings.HasPrefix(to, `/\`) || where.Scheme != "") || strings.ContainsAny(to, "\r\n\\") {
			t.Errorf("%s leads to %q", path, to)
		}
	}
	for _, path := range documents(s, a, gone) {
		for _, host := range []string{"evil.example", "evil.example:80", "user@evil.example", strings.TrimPrefix(s.Base, "http://") + ".evil.example"} {
			got := ask(t, s.Base, path, host, "X-Forwarded-Host", host, "Forwarded", "host="+host)
			if bytes.Contains(got.Body, []byte("evil.example")) || strings.Contains(fmt.Sprint(got.Header), "evil.example") {
				t.Errorf("%s by the name %s says that name: %d %v", path, host, got.Status, got.Header)
			}
		}
	}
	for _, server := range []string{
		"javascript:alert(43)", "data:text/html,evil", "//evil.example/..", `\\evil.example`, "http://evil.example@127.0.0.1", "https://evil.example/path?query#part", "evil.example/../..", "evil.example\r\nLocation: https://evil.example", "file:///etc/passwd", "", strings.Repeat("a", 500),
	} {
		for _, form := range []string{"/follow", "/share"} {
			got, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).PostForm(s.Base+form,
				url.Values{"server": {server}, "actor": {"ministry"}, "article": {a.ID}, "lang": {"en"}})
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, got.Body)
			_ = got.Body.Close()
			to := got.Header.Get("Location")
			if where, err := url.Parse(to); to != "" && (err != nil || where.Host != "evil.example" && !strings.HasPrefix(to, s.Base) && !strings.HasPrefix(to, "/") || where.Scheme != "https" && where.Scheme != "" && where.Scheme != "http") {
				t.Errorf("%s to the server %q leads to %q", form, server, to)
			}
		}
	}
}
