package conversation

import (
	"encoding/json"
	"fmt"
	"strings"
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

// TestQuotesAreTakenBack: operators see who quotes, and take a permission back for good.
// Mastodon hides the quote when the Delete of its authorization comes
// (activity/delete.rb), and asks the authorization's address again from time to time
// (verify_quote_service.rb).
func TestQuotesAreTakenBack(t *testing.T) {
	t.Parallel()
	s, p, counted := e2etest.NewSite(t), e2etest.NewPeer(t), e2etest.NewPeer(t)
	a := s.Publish("Quoted")
	s.Serve()
	follower := s.FollowedBy(t, s.Actor())
	post := e2etest.With(p.Post("1", "<p>Look <script>at</script> <b>this</b></p>", ""), "quote", s.ObjectID(a))
	request := e2etest.With(p.Activity("QuoteRequest", "1", s.ObjectID(a)), "instrument", post)
	p.Sends(s, request, p.Activity("Create", "2", post))
	counted.Sends(s, counted.Activity("Create", "1", e2etest.With(counted.Post("1", "<p>Without asking</p>", ""), "quoteUrl", s.ObjectID(a))))
	permission := e2etest.Text(p.WaitFor(1)[0].Fields, "result")
	e2etest.Equal(t, "quotes", s.Reactions(a), "[0 0 2 0]")
	var ids []string
	for _, want := range []struct{ text, actor string }{{"Look this", p.Actor()}, {"Without asking", counted.Actor()}} {
		for line := range strings.Lines(s.Must("replies", "list", "--state", "approved", "--json")) {
			var got struct {
				ID, Text, Actor, Article, URL string
				Quote                         bool
			}
			if err := json.Unmarshal([]byte(line), &got); err != nil {
				t.Fatal(err)
			}
			if got.Actor == want.actor {
				e2etest.Equal(t, "what is listed", fmt.Sprint(got.Text, got.Article, got.Quote, got.URL != ""), fmt.Sprint(want.text, a.ID, true, true))
				ids = append(ids, got.ID)
			}
		}
	}
	if _, _, err := s.Run("replies", "approve", ids[0]); err == nil {
		t.Error("a quote is approved")
	}
	s.Must(append([]string{"replies", "reject"}, ids...)...)
	e2etest.Equal(t, "the permission", e2etest.Get(t, permission, "Accept", e2etest.ActivityJSON).Status, 404)
	e2etest.Equal(t, "quotes that count", s.Reactions(a), "[0 0 0 0]")
	for name, q := range map[string]*e2etest.Peer{"who quoted": p, "a follower": follower} {
		e2etest.Eventually(t, name+" is told", func() bool { return len(q.OfKind("Delete")) == 1 })
		got := q.OfKind("Delete")[0].Fields
		e2etest.Equal(t, "of what", []string{e2etest.Text(got, "actor"), e2etest.Text(got, "object", "id"), e2etest.Text(got, "object", "type")},
			[]string{s.Actor(), permission, "QuoteAuthorization"})
	}
	p.Sends(s, e2etest.With(request, "id", p.Server.URL+"/again"), p.Activity("Update", "3", e2etest.With(post, "content", "<p>Again</p>")))
	e2etest.Eventually(t, "it is refused when it is asked for again", func() bool { return len(p.OfKind("Reject")) == 1 })
	e2etest.Equal(t, "quotes that count after an edit", s.Reactions(a), "[0 0 0 0]")
	e2etest.Equal(t, "what is listed of the author's", strings.Count(s.Must("replies", "list", "--state", "rejected", "--json"), p.Actor()+`"`), 1)
}
