package desk

import (
	"net/http"
	"strings"
	"testing"
)

// TestBelowAPath: a desk that shares its host answers below its path alone, all of its links,
// forms and redirects lead there, and its cookies go nowhere else.
func TestBelowAPath(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *Options) { o.URL += "/press/desk" })
	a := h.publish("Treaty on harbours signed", "images: [{src: harbour.png, alt: The harbour}]")
	h.publish("Fisheries talks", "published: 2026-12-01 10:00")
	at := func(path string) string { return "/press/desk" + path }
	ana := h.browser()
	ana.is("before anything", ana.get(at("/articles")), http.StatusOK, at("/sign-in?then=%2Farticles"), "Sign in")
	got := ana.takes(at(h.invite("ana", "editor")))
	ana.is("the invitation is taken", got, http.StatusOK, at("/account/second-factor"), "Your roles need")
	_, rest, _ := strings.Cut(got.body, `<code class="key">`)
	key, _, _ := strings.Cut(rest, "<")
	ana.secret = strings.ReplaceAll(key, " ", "")
	ana.is("a second factor", ana.post(at("/account/second-factor"), "code", ana.code(), "present", goodPassword), http.StatusOK, at("/account"), "Set up since")
	got = ana.send(at("/manuscripts/new"), map[string]string{"title": "Tides", "section": "statements", "language": "en", "text": "The text."})
	ana.is("something is written", got, http.StatusOK, "", "Submit for review")
	if !strings.HasPrefix(got.path, at("/manuscripts/")) {
		t.Errorf("it leads to %s", got.path)
	}
	for path, got := range ana.crawl(at("/"), at("/articles/"+string(a.ID))) {
		if strings.HasSuffix(path, "/comparison") {
			continue // without saying of what, there is none
		}
		if got.status == http.StatusNotFound || !strings.HasPrefix(path, at("/")) {
			t.Errorf("%s is answered %d", path, got.status)
		}
	}
	for _, path := range []string{"/", "/sign-in", "/press", "/press/desks/"} {
		ana.is("what is not the desk's", ana.get(path), http.StatusNotFound, path, "")
	}
	if got := ana.get("/press/desk"); got.path != at("/") {
		t.Errorf("without the last slash: %d at %s", got.status, got.path)
	}
	ana.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, cookie := range ana.ask(ana.request(http.MethodPost, at("/sign-in"), nil)).header.Values("Set-Cookie") {
		if !strings.Contains(cookie, "; Path=/press/desk/;") {
			t.Errorf("a cookie goes elsewhere: %s", cookie)
		}
	}
}
