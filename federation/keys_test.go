package federation_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"communique/federation"
	"communique/federation/federationtest"
	"communique/federation/signature"
	"communique/storage"
	"communique/storage/actors"
	"communique/storage/deliveries"
	"communique/storage/delivery"
	"communique/storage/press"
	"communique/storage/publog"
)

// keysOf are the stored keys of an actor with a name.
func keysOf(s *federationtest.Site, actor, name string) (found []actors.Key) {
	s.View(func(tx *storage.Tx) error {
		all, err := tx.SigningKeys()
		for _, k := range all {
			if k.Actor == actor && k.Name == name {
				found = append(found, k)
			}
		}
		return err
	})
	return found
}

// TestKeysReplacedByAnotherProcess: the next document has the new key, and one old
// key is kept for as long as entries are.
func TestKeysReplacedByAnotherProcess(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	before := publicPEM(s, "ministry")
	if _, err := federation.ReplaceKey(t.Context(), s.Open(), nil, federation.Replacement{Actor: "ministry"}); err != nil {
		t.Fatal(err)
	}
	if publicPEM(s, "ministry") == before {
		t.Error("the document has the old key")
	}
	s.Clock.Pass(29 * 24 * time.Hour)
	s.Start()
	same(t, "keys that are kept", len(keysOf(s, "ministry", actors.KeyMain)), 2)
	s.Clock.Pass(2 * 24 * time.Hour)
	s.Start()
	same(t, "keys that are kept later", len(keysOf(s, "ministry", actors.KeyMain)), 1)
	if publicPEM(s, "ministry") == before {
		t.Error("the old key is kept")
	}
}

// keyIDs are those of the keys that an actor publishes, the one that signs first.
func keyIDs(s *federationtest.Site, actor string) (ids []string) {
	document := s.Get(s.Actor(actor)).Fields()
	methods, _ := document["assertionMethod"].([]any)
	for _, key := range append([]any{document["publicKey"]}, methods...) {
		id, _ := at(key, "id").(string)
		ids = append(ids, strings.TrimPrefix(id, s.Actor(actor)))
	}
	return ids
}

// TestReplacedKeysAreListed: S9. A new key has an id of its own, the old one stays
// listed under its own for thirty days, and the two kinds are not replaced together.
func TestReplacedKeysAreListed(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	replace := func(r federation.Replacement) {
		t.Helper()
		r.Actor = "ministry"
		if _, err := federation.ReplaceKey(t.Context(), s.Store, nil, r); err != nil {
			t.Fatal(err)
		}
	}
	first := publicPEM(s, "ministry")
	same(t, "before", keyIDs(s, "ministry"), []string{"#main-key", "#ed25519-key"})
	replace(federation.Replacement{})
	ids := keyIDs(s, "ministry")
	if len(ids) != 3 || !strings.HasPrefix(ids[0], "#main-key-") || ids[1] != "#ed25519-key" || ids[2] != "#main-key" {
		t.Fatalf("the keys are %v", ids)
	}
	methods, _ := s.Get(s.Actor("ministry")).Fields()["assertionMethod"].([]any)
	text, _ := at(methods[1], "publicKeyMultibase").(string)
	old, err := signature.ParseMultikey(text)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := signature.EncodePublicKey(old); err != nil || got != first {
		t.Errorf("the old key is listed as another one: %v", err)
	}
	s.Clock.Pass(36 * time.Hour)
	replace(federation.Replacement{Ed25519: true})
	after := keyIDs(s, "ministry")
	if len(after) != 4 || after[0] != ids[0] || !strings.HasPrefix(after[1], "#ed25519-key-") || after[2] != "#ed25519-key" || after[3] != "#main-key" {
		t.Fatalf("the keys are %v", after)
	}
	s.Clock.Pass(29 * 24 * time.Hour)
	s.Start()
	same(t, "after thirty days", keyIDs(s, "ministry"), []string{after[0], after[1], after[2]})
	replace(federation.Replacement{Compromised: true})
	last := keyIDs(s, "ministry")
	if last[0] == after[0] {
		t.Error("the key is the same")
	}
	same(t, "the rest when it was compromised", last[1:], after[1:3])
	replace(federation.Replacement{Ed25519: true, Compromised: true})
	same(t, "keys when both were", len(keyIDs(s, "ministry")), 2)
}

// TestKeysOfFormerVersions: keys that were replaced when that kept their ids are
// listed once.
func TestKeysOfFormerVersions(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	s.Update(func(tx *storage.Tx) error {
		_, err := tx.ReplaceSigningKey(actors.Key{Actor: "ministry", Name: actors.KeyMain, Private: keysOf(s, "instance", actors.KeyMain)[0].Private})
		return err
	})
	same(t, "the keys", keyIDs(s, "ministry"), []string{"#main-key", "#ed25519-key"})
}

// TestKeysAreAnsweredAlways: whoever asks for a key is answered while the database
// is not to be had: a Mastodon that once could not fetch it answers 503 to everything
// from here for five minutes (seen with 4.7).
func TestKeysAreAnsweredAlways(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	for _, name := range []string{"ministry", federation.InstanceName} {
		s.Get(s.Actor(name))
	}
	if err := s.Store.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ministry", federation.InstanceName} {
		same(t, "the answer of "+name, s.Get(s.Actor(name)).Status, http.StatusOK)
	}
}

// TestReplaceKeysOneAfterTheOther: while servers have yet to be told of a key, the
// next one waits.
func TestReplaceKeysOneAfterTheOther(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
	first, err := federation.ReplaceKey(t.Context(), s.Store, nil, federation.Replacement{Actor: "ministry"})
	if err != nil || first.Kind != press.KindActor {
		t.Fatalf("%v, %v", first, err)
	}
	_, err = federation.ReplaceKey(t.Context(), s.Store, nil, federation.Replacement{Actor: "ministry"})
	var waits *federation.ReplacingError
	if !errors.As(err, &waits) || waits.Actor != "ministry" || waits.Servers != 1 || !waits.Since.Equal(federationtest.Noon) {
		t.Fatalf("error %v", err)
	}
	if !strings.Contains(err.Error(), "2031-03-04T12:00:00Z") {
		t.Errorf("it does not say since when: %v", err)
	}
	same(t, "keys", len(keysOf(s, "ministry", actors.KeyMain)), 2)
}

// settleAll notes that all who follow the ministry have got everything up to an entry.
func settleAll(s *federationtest.Site, upTo press.Seq) {
	s.Update(func(tx *storage.Tx) error {
		generation, err := tx.NextGeneration()
		if err != nil {
			return err
		}
		claimed, err := tx.ClaimBehind(deliveries.Claim{Source: publog.ActorSource("ministry"), Generation: generation, Shards: deliveries.AllShards, PerHost: 10, Limit: 10})
		if err != nil {
			return err
		}
		var done []deliveries.Settlement
		for _, d := range claimed.Destinations {
			done = append(done, deliveries.Settlement{Destination: d.ID, Cursor: upTo, State: deliveries.StateActive, Succeeded: true})
		}
		return tx.Settle(generation, done)
	})
}

// TestReplacementsSettle: until a day and a half after the last server was told there is
// no other replacement, of either key, and the error says when there will be.
func TestReplacementsSettle(t *testing.T) {
	t.Parallel()
	const settles = 36 * time.Hour
	for name, first := range map[string]federation.Replacement{"RSA": {}, "Ed25519": {Ed25519: true}, "compromised": {Compromised: true}} {
		for _, actor := range []string{"ministry", federation.InstanceName} {
			for _, told := range []time.Duration{0, 5 * time.Hour} {
				if told > 0 && (name != "RSA" || actor != "ministry") {
					continue // it is not told of, or not noted: nothing is signed with it
				}
				t.Run(fmt.Sprintf("%s of %s, told after %s", name, actor, told), func(t *testing.T) {
					t.Parallel()
					s := federationtest.NewSite(t)
					p := s.NewPeer()
					p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
					first.Actor = actor
					e, err := federation.ReplaceKey(t.Context(), s.Store, nil, first)
					if err != nil {
						t.Fatal(err)
					}
					s.Clock.Pass(told)
					s.Directed()             // the answer to the follow, which comes first
					if actor == "ministry" { // nobody is told of the other
						err := s.Server.Sender().Send(t.Context(), destination(p, "ministry"), stepOf(delivery.Profile, e))
						if err != nil {
							t.Fatal(err)
						}
					}
					settleAll(s, e.Seq)
					until := s.Clock.Now().Add(settles)
					for _, after := range []time.Duration{0, settles - time.Second} {
						s.Clock.Pass(after)
						for _, next := range []federation.Replacement{{Actor: actor}, {Actor: actor, Ed25519: true}} {
							var waits *federation.ReplacingError
							_, err := federation.ReplaceKey(t.Context(), s.Store, nil, next)
							if !errors.As(err, &waits) || !waits.Until.Equal(until) || !strings.Contains(err.Error(), until.Format(time.RFC3339)) {
								t.Errorf("%+v %s later: %v, want one that says until %s", next, after, err, until)
							}
						}
					}
					s.Clock.Pass(time.Second)
					if _, err := federation.ReplaceKey(t.Context(), s.Store, nil, federation.Replacement{Actor: actor}); err != nil {
						t.Errorf("when it has settled: %v", err)
					}
					if _, err := federation.ReplaceKey(t.Context(), s.Store, nil, federation.Replacement{Actor: actor, Compromised: true}); err != nil {
						t.Errorf("of a compromised key: %v", err)
					}
				})
			}
		}
	}
}

// TestActorsWithoutKeys: an actor gets the Ed25519 key that it lacks when the
// server starts; one without an RSA key stops it.
func TestActorsWithoutKeys(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	announcing(&s.Options)
	if _, err := federation.New(t.Context(), s.Options); err != nil {
		t.Fatal(err)
	}
	same(t, "Ed25519 keys", len(keysOf(s, "minister", actors.KeyEd25519)), 1)
	_, err := federation.OwnKey(t.Context(), s.Store, s.Options.Site, nil, "minister")
	refusedBy(t, "its RSA key", 0, err, press.ErrNotFound)
	s.Update(func(tx *storage.Tx) error {
		return tx.AddSigningKey("minister", actors.KeyMain, keysOf(s, "ministry", actors.KeyMain)[0].Private)
	})
	key, err := federation.OwnKey(t.Context(), s.Store, s.Options.Site, nil, "minister")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the id of the key", key.ID, s.Actor("minister")+"#main-key")
}

// TestKeysUnderAPassphrase: sealed keys open with the passphrase and with no
// other, and a running server goes on when its keys are sealed.
func TestKeysUnderAPassphrase(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	phrase := signature.NewPassphrase("correct horse")
	n, err := federation.RewriteKeys(t.Context(), s.Store, phrase, (*signature.Passphrase).Seal)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "keys that were sealed", n, 4)
	for _, name := range []string{actors.KeyMain, actors.KeyEd25519} {
		if k := keysOf(s, "ministry", name)[0]; !signature.IsSealed(k.Private) {
			t.Errorf("%s is stored in plain", name)
		}
	}
	before := publicPEM(s, "ministry")
	s.Publish("A new entry") // at which the running server looks at its keys
	same(t, "the key of a server that was running", publicPEM(s, "ministry"), before)
	for _, wrong := range []*signature.Passphrase{nil, signature.NewPassphrase("wrong horse")} {
		if err := federation.CheckKeys(t.Context(), s.Store, wrong); err == nil {
			t.Error("the keys open with another passphrase")
		}
		if _, err := federation.ReplaceKey(t.Context(), s.Store, wrong, federation.Replacement{Actor: "ministry"}); err == nil {
			t.Error("a key is sealed with another passphrase")
		}
		o := s.Options
		o.Passphrase = wrong
		if _, err := federation.New(t.Context(), o); err == nil || !strings.Contains(err.Error(), "ministry") && !strings.Contains(err.Error(), federation.InstanceName) {
			t.Errorf("a server with another passphrase: %v", err)
		}
	}
	if err := federation.CheckKeys(t.Context(), s.Store, phrase); err != nil {
		t.Error(err)
	}
	s.Options.Passphrase = phrase
	s.Start()
	same(t, "the key after a new start", publicPEM(s, "ministry"), before)
}

// TestRewriteKeysAllOrNone: if one key fails, none is changed.
func TestRewriteKeysAllOrNone(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	errBroken := errors.New("broken")
	n := 0
	_, err := federation.RewriteKeys(t.Context(), s.Store, nil, func(*signature.Passphrase, string, string) (string, error) {
		if n++; n == 4 {
			return "", errBroken
		}
		return "changed", nil
	})
	refusedBy(t, "it", 0, err, errBroken)
	if err := federation.CheckKeys(context.WithoutCancel(t.Context()), s.Store, nil); err != nil {
		t.Error(err)
	}
	for _, k := range keysOf(s, "ministry", actors.KeyMain) {
		if k.Private == "changed" {
			t.Error("a key was changed")
		}
	}
}
