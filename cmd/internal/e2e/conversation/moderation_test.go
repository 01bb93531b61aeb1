package conversation

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
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

// TestBlocksEndFollows: the servers of whom a block ends the follow are told, each
// follower by the Follow that they sent: Mastodon looks for it by its id, or by its
// actor and object (activity/reject.rb), and believes in it until then. Many follows
// are not ended by a slip of the hand.
func TestBlocksEndFollows(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	p := e2etest.NewPeer(t)
	var want []string
	for i := range 11 {
		q := p.As(fmt.Sprintf("reader%d", i))
		follow := q.Follow(s.Actor())
		q.Sends(s, follow)
		want = append(want, fmt.Sprint(q.Actor(), " ", follow["id"]))
	}
	e2etest.Eventually(t, "all are accepted", func() bool { return len(p.OfKind("Accept")) == 11 })
	host := strings.TrimPrefix(p.Server.URL, "http://")
	_, _, err := s.Run("block", "add", host)
	if err == nil || !strings.Contains(err.Error(), "11 accounts") || !strings.Contains(err.Error(), "--confirm") {
		t.Errorf("without --confirm: %v", err)
	}
	e2etest.Equal(t, "followers, nothing confirmed", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], 11)
	e2etest.Equal(t, "blocks, nothing confirmed", s.Must("block", "list", "--json"), "")
	s.Must("block", "add", host, "--confirm")
	e2etest.Eventually(t, "all are told", func() bool { return len(p.OfKind("Reject")) == 11 })
	var got []string
	for _, a := range p.OfKind("Reject") {
		e2etest.Equal(t, "of whom", []string{e2etest.Text(a.Fields, "actor"), e2etest.Text(a.Fields, "object", "object"), e2etest.Text(a.Fields, "object", "type")},
			[]string{s.Actor(), s.Actor(), "Follow"})
		got = append(got, e2etest.Text(a.Fields, "object", "actor")+" "+e2etest.Text(a.Fields, "object", "id"))
	}
	slices.Sort(got)
	slices.Sort(want)
	e2etest.Equal(t, "the follows that are ended", got, want)
	s.Must("block", "remove", host)
	s.FollowedBy(t, s.Actor())
	p.As("reader0").Sends(s, e2etest.With(p.As("reader0").Follow(s.Actor()), "id", p.As("reader0").Actor()+"/follows/again"))
	e2etest.Eventually(t, "who follows again after the block is accepted", func() bool { return len(p.OfKind("Accept")) == 12 })
}
