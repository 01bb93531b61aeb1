package federation_test

import (
	"strings"
	"testing"
	"time"

	"communique/federation/federationtest"
	"communique/storage"
	"communique/storage/press"
)

// TestReactions: what somebody does with an article is counted once.
func TestReactions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		does func(p *federationtest.Peer, a press.Article) []map[string]any
		want string // likes, shares, quotes, replies
	}{
		{"a like", func(p *federationtest.Peer, a press.Article) []map[string]any {
			return []map[string]any{p.Like(objectID(a))}
		}, "1 0 0 0"},
		{"a like that comes twice", func(p *federationtest.Peer, a press.Article) []map[string]any {
			return []map[string]any{p.Like(objectID(a)), p.Like(objectID(a))}
		}, "1 0 0 0"},
		{"a like of the page", func(p *federationtest.Peer, a press.Article) []map[string]any {
			return []map[string]any{p.Like(press.Site{Base: federationtest.Base}.Article(a))}
		}, "1 0 0 0"},
		{"an announce", func(p *federationtest.Peer, a press.Article) []map[string]any {
			return []map[string]any{p.Announce(objectID(a))}
		}, "0 1 0 0"},
		{"an emoji", func(p *federationtest.Peer, a press.Article) []map[string]any {
			return []map[string]any{p.React(objectID(a), "🎉")}
		}, "1 0 0 0"},
		{"a like with an emoji", func(p *federationtest.Peer, a press.Article) []map[string]any {
			return []map[string]any{federationtest.With(p.Like(objectID(a)), "content", "🎉")}
		}, "1 0 0 0"},
		{"a quote", func(p *federationtest.Peer, a press.Article) []map[string]any {
			return []map[string]any{p.Create(federationtest.With(p.Note("1", "<p>Look</p>", ""), "quote", objectID(a)))}
		}, "0 0 1 0"},
		{"of an embedded article", func(p *federationtest.Peer, a press.Article) []map[string]any {
			return []map[string]any{p.Activity("Like", "1", map[string]any{"id": objectID(a), "type": "Note"})}
		}, "1 0 0 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := federationtest.NewSite(t)
			p := s.NewPeer()
			a, _ := s.Publish("Liked")
			p.MustSend(s.Inbox(), tt.does(p, a)...)
			same(t, "reactions", reactions(s, a), tt.want)
		})
	}
}

// TestEmojiAreShort: of what a server says to be an emoji, forty characters are
// kept.
func TestEmojiAreShort(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	a, _ := s.Publish("Liked")
	react := p.React(objectID(a), strings.Repeat("🎉", 100))
	p.MustSend(s.Inbox(), react)
	s.View(func(tx *storage.Tx) error {
		i, err := tx.InteractionOf(p.Actor(), react["id"].(string))
		same(t, "the emoji", i.Content, strings.Repeat("🎉", 40))
		return err
	})
}

// TestUndoOfReactions: they are taken back by whoever made them, and by nobody
// else.
func TestUndoOfReactions(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p, rogue := s.NewPeer(), s.NewPeer()
	a, _ := s.Publish("Liked")
	like, announce := p.Like(objectID(a)), p.Announce(objectID(a))
	p.MustSend(s.Inbox(), like, announce)
	rogue.MustSend(s.Inbox(), rogue.Undo(like), rogue.Undo(like["id"]), rogue.Undo(federationtest.With(p.Like(objectID(a)), "actor", rogue.Actor())))
	same(t, "after a rogue's Undo", reactions(s, a), "1 1 0 0")
	p.MustSend(s.Inbox(), p.Undo(like["id"]))
	same(t, "after an Undo by id", reactions(s, a), "0 1 0 0")
	p.MustSend(s.Inbox(), p.Undo(announce), p.Undo(p.URL()+"/activities/none"))
	same(t, "after an embedded Undo", reactions(s, a), "0 0 0 0")
}

// TestReactionsReplayed: what was captured before its Undo stays undone.
func TestReactionsReplayed(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	a, _ := s.Publish("Liked")
	captured := p.Letter(s.Inbox(), p.Like(objectID(a))).Sign()
	if _, err := captured.Post(); err != nil {
		t.Fatal(err)
	}
	s.Clock.Pass(time.Second)
	p.MustSend(s.Inbox(), p.Undo(p.Like(objectID(a))))
	status, err := captured.Post()
	accepted(t, "the replay", status, err)
	same(t, "reactions", reactions(s, a), "0 0 0 0")
}

// TestReactionsOfOneSecond: Mastodon signs by the second, and a click too many is
// undone and made good within one. The ids tell the two apart.
func TestReactionsOfOneSecond(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ kind, want string }{
		{"Like", "1 0 0 0"},
		{"EmojiReact", "1 0 0 0"},
		{"Announce", "0 1 0 0"},
	} {
		t.Run(tt.kind, func(t *testing.T) {
			t.Parallel()
			s := federationtest.NewSite(t)
			p := s.NewPeer()
			a, _ := s.Publish("Liked")
			does := func(name string) map[string]any {
				return federationtest.With(p.Activity(tt.kind, name, objectID(a)), "content", map[string]string{"EmojiReact": "🎉"}[tt.kind])
			}
			second := s.Clock.Now()
			step := func(what, want string, activities ...map[string]any) {
				t.Helper()
				for _, activity := range activities {
					status, err := p.Letter(s.Inbox(), activity).Date(second).Sign().Post()
					accepted(t, what, status, err)
				}
				same(t, what, reactions(s, a), want)
			}
			step("an Undo", "0 0 0 0", does("1"), p.Undo(does("1")))
			step("done anew", tt.want, does("2"))
			step("the first Undo again", tt.want, p.Undo(does("1")))
			step("an Undo by id", "0 0 0 0", p.Undo(does("2")["id"]))
			step("replays", "0 0 0 0", does("1"), does("2"))
			step("done once more", tt.want, does("3"))
			step("an Undo that has overtaken another one", tt.want, p.Undo(does("4")), does("4"))
		})
	}
}

// TestWhoeverShowsAnArticleHasIt: a server that shows by a request that verifies that
// it may hold something of ours is sent what is said of it later, whoever follows
// there. Mastodon fetches articles by signed GETs from featured, by search
// (services/fetch_resource_service.rb, fetch_featured_collection_service.rb) and for a
// like or an announce, and keeps them until it is told: 4.7.0-alpha.2, GoToSocial and
// Misskey were seen to keep what was withdrawn.
func TestWhoeverShowsAnArticleHasIt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		does func(p *federationtest.Peer, a press.Article) map[string]any
		want bool
	}{
		{"an emoji", func(p *federationtest.Peer, a press.Article) map[string]any { return p.React(objectID(a), "🎉") }, true},
		{"a report", func(p *federationtest.Peer, a press.Article) map[string]any {
			return p.Activity("Flag", "1", []string{objectID(a)})
		}, true},
		{"a request to quote", func(p *federationtest.Peer, a press.Article) map[string]any {
			return federationtest.With(p.Activity("QuoteRequest", "1", objectID(a)), "instrument",
				federationtest.With(p.Note("1", "<p>Look</p>", ""), "quote", objectID(a)))
		}, true},
		{"a like of nothing here", func(p *federationtest.Peer, _ press.Article) map[string]any {
			return p.Like(federationtest.Base + "/ap/articles/k3tq5m2zr7ab4cde")
		}, false},
		{"an announce", func(p *federationtest.Peer, a press.Article) map[string]any { return p.Announce(objectID(a)) }, true},
		{"a reply", func(p *federationtest.Peer, a press.Article) map[string]any {
			return p.Create(p.Note("1", "<p>Well said</p>", objectID(a)))
		}, true},
		{"a quote", func(p *federationtest.Peer, a press.Article) map[string]any {
			return p.Create(federationtest.With(p.Note("1", "<p>Look</p>", ""), "quote", objectID(a)))
		}, true},
		{"a like", func(p *federationtest.Peer, a press.Article) map[string]any { return p.Like(objectID(a)) }, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := federationtest.NewSite(t)
			p := s.NewPeer()
			a, _ := s.Publish("Shown")
			p.MustSend(s.Inbox(), tt.does(p, a))
			var urls []string
			for _, d := range s.Destinations() {
				urls = append(urls, d.URL)
			}
			want := []string{p.SharedInbox()}
			if !tt.want {
				want = nil
			}
			same(t, "destinations", urls, want)
		})
	}
}

// TestWhoeverShowsAWithdrawnArticle is sent its Delete: the message may have been
// under way when it was withdrawn.
func TestWhoeverShowsAWithdrawnArticle(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	a, _ := s.Publish("Withdrawn")
	s.Withdraw(a.ID)
	p.MustSend(s.Inbox(), p.Announce(objectID(a)), p.Like(objectID(a)))
	messages := s.Directed()
	if len(messages) != 2 {
		t.Fatalf("%d messages", len(messages))
	}
	m := messages[0]
	same(t, "the message", []any{m.Inbox, m.Fields["type"], at(m.Fields, "object", "type"), at(m.Fields, "object", "id")}, []any{p.Inbox(), "Delete", "Tombstone", objectID(a)})
	p.MustSend(s.Inbox(), p.Create(p.Note("1", "<p>Well said</p>", objectID(a))))
	same(t, "messages after a reply", len(s.Directed()), 1)
}

// TestAnnounceOfWhoeverCannotBeLookedAt counts all the same.
func TestAnnounceOfWhoeverCannotBeLookedAt(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	p.Describe("inbox", "http://192.0.2.1/inbox")
	a, _ := s.Publish("Shown")
	p.MustSend(s.Inbox(), p.Announce(objectID(a)))
	same(t, "reactions", reactions(s, a), "0 1 0 0")
	same(t, "destinations", len(s.Destinations()), 0)
}
