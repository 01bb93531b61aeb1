package feeds_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
)

func (n *newsroom) moveSection(s press.Section, parent press.SectionID, slug string) {
	n.Helper()
	n.update(func(tx *storage.Tx) error {
		_, err := tx.MoveSection(s.ID, parent, slug, false)
		return err
	})
	n.clock.Pass(time.Minute)
}

// TestOldAddressesLeadToTheNew: pages, feeds and archives of a section and of
// what is below it, through any number of moves, in one step.
func TestOldAddressesLeadToTheNew(t *testing.T) {
	t.Parallel()
	n := open(t)
	a := n.publish(press.Draft{Title: "Visit"})
	_, ids := n.titles("/en/the-ministry/the-minister/feed.atom")
	feedID := between(text(t, n.get("/en/the-ministry/the-minister/feed.atom")), "<id>", "</id>")
	n.moveSection(n.minister, n.ministry.ID, "minister")
	n.moveSection(n.ministry, press.Root, "ministry")
	n.moveSection(n.minister, press.Root, "head")
	for old, now := range map[string]string{
		"/en/the-ministry/":                                    "/en/ministry/",
		"/en/the-ministry":                                     "/en/ministry/",
		"/en/the-ministry/the-minister/":                       "/en/head/",
		"/en/the-ministry/minister":                            "/en/head/",
		"/en/ministry/minister/":                               "/en/head/",
		"/fr/ministry/minister/":                               "/fr/head/",
		"/en/the-ministry/minister/?before=1-abcdefghijklmnop": "/en/head/?before=1-abcdefghijklmnop",
		"/en/the-ministry/the-minister/feed.atom":              "/en/head/feed.atom",
		"/en/the-ministry/minister/feed.rss":                   "/en/head/feed.rss",
		"/en/ministry/minister/feed.json?utm=1":                "/en/head/feed.json?utm=1",
		"/en/the-ministry/minister/feed.1.atom":                "/en/head/feed.1.atom",
	} {
		r := n.get(old)
		if r.StatusCode != http.StatusMovedPermanently || r.Header.Get("Location") != base+now {
			t.Errorf("%s: %d %q, want %q", old, r.StatusCode, r.Header.Get("Location"), base+now)
		}
	}
	for _, path := range []string{"/en/the-ministry/nothing/", "/en/ministry/minister/nothing/feed.rss", "/de/the-ministry/", "/en/the-ministry/feed.xml"} {
		if r := n.get(path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", path, r.StatusCode)
		}
	}
	if _, after := n.titles("/en/head/feed.atom"); !slices.Equal(ids, after) {
		t.Errorf("the feed holds %q, before %q", after, ids)
	}
	body := text(t, n.get("/en/head/feed.atom"))
	if got := between(body, "<id>", "</id>"); got != feedID || !strings.Contains(body, `href="`+base+`/en/head/feed.atom" rel="self"`) {
		t.Errorf("the feed is %q, before %q:\n%s", got, feedID, body)
	}
	if titles, _, _ := n.results(search("en", "visit", "section", "the-ministry/the-minister")); !slices.Equal(titles, []string{"[Visit]"}) {
		t.Errorf("a search where it was finds %q", titles)
	}
	if page := text(t, n.get(search("en", "nothing", "section", "ministry/minister"))); !strings.Contains(page, `<option value="head" selected>`) {
		t.Errorf("a search where it was does not show where it is:\n%s", page)
	}
	if body := text(t, n.get("/en/ministry/feed.rss")); strings.Count(body, "<item>") != 1 || !strings.Contains(body, "no longer listed here. It is now in The Minister.") {
		t.Errorf("where it was the feed does not tell where it is:\n%s", body)
	}
	if page := text(t, n.get("/en/ministry/")); strings.Contains(page, "Visit") {
		t.Error("where it was there still is a page of it")
	}
	if r := n.get("/en/articles/" + string(a.ID) + "/visit"); r.StatusCode != http.StatusOK || !strings.Contains(text(t, r), base+"/en/head/") {
		t.Errorf("the article's page: %d", r.StatusCode)
	}
	if p, _ := n.read("/en/ministry/feed.1.atom"); !slices.Equal(p.titles, []string{"Visit"}) {
		t.Errorf("the archive where it was holds %q", p.titles)
	}
}

// TestASectionThatMovesIsToldWhereItWas: whoever has its articles from a feed above it
// learns there, for thirty days and in each format, where they are, however many newer
// ones there are; and what they say since. Feeds that go on carrying them say nothing.
func TestASectionThatMovesIsToldWhereItWas(t *testing.T) {
	t.Parallel()
	n := open(t)
	var deep, room press.Section
	n.update(func(tx *storage.Tx) (err error) {
		if deep, err = tx.AddSection(n.minister.ID, "talks", "en", "Talks"); err == nil {
			room, err = tx.AddSection(press.Root, "press-room", "en", "Press Room")
		}
		return err
	})
	french := n.publish(press.Draft{Title: "Pourparlers", Section: deep.ID, Language: "fr"})
	first := n.publish(press.Draft{Title: "First talks", Section: deep.ID, Tags: []string{"sea"}})
	gone := n.publish(press.Draft{Title: "Withdrawn talks", Section: deep.ID})
	n.withdraw(gone)
	for range 25 {
		n.publish(press.Draft{Title: "Another", Section: n.ministry.ID})
	}
	before := map[string]string{}
	above := []string{"/en/the-ministry/", "/en/the-ministry/the-minister/"}
	for _, folder := range above {
		for _, feed := range allFeeds {
			before[folder+feed] = n.get(folder + feed).Header.Get("ETag")
		}
	}
	n.moveSection(deep, room.ID, "talks")
	check := func(what, title, note string, delta bool) {
		t.Helper()
		for _, folder := range above {
			for _, feed := range allFeeds {
				var headers []string
				if delta {
					headers = []string{"If-None-Match", before[folder+feed], "A-IM", "feed"}
				}
				body := text(t, n.get(folder+feed, headers...))
				if has := strings.Contains(body, "First talks"); has != (title != "") || !strings.Contains(body, title) || !strings.Contains(body, tagOf(first)) {
					t.Errorf("%s: %s%s has it: %v", what, folder, feed, has)
				}
				if tells := strings.Contains(body, "no longer listed here. It is now in "+note+"."); tells != (note != "") {
					t.Errorf("%s: %s%s says where it is: %v", what, folder, feed, tells)
				}
			}
		}
	}
	check("moved", "First talks", "Press Room / Talks", false)
	check("moved, by what changed", "First talks", "Press Room / Talks", true)
	if body := text(t, n.get("/fr/the-ministry/feed.atom")); !strings.Contains(body, tagOf(french)) || !strings.Contains(body, "Il se trouve désormais dans") {
		t.Errorf("another language is not told:\n%s", body)
	}
	for _, feed := range []string{"/en/feed.atom", "/en/press-room/feed.atom", "/en/press-room/talks/feed.json", "/en/tags/sea/feed.rss"} {
		if body := text(t, n.get(feed)); strings.Contains(body, "no longer") {
			t.Errorf("%s says that it left", feed)
		}
	}
	n.correct(first, "First talks, mended", "It was the first.", false)
	check("corrected since", "First talks, mended", "Press Room / Talks", false)
	n.moveSection(deep, press.Root, "talks")
	check("moved on", "First talks, mended", "Talks", false)
	n.moveSection(deep, n.minister.ID, "talks")
	check("moved back", "First talks, mended", "", false)
	n.moveSection(deep, room.ID, "talks")
	n.withdraw(first)
	check("withdrawn", "", "", false)
	n.clock.Pass(31 * 24 * time.Hour)
	n.publish(press.Draft{Title: "A month later", Section: n.ministry.ID})
	n.publish(press.Draft{Title: "A month later", Section: n.minister.ID})
	if titles, _ := n.titles("/en/the-ministry/feed.rss"); len(titles) != 20 {
		t.Errorf("after thirty days there are %q", titles)
	}
}

func between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	found, _, _ := strings.Cut(rest, to)
	return found
}

// TestClosedSectionTellsItsReaders: its feeds end with an entry that says where
// to read on, its page says so, and nothing leads there.
func TestClosedSectionTellsItsReaders(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.publish(press.Draft{Title: "Visit"})
	var room press.Section
	n.update(func(tx *storage.Tx) (err error) {
		if room, err = tx.AddSection(press.Root, "press-room", "en", "Press <Room>"); err != nil {
			return err
		}
		_, err = tx.AddSection(n.minister.ID, "talks", "en", "Talks")
		return err
	})
	before := n.get("/en/the-ministry/the-minister/feed.atom").Header.Get("ETag")
	front := n.get("/en/the-ministry/").Header.Get("ETag")
	n.update(func(tx *storage.Tx) error {
		_, err := tx.CloseSection(n.minister.ID, []press.SectionID{room.ID, n.ministry.ID})
		return err
	})
	n.clock.Pass(time.Minute)
	for _, folder := range []string{"/en/the-ministry/the-minister/", "/en/the-ministry/the-minister/talks/"} {
		for _, feed := range allFeeds {
			titles, ids := n.titles(folder + feed)
			if len(titles) == 0 || titles[0] != "This feed has ended" || !strings.HasSuffix(ids[0], "/ended") {
				t.Errorf("%s%s: %q %q", folder, feed, titles, ids)
			}
			body := text(t, n.get(folder+feed))
			for _, want := range []string{"closed on 1 September 2026", base + "/en/press-room/feed." + strings.TrimPrefix(feed, "feed."), base + "/en/the-ministry/"} {
				if !strings.Contains(body, want) {
					t.Errorf("%s%s lacks %q:\n%s", folder, feed, want, body)
				}
			}
		}
		body := text(t, n.get(folder))
		for _, want := range []string{"This section was closed on", `href="` + base + `/en/press-room/"`, "Press &lt;Room&gt;"} {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %q:\n%s", folder, want, body)
			}
		}
	}
	if titles, _ := n.titles("/en/the-ministry/the-minister/feed.rss"); len(titles) != 2 {
		t.Errorf("its articles: %q", titles)
	}
	if titles, _ := n.titles("/en/the-ministry/feed.rss"); !slices.Equal(titles, []string{"Visit"}) {
		t.Errorf("above it: %q", titles)
	}
	if body := text(t, n.get("/fr/the-ministry/the-minister/feed.atom")); !strings.Contains(body, "Ce flux a pris fin") {
		t.Errorf("not in the reader's language:\n%s", body)
	}
	if r := n.get("/en/the-ministry/", "If-None-Match", front); r.StatusCode != 200 || strings.Contains(text(t, r), "/en/the-ministry/the-minister/\"") {
		t.Error("the page above still leads there")
	}
	p, r := n.read("/en/the-ministry/the-minister/feed.atom", "A-IM", "feed", "If-None-Match", before)
	if r.StatusCode != 200 || p.titles[0] != "This feed has ended" {
		t.Errorf("a reader of deltas is told %d %q", r.StatusCode, p.titles)
	}
	// Whatever the entry shows changes it.
	before = r.Header.Get("ETag")
	n.moveSection(room, press.Root, "room")
	if r := n.get("/en/the-ministry/the-minister/talks/feed.atom"); !strings.Contains(text(t, r), base+"/en/room/") {
		t.Error("the entry leads to an old address")
	}
	if r := n.get("/en/the-ministry/the-minister/feed.atom", "If-None-Match", before); r.StatusCode != 200 {
		t.Errorf("status %d", r.StatusCode)
	}
	n.update(func(tx *storage.Tx) error {
		_, err := tx.ReopenSection(n.minister.ID)
		return err
	})
	if titles, _ := n.titles("/en/the-ministry/the-minister/feed.rss"); !slices.Equal(titles, []string{"Visit"}) {
		t.Errorf("opened again: %q", titles)
	}
}
