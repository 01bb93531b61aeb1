package stories

import (
	"context"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// deskOf gives a site a desk on a port of its own, and returns where it is to be.
func deskOf(t *testing.T, s *e2etest.Site) string {
	t.Helper()
	address := e2etest.FreePort(t)
	s.Configure(`listen: "127.0.0.1:8481"`, `listen: "`+address+`"`)
	return address
}

func answers(address string) bool {
	c, err := (&net.Dialer{Timeout: time.Second}).DialContext(context.Background(), "tcp", address)
	if err == nil {
		_ = c.Close()
	}
	return err == nil
}

// TestDeskOpens: a server has no desk before anybody is invited. It opens while the server
// runs; who is invited chooses a password, reads what is under embargo, and is out at once
// when they are removed, or a backup is put back.
func TestDeskOpens(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	address := deskOf(t, s)
	draft := s.Publish("Fisheries talks", "published: 2031-12-01 10:00")
	s.Serve()
	e2etest.Equal(t, "the desk is open before anybody is invited", answers(address), false)
	s.Must("people", "invite", "a.silva", "--role", "operator")
	var invited struct{ Invitation string }
	s.ReadJSON(&invited, "people", "invite", "b.costa", "--role", "reader", "--json")
	e2etest.Equal(t, "the link leads to the desk", strings.HasPrefix(invited.Invitation, "http://"+address+"/invitation/"), true)
	e2etest.Eventually(t, "the desk opens", func() bool { return answers(address) })

	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	const password = "quiet harbour at noon"
	got, err := client.PostForm(invited.Invitation, url.Values{"password": {password}, "again": {password}})
	if err != nil {
		t.Fatal(err)
	}
	e2etest.Equal(t, "the invitation is taken", e2etest.Read(t, got).Status, http.StatusOK)
	read := func() string {
		got, err := client.Get("http://" + address + "/articles/" + draft.ID)
		if err != nil {
			t.Fatal(err)
		}
		return string(e2etest.Read(t, got).Body)
	}
	e2etest.Equal(t, "the draft can be read", strings.Contains(read(), "Fisheries talks"), true)
	s.Must("people", "remove", "b.costa")
	if page := read(); strings.Contains(page, "Fisheries talks") || !strings.Contains(page, "Sign in") {
		t.Errorf("after they were removed:\n%s", page)
	}
	if audit := s.Must("audit", "list", "--who", "b.costa"); !strings.Contains(audit, "took an invitation") {
		t.Errorf("the audit:\n%s", audit)
	}
	e2etest.Equal(t, "the log has the secret of the link", strings.Contains(s.Log.String(), strings.Split(invited.Invitation, "/")[4]), false)
	s.Stop()
	e2etest.Equal(t, "the desk is open after the server", answers(address), false)
}
