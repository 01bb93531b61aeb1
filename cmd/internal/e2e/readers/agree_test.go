package readers

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/realpart"
)

// readItem is an article as a feed reader sees it.
type readItem struct {
	ID, Title, Link string
	Published       time.Time
	Categories      []string
	Enclosures      []string
}

// reader reads a feed, by one or more readers of these names.
type reader func(t *testing.T, feed string) map[string][]readItem

// readersDir is where the readers of npm are, and what drives them.
func readersDir(t *testing.T) string {
	t.Helper()
	return e2etest.Source(t, "feeds/testdata/readers")
}

func readByGofeed(t *testing.T, feed string) map[string][]readItem {
	t.Helper()
	f, err := gofeed.NewParser().Parse(bytes.NewReader(e2etest.Get(t, feed).Body))
	if err != nil {
		t.Fatalf("%s: %v", feed, err)
	}
	items := []readItem{}
	for _, i := range f.Items {
		r := readItem{ID: i.GUID, Title: i.Title, Link: i.Link, Published: i.PublishedParsed.UTC(), Categories: i.Categories}
		for _, e := range i.Enclosures {
			r.Enclosures = append(r.Enclosures, e.URL)
		}
		items = append(items, r)
	}
	return map[string][]readItem{"gofeed": items}
}

// feedparser reads with Debian's python3-feedparser.
func feedparser(t *testing.T) reader {
	t.Helper()
	const python = "/usr/bin/python3"
	realpart.Need(t, "feedparser (Debian's python3-feedparser)", exec.Command(python, "-c", "import feedparser").Run() == nil)
	return func(t *testing.T, feed string) map[string][]readItem {
		t.Helper()
		state := filepath.Join(t.TempDir(), "state.json") // a delta would be all that it shows
		out, err := exec.Command(python, filepath.Join(readersDir(t), "read.py"), state, feed).Output()
		if err != nil {
			t.Fatalf("feedparser: %v", err)
		}
		var feeds []struct {
			WellFormed bool   `json:"well_formed"`
			Link       string `json:"link"`
			Entries    []struct {
				ID, Title, Link        string
				Published              []int
				Categories, Enclosures []string
			}
		}
		if err := json.Unmarshal(out, &feeds); err != nil {
			t.Fatal(err)
		}
		e2etest.Equal(t, "feedparser's link of "+feed, feeds[0].Link, homeOf(feed))
		items := []readItem{}
		for _, e := range feeds[0].Entries {
			p := e.Published
			items = append(items, readItem{
				ID: e.ID, Title: e.Title, Link: e.Link, Categories: e.Categories, Enclosures: e.Enclosures,
				Published: time.Date(p[0], time.Month(p[1]), p[2], p[3], p[4], p[5], 0, time.UTC),
			})
		}
		return map[string][]readItem{"feedparser": items}
	}
}

// homeOf is the page that a feed belongs to.
func homeOf(feed string) string { return feed[:strings.LastIndexByte(feed, '/')+1] }

// newsboat reads with Debian's newsboat, which keeps what it has seen in a
// database of its own, a row for every id.
func newsboat(t *testing.T) reader {
	t.Helper()
	program := realpart.Program(t, "newsboat")
	home := t.TempDir()
	return func(t *testing.T, feed string) map[string][]readItem {
		t.Helper()
		file := func(kind string) string {
			return filepath.Join(home, strings.NewReplacer("/", "-", ":", "-").Replace(feed)+"."+kind)
		}
		for kind, content := range map[string]string{"urls": feed + "\n", "config": ""} {
			if err := os.WriteFile(file(kind), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.Command(program, "-q", "-u", file("urls"), "-C", file("config"), "-c", file("db"), "-x", "reload")
		cmd.Env = append(os.Environ(), "HOME="+home, "LANG=C.UTF-8")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("newsboat: %v\n%s", err, out)
		}
		db, err := sql.Open("sqlite", "file:"+file("db"))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var link string
		if err := db.QueryRow(`SELECT url FROM rss_feed`).Scan(&link); err != nil {
			t.Fatalf("newsboat: %v", err)
		}
		e2etest.Equal(t, "newsboat's link of "+feed, link, homeOf(feed))
		rows, err := db.Query(`SELECT guid, title, url, pubDate FROM rss_item WHERE deleted = 0 ORDER BY pubDate DESC, id DESC`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		items := []readItem{}
		for rows.Next() {
			var i readItem
			var published int64
			if err := rows.Scan(&i.ID, &i.Title, &i.Link, &published); err != nil {
				t.Fatal(err)
			}
			i.Published = time.Unix(published, 0).UTC()
			items = append(items, i)
		}
		return map[string][]readItem{"newsboat": items}
	}
}

// nodeAnswer is what read.mjs prints.
type nodeAnswer struct {
	By, Link string
	Valid    *bool
	Errors   json.RawMessage
	Items    []struct {
		ID, Title, Link, Published   string
		Categories, Enclosures, Alts []string
	}
}

func runNode(t *testing.T, feed string) []nodeAnswer {
	t.Helper()
	node, err := filepath.Abs(filepath.Join(readersDir(t), "node_modules", ".bin", "node"))
	if err == nil {
		_, err = os.Stat(node)
	}
	realpart.Need(t, "rss-parser and feedsmith (npm)", err == nil)
	cmd := exec.Command(node, "read.mjs", feed)
	cmd.Dir, cmd.Stderr = readersDir(t), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("read.mjs %s: %v", feed, err)
	}
	var answers []nodeAnswer
	if err := json.Unmarshal(out, &answers); err != nil {
		t.Fatal(err)
	}
	return answers
}

// readByNode reads by rss-parser and feedsmith, and holds JSON Feed to its schema.
func readByNode(t *testing.T, feed string) map[string][]readItem {
	t.Helper()
	all := map[string][]readItem{}
	for _, answer := range runNode(t, feed) {
		if answer.Valid != nil {
			if !*answer.Valid {
				t.Errorf("%s is not a valid JSON Feed 1.1: %s", feed, answer.Errors)
			}
			continue
		}
		if answer.By == "rss-parser" {
			e2etest.Equal(t, "rss-parser's link of "+feed, answer.Link, homeOf(feed))
		}
		items := []readItem{}
		for _, i := range answer.Items {
			items = append(items, readItem{i.ID, i.Title, i.Link, dateOf(t, i.Published), i.Categories, i.Enclosures})
		}
		all[answer.By] = items
	}
	return all
}

// dateOf reads a date as RSS or as Atom and JSON Feed write it.
func dateOf(t *testing.T, text string) time.Time {
	t.Helper()
	for _, layout := range []string{time.RFC3339, time.RFC1123Z} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC()
		}
	}
	t.Fatalf("%q is not a date", text)
	return time.Time{}
}

// blind tells what a reader does not take from a format, beside ids, titles, links
// and dates.
func blind(name, format string) (categories, enclosures bool) {
	switch {
	case name == "newsboat":
		return true, true
	case name == "rss-parser" && format == "atom":
		return true, true
	}
	return false, false
}

// TestReadersAgree: readers of all kinds see the same articles in every format,
// one item an article under one id, whatever becomes of it. newsboat and
// feedparser don't read JSON Feed, and rss-parser neither.
func TestReadersAgree(t *testing.T) {
	t.Parallel()
	readers := []reader{readByGofeed, readByNode, feedparser(t), newsboat(t)}
	s := e2etest.NewSite(t)
	s.Must("section", "add", "Press Room")
	s.Serve()
	s.Picture("harbour.png", 40)
	document := func(section, title string) string {
		file := filepath.Join(s.Data, "article.md")
		text := fmt.Sprintf("---\ntitle: %q\nsection: %s\ntags: [harbours, sea law]\nimages:\n  - {src: harbour.png, alt: The harbour, credit: A. Photographer}\n---\n\nThey spoke.\n", title, section)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	same := func(what, section string, want ...readItem) {
		t.Helper()
		for _, format := range e2etest.Formats {
			for n, read := range readers {
				if format == "json" && n > 1 {
					continue
				}
				for name, got := range read(t, s.Base+"/en/"+section+"feed."+format) {
					slices.SortStableFunc(got, func(a, b readItem) int { return b.Published.Compare(a.Published) })
					noCategories, noEnclosures := blind(name, format)
					if diff := cmp.Diff(without(want, noCategories, noEnclosures), without(got, noCategories, noEnclosures)); diff != "" {
						t.Errorf("%s: %s in %s (-want +got):\n%s", what, name, format, diff)
					}
				}
			}
		}
	}
	s.Publish("An older statement", e2etest.PublishedAt(s.Clock.Now().Add(-time.Hour)))
	a := s.File("publish", document("the-ministry/the-minister/activities", "Wang & <Ølen> met"))
	items := readByGofeed(t, s.Base+"/en/feed.rss")["gofeed"]
	e2etest.Equal(t, "what a reader sees", fmt.Sprint(items[0].Title, items[0].Link, items[0].Categories, len(items[0].Enclosures), len(items)),
		fmt.Sprint("Wang & <Ølen> met", a.URL, []string{"The Ministry/The Minister/Activities", "harbours", "sea law"}, 1, 2))
	same("published", "", items...)

	corrected := s.File("correct", a.ID, document("the-ministry/the-minister/activities", "They spoke"), "--note", "They only spoke.")
	items[0].Title, items[0].Link = "They spoke", corrected.URL
	same("corrected", "", items...)

	s.File("correct", a.ID, document("press-room", "They spoke"), "--minor")
	items[0].Categories = []string{"Press Room", "harbours", "sea law"}
	same("moved", "", items...)
	same("moved here", "press-room/", items[0])

	s.File("withdraw", a.ID, "--reason", "They did not.")
	notice := readItem{ID: items[0].ID, Title: "This statement was withdrawn", Link: withoutSlug(items[0].Link), Published: items[0].Published}
	same("withdrawn", "", notice, items[1])
	same("withdrawn here", "press-room/", notice)
}

// without makes items comparable with what a reader takes.
func without(items []readItem, categories, enclosures bool) []readItem {
	all := []readItem{}
	for _, i := range items {
		if categories || len(i.Categories) == 0 {
			i.Categories = nil
		}
		if enclosures || len(i.Enclosures) == 0 {
			i.Enclosures = nil
		}
		all = append(all, i)
	}
	return all
}

// withoutSlug is an article's address without what it says of the title.
func withoutSlug(address string) string { return address[:strings.LastIndexByte(address, '/')+1] }
