package remote

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestSigningInTurns: however many requests there are, a few are signed at once.
func TestSigningInTurns(t *testing.T) {
	t.Parallel()
	s := newSigning()
	var now, most, made atomic.Int64
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() {
			err := s.turn(t.Context(), func() error {
				n := now.Add(1)
				for before := most.Load(); n > before && !most.CompareAndSwap(before, n); before = most.Load() {
				}
				runtime.Gosched() // so that others would overlap
				now.Add(-1)
				made.Add(1)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if limit := int64(2 * runtime.GOMAXPROCS(0)); most.Load() > limit || made.Load() != 200 {
		t.Errorf("%d of 200 signed, %d of them at once; want %d at most", made.Load(), most.Load(), limit)
	}
}

// TestKeysGoBeforeSigning: while somebody asks for a key of ours, in the middle of a
// fan-out to servers that see us for the first time, one request is signed at a time.
func TestKeysGoBeforeSigning(t *testing.T) {
	t.Parallel()
	client := newClient(t)
	done := client.AnswerFirst()
	var now atomic.Int64
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			err := client.signing.turn(t.Context(), func() error {
				if n := now.Add(1); n > 1 {
					t.Errorf("%d are signed at once while a key is asked for", n)
				}
				runtime.Gosched() // so that others would overlap
				now.Add(-1)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	done()
	if n := client.signing.asking.Load(); n != 0 {
		t.Errorf("%d are said to ask for a key when nobody does", n)
	}
}

// occupy takes all turns to sign; what it returns gives them back.
func (s signing) occupy() (free func()) {
	for range cap(s.turns) {
		s.turns <- struct{}{}
	}
	return func() {
		for range cap(s.turns) {
			<-s.turns
		}
	}
}

func TestAWaitForATurnEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s := newSigning()
	defer s.occupy()()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := s.turn(ctx, func() error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

// TestATurnThatNeverComes says nothing of the server that would have been asked: its
// key is fetched with the next message.
func TestATurnThatNeverComes(t *testing.T) {
	t.Parallel()
	p := newPeer(t)
	p.set("/ana", p.person("/ana", keyOnce[1]()))
	client := newClient(t, func(*Options) {})
	free := client.signing.occupy()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := client.refetch(ctx, p.URL+"/ana#main-key"); !errors.Is(err, ErrUnavailable) {
		t.Errorf("error %v, want ErrUnavailable", err)
	}
	free()
	if _, err := client.FetchKey(t.Context(), p.URL+"/ana#main-key"); err != nil {
		t.Errorf("the next fetch: %v", err)
	}
}

// TestSigningIsNotSilence: servers have all of their time, however long it takes
// until a request to them is signed.
func TestSigningIsNotSilence(t *testing.T) {
	t.Parallel()
	const limit = 400 * time.Millisecond
	p := newPeer(t)
	p.set("/inbox", "")
	p.set("/ana", p.person("/ana", keyOnce[1]()))
	client := newClient(t, func(o *Options) { o.PostTimeout, o.FetchTimeout = limit, limit })
	free := client.signing.occupy()
	time.AfterFunc(2*limit, free)
	var both sync.WaitGroup
	both.Go(func() {
		if got, err := post(t, client, p.URL+"/inbox"); err != nil || got.Status != http.StatusOK {
			t.Errorf("the inbox: %+v, %v", got, err)
		}
	})
	both.Go(func() {
		if _, err := client.FetchActor(t.Context(), p.URL+"/ana"); err != nil {
			t.Errorf("the actor: %v", err)
		}
	})
	both.Wait()
}
