package federation_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/federation"
	"communique/federation/federationtest"
	"communique/storage/audience"
	"communique/storage/press"
)

// answered sends a request to quote and returns what it is answered with, and the
// path of the permission in that.
func answered(t *testing.T, s *federationtest.Site, p *federationtest.Peer, request map[string]any) (kind any, permission string) {
	t.Helper()
	s.Directed() // what was before
	p.MustSend(s.Inbox(), request)
	all := slices.DeleteFunc(s.Directed(), func(d federationtest.Directed) bool { return d.Fields["type"] == "Delete" }) // of what they hold
	if len(all) == 0 {
		return nil, ""
	}
	same(t, "the answer goes to", all[0].Inbox, p.Inbox())
	result, _ := all[0].Fields["result"].(string)
	return all[0].Fields["type"], strings.TrimPrefix(result, federationtest.Base)
}

// TestQuoteRequests: who may quote, and what.
func TestQuoteRequests(t *testing.T) {
	t.Parallel()
	type site = *federationtest.Site
	type peer = *federationtest.Peer
	nothing := func(site, peer, press.Article) {}
	own := func(p peer) any { return p.Note("1", "<p>Look</p>", "") }
	for _, tt := range []struct {
		name   string
		quotes federation.Quotes
		before func(s site, p peer, a press.Article)
		post   func(p peer) any
		want   any // the type of the answer; nil: none
	}{
		{"anyone", federation.QuotesAnyone, nothing, own, "Accept"},
		{"a follower", federation.QuotesFollowers, func(s site, p peer, _ press.Article) { p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry"))) }, own, "Accept"},
		{"who does not follow", federation.QuotesFollowers, nothing, own, "Reject"},
		{"nobody", federation.QuotesNobody, nothing, own, "Reject"},
		{"a withdrawn article", federation.QuotesAnyone, func(s site, _ peer, a press.Article) { s.Withdraw(a.ID) }, own, "Reject"},
		{"in another's post", federation.QuotesAnyone, nothing, func(p peer) any { return p.As("writer").Note("1", "<p>Look</p>", "") }, nil},
		{"in a post that is not there", federation.QuotesAnyone, nothing, func(p peer) any { return p.PostID("none") }, nil},
		{"in a post of another server", federation.QuotesAnyone, nothing, func(peer) any { return "https://elsewhere.example/1" }, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := federationtest.NewSite(t, func(o *federation.Options) { o.Quotes = tt.quotes })
			p := s.NewPeer()
			a, _ := s.Publish("Quoted")
			tt.before(s, p, a)
			kind, permission := answered(t, s, p, p.QuoteRequest(objectID(a), tt.post(p)))
			same(t, "the answer", kind, tt.want)
			same(t, "there is a permission", permission != "", tt.want == "Accept")
		})
	}
}

// TestQuoteRequestOfNothing: what is not public gets no answer, and a request that
// names no post is malformed.
func TestQuoteRequestOfNothing(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	var embargoed press.Article
	embargoed, _ = s.Publish("Not yet", func(d *press.Draft) { d.Published = s.Clock.Now().Add(time.Hour) })
	kind, _ := answered(t, s, p, p.QuoteRequest(objectID(embargoed), p.Note("1", "<p>Look</p>", "")))
	same(t, "the answer", kind, nil)
	status, err := p.Send(s.Inbox(), p.Activity("QuoteRequest", "1", objectID(embargoed)))
	refusedBy(t, "a request for no post", status, err, federation.ErrMalformed)
}

// TestPermissionToQuote: it is found at its address while article and quote stand
// and its holder is not blocked, and asked again it is the same.
func TestPermissionToQuote(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		ends func(s *federationtest.Site, p *federationtest.Peer, a press.Article)
	}{
		{"the post is deleted", func(s *federationtest.Site, p *federationtest.Peer, _ press.Article) {
			p.MustSend(s.Inbox(), p.Delete(p.PostID("1")))
		}},
		{"the article is withdrawn", func(s *federationtest.Site, _ *federationtest.Peer, a press.Article) { s.Withdraw(a.ID) }},
		{"its holder is blocked", func(s *federationtest.Site, p *federationtest.Peer, _ press.Article) {
			block(s, audience.BlockDomain, p.Host())
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := federationtest.NewSite(t)
			p := s.NewPeer()
			a, _ := s.Publish("Quoted")
			request := p.QuoteRequest(objectID(a), p.Note("1", "<p>Look</p>", ""))
			_, path := answered(t, s, p, request)
			got := s.Get(path)
			same(t, "the permission", []any{got.Status, got.Fields()["type"], got.Fields()["interactingObject"], got.Fields()["interactionTarget"], got.Fields()["attributedTo"]},
				[]any{http.StatusOK, "QuoteAuthorization", p.PostID("1"), objectID(a), s.Actor("ministry")})
			_, again := answered(t, s, p, request)
			same(t, "asked again", again, path)
			tt.ends(s, p, a)
			if got := s.Get(path); got.Err == nil {
				t.Errorf("the permission is answered %d", got.Status)
			}
		})
	}
}

// TestQuotePolicy tells servers before they ask.
func TestQuotePolicy(t *testing.T) {
	t.Parallel()
	for quotes, want := range map[federation.Quotes]string{
		federation.QuotesAnyone:    federationtest.Public,
		federation.QuotesFollowers: federationtest.Base + "/actors/ministry/followers",
		federation.QuotesNobody:    federationtest.Base + "/actors/ministry",
	} {
		s := federationtest.NewSite(t, func(o *federation.Options) { o.Quotes = quotes })
		a, _ := s.Publish("Quoted")
		approval := at(s.Get(objectID(a)).Fields(), "interactionPolicy", "canQuote", "automaticApproval")
		if list, ok := approval.([]any); ok && len(list) == 1 {
			approval = list[0]
		}
		same(t, "who may quote, of "+string(quotes), approval, any(want))
	}
}
