package readers

import (
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/realpart"
)

// TestAggregator: a program that keeps everything asks for what is new, is told
// what was corrected and taken back, and finds the feed again where its section
// has moved, until that is closed.
func TestAggregator(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	first, second := s.Publish("First"), s.Publish("Second")
	feed := s.Base + "/en/the-ministry/the-minister/activities/feed.atom"
	delta := func(tag string) e2etest.Answer { return e2etest.Get(t, feed, "A-IM", "feed", "If-None-Match", tag) }
	got := e2etest.Get(t, feed, "A-IM", "feed")
	e2etest.Equal(t, "the first answer", got.Status, http.StatusOK)
	tag := got.Header.Get("ETag")
	e2etest.Equal(t, "nothing new", delta(tag).Status, http.StatusNotModified)

	s.Publish("Third")
	s.File("correct", first.ID, s.Markdown("First, corrected", "As it was."), "--replace", "--note", "The <place>.")
	s.File("withdraw", second.ID, "--reason", "Issued in error & twice.")
	got = delta(tag)
	e2etest.Equal(t, "what is new", got.Status, http.StatusIMUsed)
	e2etest.Equal(t, "the manipulation", got.Header.Get("IM")+" "+got.Header.Get("Cache-Control"), "feed no-store")
	holds(t, got, "<title>Third</title>", "<title>First, corrected</title>", "Issued in error &amp; twice.", second.ID)
	archive := e2etest.Get(t, strings.Replace(feed, ".atom", ".1.atom", 1))
	holds(t, archive, "<title>Third</title>", "<title>First, corrected</title>", second.ID, `rel="current"`)
	e2etest.Equal(t, "the withdrawn text in the archive", strings.Contains(string(archive.Body), ">Second<"), false)

	s.Must("section", "rename", "the-ministry/the-minister/activities", "diary")
	s.Must("section", "move", "the-ministry/the-minister/diary", "/")
	moved := e2etest.Get(t, feed)
	e2etest.Equal(t, "the old address", moved.Status, http.StatusMovedPermanently)
	e2etest.Equal(t, "the new address", moved.Header.Get("Location"), s.Base+"/en/diary/feed.atom")
	feed = moved.Header.Get("Location")
	holds(t, delta(got.Header.Get("ETag")), "<title>Third</title>", "<title>First, corrected</title>")
	// Documents that name the old path are filed where the section is now.
	s.Publish("Fourth")

	s.Must("section", "add", "Press Room")
	s.Must("section", "close", "diary", "--instead", "press-room")
	holds(t, e2etest.Get(t, feed), "This feed has ended", s.Base+"/en/press-room/feed.atom", "<title>Fourth</title>")
	holds(t, e2etest.Get(t, s.Base+"/en/diary/"), "This section was closed on")
	if _, _, err := s.Run("publish", s.Markdown("Fifth", "Too late.")); err == nil {
		t.Error("something was filed in a closed section")
	}
}

func holds(t *testing.T, got e2etest.Answer, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(string(got.Body), part) {
			t.Errorf("the answer lacks %q:\n%s", part, got.Body)
		}
	}
}

// TestXmllintOfThePast: archives, deltas, tombstones and endings are well-formed
// whatever is in them (SECURITY A 36).
func TestXmllintOfThePast(t *testing.T) {
	t.Parallel()
	xmllint := realpart.Program(t, "xmllint")
	s := e2etest.NewSite(t)
	s.Serve()
	nasty := "A ]]> <b> & \"quoted\" ' \u202e <!-- text"
	title := func(n int) string { return fmt.Sprintf(`"%s %d"`, strings.ReplaceAll(nasty, `"`, `\"`), n) }
	s.Publish(title(1))
	tags := map[string]string{}
	for _, feed := range s.Feeds() {
		tags[feed] = e2etest.Get(t, feed).Header.Get("ETag")
	}
	a, b := s.Publish(title(2)), s.Publish(title(3))
	s.File("correct", a.ID, s.Markdown(title(2), strings.ReplaceAll(nasty, "<", `\<`)), "--note", nasty)
	s.File("withdraw", b.ID, "--reason", nasty)
	check := func(what string, got e2etest.Answer, status int) {
		t.Helper()
		e2etest.Equal(t, what, got.Status, status)
		if strings.HasSuffix(what, ".json") {
			got.Fields(t)
			return
		}
		cmd := exec.Command(xmllint, "--noout", "-")
		cmd.Stdin = strings.NewReader(string(got.Body))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", what, err, out)
		}
	}
	for _, feed := range s.Feeds() {
		check(feed, e2etest.Get(t, feed), http.StatusOK)
		check("the delta of "+feed, e2etest.Get(t, feed, "A-IM", "feed", "If-None-Match", tags[feed]), http.StatusIMUsed)
		archive := strings.Replace(feed, "/feed.", "/feed.1.", 1)
		check(archive, e2etest.Get(t, archive), http.StatusOK)
	}
	s.Must("section", "name", "the-ministry", "--language", "en", `<b & ]] "Ministry"`)
	s.Must("section", "close", "the-ministry/the-minister")
	for _, feed := range s.Feeds() {
		check(feed, e2etest.Get(t, feed), http.StatusOK)
	}
}
