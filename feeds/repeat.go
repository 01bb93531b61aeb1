package feeds

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"
)

// answers keeps the answer of each address since the last change of the
// database. Until the next change an address has the same answer, and neither
// routing nor a transaction is needed to find it again.
type answers struct {
	mu        sync.RWMutex
	state     uint64 // of the database, the same for all answers
	byAddress map[string]*known
}

const (
	// mostAnswers and longestAddress bound what is kept: strangers can make up
	// any address.
	mostAnswers    = 4096
	longestAddress = 512
	// repeatFor bounds how long an answer is repeated while nothing changes,
	// because some of it depends on the date.
	repeatFor = time.Second
)

// known is an answer: the key of its document in the cache, and the header fields of a
// 304, in which all of a 200 are that don't say how the document is sent.
type known struct {
	key           string
	head          *head
	plain, zipped []field
	until         time.Time
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
		return // from before the last change
	case state > a.state || a.byAddress == nil:
		a.state, a.byAddress = state, map[string]*known{}
	}
	if _, there := a.byAddress[address]; !there && len(a.byAddress) >= mostAnswers {
		for other := range a.byAddress { // any one: a popular address soon returns
			delete(a.byAddress, other)
			break
		}
	}
	a.byAddress[address] = k
}

// stateKey is the context key of the state that the database had when the
// request arrived. What is read for it later is at least as new.
type stateKey struct{}

// Repeat returns a handler that repeats earlier answers as long as nothing has
// been committed since; other requests go to next. It must be wrapped by the
// negotiation of media types. All header fields are repeated, also those that are not
// ours: they must always be the same for an address.
func (s *Server) Repeat(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !repeatable(r) {
			next.ServeHTTP(w, r)
			return
		}
		state, err := s.store.State(r.Context())
		if err != nil {
			next.ServeHTTP(w, r) // which meets the same error and reports it
			return
		}
		if k := s.answers.find(state, repeatKey(r)); k != nil && s.repeat(w, r, k) {
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), stateKey{}, state)))
	})
}

// repeatable reports whether everybody gets the same answer to a request.
func repeatable(r *http.Request) bool {
	_, delta := r.Header[fieldDeltaAccepts]
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && !delta &&
		r.RequestURI != "" && len(r.RequestURI) <= longestAddress
}

// repeatKey is the key of an answer: the address, marked by a space (which no
// address has) for a browser, where feeds are shown as pages.
func repeatKey(r *http.Request) string {
	if wantsPage(r) {
		return r.RequestURI + " page"
	}
	return r.RequestURI
}

// repeat sends a kept answer again; false if it or its document has expired.
func (s *Server) repeat(w http.ResponseWriter, r *http.Request, k *known) bool {
	now := s.store.Now()
	if !now.Before(k.until) {
		return false
	}
	zipped := acceptsGzip(r)
	if k.head.matchedBy(r, now) {
		k.write(w.Header(), zipped)
		w.WriteHeader(http.StatusNotModified)
		return true
	}
	d := s.documents.find(k.key, k.head.version)
	if d == nil || d.version != k.head.version {
		return false
	}
	k.write(w.Header(), zipped)
	d.write(w, http.StatusOK, k.head, zipped)
	return true
}

func (k *known) write(h http.Header, zipped bool) {
	fields := k.plain
	if zipped {
		fields = k.zipped
	}
	for _, f := range fields {
		h[f.name] = f.values
	}
}

// remember keeps the answer to a request that came through Repeat. It must be
// called before the header fields of the document are set.
func (s *Server) remember(w http.ResponseWriter, r *http.Request, of resource, h *head, now time.Time) {
	state, ok := r.Context().Value(stateKey{}).(uint64)
	if !ok || !onlyKnownVary(w.Header()) || strings.Contains(of.policy, "no-store") {
		return
	}
	k := &known{key: of.key, head: h, until: now.Add(repeatFor)}
	if now.Before(h.settles) && h.settles.Before(k.until) {
		k.until = h.settles // from then on there is a field more
	}
	k.plain, k.zipped = h.fields(w.Header(), false, now), h.fields(w.Header(), true, now)
	s.answers.keep(state, repeatKey(r), k)
}
