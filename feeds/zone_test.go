package feeds_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"communique/storage/press"
)

// changeZone serves the site in another zone, as after a change of the configuration.
func (n *newsroom) changeZone(name string) {
	n.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		n.Fatal(err)
	}
	if _, err := n.store.DateIn(n.Context(), zone); err != nil {
		n.Fatal(err)
	}
	n.zone = zone
	n.handler = n.serve()
}

// TestDaysOfReaders: a day is that day on the page, in every feed, in the archive and
// in what search engines read, with the offset of the site; and stays it when the site
// changes its zone.
func TestDaysOfReaders(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.changeZone("Asia/Shanghai")
	a := n.publish(press.Draft{Title: "Statement", Precision: press.ToTheDay, Local: "2026-05-01", Silent: true})
	page := strings.TrimPrefix(press.Site{Base: base}.Article(a), base)
	for _, zone := range []struct{ name, offset string }{
		{"Asia/Shanghai", "+08:00"}, {"America/New_York", "-04:00"}, {"Europe/Lisbon", "+01:00"}, {"Pacific/Kiritimati", "+14:00"},
	} {
		n.changeZone(zone.name)
		instant := "2026-05-01T00:00:00" + zone.offset
		for path, want := range map[string]string{
			"/en/feed.atom":        "<published>" + instant + "</published>",
			"/en/feed.json":        `"date_published": "` + instant + `"`,
			"/en/feed.rss":         "<pubDate>Fri, 01 May 2026 00:00:00 " + strings.Replace(zone.offset, ":", "", 1),
			page:                   `"datePublished":"` + instant + `"`,
			page + "#time":         `<time datetime="2026-05-01">1 May 2026</time>`,
			page + "#card":         `article:published_time" content="` + instant + `"`,
			"/en/":                 "1 May 2026",
			"/en/archive/2026/05/": "Statement",
			"/en/archive/2026/":    "/en/archive/2026/05/",
		} {
			path, _, _ = strings.Cut(path, "#")
			response := n.get(path)
			if body := text(t, response); response.StatusCode != http.StatusOK || !strings.Contains(body, want) {
				t.Errorf("in %s %s answers %s, without %s:\n%s", zone.name, path, response.Status, want, body)
			}
		}
		if got := n.get("/en/archive/2026/04/"); got.StatusCode != http.StatusNotFound {
			t.Errorf("in %s there is an archive of April", zone.name)
		}
	}
}

// TestModifiedByConfiguration: who asks with a date alone gets what the configuration
// has changed, and a 304 when it has not.
func TestModifiedByConfiguration(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.publish(press.Draft{Title: "Statement"})
	n.clock.Pass(time.Hour)
	n.changeZone("Europe/Lisbon")
	n.clock.Pass(time.Hour)
	paths := []string{"/en/", "/en/feed.rss", "/en/archive/2026/", "/sitemap.xml", "/en/feeds.rss.opml"}
	modified := map[string]string{}
	for _, path := range paths {
		modified[path] = n.get(path).Header.Get("Last-Modified")
		if got := n.get(path, "If-Modified-Since", modified[path]); modified[path] == "" || got.StatusCode != http.StatusNotModified {
			t.Errorf("%s: %s since %q", path, got.Status, modified[path])
		}
	}
	n.handler = n.serve() // started again, as it was
	for _, path := range paths {
		if got := n.get(path, "If-Modified-Since", modified[path]); got.StatusCode != http.StatusNotModified {
			t.Errorf("%s after a start: %s", path, got.Status)
		}
	}
	n.changeZone("America/New_York")
	asked := n.clock.Now().Add(-time.Second).UTC().Format(http.TimeFormat)
	n.clock.Pass(time.Minute)
	for _, path := range paths {
		for _, since := range []string{modified[path], asked} {
			if got := n.get(path, "If-Modified-Since", since); got.StatusCode != http.StatusOK {
				t.Errorf("%s in another zone: %s since %s", path, got.Status, since)
			}
		}
		now := n.get(path).Header.Get("Last-Modified")
		if got := n.get(path, "If-Modified-Since", now); now == modified[path] || got.StatusCode != http.StatusNotModified {
			t.Errorf("%s: %s since %q, which was %q", path, got.Status, now, modified[path])
		}
	}
}

// TestNewsThatGetsOld: an article leaves the news by its age alone, and who asks with a
// date is told.
func TestNewsThatGetsOld(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.publish(press.Draft{Title: "Statement"})
	n.clock.Pass(time.Hour)
	modified := n.get("/sitemap.news.xml").Header.Get("Last-Modified")
	n.clock.Pass(48 * time.Hour)
	got := n.get("/sitemap.news.xml", "If-Modified-Since", modified)
	if got.StatusCode != http.StatusOK || strings.Contains(text(t, got), "Statement") {
		t.Errorf("%s since %s", got.Status, modified)
	}
}
