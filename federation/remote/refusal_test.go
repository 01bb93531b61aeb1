package remote

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

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
