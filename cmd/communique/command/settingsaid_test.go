package command

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/https/httpstest"
)

// TestKeyForAll: a key of TLS that everybody on the machine can read is warned of.
func TestKeyForAll(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	httpstest.Certify(t, "press.mfa.example", w.clock.Now().Add(100*24*time.Hour)).Write(t, w.data)
	w.configure(`  certificate: ""`, "  certificate: "+httpstest.CertificateFile)
	w.configure(`  key: ""`, "  key: "+httpstest.KeyFile)
	key := filepath.Join(w.data, httpstest.KeyFile)
	for mode, warns := range map[os.FileMode]bool{0o644: true, 0o640: false, 0o600: false} {
		if err := os.Chmod(key, mode); err != nil {
			t.Fatal(err)
		}
		out, _, _ := w.run("check", "--only", "start", "--url", "http://127.0.0.1:9")
		if got := strings.Contains(out, "tls.key: everybody on this machine can read "); got != warns {
			t.Errorf("with mode %o:\n%s", mode, out)
		}
	}
}

// TestPortInUse: the setting is named that says which port it is.
func TestPortInUse(t *testing.T) {
	t.Parallel()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := listenOn(t.Context(), l.Addr().String(), "metrics.listen"); err == nil || !strings.Contains(err.Error(), "or choose another port (metrics.listen)") {
		t.Error(err)
	}
}
