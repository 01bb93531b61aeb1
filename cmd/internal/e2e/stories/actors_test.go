package stories

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestActorsAnnounceWhatFallsUnderThem: the ministry says everything; each
// follower gets what their actor is for, with its corrections and its withdrawal.
func TestActorsAnnounceWhatFallsUnderThem(t *testing.T) {
	t.Parallel()
	s := e2etest.NewAnnouncing(t)
	s.Serve()
	ministry, minister, arabic := s.FollowedBy(t, s.Actor()), s.FollowedBy(t, s.ActorNamed("minister")), s.FollowedBy(t, s.ActorNamed("ministry_ar"))

	f := s.Publish("A treaty was signed") // in a section below the minister's
	announce := minister.WaitFor(2)[1]
	create := ministry.WaitFor(2)[1]
	e2etest.Equal(t, "what the minister's follower gets", announce.Kind(), "Announce")
	e2etest.Equal(t, "of what", announce.Fields["object"], s.Base+"/ap/articles/"+f.ID)
	e2etest.Equal(t, "of whom", announce.Fields["actor"], s.ActorNamed("minister"))
	e2etest.Equal(t, "to whom", announce.Fields["to"], []any{"https://www.w3.org/ns/activitystreams#Public"})
	e2etest.Equal(t, "and to whom", announce.Fields["cc"], []any{s.ActorNamed("minister") + "/followers"})
	if err := announce.Verified(e2etest.Text(e2etest.Object(t, s.ActorNamed("minister")), "publicKey", "publicKeyPem")); err != nil {
		t.Errorf("the Announce: %v", err)
	}
	e2etest.Equal(t, "who wrote it", e2etest.Text(e2etest.Object(t, e2etest.Text(announce.Fields, "object")), "attributedTo"), s.Actor())
	e2etest.Equal(t, "what the ministry's follower gets", create.Kind(), "Create")
	e2etest.Equal(t, "the Announce by its id", e2etest.Object(t, e2etest.Text(announce.Fields, "id"))["type"], "Announce")

	// A correction makes it fall under another actor: who has it stays who has
	// it.
	s.File("correct", f.ID, s.Markdown("Two treaties were signed", "Both.", "language: ar"), "--replace", "--note", "There were two.")
	for name, p := range map[string]*e2etest.Peer{"ministry": ministry, "minister": minister} {
		update := p.WaitFor(3)[2]
		e2etest.Equal(t, "the correction for a follower of "+name, update.Kind(), "Update")
		e2etest.Equal(t, "who says so", update.Fields["actor"], s.Actor())
		if err := update.Verified(e2etest.Text(e2etest.Object(t, s.Actor()), "publicKey", "publicKeyPem")); err != nil {
			t.Errorf("the Update for a follower of %s: %v", name, err)
		}
	}
	if a, b := ministry.Arrivals()[2], minister.Arrivals()[2]; string(a.Body) != string(b.Body) {
		t.Errorf("one correction has two bodies:\n%s\n%s", a.Body, b.Body)
	}

	s.File("withdraw", f.ID, "--reason", "Neither was signed.")
	e2etest.Equal(t, "the withdrawal", minister.WaitFor(4)[3].Kind(), "Delete")
	e2etest.Equal(t, "the Announce then", e2etest.Get(t, e2etest.Text(announce.Fields, "id"), "Accept", e2etest.ActivityJSON).Status, 410)

	plain := s.Publish("In Arabic, below the minister", "language: ar")
	e2etest.Equal(t, "the Arabic follower", e2etest.Kinds(arabic.WaitFor(2)), []string{"Accept", "Announce"})
	e2etest.Equal(t, "the minister's follower", e2etest.Kinds(minister.WaitFor(5))[4], "Announce")
	outbox := e2etest.Object(t, e2etest.Text(e2etest.Object(t, s.ActorNamed("ministry_ar")+"/outbox"), "first"))
	items, _ := outbox["orderedItems"].([]any)
	e2etest.Equal(t, "items of the outbox", len(items), 1)
	e2etest.Equal(t, "the item", e2etest.Text(items[0], "object"), s.Base+"/ap/articles/"+plain.ID)
	e2etest.Equal(t, "actors in NodeInfo", e2etest.At(e2etest.Get(t, s.Base+"/nodeinfo/2.1").Fields(t), "usage", "users", "total"), 3)
	reach := s.Must("reach", f.ID)
	for _, want := range []string{`published +@ministry .* 1 of 1 `, `published +@minister .* 1 of 1 `, `withdrawn +@minister .* 1 of 1 `} {
		if !regexp.MustCompile(want).MatchString(reach) {
			t.Errorf("reach lacks %s:\n%s", want, reach)
		}
	}
	e2etest.Equal(t, "lines of reach", strings.Count(reach, "@ministry_ar"), 0)
	e2etest.Equal(t, "servers", strings.Count(s.Must("destinations", "--json"), "\n"), 3)
}

// TestFurtherActorsAreFound by handle, id and page.
func TestFurtherActorsAreFound(t *testing.T) {
	t.Parallel()
	s := e2etest.NewAnnouncing(t)
	s.Serve()
	id := s.ActorNamed("minister")
	page := s.Base + "/en/the-ministry/the-minister/"
	for _, resource := range []string{"acct:minister@" + strings.TrimPrefix(s.Base, "http://"), id, page} {
		jrd := e2etest.Get(t, s.Base+"/.well-known/webfinger?resource="+resource).Fields(t)
		e2etest.Equal(t, "the subject of "+resource, jrd["subject"], "acct:minister@"+strings.TrimPrefix(s.Base, "http://"))
	}
	a := e2etest.Object(t, id)
	e2etest.Equal(t, "type", a["type"], "Organization")
	e2etest.Equal(t, "name", a["name"], "The Minister")
	e2etest.Equal(t, "page", a["url"], page)
	got := e2etest.Get(t, id, "Accept", "text/html")
	e2etest.Equal(t, "a browser is sent to", fmt.Sprint(got.Status, got.Header.Get("Location")), "303"+page)
	key := e2etest.Text(a, "publicKey", "publicKeyPem")
	s.Stop()
	s.Serve()
	e2etest.Equal(t, "the key after another start", e2etest.Text(e2etest.Object(t, id), "publicKey", "publicKeyPem"), key)
}

// TestAnActorThatIsFollowedStays: without it in the configuration the server
// does not start, or the actor would be found deleted (INTEROP A19).
func TestAnActorThatIsFollowedStays(t *testing.T) {
	t.Parallel()
	s := e2etest.NewAnnouncing(t)
	s.Serve()
	p := s.FollowedBy(t, s.ActorNamed("minister"))
	s.Stop()
	s.Configure("  - {name: minister, display_name: The Minister, summary: What the Minister does., section: the-ministry/the-minister}\n", "")
	_, _, err := s.Run("serve")
	if err == nil || !strings.Contains(err.Error(), "@minister has 1 followers") {
		t.Fatalf("serve: %v", err)
	}
	s.Configure("actors:\n", "actors:\n  - {name: minister, display_name: The Minister, section: press-room}\n")
	s.Serve()
	e2etest.Equal(t, "an Undo", p.Send(s.Inbox(), p.Undo(s.ActorNamed("minister"))), 202)
	s.Stop()
	s.Configure("  - {name: minister, display_name: The Minister, section: press-room}\n", "")
	s.Serve()
	e2etest.Equal(t, "the actor that nobody follows", e2etest.Get(t, s.ActorNamed("minister"), "Accept", e2etest.ActivityJSON).Status, 404)
}

func TestAnActorOfNoSection(t *testing.T) {
	t.Parallel()
	s := e2etest.NewAnnouncing(t)
	s.Configure("section: the-ministry/the-minister", "section: the-ministry/the-ministre")
	_, _, err := s.Run("serve")
	if err == nil || !strings.Contains(err.Error(), "actors[0].section: of @minister: ") {
		t.Fatalf("serve: %v", err)
	}
}

// TestAnAnnouncedSectionIsRenamed: the server starts again, with a warning, and the
// actor announces what is filed there as before.
func TestAnAnnouncedSectionIsRenamed(t *testing.T) {
	t.Parallel()
	s := e2etest.NewAnnouncing(t)
	s.Configure("section: the-ministry/the-minister", `section: "The Ministry > The Minister"`)
	s.Serve()
	p := s.FollowedBy(t, s.ActorNamed("minister"))
	for _, args := range [][]string{{"name", "the-ministry/the-minister", "The Minister of State"}, {"move", "the-ministry/the-minister", "press-room"}} {
		if _, stderr, err := s.Run(append([]string{"section"}, args...)...); err != nil || !strings.Contains(stderr, "Warning: actor @minister: the section that the configuration calls") {
			t.Errorf("section %v: %v, %q", args, err, stderr)
		}
	}
	s.Stop()
	s.Serve()
	stdout, _, _ := s.Run("check")
	if want := `warn  sections`; !strings.Contains(stdout, want) || !strings.Contains(stdout, `write section: "press-room/the-minister"`) {
		t.Errorf("check does not warn:\n%s", stdout)
	}
	s.Publish("After the move")
	e2etest.Equal(t, "what the follower gets", e2etest.Kinds(p.WaitFor(3)), []string{"Accept", "Update", "Announce"})
	const closed = "actor @minister: the section that it announces, press-room/the-minister, has been closed since"
	if _, stderr, err := s.Run("section", "close", "press-room"); err != nil || !strings.Contains(stderr, closed) {
		t.Errorf("section close: %v, %q", err, stderr)
	}
	if stdout, _, _ := s.Run("check"); !strings.Contains(stdout, closed) {
		t.Errorf("check does not warn of the closed section:\n%s", stdout)
	}
	if _, stderr, err := s.Run("section", "reopen", "press-room"); err != nil || stderr != "" && strings.Contains(stderr, "closed since") {
		t.Errorf("section reopen: %v, %q", err, stderr)
	}
}
