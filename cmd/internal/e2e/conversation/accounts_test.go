package conversation

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
	"communique/storage/audience"
)

// TestFollowerMoves: a follower's new account takes the old one's place, if it
// says itself that it is theirs.
func TestFollowerMoves(t *testing.T) {
	t.Parallel()
	s, old, fresh := e2etest.NewSite(t), e2etest.NewPeer(t), e2etest.NewPeer(t)
	s.Serve()
	old.Sends(s, old.Follow(s.Actor()))
	old.WaitFor(1)
	s.Publish("Before")
	old.WaitFor(2)
	moves := e2etest.With(old.Activity("Move", "1", old.Actor()), "target", fresh.Actor())
	old.Sends(s, moves)
	s.Publish("Between")
	old.WaitFor(3)
	fresh.Alias(old.Actor())
	// What is known of an account is forgotten when it is named as a target.
	old.Sends(s, moves)
	a := s.Publish("After")
	// What the old inbox has not been known to have yet may come here too.
	about := func(kind string) bool {
		return slices.ContainsFunc(fresh.OfKind(kind), func(got e2etest.Arrival) bool { return e2etest.Text(got.Fields, "object", "id") == s.ObjectID(a) })
	}
	e2etest.Eventually(t, "the new account gets the article", func() bool { return about("Create") })
	e2etest.Equal(t, "followers", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], 1)
	s.File("withdraw", a.ID, "--reason", "An error.")
	e2etest.Eventually(t, "and its withdrawal", func() bool { return about("Delete") })
	e2etest.Equal(t, "what the old one got", len(old.Arrivals()), 3)
}

// TestFollowerChangesInbox: what a follower has is taken back at the inbox that
// the account names now, and not where it arrived.
func TestFollowerChangesInbox(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		said     string // in the Update
		document string // of the account
		want     string
	}{
		{"to another", "/new/inbox", "/new/inbox", "/new/inbox"},
		{"to one that the account does not name", "/new/inbox", "/inbox", "/inbox"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
			s.Serve()
			p.Sends(s, p.Follow(s.Actor()))
			a := s.Publish("A slip")
			p.WaitFor(2)
			naming := func(shared string) map[string]any {
				return e2etest.With(p.Document(), "endpoints", map[string]any{"sharedInbox": p.Server.URL + shared})
			}
			p.Publish("/users/reader", "application/activity+json", naming(tt.document))
			p.Sends(s, p.Activity("Update", "1", naming(tt.said)))
			s.File("withdraw", a.ID, "--reason", "An error.")
			e2etest.Eventually(t, "the withdrawal arrives", func() bool {
				return slices.ContainsFunc(p.OfKind("Delete"), func(got e2etest.Arrival) bool { return got.Path == tt.want })
			})
			e2etest.Equal(t, "followers", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], 1)
		})
	}
}

// TestTheyBlockAndReport: who blocks us does not follow any more; a report is
// kept.
func TestTheyBlockAndReport(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	a := s.Publish("Reported")
	s.Serve()
	p.Sends(s, p.Follow(s.Actor()), p.Activity("Block", "1", s.Actor()))
	e2etest.Equal(t, "followers", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], 0)
	report := e2etest.With(p.Activity("Flag", "1", []any{s.Actor(), s.ObjectID(a), "https://elsewhere.example/1"}), "content", "Not\x1b[31m nice")
	p.Sends(s, report, report, p.Activity("Flag", "2", "https://elsewhere.example/1"))
	var flag struct {
		Content string
		Objects []string
	}
	e2etest.Equal(t, "reports", strings.Count(s.Must("flags", "--json"), "\n"), 1)
	s.ReadJSON(&flag, "flags", "--json")
	e2etest.Equal(t, "report", []any{flag.Content, flag.Objects}, []any{"Not[31m nice", []string{s.Actor(), s.ObjectID(a)}})
}

// TestAccountsThatGo: an account that is deleted leaves nothing here.
func TestAccountsThatGo(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	a := s.Publish("Liked")
	s.Serve()
	p.Sends(s, p.Activity("Like", "1", s.ObjectID(a)), p.Activity("Create", "1", p.Post("1", "<p>Well said</p>", s.ObjectID(a))))
	p.Sends(s, p.Activity("Delete", "me", p.Actor()))
	e2etest.Equal(t, "reactions", s.Reactions(a), "[0 0 0 0]")
	e2etest.Equal(t, "replies", len(s.Replies(audience.ReplyPending)), 0)
}

// TestKeysThatAreWithdrawn: what an account's withdrawn key signs is refused as
// soon as the account has said that it changed, with whichever key.
func TestKeysThatAreWithdrawn(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeerOfTwoKeys(t)
	s.Serve()
	stolen := e2etest.Scheme{Further: true}
	e2etest.Equal(t, "what the second key signs", p.SendBy(stolen, s.Inbox(), p.Follow(s.Actor())), 202)
	document := p.Document()
	delete(document, "assertionMethod")
	p.Publish("/users/reader", e2etest.ActivityJSON, document)
	p.Sends(s, p.Activity("Update", "1", document))
	e2etest.Equal(t, "what it signs when it is withdrawn", p.SendBy(stolen, s.Inbox(), p.Undo(s.Actor())), 401)
	e2etest.Equal(t, "followers", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], 1)
}

// TestAccountsThatAreGone: an account that is gone before its deletion can be verified is
// believed to be gone, if it is, wherever its key was.
func TestAccountsThatAreGone(t *testing.T) {
	t.Parallel()
	for _, stub := range []bool{false, true} {
		t.Run(fmt.Sprint("key in a document of its own: ", stub), func(t *testing.T) {
			t.Parallel()
			s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
			p.Stub = stub
			s.Serve()
			p.Sends(s, p.Follow(s.Actor()))
			s.Stop()
			s.Serve() // it knows no key any more
			for _, path := range []string{"/users/reader", "/users/reader/main-key"} {
				p.Answer(path, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
			}
			p.Sends(s, p.Activity("Delete", "me", p.Actor()))
			e2etest.Eventually(t, "nobody follows", func() bool { return e2etest.Object(t, s.Actor()+"/followers")["totalItems"] == 0.0 })
		})
	}
}
