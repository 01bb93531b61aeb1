package feeds

import (
	"strings"
	"testing"
)

// FuzzRespell: a right spelling is an address on this site that has no other, and is the
// one that was asked for but for the case of its letters and slashes at its end.
func FuzzRespell(f *testing.F) {
	for _, path := range []string{
		"/en/FEED.RSS", "/EN/feed.atom/", "/en/The-Ministry/feed.rss//", "/zh-Hant/tags/海洋/Feed.json", "/en/feed.12.atom", "/en/feeds.rss.opml",
		"//elsewhere.example/feed.rss", "/en//feed.rss", "/en/\\elsewhere.example/feed.rss", "/en/İ/feed.rss", "/en/../feed.rss", "",
	} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		right, ok := respell(path)
		if !ok {
			if right != "" {
				t.Errorf("%q is no feed and is spelled %q", path, right)
			}
			return
		}
		if strings.HasPrefix(right, "//") || !strings.HasPrefix(right, "/") || strings.HasSuffix(right, "/") {
			t.Errorf("%q leads to %q, which is elsewhere", path, right)
		}
		if again, ok := respell(right); !ok || again != right {
			t.Errorf("%q is spelled %q, and that %q", path, right, again)
		}
		if lower := strings.ToLower(right); lower != strings.ToLower(strings.TrimRight(path, "/")) {
			t.Errorf("%q leads to another feed, %q", path, right)
		}
	})
}
