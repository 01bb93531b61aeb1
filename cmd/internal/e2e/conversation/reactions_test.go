package conversation

import (
	"testing"

	"communique/cmd/internal/e2e/e2etest"
	"communique/storage/audience"
)

// TestReactions: what others do with an article is counted once for each of
// them, and taken back by whoever did it.
func TestReactions(t *testing.T) {
	t.Parallel()
	s, p, rogue := e2etest.NewSite(t), e2etest.NewPeer(t), e2etest.NewPeer(t)
	a := s.Publish("Liked")
	s.Serve()
	id := s.ObjectID(a)
	like, boost := p.Activity("Like", "like", id), p.Activity("Announce", "boost", id)
	emoji := e2etest.With(p.Activity("EmojiReact", "emoji", id), "content", "🎉")
	p.Sends(s, like, like, boost, emoji, p.Activity("Like", "page", a.URL), p.Activity("Like", "other", "https://elsewhere.example/1"))
	e2etest.Equal(t, "reactions", s.Reactions(a), "[2 1 0 0]")

	// SECURITY A13: the owner only, whichever way the activity is named.
	rogue.Sends(s, rogue.Activity("Undo", "1", like["id"]), rogue.Activity("Undo", "2", like))
	e2etest.Equal(t, "reactions after a rogue's Undo", s.Reactions(a), "[2 1 0 0]")
	p.Sends(s, p.Activity("Undo", "1", boost["id"]), p.Activity("Undo", "2", emoji))
	e2etest.Equal(t, "reactions after Undo", s.Reactions(a), "[1 0 0 0]")

	quote := e2etest.With(p.Post("q", "<p>Look!</p>", ""), "quoteUrl", id)
	p.Sends(s, p.Activity("Create", "q", quote))
	e2etest.Equal(t, "reactions with a quote", s.Reactions(a), "[1 0 1 0]")
	p.Sends(s, p.Activity("Delete", "dq", map[string]any{"id": quote["id"], "type": "Tombstone"}))
	e2etest.Equal(t, "reactions without it", s.Reactions(a), "[1 0 0 0]")
	e2etest.Equal(t, "posts that wait", len(s.Replies(audience.ReplyPending)), 0)
}

// TestUndoOfWhatIsHardlyEmbedded: an Undo that embeds no more than an id is one
// that names it.
func TestUndoOfWhatIsHardlyEmbedded(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	a := s.Publish("Liked")
	s.Serve()
	follow, like := p.Follow(s.Actor()), p.Activity("Like", "like", s.ObjectID(a))
	boost := p.Activity("Announce", "boost", s.ObjectID(a))
	p.Sends(s, follow, like, boost)
	e2etest.Equal(t, "reactions", s.Reactions(a), "[1 1 0 0]")
	p.Sends(s, p.Activity("Undo", "1", map[string]any{"id": follow["id"], "type": "Follow", "actor": p.Actor()}),
		p.Activity("Undo", "2", map[string]any{"id": like["id"], "type": "Like"}), p.Activity("Undo", "3", map[string]any{"id": boost["id"]}))
	e2etest.Equal(t, "reactions after Undo", s.Reactions(a), "[0 0 0 0]")
	e2etest.Equal(t, "followers", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], 0)
	e2etest.Equal(t, "an Undo of nothing", p.Send(s.Inbox(), p.Activity("Undo", "4", map[string]any{"type": "Like"})), 400)
}
