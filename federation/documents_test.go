package federation_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"communique/federation"
	"communique/federation/federationtest"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
)

const browser = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"

// TestActor: the document of each kind of actor.
func TestActor(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t, announcing, func(o *federation.Options) {
		o.Author.Summary = "One.\n\nTwo <b>."
		o.Author.Fields = []federation.Field{{Name: "Web", Value: "https://mfa.example"}, {Name: "Town", Value: "Arvane & <co>"}}
		o.Author.Domains = []string{"mfa.example"}
	})
	id := s.Actor("ministry")
	got := s.Get(id)
	if got.Status != http.StatusOK || !strings.HasPrefix(got.Header.Get("Content-Type"), "application/activity+json") {
		t.Fatalf("%d, %v, %v", got.Status, got.Header, got.Err)
	}
	author := got.Fields()
	for field, want := range map[string]any{
		"id": id, "type": "Organization", "preferredUsername": "ministry", "name": "Ministry of Foreign Affairs", "webfinger": "ministry@press.mfa.example",
		"summary": "<p>One.</p><p>Two &lt;b&gt;.</p>", "url": federationtest.Base + "/en/", "published": "2031-03-04T12:00:00Z",
		"inbox": id + "/inbox", "outbox": id + "/outbox", "followers": id + "/followers", "following": id + "/following",
		"featured": id + "/featured", "featuredTags": id + "/tags", "manuallyApprovesFollowers": false, "discoverable": true, "indexable": true,
		"attributionDomains": []any{"press.mfa.example", "mfa.example"},
	} {
		same(t, field, author[field], want)
	}
	same(t, "the shared inbox", at(author, "endpoints", "sharedInbox"), any(s.Inbox()))
	same(t, "the owner of the key", at(author, "publicKey", "owner"), any(id))
	fields := fmt.Sprint(author["attachment"])
	for _, want := range []string{`<a href="https://mfa.example" rel="me">https://mfa.example</a>`, "Arvane &amp; &lt;co&gt;"} {
		if !strings.Contains(fields, want) {
			t.Errorf("%s is not among the fields %s", want, fields)
		}
	}
	same(t, "the kind of one that announces", s.Get(s.Actor("minister")).Fields()["type"], any("Organization"))
	instance := s.Get(s.Actor(federation.InstanceName)).Fields()
	same(t, "the instance's", []any{instance["type"], instance["manuallyApprovesFollowers"], instance["featured"]}, []any{"Application", true, nil})
	refusedBy(t, "an unknown actor", 0, s.Get("/actors/nobody").Err, press.ErrNotFound)
}

// TestBrowsersAreSentToPages, and say that another would get something else.
func TestBrowsersAreSentToPages(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	a, _ := s.Publish("Read")
	for address, page := range map[string]string{s.Actor("ministry"): federationtest.Base + "/en/", objectID(a): s.Options.Site.Article(a)} {
		got := s.Get(address, "Accept", browser)
		same(t, "a browser at "+address, []any{got.Status, got.Header.Get("Location"), got.Header.Get("Vary")}, []any{http.StatusSeeOther, page, "Accept"})
		varies := "Accept"
		if address == objectID(a) {
			varies = "Accept, Signature, Signature-Input"
		}
		for _, accept := range []string{"application/activity+json", "application/activity+json, text/html;q=0.5", "*/*", "", "text/html;q=0", "text/html;q=0, application/json"} {
			got := s.Get(address, "Accept", accept)
			same(t, fmt.Sprintf("%q at %s", accept, address), []any{got.Status, got.Header.Get("Vary")}, []any{http.StatusOK, varies})
		}
	}
	refusedBy(t, "a browser at no article", 0, s.Get("/ap/articles/k3tq5m2zr7ab4cde", "Accept", browser).Err, press.ErrNotFound)
}

// TestHead: the header of a GET, and no body.
func TestHead(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	got, head := s.Get("/actors/ministry"), s.Ask(http.MethodHead, "/actors/ministry")
	same(t, "HEAD", []any{head.Status, head.Header.Get("Content-Type"), head.Header.Get("Content-Length"), len(head.Body)},
		[]any{http.StatusOK, got.Header.Get("Content-Type"), fmt.Sprint(len(got.Body)), 0})
}

// TestObject: an article as an object, in every state.
func TestObject(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	a, _ := s.Publish("A treaty was signed")
	p := s.NewPeer()
	p.MustSend(s.Inbox(), p.Like(objectID(a)))
	s.Later()
	got := s.Get(objectID(a)).Fields()
	same(t, "the object", []any{got["id"], got["type"], got["attributedTo"], at(got, "likes", "totalItems"), at(got, "replies", "totalItems")},
		[]any{objectID(a), "Note", s.Actor("ministry"), 1.0, 0.0})
	s.Withdraw(a.ID)
	gone := s.Get(objectID(a))
	same(t, "once it is withdrawn", []any{gone.Status, gone.Fields()["type"], gone.Fields()["formerType"]}, []any{http.StatusGone, "Tombstone", "Note"})
	embargoed, _ := s.Publish("Not yet", func(d *press.Draft) { d.Published = s.Clock.Now().Add(time.Hour) })
	refusedBy(t, "under embargo", 0, s.Get(objectID(embargoed)).Err, press.ErrNotFound)
	refusedBy(t, "an unknown one", 0, s.Get("/ap/articles/none").Err, press.ErrNotFound)
}

// TestActivity: the ids of activities answer while what they say stands, and no id
// answers that was never sent.
func TestActivity(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	a, published := s.Publish("A treaty was signed")
	_, corrected := s.Correct(a.ID, "Two treaties were signed")
	path := func(e press.Entry, verb string) string { return fmt.Sprintf("/ap/activities/%d/%s", e.Seq, verb) }
	for _, tt := range []struct{ path, kind, title string }{
		{path(published, "create"), "Create", "A treaty was signed"},
		{path(corrected, "update"), "Update", "Two treaties were signed"},
		{path(corrected, "create"), "Create", "Two treaties were signed"},
	} {
		got := s.Get(tt.path).Fields()
		content, _ := at(got, "object", "content").(string)
		if got["type"] != tt.kind || !strings.Contains(content, tt.title) {
			t.Errorf("%s is %v: %s", tt.path, got["type"], content)
		}
	}
	for _, never := range []string{path(published, "update"), path(published, "delete"), path(published, "like"), "/ap/activities/x/create", "/ap/activities/99/create"} {
		refusedBy(t, never, 0, s.Get(never).Err, press.ErrNotFound)
	}
	_, withdrawn := s.Withdraw(a.ID)
	same(t, "the Delete", s.Get(path(withdrawn, "delete")).Fields()["type"], any("Delete"))
	for _, gone := range []string{path(published, "create"), path(corrected, "update")} {
		same(t, gone+" once it is withdrawn", s.Get(gone).Status, http.StatusGone)
	}
	s.Update(func(tx *storage.Tx) error {
		e, err := tx.AppendActor("ministry")
		withdrawn = e
		return err
	})
	refusedBy(t, "an entry of an actor", 0, s.Get(path(withdrawn, "create")).Err, press.ErrNotFound)
}

// TestAnnounced: an Announce answers under its own actor while its article stands.
func TestAnnounced(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t, announcing)
	a, e := s.Publish("Announced")
	path := fmt.Sprint("/actors/minister/announces/", e.Seq)
	got := s.Get(path).Fields()
	same(t, "the Announce", []any{got["type"], got["actor"], got["object"]}, []any{"Announce", s.Actor("minister"), objectID(a)})
	for _, none := range []string{
		fmt.Sprint("/actors/ministry/announces/", e.Seq), fmt.Sprint("/actors/nobody/announces/", e.Seq), "/actors/minister/announces/x", "/actors/minister/announces/99",
	} {
		refusedBy(t, none, 0, s.Get(none).Err, press.ErrNotFound)
	}
	s.Withdraw(a.ID)
	if got := s.Get(path); got.Err == nil {
		t.Errorf("once it is withdrawn it is answered %d", got.Status)
	}
}

// listed are the items of a collection along its pages, by what names them.
func listed(t *testing.T, s *federationtest.Site, id string, name func(item any) any) (items []any, pages int) {
	t.Helper()
	first := s.Get(id).Fields()["first"]
	for next, _ := first.(string); next != ""; pages++ {
		page := s.Get(next).Fields()
		same(t, "partOf", page["partOf"], any(id))
		list, _ := page["orderedItems"].([]any)
		if list == nil {
			list, _ = page["items"].([]any)
		}
		for _, item := range list {
			items = append(items, name(item))
		}
		next, _ = page["next"].(string)
	}
	return items, pages
}

// TestOutbox: each public article once, the newest first, in its newest state; of
// an actor that announces, what it announced. Pages stay put while new ones come.
func TestOutbox(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t, announcing)
	var want, announced []any
	for n := range 45 {
		a, e := s.Publish(fmt.Sprint("Number ", n))
		switch n {
		case 3:
			s.Withdraw(a.ID)
			continue
		case 44:
			_, e = s.Correct(a.ID, "Corrected")
		}
		want = append([]any{fmt.Sprintf("%s/ap/activities/%d/create", federationtest.Base, e.Seq)}, want...)
		announced = append([]any{objectID(a)}, announced...)
	}
	for actor, tt := range map[string]struct {
		name  string
		items []any
	}{"ministry": {"id", want}, "minister": {"object", announced}} {
		id := s.Actor(actor) + "/outbox"
		collection := s.Get(id).Fields()
		same(t, "the collection", []any{collection["type"], collection["totalItems"]}, []any{"OrderedCollection", 44.0})
		items, pages := listed(t, s, id, func(item any) any { return at(item, tt.name) })
		same(t, "items of "+actor, items, tt.items)
		same(t, "pages of "+actor, pages, 3)
	}
	instance := s.Get(s.Actor(federation.InstanceName) + "/outbox").Fields()
	same(t, "the instance's", []any{instance["totalItems"], instance["first"]}, []any{0.0, nil})
	refusedBy(t, "a page of nowhere", 0, s.Get("/actors/ministry/outbox?before=x").Err, federation.ErrMalformed)
	refusedBy(t, "of nobody", 0, s.Get("/actors/nobody/outbox").Err, press.ErrNotFound)
}

// TestFollowersAndFollowing: how many, and not who.
func TestFollowersAndFollowing(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
	followers := s.Get("/actors/ministry/followers")
	same(t, "followers", followers.Fields()["totalItems"], any(1.0))
	if strings.Contains(string(followers.Body), p.Actor()) {
		t.Errorf("it tells who follows: %s", followers.Body)
	}
	same(t, "following", s.Get("/actors/ministry/following").Fields()["totalItems"], any(0.0))
	for _, name := range []string{"followers", "following", "featured", "tags"} {
		refusedBy(t, name+" of nobody", 0, s.Get("/actors/nobody/"+name).Err, press.ErrNotFound)
	}
}

// TestFeatured: the author's pinned articles, the last one pinned first.
func TestFeatured(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t, announcing)
	first, _ := s.Publish("First")
	second, _ := s.Publish("Second")
	s.Update(func(tx *storage.Tx) error {
		_, err := tx.Pin(first.ID)
		return err
	})
	s.Clock.Pass(time.Second)
	s.Update(func(tx *storage.Tx) error {
		_, err := tx.Pin(second.ID)
		return err
	})
	got := s.Get("/actors/ministry/featured").Fields()
	same(t, "featured", []any{got["totalItems"], got["orderedItems"]}, []any{2.0, []any{objectID(second), objectID(first)}})
	same(t, "of one that announces", s.Get("/actors/minister/featured").Fields()["totalItems"], any(0.0))
}

// TestFeaturedTags: those of the configuration that make a hashtag, ten at most.
func TestFeaturedTags(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t, func(o *federation.Options) {
		o.Author.Tags = append([]string{"sea law", "!!"}, strings.Split("abcdefghijklmno", "")...)
	})
	got := s.Get("/actors/ministry/tags").Fields()
	items, _ := got["items"].([]any)
	if len(items) != 10 {
		t.Fatalf("%d tags: %v", len(items), got)
	}
	same(t, "the first", []any{at(items[0], "name"), at(items[0], "href")}, []any{"#SeaLaw", federationtest.Base + "/en/tags/sea-law/"})
}

// TestCollectionsOfReactions: numbers of likes and shares, and the approved
// replies by their ids, the oldest first, by pages of fifty.
func TestCollectionsOfReactions(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t, announcing)
	a, _ := s.Publish("Answered")
	p := s.NewPeer()
	p.MustSend(s.Inbox(), p.Like(objectID(a)), p.Announce(objectID(a)))
	empty := s.Get(objectID(a) + "/replies").Fields()
	same(t, "no replies", []any{empty["totalItems"], empty["items"], empty["first"]}, []any{0.0, []any{}, objectID(a) + "/replies?after=0&id="})
	// Mastodon 4.7 shows our totals over its own: our own boost is among them.
	same(t, "shares by our own actors", s.Get(objectID(a)).Fields()["shares"].(map[string]any)["totalItems"], any(1.0))
	var want []any
	s.Update(func(tx *storage.Tx) error {
		for n := range 55 {
			id := p.PostID(fmt.Sprintf("%02d?&", n))
			want = append(want, id)
			r := audience.Reply{ID: id, Article: a.ID, Parent: objectID(a), Actor: fmt.Sprint(p.Actor(), n/10), Public: true, Content: "<p>Yes</p>", Published: federationtest.Noon, Version: federationtest.Noon}
			if _, err := tx.AddReply(r, federationtest.Noon, audience.ReplyApproved); err != nil {
				return err
			}
		}
		return nil
	})
	s.Later()
	same(t, "likes", s.Get(objectID(a) + "/likes").Fields()["totalItems"], any(1.0))
	same(t, "shares", s.Get(objectID(a) + "/shares").Fields()["totalItems"], any(2.0))
	items, pages := listed(t, s, objectID(a)+"/replies", func(item any) any { return item })
	same(t, "replies", items, want)
	same(t, "pages", pages, 2)
	refusedBy(t, "a page of nowhere", 0, s.Get(objectID(a)+"/replies?after=x").Err, federation.ErrMalformed)
	old := s.Get(objectID(a) + "/replies?behind=0&id=").Fields()
	same(t, "a page by an address of before", old["type"], any("CollectionPage"))
	for _, name := range []string{"/likes", "/shares", "/replies", "/replies?after=0"} {
		refusedBy(t, name+" of no article", 0, s.Get("/ap/articles/k3tq5m2zr7ab4cde"+name).Err, press.ErrNotFound)
	}
}

// TestWebFinger: who answers to which name, by which subject.
func TestWebFinger(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t, announcing, func(o *federation.Options) { o.Site.Domain = "mfa.example" })
	for resource, want := range map[string]string{ // the subject; empty: not found
		"acct:ministry@mfa.example": "acct:ministry@mfa.example", "acct:ministry@press.mfa.example": "acct:ministry@mfa.example",
		"acct:Ministry@MFA.example": "acct:ministry@mfa.example", "@minister@mfa.example": "acct:minister@mfa.example",
		federationtest.Base + "/actors/ministry": "acct:ministry@mfa.example", federationtest.Base + "/en/": "acct:ministry@mfa.example",
		federationtest.Base + "/en/minister": "acct:minister@mfa.example", federationtest.Base: federationtest.Base + "/", federationtest.Base + "/": federationtest.Base + "/",
		"acct:nobody@mfa.example": "", "acct:ministry@other.example": "", "acct:ministry": "", "https://other.example/en/": "",
	} {
		got := s.Get("/.well-known/webfinger?resource=" + url.QueryEscape(resource))
		if want == "" {
			refusedBy(t, resource, 0, got.Err, press.ErrNotFound)
			continue
		}
		same(t, resource, []any{got.Fields()["subject"], got.Header.Get("Access-Control-Allow-Origin")}, []any{want, "*"})
	}
	refusedBy(t, "no resource", 0, s.Get("/.well-known/webfinger").Err, federation.ErrMalformed)
	host := s.Get("/.well-known/host-meta")
	if !strings.Contains(string(host.Body), federationtest.Base+"/.well-known/webfinger?resource={uri}") {
		t.Errorf("host-meta is %s", host.Body)
	}
}

// TestNodeInfo: what software this is, and how much it has said.
func TestNodeInfo(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t, announcing)
	s.Publish("One")
	index := string(s.Get("/.well-known/nodeinfo").Body)
	for _, want := range []string{federationtest.Base + "/nodeinfo/2.1", s.Actor(federation.InstanceName)} {
		if !strings.Contains(index, want) {
			t.Errorf("%s is not in %s", want, index)
		}
	}
	got := s.Get("/nodeinfo/2.1").Fields()
	same(t, "NodeInfo", []any{got["version"], at(got, "software", "name"), at(got, "software", "version"), at(got, "usage", "localPosts"), at(got, "usage", "users", "total"), got["openRegistrations"]},
		[]any{"2.1", "communique", "1.2.3", 1.0, 2.0, false})
}
