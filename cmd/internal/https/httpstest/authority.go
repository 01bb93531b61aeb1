package httpstest

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"communique/cmd/internal/port/porttest"
	"communique/cmd/internal/realpart"
)

// Host is the name that is certified.
const Host = "press.mfa.example"

// Authority is one that runs until the test ends.
type Authority struct {
	Directory string         // its address
	Server    *x509.CertPool // certifies the authority's own server
	File      string         // with the same, for SSL_CERT_FILE
	Root      *x509.CertPool // certifies whom the authority has certified
	RootPEM   []byte         // the same

	leadsTo atomic.Pointer[netip.Addr]
}

// AuthorityOptions are how an authority works.
type AuthorityOptions struct {
	HTTPPort, TLSPort int           // where it asks for proofs
	Valid             time.Duration // how long its certificates are; 0: for years
	// External are the accounts, with their MAC keys, of which it wants one; nil for none.
	External map[string]string
}

// NewAuthority starts one, and waits until it answers. All names lead to this machine.
func NewAuthority(t testing.TB, o AuthorityOptions) *Authority {
	t.Helper()
	pebble := realpart.Program(t, "pebble")
	folder := t.TempDir()
	c := Certify(t, "localhost", time.Now().Add(24*time.Hour))
	c.Write(t, folder)
	a := &Authority{File: filepath.Join(folder, CertificateFile), Server: c.Pool(t), Root: x509.NewCertPool()}
	a.Leads("127.0.0.1")
	listen, management := porttest.Reserve(t).Number(), porttest.Reserve(t).Number()
	a.Directory = fmt.Sprintf("https://localhost:%d/dir", listen)
	settings := map[string]any{
		"listenAddress": fmt.Sprintf("127.0.0.1:%d", listen), "managementListenAddress": fmt.Sprintf("127.0.0.1:%d", management),
		"certificate": a.File, "privateKey": filepath.Join(folder, KeyFile), "httpPort": o.HTTPPort, "tlsPort": o.TLSPort, "ocspResponderURL": "",
	}
	if o.Valid > 0 {
		settings["certificateValidityPeriod"] = int(o.Valid / time.Second)
	}
	if o.External != nil {
		settings["externalAccountBindingRequired"], settings["externalAccountMACKeys"] = true, o.External
	}
	text, err := json.Marshal(map[string]any{"pebble": settings})
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "pebble.json"), text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(pebble, "-config", filepath.Join(folder, "pebble.json"), "-dnsserver", a.answersNames(t), "-strict")
	cmd.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0", "PEBBLE_AUTHZREUSE=0")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it keeps nothing
		_ = cmd.Wait()
	})
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: a.Server, MinVersion: tls.VersionTLS12}}}
	a.RootPEM = answer(t, client, fmt.Sprintf("https://localhost:%d/roots/0", management))
	if !a.Root.AppendCertsFromPEM(a.RootPEM) {
		t.Fatal("the authority has no certificate of its own")
	}
	answer(t, client, a.Directory)
	return a
}

// answer asks until there is one.
func answer(t testing.TB, client *http.Client, address string) []byte {
	t.Helper()
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		got, err := client.Get(address)
		if err == nil {
			text, err := io.ReadAll(got.Body)
			_ = got.Body.Close()
			if err == nil && got.StatusCode == http.StatusOK {
				return text
			}
		}
		if time.Since(began) > time.Minute {
			t.Fatalf("%s does not answer: %v", address, err)
		}
	}
}

// Leads has all names lead to an address.
func (a *Authority) Leads(to string) {
	address := netip.MustParseAddr(to)
	a.leadsTo.Store(&address)
}

// answersNames is the DNS that the authority asks.
func (a *Authority) answersNames(t testing.TB) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() }) // nothing was kept
	go func() {
		packet := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(packet)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(packet[:n]) != nil || len(m.Questions) == 0 {
				continue
			}
			m.Response, m.Additionals = true, nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}, Body: &dnsmessage.AResource{A: a.leadsTo.Load().As4()}}}
			}
			if reply, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(reply, from) // or the authority asks again
			}
		}
	}()
	return conn.LocalAddr().String()
}
