package main

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

func (w *ruled) webfinger(t *testing.T, resource string) answer {
	t.Helper()
	return get(t, w.base+"/.well-known/webfinger?resource="+resource)
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
		for _, resource := range []string{"acct:ministry@" + w.host(), url.QueryEscape("acct:ministry@" + w.host())} {
			if got := w.webfinger(t, resource); got.Status != 200 || len(got.Body) == 0 {
				t.Errorf("%s answers %d", resource, got.Status)
			}
		}
	},
	"W2": func(t *testing.T, w *ruled) {
		for _, user := range []string{"ministry", "Ministry", "MINISTRY"} {
			mustEqual(t, "the subject", w.webfinger(t, "acct:"+user+"@"+w.host()).fields(t)["subject"], "acct:ministry@"+w.host())
		}
	},
	"W3": func(t *testing.T, w *ruled) {
		self := links(t, w.webfinger(t, "acct:ministry@"+w.host()).fields(t), "self")
		if len(self) != 1 {
			t.Fatalf("%d self links, want one", len(self))
		}
		mustEqual(t, "the type", self[0]["type"], activityJSON)
		mustEqual(t, "the address", self[0]["href"], w.actor())
	},
	"W4": func(t *testing.T, w *ruled) {
		a := object(t, w.actor())
		handle := text(a, "preferredUsername") + "@" + w.host()
		mustEqual(t, "the subject", w.webfinger(t, "acct:"+handle).fields(t)["subject"], "acct:"+handle)
		handlesOfAnotherDomain(t)
	},
	"W5": func(t *testing.T, w *ruled) {
		mustEqual(t, "webfinger", object(t, w.actor())["webfinger"], "ministry@"+w.host())
	},
	"W6": func(t *testing.T, w *ruled) {
		for _, resource := range []string{
			"acct:nobody@" + w.host(), "acct:ministry@elsewhere.example", "acct:ministry", w.base + "/actors/nobody", "x",
			"acct:ministry@" + w.host() + ".evil.example",
		} {
			mustEqual(t, resource, w.webfinger(t, url.QueryEscape(resource)).Status, 404)
		}
	},
	"W7": func(t *testing.T, w *ruled) {
		page := text(object(t, w.actor()), "url")
		for _, resource := range []string{"acct:ministry@" + w.host(), w.actor(), page} {
			got := w.webfinger(t, url.QueryEscape(resource))
			mustEqual(t, "the type for "+resource, got.Header.Get("Content-Type"), "application/jrd+json")
			mustEqual(t, "the origin allowed", got.Header.Get("Access-Control-Allow-Origin"), "*")
			profile := links(t, got.fields(t), "http://webfinger.net/rel/profile-page")
			if len(profile) != 1 || profile[0]["href"] != page {
				t.Errorf("profile page %v, want %s", profile, page)
			}
		}
	},
	"W8": func(t *testing.T, w *ruled) {
		service := links(t, w.webfinger(t, url.QueryEscape(w.base+"/")).fields(t), "https://www.w3.org/ns/activitystreams#Service")
		index := get(t, w.base+"/.well-known/nodeinfo").fields(t)
		application := links(t, index, "https://www.w3.org/ns/activitystreams#Application")
		if len(service) != 1 || len(application) != 1 {
			t.Fatalf("the server's actor is not found: %v, %v", service, application)
		}
		mustEqual(t, "its address", service[0]["href"], application[0]["href"])
		mustEqual(t, "its type", object(t, text(service[0], "href"))["type"], "Application")
		info := links(t, index, "http://nodeinfo.diaspora.software/ns/schema/2.1")
		if len(info) != 1 {
			t.Fatal("no NodeInfo 2.1")
		}
		mustEqual(t, "the software", text(get(t, text(info[0], "href")).fields(t), "software", "name"), "communique")
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
		mustEqual(t, "the answer", get(t, w.base+"/nodeinfo/2.1").Status, 200)
	},
	"H1": func(t *testing.T, w *ruled) {
		want := `<link rel="alternate" type="application/activity+json" href="` + w.objectID(w.plain) + `">`
		if page := string(get(t, w.plain.URL, "Accept", "text/html").Body); !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	},
	"H2": func(t *testing.T, w *ruled) {
		page := string(get(t, w.plain.URL, "Accept", "text/html").Body)
		for _, want := range []string{
			`<link rel="canonical" href="` + w.plain.URL + `">`, `property="og:title"`, `property="og:description"`, `property="og:url"`,
		} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %s", want)
			}
		}
		_, data, _ := strings.Cut(page, `<script type="application/ld+json">`)
		data, _, _ = strings.Cut(data, "</script>")
		var about map[string]any
		if err := json.Unmarshal([]byte(data), &about); err != nil || about["@type"] != "NewsArticle" {
			t.Errorf("JSON-LD: %v\n%s", err, data)
		}
	},
	"H3": func(t *testing.T, w *ruled) {
		for _, accept := range []string{"text/html", activityJSON} {
			if cache := get(t, w.plain.URL, "Accept", accept).Header.Get("Cache-Control"); !strings.Contains(cache, "max-age=") || strings.Contains(cache, "private") {
				t.Errorf("Cache-Control for %s is %q", accept, cache)
			}
		}
	},
}
