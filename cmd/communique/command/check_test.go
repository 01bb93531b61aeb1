package command

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"

	"communique/cmd/internal/check"
	"communique/storage"
)

// checks runs check and returns the rules that do not hold, and the exit status.
func (s *testSite) checks(t *testing.T, args ...string) (broken []string, status int) {
	t.Helper()
	out, _, err := s.run(append([]string{"check", "--json"}, args...)...)
	rules := map[string]bool{}
	for line := range strings.Lines(out) {
		var f check.Finding
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if f.Verdict != check.OK {
			rules[f.Rule] = true
			t.Logf("%+v", f)
		}
	}
	return slices.Sorted(maps.Keys(rules)), ExitStatus(io.Discard, err)
}

// TestCheck: a site that is served as it should be passes, and says so in a line a
// rule.
func TestCheck(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	s.publish("A treaty was signed")
	broken, status := s.checks(t)
	mustEqual(t, "rules that do not hold", broken, []string{})
	mustEqual(t, "the status", status, 0)
	out := s.must("check")
	for _, want := range []string{"ok    W1 ", "ok    A8 ", "ok    O3 ", "ok    I2 ", "ok    queue ", "None fails."} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	s.must("check", "--url", s.base)
	_, _, err := s.run("check", "--url", "press.mfa.example")
	mustEqual(t, "the status of a wrong --url", ExitStatus(io.Discard, err), 2)
	err = s.open().Update(t.Context(), func(tx *storage.Tx) error { return tx.SetFact("clock_held", "a test") })
	if err != nil {
		t.Fatal(err)
	}
	broken, status = s.checks(t)
	mustEqual(t, "what is broken while embargoes are held", broken, []string{"clock"})
	mustEqual(t, "its status", status, 2)
	s.must("clock", "confirm")
	p := newPeer(t)
	mustEqual(t, "a Follow", p.send(s.base+"/ap/inbox", p.follow(s.actor())), 202)
	s.must("destinations", "pause", strings.TrimPrefix(p.server.URL, "http://"))
	broken, status = s.checks(t)
	mustEqual(t, "what is broken while a server is paused", broken, []string{"queue"})
	mustEqual(t, "its status", status, 1)
	s.stop()
	broken, status = s.checks(t)
	if !slices.Contains(broken, "D5") || status != 2 {
		t.Errorf("with nothing served: %v, status %d", broken, status)
	}
}

// TestCheckFindsProxies: what a web server in front does wrong is found, by the
// rule that it breaks.
func TestCheckFindsProxies(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	s.publish("A treaty was signed")
	target, err := url.Parse(s.base)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		request func(r *http.Request)
		answer  func(r *http.Response) error
		want    []string
		status  int
	}{
		"nothing":                 {want: []string{}},
		"its own Host":            {request: func(r *http.Request) { r.Host = "localhost" }, want: []string{"I2", "I3"}, status: 2},
		"Date dropped":            {request: func(r *http.Request) { r.Header.Del("Date") }, want: []string{"I2"}, status: 2},
		"Digest dropped":          {request: func(r *http.Request) { r.Header.Del("Digest") }, want: []string{"I2"}, status: 2},
		"Signature-Input dropped": {request: func(r *http.Request) { r.Header.Del("Signature-Input") }, want: []string{"I3"}, status: 2},
		"Accept dropped": {request: func(r *http.Request) {
			if strings.Contains(r.URL.Path, "/articles/") {
				r.Header.Set("Accept", "text/html")
			}
		}, want: []string{"I7", "O3"}, status: 2},
		"Vary dropped": {answer: func(r *http.Response) error {
			r.Header.Del("Vary")
			return nil
		}, want: []string{"I7", "gzip"}, status: 2},
		"nothing packed": {request: func(r *http.Request) { r.Header.Set("Accept-Encoding", "identity") }, want: []string{"gzip"}, status: 1},
		"ETag dropped": {answer: func(r *http.Response) error {
			r.Header.Del("ETag")
			return nil
		}, want: []string{"ETag"}, status: 1},
		"well-known kept to itself": {request: func(r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/.well-known/") {
				r.URL.Path = "/nothing"
			}
		}, want: []string{"D5", "W1", "W8"}, status: 2},
		"pages private": {answer: func(r *http.Response) error {
			r.Header.Set("Cache-Control", "private")
			return nil
		}, want: []string{"H3"}, status: 1},
	} {
		proxy := httptest.NewServer(&httputil.ReverseProxy{
			Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(target)
				r.Out.Host = r.In.Host
				if c.request != nil {
					c.request(r.Out)
				}
			},
			ModifyResponse: c.answer,
		})
		t.Cleanup(proxy.Close)
		broken, status := s.checks(t, "--url", proxy.URL)
		mustEqual(t, "rules that do not hold behind a proxy: "+name, broken, c.want)
		mustEqual(t, "the status behind a proxy: "+name, status, c.status)
	}
}
