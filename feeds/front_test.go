package feeds_test

import (
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
)

// TestFrontPage: it leads with the newest statement and its picture, which the list
// does not repeat, has the sections in its header, and says in plain words what one
// can do.
func TestFrontPage(t *testing.T) {
	t.Parallel()
	n := open(t)
	m := photograph(t)
	n.update(func(tx *storage.Tx) error { return tx.AddMedia(m) })
	n.publish(press.Draft{Title: "Before"})
	n.publish(press.Draft{Title: "Newest", Lead: "What happened.", Images: []press.Image{{Src: base + "/media/" + m.Name(), Alt: "A slope"}}})
	page := text(t, n.get("/en/"))
	header, rest, _ := strings.Cut(page, "</header>")
	if !strings.Contains(header, `<nav class="menu" aria-label="Sections">`) || !strings.Contains(header, `<a href="https://press.example/en/the-ministry/">The Ministry</a>`) {
		t.Errorf("the header has no sections:\n%s", header)
	}
	newest, list, _ := strings.Cut(rest, `id="latest"`)
	for _, part := range []string{`alt="A slope"`, "srcset=", ">Newest</a></h2>", "What happened."} {
		if !strings.Contains(newest, part) {
			t.Errorf("the page does not lead with %s:\n%s", part, newest)
		}
	}
	if strings.Contains(newest, ">Before<") || strings.Contains(list, ">Newest<") || !strings.Contains(list, ">Before<") {
		t.Errorf("the list is wrong:\n%s", list)
	}
	for _, words := range []string{"Follow us on Mastodon and the like", "Get new statements in a feed reader"} {
		if !strings.Contains(list, words) {
			t.Errorf("the page lacks %q", words)
		}
	}
	if empty := text(t, n.get("/ar/")); strings.Contains(empty, `class="newest"`) || !strings.Contains(empty, `id="latest"`) {
		t.Errorf("a language without statements:\n%s", empty)
	}
	n.publish(press.Draft{Title: "Only words"})
	if words := text(t, n.get("/en/")); !strings.Contains(words, ">Only words</a></h2>") || strings.Contains(words, "<figure>") {
		t.Errorf("without a picture:\n%s", words)
	}
}

// TestArchiveTellsCounts of each year and month, in the section that is asked for.
func TestArchiveTellsCounts(t *testing.T) {
	t.Parallel()
	n := open(t)
	for _, day := range []string{"2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01"} {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		n.publish(press.Draft{Title: "Visit", Published: at.Add(12 * time.Hour)})
	}
	gone := n.publish(press.Draft{Title: "Error", Published: time.Date(2026, 2, 2, 12, 0, 0, 0, time.UTC)})
	n.withdraw(gone)
	for path, counts := range map[string][]string{
		"/en/archive/":                   {"2026</a> <small>Statements: 3<", "2025</a> <small>Statements: 1<"},
		"/en/the-ministry/archive/2026/": {"January 2026</a> <small>Statements: 2<", "February 2026</a> <small>Statements: 1<"},
	} {
		page := text(t, n.get(path))
		for _, count := range counts {
			if !strings.Contains(page, count) {
				t.Errorf("%s lacks %s:\n%s", path, count, page)
			}
		}
	}
}
