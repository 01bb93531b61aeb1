package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"
)

// TestA16ReplacedUnderAnotherID: the key that a document no longer lists, or lists another
// one for, is not accepted under any id by which it is kept, whatever the document was
// fetched for.
func TestA16ReplacedUnderAnotherID(t *testing.T) {
	t.Parallel()
	gone := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	refresh := func(id string) func(*doubted, context.Context) {
		return func(d *doubted, ctx context.Context) { _, _ = d.client.RefreshKey(ctx, d.URL+"/ana"+id) }
	}
	actor := func(d *doubted, ctx context.Context) { _, _ = d.client.FetchActor(ctx, d.URL+"/ana") }
	for name, c := range map[string]struct {
		key  int    // that the document lists by now, 0: it is gone
		id   string // under which it does
		look func(*doubted, context.Context)
		left []string
	}{
		"the same":                  {1, "#main-key", refresh("#main-key"), []string{"", "#main-key"}},
		"another under this id":     {2, "#main-key", refresh("#main-key"), []string{"#main-key"}},
		"another, asked by another": {2, "#main-key", refresh(""), []string{""}},
		"another under a new id":    {2, "#key-2", refresh("#key-2"), []string{"#key-2"}},
		"the same under a new id":   {1, "#key-2", refresh("#key-2"), []string{"#key-2", ""}},
		"a new id that is not told": {2, "#key-2", refresh("#key-3"), nil},
		"another, for the account":  {2, "#main-key", actor, nil},
		"an account that is gone":   {0, "", actor, nil},
		"a key that is gone":        {0, "", refresh("#main-key"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDoubted(t)
			ids := []string{"", "#main-key", "#key-2"}
			for _, id := range ids[:2] {
				if _, err := d.client.FetchKey(d.message(t, "ana"), d.URL+"/ana"+id); err != nil {
					t.Fatal(err)
				}
			}
			if c.key == 0 {
				d.set("/ana", gone)
			} else {
				ana := d.person("/ana", keyOnce[c.key]())
				ana.PublicKey.ID = ana.ID + c.id
				d.set("/ana", ana)
			}
			d.client.actors.remove(d.URL + "/ana")
			c.look(d, d.message(t, "mallory"))
			want := map[string]bool{}
			for _, id := range c.left {
				want[id] = true
			}
			for _, id := range ids {
				key, known := d.client.KnownKey(d.URL + "/ana" + id)
				if known != want[id] || known && !keyOnce[c.key]().PublicKey.Equal(key.Public) {
					t.Errorf("%q: known %t, or another one", id, known)
				}
			}
			if n := len(d.client.keys.groups[d.URL+"/ana"]); n != len(c.left) {
				t.Errorf("%d keys of the owner", n)
			}
		})
	}
}

// TestA16OlderDocuments: what was asked for before something newer was found, and comes
// after it, brings no old key back.
func TestA16OlderDocuments(t *testing.T) {
	t.Parallel()
	for name, newer := range map[string]func(*doubted) error{
		"than a key's": func(d *doubted) error {
			_, err := d.client.FetchKey(d.message(t, "ana"), d.URL+"/ana")
			return err
		},
		"than an account's": func(d *doubted) error {
			_, err := d.client.FetchActor(t.Context(), d.URL+"/ana")
			return err
		},
		"than an Update": func(d *doubted) error {
			d.client.ForgetKeys(d.URL + "/ana")
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDoubted(t)
			asked, answer := make(chan struct{}), make(chan struct{})
			old := d.person("/ana", keyOnce[1]())
			d.set("/ana", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				close(asked)
				<-answer
				d.write(w, r, old)
			}))
			found := make(chan Key)
			go func() {
				key, err := d.client.FetchKey(d.message(t, "mallory"), d.keyID)
				if err != nil {
					t.Error(err)
				}
				found <- key
			}()
			<-asked
			d.has(2)
			if err := newer(d); err != nil {
				t.Error(err)
			}
			close(answer)
			key := <-found
			known, _ := d.client.KnownKey(d.keyID)
			for _, k := range []Key{key, known} {
				if !keyOnce[2]().PublicKey.Equal(k.Public) {
					t.Error("the old key came back")
				}
			}
		})
	}
}

// TestA16KeptAlive: looks that fail make no key last longer, however many messages cause
// them.
func TestA16KeptAlive(t *testing.T) {
	t.Parallel()
	d := newDoubted(t)
	if _, err := d.client.FetchKey(d.message(t, "ana"), d.keyID); err != nil {
		t.Fatal(err)
	}
	d.set("/ana", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
	for n := range 4 {
		if _, known := d.client.KnownKey(d.keyID); known != (n < 3) {
			t.Errorf("after %d looks: known %t", n, known)
		}
		d.now.advance(keptFor / 3)
		if _, err := d.client.RefreshKey(d.message(t, fmt.Sprint("mallory", n)), d.keyID); !errors.Is(err, ErrUnavailable) {
			t.Errorf("look %d: %v", n, err)
		}
	}
	d.has(1)
	d.now.advance(time.Minute)
	if _, err := d.client.RefreshKey(d.message(t, "ana"), d.keyID); err != nil {
		t.Error(err)
	}
	d.now.advance(keptFor / 2)
	if _, err := d.client.RefreshKey(d.message(t, "ana"), d.keyID); err != nil {
		t.Error(err)
	}
	d.now.advance(keptFor - time.Minute)
	if _, known := d.client.KnownKey(d.keyID); !known {
		t.Error("a look that found the key did not renew it")
	}
}

// TestNewestIsBounded: what is remembered of owners is weighed.
func TestNewestIsBounded(t *testing.T) {
	t.Parallel()
	client := newClient(t)
	for n := range maxNewest + 10 {
		client.changed(fmt.Sprintf("https://social.example/%0900d", n), client.moments.Add(1), func() {})
	}
	if client.newest.weight > maxNewestWeight || client.newest.order.Len() > maxNewest {
		t.Errorf("%d owners of %d bytes", client.newest.order.Len(), client.newest.weight)
	}
}
