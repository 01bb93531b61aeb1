package feeds

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"
)

// answers are what was answered at which address since the database last
// changed. As long as it has not, the same address has the same answer: neither
// a route nor a transaction is needed to find that out again.
type answers struct {
	mu        sync.RWMutex
	state     uint64 // of the database, which all of them are from
	byAddress map[string]*known
}

const (
	// mostAnswers and longestAddress bound what is kept: addresses are what
	// strangers make up.
	mostAnswers    = 4096
	longestAddress = 512
	// repeatFor is how long an answer is repeated though nothing has changed, for
	// the sake of what depends on the date.
	repeatFor = time.Second
)

// known is an answer: its document in the cache, and all that stands around it.
type known struct {
	key    string
	head   *head
	fields []field
	until  time.Time
}

func (a *answers) find(state uint64, address string) *known {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if a.state != state {
		return nil
	}
	return a.byAddress[address]
}

func (a *answers) keep(state uint64, address string, k *known) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case state < a.state:
		return // it came too late
	case state > a.state || a.byAddress == nil:
		a.state, a.byAddress = state, map[string]*known{}
	}
	if _, there := a.byAddress[address]; !there && len(a.byAddress) >= mostAnswers {
		for other := range a.byAddress { // any: what is asked for often is soon back
			delete(a.byAddress, other)
			break
		}
	}
	a.byAddress[address] = k
}

// stateKey is where a request carries the state of the database in which it
// came. What is read for it later is at least as new.
type stateKey struct{}

// Repeat answers what has been answered before, as long as nothing was
// committed since; other requests go to next. It stands behind the negotiation
// of media types and sees the header fields that were set before it, which are
// the same for an address at all times.
func (s *Server) Repeat(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !repeatable(r) {
			next.ServeHTTP(w, r)
			return
		}
		state, err := s.store.State(r.Context())
		if err != nil {
			next.ServeHTTP(w, r) // which meets the same fault and tells of it
			return
		}
		if k := s.answers.find(state, askedFor(r)); k != nil && s.repeat(w, r, k) {
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), stateKey{}, state)))
	})
}

// repeatable tells whether a request asks for what everybody gets.
func repeatable(r *http.Request) bool {
	_, delta := r.Header[fieldDeltaAccepts]
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && !delta &&
		r.RequestURI != "" && len(r.RequestURI) <= longestAddress
}

// askedFor names what is repeated: the address, and for a page in a browser a
// mark that stands in no address, because feeds are shown there as pages.
func askedFor(r *http.Request) string {
	if wantsPage(r) {
		return r.RequestURI + " page"
	}
	return r.RequestURI
}

// repeat gives an answer again, unless its document is no longer kept.
func (s *Server) repeat(w http.ResponseWriter, r *http.Request, k *known) bool {
	now := s.store.Now()
	if !now.Before(k.until) {
		return false
	}
	if k.head.matchedBy(r, now) {
		k.write(w.Header())
		writeNotModified(w, r, k.head, now)
		return true
	}
	d := s.documents.find(k.key, k.head.version)
	if d == nil || d.version != k.head.version {
		return false
	}
	k.write(w.Header())
	writeDocument(w, r, http.StatusOK, k.head, d, now)
	return true
}

func (k *known) write(h http.Header) {
	for _, f := range k.fields {
		h[f.name] = f.values
	}
}

// remember keeps the answer to a request that came through Repeat. Header fields
// are as they are before those of the document.
func (s *Server) remember(w http.ResponseWriter, r *http.Request, of resource, h *head, now time.Time) {
	state, ok := r.Context().Value(stateKey{}).(uint64)
	if !ok || !onlyKnownVary(w.Header()) || strings.Contains(of.policy, "no-store") {
		return
	}
	s.answers.keep(state, askedFor(r), &known{key: of.key, head: h, fields: fieldsOf(w.Header()), until: now.Add(repeatFor)})
}
