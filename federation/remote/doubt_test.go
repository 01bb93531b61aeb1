package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
)

// doubted asks a client again and again for a key of one of its peer's accounts.
type doubted struct {
	*peer
	now    *clock
	client *Client
	keyID  string
}

func newDoubted(t *testing.T) *doubted {
	t.Helper()
	d := &doubted{peer: newPeer(t), now: newClock()}
	d.client = newClient(t, func(o *Options) { o.Now = d.now.Now })
	d.has(1)
	return d
}

// has gives the account a key.
func (d *doubted) has(key int) {
	ana := d.person("/ana", keyOnce[key]())
	d.set("/ana", ana)
	d.keyID = ana.PublicKey.ID
}

// message is one that comes now from a client.
func (d *doubted) message(t *testing.T, from string) context.Context {
	return d.client.OnBehalfOf(t.Context(), from)
}

// refresh has the key fetched again on behalf of somebody, who gets a key (0: an
// error); the account has been fetched so often then.
func (d *doubted) refresh(t *testing.T, from string, key int, want error, fetches int) {
	t.Helper()
	got, err := d.client.RefreshKey(d.message(t, from), d.keyID)
	if !errors.Is(err, want) || key != 0 && !keyOnce[key]().PublicKey.Equal(got.Public) {
		t.Errorf("for %s: %v, want key %d or %v", from, err, key, want)
	}
	if n := d.count("/ana"); n != fetches {
		t.Errorf("for %s: %d fetches, want %d", from, n, fetches)
	}
}

// TestA51LooksOfAClient: a key is fetched again for each message that it does not verify,
// whoever sends that and whatever was verified before: it may have changed since the look
// for the one before. Who has used up the looks that one client has is told to come back,
// and keeps nobody else from a new key.
func TestA51LooksOfAClient(t *testing.T) {
	t.Parallel()
	d := newDoubted(t)
	if _, err := d.client.FetchKey(d.message(t, "mallory"), d.keyID); err != nil {
		t.Fatal(err)
	}
	for n := range maxClientLooks {
		d.refresh(t, "mallory", 1, nil, 2+n)
	}
	d.has(2)
	for range 10 {
		d.refresh(t, "mallory", 0, ErrUnavailable, 1+maxClientLooks)
	}
	d.refresh(t, "ana", 2, nil, 2+maxClientLooks)
	d.has(1)
	d.refresh(t, "ana", 1, nil, 3+maxClientLooks)
	d.now.advance(believedFor)
	d.refresh(t, "mallory", 1, nil, 4+maxClientLooks)
}

// TestA51LooksOfAll are bounded, too, and whoever comes later is told to come back.
func TestA51LooksOfAll(t *testing.T) {
	t.Parallel()
	d := newDoubted(t)
	if _, err := d.client.FetchKey(d.message(t, "ana"), d.keyID); err != nil {
		t.Fatal(err)
	}
	for n := range maxLooks - 1 {
		d.refresh(t, fmt.Sprint("mallory", n%5), 1, nil, 2+n)
	}
	d.has(2)
	for n := range 10 {
		d.refresh(t, fmt.Sprint("other", n), 0, ErrUnavailable, maxLooks)
	}
	if e, _ := d.client.keys.get(d.keyID); len(e.value.doubt.looks) != maxLooks-1 {
		t.Errorf("%d looks are remembered", len(e.value.doubt.looks))
	}
	d.now.advance(believedFor)
	d.refresh(t, "ana", 2, nil, maxLooks+1)
}

// TestA51LooksAtOnce: who comes while a key is fetched shares the next fetch, and all at
// once have it fetched no oftener than one after the other.
func TestA51LooksAtOnce(t *testing.T) {
	t.Parallel()
	d := newDoubted(t)
	if _, err := d.client.FetchKey(d.message(t, "ana"), d.keyID); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for n := range 200 {
		m := d.message(t, fmt.Sprint("mallory", n))
		wg.Go(func() {
			if key, err := d.client.RefreshKey(m, d.keyID); err == nil && !keyOnce[1]().PublicKey.Equal(key.Public) || err != nil && !errors.Is(err, ErrUnavailable) {
				t.Errorf("error %v, or another key", err)
			}
		})
	}
	wg.Wait()
	if n := d.count("/ana"); n > maxLooks {
		t.Errorf("%d fetches", n)
	}
}

// TestA51LooksThatBeganBefore a message came tell nothing of it: the key may have changed
// in between. Those that began since are as good as one of its own.
func TestA51LooksThatBeganBefore(t *testing.T) {
	t.Parallel()
	d := newDoubted(t)
	if _, err := d.client.FetchKey(d.message(t, "ana"), d.keyID); err != nil {
		t.Fatal(err)
	}
	asked, answer := make(chan struct{}), make(chan struct{})
	old := d.person("/ana", keyOnce[1]())
	d.set("/ana", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(asked)
		<-answer
		d.write(w, r, old)
	}))
	early, first := d.message(t, "early"), make(chan error)
	go func() {
		_, err := d.client.RefreshKey(d.message(t, "mallory"), d.keyID)
		first <- err
	}()
	<-asked // the key is replaced while its document is on the way
	d.has(2)
	late, second := d.message(t, "ana"), make(chan Key)
	go func() {
		key, err := d.client.RefreshKey(late, d.keyID)
		if err != nil {
			t.Error(err)
		}
		second <- key
	}()
	close(answer)
	if err := <-first; err != nil {
		t.Error(err)
	}
	if key := <-second; !keyOnce[2]().PublicKey.Equal(key.Public) {
		t.Error("a message was answered by what was found before it came")
	}
	before := d.count("/ana")
	if key, err := d.client.RefreshKey(early, d.keyID); err != nil || !keyOnce[2]().PublicKey.Equal(key.Public) || d.count("/ana") != before {
		t.Errorf("for a message that came before it all: %v, %d fetches", err, d.count("/ana")-before)
	}
}

// TestKeysThatChangeAgain at once are fetched again at once, and count against nobody
// but all together.
func TestKeysThatChangeAgain(t *testing.T) {
	t.Parallel()
	d := newDoubted(t)
	if _, err := d.client.FetchKey(d.message(t, "ana"), d.keyID); err != nil {
		t.Fatal(err)
	}
	for n := range maxLooks - 1 {
		d.has(1 + (n+1)%2)
		d.refresh(t, "ana", 1+(n+1)%2, nil, 2+n)
	}
	d.has(1)
	d.refresh(t, "ana", 0, ErrUnavailable, maxLooks)
	d.now.advance(believedFor)
	d.refresh(t, "ana", 1, nil, maxLooks+1)
}

// TestAKeyThatIsFarAway: what leads to more fetches than one message may cause says nothing
// of a key that is known.
func TestAKeyThatIsFarAway(t *testing.T) {
	t.Parallel()
	d := newDoubted(t)
	message := func() context.Context { return WithBudget(d.message(t, "ana"), 2) }
	if _, err := d.client.FetchKey(message(), d.keyID); err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		d.set(fmt.Sprintf("/ana%.*s", n, "xxx"), redirectTo(fmt.Sprintf("/ana%.*s", n+1, "xxx"), http.StatusFound))
	}
	if _, err := d.client.RefreshKey(message(), d.keyID); !errors.Is(err, ErrUnavailable) {
		t.Errorf("of one that is known: error %v, want ErrUnavailable", err)
	}
	if _, ok := d.client.KnownKey(d.keyID); !ok {
		t.Error("it is forgotten")
	}
	if _, err := d.client.FetchKey(message(), d.keyID+"-2"); !errors.Is(err, ErrUntrusted) {
		t.Errorf("of one that is not: error %v, want ErrUntrusted", err)
	}
}

// TestAKeyInDoubt: a server that gave no answer is asked again soon, and the key is in
// doubt meanwhile for what it does not verify.
func TestAKeyInDoubt(t *testing.T) {
	t.Parallel()
	d := newDoubted(t)
	if _, err := d.client.FetchKey(t.Context(), d.keyID); err != nil {
		t.Fatal(err)
	}
	d.set("/ana", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }))
	d.refresh(t, "ana", 0, ErrUnavailable, 2)
	d.refresh(t, "ana", 0, ErrUnavailable, 2)
	if _, err := d.client.FetchKey(t.Context(), d.keyID); err != nil {
		t.Errorf("the key for what it verifies: %v", err)
	}
	d.has(2)
	d.now.advance(believedFor)
	d.refresh(t, "ana", 2, nil, 3)
}

// TestDocumentsThatComeLater than what names them are found at once by whoever sends
// it again, as long as there are looks left, and an account half a minute later.
func TestDocumentsThatComeLater(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]error{http.StatusNotFound: ErrNotFound, http.StatusGone: ErrGone} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			comeLater(t, status, want)
		})
	}
}

func comeLater(t *testing.T, status int, none error) {
	d := newDoubted(t)
	d.set("/ana", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	key := func(from string, want error, fetches int) {
		t.Helper()
		if _, err := d.client.FetchKey(d.message(t, from), d.keyID); !errors.Is(err, want) {
			t.Errorf("for %s: %v, want %v", from, err, want)
		}
		if n := d.count("/ana"); n != fetches {
			t.Errorf("for %s: %d fetches, want %d", from, n, fetches)
		}
	}
	for n := range maxClientLooks {
		key("mallory", none, 1+n)
	}
	key("mallory", ErrUnavailable, maxClientLooks)
	key("ana", none, 1+maxClientLooks)
	account := func(want error) {
		t.Helper()
		if _, err := d.client.FetchActor(t.Context(), d.URL+"/ana"); !errors.Is(err, want) {
			t.Errorf("the account: %v, want %v", err, want)
		}
	}
	account(none)
	d.has(1)
	key("mallory", ErrUnavailable, 2+maxClientLooks)
	account(none)
	key("ana", nil, 3+maxClientLooks)
	d.now.advance(believedFor)
	account(nil)
}

// TestAForeignKey is not looked at again: no honest server's document gives a key to
// another server.
func TestAForeignKey(t *testing.T) {
	t.Parallel()
	d, victim := newDoubted(t), newPeer(t)
	vic := victim.person("/vic", keyOnce[1]())
	vic.PublicKey.ID = d.keyID
	d.set("/ana", vic)
	for range 2 * maxLooks {
		if _, err := d.client.FetchKey(d.message(t, "mallory"), d.keyID); !errors.Is(err, ErrUntrusted) {
			t.Errorf("error %v", err)
		}
	}
	if n := d.count("/ana"); n != 1 {
		t.Errorf("%d fetches", n)
	}
}
