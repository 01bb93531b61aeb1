package site

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/realpart"
)

// nginxCache puts Debian's nginx as a cache in front of a server, and returns its
// address.
func nginxCache(t *testing.T, upstream string) string {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		program, err = exec.LookPath("/usr/sbin/nginx")
	}
	realpart.Need(t, "nginx", err == nil)
	template, err := os.ReadFile(filepath.Join("testdata", "nginx.conf"))
	if err != nil {
		t.Fatal(err)
	}
	dir, listen := t.TempDir(), e2etest.FreePort(t)
	config := strings.NewReplacer("@DIR@", dir, "@LISTEN@", listen, "@UPSTREAM@", upstream).Replace(string(template))
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-c", file, "-p", dir, "-e", "stderr")
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	front := "http://" + listen
	e2etest.Eventually(t, "nginx answers", func() bool {
		answer, err := http.Get(front + "/nodeinfo/2.1")
		if err == nil {
			_ = answer.Body.Close()
		}
		return err == nil
	})
	return front
}

// TestBehindNginx: a cache in front hands every client what it asked for, however
// the requests come, and answers conditions itself.
func TestBehindNginx(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	front := nginxCache(t, s.Base)
	a := s.Publish("A treaty was signed")
	before := e2etest.Get(t, front+"/en/feed.atom").Header.Get("ETag")
	article := strings.TrimPrefix(a.URL, s.Base)
	const html, activity = "text/html,application/xhtml+xml;q=0.9", "application/activity+json"
	for round, cached := range []string{"MISS", "HIT"} {
		for _, c := range []struct {
			path, kind, coding string
			headers            []string
		}{
			{"/en/feed.rss", "application/rss+xml; charset=utf-8", "gzip", []string{"Accept-Encoding", "gzip"}},
			{"/en/feed.rss", "application/rss+xml; charset=utf-8", "", []string{"Accept-Encoding", "identity"}},
			{"/en/feed.rss", "text/html; charset=utf-8", "gzip", []string{"Accept-Encoding", "gzip", "Sec-Fetch-Dest", "document"}},
			{"/en/feed.atom", "text/html; charset=utf-8", "", []string{"Accept-Encoding", "identity", "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}},
			{article, "text/html; charset=utf-8", "gzip", []string{"Accept-Encoding", "gzip", "Accept", html}},
			{article, "application/activity+json", "", []string{"Accept-Encoding", "identity", "Accept", activity}},
			{article, "text/html; charset=utf-8", "", []string{"Accept-Encoding", "identity", "Accept", html}},
		} {
			what := fmt.Sprint("round ", round, ": ", c.path, " ", c.headers)
			got := e2etest.Get(t, front+c.path, c.headers...)
			kind, _, _ := strings.Cut(got.Header.Get("Content-Type"), "; profile")
			e2etest.Equal(t, what, fmt.Sprint(got.Status, " ", kind, " ", got.Header.Get("Content-Encoding")), fmt.Sprint("200 ", c.kind, " ", c.coding))
			if !strings.Contains(strings.Join(c.headers, " "), activity) {
				e2etest.Equal(t, what+" from the cache", got.Header.Get("X-Cache"), cached)
			}
			if tag := got.Header.Get("ETag"); round == 1 && tag != "" {
				again := e2etest.Get(t, front+c.path, append(c.headers, "If-None-Match", tag)...)
				e2etest.Equal(t, what+" if changed", again.Status, http.StatusNotModified)
			}
		}
	}
	// Who asks for changes gets them or everything; who asks next, everything.
	s.Publish("A visit")
	changes := e2etest.Get(t, front+"/fr/feed.atom?x", "A-IM", "feed", "If-None-Match", before)
	e2etest.Equal(t, "a feed of no language", changes.Status, http.StatusNotFound)
	changes = e2etest.Get(t, front+"/en/feed.atom?fresh", "A-IM", "feed", "If-None-Match", before)
	whole := e2etest.Get(t, front+"/en/feed.atom?fresh")
	e2etest.Equal(t, "the whole feed after a request for changes", fmt.Sprint(whole.Status, strings.Count(string(whole.Body), "<entry>")), "200 2")
	if changes.Status != http.StatusOK && changes.Status != http.StatusIMUsed {
		t.Errorf("changes: status %d", changes.Status)
	}
}

// TestStaleWhileRevalidate: a feed that has become too old is handed out once
// more while the cache fetches the new one.
func TestStaleWhileRevalidate(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	backend, err := url.Parse(s.Base)
	if err != nil {
		t.Fatal(err)
	}
	// What is fresh for minutes is so for a second here.
	hasty := httputil.NewSingleHostReverseProxy(backend)
	hasty.ModifyResponse = func(r *http.Response) error {
		r.Header.Set("Cache-Control", strings.Replace(r.Header.Get("Cache-Control"), "max-age=300", "max-age=1", 1))
		return nil
	}
	between := httptest.NewServer(hasty)
	defer between.Close()
	feed := nginxCache(t, between.URL) + "/en/feed.json"
	s.Publish("The first")
	e2etest.Equal(t, "the first", strings.Contains(string(e2etest.Get(t, feed).Body), "The first"), true)
	s.Publish("The second")
	e2etest.Eventually(t, "what is old is handed out as such", func() bool {
		got := e2etest.Get(t, feed)
		if got.Header.Get("X-Cache") != "STALE" {
			return false
		}
		e2etest.Equal(t, "it is the old one", strings.Contains(string(got.Body), "The second"), false)
		return true
	})
	e2etest.Eventually(t, "the new one comes", func() bool { return strings.Contains(string(e2etest.Get(t, feed).Body), "The second") })
}
