package https

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"communique/cmd/internal/https/httpstest"
	"communique/cmd/internal/port/porttest"
	"communique/federation/signature"
	"communique/storage"
	"communique/storage/clocktest"
	"communique/storage/sqlite"
	"communique/storage/sqlite/sqlitetest"
)

// journal is a log that is read while it is written.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// site is the database that servers share, and the ports at which they are asked.
type site struct {
	file         string
	clock        *clocktest.Clock
	https, plain int
}

func newSite(t *testing.T) *site {
	t.Helper()
	return &site{sqlitetest.File(t), clocktest.Running(), porttest.Reserve(t).Number(), porttest.Reserve(t).Number()}
}

func (s *site) store(t *testing.T) *storage.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), s.file, s.clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// keep makes a keeper of the site, with further options.
func (s *site) keep(t *testing.T, a *httpstest.Authority, further ...func(*Options)) (*Keeper, *journal) {
	t.Helper()
	log := &journal{}
	o := Options{
		Host: httpstest.Host, Store: s.store(t), Log: slog.New(slog.NewTextHandler(log, nil)),
		HTTPPort: s.plain, TLSPort: s.https, ListenHost: "127.0.0.1", Every: 100 * time.Millisecond, Patience: []time.Duration{50 * time.Millisecond},
	}
	if a != nil {
		o.Directory, o.Roots = a.Directory, a.Server
	}
	for _, f := range further {
		f(&o)
	}
	k, err := New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	return k, log
}

// run has a keeper look after the certificate until the test ends, or it is stopped.
func run(t *testing.T, k *Keeper) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		k.Run(ctx)
	}()
	stop = func() {
		cancel()
		<-ended
	}
	t.Cleanup(stop)
	return stop
}

// serve answers on the ports of the site.
func (s *site) serve(t *testing.T, k *Keeper) {
	t.Helper()
	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto) })
	for port, server := range map[int]*http.Server{
		s.https: {Handler: Strict(180, hello), TLSConfig: k.TLS(), ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)},
		s.plain: {Handler: k.Plain("https://" + httpstest.Host)},
	} {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			if server.TLSConfig != nil {
				_ = server.ServeTLS(l, "", "") // until it is closed
			} else {
				_ = server.Serve(l)
			}
		}()
		t.Cleanup(func() { _ = server.Close() })
	}
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for began := time.Now(); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > time.Minute {
			t.Fatal("not within a minute: ", what)
		}
	}
}

// shown is the certificate that a server shows to who trusts the authority; an error if none.
func (s *site) shown(a *httpstest.Authority) (tls.ConnectionState, error) {
	c, err := tls.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", s.https), &tls.Config{RootCAs: a.Root, ServerName: httpstest.Host, NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS12})
	if err != nil {
		return tls.ConnectionState{}, err
	}
	defer c.Close()
	return c.ConnectionState(), nil
}

// isShown waits for a certificate of the authority.
func (s *site) isShown(t *testing.T, a *httpstest.Authority) {
	t.Helper()
	eventually(t, "a certificate of the authority is shown", func() bool {
		_, err := s.shown(a)
		return err == nil
	})
}

// TestIssued: the authority gets the proof by either way, also from another server of the
// site than the one that has asked; and who starts again has the certificate at once, with
// the authority away.
func TestIssued(t *testing.T) {
	t.Parallel()
	const nowhere = 9 // of the service discard, which nobody has
	for name, c := range map[string]struct {
		plain, https bool // where the authority asks
		another      bool // who answers
	}{
		"by http":                         {plain: true},
		"by TLS":                          {https: true},
		"by http, another server answers": {plain: true, another: true},
		"by TLS, another server answers":  {https: true, another: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			o := httpstest.AuthorityOptions{HTTPPort: nowhere, TLSPort: nowhere}
			if c.plain {
				o.HTTPPort = s.plain
			}
			if c.https {
				o.TLSPort = s.https
			}
			a := httpstest.NewAuthority(t, o)
			k, _ := s.keep(t, a, func(o *Options) { o.Email = "webmaster@mfa.example" })
			answers := k
			if c.another {
				answers, _ = s.keep(t, a)
			}
			s.serve(t, answers)
			if _, err := s.shown(a); err == nil {
				t.Error("a certificate is shown before there is one")
			}
			stop := run(t, k)
			if c.another {
				run(t, answers)
			}
			s.isShown(t, a)
			state, err := s.shown(a)
			if err != nil || state.NegotiatedProtocol != "h2" {
				t.Errorf("%+v, %v", state, err)
			}
			stop()
			again, _ := s.keep(t, nil, func(o *Options) { o.Directory = a.Directory }) // whom it does not trust
			if again.Expires().IsZero() {
				t.Error("who starts again has no certificate")
			}
		})
	}
}

// TestRenewed: a certificate that is about to end is replaced by another one with another
// key, while it is shown, and the keys are sealed in the database.
func TestRenewed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := httpstest.NewAuthority(t, httpstest.AuthorityOptions{HTTPPort: s.plain, TLSPort: s.https, Valid: 6 * time.Second})
	passphrase := signature.NewPassphrase("harbour")
	k, _ := s.keep(t, a, func(o *Options) { o.Passphrase = passphrase })
	s.serve(t, k)
	run(t, k)
	s.isShown(t, a)
	first, err := s.shown(a)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "another one", func() bool {
		next, err := s.shown(a)
		return err == nil && !next.PeerCertificates[0].Equal(first.PeerCertificates[0]) && !bytes.Equal(next.PeerCertificates[0].RawSubjectPublicKeyInfo, first.PeerCertificates[0].RawSubjectPublicKeyInfo)
	})
	if dump := sqlitetest.Dump(t, s.file); strings.Contains(dump, "PRIVATE KEY") {
		t.Error("a private key stands in the database")
	}
	n, err := RewriteKeys(t.Context(), k.Store, passphrase, func(_ *signature.Passphrase, plain, _ string) (string, error) { return plain, nil })
	if err != nil || n != 2 {
		t.Errorf("%d keys, of the certificate and the account: %v", n, err)
	}
}

// TestWrongDNS: while the name leads elsewhere, each attempt is one warning with what the
// authority says; it stands where status reads it, and is gone when there is a certificate.
func TestWrongDNS(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := httpstest.NewAuthority(t, httpstest.AuthorityOptions{HTTPPort: s.plain, TLSPort: s.https})
	a.Leads("127.0.0.77") // where nobody listens
	k, log := s.keep(t, a)
	s.serve(t, k)
	run(t, k)
	eventually(t, "two attempts", func() bool { return strings.Count(log.String(), "level=WARN") == 2 })
	for line := range strings.Lines(log.String()) {
		if !strings.Contains(line, "127.0.0.77") || !strings.Contains(line, "again_in=") {
			t.Errorf("the log says %q", line)
		}
	}
	look := func() (state State) {
		t.Helper()
		err := k.Store.View(t.Context(), func(tx *storage.Tx) (err error) {
			state, err = Look(tx, a.Directory, httpstest.Host)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return state
	}
	if got := look(); got.Trouble == nil || got.Trouble.Failures < 2 || !strings.Contains(got.Trouble.Reason, "127.0.0.77") || !got.Expires.IsZero() {
		t.Errorf("%+v", got)
	}
	a.Leads("127.0.0.1")
	s.isShown(t, a)
	eventually(t, "nothing is wrong any more", func() bool { return look().Trouble == nil })
	if look().Expires.Before(time.Now()) || !look().Expires.Equal(k.Expires()) {
		t.Errorf("it ends at %v, and %v is shown", look().Expires, k.Expires())
	}
}

// TestAskedAtOnce: who has mended what was wrong need not wait until the authority is asked
// again, and learns what it says then: also if that is the same.
func TestAskedAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := httpstest.NewAuthority(t, httpstest.AuthorityOptions{HTTPPort: s.plain, TLSPort: s.https})
	a.Leads("127.0.0.77") // where nobody listens
	k, log := s.keep(t, a, func(o *Options) { o.Patience = []time.Duration{time.Hour} })
	s.serve(t, k)
	run(t, k)
	told := func(n int) func() bool {
		return func() bool { return strings.Count(log.String(), "the authority has given no certificate") == n }
	}
	eventually(t, "the first attempt is in vain", told(1))
	ask := func() {
		t.Helper()
		if err := k.Store.Update(t.Context(), func(tx *storage.Tx) error {
			_, err := AskNow(tx)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	ask()
	eventually(t, "so is the second", told(2))
	a.Leads("127.0.0.1")
	ask()
	s.isShown(t, a)
	if !told(2)() {
		t.Errorf("the log says %s", log)
	}
}

// TestExternalAccount: an authority that wants to know whose account it is gives a certificate
// to whom it knows; what it tells others names the setting.
func TestExternalAccount(t *testing.T) {
	t.Parallel()
	const mac = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W"
	for name, c := range map[string]struct {
		id, mac string
		says    string // empty if there is a certificate
	}{
		"known":              {"kid-1", mac + "\n", ""},
		"of another key":     {"kid-1", strings.Repeat("A", 44), "the authority says: "},
		"unknown":            {"kid-2", mac, "the authority says: "},
		"without an account": {"", "", "name the account that you have with it as tls.eab_key_id and tls.eab_key_file (externalAccountRequired)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			a := httpstest.NewAuthority(t, httpstest.AuthorityOptions{HTTPPort: s.plain, TLSPort: s.https, External: map[string]string{"kid-1": mac}})
			k, log := s.keep(t, a, func(o *Options) {
				o.Patience = []time.Duration{time.Hour}
				if c.id != "" {
					o.External = external(t, c.id, c.mac)
				}
			})
			s.serve(t, k)
			run(t, k)
			if c.says == "" {
				s.isShown(t, a)
				return
			}
			eventually(t, "the authority refuses", func() bool { return strings.Contains(log.String(), "level=WARN") })
			if !strings.Contains(log.String(), c.says) || strings.Contains(log.String(), mac) {
				t.Errorf("the log says %s", log)
			}
		})
	}
}

func external(t *testing.T, id, mac string) *External {
	t.Helper()
	file := filepath.Join(t.TempDir(), "eab.key")
	if err := os.WriteFile(file, []byte(mac), 0o600); err != nil {
		t.Fatal(err)
	}
	e, err := ReadExternal(id, file)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestMACKeys: the key of an account may be in whichever form of base64; what is none is
// refused, and not repeated.
func TestMACKeys(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"aa-_bb\n": "aa-_bb", "aa+/bb==\r\n": "aa-_bb", " aa-_bbb= ": "aa-_bbb", "": "", "two words": "", "aa.bb": "",
	} {
		file := filepath.Join(t.TempDir(), "eab.key")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		e, err := ReadExternal("kid", file)
		if (err == nil) != (want != "") || err == nil && e.binding().MACKey != want || err != nil && text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("%q is read as %+v, %v", text, e, err)
		}
	}
}

// TestTooOften: an authority that says that it was asked too often is left alone for the
// longest pause, also by a server that is started anew and by others of the site.
func TestTooOften(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := httpstest.NewAuthority(t, httpstest.AuthorityOptions{HTTPPort: s.plain, TLSPort: s.https})
	directory, err := url.Parse(a.Directory)
	if err != nil {
		t.Fatal(err)
	}
	forward := &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = "https", directory.Host },
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: a.Server, MinVersion: tls.VersionTLS12}},
	}
	var orders atomic.Int64
	var open atomic.Bool
	certificate := httpstest.Certify(t, "localhost", time.Now().Add(time.Hour))
	pair, err := tls.X509KeyPair(certificate.Chain, certificate.Key)
	if err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	proxy := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/order-plz") && !open.Load() {
			orders.Add(1)
			w.Header().Set("Content-Type", "application/problem+json")
			w.Header().Set("Replay-Nonce", "none")
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = io.WriteString(w, `{"type": "urn:ietf:params:acme:error:rateLimited", "status": 429, "detail": "too many certificates (5) already issued"}`)
			return
		}
		forward.ServeHTTP(w, r)
	})}
	go func() { _ = proxy.Serve(l) }() // until it is closed
	t.Cleanup(func() { _ = proxy.Close() })
	behind := func(o *Options) {
		o.Directory, o.Roots = fmt.Sprintf("https://localhost:%d/dir", l.Addr().(*net.TCPAddr).Port), certificate.Pool(t)
		o.Patience = []time.Duration{200 * time.Millisecond, time.Hour}
	}
	k, log := s.keep(t, a, behind)
	s.serve(t, k)
	stop := run(t, k)
	eventually(t, "a warning", func() bool { return strings.Contains(log.String(), "level=WARN") })
	if text := log.String(); !strings.Contains(text, "too many certificates (5) already issued (rateLimited)") || !strings.Contains(text, "again_in=1h0m0s") || strings.Count(text, "\n") != 1 {
		t.Errorf("the log says %s", text)
	}
	asked := orders.Load()
	other, said := s.keep(t, a, behind)
	other.asking = true // it has run for longer
	for range 5 {
		if pause := other.look(t.Context()); pause != 200*time.Millisecond {
			t.Errorf("it looks again after %s", pause)
		}
	}
	if got := orders.Load(); got != asked || said.String() != "" {
		t.Errorf("it was asked %d times, not %d: %s", got, asked, said)
	}
	stop()
	open.Store(true)
	s.clock.Pass(time.Second)
	again, _ := s.keep(t, a, behind) // by somebody who has mended something
	run(t, again)
	eventually(t, "a certificate", func() bool { return !again.Expires().IsZero() })
}
