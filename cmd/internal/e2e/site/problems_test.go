package site

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestProblems: unknown paths, wrong methods and odd wishes get a short
// document for machines and a page for people.
func TestProblems(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	tests := []struct {
		method, path string
		status       int
	}{
		{http.MethodGet, "/nowhere", 404},
		{http.MethodGet, "/en/no-such-section/", 404},
		{http.MethodGet, "/en/no-such-section/feed.rss", 404},
		{http.MethodGet, "/xx/feed.rss", 404},
		{http.MethodGet, "/en/articles/aaaaaaaaaaaaaaaa/x", 404},
		{http.MethodGet, "/en/articles/x/", 404},
		{http.MethodGet, "/actors/nobody", 404},
		{http.MethodGet, "/media/00000000000000000000000000000000.png", 404},
		{http.MethodPost, "/en/", 405},
		{http.MethodDelete, "/actors/ministry", 405},
		{http.MethodGet, "/ap/inbox", 405},
		{http.MethodPut, "/en/feed.rss", 405},
		{http.MethodGet, "/%2e%2e/etc/passwd", 404},
		{http.MethodGet, "//evil.example/", 404},
	}
	for _, tt := range tests {
		t.Run(tt.method+strings.ReplaceAll(tt.path, "/", " "), func(t *testing.T) {
			machine := e2etest.Request(t, tt.method, s.Base+tt.path)
			e2etest.Equal(t, "the status", machine.Status, tt.status)
			e2etest.Equal(t, "the type", machine.Header.Get("Content-Type"), "application/problem+json")
			e2etest.Equal(t, "the status inside", machine.Fields(t)["status"], tt.status)
			if tt.status == 405 && machine.Header.Get("Allow") == "" {
				t.Error("405 without Allow")
			}
			person := e2etest.Request(t, tt.method, s.Base+tt.path, "Accept", "text/html,*/*;q=0.8")
			e2etest.Equal(t, "the status for people", person.Status, tt.status)
			e2etest.Equal(t, "the type for people", person.Header.Get("Content-Type"), "text/html; charset=utf-8")
			e2etest.Equal(t, "a whole page", bytes.Contains(person.Body, []byte("</html>")), true)
		})
	}
}
