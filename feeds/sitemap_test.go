package feeds_test

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communique/storage"
	"communique/storage/press"
)

// locations reads the addresses that a sitemap or an index names.
func (n *newsroom) locations(path string) []string {
	n.Helper()
	answer := n.get(path)
	if answer.StatusCode != http.StatusOK {
		n.Fatalf("%s: status %d", path, answer.StatusCode)
	}
	var found struct {
		Pages []struct {
			Location string `xml:"loc"`
		} `xml:",any"`
	}
	if err := xml.Unmarshal([]byte(text(n.T, answer)), &found); err != nil {
		n.Fatalf("%s: %v", path, err)
	}
	locations := []string{}
	for _, p := range found.Pages {
		locations = append(locations, strings.TrimPrefix(p.Location, base))
	}
	return locations
}

func TestSitemaps(t *testing.T) {
	t.Parallel()
	n := open(t)
	address := func(a press.Article) string { return strings.TrimPrefix(press.Site{Base: base}.Article(a), base) }
	old := n.publish(press.Draft{Title: "Visit", Published: time.Date(1998, 3, 4, 0, 0, 0, 0, time.UTC), Precision: press.ToTheDay, Local: "1998-03-04", Silent: true})
	a := n.publish(press.Draft{Title: "Treaty & <pilots>"})
	b := n.publish(press.Draft{Title: "Traité", Language: "fr", TranslationOf: a.ID})
	n.publish(press.Draft{Title: "Secret", Published: n.clock.Now().Add(time.Hour)})
	for path, want := range map[string][]string{
		"/sitemap.xml":      {"/sitemap.sections.xml", "/sitemap.news.xml", "/sitemap.en.1.xml", "/sitemap.fr.1.xml"},
		"/sitemap.en.1.xml": {address(old), address(a)},
		"/sitemap.fr.1.xml": {address(b)},
		"/sitemap.news.xml": {address(b), address(a)},
		"/sitemap.sections.xml": {
			"/en/", "/fr/", "/ar/", "/en/the-ministry/", "/fr/the-ministry/", "/ar/the-ministry/",
			"/en/the-ministry/the-minister/", "/fr/the-ministry/the-minister/", "/ar/the-ministry/the-minister/",
		},
	} {
		if diff := cmp.Diff(want, n.locations(path)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
		tag := n.get(path).Header.Get("ETag")
		if again := n.get(path, "If-None-Match", tag); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s unchanged: status %d, want 304", path, again.StatusCode)
		}
	}
	part := text(t, n.get("/sitemap.en.1.xml"))
	for _, lang := range []string{"en", "fr"} {
		if !strings.Contains(part, `<xhtml:link rel="alternate" hreflang="`+lang+`"`) {
			t.Errorf("the treaty does not name its text in %s:\n%s", lang, part)
		}
	}
	n.update(func(tx *storage.Tx) error {
		_, _, err := tx.Withdraw(b.ID, "Issued in error.")
		return err
	})
	if got := n.locations("/sitemap.fr.1.xml"); len(got) != 0 {
		t.Errorf("what was withdrawn is still there: %v", got)
	}
	if strings.Contains(text(t, n.get("/sitemap.en.1.xml")), "hreflang") {
		t.Error("a translation that was withdrawn is still named")
	}
}

// What is two days old is no news; that it leaves changes the tag with the body.
func TestNewsGrowOld(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.publish(press.Draft{Title: "Visit"})
	n.clock.Pass(time.Hour)
	n.publish(press.Draft{Title: "王毅访问", Language: "ar", Tags: []string{"x"}})
	first := n.get("/sitemap.news.xml")
	if got := text(t, first); !strings.Contains(got, "<news:title>Visit</news:title>") || !strings.Contains(got, "<news:language>ar</news:language>") {
		t.Errorf("the news lack something:\n%s", got)
	}
	n.clock.Pass(46 * time.Hour)
	if again := n.get("/sitemap.news.xml", "If-None-Match", first.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("unchanged: status %d, want 304", again.StatusCode)
	}
	n.clock.Pass(90 * time.Minute)
	second := n.get("/sitemap.news.xml", "If-None-Match", first.Header.Get("ETag"))
	if second.StatusCode != http.StatusOK || strings.Contains(text(t, second), "Visit") {
		t.Errorf("after two days: status %d, and what is old is still there", second.StatusCode)
	}
	n.clock.Pass(48 * time.Hour)
	if got := n.locations("/sitemap.news.xml"); len(got) != 0 {
		t.Errorf("old news: %v", got)
	}
}

func TestFilesForMachines(t *testing.T) {
	t.Parallel()
	n := open(t)
	robots := text(t, n.get("/robots.txt"))
	for _, want := range []string{"User-agent: *\n", "Disallow: /share\n", "Disallow: /ar/search?\n", "Sitemap: https://press.example/sitemap.xml\n"} {
		if !strings.Contains(robots, want) {
			t.Errorf("robots.txt lacks %q:\n%s", want, robots)
		}
	}
	first := n.get("/.well-known/security.txt")
	got := text(t, first)
	want := "Contact: mailto:security@press.example\nExpires: 2027-03-01T00:00:00Z\nPreferred-Languages: en, fr, ar\n" +
		"Canonical: https://press.example/.well-known/security.txt\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("security.txt (-want +got):\n%s", diff)
	}
	n.clock.Pass(20 * 24 * time.Hour)
	if again := n.get("/.well-known/security.txt", "If-None-Match", first.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("within the month: status %d, want 304", again.StatusCode)
	}
	n.clock.Pass(20 * 24 * time.Hour)
	if again := n.get("/.well-known/security.txt", "If-None-Match", first.Header.Get("ETag")); again.StatusCode != http.StatusOK {
		t.Errorf("a month later: status %d, want 200", again.StatusCode)
	}
}

func TestOPML(t *testing.T) {
	t.Parallel()
	n := open(t)
	type entry struct {
		Text string `xml:"text,attr"`
		URL  string `xml:"xmlUrl,attr"`
		Home string `xml:"htmlUrl,attr"`
		Type string `xml:"type,attr"`
	}
	for _, format := range []string{"rss", "atom"} {
		var list struct {
			Version string  `xml:"version,attr"`
			Date    string  `xml:"head>dateModified"`
			Feeds   []entry `xml:"body>outline"`
		}
		path := fmt.Sprintf("/fr/feeds.%s.opml", format)
		answer := n.get(path)
		if err := xml.Unmarshal([]byte(text(t, answer)), &list); err != nil {
			t.Fatal(err)
		}
		feed := func(at string) string { return base + at + "feed." + format }
		// With feeds of several levels each article would come once a level.
		want := []entry{{"Ministère des Relations extérieures", feed("/fr/"), base + "/fr/", "rss"}}
		if diff := cmp.Diff(want, list.Feeds); diff != "" || list.Version != "2.0" {
			t.Errorf("%s, version %s (-want +got):\n%s", path, list.Version, diff)
		}
		if _, err := time.Parse(time.RFC1123Z, list.Date); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if again := n.get(path, "If-None-Match", answer.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s unchanged: status %d, want 304", path, again.StatusCode)
		}
	}
	// Of several top sections each has a feed of its own, with all below it.
	n.update(func(tx *storage.Tx) error {
		room, err := tx.AddSection(press.Root, "press-room", "en", "Press Room")
		if err != nil {
			return err
		}
		_, err = tx.NameSection(room.ID, "fr", "Salle de presse")
		return err
	})
	list := text(t, n.get("/fr/feeds.rss.opml"))
	for _, want := range []string{`xmlUrl="` + base + `/fr/the-ministry/feed.rss"`, `text="Salle de presse"`, `xmlUrl="` + base + `/fr/press-room/feed.rss"`} {
		if !strings.Contains(list, want) {
			t.Errorf("the list lacks %s:\n%s", want, list)
		}
	}
	if strings.Count(list, "xmlUrl") != 2 {
		t.Errorf("an article is in several feeds of\n%s", list)
	}
}
