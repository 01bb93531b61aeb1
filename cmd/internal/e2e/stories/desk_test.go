package stories

import (
	"net/http"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestDeskOpens: a server has no desk before anybody is invited. It opens while the server
// runs; who is invited chooses a password, reads what is under embargo, and is out at once
// when they are removed, or a backup is put back.
func TestDeskOpens(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	address := s.DeskAddress()
	draft := s.Publish("Fisheries talks", "published: 2031-12-01 10:00")
	s.Serve()
	e2etest.Equal(t, "the desk is open before anybody is invited", e2etest.Listens(address), false)
	s.Must("people", "invite", "a.silva", "--role", "operator")
	reader := s.Officer(t, "b.costa", "reader")
	e2etest.Equal(t, "where the link leads", reader.Desk(), "http://"+address)
	reads := func() (string, bool) {
		page := string(reader.Get("/articles/" + draft.ID).Body)
		return page, strings.Contains(page, "Fisheries talks")
	}
	if page, ok := reads(); !ok {
		t.Errorf("the draft:\n%s", page)
	}
	stranger := e2etest.Visit(t, reader.Desk())
	e2etest.Equal(t, "what lets anybody be whom they like at the demo", stranger.Post("/sign-in/invented", "login", "b.costa").Status, http.StatusNotFound)
	if page := string(stranger.Get("/").Body); !strings.Contains(page, "Password") || strings.Contains(page, "invented") {
		t.Errorf("who has not signed in:\n%s", page)
	}
	s.Must("people", "remove", "b.costa")
	if page, ok := reads(); ok || !strings.Contains(page, "Sign in") {
		t.Errorf("after they were removed:\n%s", page)
	}
	if audit := s.Must("audit", "list", "--who", "b.costa"); !strings.Contains(audit, "took an invitation") {
		t.Errorf("the audit:\n%s", audit)
	}
	e2etest.Equal(t, "a page of the desk on the site", e2etest.Get(t, s.Base+"/sign-in").Status, http.StatusNotFound)
	s.Stop()
	e2etest.Equal(t, "the desk is open after the server", e2etest.Listens(address), false)
}
