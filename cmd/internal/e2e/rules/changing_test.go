package rules

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// changing are the rules of changed and moved accounts (INTEROP C4, C8); each is
// tried on sites of its own.
var changing = map[string]func(*testing.T, *ruled){
	"C4": func(t *testing.T, _ *ruled) { theProfileIsTold(t) },
	"C8": func(t *testing.T, _ *ruled) {
		t.Run("coming", comingFromAnotherServer)
		t.Run("leaving", leavingForAnotherServer)
	},
}

// theProfileIsTold when the configuration changes it, whole, and not for
// nothing.
func theProfileIsTold(t *testing.T) {
	t.Parallel()
	s := e2etest.NewAnnouncing(t)
	s.Serve()
	ministry, minister := s.FollowedBy(t, s.Actor()), s.FollowedBy(t, s.ActorNamed("minister"))
	e2etest.Equal(t, "updated at first", e2etest.Object(t, s.Actor())["updated"], nil)
	s.Stop()
	s.Serve()
	s.Stop() // nothing has changed
	s.Configure(`summary: ""`, `summary: "News of the ministry."`)
	s.Serve()
	update := ministry.WaitFor(2)[1]
	e2etest.Equal(t, "what the followers get", update.Kind(), "Update")
	e2etest.Equal(t, "of whom", e2etest.Text(update.Fields, "object", "id"), s.Actor())
	told, served := e2etest.At(update.Fields, "object"), e2etest.Object(t, s.Actor())
	delete(served, "@context")
	e2etest.Equal(t, "the whole actor", fmt.Sprint(told), fmt.Sprint(served))
	e2etest.Equal(t, "the summary", e2etest.Text(told, "summary"), "<p>News of the ministry.</p>")
	first, err := time.Parse(time.RFC3339, e2etest.Text(told, "updated"))
	if err != nil {
		t.Fatal(err)
	}
	s.Stop()
	s.Configure("What the Minister does.", "What she does.")
	s.Configure(`"News of the ministry."`, `"News."`)
	s.Serve()
	second, err := time.Parse(time.RFC3339, e2etest.Text(ministry.WaitFor(3)[2].Fields, "object", "updated"))
	if err != nil || second.Before(first) { // it tells seconds
		t.Errorf("updated goes from %s to %s: %v", first, second, err)
	}
	e2etest.Equal(t, "what the minister's follower gets", e2etest.Text(minister.WaitFor(2)[1].Fields, "object", "summary"), "<p>What she does.</p>")
	s.Publish("A treaty was signed")
	e2etest.Equal(t, "all that the minister's follower got", e2etest.Kinds(minister.WaitFor(3)), []string{"Accept", "Update", "Announce"})
	e2etest.Equal(t, "all that the ministry's follower got", e2etest.Kinds(ministry.WaitFor(4)), []string{"Accept", "Update", "Update", "Create"})
}

// comingFromAnotherServer: the alias is told and stands in the actor, so
// that the other server's Move is believed; its followers follow as usual.
func comingFromAnotherServer(t *testing.T) {
	t.Parallel()
	s, old := e2etest.NewSite(t), e2etest.NewPeer(t)
	s.Serve()
	follower := s.FollowedBy(t, s.Actor())
	s.Must("alias", "add", "@"+old.Handle())
	update := follower.WaitFor(2)[1]
	e2etest.Equal(t, "what is told", fmt.Sprint(update.Kind(), e2etest.At(update.Fields, "object", "alsoKnownAs")), fmt.Sprint("Update", []any{old.Actor()}))
	e2etest.Equal(t, "what the actor says", e2etest.Object(t, s.Actor())["alsoKnownAs"], []any{old.Actor()})
	if list := s.Must("alias", "list"); !strings.Contains(list, "@"+old.Handle()) {
		t.Errorf("the list is\n%s", list)
	}
	_, _, err := s.Run("alias", "add", "@"+old.Handle())
	if err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("the same again: %v", err)
	}
	// The other server sends its Move; who followed there asks to follow here.
	s.FollowedBy(t, s.Actor())
	s.Publish("A treaty was signed")
	e2etest.Equal(t, "what a follower gets", e2etest.Kinds(follower.WaitFor(3))[2], "Create")
	s.Must("alias", "remove", "@"+old.Handle())
	e2etest.Equal(t, "what the actor says then", e2etest.Object(t, s.Actor())["alsoKnownAs"], nil)
	e2etest.Equal(t, "what is told", follower.WaitFor(4)[3].Kind(), "Update")
}

// leavingForAnotherServer: the followers are sent on, nothing new is said,
// and what was said is still looked after.
func leavingForAnotherServer(t *testing.T) {
	t.Parallel()
	s, target := e2etest.NewSite(t), e2etest.NewPeer(t)
	s.Serve()
	follower := s.FollowedBy(t, s.Actor())
	before := s.Publish("A treaty was signed")
	follower.WaitFor(2)

	_, _, err := s.Run("move", "--to", "@"+target.Handle(), "--dry-run")
	if err == nil || !strings.Contains(err.Error(), "does not name "+s.Actor()) {
		t.Fatalf("a target that does not know us: %v", err)
	}
	target.Alias(s.Actor())
	dry := s.Must("move", "--to", "@"+target.Handle(), "--dry-run")
	if !strings.Contains(dry, "1 followers of @ministry would be sent to "+target.Actor()) {
		t.Errorf("--dry-run says %s", dry)
	}
	if _, _, err = s.Run("move", "--to", "@"+target.Handle()); err == nil || !strings.Contains(err.Error(), "--confirm") {
		t.Errorf("without --confirm: %v", err)
	}
	e2etest.Equal(t, "movedTo before", e2etest.Object(t, s.Actor())["movedTo"], nil)

	s.Must("move", "--to", "@"+target.Handle(), "--confirm")
	got := follower.WaitFor(4)
	e2etest.Equal(t, "what the follower gets", e2etest.Kinds(got), []string{"Accept", "Create", "Update", "Move"})
	e2etest.Equal(t, "movedTo in the Update", e2etest.Text(got[2].Fields, "object", "movedTo"), target.Actor())
	e2etest.Equal(t, "movedTo", e2etest.Object(t, s.Actor())["movedTo"], target.Actor())
	move := got[3].Fields
	e2etest.Equal(t, "the Move", fmt.Sprint(move["actor"], move["object"], move["target"]), fmt.Sprint(s.Actor(), s.Actor(), target.Actor()))
	e2etest.Equal(t, "to whom", move["to"], []any{s.Actor() + "/followers"})
	if err := got[3].Verified(e2etest.Text(e2etest.Object(t, s.Actor()), "publicKey", "publicKeyPem")); err != nil {
		t.Errorf("the Move: %v", err)
	}
	_, _, err = s.Run("move", "--to", "@"+target.Handle(), "--confirm")
	if err == nil || !strings.Contains(err.Error(), "has moved to") {
		t.Errorf("a second move: %v", err)
	}

	// Nothing new goes out, not even to those that follow now; what they have is corrected.
	late := s.FollowedBy(t, s.Actor())
	s.Publish("Said to nobody")
	s.File("correct", before.ID, s.Markdown("Two treaties were signed", "Both."), "--replace", "--note", "There were two.")
	e2etest.Equal(t, "what the follower gets then", e2etest.Kinds(follower.WaitFor(5))[4], "Update")
	e2etest.Equal(t, "the page of what is new", e2etest.Get(t, s.Base+"/en/").Status, 200)

	s.Must("move", "--cancel")
	e2etest.Equal(t, "the Update", e2etest.Text(follower.WaitFor(6)[5].Fields, "object", "id"), s.Actor())
	e2etest.Equal(t, "movedTo after", e2etest.Object(t, s.Actor())["movedTo"], nil)
	s.Publish("Said again")
	e2etest.Equal(t, "what the follower gets again", e2etest.Kinds(follower.WaitFor(7))[6], "Create")
	e2etest.Equal(t, "what who came late has got", e2etest.Kinds(late.WaitFor(3)), []string{"Accept", "Update", "Create"})
	_, _, err = s.Run("move", "--to", "@"+target.Handle(), "--confirm")
	if err == nil || !strings.Contains(err.Error(), "one move in seven days") {
		t.Errorf("another move within seven days: %v", err)
	}
}
