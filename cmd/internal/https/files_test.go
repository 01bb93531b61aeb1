package https

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/https/httpstest"
)

// TestFiles: a certificate that is written anew is shown soon; while the files do not belong
// together the one before is, and the log says so once.
func TestFiles(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	folder := t.TempDir()
	named := func(o *Options) {
		o.Certificate, o.Key = filepath.Join(folder, httpstest.CertificateFile), filepath.Join(folder, httpstest.KeyFile)
	}
	write := func(c httpstest.Certificate) {
		t.Helper()
		c.Write(t, folder)
		later := time.Now().Add(time.Duration(len(c.Chain)) * time.Second) // the disk's clock may be coarse
		for _, name := range []string{httpstest.CertificateFile, httpstest.KeyFile} {
			if err := os.Chtimes(filepath.Join(folder, name), later, later); err != nil {
				t.Fatal(err)
			}
		}
	}
	until := time.Now().Add(20 * 24 * time.Hour).Truncate(time.Second)
	first, second := httpstest.Certify(t, httpstest.Host, until), httpstest.Certify(t, httpstest.Host, until.Add(time.Hour))
	write(first)
	k, log := s.keep(t, nil, named)
	if !k.Expires().Equal(until) {
		t.Errorf("at first it ends at %s, not %s", k.Expires(), until)
	}
	run(t, k)
	write(httpstest.Certificate{Chain: second.Chain, Key: first.Key})
	eventually(t, "a warning", func() bool { return strings.Contains(log.String(), "level=WARN") })
	if !k.Expires().Equal(until) {
		t.Error("half of a certificate is shown")
	}
	write(second)
	eventually(t, "the second one is shown", func() bool { return k.Expires().Equal(until.Add(time.Hour)) })
	if text := log.String(); strings.Count(text, "level=WARN") != 1 {
		t.Errorf("the log says %s", text)
	}
}

// TestFilesThatCannotBe: they are refused by name.
func TestFilesThatCannotBe(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	httpstest.Certify(t, "www.mfa.example", time.Now().Add(time.Hour)).Write(t, folder)
	certificate, key := filepath.Join(folder, httpstest.CertificateFile), filepath.Join(folder, httpstest.KeyFile)
	sealed := filepath.Join(folder, "sealed.pem")
	if err := os.WriteFile(sealed, []byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ certificate, key, host, says string }{
		"encrypted":      {certificate, sealed, "www.mfa.example", "the key is encrypted"},
		"another host":   {certificate, key, httpstest.Host, "is valid for www.mfa.example, not press.mfa.example"},
		"no key":         {certificate, certificate, "www.mfa.example", "found a certificate"},
		"no file":        {certificate, key + ".old", "www.mfa.example", "no such file"},
		"nothing but it": {certificate, key, "www.mfa.example", ""},
	} {
		_, err := ReadFiles(c.certificate, c.key, c.host)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
