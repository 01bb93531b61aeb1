package remote

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

// TestA18Handles: what answers for a handle is a JRD, found where messages may
// lead, with one actor in it.
func TestA18Handles(t *testing.T) {
	t.Parallel()
	const self = `{"subject":"acct:ana@HOST","links":[{"rel":"self","type":"application/activity+json","href":"https://a.example/ana"}]}`
	jrd := func(contentType, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Content-Type"] = []string{contentType}
			_, _ = w.Write([]byte(strings.ReplaceAll(body, "HOST", r.Host)))
		}
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   error // nil finds https://a.example/ana
	}{
		"a JRD":                {jrd("application/jrd+json", self), nil},
		"as plain JSON":        {jrd("application/json; charset=utf-8", self), nil},
		"as a page":            {jrd("text/html", self), ErrUntrusted},
		"as an actor":          {jrd("application/activity+json", self), ErrUntrusted},
		"of no type":           {jrd("", self), ErrUntrusted},
		"no JSON":              {jrd("application/jrd+json", "<html>"), ErrUntrusted},
		"a key twice":          {jrd("application/jrd+json", `{"links":[],"links":[]}`), ErrUntrusted},
		"no actor":             {jrd("application/jrd+json", `{"subject":"acct:ana@HOST","links":[]}`), ErrUntrusted},
		"an actor of no type":  {jrd("application/jrd+json", `{"links":[{"rel":"self","type":"text/html","href":"https://a.example/ana"}]}`), ErrUntrusted},
		"nobody":               {http.NotFound, ErrNotFound},
		"a redirect to a file": {redirectTo("file:///etc/passwd", 302), ErrForbidden},
		"a redirect inside":    {redirectTo("http://10.0.0.1/", 302), ErrForbidden},
		"a redirect to itself": {func(w http.ResponseWriter, r *http.Request) { redirectTo(r.URL.RequestURI(), 302)(w, r) }, ErrUntrusted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPeer(t)
			p.set("/.well-known/webfinger", c.answer)
			id, err := newClient(t).FetchHandle(t.Context(), "@ana@"+p.Listener.Addr().String())
			if c.want == nil && (err != nil || id != "https://a.example/ana") || !errors.Is(err, c.want) {
				t.Errorf("found %q, error %v, want %v", id, err, c.want)
			}
		})
	}
}
