package remote

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"communique/federation/signature"
	"communique/federation/vocab"
)

func TestFetchKey(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t), newClient(t)
	ana := p.person("/ana", keyOnce[1]())
	p.set("/ana", ana)
	key, err := client.FetchKey(t.Context(), ana.PublicKey.ID)
	if err != nil {
		t.Fatal(err)
	}
	if key.Owner != ana.ID || key.ID != ana.PublicKey.ID || !keyOnce[1]().PublicKey.Equal(key.Public) {
		t.Errorf("got %s of %s", key.ID, key.Owner)
	}
	if _, err := client.FetchActor(t.Context(), ana.ID); err != nil || p.count("/ana") != 1 {
		t.Errorf("its owner after it: %v, %d fetches", err, p.count("/ana"))
	}
}

// TestAClockThatIsSetBack: that there is no such key is not believed for a day
// because the clock was a day ahead when it was found out, and a key that was
// fetched then can be fetched anew.
func TestAClockThatIsSetBack(t *testing.T) {
	t.Parallel()
	p, clock := newPeer(t), newClock()
	client := newClient(t, func(o *Options) { o.Now = clock.Now })
	ana, ben := p.person("/ana", keyOnce[1]()), p.person("/ben", keyOnce[1]())
	p.set("/ben", ben)
	clock.advance(24 * time.Hour)
	if _, err := client.FetchKey(t.Context(), ana.PublicKey.ID); !errors.Is(err, ErrNotFound) {
		t.Fatalf("a key that is not there: %v", err)
	}
	if _, err := client.FetchKey(t.Context(), ben.PublicKey.ID); err != nil {
		t.Fatal(err)
	}
	clock.advance(-24*time.Hour + time.Minute)
	p.set("/ana", ana)
	if _, err := client.FetchKey(t.Context(), ana.PublicKey.ID); err != nil {
		t.Errorf("the key, when it is there: %v", err)
	}
	if _, err := client.RefreshKey(t.Context(), ben.PublicKey.ID); err != nil || p.count("/ben") != 2 {
		t.Errorf("the key that may have changed: %v, %d fetches", err, p.count("/ben"))
	}
}

// I5: the key's own document may be a stub of the actor, or the key alone.
func TestFetchKeyWithItsOwnDocument(t *testing.T) {
	t.Parallel()
	for name, document := range map[string]string{
		"I5 stub": `{"id":%q,"type":"Person","preferredUsername":"ana","publicKey":{"id":%q,"owner":%q,"publicKeyPem":%s}}`,
		"I5 bare": `{"x":%q,"id":%q,"type":"Key","owner":%q,"publicKeyPem":%s}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPeer(t)
			ana := p.person("/ana", keyOnce[1]())
			ana.PublicKey.ID = ana.ID + "/main-key"
			pem, err := json.Marshal(ana.PublicKey.PEM)
			if err != nil {
				t.Fatal(err)
			}
			p.set("/ana", ana)
			p.set("/ana/main-key", fmt.Sprintf(document, ana.ID, ana.PublicKey.ID, ana.ID, pem))
			key, err := newClient(t).FetchKey(t.Context(), ana.PublicKey.ID)
			if err != nil {
				t.Fatal(err)
			}
			if key.Owner != ana.ID || !keyOnce[1]().PublicKey.Equal(key.Public) {
				t.Errorf("got %s of %s", key.ID, key.Owner)
			}
		})
	}
}

// TestFetchMultikey: a key in assertionMethod is as good as one in publicKey,
// if its controller is the actor.
func TestFetchMultikey(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t), newClient(t)
	ana := p.person("/ana", keyOnce[1]())
	private, err := signature.NewEd25519Key()
	if err != nil {
		t.Fatal(err)
	}
	public := private.Public().(ed25519.PublicKey)
	multibase, err := signature.EncodeMultikey(public)
	if err != nil {
		t.Fatal(err)
	}
	ana.AssertionMethod = []vocab.Multikey{
		{ID: ana.ID + "#ed25519-key", Controller: ana.ID, Multibase: multibase},
		{ID: ana.ID + "#stolen", Controller: p.URL + "/ben", Multibase: multibase},
		{ID: ana.ID + "#broken", Controller: ana.ID, Multibase: multibase[:20]},
	}
	p.set("/ana", ana)
	p.set("/ben", p.person("/ben", keyOnce[2]()))
	key, err := client.FetchKey(t.Context(), ana.ID+"#ed25519-key")
	if err != nil || key.Owner != ana.ID || !public.Equal(key.Public) {
		t.Errorf("got a %T of %s: %v", key.Public, key.Owner, err)
	}
	for _, name := range []string{"#stolen", "#broken"} {
		if _, err := client.FetchKey(t.Context(), ana.ID+name); !errors.Is(err, ErrUntrusted) {
			t.Errorf("%s: error %v, want ErrUntrusted", name, err)
		}
	}
}

// An actor that says that it has changed may have withdrawn another key than the
// one that signed this, and may have a new one.
func TestForgetKeys(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t), newClient(t)
	ana, ben := p.person("/ana", keyOnce[1]()), p.person("/ben", keyOnce[2]())
	multikey := func(name string) vocab.Multikey {
		private, err := signature.NewEd25519Key()
		if err != nil {
			t.Fatal(err)
		}
		text, err := signature.EncodeMultikey(private.Public())
		if err != nil {
			t.Fatal(err)
		}
		return vocab.Multikey{ID: ana.ID + name, Controller: ana.ID, Multibase: text}
	}
	fetched := func(keyID string, want error) {
		t.Helper()
		if _, err := client.FetchKey(t.Context(), keyID); !errors.Is(err, want) {
			t.Errorf("%s: error %v, want %v", keyID, err, want)
		}
	}
	withdrawn, coming := multikey("#withdrawn"), multikey("#coming")
	ana.AssertionMethod = []vocab.Multikey{withdrawn}
	p.set("/ana", ana)
	p.set("/ben", ben)
	fetched(withdrawn.ID, nil)
	fetched(ana.PublicKey.ID, nil)
	fetched(ben.PublicKey.ID, nil)
	fetched(coming.ID, ErrUntrusted)
	ana.AssertionMethod = []vocab.Multikey{coming}
	p.set("/ana", ana)
	client.Forget(ana.ID)
	client.ForgetKeys(ana.ID)
	fetched(withdrawn.ID, ErrUntrusted)
	fetched(coming.ID, nil)
	before := p.count("/ben")
	fetched(ben.PublicKey.ID, nil)
	if p.count("/ben") != before {
		t.Error("another's key was fetched again")
	}
}

// TestA8Ownership has keys that claim an owner who does not claim them.
func TestA8Ownership(t *testing.T) {
	t.Parallel()
	evil, victim := newPeer(t), newPeer(t)
	vic := victim.person("/vic", keyOnce[1]())
	victim.set("/vic", vic)
	mallory := func(change func(a *vocab.Actor)) vocab.Actor {
		a := evil.person("/mallory", keyOnce[2]())
		change(&a)
		return a
	}
	pem := mallory(func(*vocab.Actor) {}).PublicKey.PEM
	quoted, err := json.Marshal(pem)
	if err != nil {
		t.Fatal(err)
	}
	small := "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf\n9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ==\n-----END PUBLIC KEY-----\n"
	for name, c := range map[string]struct {
		path     string
		document any
		keyID    string
		want     error
	}{
		"another server's owner": {"/mallory", mallory(func(a *vocab.Actor) { a.PublicKey.Owner = vic.ID }), "/mallory#main-key", ErrUntrusted},
		"a bare key of another server's owner": {"/key",
			`{"id":"` + evil.URL + `/key","owner":"` + vic.ID + `","publicKeyPem":` + string(quoted) + `}`, "/key", ErrUntrusted},
		"a bare key that its owner does not list": {"/key2",
			`{"id":"` + evil.URL + `/key2","owner":"` + evil.URL + `/honest","publicKeyPem":` + string(quoted) + `}`, "/key2", ErrUntrusted},
		"another key id in the document":            {"/mallory2", mallory(func(a *vocab.Actor) { a.ID = evil.URL + "/mallory2" }), "/mallory2#other", ErrUntrusted},
		"the victim's document on mallory's server": {"/vic", vic, "/vic#main-key", ErrUntrusted},
		"a short key": {"/short", func() vocab.Actor {
			a := evil.person("/short", keyOnce[2]())
			a.PublicKey.PEM = small
			return a
		}(), "/short#main-key", ErrUntrusted},
		"a document that poses as another's of the same server": {"/upload", func() vocab.Actor {
			a := evil.person("/honest", keyOnce[2]())
			a.PublicKey.ID = evil.URL + "/upload#main-key"
			return a
		}(), "/upload#main-key", ErrUntrusted},
		"an owner under another id": {"/key3",
			`{"id":"` + evil.URL + `/key3","owner":"` + evil.URL + `/old","publicKeyPem":` + string(quoted) + `}`, "/key3", ErrUntrusted},
		"a key on another server than its owner": {"/key4",
			`{"id":"` + evil.URL + `/key4","owner":"` + victim.URL + `/far","publicKeyPem":` + string(quoted) + `}`, "/key4", ErrUntrusted},
		"nothing there": {"/none2", http.HandlerFunc(http.NotFound), "/none2#main-key", ErrNotFound},
	} {
		t.Run("A8 "+name, func(t *testing.T) {
			evil.set("/honest", evil.person("/honest", keyOnce[1]()))
			renamed := evil.person("/new", keyOnce[2]())
			renamed.PublicKey.ID = evil.URL + "/key3"
			evil.set("/old", renamed)
			evil.set("/new", renamed)
			far := victim.person("/far", keyOnce[2]())
			far.PublicKey.ID = evil.URL + "/key4"
			victim.set("/far", far)
			evil.set(c.path, c.document)
			if key, err := newClient(t).FetchKey(t.Context(), evil.URL+c.keyID); !errors.Is(err, c.want) {
				t.Errorf("key of %q, error %v, want %v", key.Owner, err, c.want)
			}
		})
	}
	for _, keyID := range []string{"acct:ana@social.example", "", "#main-key", "main-key", "did:key:z6Mk"} {
		if _, err := newClient(t).FetchKey(t.Context(), keyID); !errors.Is(err, ErrForbidden) {
			t.Errorf("A8 %q: error %v, want ErrForbidden", keyID, err)
		}
	}
}

// TestA16Rotation changes a key behind our back.
func TestA16Rotation(t *testing.T) {
	t.Parallel()
	p, now := newPeer(t), newClock()
	client := newClient(t, func(o *Options) { o.Now = now.Now })
	ana := p.person("/ana", keyOnce[1]())
	p.set("/ana", ana)
	is := func(key Key, err error, want int) {
		t.Helper()
		if err != nil || !keyOnce[want]().PublicKey.Equal(key.Public) {
			t.Fatalf("error %v, or not key %d", err, want)
		}
	}
	key, err := client.FetchKey(t.Context(), ana.PublicKey.ID)
	is(key, err, 1)

	p.set("/ana", p.person("/ana", keyOnce[2]()))
	key, err = client.RefreshKey(t.Context(), ana.PublicKey.ID)
	is(key, err, 2) // though it was fetched a moment ago
	for range 3 {
		key, err = client.RefreshKey(t.Context(), ana.PublicKey.ID)
		is(key, err, 2) // and not oftener than once, if it is still the same
	}
	if p.count("/ana") != 3 {
		t.Errorf("fetched %d times within half a minute", p.count("/ana"))
	}
	key, err = client.FetchKey(t.Context(), ana.PublicKey.ID)
	is(key, err, 2) // the old one is forgotten

	// A server that is down takes no key back, and is not asked at once again.
	p.set("/ana", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }))
	now.advance(believedFor)
	for range 2 {
		if _, err := client.RefreshKey(t.Context(), ana.PublicKey.ID); !errors.Is(err, ErrUnavailable) {
			t.Errorf("error %v, want ErrUnavailable", err)
		}
	}
	key, err = client.FetchKey(t.Context(), ana.PublicKey.ID)
	is(key, err, 2)
	if p.count("/ana") != 4 {
		t.Errorf("fetched %d times, want 4", p.count("/ana"))
	}

	// One that says that the account is gone takes it back.
	p.set("/ana", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(410) }))
	now.advance(believedFor)
	for range 2 {
		if _, err := client.RefreshKey(t.Context(), ana.PublicKey.ID); !errors.Is(err, ErrGone) {
			t.Errorf("error %v, want ErrGone", err)
		}
	}
	if _, err := client.FetchKey(t.Context(), ana.PublicKey.ID); !errors.Is(err, ErrGone) {
		t.Errorf("error %v, want ErrGone", err)
	}
}

func TestA16UnknownKeysAreRemembered(t *testing.T) {
	t.Parallel()
	p, now := newPeer(t), newClock()
	client := newClient(t, func(o *Options) { o.Now = now.Now })
	ask := func() {
		t.Helper()
		if _, err := client.FetchKey(t.Context(), p.URL+"/none#main-key"); !errors.Is(err, ErrNotFound) {
			t.Errorf("error %v, want ErrNotFound", err)
		}
		if _, err := client.RefreshKey(t.Context(), p.URL+"/none#main-key"); !errors.Is(err, ErrNotFound) {
			t.Errorf("refresh: error %v, want ErrNotFound", err)
		}
	}
	ask()
	ask()
	if p.count("/none") != 1 {
		t.Errorf("asked %d times within half a minute", p.count("/none"))
	}
	now.advance(believedFor)
	ask()
	if p.count("/none") != 2 {
		t.Errorf("asked %d times, want 2", p.count("/none"))
	}
}

func TestManyAskForOneKeyOnce(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t), newClient(t)
	ana := p.person("/ana", keyOnce[1]())
	p.set("/ana", ana)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := client.FetchKey(t.Context(), ana.PublicKey.ID); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if p.count("/ana") != 1 {
		t.Errorf("fetched %d times", p.count("/ana"))
	}
}

// Whoever asked first may hang up: the others get their answer all the same.
func TestFetchOutlivesItsCaller(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t), newClient(t)
	ana := p.person("/ana", keyOnce[1]())
	p.set("/ana", ana)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.FetchKey(ctx, ana.PublicKey.ID); err != nil {
		t.Error(err)
	}
	client.Close()
	if _, err := client.FetchKey(t.Context(), p.URL+"/ben#main-key"); !errors.Is(err, ErrUnavailable) {
		t.Errorf("a closed client: error %v, want ErrUnavailable", err)
	}
}

// The two packages together, as an inbox uses them.
func TestKeyVerifiesWhatItsOwnerSigned(t *testing.T) {
	t.Parallel()
	p, inbox, client := newPeer(t), newPeer(t), newClient(t)
	ana := p.person("/ana", keyOnce[1]())
	p.set("/ana", ana)
	inbox.set("/inbox", "")
	body := []byte(`{"type":"Follow"}`)
	sender := signature.Key{ID: ana.PublicKey.ID, Private: keyOnce[1]()}
	if _, err := client.Post(t.Context(), Delivery{Inbox: inbox.URL + "/inbox", Body: body, Digest: signature.Digest(body)}, Ladder{Key: sender}); err != nil {
		t.Fatal(err)
	}
	s, err := signature.Parse(inbox.signed["/inbox"], inbox.bodies["/inbox"], inbox.URL, client.options.Now())
	if err != nil {
		t.Fatal(err)
	}
	key, err := client.FetchKey(t.Context(), s.KeyID)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Verify(key.Public); err != nil {
		t.Error(err)
	}
}
