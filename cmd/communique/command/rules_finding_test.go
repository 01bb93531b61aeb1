package command

import (
	"net/url"
	"strings"
	"testing"

	"communique/cmd/internal/check"
)

func (w *ruled) webfinger(t *testing.T, resource string) check.Document {
	t.Helper()
	return w.document(t, w.base+"/.well-known/webfinger?resource="+resource)
}

func (w *ruled) host() string { return strings.TrimPrefix(w.base, "http://") }

func links(t *testing.T, jrd map[string]any, rel string) []map[string]any {
	t.Helper()
	var found []map[string]any
	all, _ := jrd["links"].([]any)
	for _, l := range all {
		if text(l, "rel") == rel {
			found = append(found, l.(map[string]any))
		}
	}
	return found
}

var finding = map[string]func(t *testing.T, w *ruled){
	"W1": func(t *testing.T, w *ruled) {
		ruleHolds(t, "W1", check.WebFinger(w.webfinger(t, "acct:ministry@"+w.host()), w.account("ministry")))
		ruleHolds(t, "W1", check.WebFinger(w.webfinger(t, url.QueryEscape("acct:ministry@"+w.host())), w.account("ministry")))
	},
	"W2": func(t *testing.T, w *ruled) {
		for _, user := range []string{"ministry", "Ministry", "MINISTRY"} {
			ruleHolds(t, "W2", check.WebFinger(w.webfinger(t, "acct:"+user+"@"+w.host()), w.account("ministry")))
		}
	},
	"W3": func(t *testing.T, w *ruled) {
		for _, name := range []string{"ministry", "instance"} {
			ruleHolds(t, "W3", check.WebFinger(w.webfinger(t, "acct:"+name+"@"+w.host()), w.account(name)))
		}
	},
	"W4": func(t *testing.T, w *ruled) {
		a := object(t, w.actor())
		handle := text(a, "preferredUsername") + "@" + w.host()
		mustEqual(t, "the subject", fieldsOf(t, w.webfinger(t, "acct:"+handle))["subject"], "acct:"+handle)
		handlesOfAnotherDomain(t)
	},
	"W5": func(t *testing.T, w *ruled) { w.actorsHold(t, "W5") },
	"W6": func(t *testing.T, w *ruled) {
		for _, resource := range []string{
			"acct:nobody@" + w.host(), "acct:ministry@elsewhere.example", "acct:ministry", w.base + "/actors/nobody", "x",
			"acct:ministry@" + w.host() + ".evil.example",
		} {
			mustEqual(t, resource, w.webfinger(t, url.QueryEscape(resource)).Status, 404)
		}
	},
	"W7": func(t *testing.T, w *ruled) {
		who := w.account("ministry")
		for _, resource := range []string{"acct:ministry@" + w.host(), who.ID, who.Page} {
			ruleHolds(t, "W7", check.WebFinger(w.webfinger(t, url.QueryEscape(resource)), who))
		}
	},
	"W8": func(t *testing.T, w *ruled) {
		index := w.document(t, w.base+"/.well-known/nodeinfo")
		ruleHolds(t, "W8", []check.Finding{check.Instance(w.webfinger(t, url.QueryEscape(w.base+"/")), index, w.base+"/actors/instance")})
		info := links(t, fieldsOf(t, index), "http://nodeinfo.diaspora.software/ns/schema/2.1")
		if len(info) != 1 {
			t.Fatal("no NodeInfo 2.1")
		}
		ruleHolds(t, "D5", check.Up(index, w.document(t, text(info[0], "href")), ""))
	},
	"I7": func(t *testing.T, w *ruled) {
		accepts := map[string]string{
			"application/activity+json, application/ld+json":                       activityJSON,
			"application/activity+json, application/ld+json, text/html;q=0.1":      activityJSON,
			`application/ld+json; profile="https://www.w3.org/ns/activitystreams"`: activityJSON,
			"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8":      "text/html; charset=utf-8",
			"*/*": "text/html; charset=utf-8",
			"text/html, application/activity+json;q=0.5": "text/html; charset=utf-8",
			"image/png": "text/html; charset=utf-8",
		}
		for accept, want := range accepts {
			got := get(t, w.plain.URL, "Accept", accept)
			mustEqual(t, "the type for "+accept, got.Header.Get("Content-Type"), want)
			mustEqual(t, "the status for "+accept, got.Status, 200)
			if vary := strings.Join(got.Header.Values("Vary"), ","); !strings.Contains(vary, "Accept") {
				t.Errorf("Vary for %s is %q", accept, vary)
			}
		}
	},
	"D5": func(t *testing.T, w *ruled) {
		ruleHolds(t, "D5", check.Up(w.document(t, w.base+"/.well-known/nodeinfo"), w.document(t, w.base+"/nodeinfo/2.1"), version()))
	},
	"H1": func(t *testing.T, w *ruled) { w.pageHolds(t, "H1") },
	"H2": func(t *testing.T, w *ruled) { w.pageHolds(t, "H2") },
	"H3": func(t *testing.T, w *ruled) {
		w.pageHolds(t, "H3")
		if cache := get(t, w.plain.URL, "Accept", activityJSON).Header.Get("Cache-Control"); !strings.Contains(cache, "max-age=") || strings.Contains(cache, "private") {
			t.Errorf("Cache-Control of the object is %q", cache)
		}
	},
}
