package command

import (
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"communique/cmd/internal/realpart"
)

// TestAggregator: a program that keeps everything asks for what is new, is told
// what was corrected and taken back, and finds the feed again where its section
// has moved, until that is closed.
func TestAggregator(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	first, second := s.publish("First"), s.publish("Second")
	feed := s.base + "/en/the-ministry/the-minister/activities/feed.atom"
	delta := func(tag string) answer { return get(t, feed, "A-IM", "feed", "If-None-Match", tag) }
	got := get(t, feed, "A-IM", "feed")
	mustEqual(t, "the first answer", got.Status, http.StatusOK)
	tag := got.Header.Get("ETag")
	mustEqual(t, "nothing new", delta(tag).Status, http.StatusNotModified)

	s.publish("Third")
	s.file("correct", first.ID, s.markdown("First, corrected", "As it was."), "--note", "The <place>.")
	s.file("withdraw", second.ID, "--reason", "Issued in error & twice.")
	got = delta(tag)
	mustEqual(t, "what is new", got.Status, http.StatusIMUsed)
	mustEqual(t, "the manipulation", got.Header.Get("IM")+" "+got.Header.Get("Cache-Control"), "feed no-store")
	holds(t, got, "<title>Third</title>", "<title>First, corrected</title>", "Issued in error &amp; twice.", second.ID)
	archive := get(t, strings.Replace(feed, ".atom", ".1.atom", 1))
	holds(t, archive, "<title>Third</title>", "<title>First, corrected</title>", second.ID, `rel="current"`)
	mustEqual(t, "the withdrawn text in the archive", strings.Contains(string(archive.Body), ">Second<"), false)

	s.must("section", "rename", "the-ministry/the-minister/activities", "diary")
	s.must("section", "move", "the-ministry/the-minister/diary", "/")
	moved := get(t, feed)
	mustEqual(t, "the old address", moved.Status, http.StatusMovedPermanently)
	mustEqual(t, "the new address", moved.Header.Get("Location"), s.base+"/en/diary/feed.atom")
	feed = moved.Header.Get("Location")
	holds(t, delta(got.Header.Get("ETag")), "<title>Third</title>", "<title>First, corrected</title>")
	// Documents that name the old path are filed where the section is now.
	s.publish("Fourth")

	s.must("section", "add", "Press Room")
	s.must("section", "close", "diary", "--instead", "press-room")
	holds(t, get(t, feed), "This feed has ended", s.base+"/en/press-room/feed.atom", "<title>Fourth</title>")
	holds(t, get(t, s.base+"/en/diary/"), "This section was closed on")
	if _, _, err := s.run("publish", s.markdown("Fifth", "Too late.")); err == nil {
		t.Error("something was filed in a closed section")
	}
}

func holds(t *testing.T, got answer, parts ...string) {
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
	s := newSite(t)
	s.serve()
	nasty := "A ]]> <b> & \"quoted\" ' \u202e\u0007\u0008\ufffe <!-- text"
	title := `"` + strings.ReplaceAll(nasty, `"`, `\"`) + `"`
	s.publish(title)
	tags := map[string]string{}
	for _, feed := range s.feeds() {
		tags[feed] = get(t, feed).Header.Get("ETag")
	}
	a, b := s.publish(title), s.publish(title)
	s.file("correct", a.ID, s.markdown(title, nasty), "--note", nasty)
	s.file("withdraw", b.ID, "--reason", nasty)
	check := func(what string, got answer, status int) {
		t.Helper()
		mustEqual(t, what, got.Status, status)
		if strings.HasSuffix(what, ".json") {
			got.fields(t)
			return
		}
		cmd := exec.Command(xmllint, "--noout", "-")
		cmd.Stdin = strings.NewReader(string(got.Body))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", what, err, out)
		}
	}
	for _, feed := range s.feeds() {
		check(feed, get(t, feed), http.StatusOK)
		check("the delta of "+feed, get(t, feed, "A-IM", "feed", "If-None-Match", tags[feed]), http.StatusIMUsed)
		archive := strings.Replace(feed, "/feed.", "/feed.1.", 1)
		check(archive, get(t, archive), http.StatusOK)
	}
	s.must("section", "name", "the-ministry", "--language", "en", `<b> & ]]> "Ministry"`)
	s.must("section", "close", "the-ministry/the-minister")
	for _, feed := range s.feeds() {
		check(feed, get(t, feed), http.StatusOK)
	}
}
