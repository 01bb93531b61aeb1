package rules

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
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

// actors are the ids of both actors of a site.
func (w *ruled) actors() []string { return []string{w.Actor(), w.Base + "/actors/instance"} }

var acting = map[string]func(t *testing.T, w *ruled){
	"A1": func(t *testing.T, w *ruled) { w.actorsHold(t, "A1") },
	"A2": func(t *testing.T, w *ruled) {
		documents := []map[string]any{e2etest.Object(t, w.Actor()), e2etest.Object(t, w.objectID(w.plain)), e2etest.Object(t, w.Actor()+"/outbox")}
		for _, a := range w.peer.Arrivals() {
			documents = append(documents, a.Fields)
		}
		for _, d := range documents {
			if !has(contexts(d), e2etest.ActivityStreams) {
				t.Errorf("%v has the contexts %v", d["id"], contexts(d))
			}
		}
		if !has(contexts(documents[0]), "https://w3id.org/security/v1") {
			t.Error("the actor lacks the security context")
		}
	},
	"A3": func(t *testing.T, w *ruled) {
		e2etest.Equal(t, "the ministry's type", e2etest.Object(t, w.Actor())["type"], "Organization")
		e2etest.Equal(t, "the instance's type", e2etest.Object(t, w.actors()[1])["type"], "Application")
	},
	"A4": func(t *testing.T, w *ruled) {
		for _, id := range w.actors() {
			if name := e2etest.Text(e2etest.Object(t, id), "preferredUsername"); !regexp.MustCompile(`^[a-z0-9_]{1,30}$`).MatchString(name) {
				t.Errorf("preferredUsername %q", name)
			}
		}
		s := e2etest.NewFolder(t)
		for _, name := range []string{"Ministry", "the-ministry", "ministry.of", "", strings.Repeat("a", 31), "instance"} {
			if _, _, err := s.Run("init", "--base-url", s.Base, "--actor", name, "--name", "M", "--timezone", "UTC", "--language", "en"); err == nil {
				t.Errorf("an actor named %q was made", name)
			}
		}
	},
	"A5": func(t *testing.T, w *ruled) {
		e2etest.Equal(t, "the inbox", e2etest.Object(t, w.Actor())["inbox"], w.Actor()+"/inbox")
	},
	"A6": func(t *testing.T, w *ruled) { w.actorsHold(t, "A6") },
	"A7": func(t *testing.T, w *ruled) {
		w.actorsHold(t, "A7")
		e2etest.Equal(t, "the page's status", e2etest.Get(t, e2etest.Text(e2etest.Object(t, w.Actor()), "url"), "Accept", "text/html").Status, 200)
	},
	"A9": func(t *testing.T, w *ruled) {
		for _, id := range w.actors() {
			methods, ok := e2etest.Object(t, id)["assertionMethod"].([]any)
			if !ok || len(methods) != 1 {
				t.Fatalf("assertionMethod of %s is %v", id, e2etest.Object(t, id)["assertionMethod"])
			}
			e2etest.Equal(t, "the kind", e2etest.Text(methods[0], "type"), "Multikey")
			e2etest.Equal(t, "the key's id", e2etest.Text(methods[0], "id"), id+"#ed25519-key")
			e2etest.Equal(t, "the controller", e2etest.Text(methods[0], "controller"), id)
			key := e2etest.Unbase58(t, e2etest.Text(methods[0], "publicKeyMultibase"))
			if len(key) != 34 || key[0] != 0xed || key[1] != 1 {
				t.Errorf("no Ed25519 key: %x", key)
			}
		}
	},
	"A8": func(t *testing.T, w *ruled) {
		w.actorsHold(t, "A8")
		for _, id := range w.actors() {
			e2etest.Equal(t, "the key's id", e2etest.Text(e2etest.Object(t, id), "publicKey", "id"), id+"#main-key")
		}
	},
	"A10": func(t *testing.T, w *ruled) {
		s := e2etest.NewSite(t)
		s.Configure("name: \"Ministry of Foreign Affairs\"", "name: \""+strings.Repeat("Ministry of ", 20)+"\"")
		s.Configure("summary: \"\"", "summary: \""+strings.Repeat("Affairs & ", 400)+"\"")
		s.Serve()
		a := e2etest.Object(t, s.Actor())
		if n := len([]rune(e2etest.Text(a, "name"))); n == 0 || n > 128 {
			t.Errorf("the name has %d characters", n)
		}
		if n := len([]rune(e2etest.Text(a, "summary"))); n == 0 || n > 2048 || !strings.HasSuffix(e2etest.Text(a, "summary"), "…</p>") {
			t.Errorf("the summary has %d characters and ends %q", n, e2etest.Text(a, "summary")[n-20:])
		}
	},
	"A11": func(t *testing.T, w *ruled) {
		s := e2etest.NewSite(t)
		s.Configure("fields: []", "fields: [{name: Website, value: \"https://mfa.example/\"}]")
		s.Serve()
		fields, ok := e2etest.Object(t, s.Actor())["attachment"].([]any)
		if !ok || len(fields) != 1 || e2etest.Text(fields[0], "type") != "PropertyValue" || e2etest.Text(fields[0], "name") != "Website" {
			t.Errorf("the profile fields are %v", fields)
		}
	},
	"A12": func(t *testing.T, w *ruled) {
		s := e2etest.NewSite(t)
		home := s.Base + "/en/"
		s.Configure("fields: []", `fields: [{name: Website, value: "https://mfa.example/"}, {name: Press, value: "`+home+`"}]`)
		s.Configure("rel_me: []", `rel_me: ["https://social.example/@ministry"]`)
		s.Serve()
		actor := e2etest.Object(t, s.Actor())
		fields, _ := actor["attachment"].([]any)
		if len(fields) != 2 {
			t.Fatalf("%d fields", len(fields))
		}
		e2etest.Equal(t, "the value", e2etest.Text(fields[0], "value"), `<a href="https://mfa.example/" rel="me">https://mfa.example/</a>`)
		e2etest.Equal(t, "the value", e2etest.Text(fields[1], "value"), `<a href="`+home+`" rel="me">`+home+`</a>`)
		page := string(e2etest.Get(t, home, "Accept", "text/html").Body)
		for _, profile := range []string{e2etest.Text(actor, "url"), "https://social.example/@ministry"} {
			if want := `<link rel="me" href="` + profile + `">`; !strings.Contains(page, want) {
				t.Errorf("the page lacks %s", want)
			}
		}
		s = e2etest.NewAnnouncing(t)
		s.Serve()
		for _, name := range []string{"minister", "ministry_ar"} {
			page := e2etest.Text(e2etest.Object(t, s.ActorNamed(name)), "url")
			if want := `<link rel="me" href="` + page + `">`; !strings.Contains(string(e2etest.Get(t, page, "Accept", "text/html").Body), want) {
				t.Errorf("the page of %s lacks %s", name, want)
			}
		}
	},
	"A13": func(t *testing.T, w *ruled) {
		s := e2etest.NewSite(t)
		s.Configure(`icon: ""`, "icon: arms.png")
		s.Picture("arms.png", 64)
		s.Serve()
		icon := e2etest.At(e2etest.Object(t, s.Actor()), "icon")
		e2etest.Equal(t, "the icon's type", e2etest.Text(icon, "mediaType"), "image/png")
		first := e2etest.Text(icon, "url")
		got := e2etest.Get(t, first)
		e2etest.Equal(t, "the picture's type", got.Header.Get("Content-Type"), "image/png")
		e2etest.Equal(t, "its status", got.Status, 200)
		s.Stop()
		s.Picture("arms.png", 32)
		s.Serve()
		if second := e2etest.Text(e2etest.Object(t, s.Actor()), "icon", "url"); second == first {
			t.Error("another picture has the same address")
		}
	},
	"A14": func(t *testing.T, w *ruled) {
		a := e2etest.Object(t, w.Actor())
		e2etest.Equal(t, "discoverable", a["discoverable"], true)
		e2etest.Equal(t, "indexable", a["indexable"], true)
		e2etest.Equal(t, "manuallyApprovesFollowers", a["manuallyApprovesFollowers"], false)
		if _, err := time.Parse(time.RFC3339, e2etest.Text(a, "published")); err != nil {
			t.Error(err)
		}
	},
	"A15": func(t *testing.T, w *ruled) {
		e2etest.Equal(t, "attributionDomains", e2etest.Object(t, w.Actor())["attributionDomains"], []any{"127.0.0.1"})
		s := e2etest.NewSite(t)
		s.Configure("attribution_domains: []", "attribution_domains: [mfa.example]")
		s.Serve()
		e2etest.Equal(t, "attributionDomains with one more", e2etest.Object(t, s.Actor())["attributionDomains"], []any{"127.0.0.1", "mfa.example"})
		want := `<meta name="fediverse:creator" content="@ministry@` + w.host() + `">`
		if page := string(e2etest.Get(t, w.plain.URL, "Accept", "text/html").Body); !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	},
	"A16": func(t *testing.T, w *ruled) {
		s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
		s.Serve()
		e2etest.Equal(t, "the answer", p.Send(s.Actor()+"/inbox", p.Follow(s.Actor())), 202)
		f := s.Publish("A statement")
		p.WaitFor(2)
		s.Must("pin", f.ID)
		// Receivers look at the collection when the actor is updated.
		e2etest.Eventually(t, "the actor's Update arrives", func() bool { return len(p.OfKind("Update")) == 1 })
		address := e2etest.Text(p.OfKind("Update")[0].Fields, "object", "featured")
		e2etest.Equal(t, "the pinned articles", e2etest.Object(t, address)["orderedItems"], []any{s.Base + "/ap/articles/" + f.ID})
		e2etest.Equal(t, "the id", e2etest.Object(t, address)["id"], address)
		s.Must("unpin", f.ID)
		if items, ok := e2etest.Object(t, address)["orderedItems"].([]any); !ok || len(items) != 0 {
			t.Errorf("an empty list is %v, which receivers would not take for one", items)
		}
	},
	"A17": func(t *testing.T, w *ruled) {
		s := e2etest.NewSite(t)
		s.Configure("tags: []", "tags: [harbours, sea law]")
		s.Serve()
		address := e2etest.Text(e2etest.Object(t, s.Actor()), "featuredTags")
		tags := e2etest.Object(t, address)
		e2etest.Equal(t, "the id", tags["id"], address)
		items, _ := tags["items"].([]any)
		if len(items) != 2 || e2etest.Text(items[1], "type") != "Hashtag" || e2etest.Text(items[1], "name") != "#SeaLaw" {
			t.Errorf("featured are %v", items)
		}
		p := e2etest.NewPeer(t)
		e2etest.Equal(t, "the answer", p.Send(s.Actor()+"/inbox", p.Follow(s.Actor())), 202)
		p.WaitFor(1)
		s.Stop()
		s.Configure("tags: [harbours, sea law]", "tags: [harbours]")
		s.Serve()
		e2etest.Eventually(t, "followers are told of other tags", func() bool { return len(p.OfKind("Update")) == 1 })
	},
	"A18": func(t *testing.T, w *ruled) {
		want := map[string]float64{"outbox": 3, "followers": 1, "following": 0}
		for name, total := range want {
			c := e2etest.Object(t, w.Actor()+"/"+name)
			e2etest.Equal(t, "totalItems of "+name, c["totalItems"], total)
			e2etest.Equal(t, "the type of "+name, c["type"], "OrderedCollection")
		}
		page := e2etest.Object(t, e2etest.Text(e2etest.Object(t, w.Actor()+"/outbox"), "first"))
		items, _ := page["orderedItems"].([]any)
		if len(items) != 3 {
			t.Fatalf("%d items in the outbox, want 3", len(items))
		}
		seen := map[string]bool{}
		for _, item := range items {
			e2etest.Equal(t, "an item's type", e2etest.Text(item, "type"), "Create")
			id := e2etest.Text(item, "id")
			whole, err := json.Marshal(e2etest.At(item, "object"))
			if err != nil || seen[id] || strings.Contains(string(whole), "A slip") {
				t.Errorf("item %s: %v, %s", id, err, whole)
			}
			seen[id] = true
		}
	},
	"A19": func(t *testing.T, w *ruled) {
		e2etest.Equal(t, "the actor", e2etest.Get(t, w.Actor(), "Accept", e2etest.ActivityJSON).Status, 200)
		e2etest.Equal(t, "the object", e2etest.Get(t, w.objectID(w.plain), "Accept", e2etest.ActivityJSON).Status, 200)
	},
}
