package rules

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"communique/cmd/internal/check"
	"communique/cmd/internal/e2e/e2etest"
)

// handlesOfAnotherDomain: a site whose handles are of another domain, which leads
// WebFinger there, is found by both and has one name.
func handlesOfAnotherDomain(t *testing.T) {
	s := e2etest.NewSite(t)
	apex := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, s.Base+r.URL.RequestURI(), http.StatusMovedPermanently)
	}))
	t.Cleanup(apex.Close)
	domain := strings.TrimPrefix(apex.URL, "http://")
	s.Serve()
	p := e2etest.NewPeer(t)
	e2etest.Equal(t, "a Follow", p.Send(s.Actor()+"/inbox", p.Follow(s.Actor())), 202)
	p.WaitFor(1)
	s.Stop()
	s.Configure(`handle_domain: ""`, `handle_domain: "`+domain+`"`)
	s.Serve()
	ask := "/.well-known/webfinger?resource=acct:ministry@"
	led := e2etest.Get(t, apex.URL+ask+domain).Header.Get("Location")
	who := check.Account{Handle: "ministry@" + domain, ID: s.Actor(), Page: s.Base + "/en/"}
	atDomain, atHost := document(s, t, led), document(s, t, s.Base+ask+strings.TrimPrefix(s.Base, "http://"))
	ruleHolds(t, "W4", []check.Finding{check.OneName(atDomain, atHost, who)})
	ruleHolds(t, "W2", check.WebFinger(atHost, who))
	e2etest.Equal(t, "the actor's handle", e2etest.Object(t, s.Actor())["webfinger"], "ministry@"+domain)
	e2etest.Equal(t, "the handle that the followers are told", e2etest.Text(p.WaitFor(2)[1].Fields, "object", "webfinger"), "ministry@"+domain)
	page := string(e2etest.Get(t, s.Base+"/en/", "Accept", "text/html").Body)
	if !strings.Contains(page, "@ministry@"+domain) {
		t.Error("the page shows another handle")
	}
	a := s.Publish("A treaty was signed")
	if want := `<meta name="fediverse:creator" content="@ministry@` + domain + `">`; !strings.Contains(string(e2etest.Get(t, a.URL, "Accept", "text/html").Body), want) {
		t.Errorf("the article's page lacks %s", want)
	}
	if !strings.Contains(s.Log.String(), "the handles have another domain") {
		t.Error("the change of the handle is not warned of")
	}
	broken, _ := s.Check(t)
	e2etest.Equal(t, "what communique check finds broken", broken, []string{})
	apex.Close()
	broken, status := s.Check(t)
	e2etest.Equal(t, "what it finds when the domain does not lead here", broken, []string{"W4"})
	e2etest.Equal(t, "its status", status, 2)
}
