package stories

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// TestCorrectionsReachThoseWhoReadFeeds: whoever got an article from a feed gets its
// correction there, also when it is no longer among the newest, or has moved to another
// section, tag or language by it; whoever asks for what changed too. After thirty days
// the feed is the newest articles again.
func TestCorrectionsReachThoseWhoReadFeeds(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Configure("languages: [en]", "languages: [en, fr]")
	s.Must("section", "add", "Press Room")
	s.Serve()
	const toll, mended = "100 were hurt", "12 were hurt"
	document := func(text, section string, fields ...string) string {
		t.Helper()
		file := filepath.Join(t.TempDir(), "article.md")
		front := strings.Join(append([]string{"title: The accident", "section: " + section}, fields...), "\n")
		if err := os.WriteFile(file, []byte("---\n"+front+"\n---\n\nThe minister regrets that "+text+" in the accident.\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	const old, fresh = "the-ministry/the-minister/activities", "press-room"
	noted := []string{"--note", "It was fewer."}
	for _, tt := range []struct {
		name, corrected string
		flags           []string
		left            bool // the feeds of the old section
		leftTag         bool
		now             string // where the feeds say that it is
	}{
		{"in place", document(mended, old, "tags: [traffic]"), noted, false, false, ""},
		{"to another section", document(mended, fresh, "tags: [traffic]"), noted, true, false, "Press Room"},
		{"to another section, a comma", document(mended, fresh, "tags: [traffic]"), []string{"--minor"}, true, false, "Press Room"},
		{"to another tag", document(mended, old, "tags: [health]"), noted, false, true, "The Ministry / The Minister / Activities"},
		{"to another language", document(mended, old, "tags: [traffic]", "language: fr"), append([]string{"--replace"}, noted...), true, true, "(Français)"},
	} {
		a := s.File("publish", "--again", document(toll, old, "tags: [traffic]"))
		s.Clock.Pass(time.Hour)
		s.Fill(21, "A later statement, "+tt.name, "traffic", old)
		s.Clock.Pass(time.Hour)
		var feeds, tagged []string
		for _, format := range e2etest.Formats {
			feeds = append(feeds, s.Base+"/en/"+old+"/feed."+format, s.Base+"/en/the-ministry/feed."+format)
			tagged = append(tagged, s.Base+"/en/tags/traffic/feed."+format)
		}
		all := append(append([]string{s.Base + "/en/feed.rss", s.Base + "/en/feed.atom", s.Base + "/en/feed.json"}, feeds...), tagged...)
		if tt.flags[0] == "--minor" {
			all = feeds // the others need not tell of it
		}
		tags := map[string]string{}
		for _, feed := range all {
			got := e2etest.Get(t, feed)
			tags[feed] = got.Header.Get("ETag")
			e2etest.Equal(t, tt.name+": "+feed+" has it", bytes.Contains(got.Body, []byte(a.ID)), false)
		}
		s.File(append([]string{"correct", a.ID, tt.corrected}, tt.flags...)...)
		for _, feed := range all {
			what := tt.name + ": " + feed
			body := e2etest.Get(t, feed, "If-None-Match", tags[feed]).Body
			e2etest.Equal(t, what+" has the id", bytes.Count(body, []byte("article/"+a.ID)), 1)
			e2etest.Equal(t, what+" has the text", bytes.Contains(body, []byte(mended)), true)
			e2etest.Equal(t, what+" has the earlier text", bytes.Contains(body, []byte(toll)), false)
			delta := e2etest.Get(t, feed, "If-None-Match", tags[feed], "A-IM", "feed").Body
			e2etest.Equal(t, what+" has it for who asks for what changed", bytes.Contains(delta, []byte(mended)), true)
		}
		check := func(feeds []string, left bool) {
			for _, feed := range feeds {
				body := string(e2etest.Get(t, feed).Body)
				says := strings.Contains(body, "no longer listed here. It is now in ")
				if strings.Contains(feed, "/tags/") && tt.now != "(Français)" { // it never left its section
					says = strings.Contains(body, "no longer tagged “traffic”. It is to be found in ")
					e2etest.Equal(t, tt.name+": "+feed+" says what is not so", strings.Contains(body, "It is now in"), false)
				}
				e2etest.Equal(t, tt.name+": "+feed+" says where it is now", says, left)
				e2etest.Equal(t, tt.name+": "+feed+" names the place", !left || strings.Contains(body, tt.now+"."), true)
			}
		}
		check(feeds, tt.left)
		check(tagged, tt.leftTag)
		// A comma in what has left is told there, too.
		if tt.left && tt.now == "Press Room" {
			before := e2etest.Get(t, feeds[0])
			s.File("correct", a.ID, document(mended+", it seems,", fresh, "tags: [traffic]"), "--minor")
			after := e2etest.Get(t, feeds[0], "If-None-Match", before.Header.Get("ETag"))
			e2etest.Equal(t, tt.name+": the comma is where it was", bytes.Contains(after.Body, []byte("it seems")), true)
		}
		s.Clock.Pass(31 * 24 * time.Hour)
		s.Publish("A month later, "+tt.name, "tags: [traffic]")
		for _, feed := range all {
			e2etest.Equal(t, tt.name+": a month later "+feed+" has it", bytes.Contains(e2etest.Get(t, feed).Body, []byte(a.ID)), false)
		}
	}
}

// TestWhatWasToldIsWithdrawn: an article that left a feed and is withdrawn then is
// withdrawn there as well.
func TestWhatWasToldIsWithdrawn(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Must("section", "add", "Press Room")
	s.Serve()
	a := s.Publish("A treaty was signed", "tags: [treaties]")
	file := s.Markdown("A treaty was signed", e2etest.ShortText)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, bytes.Replace(text, []byte("section: the-ministry/the-minister/activities"), []byte("section: press-room"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	s.File("correct", a.ID, file, "--minor")
	feeds := append(s.Feeds(), s.Base+"/en/tags/treaties/feed.atom", s.Base+"/en/press-room/feed.json")
	for _, feed := range feeds {
		e2etest.Equal(t, feed+" has it", bytes.Contains(e2etest.Get(t, feed).Body, []byte("A treaty was signed")), true)
	}
	s.Must("withdraw", a.ID, "--reason", "Nothing was signed.")
	for _, feed := range feeds {
		body := e2etest.Get(t, feed).Body
		e2etest.Equal(t, feed+" has it", bytes.Contains(body, []byte("A treaty was signed")), false)
		e2etest.Equal(t, feed+" says why", bytes.Contains(body, []byte("Nothing was signed.")), true)
	}
}
