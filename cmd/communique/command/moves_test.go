package command

import (
	"fmt"
	"strings"
	"testing"
	"time"
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
	s := announcing(t)
	s.serve()
	ministry, minister := s.followed(t, s.actor()), s.followed(t, s.actorNamed("minister"))
	mustEqual(t, "updated at first", object(t, s.actor())["updated"], nil)
	s.stop()
	s.serve()
	s.stop() // nothing has changed
	s.configure(`summary: ""`, `summary: "News of the ministry."`)
	s.serve()
	update := ministry.waitFor(2)[1]
	mustEqual(t, "what the followers get", update.kind(), "Update")
	mustEqual(t, "of whom", text(update.Fields, "object", "id"), s.actor())
	told, served := at(update.Fields, "object"), object(t, s.actor())
	delete(served, "@context")
	mustEqual(t, "the whole actor", fmt.Sprint(told), fmt.Sprint(served))
	mustEqual(t, "the summary", text(told, "summary"), "<p>News of the ministry.</p>")
	first, err := time.Parse(time.RFC3339, text(told, "updated"))
	if err != nil {
		t.Fatal(err)
	}
	s.stop()
	s.configure("What the Minister does.", "What she does.")
	s.configure(`"News of the ministry."`, `"News."`)
	s.serve()
	second, err := time.Parse(time.RFC3339, text(ministry.waitFor(3)[2].Fields, "object", "updated"))
	if err != nil || second.Before(first) { // it tells seconds
		t.Errorf("updated goes from %s to %s: %v", first, second, err)
	}
	mustEqual(t, "what the minister's follower gets", text(minister.waitFor(2)[1].Fields, "object", "summary"), "<p>What she does.</p>")
	s.publish("A treaty was signed")
	mustEqual(t, "all that the minister's follower got", kinds(minister.waitFor(3)), []string{"Accept", "Update", "Announce"})
	mustEqual(t, "all that the ministry's follower got", kinds(ministry.waitFor(4)), []string{"Accept", "Update", "Update", "Create"})
}

// comingFromAnotherServer: the alias is told and stands in the actor, so
// that the other server's Move is believed; its followers follow as usual.
func comingFromAnotherServer(t *testing.T) {
	t.Parallel()
	s, old := newSite(t), newPeer(t)
	s.serve()
	follower := s.followed(t, s.actor())
	s.must("alias", "add", "@"+old.handle())
	update := follower.waitFor(2)[1]
	mustEqual(t, "what is told", fmt.Sprint(update.kind(), at(update.Fields, "object", "alsoKnownAs")), fmt.Sprint("Update", []any{old.actor()}))
	mustEqual(t, "what the actor says", object(t, s.actor())["alsoKnownAs"], []any{old.actor()})
	if list := s.must("alias", "list"); !strings.Contains(list, "@"+old.handle()) {
		t.Errorf("the list is\n%s", list)
	}
	_, _, err := s.run("alias", "add", "@"+old.handle())
	if err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("the same again: %v", err)
	}
	// The other server sends its Move; who followed there asks to follow here.
	s.followed(t, s.actor())
	s.publish("A treaty was signed")
	mustEqual(t, "what a follower gets", kinds(follower.waitFor(3))[2], "Create")
	s.must("alias", "remove", "@"+old.handle())
	mustEqual(t, "what the actor says then", object(t, s.actor())["alsoKnownAs"], nil)
	mustEqual(t, "what is told", follower.waitFor(4)[3].kind(), "Update")
}

// leavingForAnotherServer: the followers are sent on, nothing new is said,
// and what was said is still looked after.
func leavingForAnotherServer(t *testing.T) {
	t.Parallel()
	s, target := newSite(t), newPeer(t)
	s.serve()
	follower := s.followed(t, s.actor())
	before := s.publish("A treaty was signed")
	follower.waitFor(2)

	_, _, err := s.run("move", "--to", "@"+target.handle(), "--dry-run")
	if err == nil || !strings.Contains(err.Error(), "does not name "+s.actor()) {
		t.Fatalf("a target that does not know us: %v", err)
	}
	target.alias(s.actor())
	dry := s.must("move", "--to", "@"+target.handle(), "--dry-run")
	if !strings.Contains(dry, "1 followers of @ministry would be sent to "+target.actor()) {
		t.Errorf("--dry-run says %s", dry)
	}
	if _, _, err = s.run("move", "--to", "@"+target.handle()); err == nil || !strings.Contains(err.Error(), "--confirm") {
		t.Errorf("without --confirm: %v", err)
	}
	mustEqual(t, "movedTo before", object(t, s.actor())["movedTo"], nil)

	s.must("move", "--to", "@"+target.handle(), "--confirm")
	got := follower.waitFor(4)
	mustEqual(t, "what the follower gets", kinds(got), []string{"Accept", "Create", "Update", "Move"})
	mustEqual(t, "movedTo in the Update", text(got[2].Fields, "object", "movedTo"), target.actor())
	mustEqual(t, "movedTo", object(t, s.actor())["movedTo"], target.actor())
	move := got[3].Fields
	mustEqual(t, "the Move", fmt.Sprint(move["actor"], move["object"], move["target"]), fmt.Sprint(s.actor(), s.actor(), target.actor()))
	mustEqual(t, "to whom", move["to"], []any{s.actor() + "/followers"})
	if err := got[3].verified(text(object(t, s.actor()), "publicKey", "publicKeyPem")); err != nil {
		t.Errorf("the Move: %v", err)
	}
	_, _, err = s.run("move", "--to", "@"+target.handle(), "--confirm")
	if err == nil || !strings.Contains(err.Error(), "has moved to") {
		t.Errorf("a second move: %v", err)
	}

	// Nothing new goes out, also to who follows now; what he has is corrected.
	late := s.followed(t, s.actor())
	s.publish("Said to nobody")
	s.file("correct", before.ID, s.markdown("Two treaties were signed", "Both."), "--note", "There were two.")
	mustEqual(t, "what the follower gets then", kinds(follower.waitFor(5))[4], "Update")
	mustEqual(t, "the page of what is new", get(t, s.base+"/en/").Status, 200)

	s.must("move", "--cancel")
	mustEqual(t, "the Update", text(follower.waitFor(6)[5].Fields, "object", "id"), s.actor())
	mustEqual(t, "movedTo after", object(t, s.actor())["movedTo"], nil)
	s.publish("Said again")
	mustEqual(t, "what the follower gets again", kinds(follower.waitFor(7))[6], "Create")
	mustEqual(t, "what who came late has got", kinds(late.waitFor(3)), []string{"Accept", "Update", "Create"})
	_, _, err = s.run("move", "--to", "@"+target.handle(), "--confirm")
	if err == nil || !strings.Contains(err.Error(), "one move in seven days") {
		t.Errorf("another move within seven days: %v", err)
	}
}
