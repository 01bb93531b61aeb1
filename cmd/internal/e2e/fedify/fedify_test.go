package fedify

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
	"communique/storage/audience"
)

// TestFedifyReplies: an account on Fedify answers, likes and shares an article,
// edits and takes back what it said. Its posts show once they are approved.
func TestFedifyReplies(t *testing.T) {
	t.Parallel()
	f, s := e2etest.StartFedify(t), e2etest.NewSite(t)
	a := s.Publish("A treaty was signed")
	s.Serve()
	shows := func(text string) bool { return strings.Contains(string(s.Page(a).Body), text) }
	waits := func(n int) bool { return len(s.Replies(audience.ReplyPending)) == n }
	listed := func() []any {
		items, _ := e2etest.Object(t, s.ObjectID(a)+"/replies?behind=0")["items"].([]any)
		return items
	}

	var found map[string]string
	f.Ask(http.MethodPost, "/control/follow?actor="+url.QueryEscape(s.Actor()), &found)
	f.Took(1)
	id := f.Say(s, "reply", a, "1", "<p>Well <b>said</b></p><script>alert(1)</script>")
	e2etest.Eventually(t, "the reply waits", func() bool { return waits(1) })
	e2etest.Equal(t, "shown before it is approved", shows("Well"), false)
	e2etest.Equal(t, "listed before it is approved", len(listed()), 0)
	s.Must("replies", "approve", s.WaitingReply())
	e2etest.Equal(t, "shown", shows("<p>Well <b>said</b></p>"), true)
	e2etest.Equal(t, "listed", listed(), []any{id})

	f.Say(s, "edit", a, "1", "<p>Well put</p>")
	e2etest.Eventually(t, "the edit waits", func() bool { return waits(1) })
	e2etest.Equal(t, "shown while the edit waits", shows("Well"), false)
	s.Must("replies", "approve", s.WaitingReply())
	e2etest.Equal(t, "the edit", shows("Well put"), true)

	f.Say(s, "mention", a, "2", "<p>Only by its id</p>")
	e2etest.Eventually(t, "the post that has to be fetched waits", func() bool { return waits(1) })
	e2etest.Equal(t, "its text", s.Replies(audience.ReplyPending)[0].Content, "<p>Only by its id</p>")

	f.Say(s, "like", a, "1", "")
	f.Say(s, "announce", a, "1", "")
	e2etest.Eventually(t, "the like and the share count", func() bool { return s.Reactions(a) == "[1 1 0 1]" })
	f.Say(s, "unlike", a, "1", "")
	f.Say(s, "unannounce", a, "1", "")
	e2etest.Eventually(t, "and are taken back", func() bool { return s.Reactions(a) == "[0 0 0 1]" })
	f.Say(s, "remove", a, "1", "")
	e2etest.Eventually(t, "the reply is taken back", func() bool { return !shows("Well put") && len(listed()) == 0 })
}

// TestFedifyQuotes: an account on Fedify asks to quote an article, finds the
// permission where the answer says, and quotes.
func TestFedifyQuotes(t *testing.T) {
	t.Parallel()
	f, s := e2etest.StartFedify(t), e2etest.NewSite(t)
	a := s.Publish("A treaty was signed")
	s.Serve()
	post := f.Say(s, "ask", a, "1", "<p>Look at this</p>")
	accept := f.Took(1)[0]
	e2etest.Equal(t, "the answer", e2etest.Text(accept, "type"), "Accept")
	var permission map[string]string
	f.Ask(http.MethodGet, "/control/look?id="+url.QueryEscape(e2etest.Text(accept, "object", "result")), &permission)
	e2etest.Equal(t, "the permission as Fedify reads it", permission, map[string]string{
		"id": e2etest.Text(accept, "object", "result"), "type": "QuoteAuthorization", "post": post, "article": s.ObjectID(a), "actor": s.Actor(),
	})
	f.Say(s, "quote", a, "1", "<p>Look at this</p>")
	e2etest.Eventually(t, "the quote counts", func() bool { return s.Reactions(a) == "[0 0 1 0]" })
	f.Say(s, "remove", a, "1", "")
	e2etest.Eventually(t, "and is taken back", func() bool { return s.Reactions(a) == "[0 0 0 0]" })
}

// TestFedify: a real implementation follows us (our inbox verifies what it
// signs) and takes what we send (it verifies what we sign), in order, once each.
func TestFedify(t *testing.T) {
	f := e2etest.StartFedify(t)
	s := e2etest.NewSite(t)
	s.Serve()
	var found map[string]string
	f.Ask(http.MethodPost, "/control/follow?actor="+url.QueryEscape(s.Actor()), &found)
	e2etest.Equal(t, "the actor as Fedify reads it", found["type"]+" "+found["name"], "Organization Ministry of Foreign Affairs")
	f.Took(1)
	e2etest.Equal(t, "followers", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], 1)

	s.File("publish", "--silent", s.Markdown("From the archive", "Old.", "published: 2019-05-04 10:00"))
	a := s.Publish("A treaty was signed", "lead: The two governments agree.")
	f.Took(2)
	s.File("correct", a.ID, s.Markdown("Two treaties were signed", "Both."), "--replace", "--note", "There were two.")
	f.Took(3)
	e2etest.Equal(t, "what its reader sees", strings.Contains(string(e2etest.Get(t, f.Base+"/").Body), "Two treaties were signed"), true)
	s.File("withdraw", a.ID, "--reason", "Neither was.")
	all := f.Took(4)

	var types []string
	for _, one := range all {
		types = append(types, e2etest.Text(one, "type"))
		e2etest.Equal(t, "the actor", e2etest.Text(one, "actor"), s.Actor())
	}
	e2etest.Equal(t, "the order", types, []string{"Accept", "Create", "Update", "Delete"})
	create, update := all[1], all[2]
	e2etest.Equal(t, "the object", e2etest.Text(create, "object", "id"), s.Base+"/ap/articles/"+a.ID)
	e2etest.Equal(t, "the language", e2etest.Text(create, "object", "language"), "en")
	e2etest.Equal(t, "the page", e2etest.Text(create, "object", "url"), a.URL)
	e2etest.Equal(t, "published", e2etest.Text(update, "object", "published"), e2etest.Text(create, "object", "published"))
	if e2etest.Text(update, "object", "updated") <= e2etest.Text(update, "object", "published") {
		t.Errorf("updated %s", e2etest.Text(update, "object", "updated"))
	}
	e2etest.Equal(t, "what its reader sees after the withdrawal", strings.Contains(string(e2etest.Get(t, f.Base+"/").Body), "treaties"), false)

	f.Ask(http.MethodPost, "/control/unfollow?actor="+url.QueryEscape(s.Actor()), &found)
	e2etest.Eventually(t, "the Undo is taken", func() bool {
		return fmt.Sprint(e2etest.Object(t, s.Actor()+"/followers")["totalItems"]) == "0"
	})
}

// TestFedifyFindsNoMultikey for an HTTP signature, which is why nobody on it stands in
// federation/ed25519.tsv. The day this fails, it may.
func TestFedifyFindsNoMultikey(t *testing.T) {
	t.Parallel()
	f, p := e2etest.StartFedify(t), e2etest.NewPeer(t)
	p.Further = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, ed25519.SeedSize))
	letter := map[string]any{
		"@context": "https://www.w3.org/ns/activitystreams", "id": p.Actor() + "/deletes/1", "type": "Delete",
		"actor": p.Actor(), "object": p.Actor() + "/posts/1", "to": "https://www.w3.org/ns/activitystreams#Public",
	}
	e2etest.Equal(t, "signed with Ed25519", p.SendBy(e2etest.Scheme{Message: true, Further: true}, f.Base+"/inbox", letter), 401)
	e2etest.Equal(t, "signed with RSA", p.SendBy(e2etest.Scheme{Message: true}, f.Base+"/inbox", letter), 202)
}
