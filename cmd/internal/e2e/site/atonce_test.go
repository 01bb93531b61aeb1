package site

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestCommandsAreSeenAtOnce: what a command did is in the next answer, while
// others ask for the same feed all the time.
func TestCommandsAreSeenAtOnce(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	feed := s.Base + "/en/the-ministry/the-minister/activities/feed.json"
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if got := e2etest.Request(t, http.MethodGet, feed); got.Status != http.StatusOK {
					t.Errorf("a reader is answered %d", got.Status)
				}
			}
		})
	}
	for i := range 5 {
		title := fmt.Sprintf("Visit %d", i)
		f := s.Publish(title)
		if got := e2etest.Request(t, http.MethodGet, feed); !strings.Contains(string(got.Body), title) {
			t.Errorf("%s is published and not in the feed", title)
		}
		s.Must("withdraw", f.ID, "--reason", "Issued in error.")
		if got := e2etest.Request(t, http.MethodGet, f.URL); got.Status != http.StatusGone {
			t.Errorf("%s is withdrawn, and its page answers %d", title, got.Status)
		}
	}
	close(stop)
	readers.Wait()
}

// TestCacheIsTold: a command in another process purges the cache in front of the
// server.
func TestCacheIsTold(t *testing.T) {
	t.Parallel()
	told := make(chan string, 1000)
	cache := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		told <- r.Method + " " + r.Host + r.URL.Path
	}))
	t.Cleanup(cache.Close)
	s := e2etest.NewSite(t)
	s.Configure("purge:\n  url: \"\"", "purge:\n  url: \""+cache.URL+"\"")
	s.Serve()
	f := s.Publish("A visit")
	for want := "PURGE " + strings.TrimPrefix(f.URL, "http://"); want != <-told; {
	}
}

// TestCommandsWhileServing: what a command did is visible when it returns.
func TestCommandsWhileServing(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	for i := range 5 {
		title := fmt.Sprintf("Statement number %d", i)
		s.Publish(title)
		e2etest.Equal(t, title+" in the feed", bytes.Contains(e2etest.Get(t, s.Base+"/en/feed.json").Body, []byte(title)), true)
	}
	s.Must("section", "add", "The Ministry > Archive Of Treaties")
	e2etest.Equal(t, "a new section on the page", bytes.Contains(e2etest.Get(t, s.Base+"/en/the-ministry/", "Accept", "text/html").Body, []byte("Archive Of Treaties")), true)
}
