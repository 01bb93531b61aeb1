package federation_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"communique/federation"
	"communique/federation/federationtest"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/deliveries"
)

// announcing adds an actor that announces what is published.
func announcing(o *federation.Options) {
	o.Announcers = []federation.Profile{{Name: "minister", DisplayName: "The Minister", Home: federationtest.Base + "/en/minister/", Language: "en", Published: federationtest.Noon}}
}

// TestFollow: a Follow stores the follower, where deliveries go, and the Accept
// that answers it.
func TestFollow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		actor    string
		describe []any // fields of the follower's document
		delivery func(p *federationtest.Peer) string
		handle   func(p *federationtest.Peer) string
	}{
		{"the author", "ministry", nil, (*federationtest.Peer).SharedInbox, (*federationtest.Peer).Handle},
		{"one that announces", "minister", nil, (*federationtest.Peer).SharedInbox, (*federationtest.Peer).Handle},
		{"without a shared inbox", "ministry", []any{"endpoints", nil}, (*federationtest.Peer).Inbox, (*federationtest.Peer).Handle},
		{"with a shared inbox on another host", "ministry", []any{"endpoints", map[string]any{"sharedInbox": "http://127.0.0.1:1/inbox"}}, (*federationtest.Peer).Inbox, (*federationtest.Peer).Handle},
		{
			"with a user name that fits in no handle", "ministry", []any{"preferredUsername", "ana@gov.example"},
			(*federationtest.Peer).SharedInbox, func(*federationtest.Peer) string { return "" },
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := federationtest.NewSite(t, announcing)
			p := s.NewPeer()
			p.Describe(tt.describe...)
			follow := p.Follow(s.Actor(tt.actor))
			p.MustSend(s.Inbox(), follow)

			followers := s.Followers(tt.actor)
			if len(followers) != 1 {
				t.Fatalf("%d followers", len(followers))
			}
			f := followers[0]
			same(t, "the follower", []any{f.Actor, f.Handle, f.Inbox, f.Follow}, []any{p.Actor(), tt.handle(p), p.Inbox(), follow["id"]})
			same(t, "where deliveries go", s.Destinations()[0].URL, tt.delivery(p))

			answers := s.Directed()
			if len(answers) != 1 {
				t.Fatalf("%d answers", len(answers))
			}
			accept := answers[0].Fields
			same(t, "the answer goes to", answers[0].Inbox, p.Inbox())
			same(t, "the answer", []any{accept["type"], accept["actor"], at(accept, "object", "type"), at(accept, "object", "id"), at(accept, "object", "actor"), at(accept, "object", "object")},
				[]any{"Accept", s.Actor(tt.actor), "Follow", follow["id"], p.Actor(), s.Actor(tt.actor)})
		})
	}
}

// TestFollowUnderAnIDOfAnother: the answer repeats no id that the follower cannot
// give, or it would accept what another has asked.
func TestFollowUnderAnIDOfAnother(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	p.MustSend(s.Inbox(), federationtest.With(p.Follow(s.Actor("ministry")), "id", "https://honest.example/follows/1"))
	same(t, "the id that is accepted", at(s.Directed()[0].Fields, "object", "id"), nil)
}

// TestFollowRefused: an account must have an inbox that we would connect to.
func TestFollowRefused(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	for i, inbox := range []string{"javascript:alert(1)", "/inbox", "http://192.0.2.1/inbox", "http://me@127.0.0.1:1/inbox"} {
		p := p.As(fmt.Sprint("reader", i))
		p.Describe("inbox", inbox)
		status, err := p.Send(s.Inbox(), p.Follow(s.Actor("ministry")))
		refusedBy(t, "a Follow from "+inbox, status, err, federation.ErrMalformed)
	}
	status, err := p.Send(s.Inbox(), p.Activity("Follow", "1", []any{}))
	refusedBy(t, "a Follow of nobody", status, err, federation.ErrMalformed)
	same(t, "followers", len(s.Followers("ministry")), 0)
}

// TestUndoOfAFollow, in all the forms in which servers write one.
func TestUndoOfAFollow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		undo func(s *federationtest.Site, p *federationtest.Peer) any
		want int // followers that are left
	}{
		{"embedded", func(s *federationtest.Site, p *federationtest.Peer) any { return p.Follow(s.Actor("minister")) }, 0},
		{"embedded without its id", func(s *federationtest.Site, p *federationtest.Peer) any {
			return federationtest.With(p.Follow(s.Actor("minister")), "id", "")
		}, 0},
		{"by its id", func(s *federationtest.Site, p *federationtest.Peer) any { return p.Follow("")["id"] }, 0},
		{"embedded with its id alone", func(_ *federationtest.Site, p *federationtest.Peer) any {
			return map[string]any{"id": p.Follow("")["id"], "type": "Follow", "actor": p.Actor()}
		}, 0},
		{"of another's", func(s *federationtest.Site, p *federationtest.Peer) any {
			return p.As("writer").Follow(s.Actor("minister"))
		}, 1},
		{"of another actor", func(s *federationtest.Site, p *federationtest.Peer) any {
			return federationtest.With(p.Follow(s.Actor("nobody")), "id", "")
		}, 1},
		{"of an id that is not known", func(_ *federationtest.Site, p *federationtest.Peer) any { return p.URL() + "/activities/other" }, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := federationtest.NewSite(t, announcing)
			p := s.NewPeer()
			p.MustSend(s.Inbox(), p.Follow(s.Actor("minister")), p.Undo(tt.undo(s, p)))
			same(t, "followers", len(s.Followers("minister")), tt.want)
		})
	}
}

// TestUndoOfNothing has nothing to say what it undoes.
func TestUndoOfNothing(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	status, err := p.Send(s.Inbox(), p.Undo(map[string]any{"type": "Like"}))
	refusedBy(t, "an Undo", status, err, federation.ErrMalformed)
}

// TestFollowsReplayed: what was signed before it was taken back stays taken back,
// and what was done again stays done.
func TestFollowsReplayed(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	send := func(activity map[string]any) *federationtest.Letter {
		s.Clock.Pass(time.Second)
		l := p.Letter(s.Inbox(), activity).Sign()
		status, err := l.Post()
		accepted(t, activity["type"].(string), status, err)
		return l
	}
	replayed := func(l *federationtest.Letter, want int) {
		t.Helper()
		status, err := l.Post()
		accepted(t, "the replay", status, err)
		same(t, "followers", len(s.Followers("ministry")), want)
	}
	follow := send(p.Follow(s.Actor("ministry")))
	undo := send(p.Undo(p.Follow(s.Actor("ministry"))))
	replayed(follow, 0)
	send(p.Follow(s.Actor("ministry")))
	replayed(undo, 1)
}

// TestUnfollowAndFollowWithinOneSecond, as somebody's two clicks reach us from
// Mastodon 4.7, which signs by the second: in either order, they follow.
func TestUnfollowAndFollowWithinOneSecond(t *testing.T) {
	t.Parallel()
	for _, apart := range []time.Duration{0, 4 * time.Second} {
		for _, overtaken := range []bool{false, true} {
			s := federationtest.NewSite(t)
			p := s.NewPeer()
			first := p.Follow(s.Actor("ministry"))
			again := federationtest.With(p.Follow(s.Actor("ministry")), "id", p.URL()+"/follows/again")
			p.MustSend(s.Inbox(), first)
			s.Clock.Pass(time.Hour)
			if overtaken {
				p.MustSend(s.Inbox(), again)
				s.Clock.Pass(apart)
				p.MustSend(s.Inbox(), p.Undo(first))
			} else {
				p.MustSend(s.Inbox(), p.Undo(first), again)
			}
			same(t, "followers", len(s.Followers("ministry")), 1)
			p.MustSend(s.Inbox(), p.Undo(again))
			same(t, "followers after the last Undo", len(s.Followers("ministry")), 0)
		}
	}
}

// TestUndoOfAnotherFollow: an Undo whose Follow has not come ends no other, in the same
// second or later, and in whichever order a server works off what has piled up.
func TestUndoOfAnotherFollow(t *testing.T) {
	t.Parallel()
	for _, steps := range []string{
		"+2 -1 +1", "+2 wait -1 +1", "+1 -1 +3 -2 +2", "+1 +3 -2 +2 -1", "-1 +2 +1 -1", "-1 -2 +2 +3 +1",
	} {
		t.Run(steps, func(t *testing.T) {
			t.Parallel()
			s := federationtest.NewSite(t)
			p := s.NewPeer()
			for step := range strings.FieldsSeq(steps) {
				follow := p.Activity("Follow", step[1:], s.Actor("ministry"))
				switch step[0] {
				case '+':
					p.MustSend(s.Inbox(), follow)
				case '-':
					p.MustSend(s.Inbox(), p.Undo(follow))
				default:
					s.Clock.Pass(5 * time.Second)
				}
			}
			same(t, "followers", len(s.Followers("ministry")), 1)
		})
	}
}

// TestRootsAreOneInbox: with and without its slash, the root of a server is one inbox.
func TestRootsAreOneInbox(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	server := s.NewPeer()
	for i, root := range []string{server.URL(), server.URL() + "/", server.URL()} {
		p := server.As(fmt.Sprint("reader", i))
		p.Describe("inbox", root, "endpoints", map[string]any{"sharedInbox": root})
		p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
	}
	same(t, "inboxes", len(s.Destinations()), 1)
	same(t, "the inbox", s.Destinations()[0].URL, server.URL()+"/")
	for _, f := range s.Followers("ministry") {
		same(t, "a follower's own", f.Inbox, server.URL()+"/")
	}
}

// TestUndosByIDAlone: what an Undo names by its id alone is over also if it comes after it;
// what has another id is not, whichever of our actors it is for.
func TestUndosByIDAlone(t *testing.T) {
	t.Parallel()
	for steps, want := range map[string]string{
		"+1 -1": "0 0", "-1 +1": "0 0", "-1 wait +1": "0 0", "-1 +2": "1 1", "+2 -1": "1 1", "+2 -1 wait +1": "1 1", "-2 -1 +1 +2 +3": "1 1", "-1 later +1": "1 1",
	} {
		t.Run(steps, func(t *testing.T) {
			t.Parallel()
			s := federationtest.NewSite(t)
			p := s.NewPeer()
			a, _ := s.Publish("Liked")
			offset := time.Duration(0)
			for step := range strings.FieldsSeq(steps) {
				follow, like := p.Activity("Follow", "f"+step[1:], s.Actor("ministry")), p.Activity("Like", "l"+step[1:], objectID(a))
				switch {
				case step == "later": // it is done anew, and signed after the Undo
					s.Clock.Pass(5 * time.Second)
					offset = 0
				case step == "wait":
					s.Clock.Pass(5 * time.Second)
					offset = -10 * time.Second // a delivery that was late, signed before
				case step[0] == '+':
					for _, activity := range []map[string]any{follow, like} {
						l := p.Letter(s.Inbox(), activity)
						l.Date(s.Clock.Now().Add(offset))
						status, err := l.Sign().Post()
						accepted(t, step, status, err)
					}
				default:
					p.MustSend(s.Inbox(), p.Activity("Undo", "u"+step[1:], follow["id"]), p.Activity("Undo", "v"+step[1:], like["id"]))
				}
			}
			likes := strings.Fields(reactions(s, a))[0]
			same(t, "followers and likes", fmt.Sprint(len(s.Followers("ministry")), " ", likes), want)
		})
	}
}

// TestUndosWithOtherIDs: some servers give what an Undo has embedded in it another id
// than it had when it came, and mean whatever stands.
func TestUndosWithOtherIDs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, runs          string
		follows, takenBack  string // ids behind the server's address
		again, takenBackToo string
		want                int
	}{
		// packages/backend/src/core/UserFollowingService.ts
		{"Misskey", "", "/follows/r1", "/follows/press/9x", "/follows/r2", "/follows/press/9x", 0},
		{"one of its form about another", "", "/follows/r1", "/follows/writer/9x", "/follows/r2", "/follows/writer/9x", 1},
		{"longer than its form", "", "/follows/r1", "/follows/press/9x/r0", "/follows/r2", "/follows/press/9x/r3", 1},
		// crates/apub/activities/src/following/undo_follow.rs
		{"Lemmy", "lemmy", "/activities/follow/1", "/activities/follow/2", "/activities/follow/3", "/activities/follow/4", 0},
		// app/Http/Controllers/FollowerController.php
		{"Pixelfed", "pixelfed", "/users/press#follow/1", "/users/press#follows/1", "/users/press#follow/1", "/users/press#follows/1", 0},
		{"Mastodon", "mastodon", "/users/press#follows/1", "/users/press#follows/2", "/users/press#follows/3", "/users/press#follows/4", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := federationtest.NewSite(t)
			p := s.NewPeer().As("press")
			a, _ := s.Publish("Liked")
			like := func(id string) map[string]any {
				return federationtest.With(p.Like(objectID(a)), "id", p.URL()+id+"/like")
			}
			follow := func(id string) map[string]any {
				return federationtest.With(p.Follow(s.Actor("ministry")), "id", p.URL()+id)
			}
			p.MustSend(s.Inbox(), follow(tt.follows), like(tt.follows))
			if tt.runs != "" {
				s.Update(func(tx *storage.Tx) error { return tx.SetSoftware(p.Host(), deliveries.Software{Name: tt.runs}) })
			}
			s.Clock.Pass(time.Minute)
			p.MustSend(s.Inbox(), p.Undo(follow(tt.takenBack)), p.Undo(like(tt.takenBack)))
			same(t, "followers", len(s.Followers("ministry")), tt.want)
			likes := map[bool]string{true: "0 0 0 0", false: "1 0 0 0"}[tt.runs != "" && tt.want == 0]
			same(t, "likes", reactions(s, a), likes)
			s.Clock.Pass(time.Minute)
			p.MustSend(s.Inbox(), follow(tt.again))
			same(t, "followers after another Follow", len(s.Followers("ministry")), 1)
			s.Clock.Pass(time.Minute)
			p.MustSend(s.Inbox(), p.Undo(follow(tt.takenBackToo)))
			same(t, "followers in the end", len(s.Followers("ministry")), tt.want)
		})
	}
}

// TestFollowerMoves: a follower's new account takes its place if it says itself
// that it is the same.
func TestFollowerMoves(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		aliases func(old *federationtest.Peer) []any
		follows bool // the old account
		want    func(old, fresh *federationtest.Peer) []string
	}{
		{"to an account that names it", func(old *federationtest.Peer) []any { return []any{old.Actor()} }, true, func(_, fresh *federationtest.Peer) []string { return []string{fresh.Actor()} }},
		{"to an account that names another", func(*federationtest.Peer) []any { return []any{"https://other.example/1"} }, true, func(old, _ *federationtest.Peer) []string { return []string{old.Actor()} }},
		{"of somebody who does not follow", func(old *federationtest.Peer) []any { return []any{old.Actor()} }, false, func(_, _ *federationtest.Peer) []string { return nil }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := federationtest.NewSite(t)
			old, fresh := s.NewPeer(), s.NewPeer()
			if tt.follows {
				old.MustSend(s.Inbox(), old.Follow(s.Actor("ministry")))
			}
			fresh.Describe("alsoKnownAs", tt.aliases(old))
			old.MustSend(s.Inbox(), old.Move(fresh.Actor()))
			var got []string
			for _, f := range s.Followers("ministry") {
				got = append(got, f.Actor)
			}
			same(t, "followers", got, tt.want(old, fresh))
		})
	}
}

// TestMoveToNowhere: a new account that cannot be looked at is looked at again
// when the Move is sent again.
func TestMoveToNowhere(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
	if status, err := p.Send(s.Inbox(), p.Move(p.URL()+"/nobody")); err == nil {
		t.Errorf("a Move to nowhere is answered %d", status)
	}
	same(t, "followers", len(s.Followers("ministry")), 1)
}

// TestFollowerChangesInbox: an Update says that a follower has other inboxes, and
// the account's own document says which.
func TestFollowerChangesInbox(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, said, document, want string }{
		{"to another", "/new/inbox", "/new/inbox", "/new/inbox"},
		{"to one that the document does not name", "/new/inbox", "/inbox", "/inbox"},
		{"to the same", "/inbox", "/inbox", "/inbox"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := federationtest.NewSite(t)
			p := s.NewPeer()
			p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
			naming := func(path string) []any { return []any{"endpoints", map[string]any{"sharedInbox": p.URL() + path}} }
			p.Describe(naming(tt.document)...)
			p.MustSend(s.Inbox(), p.Update(federationtest.With(p.Document(), naming(tt.said)...)))
			destination := s.Followers("ministry")[0].Destination
			for _, d := range s.Destinations() {
				if d.ID == destination {
					same(t, "where deliveries go", d.URL, p.URL()+tt.want)
				}
			}
		})
	}
}

// TestTheyBlock: an account that blocks an actor does not follow it any more.
func TestTheyBlock(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t, announcing)
	p := s.NewPeer()
	for _, actor := range []string{"ministry", "minister"} {
		p.MustSend(s.Inbox(), federationtest.With(p.Follow(s.Actor(actor)), "id", p.URL()+"/follows/"+actor))
	}
	p.MustSend(s.Inbox(), p.Block(s.Actor("minister")))
	same(t, "followers of the two", []int{len(s.Followers("ministry")), len(s.Followers("minister"))}, []int{1, 0})
}

// TestTheyReport: a report about us is kept for the operator, with what of it is
// ours.
func TestTheyReport(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	a, _ := s.Publish("Reported")
	p.MustSend(s.Inbox(), p.Flag("Not\x1b[31m nice", s.Actor("ministry"), objectID(a), "https://elsewhere.example/1"))
	many := make([]any, 50)
	for i := range many {
		many[i] = objectID(a)
	}
	s.Clock.Pass(time.Second)
	p.MustSend(s.Inbox(), federationtest.With(p.Flag("Many", many...), "id", p.URL()+"/activities/many"))
	var flags []audience.Flag
	s.View(func(tx *storage.Tx) (err error) {
		flags, err = tx.Flags(audience.Flag{}, 10)
		return err
	})
	if len(flags) != 2 {
		t.Fatalf("%d reports", len(flags))
	}
	same(t, "the report", []any{flags[0].Actor, flags[0].Content, flags[0].Objects}, []any{p.Actor(), "Not[31m nice", []string{s.Actor("ministry"), objectID(a)}})
	same(t, "objects that are kept", len(flags[1].Objects), 20)
}
