package stories

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// known is a server that keeps the key of an actor for ever, and takes another
// from nothing but an Update that the known one signs.
type known struct {
	mu  sync.Mutex
	key string
}

func (k *known) refuse(a e2etest.Arrival) int {
	k.mu.Lock()
	defer k.mu.Unlock()
	if a.Verified(k.key) != nil {
		return http.StatusUnauthorized
	}
	if key := e2etest.Text(a.Fields, "object", "publicKey", "publicKeyPem"); a.Kind() == "Update" && key != "" {
		k.key = key
	}
	return 0
}

// TestReplacedKeys: S9. A server that was away learns in the order of the log,
// each message signed with the key that it knows by then.
func TestReplacedKeys(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewFollowed(t)
	first := e2etest.KeyOf(t, s)
	p.AnswerWith(http.StatusServiceUnavailable)
	s.Publish("Before")
	e2etest.Eventually(t, "the server is known to be away", func() bool {
		return strings.Contains(s.Must("destinations", "--json"), `"state":"failing"`)
	})
	s.Must("keys", "rotate")
	s.Publish("After")
	e2etest.Equal(t, "who asks for the key, sees the new one", e2etest.KeyOf(t, s) == first, false)
	s.Must("keys", "rotate") // the one before waits for a server that does not answer
	away := len(p.Arrivals())
	p.RefuseWith((&known{key: first}).refuse)
	p.AnswerWith(http.StatusAccepted)
	s.Must("destinations", "retry", p.Server.Listener.Addr().String())
	var kinds []string
	for _, a := range p.WaitFor(away + 3)[away:] {
		kinds = append(kinds, a.Kind())
	}
	e2etest.Equal(t, "what arrives", kinds, []string{"Create", "Update", "Create"})
	e2etest.Equal(t, "refused", len(p.Refused()), 0)
}

// TestReplacedKeysFetchedEarly: a server that has fetched the actor before it
// was told believes the new key alone.
func TestReplacedKeysFetchedEarly(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewFollowed(t)
	old := e2etest.KeyOf(t, s)
	p.RefuseWith(func(a e2etest.Arrival) int {
		if a.Verified(old) == nil {
			return http.StatusUnauthorized
		}
		return 0
	})
	s.Must("keys", "rotate")
	for _, a := range p.WaitFor(2)[1:] {
		e2etest.Equal(t, "what arrives", a.Kind(), "Update")
	}
	s.Publish("After")
	p.WaitFor(3)
}

// TestReplacedKeysNotLearned: a server that keeps the old key whatever it is told
// still gets everything.
func TestReplacedKeysNotLearned(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewFollowed(t)
	first := e2etest.KeyOf(t, s)
	p.RefuseWith(func(a e2etest.Arrival) int {
		if a.Verified(first) != nil {
			return http.StatusUnauthorized
		}
		return 0
	})
	s.Must("keys", "rotate")
	p.WaitFor(2)
	s.Publish("After")
	p.WaitFor(3)
}
