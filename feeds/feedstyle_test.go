package feeds_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

var stylesheet = regexp.MustCompile(`<\?xml-stylesheet type="text/css" href="([^"]+)"\?>`)

// A browser that is led to a feed draws it by its style, in which a line says
// what to do with it; to a feed reader it is a feed.
func TestAFeedIsAPageToBrowsers(t *testing.T) {
	t.Parallel()
	n := open(t)
	for path, line := range map[string]string{
		"/en/feed.rss":               "This is a feed",
		"/fr/the-ministry/feed.atom": "Cette page est un flux",
		"/ar/feed.atom":              "direction: rtl",
	} {
		answer := n.get(path, "Sec-Fetch-Dest", "document")
		if got := answer.Header.Get("Content-Type"); got != "application/xml; charset=utf-8" {
			t.Errorf("%s is sent to browsers as %s", path, got)
		}
		found := stylesheet.FindStringSubmatch(text(t, answer))
		if found == nil {
			t.Fatalf("%s names no style", path)
		}
		style := n.get(found[1])
		css := text(t, style)
		if style.StatusCode != http.StatusOK || style.Header.Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(css, line) {
			t.Errorf("%s: the style %s answers %d without %q:\n%s", path, found[1], style.StatusCode, line, css)
		}
		if len(css) > 6<<10 {
			t.Errorf("the style has %d bytes", len(css))
		}
		if answer := n.get(strings.Replace(found[1], ".css", "0.css", 1)); answer.StatusCode != http.StatusNotFound {
			t.Errorf("another version of the style answers %d", answer.StatusCode)
		}
		if other := n.get(path, "Sec-Fetch-Dest", "empty"); strings.Contains(other.Header.Get("Content-Type"), "application/xml") {
			t.Errorf("%s is sent to readers as %s", path, other.Header.Get("Content-Type"))
		}
	}
}
