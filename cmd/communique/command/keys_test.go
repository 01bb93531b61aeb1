package command_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// TestOneReplacementAtATime: while servers that answer are being told, and for a day and
// a half more, there is no other replacement, of whichever key.
func TestOneReplacementAtATime(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewFollowed(t)
	answer := make(chan struct{})
	p.Hold(answer)
	s.Must("keys", "rotate")
	p.WaitFor(2)
	_, _, err := s.Run("keys", "rotate")
	if err == nil || !strings.Contains(err.Error(), "1 servers have yet to be told") {
		t.Errorf("a second replacement: %v", err)
	}
	if out := s.Must("keys", "list"); strings.Count(out, "replaced at") != 1 || !strings.Contains(out, "1 servers have yet") {
		t.Errorf("keys list:\n%s", out)
	}
	close(answer)
	e2etest.Eventually(t, "the server has been told", func() bool {
		return !strings.Contains(s.Must("keys", "list"), "have yet")
	})
	refused := func(when string, arguments ...string) {
		t.Helper()
		_, _, err := s.Run(append([]string{"keys", "rotate"}, arguments...)...)
		if err == nil || !strings.Contains(err.Error(), "wait until 2") || !strings.Contains(err.Error(), "--compromised") || strings.Contains(err.Error(), "behind") {
			t.Errorf("%s, %v: %v", when, arguments, err)
		}
	}
	refused("a moment after the server was told")
	refused("a moment after the server was told", "--ed25519")
	s.Clock.Pass(36*time.Hour - time.Minute)
	refused("a day and a half later, but for a minute")
	s.Clock.Pass(2 * time.Minute)
	s.Must("keys", "rotate", "--ed25519")
	e2etest.Eventually(t, "the server has been told", func() bool {
		return !strings.Contains(s.Must("destinations", "--behind"), "127.0.0.1")
	})
	refused("a moment after the other key was replaced")
	refused("a moment after it was replaced", "--ed25519")
	s.Must("keys", "rotate", "--compromised", "--confirm")
	if out := s.Must("keys", "rotate", "instance"); !strings.Contains(out, "Replaced the key of instance. Servers fetch it") {
		t.Errorf("of the actor that fetches: %s", out)
	}
	refused("a moment after it was replaced", "instance")
	if _, _, err := s.Run("keys", "rotate", "instance", "--compromised"); err == nil || !strings.Contains(err.Error(), "may refuse our requests") {
		t.Errorf("its cost: %v", err)
	}
	if _, _, err := s.Run("keys", "rotate", "nobody"); err == nil || !strings.Contains(err.Error(), "nobody is not an actor") {
		t.Errorf("of an unknown actor: %v", err)
	}
}

// TestEncryptedKeys: at rest the keys are nothing without the passphrase.
func TestEncryptedKeys(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	if _, _, err := s.Run("keys", "encrypt"); err == nil || !strings.Contains(err.Error(), "passphrase_file") {
		t.Errorf("without a passphrase: %v", err)
	}
	phrase := filepath.Join(s.Data, "phrase")
	write := func(text string) {
		if err := os.WriteFile(phrase, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("correct horse\n")
	s.Serve() // knows of no passphrase
	before := e2etest.KeyOf(t, s)
	s.Configure(`passphrase_file: ""`, `passphrase_file: phrase`)
	if out := s.Must("keys", "encrypt"); !strings.Contains(out, "Restart communique serve before keys are replaced") {
		t.Errorf("it says nothing of the server that runs:\n%s", out)
	}
	s.Publish("A treaty was signed")
	for _, arguments := range [][]string{nil, {"--ed25519"}, {"--compromised"}, {"instance"}} {
		_, _, err := s.Run(append([]string{"keys", "rotate"}, arguments...)...)
		if err == nil || !strings.Contains(err.Error(), "restart communique serve") {
			t.Errorf("replaced what the server that runs cannot read, %v: %v", arguments, err)
		}
	}
	e2etest.Equal(t, "the key of a server that was running", e2etest.KeyOf(t, s), before)
	s.Stop()
	if out := s.Must("keys", "list"); strings.Contains(out, "plain") || strings.Count(out, "encrypted") != 4 {
		t.Errorf("keys list:\n%s", out)
	}
	database, err := os.ReadFile(filepath.Join(s.Data, "communique.db"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(database), "BEGIN PRIVATE KEY") {
		t.Error("a plain key is left in the database")
	}
	s.Serve()
	e2etest.Equal(t, "the key", e2etest.KeyOf(t, s), before)
	s.Must("keys", "rotate")
	e2etest.Eventually(t, "the key is replaced", func() bool { return e2etest.KeyOf(t, s) != before })
	backup := filepath.Join(t.TempDir(), "site.backup")
	if out := s.Must("backup", backup); !strings.Contains(out, "passphrase") {
		t.Errorf("backup does not tell of the passphrase: %s", out)
	}
	s.Stop()

	for text, want := range map[string]string{"wrong horse": "does not open", "\n": "is empty"} {
		write(text)
		if err := serveFails(s); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "passphrase_file") {
			t.Errorf("served with the passphrase %q: %v", text, err)
		}
	}
	s.Configure(`passphrase_file: phrase`, `passphrase_file: ""`)
	if err := serveFails(s); err == nil || !strings.Contains(err.Error(), "encrypted") || !strings.Contains(err.Error(), "passphrase_file") {
		t.Errorf("served without a passphrase: %v", err)
	}
	for _, arguments := range [][]string{nil, {"--compromised"}, {"instance"}} {
		_, _, err := s.Run(append([]string{"keys", "rotate"}, arguments...)...)
		if err == nil || !strings.Contains(err.Error(), "passphrase_file") {
			t.Errorf("replaced without a passphrase, %v: %v", arguments, err)
		}
	}
	s.Configure(`passphrase_file: ""`, `passphrase_file: phrase`)
	write("correct horse")
	if out := s.Must("keys", "decrypt"); !strings.Contains(out, "No server runs on "+s.Data+": its next start needs no passphrase") {
		t.Errorf("it says nothing of the server:\n%s", out)
	}
	if out := s.Must("keys", "list"); strings.Contains(out, "encrypted") {
		t.Errorf("keys list:\n%s", out)
	}
}

// serveFails starts the server, which must not come up.
func serveFails(s *e2etest.Site) error {
	ctx, cancel := context.WithTimeout(context.Background(), e2etest.Hang) // in case it does
	defer cancel()
	_, _, err := s.RunWithin(ctx, "serve")
	return err
}
