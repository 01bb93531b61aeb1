package command

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"communique/cmd/internal/check"
)

// handlesOfAnotherDomain: a site whose handles are of another domain, which leads
// WebFinger there, is found by both and has one name.
func handlesOfAnotherDomain(t *testing.T) {
	s := newSite(t)
	apex := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, s.base+r.URL.RequestURI(), http.StatusMovedPermanently)
	}))
	t.Cleanup(apex.Close)
	domain := strings.TrimPrefix(apex.URL, "http://")
	s.serve()
	p := newPeer(t)
	mustEqual(t, "a Follow", p.send(s.actor()+"/inbox", p.follow(s.actor())), 202)
	p.waitFor(1)
	s.stop()
	s.configure(`handle_domain: ""`, `handle_domain: "`+domain+`"`)
	s.serve()
	ask := "/.well-known/webfinger?resource=acct:ministry@"
	led := get(t, apex.URL+ask+domain).Header.Get("Location")
	who := check.Account{Handle: "ministry@" + domain, ID: s.actor(), Page: s.base + "/en/"}
	atDomain, atHost := s.document(t, led), s.document(t, s.base+ask+strings.TrimPrefix(s.base, "http://"))
	ruleHolds(t, "W4", []check.Finding{check.OneName(atDomain, atHost, who)})
	ruleHolds(t, "W2", check.WebFinger(atHost, who))
	mustEqual(t, "the actor's handle", object(t, s.actor())["webfinger"], "ministry@"+domain)
	mustEqual(t, "the handle that the followers are told", text(p.waitFor(2)[1].Fields, "object", "webfinger"), "ministry@"+domain)
	page := string(get(t, s.base+"/en/", "Accept", "text/html").Body)
	if !strings.Contains(page, "@ministry@"+domain) {
		t.Error("the page shows another handle")
	}
	a := s.publish("A treaty was signed")
	if want := `<meta name="fediverse:creator" content="@ministry@` + domain + `">`; !strings.Contains(string(get(t, a.URL, "Accept", "text/html").Body), want) {
		t.Errorf("the article's page lacks %s", want)
	}
	if !strings.Contains(s.log.String(), "the handles have another domain") {
		t.Error("the change of the handle is not warned of")
	}
	broken, _ := s.checks(t)
	mustEqual(t, "what communique check finds broken", broken, []string{})
	apex.Close()
	broken, status := s.checks(t)
	mustEqual(t, "what it finds when the domain does not lead here", broken, []string{"W4"})
	mustEqual(t, "its status", status, 2)
}
