package site

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/https/httpstest"
)

// securedSite is one whose server speaks https itself.
type securedSite struct {
	*e2etest.Site
	https, plain, metrics string // host:port
	log                   *e2etest.Buffer
	server                *e2etest.Process
}

// secureSite makes a site with settings of tls.
func secureSite(t *testing.T, settings string) *securedSite {
	t.Helper()
	s := &securedSite{Site: e2etest.NewFolder(t), https: e2etest.FreePort(t), plain: e2etest.FreePort(t), metrics: e2etest.FreePort(t), log: &e2etest.Buffer{}}
	_, port, err := net.SplitHostPort(s.https)
	if err != nil {
		t.Fatal(err)
	}
	s.Base = "https://" + httpstest.Host + ":" + port
	s.Init(s.Base)
	s.Configure(`listen: ""`, "listen: "+s.https)
	s.Configure(`redirect: ":80"`, "redirect: "+s.plain)
	s.Configure("127.0.0.1:9464", s.metrics)
	s.Configure(`acme: ""`, settings)
	return s
}

// serve starts the server in a process of its own, which trusts a file of certificates.
func (s *securedSite) serve(t *testing.T, trusts string, change ...func(*exec.Cmd)) {
	t.Helper()
	s.server = &e2etest.Process{Cmd: s.Program("serve"), Stderr: s.log}
	s.server.Cmd.Env = append(s.server.Cmd.Env, "SSL_CERT_FILE="+trusts)
	s.server.Cmd.Stderr = s.log
	for _, c := range change {
		c(s.server.Cmd)
	}
	if err := s.server.Cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.server.Kill)
}

// get asks the site over https, at its own address, or what answers plain http.
func (s *securedSite) get(t *testing.T, roots *x509.CertPool, address string, headers ...string) (*http.Response, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	transport := &http.Transport{
		DisableCompression: true, DisableKeepAlives: true, ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		DialContext: func(ctx context.Context, network, to string) (net.Conn, error) {
			if strings.HasPrefix(to, httpstest.Host) {
				to = s.https
			}
			return (&net.Dialer{}).DialContext(ctx, network, to)
		},
	}
	got, err := transport.RoundTrip(r)
	if err == nil {
		_, err = io.Copy(io.Discard, got.Body)
		_ = got.Body.Close()
	}
	return got, err
}

// answers holds the server to what readers and monitoring see of it.
func (s *securedSite) answers(t *testing.T, roots *x509.CertPool, trusts string) {
	t.Helper()
	e2etest.Eventually(t, "it answers by https", func() bool {
		got, err := s.get(t, roots, s.Base+"/en/")
		return err == nil && got.StatusCode == http.StatusOK
	})
	first, err := s.get(t, roots, s.Base+"/en/feed.atom", "Accept-Encoding", "gzip")
	if err != nil {
		t.Fatal(err)
	}
	e2etest.Equal(t, "a feed", fmt.Sprint(first.StatusCode, first.Proto, first.Header.Get("Content-Encoding"), first.Header.Get("Strict-Transport-Security")), "200HTTP/2.0gzipmax-age=15552000")
	again, err := s.get(t, roots, s.Base+"/en/feed.atom", "Accept-Encoding", "gzip", "If-None-Match", first.Header.Get("ETag"))
	if err != nil {
		t.Fatal(err)
	}
	e2etest.Equal(t, "what has not changed", again.StatusCode, 304)
	plain, err := s.get(t, roots, "http://"+s.plain+"/en/feed.atom?a=b")
	if err != nil {
		t.Fatal(err)
	}
	e2etest.Equal(t, "plain http", fmt.Sprint(plain.StatusCode, plain.Header.Get("Location"), plain.Header.Get("Strict-Transport-Security")), "301"+s.Base+"/en/feed.atom?a=b")
	check := s.Program("check", "--quiet", "--resolve", httpstest.Host+"=127.0.0.1")
	check.Env = append(check.Env, "SSL_CERT_FILE="+trusts)
	if said, err := check.CombinedOutput(); err != nil || len(said) > 0 {
		t.Errorf("check: %v\n%s", err, said)
	}
}

// TestTLSFromAnAuthority: a server that is told the address of an authority gets a
// certificate for its site and shows it, and every rule holds; what monitoring and status
// say of it is when it ends. A server that is started again has it.
func TestTLSFromAnAuthority(t *testing.T) {
	t.Parallel()
	s := secureSite(t, "acme: later")
	a := httpstest.NewAuthority(t, httpstest.AuthorityOptions{HTTPPort: portIn(t, s.plain), TLSPort: portIn(t, s.https)})
	s.Configure("acme: later", "acme: "+a.Directory)
	s.serve(t, a.File)
	roots := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(roots, a.RootPEM, 0o600); err != nil {
		t.Fatal(err)
	}
	s.answers(t, a.Root, roots)
	var status struct {
		Certificate struct{ Expires, Reason string }
		Troubles    []struct{ What string }
	}
	s.ReadJSON(&status, "status", "--json")
	until, err := time.Parse(time.RFC3339, status.Certificate.Expires)
	if err != nil || len(status.Troubles) > 0 || until.Before(time.Now()) {
		t.Errorf("%+v, %v", status, err)
	}
	metrics := string(e2etest.Get(t, "http://"+s.metrics+"/metrics").Body)
	if want := fmt.Sprintf("communique_certificate_expiry_timestamp_seconds %g\n", float64(until.Unix())); !strings.Contains(metrics, want) {
		t.Errorf("the metrics have no %q", want)
	}
	if text := s.log.String(); strings.Contains(text, "level=WARN") || strings.Count(text, "a certificate is shown") != 1 {
		t.Errorf("the log says %s", text)
	}
}

// TestTLSInTrouble: a server that was killed while it asked an authority keeps nobody from
// asking for long; why the next one gets no certificate is told by status and check, also
// when it has ended; and when that is mended it gets one at once, which a backup has, too.
func TestTLSInTrouble(t *testing.T) {
	t.Parallel()
	e2etest.NeedsFile(t) // whose clock is moved
	s := secureSite(t, "acme: later")
	a := httpstest.NewAuthority(t, httpstest.AuthorityOptions{HTTPPort: portIn(t, s.plain), TLSPort: portIn(t, s.https)})
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	s.Configure("acme: later", "acme: https://"+silent.Addr().String())
	s.serve(t, a.File)
	asks, err := silent.Accept() // by one who has the lock
	if err != nil {
		t.Fatal(err)
	}
	defer asks.Close()
	s.server.Kill()

	s.Configure("acme: https://"+silent.Addr().String(), "acme: "+a.Directory)
	a.Leads("127.0.0.77") // where nobody listens
	s.Pass(3 * time.Minute)
	s.serve(t, a.File)
	e2etest.Eventually(t, "a warning", func() bool { return strings.Contains(s.log.String(), "level=WARN") })
	if text := s.log.String(); strings.Count(text, "level=WARN") != 1 || !strings.Contains(text, "the authority has given no certificate") || !strings.Contains(text, "127.0.0.77") {
		t.Errorf("the log says %s", text)
	}
	out, _, err := s.Run("status")
	if err == nil || !strings.Contains(out, "FAIL  there is no certificate: the authority has given none since ") || !strings.Contains(out, "127.0.0.77") || !strings.Contains(out, "Certificate: none yet.") {
		t.Errorf("status says %v\n%s", err, out)
	}
	out, _, err = s.Run("check", "--quiet", "--resolve", httpstest.Host+"=127.0.0.1", "--only", "START")
	if err == nil || !strings.Contains(out, "127.0.0.77") {
		t.Errorf("check says %v\n%s", err, out)
	}
	s.server.End(t)

	a.Leads("127.0.0.1")
	s.Pass(2 * time.Minute)
	s.serve(t, a.File)
	e2etest.Eventually(t, "it answers by https", func() bool {
		_, err := s.get(t, a.Root, s.Base+"/en/")
		return err == nil
	})
	e2etest.Eventually(t, "nothing is wrong any more", func() bool {
		out, _, err := s.Run("status")
		return err == nil && !strings.Contains(out, "Certificate: none")
	})
	file := filepath.Join(t.TempDir(), "press.backup")
	s.Must("backup", file)
	restored := s.Elsewhere()
	restored.Must("restore", file)
	if out, _, _ := restored.Run("status"); !strings.Contains(out, "Certificate: ends at ") { // it is not confirmed, and fails for that
		t.Errorf("of what was restored status says\n%s", out)
	}
}

// TestTLSAskedFor: an authority that wants to know whose account it is has refused a
// certificate; who has mended that has it asked at once, and is told what it says.
func TestTLSAskedFor(t *testing.T) {
	t.Parallel()
	s := secureSite(t, "acme: later")
	const mac = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W"
	a := httpstest.NewAuthority(t, httpstest.AuthorityOptions{HTTPPort: portIn(t, s.plain), TLSPort: portIn(t, s.https), External: map[string]string{"kid-1": mac}})
	a.Leads("127.0.0.77") // where nobody listens
	s.Configure("acme: later", "acme: "+a.Directory)
	s.Configure(`eab_key_id: ""`, "eab_key_id: kid-1")
	s.Configure(`eab_key_file: ""`, "eab_key_file: eab.key")
	if _, _, err := s.Run("serve"); err == nil || !strings.Contains(err.Error(), "communique.yaml: tls.eab_key_file: ") {
		t.Errorf("without the file it says %v", err)
	}
	if err := os.WriteFile(filepath.Join(s.Data, "eab.key"), []byte(mac), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Run("certificate", "ask"); err == nil || !strings.Contains(err.Error(), "no server runs on ") {
		t.Errorf("without a server it says %v", err)
	}
	s.serve(t, a.File)
	e2etest.Eventually(t, "a warning", func() bool { return strings.Contains(s.log.String(), "the authority has given no certificate") })
	if _, _, err := s.Run("certificate", "ask"); err == nil || !strings.Contains(err.Error(), "127.0.0.77") || !strings.Contains(err.Error(), "attempts: 2") {
		t.Errorf("where nothing is mended it says %v", err)
	}
	a.Leads("127.0.0.1")
	if out := s.Must("certificate", "ask"); !strings.Contains(out, "Certificate: ends at ") {
		t.Errorf("where it is mended it says\n%s", out)
	}
	s.shown(t, a)
	e2etest.Equal(t, "asked again it says the same", s.Must("certificate", "ask"), s.Must("certificate"))
}

// TestTLSOfReplicas: servers of one database show one certificate, for which one of them
// has asked.
func TestTLSOfReplicas(t *testing.T) {
	t.Parallel()
	e2etest.NeedsServer(t)
	s := secureSite(t, "acme: later")
	a := httpstest.NewAuthority(t, httpstest.AuthorityOptions{HTTPPort: portIn(t, s.plain), TLSPort: portIn(t, s.https)})
	s.Configure("acme: later", "acme: "+a.Directory)
	s.serve(t, a.File)
	one := s.shown(t, a)
	other := &securedSite{Site: s.Replica(), https: e2etest.FreePort(t), plain: e2etest.FreePort(t), log: &e2etest.Buffer{}}
	other.Configure("redirect: "+s.plain, "redirect: "+other.plain)
	other.Configure("listen: "+s.https, "listen: "+other.https)
	other.Configure("listen: \""+s.metrics, "listen: \""+e2etest.FreePort(t))
	other.serve(t, a.File)
	if two := other.shown(t, a); !two.Equal(one) {
		t.Error("they show two certificates")
	}
	if text := other.log.String(); strings.Contains(text, "level=WARN") {
		t.Errorf("the log of the second one says %s", text)
	}
}

// shown is the certificate that a server shows as soon as it has one.
func (s *securedSite) shown(t *testing.T, a *httpstest.Authority) (leaf *x509.Certificate) {
	t.Helper()
	e2etest.Eventually(t, "a certificate is shown", func() bool {
		c, err := tls.Dial("tcp", s.https, &tls.Config{RootCAs: a.Root, ServerName: httpstest.Host, MinVersion: tls.VersionTLS12})
		if err != nil {
			return false
		}
		leaf = c.ConnectionState().PeerCertificates[0]
		return c.Close() == nil
	})
	return leaf
}

// TestTLSFromFiles: a server that is told two files shows what is in them, on sockets that
// systemd has opened.
func TestTLSFromFiles(t *testing.T) {
	t.Parallel()
	s := secureSite(t, `acme: ""`)
	c := httpstest.Certify(t, httpstest.Host, time.Now().Add(90*24*time.Hour))
	s.Configure(`certificate: ""`, "certificate: "+httpstest.CertificateFile)
	s.Configure(`key: ""`, "key: "+httpstest.KeyFile)
	_, _, err := s.Run("serve")
	if err == nil || !strings.Contains(err.Error(), "communique.yaml: tls.certificate: ") {
		t.Errorf("without the files it says %v", err)
	}
	c.Write(t, s.Data)
	s.Configure("redirect: "+s.plain, `redirect: "127.0.0.1:2"`) // which nobody may
	s.Configure("listen: "+s.https, `listen: "127.0.0.1:1"`)
	trusts := filepath.Join(s.Data, httpstest.CertificateFile)
	s.serve(t, trusts, func(serve *exec.Cmd) { e2etest.OnSockets(t, serve, "http:communique", s.plain, s.https) })
	s.answers(t, c.Pool(t), trusts)
	httpstest.Certify(t, httpstest.Host, time.Now().Add(3*24*time.Hour)).Write(t, s.Data)
	out, _, err := s.Run("status")
	if err == nil || !strings.Contains(out, "FAIL  the certificate in "+trusts+" ends at ") {
		t.Errorf("status says %v of one that ends soon\n%s", err, out)
	}
}

func portIn(t *testing.T, address string) int {
	t.Helper()
	at, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	return at.Port
}
