package vocab

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

//go:embed testdata/read
var samples embed.FS

func sample(t testing.TB, name string) []byte {
	t.Helper()
	text, err := samples.ReadFile("testdata/read/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestReadActor(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]RemoteActor{
		"mastodon.json": {
			ID: "https://social.example/users/ana", Type: "Person", PreferredUsername: "ana", Name: "Ana",
			Summary: "<p>Reads the papers</p>", URL: "https://social.example/@ana",
			Inbox: "https://social.example/users/ana/inbox", SharedInbox: "https://social.example/inbox",
			Outbox: "https://social.example/users/ana/outbox", Followers: "https://social.example/users/ana/followers",
			Following: "https://social.example/users/ana/following", AlsoKnownAs: []string{"https://old.example/users/ana"},
			Keys: []PublicKey{{"https://social.example/users/ana#main-key", "https://social.example/users/ana", "PEM", ""}},
		},
		"loose.json": {
			ID: "https://video.example/accounts/ana", Type: "Person", PreferredUsername: "ana",
			URL: "https://video.example/a/ana", Inbox: "https://video.example/accounts/ana/inbox",
			Outbox: "https://video.example/accounts/ana/outbox", AlsoKnownAs: []string{"https://old.example/users/ana"},
			Keys: []PublicKey{
				{"https://video.example/accounts/ana#one", "https://video.example/accounts/ana", "ONE", ""},
				{"https://video.example/accounts/ana#two", "https://victim.example/", "TWO", ""},
				{ID: "https://video.example/keys/three"},
				{"https://video.example/accounts/ana#four", "https://video.example/accounts/ana", "", "z6Four"},
				{"https://video.example/accounts/ana#five", "https://victim.example/", "", "z6Five"},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadActor(sample(t, name))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestKeyOfAnotherOwnerIsNotTheActors(t *testing.T) {
	t.Parallel()
	a, err := ReadActor(sample(t, "loose.json"))
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]bool{"#one": true, "#two": false, "#none": false, "#four": true, "#five": false, "#six": false, "#seven": false} {
		if _, got := a.Key(a.ID + id); got != want {
			t.Errorf("A8 A9 %s: %t, want %t", id, got, want)
		}
	}
}

func TestReadKeyDocument(t *testing.T) {
	t.Parallel()
	key := PublicKey{"https://small.example/users/ben/main-key", "https://small.example/users/ben", "PEM", ""}
	for name, want := range map[string]KeyDocument{
		"stub.json": {ID: key.Owner, Keys: []PublicKey{key}},
		"multikey.json": {ID: "https://small.example/keys/2", Keys: []PublicKey{
			{"https://small.example/keys/2", key.Owner, "", "z6Two"}}},
		"key.json": {ID: "https://small.example/keys/1", Keys: []PublicKey{
			{"https://small.example/keys/1", key.Owner, "PEM", ""}}},
	} {
		got, err := ReadKeyDocument(sample(t, name))
		if err != nil {
			t.Fatalf("I5 %s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("I5 %s: %s", name, diff)
		}
		if _, err := ReadActor(sample(t, name)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s as an actor: error %v, want ErrMalformed", name, err)
		}
	}
	if _, err := ReadKeyDocument([]byte(`{"id":"https://a.example/","type":"Person"}`)); !errors.Is(err, ErrMalformed) {
		t.Errorf("without a key: error %v, want ErrMalformed", err)
	}
}

func TestReadActivity(t *testing.T) {
	t.Parallel()
	const follow = `{"id":"https://a.example/1","type":"Follow","actor":"https://a.example/ana","object":"https://press.example/actors/press"}`
	for name, c := range map[string]struct {
		document string
		want     Incoming
	}{
		"follow": {follow, Incoming{
			ID: "https://a.example/1", Type: "Follow", Actor: "https://a.example/ana",
			Objects: []Reference{{ID: "https://press.example/actors/press"}}}},
		"undo of an embedded follow": {`{"type":"Undo","actor":{"id":"https://a.example/ana","type":"Person"},"object":` + follow + `}`, Incoming{
			Type: "Undo", Actor: "https://a.example/ana",
			Objects: []Reference{{ID: "https://a.example/1", Type: "Follow", Raw: json.RawMessage(follow)}}}},
		"audience, time, target": {`{"id":"https://a.example/2","type":"Announce","actor":["https://a.example/ana"],"object":["https://b.example/3"],
			"to":"` + Public + `","cc":["https://a.example/f",{"id":"https://a.example/g"}],"target":null,"published":"2026-03-14T12:00:00+02:00"}`, Incoming{
			ID: "https://a.example/2", Type: "Announce", Actor: "https://a.example/ana",
			Objects: []Reference{{ID: "https://b.example/3"}},
			To:      []string{Public}, CC: []string{"https://a.example/f", "https://a.example/g"},
			Published: time.Date(2026, 3, 14, 10, 0, 0, 0, time.UTC)}},
		"flag of several": {`{"type":"Flag","actor":"https://a.example/i","object":["https://b.example/1","https://b.example/2"],"published":"yesterday"}`, Incoming{
			Type: "Flag", Actor: "https://a.example/i",
			Objects: []Reference{{ID: "https://b.example/1"}, {ID: "https://b.example/2"}}}},
		"no object": {`{"type":"Arrive","actor":"https://a.example/i"}`, Incoming{Type: "Arrive", Actor: "https://a.example/i"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadActivity([]byte(c.document))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEmbeddedFollow(t *testing.T) {
	t.Parallel()
	undo, err := ReadActivity([]byte(`{"type":"Undo","actor":"https://a.example/ana","object":{
		"id":"https://a.example/1","type":"Follow","actor":"https://a.example/ana","object":{"id":"https://press.example/actors/press"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	o, ok := undo.Object()
	if !ok {
		t.Fatal("no object")
	}
	inner, err := o.Activity()
	if err != nil {
		t.Fatal(err)
	}
	got, ok := FollowOf(inner)
	want := Follow{ID: "https://a.example/1", Actor: "https://a.example/ana", Object: "https://press.example/actors/press"}
	if diff := cmp.Diff(want, got); diff != "" || !ok {
		t.Errorf("%t %s", ok, diff)
	}
	if _, ok := FollowOf(undo); ok {
		t.Error("an Undo is taken for a Follow")
	}
	if _, err := (Reference{ID: "https://a.example/1"}).Activity(); !errors.Is(err, ErrMalformed) {
		t.Errorf("an id as an activity: error %v, want ErrMalformed", err)
	}
}

// decisive are the properties that something is decided by, or whose absence means
// that the document is none.
var decisive = []string{"id", "type", "actor", "object", "target", "inbox", "publicKey", "attributedTo"}

// TestTypeConfusion is A15: what is not of the expected type is an error where it
// decides, passed over where it is optional, and never a panic.
func TestTypeConfusion(t *testing.T) {
	t.Parallel()
	activity := `{"id":"https://a.example/1","type":"Follow","actor":"https://a.example/ana","object":"https://b.example/","to":"x","cc":"y","target":"z","published":"2026-03-14T12:00:00Z"}`
	actor := `{"id":"https://a.example/ana","type":"Person","inbox":"https://a.example/in","outbox":"o","followers":"f","following":"g",
		"preferredUsername":"ana","name":"n","summary":"s","url":"u","movedTo":"m","alsoKnownAs":"k","endpoints":{"sharedInbox":"i"},
		"publicKey":{"id":"https://a.example/ana#k","owner":"https://a.example/ana","publicKeyPem":"p"}}`
	note := `{"id":"https://a.example/1","type":"Note","attributedTo":"https://a.example/ana","inReplyTo":"r","content":"c","contentMap":{"en":"c"},
		"url":"u","to":"x","cc":"y","published":"2026-03-14T12:00:00Z","updated":"2026-03-14T12:00:00Z","quote":"q","tag":{"type":"Mention","href":"h"},"name":"n"}`
	read := map[string]func([]byte) error{
		note:     func(b []byte) error { _, err := ReadNote(b); return err },
		activity: func(b []byte) error { _, err := ReadActivity(b); return err },
		actor:    func(b []byte) error { _, err := ReadActor(b); return err },
	}
	for document, read := range read {
		if err := read([]byte(document)); err != nil {
			t.Fatal(err)
		}
		var whole map[string]any
		if err := json.Unmarshal([]byte(document), &whole); err != nil {
			t.Fatal(err)
		}
		for key := range whole {
			for _, wrong := range []any{1.5, true, []any{[]any{}}, []any{1.0}, []any{nil, 1.0}, map[string]any{"id": 1.0, "href": 1.0, "sharedInbox": 1.0}} {
				t.Run(fmt.Sprintf("A15 %s is %v", key, wrong), func(t *testing.T) {
					changed := map[string]any{}
					maps.Copy(changed, whole)
					changed[key] = wrong
					b, err := json.Marshal(changed)
					if err != nil {
						t.Fatal(err)
					}
					var want error
					if slices.Contains(decisive, key) {
						want = ErrMalformed
					}
					if err := read(b); !errors.Is(err, want) {
						t.Errorf("error %v, want %v", err, want)
					}
				})
			}
		}
	}
}

// TestA15WhatPHPWrites is read without what is empty in it, and with the rest.
func TestA15WhatPHPWrites(t *testing.T) {
	t.Parallel()
	actor, err := ReadActor([]byte("\xef\xbb\xbf" + `{"id":"https://a.example/ana","type":"Person","inbox":"https://a.example/in","name":[],"summary":[],"endpoints":[],
		"url":[null,"https://a.example/@ana"],"alsoKnownAs":[7,"https://b.example/ana"],"icon":[],"movedTo":false,"preferredUsername":"ana"}`))
	if err != nil || actor.Name != "" || actor.URL != "https://a.example/@ana" || len(actor.AlsoKnownAs) != 1 || actor.PreferredUsername != "ana" {
		t.Errorf("the actor is read as %+v, error %v", actor, err)
	}
	note, err := ReadNote([]byte(`{"id":"https://a.example/1","type":"Note","attributedTo":"https://a.example/ana","content":"x","inReplyTo":false,
		"tag":[null,7,[],{"type":"Mention","href":[]},{"type":"Mention","href":"https://b.example/"}],"to":[null,[],"https://b.example/"],"cc":false}`))
	if err != nil || len(note.Mentions) != 1 || len(note.To) != 1 || note.Content != "x" {
		t.Errorf("the post is read as %+v, error %v", note, err)
	}
}

// TestA15KeysAreStrict: what a key is and whose is read to the letter; only a null beside
// keys in a list is passed over.
func TestA15KeysAreStrict(t *testing.T) {
	t.Parallel()
	const id = "https://a.example/ana"
	const main = `{"id":"` + id + `#k","owner":"` + id + `","publicKeyPem":"p"}`
	const multi = `{"type":"Multikey","id":"` + id + `#e","controller":"` + id + `","publicKeyMultibase":"z"}`
	rsa, ed25519 := PublicKey{ID: id + "#k", Owner: id, PEM: "p"}, PublicKey{ID: id + "#e", Owner: id, Multibase: "z"}
	for keys, want := range map[string][]PublicKey{
		`"publicKey":` + main:                                                    {rsa},
		`"publicKey":null`:                                                       nil,
		`"publicKey":[]`:                                                         nil,
		`"publicKey":[null]`:                                                     nil,
		`"publicKey":[null,` + main + `]`:                                        {rsa},
		`"publicKey":[` + main + `,null]`:                                        {rsa},
		`"publicKey":{"id":"` + id + `#k"}`:                                      {{ID: id + "#k"}},
		`"publicKey":{"id":"` + id + `#k","owner":null}`:                         {{ID: id + "#k"}},
		`"assertionMethod":` + multi:                                             {ed25519},
		`"assertionMethod":[]`:                                                   nil,
		`"assertionMethod":[null,` + multi + `,7,[],"x"]`:                        {ed25519},
		`"assertionMethod":[{"controller":[]},` + multi + `]`:                    {ed25519},
		`"publicKey":[null,` + main + `],"assertionMethod":[null,` + multi + `]`: {rsa, ed25519},
		`"assertionMethod":[null` + strings.Repeat(",null", maxKeys) + `,` + multi + `]`:                     {ed25519},
		`"assertionMethod":{"type":"Multikey","id":"` + id + `#e","controller":[],"publicKeyMultibase":"z"}`: nil,
	} {
		a, err := ReadActor([]byte(`{"id":"` + id + `","type":"Person","inbox":"https://a.example/in",` + keys + `}`))
		if diff := cmp.Diff(want, a.Keys); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", keys, err, diff)
		}
	}
	for _, key := range []string{
		`{"id":"` + id + `#k","owner":[],"publicKeyPem":"p"}`,
		`{"id":"` + id + `#k","owner":[null],"publicKeyPem":"p"}`,
		`{"id":"` + id + `#k","owner":{},"publicKeyPem":"p"}`,
		`{"id":"` + id + `#k","owner":"","publicKeyPem":"p"}`,
		`{"id":"` + id + `#k","owner":false,"publicKeyPem":"p"}`,
		`{"id":"` + id + `#k","owner":["` + id + `","https://b.example/bob"],"publicKeyPem":"p"}`,
		`{"id":"` + id + `#k","owner":"` + id + `","publicKeyPem":[]}`,
		`{"id":[],"owner":"` + id + `","publicKeyPem":"p"}`,
		`[` + main + `,{"id":"` + id + `#l","owner":[]}]`,
		`[` + main + `,[]]`,
		`[` + main + `,false]`,
	} {
		if a, err := ReadActor([]byte(`{"id":"` + id + `","type":"Person","inbox":"https://a.example/in","publicKey":` + key + `}`)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s is read as %+v: %v", key, a.Keys, err)
		}
		if d, err := ReadKeyDocument([]byte(key)); !errors.Is(err, ErrMalformed) {
			t.Errorf("alone, %s is read as %+v: %v", key, d, err)
		}
	}
}

// TestOnlyKey: an actor's own id means its key if just one is its own.
func TestOnlyKey(t *testing.T) {
	t.Parallel()
	const id = "https://a.example/ana"
	own, another := PublicKey{ID: id + "#k", Owner: id, PEM: "p"}, PublicKey{ID: id + "#l", Owner: id, PEM: "q"}
	for name, tt := range map[string]struct {
		keys []PublicKey
		want bool
	}{
		"one":                  {[]PublicKey{own}, true},
		"none":                 {nil, false},
		"two":                  {[]PublicKey{own, another}, false},
		"one of another owner": {[]PublicKey{{ID: id + "#k", Owner: "https://a.example/bob", PEM: "p"}}, false},
		"one kept elsewhere":   {[]PublicKey{{ID: "https://a.example/bob#k", Owner: id, PEM: "p"}}, false},
		"and one elsewhere":    {[]PublicKey{own, {ID: "https://a.example/bob#k", Owner: id, PEM: "p"}}, false},
		"the same twice":       {[]PublicKey{own, own}, true},
		"and another's":        {[]PublicKey{own, {ID: "https://b.example/bob#k", Owner: "https://b.example/bob", PEM: "q"}}, true},
		"after another's":      {[]PublicKey{{ID: id + "#m", Owner: "https://b.example/bob", PEM: "q"}, own}, true},
		"and the id of one":    {[]PublicKey{own, {ID: "https://b.example/bob#k"}}, true},
		"and an id of its own": {[]PublicKey{own, {ID: id + "#l"}}, false},
		"and a Multikey":       {[]PublicKey{own, {ID: id + "#e", Owner: id, Multibase: "z"}}, false},
		"another's Multikey":   {[]PublicKey{own, {ID: id + "#e", Owner: "https://b.example/bob", Multibase: "z"}}, true},
	} {
		if k, ok := (RemoteActor{ID: id, Keys: tt.keys}).Key(id); ok != tt.want || ok && k != own {
			t.Errorf("%s: found %t, %+v", name, ok, k)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	long := "https://a.example/" + strings.Repeat("x", maxID)
	for name, document := range map[string]string{
		"A15 wrong case":           `{"type":"Follow","actor":"https://a.example/me","ACTOR":"https://victim.example/","object":"x"}`,
		"A15 wrong case, alone":    `{"Type":"Follow","actor":"https://a.example/me","object":"x"}`,
		"A15 wrong case in object": `{"type":"Undo","actor":"https://a.example/me","object":{"ID":"x"}}`,
		"no type":                  `{"actor":"https://a.example/me"}`,
		"no actor":                 `{"type":"Follow"}`,
		"two actors":               `{"type":"Follow","actor":["https://a.example/me","https://victim.example/"]}`,
		"long id":                  `{"id":"` + long + `","type":"Follow","actor":"https://a.example/me"}`,
		"long actor":               `{"type":"Follow","actor":"` + long + `"}`,
	} {
		if _, err := ReadActivity([]byte(document)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: error %v, want ErrMalformed", name, err)
		}
	}
}

func TestA30LongTextsAreCut(t *testing.T) {
	t.Parallel()
	aliases := `["https://a.example/x"` + strings.Repeat(`,"https://a.example/x"`, 400) + `]`
	keys := `[{"id":"k"}` + strings.Repeat(`,{"id":"k"}`, 40) + `]`
	a, err := ReadActor([]byte(`{"id":"https://a.example/ana","type":"Person","inbox":"https://a.example/in",
		"preferredUsername":"` + strings.Repeat("u", 3000) + `","name":"` + strings.Repeat("é", 2000) + `",
		"summary":"` + strings.Repeat("s", 30<<10) + `","alsoKnownAs":` + aliases + `,"publicKey":` + keys + `}`))
	if err != nil {
		t.Fatal(err)
	}
	got := []int{len(a.PreferredUsername), len(a.Name), len(a.Summary), len(a.AlsoKnownAs), len(a.Keys)}
	if diff := cmp.Diff([]int{2048, 2048, 20 << 10, 256, 10}, got); diff != "" {
		t.Error(diff)
	}
	if want := strings.Repeat("é", 1024); a.Name != want {
		t.Error("a name was cut inside a character")
	}
}

func TestSameOrigin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"https://a.example/1", "https://A.example/2#x", true},
		{"https://a.example/1", "http://a.example/1", false},
		{"https://a.example/1", "https://a.example:8443/1", false},
		{"https://a.example/1", "https://b.example/1", false},
		{"acct:ana@a.example", "acct:ana@a.example", false},
		{"", "", false},
		{"https://a.example/%zz", "https://a.example/%zz", false},
	} {
		if got := SameOrigin(c.a, c.b); got != c.want {
			t.Errorf("SameOrigin(%q, %q) = %t", c.a, c.b, got)
		}
	}
}

func FuzzReadActivity(f *testing.F) {
	f.Add([]byte(`{"id":"https://a.example/1","type":["Undo"],"actor":{"id":"x"},"object":[{"type":"Follow","actor":"x","object":null}]}`))
	f.Add([]byte(`{"type":"A","actor":"x","object":[null,1,"y"],"to":null}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		a, err := ReadActivity(document)
		if err != nil {
			if !errors.Is(err, ErrMalformed) {
				t.Fatalf("%v is not ErrMalformed", err)
			}
			return
		}
		if a.Actor == "" || a.Type == "" {
			t.Fatalf("accepted %q", document)
		}
		for _, o := range a.Objects {
			_, _ = o.Activity()
		}
	})
}

func FuzzReadActor(f *testing.F) {
	for _, name := range []string{"mastodon.json", "loose.json", "stub.json", "key.json"} {
		f.Add(sample(f, name))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		if a, err := ReadActor(document); err == nil && (a.ID == "" || a.Inbox == "") {
			t.Fatalf("accepted %q", document)
		}
		if k, err := ReadKeyDocument(document); err == nil && len(k.Keys) == 0 {
			t.Fatalf("accepted %q", document)
		}
	})
}
