package command

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/check"
)

// TestCertificateOf: the certificate is judged as everybody would: one that
// nobody vouches for fails.
func TestCertificateOf(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	leaf, err := certificateOf(t.Context(), "press.mfa.example", strings.TrimPrefix(server.URL, "https://"))
	if f := check.Certificate("press.mfa.example", leaf, err, time.Now()); f.Verdict != check.Fail {
		t.Errorf("got %+v", f)
	}
}
