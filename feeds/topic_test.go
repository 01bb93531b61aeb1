package feeds_test

import (
	"errors"
	"testing"

	"communique/storage"
	"communique/storage/press"
)

// TestTopics: a feed is known by its address, however that is written, and by
// those that it had before (WebSub §5.1.1, §6.1).
func TestTopics(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.moveSection(n.minister, press.Root, "head")
	feed := storage.TopicID{Section: n.minister.ID, Language: "en", Format: "atom"}
	for address, want := range map[string]storage.TopicID{
		base + "/en/head/feed.atom":                            feed,
		base + "/en/the-ministry/the-minister/feed.atom":       feed,
		base + "/%65n/%68ead/feed%2Eatom":                      feed,
		"HTTPS://PRESS.example:443/en/head/feed.atom":          feed,
		base + "/fr/head/feed.json":                            {Section: n.minister.ID, Language: "fr", Format: "json"},
		base + "/en/feed.rss":                                  {Section: press.Root, Language: "en", Format: "rss"},
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
		if known := want != (storage.TopicID{}); got.ID != want && known || (err == nil) != known || !known && !errors.Is(err, press.ErrNotFound) {
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
	a := n.publish(press.Draft{Title: "Visit"})
	feed := storage.TopicID{Section: n.minister.ID, Language: "en", Format: "atom"}
	content := func() (string, *byte) {
		t.Helper()
		c, err := n.server.Content(t.Context(), feed)
		if err != nil {
			t.Fatal(err)
		}
		got := n.get("/en/the-ministry/the-minister/feed.atom")
		if c.Type != got.Header.Get("Content-Type") || c.Link != got.Header.Get("Link") {
			t.Errorf("content type %q, Link %q", c.Type, c.Link)
		}
		if body := text(t, got); body != string(c.Body) {
			t.Errorf("subscribers are sent\n%s\nreaders get\n%s", c.Body, body)
		}
		return string(c.Body), &c.Body[0]
	}
	before, kept := content()
	if _, again := content(); again != kept {
		t.Error("it was rendered again")
	}
	n.update(func(tx *storage.Tx) error {
		_, _, err := tx.Withdraw(a.ID, "Issued in error.")
		return err
	})
	if after, _ := content(); after == before {
		t.Error("a withdrawn text is sent")
	}
	if _, err := n.server.Content(t.Context(), storage.TopicID{Section: 99, Language: "en", Format: "atom"}); !errors.Is(err, press.ErrNotFound) {
		t.Errorf("no such section: error %v", err)
	}
}
