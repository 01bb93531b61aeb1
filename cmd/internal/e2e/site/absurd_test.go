package site

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestAbsurdRequests: what nobody who means well sends is answered clearly, and
// never as a fault of ours.
func TestAbsurdRequests(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Must("section", "add", "Press Room")
	s.Serve()
	a := s.Publish("A treaty", "tags: [harbours]")
	cursor := "?before=zzzzzz-" + a.ID // of another list, and of another time
	long := strings.Repeat("x", 5000)
	for path, want := range map[string]int{
		"/en/?page=99999999999999999999":                      200, // says nothing here
		"/en/?before=99999999999999999999999-" + a.ID:         400,
		"/en/?before=-" + a.ID:                                400,
		"/en/?before=1-" + long:                               400,
		"/en/?before=1-" + a.ID + "&after=1-" + a.ID:          400,
		"/en/press-room/" + cursor:                            200,
		"/en/tags/harbours/" + cursor:                         200,
		s.Clock.Now().Format("/en/archive/2006/01/") + cursor: 200,
		"/en/feed.0.atom":                                     404,
		"/en/feed.01.atom":                                    404,
		"/en/feed.-1.atom":                                    404,
		"/en/feed.2.atom":                                     404,
		"/en/feed.1073741824.atom":                            404,
		"/en/feed.99999999999999999999.rss":                   404,
		"/en/feed.1.1.atom":                                   404,
		"/en/feed." + long:                                    404,
		"/en/feeds.json.opml":                                 404,
		"/en/search?q=x&after=9-zzzz":                         400,
		"/en/search?q=x&after=0-" + long:                      400,
		"/en/search?q=x&from=0000-00-00":                      400,
		"/en/search?q=" + strings.Repeat("x", 20_000):         400,
		"/en/articles/" + a.ID + "/history/99999999999999999": 404,
		"/en/articles/" + a.ID + "/history/1-99999999999":     404,
		"/xx/":         404,
		"/xx/feed.rss": 404,
		"/EN/feed.rss": 301,
		"/en-GB-oxendict-x-" + long + "/feed.atom": 404,
		"/%00/feed.rss":                        404,
		"/en/%00/":                             404,
		"/en/%FF%FE/":                          404,
		"/en/archive/0000/":                    404,
		"/en/archive/9999/":                    404,
		"/en/archive/2026/13/":                 404,
		"/en/" + strings.Repeat("a/", 2000):    404,
		"/en/tags/" + long + "/feed.json":      404,
		"/en/tags/..%2F..%2Fetc/":              301,
		"/sitemap.en.0.xml":                    404,
		"/sitemap.en.99999999999999999999.xml": 404,
		"/sitemap.xx.1.xml":                    404,
		"/sitemap.en.1.2.xml":                  404,
		"/assets/feed.en.000000000000.css":     404,
		"/assets/feed." + long + ".0.css":      404,
	} {
		if got := e2etest.Get(t, s.Base+path); got.Status != want {
			t.Errorf("%.80s: status %d, want %d", path, got.Status, want)
		}
	}
}

var versionOfTag = regexp.MustCompile(`\d+"$`)

// TestAbsurdConditions: tags from the future and of other feeds, dates that are
// none and manipulations that nobody knows get the feed as it is.
func TestAbsurdConditions(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	s.Publish("A treaty")
	s.Publish("A visit")
	feed := s.Base + "/en/feed.atom"
	whole := e2etest.Get(t, feed)
	tag := whole.Header.Get("ETag")
	future := versionOfTag.ReplaceAllString(tag, `999999999"`)
	for name, c := range map[string]struct {
		headers []string
		status  int
	}{
		"a tag from the future":                    {[]string{"If-None-Match", future}, 200},
		"changes since the future":                 {[]string{"If-None-Match", future, "A-IM", "feed"}, 200},
		"a number beyond all":                      {[]string{"If-None-Match", versionOfTag.ReplaceAllString(tag, strings.Repeat("9", 60)+`"`), "A-IM", "feed"}, 200},
		"a negative one":                           {[]string{"If-None-Match", versionOfTag.ReplaceAllString(tag, `-1"`), "A-IM", "feed"}, 200},
		"the tag of another format":                {[]string{"If-None-Match", strings.Replace(tag, "atom", "rss", 1), "A-IM", "feed"}, 200},
		"a thousand tags":                          {[]string{"If-None-Match", strings.Repeat(`"x", `, 1000) + `"y"`, "A-IM", "feed"}, 200},
		"quotes that don't end":                    {[]string{"If-None-Match", strings.Repeat(`"`, 999), "A-IM", "feed"}, 200},
		"anything, with changes":                   {[]string{"If-None-Match", "*", "A-IM", "feed"}, 304},
		"manipulations that nobody knows":          {[]string{"A-IM", "vcdiff, diffe;q=0.1, gzip, range"}, 200},
		"manipulations that are not manipulations": {[]string{"A-IM", ",;;=,feed;q=,feed;q=NaN", "If-None-Match", `"x"`}, 200},
		"changes since the newest":                 {[]string{"A-IM", "feed", "If-None-Match", tag}, 304},
		"a date that is not a date":                {[]string{"If-Modified-Since", "yesterday"}, 200},
		"codings that are not codings":             {[]string{"Accept-Encoding", ";;;q=,*;q=2,gzip;q=-1"}, 200},
		"a part of it":                             {[]string{"Range", "bytes=5-1"}, 200},
		"a place that no browser leads to":         {[]string{"Sec-Fetch-Dest", strings.Repeat("document,", 100)}, 200},
	} {
		got := e2etest.Get(t, feed, c.headers...)
		if got.Status != c.status {
			t.Errorf("%s: status %d, want %d", name, got.Status, c.status)
		}
		if got.Status == http.StatusOK && got.Header.Get("Content-Type") != whole.Header.Get("Content-Type") {
			t.Errorf("%s: %s", name, got.Header.Get("Content-Type"))
		}
		if tag := strings.Replace(got.Header.Get("ETag"), "-gzip", "", 1); tag != whole.Header.Get("ETag") {
			t.Errorf("%s: the tag is %s, want %s", name, tag, whole.Header.Get("ETag"))
		}
	}
}
