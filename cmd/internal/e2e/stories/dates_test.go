package stories

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// raw writes a file as it is and returns its path.
func raw(t *testing.T, name, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// refuses runs a command that must be refused with words.
func refuses(s *e2etest.Site, words []string, args ...string) {
	s.T.Helper()
	out, _, err := s.Run(args...)
	if err == nil {
		s.T.Errorf("communique %s: done: %s", strings.Join(args, " "), out)
		return
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			s.T.Errorf("communique %s: %v, want %q", strings.Join(args, " "), err, word)
		}
	}
}

// TestDocumentsAsTheyAreMeant: what an editor writes is what is published, or nothing is
// and the line is shown.
func TestDocumentsAsTheyAreMeant(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	a := s.File("publish", s.Markdown("Statement on Resolution #2334", "Text.", "lead: Lead\t#1 of the text"))
	for _, address := range append(s.Feeds(), a.URL) {
		body := string(e2etest.Get(t, address, "Accept", "text/html").Body)
		if !strings.Contains(body, "Statement on Resolution #2334") || !strings.Contains(body, "Lead #1 of the text") {
			t.Errorf("%s is cut:\n%s", address, body)
		}
	}
	const front = "---\ntitle: A secret\nsection: the-ministry/the-minister/activities\n"
	for _, document := range []struct {
		file, content string
		words         []string
	}{
		{"a.md", front + "---\npublished: 2046-12-24 10:00\n\nText.\n", []string{"a.md:5: published: it is below the front matter"}},
		{"a.md", front + "---\n\n---\npublished: 2046-12-24 10:00\n---\n\nText.\n", []string{"a.md:7: published: "}},
		{"a.md", front + "...\n\npublished: 2046-12-24 10:00\n\nText.\n", []string{"a.md:6: published: "}},
		{"a.md", front + "tags: [a, b\n---\nText.\n", []string{"a.md:4: tags: ", "tags: [a, b]"}},
		{"a.md", front + "lead: The harbour: closed\n---\nText.\n", []string{"a.md:4: lead: ", `lead: "The harbour: closed"`}},
		{"a.md", front + "published: 2027-10-31 01:30\n---\nText.\n", []string{"2027-10-31T01:30+01:00", "2027-10-31T01:30+00:00"}},
		{"a.md", front + "published: 2027-03-28 01:30\n---\nText.\n", []string{"2027-03-28T01:30+00:00", "2027-03-28T01:30+01:00"}},
		{"a.docx", "PK\x03\x04\x14\x00\x00\x00\x00\x00word/document.xml", []string{"Word document (.docx)"}},
		{"a.pdf", "%PDF-1.7\n", []string{"PDF"}},
		{"a.md", "\xff\xfe-\x00-\x00-\x00\n\x00", []string{"UTF-16"}},
	} {
		refuses(s, document.words, "publish", raw(t, document.file, document.content))
		refuses(s, document.words, "correct", a.ID, raw(t, document.file, document.content), "--minor")
	}
	e2etest.Equal(t, "mentions", mentions(t, s.Feeds(), "secret"), 0)
	s.Configure("Europe/Lisbon", "America/New_York")
	refuses(s, []string{"2026-11-01T01:30-04:00", "2026-11-01T01:30-05:00"}, "publish", "--silent",
		s.Markdown("In New York", "Text.", "published: 2026-11-01 01:30"))
}

// TestDaysAreDays: a day is the same day wherever the site is, for readers, in lists and
// at followers; and its own document corrects it.
func TestDaysAreDays(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewFollowed(t)
	lisbon, err := time.LoadLocation("Europe/Lisbon")
	if err != nil {
		t.Fatal(err)
	}
	today := s.Clock.Now().In(lisbon).Format(time.DateOnly)
	document := s.Markdown("A statement of today", "Text.", "published: "+today)
	pushed := s.File("publish", "--key", "today", document)
	said := e2etest.Text(p.WaitFor(2)[1].Fields, "object", "published")
	archived := s.File("publish", "--silent", "--key", "may", s.Markdown("A statement of May", "Text.", "published: 2024-05-01"))
	minute := s.Markdown("A statement of an hour", "Text.", "published: 2024-05-01 00:30")
	s.File("publish", "--silent", "--key", "hour", minute)
	page := raw(t, "page.html", `<html lang="en"><title>A page of May</title><body><nav><a href="/">The Ministry</a> &gt; <a href="/n">News</a></nav><main><h1>A page of May</h1><p>1 May 2024</p><p>`+
		strings.Repeat("The text of the page goes on. ", 20)+`</p></main></body></html>`)
	s.Must("import", page, "--section", "the-ministry/the-minister/activities")
	modified := e2etest.Get(t, s.Base+"/en/").Header.Get("Last-Modified")

	for _, zone := range []struct{ from, to, offset string }{
		{"Europe/Lisbon", "America/New_York", "-04:00"}, {"America/New_York", "Asia/Shanghai", "+08:00"},
	} {
		s.Stop()
		s.Configure(zone.from, zone.to)
		s.Serve()
		feed := string(e2etest.Get(t, s.Base+"/en/feed.atom").Body)
		if !strings.Contains(feed, "<published>2024-05-01T00:00:00"+zone.offset+"</published>") {
			t.Errorf("the feed in %s has another day:\n%s", zone.to, feed)
		}
		article := string(e2etest.Get(t, archived.URL, "Accept", "text/html").Body)
		for _, want := range []string{`<time datetime="2024-05-01">1 May 2024</time>`, `"datePublished":"2024-05-01T00:00:00` + zone.offset} {
			if !strings.Contains(article, want) {
				t.Errorf("the page in %s lacks %s:\n%s", zone.to, want, article)
			}
		}
		list := s.Must("list")
		if strings.Count(list, "2024-05-01 ") < 2 {
			t.Errorf("list in %s:\n%s", zone.to, list)
		}
		archive := string(e2etest.Get(t, s.Base+"/en/archive/2024/05/").Body)
		if !strings.Contains(archive, "A statement of May") || !strings.Contains(archive, "A page of May") {
			t.Errorf("the archive of May in %s lacks statements:\n%s", zone.to, archive)
		}
		e2etest.Eventually(t, "the search finds both under their day in "+zone.to, func() bool {
			found := string(e2etest.Get(t, s.Base+"/en/search?q=may&from=2024-05-01&until=2024-05-01").Body)
			return strings.Contains(found, "/a-statement-of-may") && strings.Contains(found, "/a-page-of-may")
		})
		e2etest.Equal(t, "published under its key again", s.File("publish", "--key", "today", document).ID, pushed.ID)
		s.File("publish", "--silent", "--key", "hour", minute)
		s.File("correct", pushed.ID, s.Markdown("A statement of today", "Text in "+zone.to+".", "published: "+today), "--minor")
		e2etest.Equal(t, "the date of the object", e2etest.Text(e2etest.Object(t, s.ObjectID(pushed)), "published"), said)
		if told := s.Must("import", page, "--section", "the-ministry/the-minister/activities"); !strings.Contains(told, "1 known") {
			t.Errorf("imported again in %s: %s", zone.to, told)
		}
		e2etest.Equal(t, "asked by the date alone", e2etest.Get(t, s.Base+"/en/", "If-Modified-Since", modified).Status, 200)
	}
}

// TestEmbargoUntilADay: an embargo until a day ends when the day begins in the site's
// zone, also when this has changed.
func TestEmbargoUntilADay(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	var listed struct {
		Published string `json:"published"`
	}
	s.Must("publish", s.Markdown("A secret", "Text.", "published: 2046-12-24"))
	s.ReadJSON(&listed, "list", "--json")
	e2etest.Equal(t, "in Lisbon", listed.Published, "2046-12-24T00:00:00Z")
	s.Configure("Europe/Lisbon", "Asia/Shanghai")
	s.ReadJSON(&listed, "list", "--json")
	e2etest.Equal(t, "for who only looks", listed.Published, "2046-12-24T08:00:00+08:00")
	s.Must("section", "add", "Press Room")
	s.ReadJSON(&listed, "list", "--json")
	e2etest.Equal(t, "in Shanghai", listed.Published, "2046-12-24T00:00:00+08:00")
}
