package remote

import (
	"maps"
	"net/http"
	"sync"

	"communique/federation/signature"
)

// maxSchemes bounds the hosts that are remembered to want another scheme than the
// usual one; a host that was forgotten costs a second request.
const maxSchemes = 10_000

// schemes remembers which scheme each host accepted last, if it was not
// [signature.Cavage].
type schemes struct {
	learned func(host string, scheme signature.Scheme) // is called for what should be stored

	mu    sync.RWMutex
	known map[string]signature.Scheme
}

func newSchemes(known map[string]signature.Scheme, learned func(string, signature.Scheme)) *schemes {
	s := &schemes{learned: learned, known: map[string]signature.Scheme{}}
	maps.Copy(s.known, known)
	return s
}

// of returns the scheme to try first.
func (s *schemes) of(host string) signature.Scheme {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if scheme, ok := s.known[host]; ok {
		return scheme
	}
	return signature.Cavage
}

// learn records the scheme that a host accepted after it had refused the other.
func (s *schemes) learn(host string, scheme signature.Scheme) {
	if s.note(host, scheme) && s.learned != nil {
		s.learned(host, scheme)
	}
}

func (s *schemes) note(host string, scheme signature.Scheme) (news bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if scheme == signature.Cavage {
		_, news = s.known[host]
		delete(s.known, host)
		return news
	}
	if s.known[host] == scheme {
		return false
	}
	if len(s.known) >= maxSchemes {
		for other := range s.known { // whichever comes first
			delete(s.known, other)
			break
		}
	}
	s.known[host] = scheme
	return true
}

// refusesSignature reports whether an answer may mean "sign otherwise" (INTEROP S8).
// To fetches some servers answer 403.
func refusesSignature(method string, status int) bool {
	return status == http.StatusBadRequest || status == http.StatusUnauthorized ||
		method == http.MethodGet && status == http.StatusForbidden
}
