package feeds_test

import (
	"net/http"
	"testing"

	"communique/storage/press"
)

// TestSpellingOfFeedAddresses: capital letters and a slash at the end lead to the feed;
// what is no feed in any spelling stays not found.
func TestSpellingOfFeedAddresses(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.publish(press.Draft{Title: "Visit", Tags: []string{"Sea Law", "海洋", "Île"}})
	for path, want := range map[string]string{
		"/en/FEED.RSS":                            "/en/feed.rss",
		"/en/feed.rss/":                           "/en/feed.rss",
		"/en/feed.rss//":                          "/en/feed.rss",
		"/EN/feed.atom":                           "/en/feed.atom",
		"/En/Feed.Json/":                          "/en/feed.json",
		"/en/The-Ministry/feed.rss":               "/en/the-ministry/feed.rss",
		"/en/the-ministry/The-Minister/Feed.rss/": "/en/the-ministry/the-minister/feed.rss",
		"/en/the-ministry/feed.rss/?a=b%20c":      "/en/the-ministry/feed.rss?a=b%20c",
		"/en/feed.1.RSS":                          "/en/feed.1.rss",
		"/en/%66eed.rss":                          "/en/feed.rss",
		"/%65n/the%2dministry/feed%2Erss":         "/en/the-ministry/feed.rss",
		"/en/feed.1.atom/":                        "/en/feed.1.atom",
		"/en/feeds.rss.opml/":                     "/en/feeds.rss.opml",
		"/en/Feeds.RSS.OPML":                      "/en/feeds.rss.opml",
		"/EN/feeds.atom.opml":                     "/en/feeds.atom.opml",
		"/en/tags/sea-law/feed.rss/":              "/en/tags/sea-law/feed.rss",
		"/en/tags/sea-law/FEED.atom":              "/en/tags/sea-law/feed.atom",
		"/en/tags/Sea-Law/feed.Json":              "/en/tags/sea-law/feed.json",
		"/EN/Tags/sea-law/feed.rss":               "/en/tags/sea-law/feed.rss",
		"/en/tags/%E6%B5%B7%E6%B4%8B/feed.RSS":    "/en/tags/%E6%B5%B7%E6%B4%8B/feed.rss",
		"/en/tags/%C3%8Ele/Feed.rss":              "/en/tags/%C3%AEle/feed.rss",
	} {
		r := n.get(path)
		if got := r.Header.Get("Location"); r.StatusCode != http.StatusMovedPermanently || got != base+want {
			t.Errorf("%s: %d %s, want 301 %s", path, r.StatusCode, got, want)
			continue
		}
		if end := n.get(want); end.StatusCode != http.StatusOK {
			t.Errorf("%s leads to %d", path, end.StatusCode)
		}
	}
	for _, path := range []string{"/en/feed.xml/", "/en/feed.rss.gz", "/xx/feed.rss", "/en/nowhere/feed.rss", "/en/feed.99.rss", "//elsewhere.example/feed.rss", "/en/feeds.json.opml/"} {
		if r := n.get(path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d %s, want 404", path, r.StatusCode, r.Header.Get("Location"))
		}
	}
}
