package conversation

import (
	"fmt"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/storage/audience"
)

// TestReplies: a reply waits, is cleaned, and goes the way of its author's
// edits and deletion.
func TestReplies(t *testing.T) {
	t.Parallel()
	s, p, rogue := e2etest.NewSite(t), e2etest.NewPeer(t), e2etest.NewPeer(t)
	a := s.Publish("Answered")
	s.Serve()
	note := p.Post("1", `<p onclick="x()">Well <b>said</b><script>alert(1)</script><img src="https://evil.example/x.png"> <a href="javascript:x()">so</a></p>`, s.ObjectID(a))
	p.Sends(s, p.Activity("Create", "1", note))
	waiting := s.Replies(audience.ReplyPending)
	if len(waiting) != 1 {
		t.Fatalf("%d replies wait", len(waiting))
	}
	r := waiting[0]
	e2etest.Equal(t, "text", r.Content, "<p>Well <b>said</b> so</p>")
	e2etest.Equal(t, "of", []any{r.Article, r.Actor, r.Handle, r.Language, r.Public}, []any{a.ID, p.Actor(), "@reader@" + p.Server.Listener.Addr().String(), "en", true})

	// SECURITY A12, A13: nobody else changes or deletes it, nor speaks for its author.
	stolen := e2etest.With(p.Post("1", "<p>Mine</p>", s.ObjectID(a)), "updated", "2026-02-02T03:04:05Z")
	forged := e2etest.With(p.Post("2", "<p>Not theirs</p>", s.ObjectID(a)))
	taken := e2etest.With(p.Post("1", "<p>Mine</p>", s.ObjectID(a)), "attributedTo", rogue.Actor(), "updated", "2026-02-02T03:04:05Z")
	rogue.Sends(s, rogue.Activity("Update", "u", stolen), rogue.Activity("Create", "c", forged), rogue.Activity("Update", "t", taken),
		rogue.Activity("Delete", "d", note["id"]))
	after := s.Replies(audience.ReplyPending)
	e2etest.Equal(t, "what waits after a rogue", fmt.Sprint(len(after), after[0].Content), fmt.Sprint(1, r.Content))

	edited := e2etest.With(p.Post("1", "<p>Well put</p>", s.ObjectID(a)), "updated", "2026-01-03T03:04:05Z")
	p.Sends(s, p.Activity("Update", "1", edited))
	e2etest.Equal(t, "text after the edit", s.Replies(audience.ReplyPending)[0].Content, "<p>Well put</p>")
	p.Sends(s, p.Activity("Delete", "1", map[string]any{"id": note["id"], "type": "Tombstone"}))
	e2etest.Equal(t, "replies after the deletion", len(s.Replies(audience.ReplyPending)), 0)

	private := e2etest.With(p.Post("3", "<p>Between us</p>", s.ObjectID(a)), "to", []string{s.Actor()})
	mention := e2etest.With(p.Post("4", "<p>Hello</p>", ""), "tag", []any{map[string]any{"type": "Mention", "href": s.Actor(), "name": "@ministry"}})
	nothing := p.Post("5", "<p>About the weather</p>", "https://elsewhere.example/1")
	p.Sends(s, p.Activity("Create", "3", private), p.Activity("Create", "4", mention), p.Activity("Create", "5", nothing))
	kept := s.Replies(audience.ReplyPending)
	e2etest.Equal(t, "a private post and a mention", fmt.Sprint(len(kept), kept[0].Public, kept[1].Public, kept[1].Article == ""), "2 false true true")
}

// TestEditsWithoutTheirTime: the text of before does not come back when it is sent
// again, also where an author's server does not say when they changed it.
func TestEditsWithoutTheirTime(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	a := s.Publish("Answered")
	s.Serve()
	send := func(kind, content string, after time.Duration) *e2etest.Letter {
		l := p.Letter(s.Inbox(), p.Activity(kind, content, p.Post("1", content, s.ObjectID(a))))
		e2etest.Dated(after)(l)
		l.Sign(t)
		e2etest.Equal(t, "the answer to "+content, l.Post(t), 202)
		return l
	}
	first := send("Create", "<p>Firts</p>", 0)
	second := send("Update", "<p>First</p>", time.Second)
	send("Update", "<p>At first</p>", 2*time.Second)
	for _, before := range []*e2etest.Letter{first, second} {
		e2etest.Equal(t, "the answer to it again", before.Post(t), 202)
		e2etest.Equal(t, "text", s.Replies(audience.ReplyPending)[0].Content, "<p>At first</p>")
	}
}

// TestRepliesOpenAndOff: the other two settings.
func TestRepliesOpenAndOff(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string]string{"open": "[0 0 0 1]", "off": "[0 0 0 0]"} {
		t.Run(setting, func(t *testing.T) {
			t.Parallel()
			s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
			s.Configure("replies: review", "replies: "+setting)
			a := s.Publish("Answered")
			s.Serve()
			p.Sends(s, p.Activity("Create", "1", p.Post("1", "<p>Well said</p>", s.ObjectID(a))),
				p.Activity("Create", "2", e2etest.With(p.Post("2", "<p>Between us</p>", s.ObjectID(a)), "to", []string{s.Actor()})))
			e2etest.Equal(t, "reactions", s.Reactions(a), want)
			if setting == "off" {
				e2etest.Equal(t, "posts that wait", len(s.Replies(audience.ReplyPending)), 0)
			}
		})
	}
}

// TestDeletionsThatOvertake: a post that is deleted before it arrives is not
// kept, nor counted as a quote.
func TestDeletionsThatOvertake(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	a := s.Publish("Answered")
	s.Serve()
	quote := e2etest.With(p.Post("2", "<p>Look</p>", ""), "quote", s.ObjectID(a))
	created := []*e2etest.Letter{
		p.Letter(s.Inbox(), p.Activity("Create", "1", p.Post("1", "<p>Oh no</p>", s.ObjectID(a)))),
		p.Letter(s.Inbox(), p.Activity("Create", "2", quote)),
	}
	for n, l := range created {
		deleted := p.Letter(s.Inbox(), p.Activity("Delete", fmt.Sprint(n), fmt.Sprintf("%s/posts/%d", p.Server.URL, n+1)))
		e2etest.Dated(time.Second)(deleted)
		deleted.Sign(t)
		e2etest.Equal(t, "the answer to a Delete", deleted.Post(t), 202)
		l.Sign(t)
		e2etest.Equal(t, "the answer to the Create", l.Post(t), 202)
	}
	e2etest.Equal(t, "posts that wait", len(s.Replies(audience.ReplyPending)), 0)
	e2etest.Equal(t, "reactions", s.Reactions(a), "[0 0 0 0]")
}
