package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
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
	d := newDoubted(t)
	d.set("/ana", http.HandlerFunc(http.NotFound))
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
		key("mallory", ErrNotFound, 1+n)
	}
	key("mallory", ErrUnavailable, maxClientLooks)
	key("ana", ErrNotFound, 1+maxClientLooks)
	account := func(want error) {
		t.Helper()
		if _, err := d.client.FetchActor(t.Context(), d.URL+"/ana"); !errors.Is(err, want) {
			t.Errorf("the account: %v, want %v", err, want)
		}
	}
	account(ErrNotFound)
	d.has(1)
	key("mallory", ErrUnavailable, 2+maxClientLooks)
	account(ErrNotFound)
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

// heap is how many bytes are in use. Other tests run meanwhile, so that it is no
// exact measure of what one does.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestA52RefusalsAreApart: ids that were made up take little memory and push out
// nothing; what costs nothing to find out is not kept at all.
func TestA52RefusalsAreApart(t *testing.T) {
	t.Parallel()
	p := newPeer(t)
	client := newClient(t, func(o *Options) { o.FetchesPerMinute = 20 })
	ana := p.person("/ana", keyOnce[1]())
	p.set("/ana", ana)
	if _, err := client.FetchKey(t.Context(), ana.PublicKey.ID); err != nil {
		t.Fatal(err)
	}
	kept := func(want int) {
		t.Helper()
		if n := client.refusals.order.Len(); n != want {
			t.Errorf("%d refusals are kept, want %d", n, want)
		}
	}
	long := strings.Repeat("x", 2100)
	for n := range 100 {
		for _, address := range []string{"https://10.0.0.1/%d", "ftp://127.0.0.1/%d", "acct:%d@social.example", "https://-.example/%d", p.URL + "/" + long + "/%d"} {
			if _, err := client.FetchKey(t.Context(), fmt.Sprintf(address, n)); err == nil {
				t.Fatalf("there is a key %s", address)
			}
			if _, err := client.FetchActor(t.Context(), fmt.Sprintf(address, n)); err == nil {
				t.Fatalf("there is an actor %s", address)
			}
		}
	}
	kept(0)
	for n := range 100 { // most of them beyond what one server is asked
		_, _ = client.FetchKey(t.Context(), fmt.Sprintf("%s/none/%d", p.URL, n))
	}
	kept(19)
	before := heap()
	for n := range 50_000 {
		client.refuse(fmt.Sprint(keyRefused, n, long), fmt.Errorf("%w: %s", ErrUntrusted, long), doubt{})
	}
	if n := client.refusals.weight; n > maxRefused || client.refusals.order.Len() < 1000 {
		t.Errorf("%d refusals weigh %d", client.refusals.order.Len(), n)
	}
	// What they weigh is what they take in memory, within a factor for maps and lists.
	if took := heap() - before; took > 4*maxRefused {
		t.Errorf("%d refusals take %d bytes", client.refusals.order.Len(), took)
	}
	if _, ok := client.KnownKey(ana.PublicKey.ID); !ok || client.keys.weight < 512 {
		t.Errorf("the good key is known: %v, its weight is %d", ok, client.keys.weight)
	}
}

// A kept error says what it said, shortly, and holds nothing.
func TestReason(t *testing.T) {
	t.Parallel()
	for _, class := range []error{ErrForbidden, ErrNotFound, ErrGone, ErrUntrusted, ErrUnavailable} {
		err := reason(fmt.Errorf("fetching %s: %w", strings.Repeat("x", 3000), fmt.Errorf("%w: so", class)))
		if !errors.Is(err, class) || len(err.Error()) > maxReason+5 {
			t.Errorf("%v becomes %v", class, err)
		}
	}
	if err := reason(ErrGone); err.Error() != ErrGone.Error() {
		t.Errorf("%v becomes %v", ErrGone, err)
	}
}
