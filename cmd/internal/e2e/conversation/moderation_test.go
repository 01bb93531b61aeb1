package conversation

import (
	"bytes"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestReplyOnThePage: a reply is on the page once it is approved and no longer
// than that, and each time the page is another version.
func TestReplyOnThePage(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	a := s.Publish("Answered")
	s.Serve()
	tag := func() string { return s.Page(a).Header.Get("ETag") }
	shows := func(text string) bool { return bytes.Contains(s.Page(a).Body, []byte(text)) }
	before := tag()
	p.Sends(s, p.Activity("Create", "1", p.Post("1", `<p>Well <a href="https://spam.example/">said</a></p>`, s.ObjectID(a))))
	e2etest.Equal(t, "shown while it waits", shows("spam.example"), false)
	e2etest.Equal(t, "a page that shows nothing new", tag(), before)

	s.Must("replies", "approve", s.WaitingReply())
	e2etest.Equal(t, "shown", shows(`<p>Well <a rel="nofollow ugc" href="https://spam.example/">said</a></p>`), true)
	approved := tag()
	e2etest.Equal(t, "asked again with the old tag", s.Page(a, "If-None-Match", before).Status, 200)
	e2etest.Equal(t, "asked again with the new tag", s.Page(a, "If-None-Match", approved).Status, 304)

	edited := e2etest.With(p.Post("1", "<p>Buy things</p>", s.ObjectID(a)), "updated", "2026-01-03T03:04:05Z")
	p.Sends(s, p.Activity("Update", "1", edited))
	e2etest.Equal(t, "shown after an edit", shows("Well") || shows("Buy"), false)
	s.Must("replies", "approve", s.WaitingReply())
	e2etest.Equal(t, "the edit", shows("Buy things"), true)
	p.Sends(s, p.Activity("Delete", "1", edited["id"]))
	e2etest.Equal(t, "shown after the deletion", shows("Buy things"), false)
	for _, old := range []string{before, approved} {
		if tag() == old {
			t.Error("two pages have one tag")
		}
	}
}
