package command

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"communique/cmd/internal/realpart"
)

// fedify is a running server on Fedify, see federation/testdata/fedify.
type fedify struct {
	t    *testing.T
	base string
}

// script is a program for Node that needs a part from npm, beside which it lies
// in a folder of the repository.
func script(t *testing.T, part, below, program string) *exec.Cmd {
	t.Helper()
	folder, err := filepath.Abs(filepath.Join("..", "..", "..", filepath.FromSlash(below)))
	if err != nil {
		t.Fatal(err)
	}
	node := filepath.Join(folder, "node_modules", ".bin", "node")
	_, err = os.Stat(node)
	realpart.Need(t, part+" (npm ci in "+below+")", err == nil)
	cmd := exec.Command(node, program) //nolint:gosec // our own program
	cmd.Dir, cmd.Stderr = folder, os.Stderr
	return cmd
}

func startFedify(t *testing.T) *fedify {
	t.Helper()
	cmd := script(t, "Fedify", "federation/testdata/fedify", "peer.mjs")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it has no other way to end
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	base, ok := strings.CutPrefix(strings.TrimSpace(line), "listening ")
	if err != nil || !ok {
		t.Fatalf("Fedify did not start: %q, %v", line, err)
	}
	return &fedify{t: t, base: base}
}

// ask calls one of the control addresses and reads its JSON.
func (f *fedify) ask(method, path string, into any) {
	f.t.Helper()
	got := request(f.t, method, f.base+path)
	if got.Status != http.StatusOK {
		f.t.Fatalf("Fedify %s: %d\n%s", path, got.Status, got.Body)
	}
	if err := json.Unmarshal(got.Body, into); err != nil {
		f.t.Fatalf("Fedify %s: %v\n%s", path, err, got.Body)
	}
}

// took is what Fedify has verified and handed to its listeners.
func (f *fedify) took(n int) []map[string]any {
	f.t.Helper()
	var all []map[string]any
	eventually(f.t, fmt.Sprintf("Fedify takes %d activities", n), func() bool {
		all = nil
		f.ask(http.MethodGet, "/control/received", &all)
		return len(all) >= n
	})
	return all
}

// TestFedify: a real implementation follows us (our inbox verifies what it
// signs) and takes what we send (it verifies what we sign), in order, once each.
func TestFedify(t *testing.T) {
	f := startFedify(t)
	s := newSite(t)
	s.serve()
	var found map[string]string
	f.ask(http.MethodPost, "/control/follow?actor="+url.QueryEscape(s.actor()), &found)
	mustEqual(t, "the actor as Fedify reads it", found["type"]+" "+found["name"], "Organization Ministry of Foreign Affairs")
	f.took(1)
	mustEqual(t, "followers", object(t, s.actor()+"/followers")["totalItems"], 1)

	s.file("publish", "--silent", s.markdown("From the archive", "Old.", "published: 2019-05-04 10:00"))
	a := s.publish("A treaty was signed", "lead: The two governments agree.")
	f.took(2)
	s.file("correct", a.ID, s.markdown("Two treaties were signed", "Both."), "--note", "There were two.")
	f.took(3)
	mustEqual(t, "what its reader sees", strings.Contains(string(get(t, f.base+"/").Body), "Two treaties were signed"), true)
	s.file("withdraw", a.ID, "--reason", "Neither was.")
	all := f.took(4)

	var types []string
	for _, one := range all {
		types = append(types, text(one, "type"))
		mustEqual(t, "the actor", text(one, "actor"), s.actor())
	}
	mustEqual(t, "the order", types, []string{"Accept", "Create", "Update", "Delete"})
	create, update := all[1], all[2]
	mustEqual(t, "the object", text(create, "object", "id"), s.base+"/ap/articles/"+a.ID)
	mustEqual(t, "the language", text(create, "object", "language"), "en")
	mustEqual(t, "the page", text(create, "object", "url"), a.URL)
	mustEqual(t, "published", text(update, "object", "published"), text(create, "object", "published"))
	if text(update, "object", "updated") <= text(update, "object", "published") {
		t.Errorf("updated %s", text(update, "object", "updated"))
	}
	mustEqual(t, "what its reader sees after the withdrawal", strings.Contains(string(get(t, f.base+"/").Body), "treaties"), false)

	f.ask(http.MethodPost, "/control/unfollow?actor="+url.QueryEscape(s.actor()), &found)
	eventually(t, "the Undo is taken", func() bool {
		return fmt.Sprint(object(t, s.actor()+"/followers")["totalItems"]) == "0"
	})
}

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
	s := newSite(t)
	s.serve()
	s.publish("An older statement", "published: "+time.Now().Add(-time.Hour).UTC().Format(time.RFC3339))
	a := s.publish("Wang & <Ølen> met", "lead: What was agreed.")
	time.Sleep(3100 * time.Millisecond) // Last-Modified is told once no other version can have the same
	state := filepath.Join(t.TempDir(), "state.json")
	poll := func() []seen {
		cmd := exec.Command(python, filepath.Join("..", "..", "..", "feeds", "testdata", "readers", "read.py"), state, s.base+"/en/feed.rss", s.base+"/en/feed.atom")
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
		mustEqual(t, "status and form of "+f.URL, fmt.Sprint(f.Status, f.WellFormed, len(f.Entries)), "200 true 2")
		mustEqual(t, "the id in "+f.URL, strings.HasSuffix(f.Entries[0].ID, ":article/"+a.ID), true)
		mustEqual(t, "the title in "+f.URL, strings.Contains(f.Entries[0].Title, "Ølen"), true)
		mustEqual(t, "the link in "+f.URL, f.Entries[0].Link, a.URL)
		mustEqual(t, "the text in "+f.URL, strings.Contains(f.Entries[0].Content, "They spoke."), true)
	}
	mustEqual(t, "published", first[0].Entries[0].Published, first[1].Entries[0].Published)
	mustEqual(t, "updated", first[0].Entries[0].Updated, first[1].Entries[0].Updated)
	for _, f := range poll() {
		mustEqual(t, "the second poll of "+f.URL, f.Status, 304)
	}
	s.file("correct", a.ID, s.markdown("Wang & <Ølen> spoke", "As corrected."), "--note", "They only spoke.")
	for i, f := range poll() {
		// feedparser asks for what is new and gets that alone.
		mustEqual(t, "status and entries after the correction", fmt.Sprint(f.Status, len(f.Entries)), "226 1")
		mustEqual(t, "the id after the correction", f.Entries[0].ID, first[i].Entries[0].ID)
		mustEqual(t, "published after the correction", f.Entries[0].Published, first[i].Entries[0].Published)
		mustEqual(t, "the title after the correction", strings.Contains(f.Entries[0].Title, "spoke"), true)
		if fmt.Sprint(f.Entries[0].Updated) == fmt.Sprint(f.Entries[0].Published) {
			t.Error("updated did not move")
		}
	}
	s.file("withdraw", a.ID, "--reason", "They did not.")
	for _, f := range poll() {
		mustEqual(t, "form and entries after the withdrawal", fmt.Sprint(f.Status, f.WellFormed, len(f.Entries)), "226 true 0")
	}
}

// TestGofeed: the same by Go's reader, in all three formats.
func TestGofeed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	a := s.publish("Wang & <Ølen> met", "lead: What was agreed.")
	read := func(format string) *gofeed.Feed {
		f, err := gofeed.NewParser().Parse(bytes.NewReader(get(t, s.base+"/en/feed."+format).Body))
		if err != nil || len(f.Items) != 1 {
			t.Fatalf("%s: %v, %v", format, err, f)
		}
		return f
	}
	before := map[string]*gofeed.Item{}
	for _, format := range formats {
		item := read(format).Items[0]
		before[format] = item
		mustEqual(t, "the id in "+format, item.GUID, before["rss"].GUID)
		mustEqual(t, "the title in "+format, item.Title, "Wang & <Ølen> met")
		mustEqual(t, "the link in "+format, item.Link, a.URL)
		mustEqual(t, "published in "+format, item.PublishedParsed.UTC(), before["rss"].PublishedParsed.UTC())
		mustEqual(t, "the text in "+format, strings.Contains(item.Content, "They spoke."), true)
	}
	s.file("correct", a.ID, s.markdown("They met", "As corrected."), "--note", "The names.")
	for _, format := range formats {
		item := read(format).Items[0]
		mustEqual(t, "the id in "+format, item.GUID, before[format].GUID)
		mustEqual(t, "published in "+format, item.PublishedParsed.UTC(), before[format].PublishedParsed.UTC())
		mustEqual(t, "the title in "+format, item.Title, "They met")
	}
}

// TestXmllint: the XML is well-formed whatever the article holds (SECURITY A 36).
func TestXmllint(t *testing.T) {
	t.Parallel()
	xmllint := realpart.Program(t, "xmllint")
	s := newSite(t)
	s.serve()
	nasty := "A ]]> <b> & \"quoted\" \u202e\u0007\u0008\ufffe text"
	s.publish(`"` + strings.ReplaceAll(nasty, `"`, `\"`) + `"`)
	for _, feed := range s.feeds() {
		if strings.HasSuffix(feed, ".json") {
			continue
		}
		cmd := exec.Command(xmllint, "--noout", "-")
		cmd.Stdin = bytes.NewReader(get(t, feed).Body)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", feed, err, out)
		}
	}
}

// TestBrowser: pages are drawn by a real browser, wide and narrow, and say
// something.
func TestBrowser(t *testing.T) {
	chromium := realpart.Program(t, "chromium")
	s := newSite(t)
	s.serve()
	a := s.publish("A treaty was signed", "lead: The two governments agree.")
	for _, page := range []string{a.URL, s.base + "/en/", s.base + "/en/nowhere/"} {
		for _, width := range []int{360, 1280} {
			shot := filepath.Join(t.TempDir(), "page.png")
			cmd := exec.Command(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", //nolint:gosec // fixed arguments
				"--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
				"--user-data-dir="+t.TempDir(), fmt.Sprintf("--window-size=%d,900", max(width, 500)), "--screenshot="+shot, page)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("chromium: %v\n%s", err, out)
			}
			if colours := coloursOf(t, shot); colours < 10 {
				t.Errorf("%s at %d pixels is drawn in %d colours: nothing is there", page, width, colours)
			}
		}
	}
}

func coloursOf(t *testing.T, file string) int {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, err := png.Decode(io.Reader(f))
	if err != nil {
		t.Fatal(err)
	}
	colours := map[[3]uint32]bool{}
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			r, g, b, _ := picture.At(x, y).RGBA()
			colours[[3]uint32{r, g, b}] = true
		}
	}
	return len(colours)
}
