package desk

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// TestA38OtherSites: what another site sends in somebody's name is refused, on each route
// that does something.
func TestA38OtherSites(t *testing.T) {
	t.Parallel()
	h := newHouse(t, provided(t))
	b := h.signedIn("a.silva", "operator")
	for _, route := range routesOf(t, h.desk) {
		method, path, _ := strings.Cut(route, " ")
		if method != http.MethodPost {
			continue
		}
		for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
			r := b.request(method, path, nil)
			r.Header.Del("Sec-Fetch-Site")
			r.Header.Set(header[0], header[1])
			if got := b.ask(r); got.status != http.StatusForbidden || !strings.Contains(got.body, "Nothing was done") {
				t.Errorf("%s with %s: %s answers %d", route, header[0], header[1], got.status)
			}
		}
	}
	b.is("still signed in", b.get("/"), http.StatusOK, "/", "Overview")
	r := b.request(http.MethodPost, "/sign-out", nil)
	r.Header.Del("Sec-Fetch-Site")
	r.Header.Set("Origin", h.url) // an older browser
	b.is("from the desk itself", b.ask(r), http.StatusOK, "/sign-in", "Sign in")
}

// TestOtherHosts: a name that leads here is answered nothing, whoever has it.
func TestOtherHosts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.signedIn("a.silva", "reader")
	for _, host := range []string{"evil.example", "evil.example:8481", "localhost", "press.mfa.example", "127.0.0.1"} {
		for _, path := range []string{"/", "/sign-in", "/people", h.desk.pages.styleURL, "/nowhere"} {
			r := b.request(http.MethodGet, path, nil)
			r.Host = host
			if got := b.ask(r); got.status != http.StatusMisdirectedRequest || strings.Contains(got.body, "Ministry") {
				t.Errorf("%s of %s: %d\n%s", path, host, got.status, got.body)
			}
		}
	}
}

// TestA43Then: whatever a link says, nobody is led to another site after signing in.
func TestA43Then(t *testing.T) {
	t.Parallel()
	for then, want := range map[string]string{
		"": "/", "/articles?state=held": "/articles?state=held", "/people/a.silva": "/people/a.silva",
		"//evil.example": "/", "/\\evil.example": "/", "https://evil.example/": "/", "javascript:alert(1)": "/", "evil": "/",
		"/\t/evil.example": "/", "/%2f/evil": "/%2f/evil", "///evil.example": "/", "/a\r\nSet-Cookie: b": "/", "\\/evil": "/",
	} {
		if got := localPath(then); got != want {
			t.Errorf("%q leads to %q, want %q", then, got, want)
		}
	}
	h := newHouse(t)
	h.invite("root", "operator")
	h.signedIn("a.silva", "reader")
	b := h.browser()
	b.is("signing in", b.post("/sign-in", "login", "a.silva", "password", goodPassword, "then", "//evil.example/"), http.StatusOK, "/", "Overview")
}

// TestHeaders: every answer forbids scripts, frames, caches and telling others of itself.
func TestHeaders(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.signedIn("a.silva", "operator")
	for path, got := range b.crawl("/", "/nowhere", "/articles/x", "/people/nobody") {
		want := map[string]string{
			"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store",
		}
		if path == h.desk.pages.styleURL || path == h.desk.pages.scriptURL || path == h.desk.pages.keysURL {
			want["Cache-Control"] = "public, max-age=31536000, immutable"
		}
		for name, value := range want {
			if !strings.HasPrefix(got.header.Get(name), value) {
				t.Errorf("%s: %s is %q", path, name, got.header.Get(name))
			}
		}
		ours := strings.NewReplacer(`<script src="`+h.desk.pages.scriptURL+`" defer></script>`, "", `<script src="`+h.desk.pages.keysURL+`" defer></script>`, "")
		for _, never := range []string{"<script", " onclick=", " style=", "javascript:"} {
			if strings.Contains(ours.Replace(got.body), never) {
				t.Errorf("%s has %q", path, never)
			}
		}
	}
	if len(style) > 15_000 {
		t.Errorf("the style has %d bytes", len(style))
	}
}

// TestTooLarge: a form has a bound, and one that is none is refused.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser()
	b.is("a large form", b.post("/sign-in", "login", strings.Repeat("a", maxBody)), http.StatusRequestEntityTooLarge, "", "larger than this form takes")
	r := b.request(http.MethodPost, "/sign-in", nil)
	r.Body = io.NopCloser(strings.NewReader("login=%zz"))
	r.ContentLength = -1
	b.is("no form", b.ask(r), http.StatusBadRequest, "", "could not be read")

	ana := h.signedIn("a.silva", "author")
	r = ana.request(http.MethodPost, "/manuscripts/new", nil)
	r.Body = io.NopCloser(strings.NewReader("title=%zz"))
	r.ContentLength = -1
	ana.is("no form to write by", ana.ask(r), http.StatusBadRequest, "", "could not be read")
}

// TestSlow: who sends a form too slowly is told so, for they read still.
func TestSlow(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for name, kind := range map[string]string{"a form": "application/x-www-form-urlencoded", "a form with files": "multipart/form-data; boundary=b"} {
		ctx, ends := context.WithCancel(t.Context())
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, h.url+"/sign-in", slowBody(ends))
		r.Header.Set("Content-Type", kind)
		w := httptest.NewRecorder()
		h.desk.answered(func(_ http.ResponseWriter, r *http.Request) error {
			_, done, err := h.desk.readUpload(r)
			if err == nil {
				done()
			}
			return err
		})(w, r)
		if w.Code != http.StatusRequestTimeout || !strings.Contains(w.Body.String(), "did not arrive in time") {
			t.Errorf("%s: %d\n%s", name, w.Code, w.Body)
		}
	}
}

// slowBody is a body that does not come in time: what a server then does is to end the context
// of the request.
type slowBody context.CancelFunc

func (s slowBody) Read([]byte) (int, error) {
	s()
	return 0, os.ErrDeadlineExceeded
}
