package federation

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"communique/storage"
	"communique/storage/press"
)

const (
	// probeWithin is how soon a host is tried again that we hear from.
	probeWithin = time.Minute
	// askEvery bounds how often one host's messages make us look.
	askEvery = 10 * time.Second
	maxHeard = 10_000
)

// heard remembers which hosts we have looked at lately.
type heard struct {
	mu   sync.Mutex
	last map[string]time.Time
}

// news tells whether it is time to look at a host again.
func (h *heard) news(host string, now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if last, ok := h.last[host]; ok && now.Sub(last).Abs() < askEvery { // Abs: the clock may be set back
		return false
	}
	if h.last == nil || len(h.last) >= maxHeard {
		h.last = map[string]time.Time{}
	}
	h.last[host] = now
	return true
}

// heardFrom brings the next delivery to a host forward that has sent us a
// message that verifies: a server that was away for days need not wait for its
// next turn. A fault here costs the host its turn and nobody anything else.
func (s *Server) heardFrom(ctx context.Context, host string) {
	now := s.Store.Now()
	if !s.heard.news(host, now) {
		return
	}
	// Half of the time is left for the attempt itself.
	at := now.Add(probeWithin/4 + rand.N(probeWithin/4))
	var waits bool
	err := s.Store.View(ctx, func(tx *storage.Tx) (err error) {
		waits, err = tx.IsPutOff(host, at)
		return err
	})
	if err == nil && waits {
		err = s.Store.Update(ctx, func(tx *storage.Tx) error { return tx.BringForward(host, at) })
	}
	if err != nil && !errors.Is(err, press.ErrNotFound) {
		s.Log.Warn("a delivery was not brought forward", "host", host, "error", err)
	}
}
