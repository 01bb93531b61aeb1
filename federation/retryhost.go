package federation

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"communique/storage"
	"communique/storage/press"
)

const (
	// retryWithin is how soon a host is tried again once it has sent us a message.
	retryWithin = time.Minute
	// lookEvery bounds how often the messages of one host make us look.
	lookEvery      = 10 * time.Second
	maxRecentHosts = 10_000
)

// recentHosts remembers which hosts we have looked at in the last few seconds.
type recentHosts struct {
	mu   sync.Mutex
	last map[string]time.Time
}

// firstFrom reports whether it is time to look at a host again, and notes that we
// did.
func (h *recentHosts) firstFrom(host string, now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if last, ok := h.last[host]; ok && now.Sub(last).Abs() < lookEvery { // Abs: the clock may be set back
		return false
	}
	if h.last == nil || len(h.last) >= maxRecentHosts {
		h.last = map[string]time.Time{}
	}
	h.last[strings.Clone(host)] = now
	return true
}

// retryHostSoon brings forward the next delivery to a host that has sent us a
// message that verifies: a server that was away for days need not wait for its
// next turn. An error here is only logged.
func (s *Server) retryHostSoon(ctx context.Context, host string) {
	now := s.Store.Now()
	if !s.recent.firstFrom(host, now) {
		return
	}
	// Half of the time is left for the attempt itself.
	at := now.Add(retryWithin/4 + time.Duration(s.Spread()*float64(retryWithin/4)))
	var waits bool
	err := s.Store.View(ctx, func(tx *storage.Tx) (err error) {
		waits, err = tx.IsPutOff(host, at)
		return err
	})
	if err == nil && waits {
		err = s.Store.Update(ctx, func(tx *storage.Tx) error { return tx.BringForward(host, at) })
	}
	if err != nil && !errors.Is(err, press.ErrNotFound) {
		s.Log.Warn("bringing a delivery forward failed", "host", host, "error", err)
	}
}
