package federation_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"communique/federation"
	"communique/federation/federationtest"
	"communique/federation/moderation"
	"communique/storage/audience"
)

// TestRepliesAreLookedAtAgain: a reply whose deletion nobody told us leaves the page
// when it is gone where it was written. snac2 tells only followers and those mentioned
// (seen with 2.94); Mastodon and GoToSocial answer 404 or 410 then, Pleroma and
// WordPress a Tombstone.
func TestRepliesAreLookedAtAgain(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	answer := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
	}
	for _, tt := range []struct {
		name   string
		answer func(p *federationtest.Peer, note map[string]any) http.HandlerFunc
		// after the first look, and after daily looks for 21 days more
		shown, later bool
		asked        int // how often within the first 40 days
	}{
		{"still there", func(p *federationtest.Peer, note map[string]any) http.HandlerFunc {
			return p.Answering(note)
		}, true, true, 3},
		{"404", func(*federationtest.Peer, map[string]any) http.HandlerFunc { return answer(404) }, false, false, 1},
		{"410", func(*federationtest.Peer, map[string]any) http.HandlerFunc { return answer(410) }, false, false, 1},
		{"a Tombstone", func(p *federationtest.Peer, note map[string]any) http.HandlerFunc {
			return p.Answering(map[string]any{"@context": "https://www.w3.org/ns/activitystreams", "id": note["id"], "type": "Tombstone"})
		}, false, false, 1},
		{"another's post", func(p *federationtest.Peer, note map[string]any) http.HandlerFunc {
			return p.Answering(federationtest.With(note, "attributedTo", p.As("another").Actor()))
		}, true, false, 22},
		{"503", func(*federationtest.Peer, map[string]any) http.HandlerFunc { return answer(503) }, true, false, 22},
		{"an edit", func(p *federationtest.Peer, note map[string]any) http.HandlerFunc {
			return p.Answering(federationtest.With(note, "content", "<p>Something else</p>"))
		}, false, false, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := federationtest.NewSite(t, func(o *federation.Options) { o.Replies = moderation.RepliesOpen })
			p := s.NewPeer()
			a, _ := s.Publish("Answered")
			note := p.Note("1", "<p>Well said</p>", objectID(a))
			p.MustSend(s.Inbox(), p.Create(note))
			s.Server.Replies = moderation.RepliesReview // an edit waits
			p.Serve("/posts/1", tt.answer(p, note))
			shown := func() bool { return len(s.Replies(audience.ReplyApproved)) == 1 }
			look := func() {
				t.Helper()
				if err := s.Server.LookAtReplies(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			s.Clock.Pass(day - time.Second)
			look()
			same(t, "looks within the first day", p.Requests("/posts/1"), 0)
			s.Clock.Pass(time.Second)
			look()
			look()
			same(t, "shown after the first look", shown(), tt.shown)
			for range 39 {
				s.Clock.Pass(day)
				look()
			}
			same(t, "shown later", shown(), tt.later)
			same(t, "looks in forty days", p.Requests("/posts/1"), tt.asked)
		})
	}
}

// TestRepliesAreLookedAtPolitely: of many replies of one server three a minute.
func TestRepliesAreLookedAtPolitely(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t, func(o *federation.Options) { o.Replies = moderation.RepliesOpen })
	p, other := s.NewPeer(), s.NewPeer()
	a, _ := s.Publish("Answered")
	for n := range 10 {
		p.MustSend(s.Inbox(), p.Create(p.Note(fmt.Sprint(n), "<p>Well said</p>", objectID(a))))
	}
	other.MustSend(s.Inbox(), other.Create(other.Note("1", "<p>Well said</p>", objectID(a))))
	s.Clock.Pass(24 * time.Hour)
	for round, want := range []int{7, 4, 1, 0} {
		if err := s.Server.LookAtReplies(t.Context()); err != nil {
			t.Fatal(err)
		}
		same(t, fmt.Sprint("left after round ", round), len(s.Replies(audience.ReplyApproved)), want)
	}
}
