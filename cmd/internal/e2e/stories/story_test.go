package stories

import (
	"bytes"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestAStatementGoesOutEverywhere is the main job: published, corrected and
// withdrawn, a statement shows in every feed, on its page and at a follower.
func TestAStatementGoesOutEverywhere(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewFollowed(t)

	f := s.Publish("A treaty was signed")
	for _, feed := range s.Feeds() {
		e2etest.Equal(t, "the title in "+feed, bytes.Count(e2etest.Get(t, feed).Body, []byte("A treaty was signed")) > 0, true)
	}
	page := e2etest.Get(t, f.URL, "Accept", "text/html")
	e2etest.Equal(t, "the page", page.Status, 200)
	p.WaitFor(2)

	s.File("correct", f.ID, s.Markdown("Two treaties were signed", "The delegation came.\n\nThey signed both."), "--note", "There were two of them.")
	for _, feed := range s.Feeds() {
		body := e2etest.Get(t, feed).Body
		if !bytes.Contains(body, []byte("Two treaties were signed")) || bytes.Contains(body, []byte("A treaty was signed")) ||
			!bytes.Contains(body, []byte("There were two of them.")) {
			t.Errorf("%s after the correction:\n%s", feed, body)
		}
	}
	moved := e2etest.Get(t, f.URL, "Accept", "text/html")
	e2etest.Equal(t, "the old address", moved.Status, 301)
	page = e2etest.Get(t, moved.Header.Get("Location"), "Accept", "text/html")
	e2etest.Equal(t, "the note on the page", bytes.Contains(page.Body, []byte("There were two of them.")), true)
	p.WaitFor(3)

	s.File("withdraw", f.ID, "--reason", "Neither was signed.")
	e2etest.Equal(t, "mentions in the feeds", mentions(t, s.Feeds(), "treaties"), 0)
	page = e2etest.Get(t, moved.Header.Get("Location"), "Accept", "text/html")
	e2etest.Equal(t, "the page's status", page.Status, 410)
	e2etest.Equal(t, "the reason on the page", bytes.Contains(page.Body, []byte("Neither was signed.")), true)
	e2etest.Equal(t, "the title on the page", bytes.Contains(page.Body, []byte("treaties")), false)
	got := p.WaitFor(4)
	e2etest.Equal(t, "what arrived", e2etest.Kinds(got), []string{"Accept", "Create", "Update", "Delete"})
	if _, _, err := s.Run("withdraw", f.ID, "--reason", "Again."); err == nil {
		t.Error("it was withdrawn twice")
	}
}
