package feeds_test

import (
	"net/http"
	"strings"
	"testing"

	"communique/storage/press"
)

// TestKinds: a section's page lists what it has of one kind, page by page, and the kind is a
// category in every feed; notes to editors and contacts go with the text.
func TestKinds(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.publish(press.Draft{Title: "Of no kind"})
	if page := text(t, n.get("/en/")); strings.Contains(page, "?kind=") {
		t.Errorf("kinds are offered where no article has one:\n%s", page)
	}
	n.publish(press.Draft{Title: "An old speech", Particulars: press.Particulars{Kind: "speech"}})
	for range 20 {
		n.clock.Pass(1e9)
		n.publish(press.Draft{Title: "A speech", Particulars: press.Particulars{Kind: "speech"}})
	}
	n.clock.Pass(1e9)
	n.publish(press.Draft{Title: "A release", Particulars: press.Particulars{
		Kind: "press-release", Place: "Port Almira", NotesToEditors: []string{"See https://mfa.example/a?b=1&c=2."},
		Contacts: []press.Contact{{Name: "Rosa Vale", Email: "rosa@mfa.example"}},
	}})
	page := text(t, n.get("/en/?kind=press-release"))
	if !strings.Contains(page, "A release") || strings.Contains(page, "A speech") || !strings.Contains(page, `href="https://press.example/en/?kind=speech"`) || strings.Contains(page, "kind=readout") {
		t.Errorf("the page of a kind:\n%s", page)
	}
	first := text(t, n.get("/en/the-ministry/?kind=speech"))
	_, older, _ := strings.Cut(first, `<link rel="next" href="https://press.example`)
	older, _, _ = strings.Cut(older, `"`)
	older = strings.ReplaceAll(older, "&amp;", "&")
	if second := text(t, n.get(older)); !strings.HasPrefix(older, "/en/the-ministry/?kind=speech&before=") || !strings.Contains(second, "An old speech") || strings.Contains(second, "A release") {
		t.Errorf("%s is the next page:\n%s", older, second)
	}
	for _, path := range []string{"/en/?kind=interview", "/en/?kind=%3Cb%3E"} {
		if r := n.get(path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s answers %d", path, r.StatusCode)
		}
	}
	if r := n.get("/ar/?kind=speech"); r.StatusCode != http.StatusOK {
		t.Errorf("a language without one: %d", r.StatusCode)
	}
	for feed, want := range map[string][]string{
		"/en/feed.rss":  {"<category>Press release</category>", "<category>Speech</category>", "Notes to editors", "rosa@mfa.example", "https://mfa.example/a?b=1&amp;"},
		"/en/feed.atom": {`<category term="Press release">`, "Rosa Vale"},
		"/en/feed.json": {`"Press release"`, "Press contacts"},
	} {
		body := text(t, n.get(feed))
		for _, part := range want {
			if !strings.Contains(body, part) {
				t.Errorf("%s lacks %s", feed, part)
			}
		}
	}
	if page := text(t, n.get("/en/search?q=%22rosa+vale%22")); !strings.Contains(page, "A release") {
		t.Error("a contact is not found by the search")
	}
}
