package rules

import (
	"net/url"
	"strings"
	"testing"

	"communique/cmd/internal/check"
	"communique/cmd/internal/e2e/e2etest"
)

func (w *ruled) webfinger(t *testing.T, resource string) check.Document {
	t.Helper()
	return document(w.Site, t, w.Base+"/.well-known/webfinger?resource="+resource)
}

func (w *ruled) host() string { return strings.TrimPrefix(w.Base, "http://") }

func links(t *testing.T, jrd map[string]any, rel string) []map[string]any {
	t.Helper()
	var found []map[string]any
	all, _ := jrd["links"].([]any)
	for _, l := range all {
		if e2etest.Text(l, "rel") == rel {
			found = append(found, l.(map[string]any))
		}
	}
	return found
}

var finding = map[string]func(t *testing.T, w *ruled){
	"W1": func(t *testing.T, w *ruled) {
		ruleHolds(t, "W1", check.WebFinger(w.webfinger(t, "acct:ministry@"+w.host()), account(w.Site, "ministry")))
		ruleHolds(t, "W1", check.WebFinger(w.webfinger(t, url.QueryEscape("acct:ministry@"+w.host())), account(w.Site, "ministry")))
	},
	"W2": func(t *testing.T, w *ruled) {
		for _, user := range []string{"ministry", "Ministry", "MINISTRY"} {
			ruleHolds(t, "W2", check.WebFinger(w.webfinger(t, "acct:"+user+"@"+w.host()), account(w.Site, "ministry")))
		}
	},
	"W3": func(t *testing.T, w *ruled) {
		for _, name := range []string{"ministry", "instance"} {
			ruleHolds(t, "W3", check.WebFinger(w.webfinger(t, "acct:"+name+"@"+w.host()), account(w.Site, name)))
		}
	},
	"W4": func(t *testing.T, w *ruled) {
		a := e2etest.Object(t, w.Actor())
		handle := e2etest.Text(a, "preferredUsername") + "@" + w.host()
		e2etest.Equal(t, "the subject", fieldsOf(t, w.webfinger(t, "acct:"+handle))["subject"], "acct:"+handle)
		handlesOfAnotherDomain(t)
	},
	"W5": func(t *testing.T, w *ruled) { w.actorsHold(t, "W5") },
	"W6": func(t *testing.T, w *ruled) {
		for _, resource := range []string{
			"acct:nobody@" + w.host(), "acct:ministry@elsewhere.example", "acct:ministry", w.Base + "/actors/nobody", "x",
			"acct:ministry@" + w.host() + ".evil.example",
		} {
			e2etest.Equal(t, resource, w.webfinger(t, url.QueryEscape(resource)).Status, 404)
		}
	},
	"W7": func(t *testing.T, w *ruled) {
		who := account(w.Site, "ministry")
		for _, resource := range []string{"acct:ministry@" + w.host(), who.ID, who.Page} {
			ruleHolds(t, "W7", check.WebFinger(w.webfinger(t, url.QueryEscape(resource)), who))
		}
	},
	"W8": func(t *testing.T, w *ruled) {
		index := document(w.Site, t, w.Base+"/.well-known/nodeinfo")
		ruleHolds(t, "W8", []check.Finding{check.Instance(w.webfinger(t, url.QueryEscape(w.Base+"/")), index, w.Base+"/actors/instance")})
		info := links(t, fieldsOf(t, index), "http://nodeinfo.diaspora.software/ns/schema/2.1")
		if len(info) != 1 {
			t.Fatal("no NodeInfo 2.1")
		}
		ruleHolds(t, "D5", check.Up(index, document(w.Site, t, e2etest.Text(info[0], "href")), ""))
	},
	"I7": func(t *testing.T, w *ruled) {
		accepts := map[string]string{
			"application/activity+json, application/ld+json":                       e2etest.ActivityJSON,
			"application/activity+json, application/ld+json, text/html;q=0.1":      e2etest.ActivityJSON,
			`application/ld+json; profile="https://www.w3.org/ns/activitystreams"`: e2etest.ActivityJSON,
			"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8":      "text/html; charset=utf-8",
			"*/*": "text/html; charset=utf-8",
			"text/html, application/activity+json;q=0.5": "text/html; charset=utf-8",
			"image/png": "text/html; charset=utf-8",
		}
		for accept, want := range accepts {
			got := e2etest.Get(t, w.plain.URL, "Accept", accept)
			e2etest.Equal(t, "the type for "+accept, got.Header.Get("Content-Type"), want)
			e2etest.Equal(t, "the status for "+accept, got.Status, 200)
			if vary := strings.Join(got.Header.Values("Vary"), ","); !strings.Contains(vary, "Accept") {
				t.Errorf("Vary for %s is %q", accept, vary)
			}
		}
	},
	"D5": func(t *testing.T, w *ruled) {
		ruleHolds(t, "D5", check.Up(document(w.Site, t, w.Base+"/.well-known/nodeinfo"), document(w.Site, t, w.Base+"/nodeinfo/2.1"), programVersion(w.Site)))
	},
	"H1": func(t *testing.T, w *ruled) { w.pageHolds(t, "H1") },
	"H2": func(t *testing.T, w *ruled) { w.pageHolds(t, "H2") },
	"H3": func(t *testing.T, w *ruled) {
		w.pageHolds(t, "H3")
		if cache := e2etest.Get(t, w.plain.URL, "Accept", e2etest.ActivityJSON).Header.Get("Cache-Control"); !strings.Contains(cache, "max-age=") || strings.Contains(cache, "private") {
			t.Errorf("Cache-Control of the object is %q", cache)
		}
	},
}

// programVersion is the version that the program says it is.
func programVersion(s *e2etest.Site) string {
	words := strings.Fields(s.Must("--version"))
	return words[len(words)-1]
}
