package faults

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// firstMet is a server that sees us for the first time: it fetches the key of a delivery
// before it answers that, and if it cannot it answers 503 to everything for five minutes
// (seen with Mastodon 4.7).
// So one fetch that is not answered loses the host for as long.
type firstMet struct {
	mu      sync.Mutex
	known   map[string]bool // hosts that have the key
	slowest time.Duration
	failed  []string
}

func (f *firstMet) verify(r *http.Request) int {
	_, rest, _ := strings.Cut(r.Header.Get("Signature"), `keyId="`)
	keyID, _, _ := strings.Cut(rest, `"`)
	f.mu.Lock()
	known := f.known[r.Host]
	f.mu.Unlock()
	if known {
		return 0
	}
	began := time.Now()
	err := fetchKey(r, keyID)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.slowest = max(f.slowest, time.Since(began))
	if err != nil {
		f.failed = append(f.failed, fmt.Sprintf("%s: %v", r.Host, err))
		return http.StatusServiceUnavailable
	}
	f.known[r.Host] = true
	return 0
}

// fetchKey fetches a key within the time that Mastodon gives a request (lib/request.rb:
// ten seconds to read).
func fetchKey(r *http.Request, keyID string) error {
	ask, err := http.NewRequestWithContext(r.Context(), http.MethodGet, keyID, nil)
	if err != nil {
		return err
	}
	ask.Header.Set("Accept", e2etest.ActivityJSON)
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(ask)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var actor struct{ PublicKey struct{ ID string } }
	if err := json.NewDecoder(answer.Body).Decode(&actor); err != nil || answer.StatusCode != http.StatusOK || actor.PublicKey.ID != keyID {
		return fmt.Errorf("answered %d with the key %q: %w", answer.StatusCode, actor.PublicKey.ID, err)
	}
	return nil
}

// TestKeysAreAnsweredInAFanOut: hundreds of servers that meet us for the first time ask
// for the key while we deliver to all of them and readers fetch pages. Each is answered,
// at its first request.
func TestKeysAreAnsweredInAFanOut(t *testing.T) {
	t.Parallel()
	s, c := e2etest.NewSite(t), newCrowd(t, 200, 800)
	c.follow(s)
	met := &firstMet{known: map[string]bool{}}
	c.before = met.verify
	s.Serve()
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					e2etest.Get(t, s.Base+"/en/search?q=treaty")
				}
			}
		})
	}
	f := s.Publish("A treaty was signed")
	c.settles("who fetched the key first", s.ObjectID(f), created)
	close(done)
	readers.Wait()
	met.mu.Lock()
	defer met.mu.Unlock()
	e2etest.Equal(t, "servers that have the key", len(met.known), c.hosts)
	e2etest.Equal(t, "servers that could not fetch it", strings.Join(met.failed, "; "), "")
	t.Logf("the slowest fetch took %s", met.slowest)
}
