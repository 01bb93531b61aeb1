package desk

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
)

// TestInvented: whoever comes to the demo's desk may be one of those whom it names and nobody
// else, and does as them what takes a second factor; no other desk has the route.
func TestInvented(t *testing.T) {
	t.Parallel()
	const route = "/sign-in/invented"
	other := newHouse(t)
	other.invite("ines", "approver")
	if slices.Contains(routesOf(t, other.desk), "POST "+route) {
		t.Error("a desk of nobody invented has the route")
	}
	b := other.browser()
	b.is("without anybody invented", b.post(route, "login", "ines"), http.StatusNotFound, "", "Nothing here")
	b.is("and they are not in", b.get("/"), http.StatusOK, "/sign-in", "Password")

	h := newHouse(t, func(o *Options) { o.Invented = []string{"ines"} })
	treaty := h.publish("Treaty")
	h.invite("root", "operator")
	h.invite("ines", "approver")
	b = h.browser()
	b.is("the choice", b.get("/people"), http.StatusOK, "/sign-in?then=%2Fpeople", "Be <bdi>INES</bdi>")
	b.is("who was not invented", b.post(route, "login", "root"), http.StatusNotFound, "", "Nothing here")
	b.is("with another page to go on", b.post(route, "login", "ines", "then", "//evil.example"), http.StatusOK, "/", "Overview")
	b.is("what takes a second factor", b.get("/articles/"+string(treaty.ID)+"/withdrawal"), http.StatusOK, "", "Withdraw")
	b.is("what their roles lack", b.get("/people"), http.StatusForbidden, "", "Not for your roles")
	r := b.request(http.MethodPost, route, url.Values{"login": {"ines"}})
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	b.is("asked by another site", b.ask(r), http.StatusForbidden, "", "Another site")
}
