package conversation

import (
	"fmt"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// TestPermissionsOfAccountsThatGo: a permission to quote goes with the account
// that has it, and what asked for it does not bring it back.
func TestPermissionsOfAccountsThatGo(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	a := s.Publish("Quoted")
	s.Serve()
	p.Publish("/posts/1", e2etest.ActivityJSON, e2etest.With(p.Post("1", "<p>Look</p>", ""), "quote", s.ObjectID(a)))
	asks := p.Letter(s.Inbox(), e2etest.With(p.Activity("QuoteRequest", "1", s.ObjectID(a)), "instrument", p.Server.URL+"/posts/1"))
	asks.Sign(t)
	e2etest.Equal(t, "the answer to the request", asks.Post(t), 202)
	permission := e2etest.Text(p.WaitFor(1)[0].Fields, "result")
	e2etest.Equal(t, "the permission", e2etest.Get(t, permission, "Accept", e2etest.ActivityJSON).Status, 200)
	leaves := p.Letter(s.Inbox(), p.Activity("Delete", "me", p.Actor()))
	e2etest.Dated(time.Second)(leaves)
	leaves.Sign(t)
	e2etest.Equal(t, "the answer to the deletion", leaves.Post(t), 202)
	e2etest.Equal(t, "the permission after it", e2etest.Get(t, permission, "Accept", e2etest.ActivityJSON).Status, 404)
	e2etest.Equal(t, "the answer to the same request", asks.Post(t), 202)
	s.FollowedBy(t, s.Actor()) // what waited has gone out when this is answered
	e2etest.Equal(t, "what was answered", len(p.Arrivals()), 1)
}

// TestPermissionsAreTheAuthors: another account of the same server neither gets
// the permission of a post, nor takes it back, nor keeps it from its author.
func TestPermissionsAreTheAuthors(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	a := s.Publish("Quoted")
	s.Serve()
	other := p.As("reader-two")
	post := e2etest.With(p.Post("1", "<p>Look</p>", ""), "quote", s.ObjectID(a))
	p.Publish("/posts/1", e2etest.ActivityJSON, post)
	for _, instrument := range []any{post["id"], post} {
		other.Sends(s, e2etest.With(other.Activity("QuoteRequest", "1", s.ObjectID(a)), "instrument", instrument))
	}
	for n, instrument := range []any{post["id"], post} {
		p.Sends(s, e2etest.With(p.Activity("QuoteRequest", fmt.Sprint(n), s.ObjectID(a)), "instrument", instrument))
	}
	answers := p.WaitFor(2)
	permission := e2etest.Text(answers[0].Fields, "result")
	e2etest.Equal(t, "the permission, asked for again", e2etest.Text(answers[1].Fields, "result"), permission)
	for _, got := range answers {
		e2etest.Equal(t, "who is answered", e2etest.Text(got.Fields, "object", "actor"), p.Actor())
	}
	other.Sends(s, other.Activity("Delete", "1", post["id"]))
	e2etest.Equal(t, "the permission after another took it back", e2etest.Get(t, permission, "Accept", e2etest.ActivityJSON).Status, 200)
	deleted := p.Letter(s.Inbox(), p.Activity("Delete", "2", post["id"]))
	e2etest.Dated(time.Second)(deleted)
	deleted.Sign(t)
	e2etest.Equal(t, "the answer to a Delete", deleted.Post(t), 202)
	e2etest.Equal(t, "the permission after its post is gone", e2etest.Get(t, permission, "Accept", e2etest.ActivityJSON).Status, 404)
}
