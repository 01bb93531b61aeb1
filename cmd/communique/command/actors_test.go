package command

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// announcing is a site with two further actors: one of the minister's section,
// one of what is said in Arabic.
func announcing(t *testing.T) *testSite {
	t.Helper()
	s := newSite(t)
	s.must("section", "add", "Press Room")
	s.configure("languages: [en]", "languages: [en, ar]")
	s.configure("actors: []", `actors:
  - {name: minister, display_name: The Minister, summary: What the Minister does., section: the-ministry/the-minister}
  - {name: ministry_ar, display_name: "وزارة الخارجية", language: ar}`)
	return s
}

func (s *testSite) actorNamed(name string) string { return s.base + "/actors/" + name }

// followed makes a peer follow an actor, and waits for the answer.
func (s *testSite) followed(t *testing.T, actor string) *peer {
	t.Helper()
	p := newPeer(t)
	mustEqual(t, "a Follow", p.send(actor+"/inbox", p.follow(actor)), 202)
	accept := p.waitFor(1)[0]
	mustEqual(t, "the answer", accept.kind(), "Accept")
	mustEqual(t, "who answers", accept.Fields["actor"], actor)
	if err := accept.verified(text(object(t, actor), "publicKey", "publicKeyPem")); err != nil {
		t.Errorf("the answer of %s: %v", actor, err)
	}
	return p
}

// TestActorsAnnounceWhatFallsUnderThem: the ministry says everything; each
// follower gets what his actor is for, with its corrections and its withdrawal.
func TestActorsAnnounceWhatFallsUnderThem(t *testing.T) {
	t.Parallel()
	s := announcing(t)
	s.serve()
	ministry, minister, arabic := s.followed(t, s.actor()), s.followed(t, s.actorNamed("minister")), s.followed(t, s.actorNamed("ministry_ar"))

	f := s.publish("A treaty was signed") // in a section below the minister's
	announce := minister.waitFor(2)[1]
	create := ministry.waitFor(2)[1]
	mustEqual(t, "what the minister's follower gets", announce.kind(), "Announce")
	mustEqual(t, "of what", announce.Fields["object"], s.base+"/ap/articles/"+f.ID)
	mustEqual(t, "of whom", announce.Fields["actor"], s.actorNamed("minister"))
	mustEqual(t, "to whom", announce.Fields["to"], []any{"https://www.w3.org/ns/activitystreams#Public"})
	mustEqual(t, "and to whom", announce.Fields["cc"], []any{s.actorNamed("minister") + "/followers"})
	if err := announce.verified(text(object(t, s.actorNamed("minister")), "publicKey", "publicKeyPem")); err != nil {
		t.Errorf("the Announce: %v", err)
	}
	mustEqual(t, "who wrote it", text(object(t, text(announce.Fields, "object")), "attributedTo"), s.actor())
	mustEqual(t, "what the ministry's follower gets", create.kind(), "Create")
	mustEqual(t, "the Announce by its id", object(t, text(announce.Fields, "id"))["type"], "Announce")

	// A correction makes it fall under another actor: who has it stays who has
	// it.
	s.file("correct", f.ID, s.markdown("Two treaties were signed", "Both.", "language: ar"), "--note", "There were two.")
	for name, p := range map[string]*peer{"ministry": ministry, "minister": minister} {
		update := p.waitFor(3)[2]
		mustEqual(t, "the correction for a follower of "+name, update.kind(), "Update")
		mustEqual(t, "who says so", update.Fields["actor"], s.actor())
		if err := update.verified(text(object(t, s.actor()), "publicKey", "publicKeyPem")); err != nil {
			t.Errorf("the Update for a follower of %s: %v", name, err)
		}
	}
	if a, b := ministry.arrivals()[2], minister.arrivals()[2]; string(a.Body) != string(b.Body) {
		t.Errorf("one correction has two bodies:\n%s\n%s", a.Body, b.Body)
	}

	s.file("withdraw", f.ID, "--reason", "Neither was signed.")
	mustEqual(t, "the withdrawal", minister.waitFor(4)[3].kind(), "Delete")
	mustEqual(t, "the Announce then", get(t, text(announce.Fields, "id"), "Accept", activityJSON).Status, 410)

	plain := s.publish("In Arabic, below the minister", "language: ar")
	mustEqual(t, "the Arabic follower", kinds(arabic.waitFor(2)), []string{"Accept", "Announce"})
	mustEqual(t, "the minister's follower", kinds(minister.waitFor(5))[4], "Announce")
	outbox := object(t, text(object(t, s.actorNamed("ministry_ar")+"/outbox"), "first"))
	items, _ := outbox["orderedItems"].([]any)
	mustEqual(t, "items of the outbox", len(items), 1)
	mustEqual(t, "the item", text(items[0], "object"), s.base+"/ap/articles/"+plain.ID)
	mustEqual(t, "actors in NodeInfo", at(get(t, s.base+"/nodeinfo/2.1").fields(t), "usage", "users", "total"), 3)
	reach := s.must("reach", f.ID)
	for _, want := range []string{`published +@ministry .* 1 of 1 `, `published +@minister .* 1 of 1 `, `withdrawn +@minister .* 1 of 1 `} {
		if !regexp.MustCompile(want).MatchString(reach) {
			t.Errorf("reach lacks %s:\n%s", want, reach)
		}
	}
	mustEqual(t, "lines of reach", strings.Count(reach, "@ministry_ar"), 0)
	mustEqual(t, "servers", strings.Count(s.must("destinations", "--json"), "\n"), 3)
}

// TestFurtherActorsAreFound by handle, id and page.
func TestFurtherActorsAreFound(t *testing.T) {
	t.Parallel()
	s := announcing(t)
	s.serve()
	id := s.actorNamed("minister")
	page := s.base + "/en/the-ministry/the-minister/"
	for _, resource := range []string{"acct:minister@" + strings.TrimPrefix(s.base, "http://"), id, page} {
		jrd := get(t, s.base+"/.well-known/webfinger?resource="+resource).fields(t)
		mustEqual(t, "the subject of "+resource, jrd["subject"], "acct:minister@"+strings.TrimPrefix(s.base, "http://"))
	}
	a := object(t, id)
	mustEqual(t, "type", a["type"], "Organization")
	mustEqual(t, "name", a["name"], "The Minister")
	mustEqual(t, "page", a["url"], page)
	got := get(t, id, "Accept", "text/html")
	mustEqual(t, "a browser is sent to", fmt.Sprint(got.Status, got.Header.Get("Location")), "303"+page)
	key := text(a, "publicKey", "publicKeyPem")
	s.stop()
	s.serve()
	mustEqual(t, "the key after another start", text(object(t, id), "publicKey", "publicKeyPem"), key)
}

// TestAnActorThatIsFollowedStays: without it in the configuration the server
// does not start, or the actor would be found deleted (INTEROP A19).
func TestAnActorThatIsFollowedStays(t *testing.T) {
	t.Parallel()
	s := announcing(t)
	s.serve()
	p := s.followed(t, s.actorNamed("minister"))
	s.stop()
	s.configure("  - {name: minister, display_name: The Minister, summary: What the Minister does., section: the-ministry/the-minister}\n", "")
	_, _, err := s.run("serve")
	if err == nil || !strings.Contains(err.Error(), "@minister has 1 followers") {
		t.Fatalf("serve: %v", err)
	}
	s.configure("actors:\n", "actors:\n  - {name: minister, display_name: The Minister, section: press-room}\n")
	s.serve()
	mustEqual(t, "an Undo", p.send(s.base+"/ap/inbox", p.undo(s.actorNamed("minister"))), 202)
	s.stop()
	s.configure("  - {name: minister, display_name: The Minister, section: press-room}\n", "")
	s.serve()
	mustEqual(t, "the actor that nobody follows", get(t, s.actorNamed("minister"), "Accept", activityJSON).Status, 404)
}

func TestAnActorOfNoSection(t *testing.T) {
	t.Parallel()
	s := announcing(t)
	s.configure("section: the-ministry/the-minister", "section: the-ministry/the-ministre")
	_, _, err := s.run("serve")
	if err == nil || !strings.Contains(err.Error(), "actors[0].section: of @minister: ") {
		t.Fatalf("serve: %v", err)
	}
}
