package site

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"
	"time"

	"communique/cmd/internal/https/httpstest"
)

// certify writes a certificate for this machine, its key, and both in one file, as web
// servers read them.
func certify(t *testing.T, folder string) {
	t.Helper()
	c := httpstest.Certify(t, "127.0.0.1", time.Now().Add(30*24*time.Hour))
	c.Write(t, folder)
	if err := os.WriteFile(filepath.Join(folder, "press.pem"), append(c.Chain, c.Key...), 0o600); err != nil {
		t.Fatal(err)
	}
}

// trusted is the authority of that certificate.
func trusted(t *testing.T, folder string) *x509.CertPool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "fullchain.pem"))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	return pool
}
