package rules

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

func instantOf(t *testing.T, v any, path ...string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, e2etest.Text(v, path...))
	if err != nil {
		t.Fatalf("%v: %v", path, err)
	}
	return at
}

// said are the deliveries that carry an object in full.
func (w *ruled) said() []e2etest.Arrival {
	return []e2etest.Arrival{w.create, w.createTwo, w.update, w.createThree}
}

var saying = map[string]func(t *testing.T, w *ruled){
	"O1": func(t *testing.T, w *ruled) {
		for _, a := range w.said() {
			if id := e2etest.Text(a.Fields, "object", "id"); !regexp.MustCompile(`^` + regexp.QuoteMeta(w.Base) + `/ap/articles/[a-z2-7]{16}$`).MatchString(id) {
				t.Errorf("the id is %s", id)
			}
		}
		again := w.File("publish", "--again", w.Markdown("A slip", e2etest.ShortText))
		if again.ID == w.withdrawn.ID {
			t.Error("an id was used again")
		}
		w.File("withdraw", again.ID, "--reason", "A test.")
	},
	"O2": func(t *testing.T, w *ruled) {
		for _, a := range w.said() {
			e2etest.Equal(t, "attributedTo", e2etest.Text(a.Fields, "object", "attributedTo"), w.Actor())
		}
	},
	"O3": func(t *testing.T, w *ruled) {
		for f, delivered := range map[e2etest.Filed]e2etest.Arrival{w.plain: w.create, w.corrected: w.update} {
			live := e2etest.Object(t, w.objectID(f))
			e2etest.Equal(t, "the id", live["id"], w.objectID(f))
			if !strings.HasPrefix(e2etest.Text(live, "url"), w.Base+"/") {
				t.Errorf("the page is %v", live["url"])
			}
			for _, here := range []string{"@context", "likes", "shares", "replies"} {
				delete(live, here) // what is delivered has no numbers that change
			}
			e2etest.Equal(t, "the object as delivered", delivered.Fields["object"], live)
		}
	},
	"O4": func(t *testing.T, w *ruled) {
		for _, a := range w.said() {
			for _, who := range []any{a.Fields, a.Fields["object"]} {
				e2etest.Equal(t, "to", e2etest.At(who, "to"), []any{e2etest.Public})
				e2etest.Equal(t, "cc", e2etest.At(who, "cc"), []any{w.Actor() + "/followers"})
			}
		}
	},
	"O5": func(t *testing.T, w *ruled) {
		for _, a := range w.said() {
			if p := instantOf(t, a.Fields, "object", "published"); p.After(w.Clock.Now()) {
				t.Errorf("published %s, in the future", p)
			}
		}
		e2etest.Equal(t, "published after the correction", e2etest.Text(w.update.Fields, "object", "published"), e2etest.Text(w.createTwo.Fields, "object", "published"))
		_, _, err := w.Run("correct", w.plain.ID, w.Markdown("Wang & <Ølen> met", "Text.", "published: 2020-01-01 10:00"), "--note", "The date.")
		if err == nil {
			t.Error("the date of a statement that went out was changed")
		}
	},
	"O6": func(t *testing.T, w *ruled) {
		published, updated := instantOf(t, w.update.Fields, "object", "published"), instantOf(t, w.update.Fields, "object", "updated")
		if updated.Before(published) {
			t.Errorf("updated %s before published %s", updated, published)
		}
	},
	"O7": func(t *testing.T, w *ruled) {
		for _, a := range w.said() {
			e2etest.Equal(t, "the type", e2etest.Text(a.Fields, "object", "type"), "Note")
			for _, field := range []string{"name", "summary"} {
				if v := e2etest.At(a.Fields, "object", field); v != nil {
					t.Errorf("a Note with the %s %v", field, v)
				}
			}
		}
	},
	"O10": func(t *testing.T, w *ruled) {
		for _, a := range w.said() {
			if v := e2etest.At(a.Fields, "object", "attachment"); v != nil {
				t.Errorf("attachments %v", v)
			}
		}
	},
	"O11": func(t *testing.T, w *ruled) {
		content := e2etest.Text(w.create.Fields, "object", "content")
		first := regexp.MustCompile(`<a href="([^"]*)"`).FindStringSubmatch(content)
		if first == nil || first[1] != w.plain.URL {
			t.Errorf("the first link of %s is %v, want %s", content, first, w.plain.URL)
		}
	},
	"O13": func(t *testing.T, w *ruled) {
		for a, lang := range map[string]e2etest.Arrival{"en": w.create, "ar": w.createTwo} {
			translations, _ := e2etest.At(lang.Fields, "object", "contentMap").(map[string]any)
			if len(translations) != 1 || translations[a] != e2etest.At(lang.Fields, "object", "content") {
				t.Errorf("contentMap is %v, content %v", translations, e2etest.At(lang.Fields, "object", "content"))
			}
			// Byte for byte, as it stands in the JSON.
			var raw struct {
				Object struct {
					Content    json.RawMessage            `json:"content"`
					ContentMap map[string]json.RawMessage `json:"contentMap"`
				} `json:"object"`
			}
			if err := json.Unmarshal(lang.Body, &raw); err != nil || !bytes.Equal(raw.Object.Content, raw.Object.ContentMap[a]) {
				t.Errorf("the two texts differ: %v", err)
			}
		}
	},
	"O19": func(t *testing.T, w *ruled) {
		for _, a := range w.peer.Arrivals() {
			if len(a.Body) >= 1<<20 {
				t.Errorf("%d bytes", len(a.Body))
			}
		}
		_, _, err := w.Run("publish", w.Markdown("Too long", strings.Repeat("A very long text. ", 60_000)))
		if err == nil {
			t.Error("an article of more than 1 MB was taken")
		}
	},
	"O20": func(t *testing.T, w *ruled) {
		for _, a := range w.peer.Arrivals() {
			for _, field := range []string{"@graph", "@included", "@reverse", "signature"} {
				if bytes.Contains(a.Body, []byte(`"`+field+`"`)) {
					t.Errorf("%s has %s", a.Kind(), field)
				}
			}
		}
	},
}

var sending = map[string]func(t *testing.T, w *ruled){
	"C1": func(t *testing.T, w *ruled) {
		seen := map[string]bool{}
		for _, a := range []e2etest.Arrival{w.accept, w.create, w.createTwo, w.update, w.createThree, w.remove} {
			id := e2etest.Text(a.Fields, "id")
			if seen[id] || !strings.HasPrefix(id, w.Base+"/") {
				t.Errorf("the id is %q", id)
			}
			seen[id] = true
			e2etest.Equal(t, "the actor", a.Fields["actor"], w.Actor())
			e2etest.Equal(t, "the key", a.Parameters()["keyId"], w.Actor()+"#main-key")
		}
		// What was delivered can be fetched under its id, while it stands.
		e2etest.Equal(t, "the Create", e2etest.Object(t, e2etest.Text(w.create.Fields, "id")), w.create.Fields)
		e2etest.Equal(t, "the Create of what is withdrawn", e2etest.Get(t, e2etest.Text(w.createThree.Fields, "id"), "Accept", e2etest.ActivityJSON).Status, 410)
	},
	"C2": func(t *testing.T, w *ruled) {
		e2etest.Equal(t, "the kind", w.create.Kind(), "Create")
		instantOf(t, w.create.Fields, "published")
		e2etest.Equal(t, "the object's type", e2etest.Text(w.create.Fields, "object", "type"), "Note")
	},
	"C3": func(t *testing.T, w *ruled) {
		e2etest.Equal(t, "the kind", w.update.Kind(), "Update")
		e2etest.Equal(t, "the object's id", e2etest.Text(w.update.Fields, "object", "id"), e2etest.Text(w.createTwo.Fields, "object", "id"))
		e2etest.Equal(t, "its type", e2etest.Text(w.update.Fields, "object", "type"), e2etest.Text(w.createTwo.Fields, "object", "type"))
		e2etest.Equal(t, "the note of the correction in the text",
			strings.Contains(e2etest.Text(w.update.Fields, "object", "content"), "A letter was missing."), true)
		last := instantOf(t, w.update.Fields, "object", "updated")
		for n := range 3 { // several within a second, and minor ones too
			before := len(w.peer.OfKind("Update"))
			w.File("correct", w.corrected.ID, w.Markdown("A statement", "Again"+strings.Repeat(".", n+1), "language: ar"), "--minor")
			e2etest.Eventually(t, "the Update arrives", func() bool { return len(w.peer.OfKind("Update")) > before })
			next := instantOf(t, w.peer.OfKind("Update")[before].Fields, "object", "updated")
			if !next.After(last) {
				t.Errorf("updated %s after %s", next, last)
			}
			last = next
		}
	},
	"C5": func(t *testing.T, w *ruled) {
		e2etest.Equal(t, "the kind", w.remove.Kind(), "Delete")
		e2etest.Equal(t, "to", w.remove.Fields["to"], []any{e2etest.Public})
		e2etest.Equal(t, "the object's type", e2etest.Text(w.remove.Fields, "object", "type"), "Tombstone")
		e2etest.Equal(t, "its id", e2etest.Text(w.remove.Fields, "object", "id"), w.objectID(w.withdrawn))
		got := e2etest.Get(t, w.objectID(w.withdrawn), "Accept", e2etest.ActivityJSON)
		e2etest.Equal(t, "the status of the id", got.Status, 410)
		e2etest.Equal(t, "its type", got.Fields(t)["type"], "Tombstone")
		if bytes.Contains(got.Body, []byte("A slip")) || bytes.Contains(w.remove.Body, []byte("A slip")) {
			t.Error("the withdrawn text is still there")
		}
		s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
		s.Serve()
		e2etest.Equal(t, "the answer", p.Send(s.Actor()+"/inbox", p.Follow(s.Actor())), 202)
		had := s.Publish("A statement")
		p.WaitFor(2)
		s.Must("block", "add", strings.TrimPrefix(p.Server.URL, "http://"))
		s.Publish("Not for those who are blocked")
		s.File("correct", had.ID, s.Markdown("A statement", "Corrected."), "--note", "A word.")
		s.File("withdraw", had.ID, "--reason", "A test.")
		e2etest.Eventually(t, "the Delete arrives", func() bool { return len(p.OfKind("Delete")) == 1 })
		e2etest.Equal(t, "what it was told to create", len(p.OfKind("Create")), 1)
	},
	"C6": func(t *testing.T, w *ruled) {
		e2etest.Equal(t, "the kind", w.accept.Kind(), "Accept")
		e2etest.Equal(t, "the inbox", w.accept.Path, "/users/reader/inbox")
		want := w.peer.Follow(w.Actor())
		for _, field := range []string{"id", "type", "actor", "object"} {
			e2etest.Equal(t, field+" of the Follow", e2etest.At(w.accept.Fields, "object", field), want[field])
		}
	},
	"C7": func(t *testing.T, w *ruled) {
		for _, a := range w.peer.Arrivals() {
			if bytes.Contains(a.Body, []byte("From the archive")) {
				t.Errorf("an imported statement was delivered: %s", a.Body)
			}
		}
		_, _, err := w.Run("publish", w.Markdown("Old news", "Text.", "published: 2019-05-04 10:00"))
		if err == nil {
			t.Error("an old statement was published to followers")
		}
	},
	"D1": func(t *testing.T, w *ruled) {
		s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
		s.Serve()
		e2etest.Equal(t, "the answer", p.Send(s.Inbox(), p.Follow(s.Actor())), 202)
		s.Publish("A statement")
		e2etest.Equal(t, "the inbox of the statement", p.WaitFor(2)[1].Path, "/inbox")
		alone := e2etest.NewPeer(t)
		alone.Shared = false
		e2etest.Equal(t, "the answer", alone.Send(s.Inbox(), alone.Follow(s.Actor())), 202)
		s.Publish("Another")
		e2etest.Equal(t, "the inbox without a shared one", alone.WaitFor(2)[1].Path, "/users/reader/inbox")
	},
	"D2": func(t *testing.T, w *ruled) {
		s, p := e2etest.NewFollowed(t)
		p.AnswerWith(503)
		s.Publish("A statement")
		p.WaitFor(2)
		p.AnswerWith(202)
		// The first pause is five seconds.
		got := p.WaitFor(3)
		e2etest.Equal(t, "the same again", string(got[2].Body), string(got[1].Body))
	},
	"D4": func(t *testing.T, w *ruled) {
		s, p := e2etest.NewFollowed(t)
		p.AnswerWith(302)
		s.Publish("A statement")
		p.WaitFor(2)
		for _, a := range p.Arrivals() {
			if strings.HasPrefix(a.Path, "/redirected") {
				t.Error("a redirection was followed")
			}
		}
	},
}
