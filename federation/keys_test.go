package federation_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"communique/federation"
	"communique/federation/federationtest"
	"communique/federation/signature"
	"communique/storage"
	"communique/storage/actors"
	"communique/storage/press"
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
	if _, err := federation.ReplaceKeys(t.Context(), s.Open(), nil, "ministry"); err != nil {
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

// TestReplaceKeysOneAfterTheOther: while servers have yet to be told of a key, the
// next one waits.
func TestReplaceKeysOneAfterTheOther(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
	first, err := federation.ReplaceKeys(t.Context(), s.Store, nil, "ministry")
	if err != nil || first.Kind != press.KindActor {
		t.Fatalf("%v, %v", first, err)
	}
	_, err = federation.ReplaceKeys(t.Context(), s.Store, nil, "ministry")
	var waits *federation.ReplacingError
	if !errors.As(err, &waits) || waits.Actor != "ministry" || waits.Servers != 1 || !waits.Since.Equal(federationtest.Noon) {
		t.Fatalf("error %v", err)
	}
	if !strings.Contains(err.Error(), "2031-03-04T12:00:00Z") {
		t.Errorf("it does not say since when: %v", err)
	}
	same(t, "keys", len(keysOf(s, "ministry", actors.KeyMain)), 2)
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
		if _, err := federation.ReplaceKeys(t.Context(), s.Store, wrong, "ministry"); err == nil {
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
