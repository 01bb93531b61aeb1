package desk

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"communique/cmd/internal/links"
)

// TestLinksAreTried: the links of a draft to other sites are asked when somebody wants it, and by
// the rules by which this machine may connect.
func TestLinksAreTried(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.Header.Get("Cookie")+r.Header.Get("Referer") != "" {
			t.Errorf("it is told %v", r.Header)
		}
		switch r.URL.Path {
		case "/treaty":
		case "/old":
			http.Redirect(w, r, "/treaty", http.StatusMovedPermanently)
		case "/inside":
			http.Redirect(w, r, "http://10.0.0.1/", http.StatusFound)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(other.Close)
	for _, tt := range []struct {
		name  string
		rules links.Rules
		says  []string
		asks  bool
	}{
		{"where this machine may connect", links.Rules{Loopback: true}, []string{
			"quiet\">It answers.", "leads on to " + other.URL + "/treaty", "late\">Nothing is there (404)", "It does not answer: this server connects to public addresses", "It does not answer: it leads on too often",
		}, true},
		{"where it may not", links.Rules{Port: 443}, []string{"late\">It is not asked: this server connects to public addresses by https alone"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			asked.Store(0)
			h := newHouse(t, func(o *Options) { o.Links = links.NewTrier(tt.rules, "communique/test") })
			h.invite("root", "operator")
			ana := h.signedIn("ana", "author")
			var text strings.Builder
			for _, path := range []string{"treaty#annex", "treaty#annex", "old", "none", "inside", "round"} {
				fmt.Fprintf(&text, "[%s](%s/%s) ", path, other.URL, path)
			}
			at := ana.send("/manuscripts/new", map[string]string{
				"title": "Treaty", "section": "statements", "language": "en", "text": text.String() + "[ours](https://press.mfa.example/en/)",
			}).path
			ana.is("how many", ana.get(at), http.StatusOK, at, "6 to other sites")
			ana.is("before it is wanted", ana.get(at+"/links"), http.StatusOK, "", "They may log that it does")
			if asked.Load() != 0 {
				t.Error("somebody is asked whom nobody wants to ask")
			}
			got := ana.post(at + "/links")
			for _, says := range tt.says {
				ana.is("tried", got, http.StatusOK, at+"/links", says)
			}
			if strings.Contains(got.body, "press.mfa.example/en") || strings.Count(got.body, "/treaty#annex</bdi>") != 1 {
				t.Errorf("what is tried:\n%s", got.body)
			}
			if (asked.Load() > 0) != tt.asks {
				t.Errorf("%d requests", asked.Load())
			}
		})
	}
}
