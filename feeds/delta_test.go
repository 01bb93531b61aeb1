package feeds_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

func TestDeltaHasWhatIsNew(t *testing.T) {
	t.Parallel()
	n := open(t)
	a, b, c := n.publish(press.Draft{Title: "One"}), n.publish(press.Draft{Title: "Two"}), n.publish(press.Draft{Title: "Three"})
	tags := map[string]string{}
	for _, feed := range allFeeds {
		tags[feed] = n.get("/en/"+feed, "A-IM", "feed").Header.Get("ETag")
	}
	n.publish(press.Draft{Title: "Four"})
	n.correct(a, "One corrected", "the place", false)
	n.withdraw(b)
	n.move(c, n.ministry)
	n.publish(press.Draft{Title: "Cinq", Language: "fr"})
	for _, feed := range allFeeds {
		p, r := n.read("/en/"+feed, "A-IM", "feed", "If-None-Match", tags[feed])
		if r.StatusCode != http.StatusIMUsed {
			t.Errorf("%s: status %d", feed, r.StatusCode)
		}
		if want := []string{"Three", notice, "One corrected", "Four"}; !slices.Equal(p.titles, want) {
			t.Errorf("%s: the delta holds %q", feed, p.titles)
		}
		if want := []string{tagOf(b)}; !slices.Equal(p.deleted, want) {
			t.Errorf("%s: the delta takes back %q", feed, p.deleted)
		}
		full := n.get("/en/" + feed)
		for name, want := range map[string]string{
			"ETag": full.Header.Get("ETag"), "IM": "feed", "Cache-Control": "no-store",
			"Content-Type": full.Header.Get("Content-Type"), "Last-Modified": full.Header.Get("Last-Modified"),
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", feed, name, got, want)
			}
		}
		if got := strings.Join(r.Header.Values("Vary"), ", "); strings.TrimPrefix(got, "Accept, Sec-Fetch-Dest, ") != "A-IM, If-None-Match, Accept-Encoding" {
			t.Errorf("%s: Vary is %q", feed, got)
		}
		if r := n.get("/en/"+feed, "A-IM", "feed", "If-None-Match", r.Header.Get("ETag")); r.StatusCode != http.StatusNotModified {
			t.Errorf("%s: who has it all gets %d", feed, r.StatusCode)
		}
	}
}

// TestDeltasByTheNumberOfChanges: everyone gets as much as he lacks.
func TestDeltasByTheNumberOfChanges(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.publish(press.Draft{Title: "One"})
	const path = "/en/the-ministry/feed.atom"
	var tags []string
	for _, title := range []string{"Two", "Three", "Four"} {
		tags = append(tags, n.get(path).Header.Get("ETag"))
		n.publish(press.Draft{Title: title})
	}
	want := [][]string{{"Four", "Three", "Two"}, {"Four", "Three"}, {"Four"}}
	for range 2 { // the second time from the cache
		for i, tag := range tags {
			if p, _ := n.read(path, "A-IM", "feed", "If-None-Match", tag); !slices.Equal(p.titles, want[i]) {
				t.Errorf("since %s: %q, want %q", tag, p.titles, want[i])
			}
		}
	}
}

// TestDeltasAddUp: who only ever asks for deltas has in the end what the
// section has.
func TestDeltasAddUp(t *testing.T) {
	t.Parallel()
	n := open(t)
	all := n.publishMany(15)
	have := map[string]string{}
	tag := ""
	poll := func() {
		p, r := n.read("/en/the-ministry/feed.atom", "A-IM", "feed", "If-None-Match", tag)
		if want := http.StatusIMUsed; tag != "" && r.StatusCode != want {
			t.Fatalf("status %d", r.StatusCode)
		}
		for i, id := range p.ids {
			have[id] = p.titles[i]
		}
		for _, id := range p.deleted {
			if have[id] != notice {
				t.Errorf("%s is taken back without a notice", id)
			}
		}
		tag = r.Header.Get("ETag")
	}
	poll()
	n.withdraw(all[0])
	poll()
	all = append(all, n.publishMany(60)...)
	n.withdraw(all[1])
	poll()
	n.correct(all[2], "Corrected", "the place", false)
	n.publishMany(30)
	n.withdraw(all[70])
	poll()
	want := map[string]string{}
	for number := 2; number >= 1; number-- {
		p, _ := n.read([]string{"", "/en/the-ministry/feed.1.atom", "/en/the-ministry/feed.2.atom"}[number])
		for i, id := range p.ids {
			want[id] = p.titles[i]
		}
	}
	if len(have) != len(want) {
		t.Errorf("the reader has %d articles, the section %d", len(have), len(want))
	}
	for id, title := range want {
		if have[id] != title {
			t.Errorf("%s is %q to the reader, want %q", id, have[id], title)
		}
	}
}

// TestNoDelta: whoever cannot be told what is new gets the feed.
func TestNoDelta(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.publish(press.Draft{Title: "One"})
	const path = "/en/feed.atom"
	tag := n.get(path).Header.Get("ETag")
	number := tag[strings.LastIndexByte(tag, '.')+1 : len(tag)-1]
	n.publish(press.Draft{Title: "Two"})
	with := func(seq string) string { return strings.TrimSuffix(tag, number+`"`) + seq + `"` }
	for name, c := range map[string]struct {
		headers []string
		status  int
	}{
		"asked for":            {[]string{"A-IM", "feed", "If-None-Match", tag}, 226},
		"among others":         {[]string{"A-IM", "vcdiff, gzip;q=0.3", "A-IM", "FEED ; q=0.5", "If-None-Match", `"x", W/` + tag}, 226},
		"of the gzip form":     {[]string{"A-IM", "feed", "If-None-Match", strings.TrimSuffix(tag, `"`) + `-gzip"`}, 226},
		"not asked for":        {[]string{"If-None-Match", tag}, 200},
		"refused":              {[]string{"A-IM", "feed;q=0", "If-None-Match", tag}, 200},
		"another manipulation": {[]string{"A-IM", "vcdiff, feeds", "If-None-Match", tag}, 200},
		"nonsense":             {[]string{"A-IM", ";;;=,,\x7f" + strings.Repeat("feed", 2000), "If-None-Match", tag}, 200},
		"no tag":               {[]string{"A-IM", "feed"}, 200},
		"a tag without quotes": {[]string{"A-IM", "feed", "If-None-Match", strings.Trim(tag, `"`)}, 200},
		"another format's":     {[]string{"A-IM", "feed", "If-None-Match", n.get("/en/feed.rss").Header.Get("ETag")}, 200},
		"another section's":    {[]string{"A-IM", "feed", "If-None-Match", n.get("/en/the-ministry/feed.atom").Header.Get("ETag")}, 200},
		"another build's":      {[]string{"A-IM", "feed", "If-None-Match", `"atom-en-0.0123456789.` + number + `"`}, 200},
		"the beginning":        {[]string{"A-IM", "feed", "If-None-Match", with("0")}, 200},
		"the future":           {[]string{"A-IM", "feed", "If-None-Match", with("999999")}, 200},
		"beyond numbers":       {[]string{"A-IM", "feed", "If-None-Match", with("99999999999999999999999")}, 200},
		"negative":             {[]string{"A-IM", "feed", "If-None-Match", with("-1")}, 200},
		"signed":               {[]string{"A-IM", "feed", "If-None-Match", with("+" + number)}, 200},
		"any":                  {[]string{"A-IM", "feed", "If-None-Match", "*"}, 304},
	} {
		r := n.get(path, c.headers...)
		if r.StatusCode != c.status || (r.Header.Get("IM") != "") != (c.status == 226) {
			t.Errorf("%s: status %d, IM %q", name, r.StatusCode, r.Header.Get("IM"))
		}
	}
	if r := n.get("/en/feed.1.atom", "A-IM", "feed", "If-None-Match", strings.Replace(tag, "-0.", "-0.1.", 1)); r.StatusCode != 200 {
		t.Errorf("an archive document: status %d", r.StatusCode)
	}
	latest := n.get(path).Header.Get("ETag")
	n.publishMany(newsdesk.ArchiveBlockLength + 1)
	if p, r := n.read(path, "A-IM", "feed", "If-None-Match", latest); r.StatusCode != 200 || len(p.ids) != 20 {
		t.Errorf("too much: status %d, %d articles", r.StatusCode, len(p.ids))
	}
	latest = n.get(path).Header.Get("ETag")
	n.update(func(tx *storage.Tx) error {
		_, err := tx.NameSection(n.ministry.ID, "en", "The House")
		return err
	})
	if r := n.get(path, "A-IM", "feed", "If-None-Match", latest); r.StatusCode != 200 {
		t.Errorf("another name in every item: status %d", r.StatusCode)
	}
}

// TestTombstonesStayForAWhile: the feed names what was withdrawn until thirty
// days before its last change, and for thirty days after that. With other bytes it is
// another version.
func TestTombstonesStayForAWhile(t *testing.T) {
	t.Parallel()
	n := open(t)
	a := n.publish(press.Draft{Title: "One"})
	n.publish(press.Draft{Title: "Two"})
	n.withdraw(a)
	for _, feed := range allFeeds {
		if p, _ := n.read("/en/" + feed); !slices.Equal(p.deleted, []string{tagOf(a)}) || !slices.Contains(p.ids, tagOf(a)) || len(p.ids) != 2 {
			t.Errorf("%s takes back %q and has %q", feed, p.deleted, p.titles)
		}
		if body := text(t, n.get("/en/"+feed)); !strings.Contains(body, "sent by <mistake>") && !strings.Contains(body, "sent by &lt;mistake&gt;") {
			t.Errorf("%s gives no reason", feed)
		}
	}
	first := n.get("/en/the-ministry/feed.atom")
	n.clock.Pass(29 * 24 * time.Hour)
	if again := n.get("/en/the-ministry/feed.atom"); again.Header.Get("ETag") != first.Header.Get("ETag") || text(t, again) != text(t, first) {
		t.Error("the same version has other bytes later, or another tag")
	}
	n.clock.Pass(11 * 24 * time.Hour)
	if quiet := n.get("/en/the-ministry/feed.atom"); quiet.Header.Get("ETag") == first.Header.Get("ETag") || strings.Contains(text(t, quiet), tagOf(a)) {
		t.Error("a feed in which nothing has changed for forty days takes something back, or has the same tag")
	}
	n.publish(press.Draft{Title: "Three"})
	for _, feed := range allFeeds {
		if p, _ := n.read("/en/" + feed); len(p.deleted) != 0 || len(p.ids) != 2 {
			t.Errorf("%s still takes back %q", feed, p.deleted)
		}
	}
}

// TestManyTombstones: what is taken back at once is named, however much it is.
func TestManyTombstones(t *testing.T) {
	t.Parallel()
	n := open(t)
	var all []press.Article
	for range 30 {
		all = append(all, n.publish(press.Draft{Title: "Visit", Tags: []string{"visits"}}))
	}
	for _, a := range all {
		n.withdraw(a)
	}
	for _, path := range []string{"/en/feed.atom", "/en/the-ministry/feed.rss", "/en/tags/visits/feed.json"} {
		if p, _ := n.read(path); len(p.deleted) != len(all) {
			t.Errorf("%s takes back %d of %d", path, len(p.deleted), len(all))
		}
	}
}

// TestTombstoneIsNoOlderThanTheText: readers ignore a tombstone that is older than
// what they have (RFC 6721), also where corrections came faster than the clock.
func TestTombstoneIsNoOlderThanTheText(t *testing.T) {
	t.Parallel()
	n := open(t)
	now := n.clock.Now()
	a := n.publish(press.Draft{Title: "Visit"})
	for _, title := range []string{"Visits", "Two visits", "Three visits"} {
		n.clock.Set(now)
		n.correct(a, title, "How many.", false)
	}
	f, err := gofeed.NewParser().Parse(n.get("/en/feed.atom").Body)
	if err != nil {
		t.Fatal(err)
	}
	updated := *f.Items[0].UpdatedParsed
	n.clock.Set(now)
	n.withdraw(a)
	when, err := time.Parse(time.RFC3339, between(text(t, n.get("/en/feed.atom")), `when="`, `"`))
	if err != nil || when.Before(updated) {
		t.Errorf("withdrawn %v, though updated %v: %v", when, updated, err)
	}
}

// TestTombstonesOfALanguage: in a language that is not configured the feed stays
// where it was when all that was said in it is withdrawn.
func TestTombstonesOfALanguage(t *testing.T) {
	t.Parallel()
	n := open(t)
	a := n.publish(press.Draft{Title: "Besuch", Language: "de"})
	tags := map[string]string{}
	for _, feed := range allFeeds {
		tags[feed] = n.get("/de/" + feed).Header.Get("ETag")
	}
	n.withdraw(a)
	for _, feed := range allFeeds {
		for path, headers := range map[string][]string{
			"/de/" + feed: {"A-IM", "feed", "If-None-Match", tags[feed]}, "/de/the-ministry/" + feed: nil,
			"/de/feed.1." + strings.TrimPrefix(feed, "feed."): nil,
		} {
			if p, _ := n.read(path, headers...); !slices.Equal(p.deleted, []string{tagOf(a)}) {
				t.Errorf("%s takes back %q", path, p.deleted)
			}
		}
	}
	if r := n.get("/it/feed.atom"); r.StatusCode != http.StatusNotFound {
		t.Errorf("a language in which nothing was ever said: status %d", r.StatusCode)
	}
}
