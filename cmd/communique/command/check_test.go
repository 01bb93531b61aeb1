package command_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"

	"communique/cmd/communique/command"
	"communique/cmd/internal/e2e/e2etest"
	"communique/storage"
)

// TestCheck: a site that is served as it should be passes, and says so in a line a
// rule.
func TestCheck(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	s.Publish("A treaty was signed")
	broken, status := s.Check(t)
	e2etest.Equal(t, "rules that do not hold", broken, []string{})
	e2etest.Equal(t, "the status", status, 0)
	out := s.Must("check")
	for _, want := range []string{"ok    W1 ", "ok    A8 ", "ok    O3 ", "ok    I2 ", "ok    queue ", "ok    signer ", "RSA signatures a second", "None fails."} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	s.Must("check", "--url", s.Base)
	_, _, err := s.Run("check", "--url", "press.mfa.example")
	e2etest.Equal(t, "the status of a wrong --url", command.ExitStatus(io.Discard, err), 2)
	for _, wrong := range []string{"press.mfa.example", "press.mfa.example=here", "=10.0.0.5", "other.example=10.0.0.5"} {
		_, problems, err := s.Run("check", "--resolve", wrong)
		if command.ExitStatus(io.Discard, err) != 2 || !strings.Contains(err.Error(), "--resolve: ") {
			t.Errorf("--resolve %s: %v %s", wrong, err, problems)
		}
	}
	s.Must("check", "--resolve", "127.0.0.1=127.0.0.1")
	err = s.Open().Update(t.Context(), func(tx *storage.Tx) error { return tx.SetFact("clock_held", "a test") })
	if err != nil {
		t.Fatal(err)
	}
	broken, status = s.Check(t)
	e2etest.Equal(t, "what is broken while embargoes are held", broken, []string{"clock"})
	e2etest.Equal(t, "its status", status, 2)
	s.Must("clock", "confirm")
	p := e2etest.NewPeer(t)
	e2etest.Equal(t, "a Follow", p.Send(s.Inbox(), p.Follow(s.Actor())), 202)
	s.Must("destinations", "pause", strings.TrimPrefix(p.Server.URL, "http://"))
	broken, status = s.Check(t)
	e2etest.Equal(t, "what is broken while a server is paused", broken, []string{"queue"})
	e2etest.Equal(t, "its status", status, 1)
	s.Stop()
	broken, status = s.Check(t)
	if !slices.Contains(broken, "D5") || status != 2 {
		t.Errorf("with nothing served: %v, status %d", broken, status)
	}
}

// TestCheckFindsProxies: what a web server in front does wrong is found, by the
// rule that it breaks.
func TestCheckFindsProxies(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	s.Publish("A treaty was signed")
	target, err := url.Parse(s.Base)
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
		broken, status := s.Check(t, "--url", proxy.URL)
		e2etest.Equal(t, "rules that do not hold behind a proxy: "+name, broken, c.want)
		e2etest.Equal(t, "the status behind a proxy: "+name, status, c.status)
	}
}
