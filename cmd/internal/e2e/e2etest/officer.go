package e2etest

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// Password is that of all officers.
const Password = "quiet harbour at noon"

// DeskAddress gives a site a desk on a port of its own, as host:port. It opens while the
// site is served, once somebody is invited.
func (s *Site) DeskAddress() string {
	s.T.Helper()
	address := FreePort(s.T)
	s.Configure(`listen: "127.0.0.1:8481"`, `listen: "`+address+`"`)
	return address
}

// Listens tells whether somebody listens at an address.
func Listens(address string) bool {
	c, err := (&net.Dialer{Timeout: time.Second}).DialContext(context.Background(), "tcp", address)
	if err == nil {
		_ = c.Close()
	}
	return err == nil
}

// Officer is somebody of the press office at a browser.
type Officer struct {
	t      *testing.T
	site   *Site
	desk   string // its address
	client *http.Client
	secret string // of their one-time passwords, once they have them
}

// Officer invites somebody with roles and has them take the invitation; the desk is open then.
func (s *Site) Officer(t *testing.T, login string, roles ...string) *Officer {
	t.Helper()
	args := []string{"people", "invite", login, "--json", "--alone", "a test"}
	for _, role := range roles {
		args = append(args, "--role", role)
	}
	var invited struct{ Invitation string }
	s.ReadJSON(&invited, args...)
	link, err := url.Parse(invited.Invitation)
	if err != nil {
		t.Fatal(err)
	}
	o := Visit(t, link.Scheme+"://"+link.Host)
	o.site = s
	Eventually(t, "the desk opens", func() bool {
		got, err := o.client.Get(invited.Invitation)
		return err == nil && Read(t, got).Status == http.StatusOK
	})
	Equal(t, "the invitation is taken", o.Post(link.Path, "password", Password, "again", Password).Status, http.StatusOK)
	return o
}

// Visit is somebody who comes to the desk at an address, and has not signed in.
func Visit(t *testing.T, desk string) *Officer {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	o := &Officer{t: t, desk: desk, client: &http.Client{Jar: jar, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // a web server in front has a certificate of the test
	}}}
	t.Cleanup(o.client.CloseIdleConnections)
	return o
}

// SetUpFactor sets up a second factor, as its page says.
func (o *Officer) SetUpFactor() {
	o.t.Helper()
	_, rest, _ := strings.Cut(string(o.Get("/account/second-factor").Body), `<code class="key">`)
	key, _, _ := strings.Cut(rest, "<")
	o.secret = strings.ReplaceAll(key, " ", "")
	Equal(o.t, "a second factor", o.Post("/account/second-factor", "code", o.Code(), "present", Password).Status, http.StatusOK)
}

// Code is their one-time password now. Each is taken once.
func (o *Officer) Code() string {
	o.t.Helper()
	code, err := totp.GenerateCode(o.secret, o.site.Clock.Now())
	if err != nil {
		o.t.Fatal(err)
	}
	return code
}

// Get reads a page of the desk.
func (o *Officer) Get(path string) Answer {
	o.t.Helper()
	return o.ask(http.MethodGet, path, nil)
}

// Post sends a form of names and values to the desk, and follows where that leads.
func (o *Officer) Post(path string, fields ...string) Answer {
	o.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return o.ask(http.MethodPost, path, strings.NewReader(form.Encode()))
}

func (o *Officer) ask(method, path string, body io.Reader) Answer {
	o.t.Helper()
	r, err := http.NewRequestWithContext(o.t.Context(), method, o.desk+path, body)
	if err != nil {
		o.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	got, err := o.client.Do(r)
	if err != nil {
		o.t.Fatal(err)
	}
	return Read(o.t, got)
}

// Desk is the address of the desk.
func (o *Officer) Desk() string { return o.desk }

// Session is the cookie by which the desk knows them.
func (o *Officer) Session() *http.Cookie {
	o.t.Helper()
	at, err := url.Parse(o.desk)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, c := range o.client.Jar.Cookies(at) {
		if c.Name == "desk" || c.Name == "__Host-desk" {
			return c
		}
	}
	o.t.Fatal("they have not signed in")
	return nil
}
