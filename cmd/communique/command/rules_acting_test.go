package command

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"
)

func contexts(v map[string]any) []string {
	switch c := v["@context"].(type) {
	case string:
		return []string{c}
	case []any:
		var all []string
		for _, one := range c {
			if s, ok := one.(string); ok {
				all = append(all, s)
			}
		}
		return all
	}
	return nil
}

func has(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

const (
	activityStreams = "https://www.w3.org/ns/activitystreams"
	public          = activityStreams + "#Public"
)

// actors are the ids of both actors of a site.
func (w *ruled) actors() []string { return []string{w.actor(), w.base + "/actors/instance"} }

var acting = map[string]func(t *testing.T, w *ruled){
	"A1": func(t *testing.T, w *ruled) { w.actorsHold(t, "A1") },
	"A2": func(t *testing.T, w *ruled) {
		documents := []map[string]any{object(t, w.actor()), object(t, w.objectID(w.plain)), object(t, w.actor()+"/outbox")}
		for _, a := range w.peer.arrivals() {
			documents = append(documents, a.Fields)
		}
		for _, d := range documents {
			if !has(contexts(d), activityStreams) {
				t.Errorf("%v has the contexts %v", d["id"], contexts(d))
			}
		}
		if !has(contexts(documents[0]), "https://w3id.org/security/v1") {
			t.Error("the actor lacks the security context")
		}
	},
	"A3": func(t *testing.T, w *ruled) {
		mustEqual(t, "the ministry's type", object(t, w.actor())["type"], "Organization")
		mustEqual(t, "the instance's type", object(t, w.actors()[1])["type"], "Application")
	},
	"A4": func(t *testing.T, w *ruled) {
		for _, id := range w.actors() {
			if name := text(object(t, id), "preferredUsername"); !regexp.MustCompile(`^[a-z0-9_]{1,30}$`).MatchString(name) {
				t.Errorf("preferredUsername %q", name)
			}
		}
		s := newSiteDir(t)
		for _, name := range []string{"Ministry", "the-ministry", "ministry.of", "", strings.Repeat("a", 31), "instance"} {
			if _, _, err := s.run("init", "--base-url", s.base, "--actor", name, "--name", "M", "--timezone", "UTC", "--language", "en"); err == nil {
				t.Errorf("an actor named %q was made", name)
			}
		}
	},
	"A5": func(t *testing.T, w *ruled) {
		mustEqual(t, "the inbox", object(t, w.actor())["inbox"], w.actor()+"/inbox")
	},
	"A6": func(t *testing.T, w *ruled) { w.actorsHold(t, "A6") },
	"A7": func(t *testing.T, w *ruled) {
		w.actorsHold(t, "A7")
		mustEqual(t, "the page's status", get(t, text(object(t, w.actor()), "url"), "Accept", "text/html").Status, 200)
	},
	"A9": func(t *testing.T, w *ruled) {
		for _, id := range w.actors() {
			methods, ok := object(t, id)["assertionMethod"].([]any)
			if !ok || len(methods) != 1 {
				t.Fatalf("assertionMethod of %s is %v", id, object(t, id)["assertionMethod"])
			}
			mustEqual(t, "the kind", text(methods[0], "type"), "Multikey")
			mustEqual(t, "the key's id", text(methods[0], "id"), id+"#ed25519-key")
			mustEqual(t, "the controller", text(methods[0], "controller"), id)
			key := unbase58(t, text(methods[0], "publicKeyMultibase"))
			if len(key) != 34 || key[0] != 0xed || key[1] != 1 {
				t.Errorf("no Ed25519 key: %x", key)
			}
		}
	},
	"A8": func(t *testing.T, w *ruled) {
		w.actorsHold(t, "A8")
		for _, id := range w.actors() {
			mustEqual(t, "the key's id", text(object(t, id), "publicKey", "id"), id+"#main-key")
		}
	},
	"A10": func(t *testing.T, w *ruled) {
		s := newSite(t)
		s.configure("name: \"Ministry of Foreign Affairs\"", "name: \""+strings.Repeat("Ministry of ", 20)+"\"")
		s.configure("summary: \"\"", "summary: \""+strings.Repeat("Affairs & ", 400)+"\"")
		s.serve()
		a := object(t, s.actor())
		if n := len([]rune(text(a, "name"))); n == 0 || n > 128 {
			t.Errorf("the name has %d characters", n)
		}
		if n := len([]rune(text(a, "summary"))); n == 0 || n > 2048 || !strings.HasSuffix(text(a, "summary"), "…</p>") {
			t.Errorf("the summary has %d characters and ends %q", n, text(a, "summary")[n-20:])
		}
	},
	"A11": func(t *testing.T, w *ruled) {
		s := newSite(t)
		s.configure("fields: []", "fields: [{name: Website, value: \"https://mfa.example/\"}]")
		s.serve()
		fields, ok := object(t, s.actor())["attachment"].([]any)
		if !ok || len(fields) != 1 || text(fields[0], "type") != "PropertyValue" || text(fields[0], "name") != "Website" {
			t.Errorf("the profile fields are %v", fields)
		}
	},
	"A12": func(t *testing.T, w *ruled) {
		s := newSite(t)
		home := s.base + "/en/"
		s.configure("fields: []", `fields: [{name: Website, value: "https://mfa.example/"}, {name: Press, value: "`+home+`"}]`)
		s.configure("rel_me: []", `rel_me: ["https://social.example/@ministry"]`)
		s.serve()
		actor := object(t, s.actor())
		fields, _ := actor["attachment"].([]any)
		if len(fields) != 2 {
			t.Fatalf("%d fields", len(fields))
		}
		mustEqual(t, "the value", text(fields[0], "value"), `<a href="https://mfa.example/" rel="me">https://mfa.example/</a>`)
		mustEqual(t, "the value", text(fields[1], "value"), `<a href="`+home+`" rel="me">`+home+`</a>`)
		page := string(get(t, home, "Accept", "text/html").Body)
		for _, profile := range []string{text(actor, "url"), "https://social.example/@ministry"} {
			if want := `<link rel="me" href="` + profile + `">`; !strings.Contains(page, want) {
				t.Errorf("the page lacks %s", want)
			}
		}
		s = announcing(t)
		s.serve()
		for _, name := range []string{"minister", "ministry_ar"} {
			page := text(object(t, s.actorNamed(name)), "url")
			if want := `<link rel="me" href="` + page + `">`; !strings.Contains(string(get(t, page, "Accept", "text/html").Body), want) {
				t.Errorf("the page of %s lacks %s", name, want)
			}
		}
	},
	"A13": func(t *testing.T, w *ruled) {
		s := newSite(t)
		s.configure(`icon: ""`, "icon: arms.png")
		s.picture("arms.png", 64)
		s.serve()
		icon := at(object(t, s.actor()), "icon")
		mustEqual(t, "the icon's type", text(icon, "mediaType"), "image/png")
		first := text(icon, "url")
		got := get(t, first)
		mustEqual(t, "the picture's type", got.Header.Get("Content-Type"), "image/png")
		mustEqual(t, "its status", got.Status, 200)
		s.stop()
		s.picture("arms.png", 32)
		s.serve()
		if second := text(object(t, s.actor()), "icon", "url"); second == first {
			t.Error("another picture has the same address")
		}
	},
	"A14": func(t *testing.T, w *ruled) {
		a := object(t, w.actor())
		mustEqual(t, "discoverable", a["discoverable"], true)
		mustEqual(t, "indexable", a["indexable"], true)
		mustEqual(t, "manuallyApprovesFollowers", a["manuallyApprovesFollowers"], false)
		if _, err := time.Parse(time.RFC3339, text(a, "published")); err != nil {
			t.Error(err)
		}
	},
	"A15": func(t *testing.T, w *ruled) {
		mustEqual(t, "attributionDomains", object(t, w.actor())["attributionDomains"], []any{"127.0.0.1"})
		s := newSite(t)
		s.configure("attribution_domains: []", "attribution_domains: [mfa.example]")
		s.serve()
		mustEqual(t, "attributionDomains with one more", object(t, s.actor())["attributionDomains"], []any{"127.0.0.1", "mfa.example"})
		want := `<meta name="fediverse:creator" content="@ministry@` + w.host() + `">`
		if page := string(get(t, w.plain.URL, "Accept", "text/html").Body); !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	},
	"A16": func(t *testing.T, w *ruled) {
		s, p := newSite(t), newPeer(t)
		s.serve()
		mustEqual(t, "the answer", p.send(s.actor()+"/inbox", p.follow(s.actor())), 202)
		f := s.publish("A statement")
		p.waitFor(2)
		s.must("pin", f.ID)
		// Receivers look at the collection when the actor is updated.
		eventually(t, "the actor's Update arrives", func() bool { return len(p.ofKind("Update")) == 1 })
		address := text(p.ofKind("Update")[0].Fields, "object", "featured")
		mustEqual(t, "the pinned articles", object(t, address)["orderedItems"], []any{s.base + "/ap/articles/" + f.ID})
		mustEqual(t, "the id", object(t, address)["id"], address)
		s.must("unpin", f.ID)
		if items, ok := object(t, address)["orderedItems"].([]any); !ok || len(items) != 0 {
			t.Errorf("an empty list is %v, which receivers would not take for one", items)
		}
	},
	"A17": func(t *testing.T, w *ruled) {
		s := newSite(t)
		s.configure("tags: []", "tags: [harbours, sea law]")
		s.serve()
		address := text(object(t, s.actor()), "featuredTags")
		tags := object(t, address)
		mustEqual(t, "the id", tags["id"], address)
		items, _ := tags["items"].([]any)
		if len(items) != 2 || text(items[1], "type") != "Hashtag" || text(items[1], "name") != "#SeaLaw" {
			t.Errorf("featured are %v", items)
		}
		p := newPeer(t)
		mustEqual(t, "the answer", p.send(s.actor()+"/inbox", p.follow(s.actor())), 202)
		p.waitFor(1)
		s.stop()
		s.configure("tags: [harbours, sea law]", "tags: [harbours]")
		s.serve()
		eventually(t, "followers are told of other tags", func() bool { return len(p.ofKind("Update")) == 1 })
	},
	"A18": func(t *testing.T, w *ruled) {
		want := map[string]float64{"outbox": 3, "followers": 1, "following": 0}
		for name, total := range want {
			c := object(t, w.actor()+"/"+name)
			mustEqual(t, "totalItems of "+name, c["totalItems"], total)
			mustEqual(t, "the type of "+name, c["type"], "OrderedCollection")
		}
		page := object(t, text(object(t, w.actor()+"/outbox"), "first"))
		items, _ := page["orderedItems"].([]any)
		if len(items) != 3 {
			t.Fatalf("%d items in the outbox, want 3", len(items))
		}
		seen := map[string]bool{}
		for _, item := range items {
			mustEqual(t, "an item's type", text(item, "type"), "Create")
			id := text(item, "id")
			whole, err := json.Marshal(at(item, "object"))
			if err != nil || seen[id] || strings.Contains(string(whole), "A slip") {
				t.Errorf("item %s: %v, %s", id, err, whole)
			}
			seen[id] = true
		}
	},
	"A19": func(t *testing.T, w *ruled) {
		mustEqual(t, "the actor", get(t, w.actor(), "Accept", activityJSON).Status, 200)
		mustEqual(t, "the object", get(t, w.objectID(w.plain), "Accept", activityJSON).Status, 200)
	},
}
