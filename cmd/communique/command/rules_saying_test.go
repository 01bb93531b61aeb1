package command

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"
)

func instantOf(t *testing.T, v any, path ...string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text(v, path...))
	if err != nil {
		t.Fatalf("%v: %v", path, err)
	}
	return at
}

// said are the deliveries that carry an object in full.
func (w *ruled) said() []arrival {
	return []arrival{w.create, w.createTwo, w.update, w.createThree}
}

var saying = map[string]func(t *testing.T, w *ruled){
	"O1": func(t *testing.T, w *ruled) {
		for _, a := range w.said() {
			if id := text(a.Fields, "object", "id"); !regexp.MustCompile(`^` + regexp.QuoteMeta(w.base) + `/ap/articles/[a-z2-7]{16}$`).MatchString(id) {
				t.Errorf("the id is %s", id)
			}
		}
		again := w.publish("A slip")
		if again.ID == w.withdrawn.ID {
			t.Error("an id was used again")
		}
		w.file("withdraw", again.ID, "--reason", "A test.")
	},
	"O2": func(t *testing.T, w *ruled) {
		for _, a := range w.said() {
			mustEqual(t, "attributedTo", text(a.Fields, "object", "attributedTo"), w.actor())
		}
	},
	"O3": func(t *testing.T, w *ruled) {
		for f, delivered := range map[filed]arrival{w.plain: w.create, w.corrected: w.update} {
			live := object(t, w.objectID(f))
			mustEqual(t, "the id", live["id"], w.objectID(f))
			if !strings.HasPrefix(text(live, "url"), w.base+"/") {
				t.Errorf("the page is %v", live["url"])
			}
			for _, here := range []string{"@context", "likes", "shares", "replies"} {
				delete(live, here) // what is delivered has no numbers that change
			}
			mustEqual(t, "the object as delivered", delivered.Fields["object"], live)
		}
	},
	"O4": func(t *testing.T, w *ruled) {
		for _, a := range w.said() {
			for _, who := range []any{a.Fields, a.Fields["object"]} {
				mustEqual(t, "to", at(who, "to"), []any{public})
				mustEqual(t, "cc", at(who, "cc"), []any{w.actor() + "/followers"})
			}
		}
	},
	"O5": func(t *testing.T, w *ruled) {
		for _, a := range w.said() {
			if p := instantOf(t, a.Fields, "object", "published"); p.After(time.Now()) {
				t.Errorf("published %s, in the future", p)
			}
		}
		mustEqual(t, "published after the correction", text(w.update.Fields, "object", "published"), text(w.createTwo.Fields, "object", "published"))
		_, _, err := w.run("correct", w.plain.ID, w.markdown("Wang & <Ølen> met", "Text.", "published: 2020-01-01 10:00"), "--note", "The date.")
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
			mustEqual(t, "the type", text(a.Fields, "object", "type"), "Note")
			for _, field := range []string{"name", "summary"} {
				if v := at(a.Fields, "object", field); v != nil {
					t.Errorf("a Note with the %s %v", field, v)
				}
			}
		}
	},
	"O10": func(t *testing.T, w *ruled) {
		for _, a := range w.said() {
			if v := at(a.Fields, "object", "attachment"); v != nil {
				t.Errorf("attachments %v", v)
			}
		}
	},
	"O11": func(t *testing.T, w *ruled) {
		content := text(w.create.Fields, "object", "content")
		first := regexp.MustCompile(`<a href="([^"]*)"`).FindStringSubmatch(content)
		if first == nil || first[1] != w.plain.URL {
			t.Errorf("the first link of %s is %v, want %s", content, first, w.plain.URL)
		}
	},
	"O13": func(t *testing.T, w *ruled) {
		for a, lang := range map[string]arrival{"en": w.create, "ar": w.createTwo} {
			translations, _ := at(lang.Fields, "object", "contentMap").(map[string]any)
			if len(translations) != 1 || translations[a] != at(lang.Fields, "object", "content") {
				t.Errorf("contentMap is %v, content %v", translations, at(lang.Fields, "object", "content"))
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
		for _, a := range w.peer.arrivals() {
			if len(a.Body) >= 1<<20 {
				t.Errorf("%d bytes", len(a.Body))
			}
		}
		_, _, err := w.run("publish", w.markdown("Too long", strings.Repeat("A very long text. ", 60_000)))
		if err == nil {
			t.Error("an article of more than 1 MB was taken")
		}
	},
	"O20": func(t *testing.T, w *ruled) {
		for _, a := range w.peer.arrivals() {
			for _, field := range []string{"@graph", "@included", "@reverse", "signature"} {
				if bytes.Contains(a.Body, []byte(`"`+field+`"`)) {
					t.Errorf("%s has %s", a.kind(), field)
				}
			}
		}
	},
}

var sending = map[string]func(t *testing.T, w *ruled){
	"C1": func(t *testing.T, w *ruled) {
		seen := map[string]bool{}
		for _, a := range []arrival{w.accept, w.create, w.createTwo, w.update, w.createThree, w.remove} {
			id := text(a.Fields, "id")
			if seen[id] || !strings.HasPrefix(id, w.base+"/") {
				t.Errorf("the id is %q", id)
			}
			seen[id] = true
			mustEqual(t, "the actor", a.Fields["actor"], w.actor())
			mustEqual(t, "the key", a.signature()["keyId"], w.actor()+"#main-key")
		}
		// What was delivered can be fetched under its id, while it stands.
		mustEqual(t, "the Create", object(t, text(w.create.Fields, "id")), w.create.Fields)
		mustEqual(t, "the Create of what is withdrawn", get(t, text(w.createThree.Fields, "id"), "Accept", activityJSON).Status, 410)
	},
	"C2": func(t *testing.T, w *ruled) {
		mustEqual(t, "the kind", w.create.kind(), "Create")
		instantOf(t, w.create.Fields, "published")
		mustEqual(t, "the object's type", text(w.create.Fields, "object", "type"), "Note")
	},
	"C3": func(t *testing.T, w *ruled) {
		mustEqual(t, "the kind", w.update.kind(), "Update")
		mustEqual(t, "the object's id", text(w.update.Fields, "object", "id"), text(w.createTwo.Fields, "object", "id"))
		mustEqual(t, "its type", text(w.update.Fields, "object", "type"), text(w.createTwo.Fields, "object", "type"))
		mustEqual(t, "the note of the correction in the text",
			strings.Contains(text(w.update.Fields, "object", "content"), "A letter was missing."), true)
		last := instantOf(t, w.update.Fields, "object", "updated")
		for range 3 { // several within a second, and minor ones too
			before := len(w.peer.ofKind("Update"))
			w.file("correct", w.corrected.ID, w.markdown("A statement", "Again.", "language: ar"), "--minor")
			eventually(t, "the Update arrives", func() bool { return len(w.peer.ofKind("Update")) > before })
			next := instantOf(t, w.peer.ofKind("Update")[before].Fields, "object", "updated")
			if !next.After(last) {
				t.Errorf("updated %s after %s", next, last)
			}
			last = next
		}
	},
	"C5": func(t *testing.T, w *ruled) {
		mustEqual(t, "the kind", w.remove.kind(), "Delete")
		mustEqual(t, "to", w.remove.Fields["to"], []any{public})
		mustEqual(t, "the object's type", text(w.remove.Fields, "object", "type"), "Tombstone")
		mustEqual(t, "its id", text(w.remove.Fields, "object", "id"), w.objectID(w.withdrawn))
		got := get(t, w.objectID(w.withdrawn), "Accept", activityJSON)
		mustEqual(t, "the status of the id", got.Status, 410)
		mustEqual(t, "its type", got.fields(t)["type"], "Tombstone")
		if bytes.Contains(got.Body, []byte("A slip")) || bytes.Contains(w.remove.Body, []byte("A slip")) {
			t.Error("the withdrawn text is still there")
		}
		s, p := newSite(t), newPeer(t)
		s.serve()
		mustEqual(t, "the answer", p.send(s.actor()+"/inbox", p.follow(s.actor())), 202)
		had := s.publish("A statement")
		p.waitFor(2)
		s.must("block", "add", strings.TrimPrefix(p.server.URL, "http://"))
		s.publish("Not for those who are blocked")
		s.file("correct", had.ID, s.markdown("A statement", "Corrected."), "--note", "A word.")
		s.file("withdraw", had.ID, "--reason", "A test.")
		eventually(t, "the Delete arrives", func() bool { return len(p.ofKind("Delete")) == 1 })
		mustEqual(t, "what it was told to create", len(p.ofKind("Create")), 1)
	},
	"C6": func(t *testing.T, w *ruled) {
		mustEqual(t, "the kind", w.accept.kind(), "Accept")
		mustEqual(t, "the inbox", w.accept.Path, "/users/reader/inbox")
		want := w.peer.follow(w.actor())
		for _, field := range []string{"id", "type", "actor", "object"} {
			mustEqual(t, field+" of the Follow", at(w.accept.Fields, "object", field), want[field])
		}
	},
	"C7": func(t *testing.T, w *ruled) {
		for _, a := range w.peer.arrivals() {
			if bytes.Contains(a.Body, []byte("From the archive")) {
				t.Errorf("an imported statement was delivered: %s", a.Body)
			}
		}
		_, _, err := w.run("publish", w.markdown("Old news", "Text.", "published: 2019-05-04 10:00"))
		if err == nil {
			t.Error("an old statement was published to followers")
		}
	},
	"D1": func(t *testing.T, w *ruled) {
		s, p := newSite(t), newPeer(t)
		s.serve()
		mustEqual(t, "the answer", p.send(s.base+"/ap/inbox", p.follow(s.actor())), 202)
		s.publish("A statement")
		mustEqual(t, "the inbox of the statement", p.waitFor(2)[1].Path, "/inbox")
		alone := newPeer(t)
		alone.shared = false
		mustEqual(t, "the answer", alone.send(s.base+"/ap/inbox", alone.follow(s.actor())), 202)
		s.publish("Another")
		mustEqual(t, "the inbox without a shared one", alone.waitFor(2)[1].Path, "/users/reader/inbox")
	},
	"D2": func(t *testing.T, w *ruled) {
		s, p := newSite(t), newPeer(t)
		s.serve()
		mustEqual(t, "the answer", p.send(s.base+"/ap/inbox", p.follow(s.actor())), 202)
		p.waitFor(1)
		p.answerWith(503)
		s.publish("A statement")
		p.waitFor(2)
		p.answerWith(202)
		// The first pause is five seconds.
		got := p.waitFor(3)
		mustEqual(t, "the same again", string(got[2].Body), string(got[1].Body))
	},
	"D4": func(t *testing.T, w *ruled) {
		s, p := newSite(t), newPeer(t)
		s.serve()
		mustEqual(t, "the answer", p.send(s.base+"/ap/inbox", p.follow(s.actor())), 202)
		p.waitFor(1)
		p.answerWith(302)
		s.publish("A statement")
		p.waitFor(2)
		for _, a := range p.arrivals() {
			if strings.HasPrefix(a.Path, "/redirected") {
				t.Error("a redirection was followed")
			}
		}
	},
}
