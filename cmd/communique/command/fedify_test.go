package command

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"communique/storage/audience"
)

// tell posts an order to one of the control addresses and reads its answer.
func (f *fedify) tell(path string, order, into any) {
	f.t.Helper()
	text, err := json.Marshal(order)
	if err != nil {
		f.t.Fatal(err)
	}
	got, err := http.Post(f.base+path, "application/json", bytes.NewReader(text)) //nolint:noctx // our own program
	if err != nil {
		f.t.Fatal(err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil || got.StatusCode != http.StatusOK {
		f.t.Fatalf("Fedify %s: %d, %v\n%s", path, got.StatusCode, err, body)
	}
	if err := json.Unmarshal(body, into); err != nil {
		f.t.Fatalf("Fedify %s: %v\n%s", path, err, body)
	}
}

// say makes Fedify's account say something about an article to the author.
func (f *fedify) say(s *testSite, what string, a filed, id, text string) string {
	f.t.Helper()
	var said map[string]string
	f.tell("/control/say", map[string]string{"what": what, "to": s.actor(), "article": s.objectID(a), "id": id, "text": text}, &said)
	return said["id"]
}

// TestFedifyReplies: an account on Fedify answers, likes and shares an article,
// edits and takes back what it said. Its posts show once they are approved.
func TestFedifyReplies(t *testing.T) {
	t.Parallel()
	f, s := startFedify(t), newSite(t)
	a := s.publish("A treaty was signed")
	s.serve()
	shows := func(text string) bool { return strings.Contains(string(s.page(a).Body), text) }
	waits := func(n int) bool { return len(s.replies(audience.ReplyPending)) == n }
	listed := func() []any {
		items, _ := object(t, s.objectID(a)+"/replies?behind=0")["items"].([]any)
		return items
	}

	var found map[string]string
	f.ask(http.MethodPost, "/control/follow?actor="+url.QueryEscape(s.actor()), &found)
	f.took(1)
	id := f.say(s, "reply", a, "1", "<p>Well <b>said</b></p><script>alert(1)</script>")
	eventually(t, "the reply waits", func() bool { return waits(1) })
	mustEqual(t, "shown before it is approved", shows("Well"), false)
	mustEqual(t, "listed before it is approved", len(listed()), 0)
	s.must("replies", "approve", s.waitingReply().ID)
	mustEqual(t, "shown", shows("<p>Well <b>said</b></p>"), true)
	mustEqual(t, "listed", listed(), []any{id})

	f.say(s, "edit", a, "1", "<p>Well put</p>")
	eventually(t, "the edit waits", func() bool { return waits(1) })
	mustEqual(t, "shown while the edit waits", shows("Well"), false)
	s.must("replies", "approve", s.waitingReply().ID)
	mustEqual(t, "the edit", shows("Well put"), true)

	f.say(s, "mention", a, "2", "<p>Only by its id</p>")
	eventually(t, "the post that has to be fetched waits", func() bool { return waits(1) })
	mustEqual(t, "its text", s.replies(audience.ReplyPending)[0].Content, "<p>Only by its id</p>")

	f.say(s, "like", a, "1", "")
	f.say(s, "announce", a, "1", "")
	eventually(t, "the like and the share count", func() bool { return s.reactions(a) == "[1 1 0 1]" })
	f.say(s, "unlike", a, "1", "")
	f.say(s, "unannounce", a, "1", "")
	eventually(t, "and are taken back", func() bool { return s.reactions(a) == "[0 0 0 1]" })
	f.say(s, "remove", a, "1", "")
	eventually(t, "the reply is taken back", func() bool { return !shows("Well put") && len(listed()) == 0 })
}

// TestFedifyQuotes: an account on Fedify asks to quote an article, finds the
// permission where the answer says, and quotes.
func TestFedifyQuotes(t *testing.T) {
	t.Parallel()
	f, s := startFedify(t), newSite(t)
	a := s.publish("A treaty was signed")
	s.serve()
	post := f.say(s, "ask", a, "1", "<p>Look at this</p>")
	accept := f.took(1)[0]
	mustEqual(t, "the answer", text(accept, "type"), "Accept")
	var permission map[string]string
	f.ask(http.MethodGet, "/control/look?id="+url.QueryEscape(text(accept, "object", "result")), &permission)
	mustEqual(t, "the permission as Fedify reads it", permission, map[string]string{
		"id": text(accept, "object", "result"), "type": "QuoteAuthorization", "post": post, "article": s.objectID(a), "actor": s.actor(),
	})
	f.say(s, "quote", a, "1", "<p>Look at this</p>")
	eventually(t, "the quote counts", func() bool { return s.reactions(a) == "[0 0 1 0]" })
	f.say(s, "remove", a, "1", "")
	eventually(t, "and is taken back", func() bool { return s.reactions(a) == "[0 0 0 0]" })
}

// TestFedifyForges: a server that signs soundly whatever it likes, by both
// schemes, speaks for nobody but its own account.
func TestFedifyForges(t *testing.T) {
	t.Parallel()
	f, w := startFedify(t), newAttacked(t)
	mallory := &peer{t: t, server: w.honest.server, account: "mallory"} // for the form of what is said
	own, key := f.base+"/users/reader", f.base+"/users/reader#main-key"
	mine := func(kind string, object any) map[string]any {
		return with(mallory.activity(kind, "x", object), "id", f.base+"/activities/x", "actor", own)
	}
	spoofed := map[string]any{
		"@context": []string{activityStreams, "https://w3id.org/security/v1"}, "id": w.honest.actor(), "type": "Person", "inbox": own + "/inbox",
		"publicKey": map[string]any{"id": f.base + "/spoofed#main-key", "owner": w.honest.actor(), "publicKeyPem": text(object(t, own), "publicKey", "publicKeyPem")},
	}
	var shown map[string]int
	f.tell("/control/show", map[string]any{"path": "/spoofed", "type": activityJSON, "document": spoofed}, &shown)
	foreign := with(w.honest.post("kept", "<p>Forged</p>", w.objectID(w.article)), "updated", "2026-06-01T00:00:00Z")
	like := w.honest.activity("Like", "kept", w.objectID(w.article))

	refused := w.honest.everyKind(w.testSite, w.article)
	without := []map[string]any{
		mine("Create", foreign), mine("Update", foreign), mine("Delete", foreign["id"]), mine("Delete", w.honest.actor()), mine("Announce", like),
		mine("Undo", like), mine("Undo", like["id"]), mine("Undo", w.honest.follow(w.actor())), mine("Update", with(w.honest.document(), "name", "Mallory")),
		with(mine("Move", w.honest.actor()), "target", own), mine("Announce", w.honest.actor()), mine("Add", foreign), mine("Accept", w.honest.follow(w.actor())),
		mine("Update", object(t, w.objectID(w.article))), mine("Delete", w.objectID(w.article)), mine("Delete", w.actor()), mine("Update", object(t, w.actor())),
		mine("Create", with(w.honest.post("1", "<p>In its name</p>", w.objectID(w.article)), "id", f.base+"/posts/1", "attributedTo", w.actor())),
	}
	for _, spec := range []string{"draft-cavage-http-signatures-12", "rfc9421"} {
		try := func(activity map[string]any, keyID, inbox string, want int) {
			t.Helper()
			var statuses []int
			f.tell("/control/forge", map[string]any{"inbox": inbox, "activity": activity, "spec": spec, "keyId": keyID, "times": 2}, &statuses)
			mustEqual(t, fmt.Sprintf("the answers to %s of %s with %s by %s", activity["type"], activity["actor"], keyID, spec), statuses, []int{want, want})
		}
		for _, inbox := range []string{w.base + "/ap/inbox", w.actor() + "/inbox", w.actorNamed("minister") + "/inbox"} {
			for _, activity := range refused {
				try(activity, key, inbox, http.StatusUnauthorized)
			}
			try(w.honest.undo(w.actor()), f.base+"/spoofed#main-key", inbox, http.StatusUnauthorized)
			try(w.honest.undo(w.actor()), w.honest.keyID(), inbox, http.StatusUnauthorized)
			for _, activity := range without {
				try(activity, key, inbox, http.StatusAccepted)
			}
		}
		try(mine("View", w.actor()), key, w.base+"/ap/inbox", http.StatusAccepted) // what is its own, it may say
	}
	w.unharmed(t)
}
