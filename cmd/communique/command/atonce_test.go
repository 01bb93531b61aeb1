package command

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// TestCommandsAreSeenAtOnce: what a command did is in the next answer, while
// others ask for the same feed all the time.
func TestCommandsAreSeenAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	feed := s.base + "/en/the-ministry/the-minister/activities/feed.json"
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
				if got := request(t, http.MethodGet, feed); got.Status != http.StatusOK {
					t.Errorf("a reader is answered %d", got.Status)
				}
			}
		})
	}
	for i := range 5 {
		title := fmt.Sprintf("Visit %d", i)
		f := s.publish(title)
		if got := request(t, http.MethodGet, feed); !strings.Contains(string(got.Body), title) {
			t.Errorf("%s is published and not in the feed", title)
		}
		s.must("withdraw", f.ID, "--reason", "Issued in error.")
		if got := request(t, http.MethodGet, f.URL); got.Status != http.StatusGone {
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
	s := newSite(t)
	s.configure("purge:\n  url: \"\"", "purge:\n  url: \""+cache.URL+"\"")
	s.serve()
	f := s.publish("A visit")
	for want := "PURGE " + strings.TrimPrefix(f.URL, "http://"); want != <-told; {
	}
}
