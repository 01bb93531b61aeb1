package readers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/realpart"
)

// seen is a feed as a reader saw it.
type seen struct {
	URL        string `json:"url"`
	Status     int    `json:"status"`
	WellFormed bool   `json:"well_formed"`
	Entries    []struct {
		ID        string `json:"id"`
		Title     string `json:"title"`
		Link      string `json:"link"`
		Published []int  `json:"published"`
		Updated   []int  `json:"updated"`
		Content   string `json:"content"`
	} `json:"entries"`
}

// TestFeedparser: the most used parser sees the same in RSS and Atom, gets a
// 304 at its second poll, and after a correction the same entry, not another.
func TestFeedparser(t *testing.T) {
	t.Parallel()
	const python = "/usr/bin/python3" // Debian's, which Debian's feedparser belongs to
	realpart.Need(t, "feedparser (Debian's python3-feedparser)", exec.Command(python, "-c", "import feedparser").Run() == nil)
	s := e2etest.NewSite(t)
	s.Serve()
	s.Publish("An older statement", e2etest.PublishedAt(s.Clock.Now().Add(-time.Hour)))
	a := s.Publish("Wang & <Ølen> met", "lead: What was agreed.")
	s.Clock.Pass(4 * time.Second) // Last-Modified is told once no other version can have the same
	state := filepath.Join(t.TempDir(), "state.json")
	poll := func() []seen {
		cmd := exec.Command(python, filepath.Join(readersDir(t), "read.py"), state, s.Base+"/en/feed.rss", s.Base+"/en/feed.atom")
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		var feeds []seen
		if err := json.Unmarshal(out, &feeds); err != nil {
			t.Fatal(err)
		}
		return feeds
	}
	first := poll()
	for _, f := range first {
		e2etest.Equal(t, "status and form of "+f.URL, fmt.Sprint(f.Status, f.WellFormed, len(f.Entries)), "200 true 2")
		e2etest.Equal(t, "the id in "+f.URL, strings.HasSuffix(f.Entries[0].ID, ":article/"+a.ID), true)
		e2etest.Equal(t, "the title in "+f.URL, strings.Contains(f.Entries[0].Title, "Ølen"), true)
		e2etest.Equal(t, "the link in "+f.URL, f.Entries[0].Link, a.URL)
		e2etest.Equal(t, "the text in "+f.URL, strings.Contains(f.Entries[0].Content, "They spoke."), true)
	}
	e2etest.Equal(t, "published", first[0].Entries[0].Published, first[1].Entries[0].Published)
	e2etest.Equal(t, "updated", first[0].Entries[0].Updated, first[1].Entries[0].Updated)
	for _, f := range poll() {
		e2etest.Equal(t, "the second poll of "+f.URL, f.Status, 304)
	}
	s.File("correct", a.ID, s.Markdown("Wang & <Ølen> spoke", "As corrected."), "--replace", "--note", "They only spoke.")
	for i, f := range poll() {
		// feedparser asks for what is new and gets that alone.
		e2etest.Equal(t, "status and entries after the correction", fmt.Sprint(f.Status, len(f.Entries)), "226 1")
		e2etest.Equal(t, "the id after the correction", f.Entries[0].ID, first[i].Entries[0].ID)
		e2etest.Equal(t, "published after the correction", f.Entries[0].Published, first[i].Entries[0].Published)
		e2etest.Equal(t, "the title after the correction", strings.Contains(f.Entries[0].Title, "spoke"), true)
		if fmt.Sprint(f.Entries[0].Updated) == fmt.Sprint(f.Entries[0].Published) {
			t.Error("updated did not move")
		}
	}
	s.File("withdraw", a.ID, "--reason", "They did not.")
	for _, f := range poll() {
		e2etest.Equal(t, "form and entries after the withdrawal", fmt.Sprint(f.Status, f.WellFormed, len(f.Entries)), "226 true 1")
		e2etest.Equal(t, "the id after the withdrawal", strings.HasSuffix(f.Entries[0].ID, ":article/"+a.ID), true)
		e2etest.Equal(t, "the text after the withdrawal", strings.HasSuffix(f.Entries[0].Content, " because: They did not.</p>"), true)
	}
}

// TestGofeed: the same by Go's reader, in all three formats.
func TestGofeed(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	a := s.Publish("Wang & <Ølen> met", "lead: What was agreed.")
	read := func(format string) *gofeed.Feed {
		f, err := gofeed.NewParser().Parse(bytes.NewReader(e2etest.Get(t, s.Base+"/en/feed."+format).Body))
		if err != nil || len(f.Items) != 1 {
			t.Fatalf("%s: %v, %v", format, err, f)
		}
		return f
	}
	before := map[string]*gofeed.Item{}
	for _, format := range e2etest.Formats {
		item := read(format).Items[0]
		before[format] = item
		e2etest.Equal(t, "the id in "+format, item.GUID, before["rss"].GUID)
		e2etest.Equal(t, "the title in "+format, item.Title, "Wang & <Ølen> met")
		e2etest.Equal(t, "the link in "+format, item.Link, a.URL)
		e2etest.Equal(t, "published in "+format, item.PublishedParsed.UTC(), before["rss"].PublishedParsed.UTC())
		e2etest.Equal(t, "the text in "+format, strings.Contains(item.Content, "They spoke."), true)
	}
	s.File("correct", a.ID, s.Markdown("They met", "As corrected."), "--replace", "--note", "The names.")
	for _, format := range e2etest.Formats {
		item := read(format).Items[0]
		e2etest.Equal(t, "the id in "+format, item.GUID, before[format].GUID)
		e2etest.Equal(t, "published in "+format, item.PublishedParsed.UTC(), before[format].PublishedParsed.UTC())
		e2etest.Equal(t, "the title in "+format, item.Title, "They met")
	}
}

// TestXmllint: the XML is well-formed whatever the article holds (SECURITY A 36).
func TestXmllint(t *testing.T) {
	t.Parallel()
	xmllint := realpart.Program(t, "xmllint")
	s := e2etest.NewSite(t)
	s.Serve()
	nasty := "A ]]> <b> & \"quoted\" \u202e text"
	s.Publish(`"` + strings.ReplaceAll(nasty, `"`, `\"`) + `"`)
	for _, feed := range s.Feeds() {
		if strings.HasSuffix(feed, ".json") {
			continue
		}
		cmd := exec.Command(xmllint, "--noout", "-")
		cmd.Stdin = bytes.NewReader(e2etest.Get(t, feed).Body)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", feed, err, out)
		}
	}
}
