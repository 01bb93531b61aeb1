package feeds_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

func TestFeedsByTag(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.publish(press.Draft{Title: "Visit"})
	kept := n.publish(press.Draft{Title: "Treaty", Tags: []string{"Sea Law", "海洋"}})
	withdrawn := n.publish(press.Draft{Title: "Error", Tags: []string{"sea law"}})
	page := text(t, n.get("/en/tags/sea-law/"))
	for _, want := range []string{"Treaty", "Error", `href="https://press.example/en/tags/sea-law/feed.atom"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "Visit") {
		t.Error("the page lists what has not the tag")
	}
	before := n.get("/en/tags/sea-law/feed.atom")
	n.update(func(tx *storage.Tx) error {
		_, _, err := tx.Withdraw(withdrawn.ID, "Issued in error.")
		return err
	})
	for _, feed := range allFeeds {
		titles, _ := n.titles("/en/tags/sea-law/" + feed)
		if diff := cmp.Diff([]string{"Treaty", notice}, titles); diff != "" {
			t.Errorf("%s (-want +got):\n%s", feed, diff)
		}
	}
	after := n.get("/en/tags/sea-law/feed.atom", "If-None-Match", before.Header.Get("ETag"))
	if after.StatusCode != http.StatusOK || !strings.Contains(text(t, after), `<at:deleted-entry ref="tag:press.example,2026:article/`+string(withdrawn.ID)) {
		t.Errorf("the feed does not tell of the withdrawal, status %d", after.StatusCode)
	}
	if again := n.get("/en/tags/sea-law/feed.atom", "If-None-Match", after.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("unchanged: status %d, want 304", again.StatusCode)
	}
	if titles, _ := n.titles("/en/tags/%E6%B5%B7%E6%B4%8B/feed.rss"); len(titles) != 1 {
		t.Errorf("the tag in Chinese has %d articles, want 1", len(titles))
	}
	if all := text(t, n.get("/en/tags/")); !strings.Contains(all, ">海洋<") {
		t.Errorf("the page of the tags lacks one:\n%s", all)
	}
	article := text(t, n.get(strings.TrimPrefix(press.Site{Base: base}.Article(kept), base)))
	if !strings.Contains(article, `<a rel="tag" href="https://press.example/en/tags/sea-law/">Sea Law</a>`) {
		t.Error("the article does not lead to its tag")
	}
}

// TestTagOfWhatIsGone: a tag that only a withdrawn article had, or one before its
// correction, is on no page; who follows its feed learns of the withdrawal there.
func TestTagOfWhatIsGone(t *testing.T) {
	t.Parallel()
	n := open(t)
	withdrawn := n.publish(press.Draft{Title: "Error", Tags: []string{"Marlin Affair"}})
	corrected := n.publish(press.Draft{Title: "Treaty", Tags: []string{"Turbot War"}})
	n.update(func(tx *storage.Tx) error {
		_, _, err := tx.Withdraw(withdrawn.ID, "Issued in error.")
		return err
	})
	n.correct(corrected, "Treaty", "", true)
	for _, path := range []string{"/en/tags/", "/en/tags/marlin-affair/", "/en/tags/turbot-war/", "/en/search?q=marlin", "/en/"} {
		r := n.get(path)
		if body := text(t, r); strings.Contains(body, "Marlin") || strings.Contains(body, "Turbot") {
			t.Errorf("%s says the tag, status %d", path, r.StatusCode)
		}
	}
	for _, slug := range []string{"marlin-affair", "turbot-war"} {
		if r := n.get("/en/tags/" + slug + "/"); r.StatusCode != http.StatusNotFound {
			t.Errorf("the page of %s answers %d", slug, r.StatusCode)
		}
		if r := n.get("/en/tags/" + slug + "/feed.atom"); r.StatusCode != http.StatusOK {
			t.Errorf("the feed of %s answers %d", slug, r.StatusCode)
		}
	}
	n.publish(press.Draft{Title: "Again", Tags: []string{"Turbot war"}})
	if r := n.get("/en/tags/turbot-war/"); r.StatusCode != http.StatusOK {
		t.Errorf("a tag that is used again: %d", r.StatusCode)
	}
}

// TestHiddenTag: a tag that hiding took away is one that nobody ever had, unless another
// public article has it; it may be used again.
func TestHiddenTag(t *testing.T) {
	t.Parallel()
	n := open(t)
	freed := n.publish(press.Draft{Title: "Freed", Tags: []string{"Jane Roe", "Courts"}})
	n.publish(press.Draft{Title: "A ruling", Tags: []string{"courts"}})
	listed := text(t, n.get("/en/tags/"))
	if !strings.Contains(listed, "Jane Roe") {
		t.Fatalf("the tags lack one:\n%s", listed)
	}
	n.get("/en/tags/jane-roe/feed.atom")
	n.update(func(tx *storage.Tx) error {
		draft := press.Draft{Section: freed.Section, Language: freed.Language, Title: "Freed", Body: freed.Body}
		_, _, err := tx.Correct(freed.ID, newsdesk.Correction{Draft: draft, Minor: true, HideEarlier: true})
		return err
	})
	for path, want := range map[string]int{
		"/en/tags/jane-roe/": 404, "/en/tags/jane-roe/feed.rss": 404, "/en/tags/jane-roe/feed.atom": 404, "/en/tags/jane-roe/feed.json": 404,
		"/en/tags/": 200, "/en/tags/courts/": 200, "/en/tags/courts/feed.rss": 200,
	} {
		r := n.get(path)
		if body := text(t, r); r.StatusCode != want || strings.Contains(body, "Jane Roe") {
			t.Errorf("%s: status %d, want %d:\n%s", path, r.StatusCode, want, body)
		}
	}
	if _, err := n.server.Topic(t.Context(), base+"/en/tags/jane-roe/feed.atom"); !errors.Is(err, press.ErrNotFound) {
		t.Errorf("to subscribe to it: %v", err)
	}
	n.publish(press.Draft{Title: "Jane Roe speaks", Tags: []string{"Jane Roe"}})
	if titles, _ := n.titles("/en/tags/jane-roe/feed.rss"); !cmp.Equal(titles, []string{"Jane Roe speaks"}) {
		t.Errorf("used again: %q", titles)
	}
}

// A tag has one address, however it is written.
func TestAddressesOfTags(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.publish(press.Draft{Title: "Treaty", Tags: []string{"Sea Law", "Häfen"}})
	for path, want := range map[string]string{
		"/en/tags":                                    "/en/tags/",
		"/en/tags/sea-law":                            "/en/tags/sea-law/",
		"/en/tags/Sea%20Law/":                         "/en/tags/sea-law/",
		"/en/tags/Sea%20Law/feed.atom":                "/en/tags/sea-law/feed.atom",
		"/en/tags/h%c3%a4fen/":                        "200",
		"/en/tags/H%C3%84FEN/":                        "/en/tags/h%C3%A4fen/",
		"/en/tags/sea%2Flaw/":                         "/en/tags/sea-law/",
		"/en/tags/sea-law/feed.doc":                   "404",
		"/en/tags/sea-law/feed.1.atom":                "404",
		"/en/tags/sea-law/?before=x":                  "400",
		"/en/tags/sea-law/?after=x":                   "400",
		"/en/tags/never/":                             "404",
		"/en/tags/%FF/":                               "404",
		"/fr/tags/sea-law/":                           "404",
		"/xx/tags/":                                   "404",
		"/EN/tags/sea-law/":                           "404",
		"/en/tags/sea-law/archive/":                   "404",
		"/en/tags/" + strings.Repeat("x", 5000) + "/": "404",
	} {
		answer := n.get(path)
		got := strings.TrimPrefix(answer.Header.Get("Location"), base)
		if got == "" {
			got = http.StatusText(answer.StatusCode)
			switch want {
			case "200", "404", "400":
				want = map[string]string{"200": "OK", "404": "Not Found", "400": "Bad Request"}[want]
			}
		}
		if got != want {
			t.Errorf("%.60s: got %s, want %s", path, got, want)
		}
	}
}
