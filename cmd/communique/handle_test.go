package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
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
	s.stop()
	s.configure(`handle_domain: ""`, `handle_domain: "`+domain+`"`)
	s.serve()
	led := get(t, apex.URL+"/.well-known/webfinger?resource=acct:ministry@"+domain).Header.Get("Location")
	for _, address := range []string{led, s.base + "/.well-known/webfinger?resource=acct:ministry@" + strings.TrimPrefix(s.base, "http://")} {
		jrd := get(t, address).fields(t)
		mustEqual(t, "the subject at "+address, jrd["subject"], "acct:ministry@"+domain)
		mustEqual(t, "the actor at "+address, links(t, jrd, "self")[0]["href"], s.actor())
	}
	mustEqual(t, "the actor's handle", object(t, s.actor())["webfinger"], "ministry@"+domain)
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
}
