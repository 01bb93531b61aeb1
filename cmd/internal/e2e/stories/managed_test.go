package stories

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"communique/cmd/internal/config"
	"communique/cmd/internal/e2e/e2etest"
)

// TestManaged: systemd opens the sockets of the site and of the desk, hands over the passphrase, and is told when the
// server serves and when it ends.
func TestManaged(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Configure(`passphrase_file: ""`, `passphrase_file: none`)
	encrypt := s.Program("keys", "encrypt")
	encrypt.Env = append(encrypt.Env, config.PassphraseVariable+"=one of many")
	if said, err := encrypt.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "passphrase"), []byte("one of many\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	told, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(folder, "notify"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer told.Close()
	desk := e2etest.FreePort(t)
	s.Configure("listen: \"127.0.0.1:8481\"\n  url: \"\"", "listen: \"127.0.0.1:1\"\n  url: \"http://"+desk+"\"")
	s.Must("people", "invite", "a.silva", "--role", "reader")
	serve := s.Program("serve", "--listen", "127.0.0.1:1") // which nobody may
	e2etest.OnSockets(t, serve, "communique:desk", strings.TrimPrefix(s.Base, "http://"), desk)
	serve.Env = append(serve.Env, "NOTIFY_SOCKET="+told.LocalAddr().String(), config.CredentialsVariable+"="+folder)
	var said e2etest.Buffer
	serve.Stderr = &said
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = serve.Process.Kill() }() // it has ended, if all went well
	if err := told.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"EXTEND_TIMEOUT_USEC=", "READY=1\n", "STOPPING=1\n"} {
		text := make([]byte, 100)
		n, err := told.Read(text)
		for err == nil && want == "READY=1\n" && strings.HasPrefix(string(text[:n]), "EXTEND_TIMEOUT_USEC=") {
			n, err = told.Read(text) // a slow machine is given more time
		}
		if err != nil || !strings.HasPrefix(string(text[:n]), want) {
			t.Fatalf("systemd is told %q, %v, want %s%s", text[:n], err, want, said.String())
		}
		if want == "READY=1\n" {
			e2etest.Equal(t, "the status of the home", e2etest.Get(t, s.Base+"/en/").Status, 200)
			e2etest.Equal(t, "the status of the desk", e2etest.Get(t, "http://"+desk+"/sign-in").Status, 200)
			if err := serve.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := serve.Wait(); err != nil {
		t.Errorf("it ended with %v\n%s", err, said.String())
	}
}
