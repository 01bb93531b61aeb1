package stories

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// known is a server that keeps one key of an actor, and takes another from nothing
// but an Update that the known one signs.
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

// TestReplacedKeys: S9. A server that was away learns in the order of the log. One
// that replaces a key as soon as it is told of another refuses what is still signed with
// the old one, and gets the same signed with the new one at once.
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
	s.Clock.Pass(37 * time.Hour)
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
	e2etest.Equal(t, "refused", e2etest.Kinds(p.Refused()), []string{"Create"})
	e2etest.Eventually(t, "a refusal that the other key mends is no failure", func() bool {
		return strings.Contains(s.Must("destinations", "--json"), `"state":"active"`)
	})
}

// TestReplacedKeyTenMinutes: until ten minutes after a server was told, a server that
// works off its queue late verifies what follows with the key that it knows.
func TestReplacedKeyTenMinutes(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewFollowed(t)
	first := e2etest.KeyOf(t, s)
	if out := s.Must("keys", "rotate"); !strings.Contains(out, "1 servers are told by entry") {
		t.Errorf("keys rotate: %s", out)
	}
	p.WaitFor(2)
	s.Publish("At once")
	s.Clock.Pass(9 * time.Minute)
	s.Publish("After nine minutes")
	p.WaitFor(4)
	s.Clock.Pass(2 * time.Minute)
	s.Publish("After eleven minutes")
	for i, a := range p.WaitFor(5)[1:] {
		e2etest.Equal(t, "signed with the old key: "+a.Kind(), a.Verified(first) == nil, i < 3)
		e2etest.Equal(t, "by its id", a.Parameters()["keyId"] == s.Actor()+"#main-key", i < 3)
	}
	document := e2etest.Object(t, s.Actor())
	methods, ok := document["assertionMethod"].([]any)
	if !ok || len(methods) != 2 || e2etest.Text(methods[1], "id") != s.Actor()+"#main-key" {
		t.Errorf("the old key is not listed: %v", document["assertionMethod"])
	}
}

// TestCompromisedKey: what it costs is said before anything is done.
func TestCompromisedKey(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewFollowed(t)
	first := e2etest.KeyOf(t, s)
	_, _, err := s.Run("keys", "rotate", "--compromised")
	if err == nil || !strings.Contains(err.Error(), "1 servers know no other") || !strings.Contains(err.Error(), "--confirm") {
		t.Errorf("without --confirm: %v", err)
	}
	e2etest.Equal(t, "the key after that", e2etest.KeyOf(t, s), first)
	s.Must("keys", "rotate", "--compromised", "--confirm")
	if err := p.WaitFor(2)[1].Verified(e2etest.KeyOf(t, s)); err != nil {
		t.Errorf("what tells of the new key: %v", err)
	}
	if out := s.Must("keys", "list"); strings.Contains(out, "replaced at") {
		t.Errorf("keys list:\n%s", out)
	}
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
