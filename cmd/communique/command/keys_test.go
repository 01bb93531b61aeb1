package command

import (
	"context"
	"io"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// unbase58 reads a Multibase text of base58btc.
func unbase58(t *testing.T, multibase string) []byte {
	t.Helper()
	encoded, ok := strings.CutPrefix(multibase, "z")
	if !ok {
		t.Fatalf("%q is no base58btc", multibase)
	}
	n := new(big.Int)
	for _, c := range encoded {
		n.Mul(n, big.NewInt(58))
		n.Add(n, big.NewInt(int64(strings.IndexRune(base58, c))))
	}
	return n.Bytes()
}

// known is a server that keeps the key of an actor for ever, and takes another
// from nothing but an Update that the known one signs.
type known struct {
	mu  sync.Mutex
	key string
}

func (k *known) refuse(a arrival) int {
	k.mu.Lock()
	defer k.mu.Unlock()
	if a.verified(k.key) != nil {
		return http.StatusUnauthorized
	}
	if key := text(a.Fields, "object", "publicKey", "publicKeyPem"); a.kind() == "Update" && key != "" {
		k.key = key
	}
	return 0
}

func keyOf(t *testing.T, s *testSite) string {
	t.Helper()
	return text(object(t, s.actor()), "publicKey", "publicKeyPem")
}

// followed is a served site with a follower.
func followed(t *testing.T) (*testSite, *peer) {
	t.Helper()
	s, p := newSite(t), newPeer(t)
	s.serve()
	mustEqual(t, "a Follow", p.send(s.base+"/ap/inbox", p.follow(s.actor())), 202)
	p.waitFor(1)
	return s, p
}

// TestReplacedKeys: S9. A server that was away learns in the order of the log,
// each message signed with the key that it knows by then.
func TestReplacedKeys(t *testing.T) {
	t.Parallel()
	s, p := followed(t)
	first := keyOf(t, s)
	p.answerWith(http.StatusServiceUnavailable)
	s.publish("Before")
	eventually(t, "the server is away", func() bool { return len(p.arrivals()) > 1 })
	s.must("keys", "rotate")
	s.publish("After")
	mustEqual(t, "who asks for the key, sees the new one", keyOf(t, s) == first, false)
	s.must("keys", "rotate") // the one before waits for a server that does not answer
	away := len(p.arrivals())
	p.refuseWith((&known{key: first}).refuse)
	p.answerWith(http.StatusAccepted)
	s.must("destinations", "retry", p.server.Listener.Addr().String())
	var kinds []string
	for _, a := range p.waitFor(away + 3)[away:] {
		kinds = append(kinds, a.kind())
	}
	mustEqual(t, "what arrives", kinds, []string{"Create", "Update", "Create"})
	mustEqual(t, "refused", len(p.refused()), 0)
}

// TestReplacedKeysFetchedEarly: a server that has fetched the actor before it
// was told believes the new key alone.
func TestReplacedKeysFetchedEarly(t *testing.T) {
	t.Parallel()
	s, p := followed(t)
	old := keyOf(t, s)
	p.refuseWith(func(a arrival) int {
		if a.verified(old) == nil {
			return http.StatusUnauthorized
		}
		return 0
	})
	s.must("keys", "rotate")
	for _, a := range p.waitFor(2)[1:] {
		mustEqual(t, "what arrives", a.kind(), "Update")
	}
	s.publish("After")
	p.waitFor(3)
}

// TestReplacedKeysNotLearned: a server that keeps the old key whatever it is told
// still gets everything.
func TestReplacedKeysNotLearned(t *testing.T) {
	t.Parallel()
	s, p := followed(t)
	first := keyOf(t, s)
	p.refuseWith(func(a arrival) int {
		if a.verified(first) != nil {
			return http.StatusUnauthorized
		}
		return 0
	})
	s.must("keys", "rotate")
	p.waitFor(2)
	s.publish("After")
	p.waitFor(3)
}

// TestOneReplacementAtATime: while servers that answer are being told, there is
// no other replacement.
func TestOneReplacementAtATime(t *testing.T) {
	t.Parallel()
	s, p := followed(t)
	answer := make(chan struct{})
	p.hold(answer)
	s.must("keys", "rotate")
	p.waitFor(2)
	_, _, err := s.run("keys", "rotate")
	if err == nil || !strings.Contains(err.Error(), "1 servers have yet to be told") {
		t.Errorf("a second replacement: %v", err)
	}
	if out := s.must("keys", "list"); strings.Count(out, "replaced at") != 2 || !strings.Contains(out, "1 servers have yet") {
		t.Errorf("keys list:\n%s", out)
	}
	close(answer)
	eventually(t, "the server has been told", func() bool {
		return !strings.Contains(s.must("keys", "list"), "have yet")
	})
	s.must("keys", "rotate")
	if _, _, err := s.run("keys", "rotate", "nobody"); err == nil || !strings.Contains(err.Error(), "nobody is not an actor") {
		t.Errorf("of an unknown actor: %v", err)
	}
}

// TestEncryptedKeys: at rest the keys are nothing without the passphrase.
func TestEncryptedKeys(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if _, _, err := s.run("keys", "encrypt"); err == nil || !strings.Contains(err.Error(), "passphrase_file") {
		t.Errorf("without a passphrase: %v", err)
	}
	phrase := filepath.Join(s.data, "phrase")
	write := func(text string) {
		if err := os.WriteFile(phrase, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("correct horse\n")
	s.serve() // knows of no passphrase
	before := keyOf(t, s)
	s.configure(`passphrase_file: ""`, `passphrase_file: phrase`)
	s.must("keys", "encrypt")
	s.publish("A treaty was signed")
	mustEqual(t, "the key of a server that was running", keyOf(t, s), before)
	s.stop()
	if out := s.must("keys", "list"); strings.Contains(out, "plain") || strings.Count(out, "encrypted") != 4 {
		t.Errorf("keys list:\n%s", out)
	}
	database, err := os.ReadFile(filepath.Join(s.data, "communique.db"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(database), "BEGIN PRIVATE KEY") {
		t.Error("a plain key is left in the database")
	}
	s.serve()
	mustEqual(t, "the key", keyOf(t, s), before)
	s.must("keys", "rotate")
	eventually(t, "the key is replaced", func() bool { return keyOf(t, s) != before })
	backup := filepath.Join(t.TempDir(), "site.backup")
	if out := s.must("backup", backup); !strings.Contains(out, "passphrase") {
		t.Errorf("backup does not tell of the passphrase: %s", out)
	}
	s.stop()

	for text, want := range map[string]string{"wrong horse": "does not open", "\n": "is empty"} {
		write(text)
		if err := s.serveFails(); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "passphrase_file") {
			t.Errorf("served with the passphrase %q: %v", text, err)
		}
	}
	s.configure(`passphrase_file: phrase`, `passphrase_file: ""`)
	if err := s.serveFails(); err == nil || !strings.Contains(err.Error(), "encrypted") || !strings.Contains(err.Error(), "passphrase_file") {
		t.Errorf("served without a passphrase: %v", err)
	}
	if _, _, err := s.run("keys", "rotate"); err == nil || !strings.Contains(err.Error(), "passphrase_file") {
		t.Errorf("replaced without a passphrase: %v", err)
	}
	s.configure(`passphrase_file: ""`, `passphrase_file: phrase`)
	write("correct horse")
	s.must("keys", "decrypt")
	if out := s.must("keys", "list"); strings.Contains(out, "encrypted") {
		t.Errorf("keys list:\n%s", out)
	}
}

// serveFails starts the server, which must not come up.
func (s *testSite) serveFails() error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second) // in case it does
	defer cancel()
	return Run(ctx, []string{"serve", "--data", s.data}, worldOf(io.Discard, io.Discard))
}
