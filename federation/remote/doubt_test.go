package remote

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"communique/federation/signature"
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

// refresh has the key fetched again on behalf of somebody, who gets a key (0: an
// error); the account has been fetched so often then.
func (d *doubted) refresh(t *testing.T, from string, key int, want error, fetches int) {
	t.Helper()
	got, err := d.client.RefreshKey(OnBehalfOf(t.Context(), from), d.keyID)
	if !errors.Is(err, want) || key != 0 && !keyOnce[key]().PublicKey.Equal(got.Public) {
		t.Errorf("for %s: %v, want key %d or %v", from, err, key, want)
	}
	if n := d.count("/ana"); n != fetches {
		t.Errorf("for %s: %d fetches, want %d", from, n, fetches)
	}
}

// TestA51DoubtsOfOthers: a key is fetched again for whoever signs with another, once
// for each of a few clients: who forges messages does not use up what its owner needs.
func TestA51DoubtsOfOthers(t *testing.T) {
	t.Parallel()
	d := newDoubted(t)
	if _, err := d.client.FetchKey(OnBehalfOf(t.Context(), "mallory"), d.keyID); err != nil {
		t.Fatal(err)
	}
	d.refresh(t, "mallory", 1, nil, 2)
	d.refresh(t, "mallory", 1, nil, 2)
	d.refresh(t, "mallory's second", 1, nil, 3)
	d.has(2)
	d.refresh(t, "mallory", 1, nil, 3)
	d.refresh(t, "ana", 2, nil, 4)
	for n := range 10 { // among whom may be who needs it
		d.refresh(t, fmt.Sprint("other", n), 0, ErrUnavailable, 4)
	}
	d.refresh(t, "mallory", 2, nil, 4)
	d.now.advance(believedFor)
	d.refresh(t, "other", 2, nil, 5)
	// One who sends from behind the same address as who forges has no long wait.
	d.refresh(t, "mallory", 2, nil, 6)
	d.has(1)
	d.refresh(t, "mallory", 2, nil, 6)
	d.now.advance(believedFor)
	d.refresh(t, "mallory", 1, nil, 7)
}

// proof is a signature by an account's key of a number.
type proof struct {
	scheme signature.Scheme
	key    int
}

func (p proof) Scheme() signature.Scheme { return p.scheme }

func (p proof) Verify(public crypto.PublicKey) error {
	if !keyOnce[p.key]().PublicKey.Equal(public) {
		return signature.ErrInvalid
	}
	return nil
}

// TestA51DoubtsOfTheOwner: what comes from where the key has verified messages is
// never refused for a look of before: it has a look of its own, or is told to come
// back. All others are refused, and cause no more than one look each.
func TestA51DoubtsOfTheOwner(t *testing.T) {
	t.Parallel()
	d := newDoubted(t)
	message := func(from string, by proof) context.Context {
		return ProvedBy(OnBehalfOf(t.Context(), from), by)
	}
	refresh := func(from string, by proof, key int, want error, fetches int) {
		t.Helper()
		got, err := d.client.RefreshKey(message(from, by), d.keyID)
		if !errors.Is(err, want) || want == nil && !keyOnce[key]().PublicKey.Equal(got.Public) {
			t.Errorf("for %s: %v, want key %d or %v", from, err, key, want)
		}
		if n := d.count("/ana"); n != fetches {
			t.Errorf("for %s: %d fetches, want %d", from, n, fetches)
		}
	}
	first, second, third := proof{signature.Cavage, 1}, proof{signature.Cavage, 2}, proof{signature.Cavage, 0}
	if _, err := d.client.FetchKey(message("ana", first), d.keyID); err != nil {
		t.Fatal(err)
	}
	d.client.Verified(message("ana", first), d.keyID)
	refresh("ana", second, 1, nil, 2) // signed before the key was published
	refresh("mallory", third, 1, nil, 3)
	refresh("mallory", third, 1, nil, 3)
	d.has(2)
	refresh("mallory", third, 1, nil, 3)
	refresh("ana", second, 2, nil, 4)
	d.client.Verified(message("ana", second), d.keyID)
	d.has(0)
	refresh("ana", third, 0, ErrUnavailable, 4)
	refresh("mallory", third, 2, nil, 4)
	refresh("ana", first, 2, nil, 4) // the key that was replaced
	d.now.advance(believedFor)
	refresh("ana", third, 0, nil, 5)
	// A scheme in which nothing was verified: 401 has the server try the other.
	byOther := proof{signature.RFC9421, 1}
	refresh("ana", byOther, 0, nil, 6)
	refresh("ana", byOther, 0, nil, 6)
	for n := range 100 {
		d.client.Verified(message(fmt.Sprint("ana", n), third), d.keyID)
	}
	if e, _ := d.client.keys.get(d.keyID); len(e.value.doubt.senders) != maxSenders || len(e.value.former) != maxFormer {
		t.Errorf("%d senders and %d keys of before are remembered", len(e.value.doubt.senders), len(e.value.former))
	}
}

// TestKeysThatChangeAgain at once are fetched again at once, until it is too often:
// then they are in doubt, and fetched half a minute later.
func TestKeysThatChangeAgain(t *testing.T) {
	t.Parallel()
	d := newDoubted(t)
	if _, err := d.client.FetchKey(OnBehalfOf(t.Context(), "ana"), d.keyID); err != nil {
		t.Fatal(err)
	}
	for n, key := range []int{2, 1, 2} {
		d.has(key)
		d.refresh(t, "ana", key, nil, 2+n)
	}
	d.has(1)
	d.refresh(t, "ana", 0, ErrUnavailable, 4)
	d.now.advance(believedFor)
	d.refresh(t, "ana", 1, nil, 5)
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

// TestDocumentsThatComeLater than what names them are found half a minute later by
// who sent it, and by others at once: a key, and an account.
func TestDocumentsThatComeLater(t *testing.T) {
	t.Parallel()
	d := newDoubted(t)
	d.set("/ana", http.HandlerFunc(http.NotFound))
	key := func(from string, want error, fetches int) {
		t.Helper()
		if _, err := d.client.FetchKey(OnBehalfOf(t.Context(), from), d.keyID); !errors.Is(err, want) {
			t.Errorf("for %s: %v, want %v", from, err, want)
		}
		if n := d.count("/ana"); n != fetches {
			t.Errorf("for %s: %d fetches, want %d", from, n, fetches)
		}
	}
	for n, from := range []string{"mallory", "mallory's second", "mallory's third", "mallory's fourth"} {
		key(from, ErrNotFound, 1+n)
		key(from, ErrNotFound, 1+n)
	}
	key("ana", ErrNotFound, 4)
	account := func(want error) {
		t.Helper()
		if _, err := d.client.FetchActor(t.Context(), d.URL+"/ana"); !errors.Is(err, want) {
			t.Errorf("the account: %v, want %v", err, want)
		}
	}
	account(ErrNotFound)
	d.has(1)
	key("mallory", ErrNotFound, 5)
	account(ErrNotFound)
	d.now.advance(believedFor)
	account(nil)
	key("mallory", nil, 7)
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
