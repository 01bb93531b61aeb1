package feeds_test

import (
	"net/http"
	"strings"
	"testing"

	"communique/storage/press"
)

// What browsers and readers send when they open a feed.
const (
	acceptChrome  = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
	acceptFirefox = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
)

// TestFeedInABrowser: who opens a feed in a browser gets a page with links and dates;
// a feed reader gets the feed, whatever else it says that it accepts.
func TestFeedInABrowser(t *testing.T) {
	t.Parallel()
	n := open(t)
	a := n.publish(press.Draft{Title: "Visit <now>", Lead: "Who met whom.", Tags: []string{"Travels"}})
	gone := n.publish(press.Draft{Title: "Error"})
	n.withdraw(gone)
	paths := []string{"/en/feed.", "/en/the-ministry/feed.", "/en/feed.1.", "/en/tags/travels/feed."}
	for client, c := range map[string]struct {
		headers []string
		page    bool
	}{
		"Chrome":          {[]string{"Accept", acceptChrome, "Sec-Fetch-Dest", "document"}, true},
		"an older Chrome": {[]string{"Accept", acceptChrome}, true},
		"Firefox, Safari": {[]string{"Accept", acceptFirefox}, true},
		"a script":        {[]string{"Accept", "*/*", "Sec-Fetch-Dest", "empty"}, false},
		"a script, named": {[]string{"Accept", acceptFirefox, "Sec-Fetch-Dest", "empty"}, false},
		"nothing said":    {nil, false},
		"curl":            {[]string{"Accept", "*/*"}, false},
		"feedparser":      {[]string{"Accept", "application/atom+xml,application/rdf+xml,application/rss+xml,application/x-netcdf,application/xml;q=0.9,text/xml;q=0.2,*/*;q=0.1"}, false},
		"SimplePie":       {[]string{"Accept", "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, text/html;q=0.7, unknown/unknown;q=0.1, application/unknown;q=0.1, */*;q=0.1"}, false},
		"Miniflux":        {[]string{"Accept", "application/xml, application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, text/html, */*;q=0.9"}, false},
		"HTML too":        {[]string{"Accept", "text/html, application/xhtml+xml, application/rss+xml"}, false},
		"XML as well":     {[]string{"Accept", "text/html,application/xhtml+xml,application/xml"}, false},
		"rss-parser":      {[]string{"Accept", "application/rss+xml"}, false},
	} {
		for _, path := range paths {
			for _, format := range []string{"rss", "atom", "json"} {
				r := n.get(path+format, c.headers...)
				body, kind := text(t, r), r.Header.Get("Content-Type")
				if r.StatusCode != http.StatusOK || strings.HasPrefix(kind, "text/html") != c.page {
					t.Errorf("%s gets of %s%s: %d %s", client, path, format, r.StatusCode, kind)
					continue
				}
				if vary := r.Header.Get("Vary"); vary != "Accept, Sec-Fetch-Dest, Accept-Encoding" {
					t.Errorf("%s%s: Vary %s", path, format, vary)
				}
				if again := n.get(path+format, append(c.headers, "If-None-Match", r.Header.Get("ETag"))...); again.StatusCode != http.StatusNotModified {
					t.Errorf("%s%s unchanged: status %d", path, format, again.StatusCode)
				}
				if !c.page {
					continue
				}
				if !strings.Contains(body, "/<wbr>"+path[strings.LastIndex(path, "/")+1:]+format+"</bdi>") {
					t.Errorf("%s%s: the address is not on its page, to be broken at its slashes", path, format)
				}
				parts := []string{
					"This is a feed", base + path + format, `<a href="` + (press.Site{Base: base}).Article(a) + `">Visit &lt;now&gt;</a>`,
					">1 September 2026</time>", "Who met whom.", `name="viewport"`, `content="noindex"`,
				}
				if !strings.Contains(path, "tags") {
					parts = append(parts, notice, "Withdrawn on 1 September 2026 because: ")
				}
				for _, part := range parts {
					if !strings.Contains(body, part) {
						t.Errorf("the page of %s%s lacks %s:\n%s", path, format, part, body)
					}
				}
			}
		}
	}
	feed, page := n.get("/en/feed.rss"), n.get("/en/feed.rss", "Accept", acceptFirefox)
	if feed.Header.Get("ETag") == page.Header.Get("ETag") {
		t.Error("page and feed have the same ETag")
	}
	if r := n.get("/en/feed.rss", "Accept", acceptFirefox, "If-None-Match", feed.Header.Get("ETag")); r.StatusCode != http.StatusOK {
		t.Errorf("the page answers %d to the feed's ETag", r.StatusCode)
	}
	if r := n.get("/ar/feed.atom", "Accept", acceptFirefox); !strings.Contains(text(t, r), `dir="rtl"`) {
		t.Error("the page in Arabic is not right to left")
	}
}
