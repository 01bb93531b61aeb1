package command

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"communique/cmd/internal/config"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/clocktest"
	"communique/storage/press"
	"communique/storage/sqlite"
)

// later reads the database as it will be seen when the minute is over.
func (s *testSite) later(read func(*storage.Tx) error) {
	s.t.Helper()
	clock := clocktest.Running()
	clock.Jump(time.Minute)
	store, err := sqlite.Open(s.t.Context(), filepath.Join(s.data, config.Database), clock)
	if err != nil {
		s.t.Fatal(err)
	}
	defer store.Close()
	if err := store.View(context.Background(), read); err != nil {
		s.t.Fatal(err)
	}
}

// reactions are the likes, shares, quotes and shown replies of an article.
func (s *testSite) reactions(a filed) string {
	s.t.Helper()
	var r audience.Reactions
	s.later(func(tx *storage.Tx) (err error) {
		r, err = tx.Reactions(press.ArticleID(a.ID))
		return err
	})
	return fmt.Sprint([]int{r.Likes, r.Shares, r.Quotes, r.Replies})
}

// replies are the posts in a state.
func (s *testSite) replies(state audience.ReplyState) (all []audience.Reply) {
	s.t.Helper()
	s.later(func(tx *storage.Tx) (err error) {
		all, err = tx.Replies(state, audience.Reply{}, 100)
		return err
	})
	return all
}

func (s *testSite) objectID(a filed) string { return s.base + "/ap/articles/" + a.ID }

// activity is one of the peer's account.
func (p *peer) activity(kind, name string, object any) map[string]any {
	return map[string]any{
		"@context": activityStreams, "id": p.server.URL + "/activities/" + name,
		"type": kind, "actor": p.actor(), "object": object,
	}
}

// post is a public post of the peer's account that answers something.
func (p *peer) post(name, content, inReplyTo string) map[string]any {
	return map[string]any{
		"id": p.server.URL + "/posts/" + name, "type": "Note", "attributedTo": p.actor(), "inReplyTo": inReplyTo,
		"content": content, "contentMap": map[string]string{"en": content}, "published": "2026-01-02T03:04:05Z",
		"to": []string{publicCollection}, "url": p.server.URL + "/@reader/" + name,
	}
}

const publicCollection = "https://www.w3.org/ns/activitystreams#Public"

func with(object map[string]any, fields ...any) map[string]any {
	for i := 0; i+1 < len(fields); i += 2 {
		object[fields[i].(string)] = fields[i+1]
	}
	return object
}

// sent sends activities, each of which must be taken.
func (p *peer) sent(s *testSite, activities ...map[string]any) {
	p.t.Helper()
	for _, a := range activities {
		mustEqual(p.t, fmt.Sprintf("the answer to %v", a["type"]), p.send(s.base+"/ap/inbox", a), 202)
	}
}

// TestReactions: what others do with an article is counted once for each of
// them, and taken back by whoever did it.
func TestReactions(t *testing.T) {
	t.Parallel()
	s, p, rogue := newSite(t), newPeer(t), newPeer(t)
	a := s.publish("Liked")
	s.serve()
	id := s.objectID(a)
	like, boost := p.activity("Like", "like", id), p.activity("Announce", "boost", id)
	emoji := with(p.activity("EmojiReact", "emoji", id), "content", "🎉")
	p.sent(s, like, like, boost, emoji, p.activity("Like", "page", a.URL), p.activity("Like", "other", "https://elsewhere.example/1"))
	mustEqual(t, "reactions", s.reactions(a), "[2 1 0 0]")

	// SECURITY A13: the owner only, whichever way he is named.
	rogue.sent(s, rogue.activity("Undo", "1", like["id"]), rogue.activity("Undo", "2", like))
	mustEqual(t, "reactions after a rogue's Undo", s.reactions(a), "[2 1 0 0]")
	p.sent(s, p.activity("Undo", "1", boost["id"]), p.activity("Undo", "2", emoji))
	mustEqual(t, "reactions after Undo", s.reactions(a), "[1 0 0 0]")

	quote := with(p.post("q", "<p>Look!</p>", ""), "quoteUrl", id)
	p.sent(s, p.activity("Create", "q", quote))
	mustEqual(t, "reactions with a quote", s.reactions(a), "[1 0 1 0]")
	p.sent(s, p.activity("Delete", "dq", map[string]any{"id": quote["id"], "type": "Tombstone"}))
	mustEqual(t, "reactions without it", s.reactions(a), "[1 0 0 0]")
	mustEqual(t, "posts that wait", len(s.replies(audience.ReplyPending)), 0)
}

// TestUndoOfWhatIsHardlyEmbedded: an Undo that embeds no more than an id is one
// that names it.
func TestUndoOfWhatIsHardlyEmbedded(t *testing.T) {
	t.Parallel()
	s, p := newSite(t), newPeer(t)
	a := s.publish("Liked")
	s.serve()
	follow, like := p.follow(s.actor()), p.activity("Like", "like", s.objectID(a))
	boost := p.activity("Announce", "boost", s.objectID(a))
	p.sent(s, follow, like, boost)
	mustEqual(t, "reactions", s.reactions(a), "[1 1 0 0]")
	p.sent(s, p.activity("Undo", "1", map[string]any{"id": follow["id"], "type": "Follow", "actor": p.actor()}),
		p.activity("Undo", "2", map[string]any{"id": like["id"], "type": "Like"}), p.activity("Undo", "3", map[string]any{"id": boost["id"]}))
	mustEqual(t, "reactions after Undo", s.reactions(a), "[0 0 0 0]")
	mustEqual(t, "followers", object(t, s.actor()+"/followers")["totalItems"], 0)
	mustEqual(t, "an Undo of nothing", p.send(s.base+"/ap/inbox", p.activity("Undo", "4", map[string]any{"type": "Like"})), 400)
}

// reactionsReplayed: what was captured before its Undo stays undone.
func reactionsReplayed(t *testing.T) {
	s, p := newSite(t), newPeer(t)
	a := s.publish("Liked")
	s.serve()
	inbox := s.base + "/ap/inbox"
	send := func(activity map[string]any, after time.Duration) *letter {
		l := p.letter(inbox, activity)
		dated(after)(l)
		l.sign(t)
		mustEqual(t, "the answer", l.post(t), 202)
		return l
	}
	note := p.post("1", "<p>No.</p>", s.objectID(a))
	captured := []*letter{
		send(p.activity("Like", "like", s.objectID(a)), 0), send(p.activity("Announce", "boost", s.objectID(a)), 0),
		send(p.activity("Create", "reply", note), 0),
	}
	undone := []*letter{
		send(p.activity("Undo", "1", p.activity("Like", "like", s.objectID(a))), time.Second),
		send(p.activity("Undo", "2", p.activity("Announce", "boost", s.objectID(a))), time.Second),
		send(p.activity("Delete", "3", note["id"]), time.Second),
	}
	for _, l := range captured {
		mustEqual(t, "the replay", l.post(t), 202)
	}
	mustEqual(t, "reactions", s.reactions(a), "[0 0 0 0]")
	mustEqual(t, "replies", len(s.replies(audience.ReplyPending)), 0)
	send(p.activity("Like", "like2", s.objectID(a)), 2*time.Second)
	send(p.activity("Announce", "boost2", s.objectID(a)), 2*time.Second)
	for _, l := range undone {
		mustEqual(t, "the replay of what took them back", l.post(t), 202)
	}
	mustEqual(t, "reactions that were done again", s.reactions(a), "[1 1 0 0]")
}

// TestReplies: a reply waits, is cleaned, and goes the way of its author's
// edits and deletion.
func TestReplies(t *testing.T) {
	t.Parallel()
	s, p, rogue := newSite(t), newPeer(t), newPeer(t)
	a := s.publish("Answered")
	s.serve()
	note := p.post("1", `<p onclick="x()">Well <b>said</b><script>alert(1)</script><img src="https://evil.example/x.png"> <a href="javascript:x()">so</a></p>`, s.objectID(a))
	p.sent(s, p.activity("Create", "1", note))
	waiting := s.replies(audience.ReplyPending)
	if len(waiting) != 1 {
		t.Fatalf("%d replies wait", len(waiting))
	}
	r := waiting[0]
	mustEqual(t, "text", r.Content, "<p>Well <b>said</b> so</p>")
	mustEqual(t, "of", []any{r.Article, r.Actor, r.Handle, r.Language, r.Public}, []any{a.ID, p.actor(), "@reader@" + p.server.Listener.Addr().String(), "en", true})

	// SECURITY A12, A13: nobody else changes or deletes it, nor speaks for its author.
	stolen := with(p.post("1", "<p>Mine</p>", s.objectID(a)), "updated", "2026-02-02T03:04:05Z")
	forged := with(p.post("2", "<p>Not his</p>", s.objectID(a)))
	taken := with(p.post("1", "<p>Mine</p>", s.objectID(a)), "attributedTo", rogue.actor(), "updated", "2026-02-02T03:04:05Z")
	rogue.sent(s, rogue.activity("Update", "u", stolen), rogue.activity("Create", "c", forged), rogue.activity("Update", "t", taken),
		rogue.activity("Delete", "d", note["id"]))
	after := s.replies(audience.ReplyPending)
	mustEqual(t, "what waits after a rogue", fmt.Sprint(len(after), after[0].Content), fmt.Sprint(1, r.Content))

	edited := with(p.post("1", "<p>Well put</p>", s.objectID(a)), "updated", "2026-01-03T03:04:05Z")
	p.sent(s, p.activity("Update", "1", edited))
	mustEqual(t, "text after the edit", s.replies(audience.ReplyPending)[0].Content, "<p>Well put</p>")
	p.sent(s, p.activity("Delete", "1", map[string]any{"id": note["id"], "type": "Tombstone"}))
	mustEqual(t, "replies after the deletion", len(s.replies(audience.ReplyPending)), 0)

	private := with(p.post("3", "<p>Between us</p>", s.objectID(a)), "to", []string{s.actor()})
	mention := with(p.post("4", "<p>Hello</p>", ""), "tag", []any{map[string]any{"type": "Mention", "href": s.actor(), "name": "@ministry"}})
	nothing := p.post("5", "<p>About the weather</p>", "https://elsewhere.example/1")
	p.sent(s, p.activity("Create", "3", private), p.activity("Create", "4", mention), p.activity("Create", "5", nothing))
	kept := s.replies(audience.ReplyPending)
	mustEqual(t, "a private post and a mention", fmt.Sprint(len(kept), kept[0].Public, kept[1].Public, kept[1].Article == ""), "2 false true true")
}

// TestEditsWithoutTheirTime: the text of before does not come back when it is sent
// again, also where an author's server does not say when he changed it.
func TestEditsWithoutTheirTime(t *testing.T) {
	t.Parallel()
	s, p := newSite(t), newPeer(t)
	a := s.publish("Answered")
	s.serve()
	send := func(kind, content string, after time.Duration) *letter {
		l := p.letter(s.base+"/ap/inbox", p.activity(kind, content, p.post("1", content, s.objectID(a))))
		dated(after)(l)
		l.sign(t)
		mustEqual(t, "the answer to "+content, l.post(t), 202)
		return l
	}
	first := send("Create", "<p>Firts</p>", 0)
	second := send("Update", "<p>First</p>", time.Second)
	send("Update", "<p>At first</p>", 2*time.Second)
	for _, before := range []*letter{first, second} {
		mustEqual(t, "the answer to it again", before.post(t), 202)
		mustEqual(t, "text", s.replies(audience.ReplyPending)[0].Content, "<p>At first</p>")
	}
}

// TestRepliesOpenAndOff: the other two settings.
func TestRepliesOpenAndOff(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string]string{"open": "[0 0 0 1]", "off": "[0 0 0 0]"} {
		t.Run(setting, func(t *testing.T) {
			t.Parallel()
			s, p := newSite(t), newPeer(t)
			s.configure("replies: review", "replies: "+setting)
			a := s.publish("Answered")
			s.serve()
			p.sent(s, p.activity("Create", "1", p.post("1", "<p>Well said</p>", s.objectID(a))),
				p.activity("Create", "2", with(p.post("2", "<p>Between us</p>", s.objectID(a)), "to", []string{s.actor()})))
			mustEqual(t, "reactions", s.reactions(a), want)
			if setting == "off" {
				mustEqual(t, "posts that wait", len(s.replies(audience.ReplyPending)), 0)
			}
		})
	}
}

// TestFollowerMoves: a follower's new account takes his place, if it says
// itself that it is his.
func TestFollowerMoves(t *testing.T) {
	t.Parallel()
	s, old, fresh := newSite(t), newPeer(t), newPeer(t)
	s.serve()
	old.sent(s, old.follow(s.actor()))
	old.waitFor(1)
	s.publish("Before")
	old.waitFor(2)
	moves := with(old.activity("Move", "1", old.actor()), "target", fresh.actor())
	old.sent(s, moves)
	s.publish("Between")
	old.waitFor(3)
	fresh.alias(old.actor())
	// What is known of an account is forgotten when it is named as a target.
	old.sent(s, moves)
	a := s.publish("After")
	// What the old inbox has not been known to have yet may come here too.
	about := func(kind string) bool {
		return slices.ContainsFunc(fresh.ofKind(kind), func(got arrival) bool { return text(got.Fields, "object", "id") == s.objectID(a) })
	}
	eventually(t, "the new account gets the article", func() bool { return about("Create") })
	mustEqual(t, "followers", object(t, s.actor()+"/followers")["totalItems"], 1)
	s.file("withdraw", a.ID, "--reason", "An error.")
	eventually(t, "and its withdrawal", func() bool { return about("Delete") })
	mustEqual(t, "what the old one got", len(old.arrivals()), 3)
}

// TestFollowerChangesInbox: what a follower has is taken back at the inbox that
// his account names now, and not where he took it.
func TestFollowerChangesInbox(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		said     string // in the Update
		document string // of the account
		want     string
	}{
		{"to another", "/new/inbox", "/new/inbox", "/new/inbox"},
		{"to one that his account does not name", "/new/inbox", "/inbox", "/inbox"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, p := newSite(t), newPeer(t)
			s.serve()
			p.sent(s, p.follow(s.actor()))
			a := s.publish("A slip")
			p.waitFor(2)
			naming := func(shared string) map[string]any {
				return with(p.document(), "endpoints", map[string]any{"sharedInbox": p.server.URL + shared})
			}
			p.publish("/users/reader", "application/activity+json", naming(tt.document))
			p.sent(s, p.activity("Update", "1", naming(tt.said)))
			s.file("withdraw", a.ID, "--reason", "An error.")
			eventually(t, "the withdrawal arrives", func() bool {
				return slices.ContainsFunc(p.ofKind("Delete"), func(got arrival) bool { return got.Path == tt.want })
			})
			mustEqual(t, "followers", object(t, s.actor()+"/followers")["totalItems"], 1)
		})
	}
}

// TestTheyBlockAndReport: who blocks us does not follow any more; a report is
// kept.
func TestTheyBlockAndReport(t *testing.T) {
	t.Parallel()
	s, p := newSite(t), newPeer(t)
	a := s.publish("Reported")
	s.serve()
	p.sent(s, p.follow(s.actor()), p.activity("Block", "1", s.actor()))
	mustEqual(t, "followers", object(t, s.actor()+"/followers")["totalItems"], 0)
	report := with(p.activity("Flag", "1", []any{s.actor(), s.objectID(a), "https://elsewhere.example/1"}), "content", "Not\x1b[31m nice")
	p.sent(s, report, report, p.activity("Flag", "2", "https://elsewhere.example/1"))
	var flags []audience.Flag
	s.later(func(tx *storage.Tx) (err error) {
		flags, err = tx.Flags(audience.Flag{}, 10)
		return err
	})
	if len(flags) != 1 {
		t.Fatalf("%d reports", len(flags))
	}
	mustEqual(t, "report", []any{flags[0].Content, flags[0].Objects}, []any{"Not[31m nice", []string{s.actor(), s.objectID(a)}})
}

// TestAccountsThatGo: whoever deletes his account leaves nothing here.
func TestAccountsThatGo(t *testing.T) {
	t.Parallel()
	s, p := newSite(t), newPeer(t)
	a := s.publish("Liked")
	s.serve()
	p.sent(s, p.activity("Like", "1", s.objectID(a)), p.activity("Create", "1", p.post("1", "<p>Well said</p>", s.objectID(a))))
	p.sent(s, p.activity("Delete", "me", p.actor()))
	mustEqual(t, "reactions", s.reactions(a), "[0 0 0 0]")
	mustEqual(t, "replies", len(s.replies(audience.ReplyPending)), 0)
}

// TestDeletionsThatOvertake: a post that is deleted before it arrives is not
// kept, nor counted as a quote.
func TestDeletionsThatOvertake(t *testing.T) {
	t.Parallel()
	s, p := newSite(t), newPeer(t)
	a := s.publish("Answered")
	s.serve()
	quote := with(p.post("2", "<p>Look</p>", ""), "quote", s.objectID(a))
	created := []*letter{
		p.letter(s.base+"/ap/inbox", p.activity("Create", "1", p.post("1", "<p>Oh no</p>", s.objectID(a)))),
		p.letter(s.base+"/ap/inbox", p.activity("Create", "2", quote)),
	}
	for n, l := range created {
		deleted := p.letter(s.base+"/ap/inbox", p.activity("Delete", fmt.Sprint(n), fmt.Sprintf("%s/posts/%d", p.server.URL, n+1)))
		dated(time.Second)(deleted)
		deleted.sign(t)
		mustEqual(t, "the answer to a Delete", deleted.post(t), 202)
		l.sign(t)
		mustEqual(t, "the answer to the Create", l.post(t), 202)
	}
	mustEqual(t, "posts that wait", len(s.replies(audience.ReplyPending)), 0)
	mustEqual(t, "reactions", s.reactions(a), "[0 0 0 0]")
}

// TestPermissionsOfAccountsThatGo: a permission to quote goes with the account
// that has it, and what asked for it does not bring it back.
func TestPermissionsOfAccountsThatGo(t *testing.T) {
	t.Parallel()
	s, p := newSite(t), newPeer(t)
	a := s.publish("Quoted")
	s.serve()
	p.publish("/posts/1", activityJSON, with(p.post("1", "<p>Look</p>", ""), "quote", s.objectID(a)))
	asks := p.letter(s.base+"/ap/inbox", with(p.activity("QuoteRequest", "1", s.objectID(a)), "instrument", p.server.URL+"/posts/1"))
	asks.sign(t)
	mustEqual(t, "the answer to the request", asks.post(t), 202)
	permission := text(p.waitFor(1)[0].Fields, "result")
	mustEqual(t, "the permission", get(t, permission, "Accept", activityJSON).Status, 200)
	leaves := p.letter(s.base+"/ap/inbox", p.activity("Delete", "me", p.actor()))
	dated(time.Second)(leaves)
	leaves.sign(t)
	mustEqual(t, "the answer to the deletion", leaves.post(t), 202)
	mustEqual(t, "the permission after it", get(t, permission, "Accept", activityJSON).Status, 404)
	mustEqual(t, "the answer to the same request", asks.post(t), 202)
	s.followed(t, s.actor()) // what waited has gone out when this is answered
	mustEqual(t, "what was answered", len(p.arrivals()), 1)
}

// TestPermissionsAreTheAuthors: another account of the same server neither gets
// the permission of a post, nor takes it back, nor keeps it from its author.
func TestPermissionsAreTheAuthors(t *testing.T) {
	t.Parallel()
	s, p := newSite(t), newPeer(t)
	a := s.publish("Quoted")
	s.serve()
	other := p.as("reader-two")
	post := with(p.post("1", "<p>Look</p>", ""), "quote", s.objectID(a))
	p.publish("/posts/1", activityJSON, post)
	for _, instrument := range []any{post["id"], post} {
		other.sent(s, with(other.activity("QuoteRequest", "1", s.objectID(a)), "instrument", instrument))
	}
	for n, instrument := range []any{post["id"], post} {
		p.sent(s, with(p.activity("QuoteRequest", fmt.Sprint(n), s.objectID(a)), "instrument", instrument))
	}
	answers := p.waitFor(2)
	permission := text(answers[0].Fields, "result")
	mustEqual(t, "the permission, asked for again", text(answers[1].Fields, "result"), permission)
	for _, got := range answers {
		mustEqual(t, "who is answered", text(got.Fields, "object", "actor"), p.actor())
	}
	other.sent(s, other.activity("Delete", "1", post["id"]))
	mustEqual(t, "the permission after another took it back", get(t, permission, "Accept", activityJSON).Status, 200)
	deleted := p.letter(s.base+"/ap/inbox", p.activity("Delete", "2", post["id"]))
	dated(time.Second)(deleted)
	deleted.sign(t)
	mustEqual(t, "the answer to a Delete", deleted.post(t), 202)
	mustEqual(t, "the permission after its post is gone", get(t, permission, "Accept", activityJSON).Status, 404)
}

// TestKeysThatAreWithdrawn: what an account's withdrawn key signs is refused as
// soon as the account has said that it changed, with whichever key.
func TestKeysThatAreWithdrawn(t *testing.T) {
	t.Parallel()
	s, p := newSite(t), newPeerOfTwoKeys(t)
	s.serve()
	stolen := scheme{further: true}
	mustEqual(t, "what the second key signs", p.sendBy(stolen, s.base+"/ap/inbox", p.follow(s.actor())), 202)
	document := p.document()
	delete(document, "assertionMethod")
	p.publish("/users/reader", activityJSON, document)
	p.sent(s, p.activity("Update", "1", document))
	mustEqual(t, "what it signs when it is withdrawn", p.sendBy(stolen, s.base+"/ap/inbox", p.undo(s.actor())), 401)
	mustEqual(t, "followers", object(t, s.actor()+"/followers")["totalItems"], 1)
}

// TestAccountsThatAreGone: whoever is gone before his deletion can be verified is
// believed to be, if he is, wherever his key was.
func TestAccountsThatAreGone(t *testing.T) {
	t.Parallel()
	for _, stub := range []bool{false, true} {
		t.Run(fmt.Sprint("key in a document of its own: ", stub), func(t *testing.T) {
			t.Parallel()
			s, p := newSite(t), newPeer(t)
			p.stub = stub
			s.serve()
			p.sent(s, p.follow(s.actor()))
			s.stop()
			s.serve() // it knows no key any more
			for _, path := range []string{"/users/reader", "/users/reader/main-key"} {
				p.answer(path, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
			}
			p.sent(s, p.activity("Delete", "me", p.actor()))
			mustEqual(t, "followers", object(t, s.actor()+"/followers")["totalItems"], 0)
		})
	}
}

// TestServersThatTellUsLate: who shows us that he has an article when it is withdrawn
// already, because his message was under way, is told so, once for each message.
func TestServersThatTellUsLate(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.publish("Announced")
	s.file("withdraw", a.ID, "--reason", "An error.")
	s.serve()
	for name, message := range map[string]func(*peer) map[string]any{
		"an announce": func(p *peer) map[string]any { return p.activity("Announce", "1", s.objectID(a)) },
		"a reply": func(p *peer) map[string]any {
			return p.activity("Create", "1", p.post("1", "<p>Hello</p>", s.objectID(a)))
		},
		"a quote": func(p *peer) map[string]any {
			return p.activity("Create", "1", with(p.post("1", "<p>Look</p>", ""), "quote", s.objectID(a)))
		},
	} {
		p := newPeer(t)
		p.sent(s, message(p))
		eventually(t, "the withdrawal arrives after "+name, func() bool { return len(p.arrivals()) == 1 })
		got := p.arrivals()[0]
		mustEqual(t, "what arrives after "+name, got.kind()+" "+text(got.Fields, "object", "id"), "Delete "+s.objectID(a))
		at := text(got.Fields, "id")
		mustEqual(t, "its id answers with its type", object(t, at)["type"], "Delete")
	}
	secret := s.publish("A secret", "published: "+time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	s.must("withdraw", secret.ID, "--reason", "Not needed.")
	p := newPeer(t)
	p.sent(s, p.activity("Announce", "1", s.objectID(secret)))
	time.Sleep(300 * time.Millisecond)
	mustEqual(t, "what is said of one that was never out", len(p.arrivals()), 0)
}

// TestServersThatToldUs: a server that nobody follows from and that announced,
// answered or quoted an article is told of its correction and withdrawal, and of
// nothing else.
func TestServersThatToldUs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a, other := s.publish("Announced"), s.publish("Not announced")
	s.serve()
	var peers []*peer
	for range 3 {
		peers = append(peers, newPeer(t))
	}
	peers[0].sent(s, peers[0].activity("Announce", "1", s.objectID(a)))
	peers[1].sent(s, peers[1].activity("Create", "1", peers[1].post("1", "<p>Hello</p>", s.objectID(a))))
	peers[2].sent(s, peers[2].activity("Create", "1", with(peers[2].post("1", "<p>Look</p>", ""), "quote", s.objectID(a))))
	s.publish("New")
	s.file("correct", other.ID, s.markdown("Not announced", "Corrected."), "--note", "A letter.")
	s.file("correct", a.ID, s.markdown("Announced", "Corrected."), "--note", "A letter.")
	s.file("withdraw", a.ID, "--reason", "An error.")
	for _, p := range peers {
		eventually(t, "the withdrawal arrives", func() bool { return len(p.ofKind("Delete")) == 1 })
		for _, got := range p.arrivals() {
			mustEqual(t, "what arrives is about", text(got.Fields, "object", "id"), s.objectID(a))
			if got.kind() == "Create" {
				t.Error("a Create arrives")
			}
		}
	}
}
