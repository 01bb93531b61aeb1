package vocab

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communique/storage/press"
)

var update = flag.Bool("update", false, "write the golden files anew")

const (
	base      = "https://mfa.example"
	actorID   = base + "/actors/press"
	followers = actorID + "/followers"
	articleID = base + "/ap/articles/aaaabbbbccccdddd"
)

func at(hour int) time.Time { return time.Date(2026, 3, 14, hour, 30, 0, 0, time.UTC) }

func anActor() Actor {
	return Actor{
		ID: actorID, Type: TypeOrganization, PreferredUsername: "press", Webfinger: "press@mfa.example",
		Name: "Ministry of Foreign Affairs of Arvia", Summary: "<p>What the ministry says & does</p>", URL: base + "/en/",
		Published: Time(at(8)),
		Inbox:     actorID + "/inbox", Outbox: actorID + "/outbox", Followers: followers, Following: actorID + "/following",
		Featured: actorID + "/featured", FeaturedTags: actorID + "/tags", Endpoints: Endpoints{SharedInbox: base + "/ap/inbox"},
		Discoverable: true, Indexable: true,
		Icon:               Image{MediaType: "image/png", URL: base + "/media/arms.png", Name: "The arms of Arvia"},
		Image:              Image{MediaType: "image/jpeg", URL: base + "/media/palace.jpg", Name: "The ministry's palace"},
		Attachment:         []PropertyValue{{Name: "Site", Value: `<a href="https://mfa.example/en/" rel="me">https://mfa.example/en/</a>`}},
		AttributionDomains: []string{"mfa.example"}, AlsoKnownAs: []string{"https://old.example/users/mfa"},
		PublicKey:       ActorKey{ID: actorID + "#main-key", Owner: actorID, PEM: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"},
		AssertionMethod: []Multikey{{ID: actorID + "#ed25519-key", Controller: actorID, Multibase: "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"}},
	}
}

func aNote() Note {
	return Note{
		ID: articleID, AttributedTo: actorID, To: []string{Public}, CC: []string{followers},
		Published: Time(at(10)), Updated: Time(at(11)), URL: base + "/en/articles/aaaabbbbccccdddd/talks-open",
		Content:           NewContent("en", `<p><strong>Talks open in Port Sel</strong></p><p>Ministers of “both” sides met <em>today</em> & agreed.</p>`),
		Tag:               []Hashtag{{Name: "#Arvia", Href: base + "/en/tags/arvia"}},
		InteractionPolicy: InteractionPolicy{CanQuote: Approval{[]string{Public}}},
	}
}

func reactions() Reactions {
	return Reactions{
		Replies: Collection{ID: articleID + "/replies", First: articleID + "/replies?after=0"},
		Likes:   Collection{ID: articleID + "/likes", TotalItems: 3}, Shares: Collection{ID: articleID + "/shares"},
	}
}

func anArticle() Article {
	return Article{
		ID: articleID, AttributedTo: actorID, To: []string{Public}, CC: []string{followers},
		Published: Time(at(10)), URL: base + "/ar/articles/aaaabbbbccccdddd/", Name: "افتتاح المحادثات",
		Content: NewContent("ar", "<p>اجتمع الوزراء اليوم.</p>"),
		Preview: Preview{Content: NewContent("ar", "<p>اجتمع الوزراء</p>")},
		Attachment: []Image{{MediaType: "image/jpeg", URL: base + "/media/hall.jpg", Name: "قاعة", Width: 1200, Height: 800,
			FocalPoint: &press.Focus{0, -0.5}, Blurhash: "UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH"}},
	}
}

func documents() map[string]Document {
	follow := Follow{ID: "https://social.example/follows/7", Actor: "https://social.example/users/ana", Object: actorID}
	quote := QuoteRequest{ID: "https://social.example/quotes/9", Actor: follow.Actor, Object: articleID, Instrument: "https://social.example/@ana/2"}
	gone := Tombstone{ID: articleID, FormerType: "Note", Deleted: Time(at(12))}
	return map[string]Document{
		"actor": anActor(),
		"application": Actor{
			ID: base + "/actors/server", Type: TypeApplication, PreferredUsername: "server", Name: "mfa.example",
			Inbox: base + "/actors/server/inbox", Outbox: base + "/actors/server/outbox",
			PublicKey: ActorKey{ID: base + "/actors/server#main-key", Owner: base + "/actors/server", PEM: "PEM"},
		},
		"note": aNote().With(reactions()), "article": anArticle().With(reactions()), "tombstone": gone,
		"create":         NewCreate(base+"/ap/activities/1/create", aNote()),
		"create_article": NewCreate(base+"/ap/activities/1/create", anArticle()),
		"update":         NewUpdate(base+"/ap/activities/2/update", at(11), aNote()),
		"update_actor":   NewActorUpdate(base+"/ap/activities/3/update", at(11), anActor()),
		"delete":         NewDelete(base+"/ap/activities/4/delete", actorID, followers, gone),
		"announce":       NewAnnounce(base+"/ap/activities/5/announce", base+"/actors/culture", base+"/actors/culture/followers", articleID, at(10)),
		"follow":         NewFollow(follow),
		"accept":         NewAccept(base+"/ap/directed/x", follow),
		"reject":         NewReject(base+"/ap/directed/y", Follow{Actor: follow.Actor, Object: actorID}),
		"undo":           NewUndoFollow("https://social.example/undo/8", follow),
		"outbox":         OrderedCollection{ID: actorID + "/outbox", TotalItems: 0, First: actorID + "/outbox?page=1"},
		"featured":       OrderedCollection{ID: actorID + "/featured", TotalItems: 1, Items: Items{articleID}},
		"featured_none":  OrderedCollection{ID: actorID + "/featured", Items: Items{}},
		"tags":           Collection{ID: actorID + "/tags", TotalItems: 1, Items: Items{Hashtag{Name: "#Arvia", Href: base + "/en/tags/arvia/"}}},
		"replies_page":   CollectionPage{ID: articleID + "/replies?after=0", PartOf: articleID + "/replies", Items: Items{"https://social.example/@ana/1"}},
		"quote":          QuoteAuthorization{ID: base + "/ap/quotes/x", AttributedTo: actorID, InteractingObject: quote.Instrument, InteractionTarget: articleID},
		"quote_accept":   NewAcceptQuote(base+"/ap/accepts/x", actorID, quote, base+"/ap/quotes/x"),
		"quote_reject":   NewRejectQuote(base+"/ap/rejects/x", actorID, quote),
		"outbox_page": OrderedCollectionPage{ID: actorID + "/outbox?page=1", PartOf: actorID + "/outbox", Next: actorID + "/outbox?before=1",
			Items: Items{NewCreate(base+"/ap/activities/1/create", aNote())}},
		"empty_page": OrderedCollectionPage{ID: actorID + "/outbox?page=1", PartOf: actorID + "/outbox"},
		"replies":    Collection{ID: articleID + "/replies"},
	}
}

// TestGolden shows every document that we write; -update writes them anew.
func TestGolden(t *testing.T) {
	t.Parallel()
	for name, d := range documents() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".json", got)
			if again, err := Marshal(d); err != nil || !bytes.Equal(got, again) {
				t.Errorf("a second time: %v %s", err, again)
			}
			if err := Check(got); err != nil {
				t.Errorf("we would not read it ourselves: %v", err)
			}
			if !bytes.HasPrefix(got, []byte(`{"@context":`)) || bytes.Count(got, []byte(`"@context"`)) != 1 {
				t.Errorf("A2 one @context, first: %s", got)
			}
		})
	}
}

func TestGoldenOthers(t *testing.T) {
	t.Parallel()
	jrd, err := NewActorJRD("press@mfa.example", actorID, base+"/en/").Marshal()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "webfinger.json", jrd)
	info, err := NodeInfo{
		Software: Software{Name: "communique", Version: "0.1.0"}, Services: Services{Outbound: Items{"atom1.0", "rss2.0"}},
		Usage: Usage{Users: Users{Total: 1, ActiveMonth: 1, ActiveHalfyear: 1}, LocalPosts: 60}, Metadata: Metadata{NodeName: "Arvia"},
	}.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "nodeinfo.json", info)
	index, err := NewNodeInfoIndex(base+"/nodeinfo/2.1", base+"/actors/server").Marshal()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "nodeinfo_index.json", index)
	meta, err := HostMeta(base)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "host-meta.xml", meta)
}

// golden compares with testdata/golden, where JSON is indented to be read.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", "golden", name)
	if strings.HasSuffix(name, ".json") {
		var b bytes.Buffer
		if err := json.Indent(&b, got, "", "  "); err != nil {
			t.Fatal(err)
		}
		got = append(b.Bytes(), '\n')
	}
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// What others read in our actor must be what we meant: our own reader is one
// that does not share the writer's structs.
func TestActorReadsBack(t *testing.T) {
	t.Parallel()
	document, err := Marshal(anActor())
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadActor(document)
	if err != nil {
		t.Fatal(err)
	}
	want := RemoteActor{
		ID: actorID, Type: TypeOrganization, PreferredUsername: "press", Name: "Ministry of Foreign Affairs of Arvia",
		Summary: "<p>What the ministry says & does</p>", URL: base + "/en/", Inbox: actorID + "/inbox", SharedInbox: base + "/ap/inbox",
		Outbox: actorID + "/outbox", Followers: followers, Following: actorID + "/following",
		AlsoKnownAs: []string{"https://old.example/users/mfa"},
		Keys: []PublicKey{
			{actorID + "#main-key", actorID, anActor().PublicKey.PEM, ""},
			{actorID + "#ed25519-key", actorID, "", anActor().AssertionMethod[0].Multibase},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestObjectRules(t *testing.T) {
	t.Parallel()
	document, err := Marshal(NewCreate("https://mfa.example/ap/activities/1/create", aNote()))
	if err != nil {
		t.Fatal(err)
	}
	var create struct {
		To, CC    []string
		Published string
		Object    map[string]json.RawMessage
	}
	if err := json.Unmarshal(document, &create); err != nil {
		t.Fatal(err)
	}
	t.Run("O4 O5 C2", func(t *testing.T) {
		want := []any{[]string{Public}, []string{followers}, "2026-03-14T10:30:00Z"}
		if diff := cmp.Diff(want, []any{create.To, create.CC, create.Published}); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("O7", func(t *testing.T) {
		if create.Object["name"] != nil || create.Object["summary"] != nil {
			t.Errorf("a Note with name %s or summary %s", create.Object["name"], create.Object["summary"])
		}
	})
	t.Run("O13", func(t *testing.T) {
		want := `{"en":` + string(create.Object["content"]) + `}`
		if diff := cmp.Diff(want, string(create.Object["contentMap"])); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("HTML is not escaped", func(t *testing.T) {
		if !bytes.Contains(document, []byte("<p><strong>")) || bytes.Contains(document, []byte(`\u003`)) {
			t.Errorf("%s", document)
		}
	})
}

func TestParseHandle(t *testing.T) {
	t.Parallel()
	for resource, want := range map[string][2]string{
		"acct:press@mfa.example":      {"press", "mfa.example"},
		"ACCT:Press@mfa.example:8080": {"Press", "mfa.example:8080"},
		"press@mfa.example":           {"press", "mfa.example"},
		"@press@mfa.example":          {"press", "mfa.example"},
		"acct:@press@mfa.example":     {"press", "mfa.example"},
		"acct:press":                  {},
		"acct:@mfa.example":           {},
		"press@":                      {},
		"press@a@b":                   {},
		"https://mfa.example/@press":  {},
		"https://press@mfa.example/x": {},
		"":                            {},
	} {
		user, host, ok := ParseHandle(resource)
		if got := [2]string{user, host}; got != want || ok != (want[0] != "") {
			t.Errorf("ParseHandle(%q) = %q %t", resource, got, ok)
		}
	}
}
