package feeds_test

import (
	"errors"
	"testing"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/publog"
)

// TestTopics: a feed is known by its address, in one spelling, and by those that it
// had before (WebSub §5.1, §6.1).
func TestTopics(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.moveSection(n.minister, press.Root, "head")
	n.publish(press.Draft{Title: "Treaty", Tags: []string{"Sea Law", "海洋"}})
	law := publog.TopicID{Tag: "sea-law", Language: "en", Format: "atom"}
	feed := publog.TopicID{Section: n.minister.ID, Language: "en", Format: "atom"}
	for address, want := range map[string]publog.TopicID{
		base + "/en/head/feed.atom":                            feed,
		base + "/en/the-ministry/the-minister/feed.atom":       feed,
		base + "/%65n/%68ead/feed%2Eatom":                      {},
		base + "/en/head/%66eed.atom":                          {},
		base + "/en/head%2Ffeed.atom":                          {},
		"HTTPS://press.example/en/head/feed.atom":              {},
		"https://PRESS.example/en/head/feed.atom":              {},
		"https://press.example./en/head/feed.atom":             {},
		"https://press.example:443/en/head/feed.atom":          {},
		"https://press.example:0443/en/head/feed.atom":         {},
		base + "/fr/head/feed.json":                            {Section: n.minister.ID, Language: "fr", Format: "json"},
		base + "/en/feed.rss":                                  {Section: press.Root, Language: "en", Format: "rss"},
		base + "/en/tags/sea-law/feed.atom":                    law,
		base + "/en/tags/Sea%20Law/feed.atom":                  {},
		base + "/en/tags/SEA-LAW/feed.atom":                    {},
		base + "/en/tags/sea-law-/feed.atom":                   {},
		base + "/en/tags/%73ea-law/feed.atom":                  {},
		base + "/en/tags/海洋/feed.rss":                          {},
		base + "/en/tags/%E6%B5%B7%E6%B4%8B/feed.json":         {Tag: "海洋", Language: "en", Format: "json"},
		base + "/en/tags/%e6%b5%b7%E6%B4%8b/feed.json":         {},
		base + "/en/tags/never/feed.atom":                      {},
		base + "/en/tags/sea/law/feed.atom":                    {},
		base + "/en/tags/sea-law/":                             {},
		base + "/en/tags/sea-law/feed.xml":                     {},
		base + "/en/tags/sea-law/feed.1.atom":                  {},
		base + "/en/tags/feed.atom":                            {},
		base + "/en/tags//feed.atom":                           {},
		base + "/en/tags/%FF/feed.atom":                        {},
		base + "/fr/tags/sea-law/feed.atom":                    {},
		base + "/en/head/":                                     {},
		base + "/en/head/feed.1.atom":                          {},
		base + "/en/head/feed.xml":                             {},
		base + "/en/head/feed.atom/":                           {},
		base + "/en/head/feed.atom?utm=1":                      {},
		base + "/en/head/feed.atom#x":                          {},
		base + "/en/nothing/feed.atom":                         {},
		base + "/EN/head/feed.atom":                            {},
		base + "/de/head/feed.atom":                            {},
		base + "/feed.atom":                                    {},
		base + "//en/head/feed.atom":                           {},
		base:                                                   {},
		"http://press.example/en/head/feed.atom":               {},
		"https://press.example:8443/en/head/feed.atom":         {},
		"https://reader@press.example/en/head/feed.atom":       {},
		"https://press.example.evil.example/en/head/feed.atom": {},
		"/en/head/feed.atom":                                   {},
		"":                                                     {},
		"::":                                                   {},
	} {
		got, err := n.server.Topic(t.Context(), address)
		if known := want != (publog.TopicID{}); got.ID != want && known || (err == nil) != known || !known && !errors.Is(err, press.ErrNotFound) {
			t.Errorf("%q: %+v, error %v, want %+v", address, got, err, want)
		}
	}
	for _, closed := range []bool{false, true} {
		if closed {
			n.update(func(tx *storage.Tx) error {
				_, err := tx.CloseSection(n.minister.ID, nil)
				return err
			})
		}
		if got, err := n.server.Topic(t.Context(), base+"/en/head/feed.atom"); err != nil || got.Ended != closed {
			t.Errorf("closed %t: %+v, %v", closed, got, err)
		}
	}
}

// TestContentOfTopics: subscribers are sent what readers get, from the same
// rendering.
func TestContentOfTopics(t *testing.T) {
	t.Parallel()
	n := open(t)
	a := n.publish(press.Draft{Title: "Visit", Tags: []string{"海洋"}})
	content := func(feed publog.TopicID, path string) (string, *byte) {
		t.Helper()
		c, err := n.server.Content(t.Context(), feed)
		if err != nil {
			t.Fatal(err)
		}
		got := n.get(path)
		if c.Type != got.Header.Get("Content-Type") || c.Link != got.Header.Get("Link") {
			t.Errorf("content type %q, Link %q", c.Type, c.Link)
		}
		if body := text(t, got); body != string(c.Body) {
			t.Errorf("subscribers are sent\n%s\nreaders get\n%s", c.Body, body)
		}
		return string(c.Body), &c.Body[0]
	}
	feeds := map[string]publog.TopicID{
		"/en/the-ministry/the-minister/feed.atom": {Section: n.minister.ID, Language: "en", Format: "atom"},
		"/en/tags/%E6%B5%B7%E6%B4%8B/feed.json":   {Tag: "海洋", Language: "en", Format: "json"},
	}
	before := map[string]string{}
	for path, feed := range feeds {
		body, kept := content(feed, path)
		if _, again := content(feed, path); again != kept {
			t.Errorf("%s was rendered again", path)
		}
		before[path] = body
	}
	n.update(func(tx *storage.Tx) error {
		_, _, err := tx.Withdraw(a.ID, "Issued in error.")
		return err
	})
	for path, feed := range feeds {
		if after, _ := content(feed, path); after == before[path] {
			t.Errorf("%s: a withdrawn text is sent", path)
		}
	}
	for _, feed := range []publog.TopicID{
		{Section: 99, Language: "en", Format: "atom"}, {Tag: "never", Language: "en", Format: "atom"}, {Tag: "海洋", Language: "en", Format: "xml"},
	} {
		if _, err := n.server.Content(t.Context(), feed); !errors.Is(err, press.ErrNotFound) {
			t.Errorf("%+v: error %v", feed, err)
		}
	}
}
