package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"
)

// One message causes a handful of fetches and no more; a look at what is kept
// costs nothing.
func TestBudget(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t), newClient(t)
	ctx := WithBudget(t.Context(), 2)
	for n := range 3 {
		path := fmt.Sprintf("/ana%d", n)
		ana := p.person(path, keyOnce[1]())
		p.set(path, ana)
		for range 2 {
			_, err := client.FetchActor(ctx, ana.ID)
			if n < 2 && err != nil || n == 2 && !errors.Is(err, ErrUntrusted) {
				t.Errorf("fetch %d: %v", n, err)
			}
		}
	}
	if p.count("/ana2") != 0 {
		t.Error("a fetch was made beyond the budget")
	}
}

// What a message could not fetch any more says nothing of what it would have
// fetched, or it could make us deaf to whom it names.
func TestBudgetIsTheMessages(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t), newClient(t)
	ana := p.person("/ana", keyOnce[1]())
	p.set("/ana", ana)
	spent := WithBudget(t.Context(), 0)
	if _, err := client.FetchActor(spent, ana.ID); !errors.Is(err, ErrUntrusted) {
		t.Errorf("beyond the budget: %v", err)
	}
	if _, err := client.FetchActor(t.Context(), ana.ID); err != nil {
		t.Errorf("the next who asks for the actor: %v", err)
	}
	keyID := ana.PublicKey.ID
	client.Forget(ana.ID)
	client.ForgetKeys(ana.ID)
	if _, err := client.FetchKey(spent, keyID); !errors.Is(err, ErrUntrusted) {
		t.Errorf("the key, beyond the budget: %v", err)
	}
	if _, err := client.FetchKey(t.Context(), keyID); err != nil {
		t.Errorf("the next who asks for the key: %v", err)
	}
}

// SECURITY A32: a domain that proves its messages is asked as often as it takes,
// one that does not, so often a minute.
func TestA32FetchesThatPayOff(t *testing.T) {
	t.Parallel()
	p := newPeer(t)
	client := newClient(t, func(o *Options) { o.FetchesPerMinute = 3 })
	host := p.Listener.Addr().String()
	fetch := func(n int, honest bool) error {
		path := fmt.Sprintf("/ana%d", n)
		ana := p.person(path, keyOnce[1]())
		p.set(path, ana)
		ctx := WithBudget(t.Context(), 5)
		_, err := client.FetchActor(ctx, ana.ID)
		if honest {
			client.PaidOff(ctx, host)
			client.PaidOff(ctx, host) // counts once
		} else {
			client.PaidOff(ctx, "somebody.example") // a message of another server
		}
		return err
	}
	for n := range 20 {
		if err := fetch(n, true); err != nil {
			t.Fatalf("fetch %d: %v", n, err)
		}
	}
	for n := range 3 {
		if err := fetch(100+n, false); err != nil {
			t.Fatalf("fetch %d that proves nothing: %v", n, err)
		}
	}
	if err := fetch(200, false); !errors.Is(err, ErrUnavailable) {
		t.Errorf("error %v, want ErrUnavailable", err)
	}
}

// What is refused is not asked.
func TestRefuse(t *testing.T) {
	t.Parallel()
	p := newPeer(t)
	no := errors.New("it is blocked")
	client := newClient(t, func(o *Options) {
		o.Refuse = func(context.Context, string) error { return no }
	})
	ana := p.person("/ana", keyOnce[1]())
	p.set("/ana", ana)
	if _, err := client.FetchActor(t.Context(), ana.ID); !errors.Is(err, no) || p.count("/ana") != 0 {
		t.Errorf("error %v after %d requests", err, p.count("/ana"))
	}
}

// A message that waits for what another message fetches does not fail because
// that one may fetch nothing more: it has fetches of its own.
func TestBudgetIsNotThatOfWhoWaits(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t), newClient(t)
	ana := p.person("/ana", keyOnce[1]())
	p.set("/ana", ana)
	asked, redirect := make(chan struct{}), make(chan struct{})
	p.set("/old", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case asked <- struct{}{}:
			<-redirect
		default:
		}
		redirectTo(ana.ID, http.StatusFound)(w, r)
	}))
	over, honest := make(chan error), make(chan error)
	fetch := func(fetches int, done chan error) {
		_, err := client.FetchActor(WithBudget(t.Context(), fetches), p.URL+"/old")
		done <- err
	}
	go fetch(1, over)
	<-asked
	go fetch(5, honest)
	time.Sleep(100 * time.Millisecond) // it waits for the first one's fetch
	close(redirect)
	if err := <-over; !errors.Is(err, errSpent) {
		t.Errorf("beyond the budget: %v", err)
	}
	if err := <-honest; err != nil {
		t.Errorf("whoever waited: %v", err)
	}
}
