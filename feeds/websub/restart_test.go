package websub

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"

	"communique/storage"
	"communique/storage/storagetest/engines"
)

func opened(t *testing.T, open func(storage.Clock) (*storage.Store, error)) *storage.Store {
	t.Helper()
	store, err := open(storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// TestWhatWasAcceptedOutlivesTheServer: a request that was answered with 202 is verified by
// whoever has the task, also if the server that was about to has ended meanwhile.
func TestWhatWasAcceptedOutlivesTheServer(t *testing.T) {
	t.Parallel()
	open, options := engines.Chosen(t), Options{}
	n := newHub(t, func(o *Options) {
		options = *o
		o.Store = opened(t, open)
		o.Store.ShareTasks(func(storage.Task) bool { return false }) // another server has the task
	})
	options.Store = opened(t, open)
	reached, asked := make(chan struct{}), atomic.Int64{}
	address := callback(t, func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 1 {
			close(reached)
			<-r.Context().Done() // the one who asks dies
			return
		}
		confirm(w, r)
	})
	if status := n.ask("hub.callback", address, "hub.secret", "s3cret", "hub.lease_seconds", "86400"); status != 202 {
		t.Fatalf("answered %d", status)
	}
	if n.waiting() != 1 {
		t.Error("what was accepted is not stored")
	}
	run := func() (end func()) {
		h, err := New(options)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			h.Run(ctx)
		}()
		return func() {
			stop()
			<-ended
			h.Close()
		}
	}
	die := run()
	<-reached
	die()
	end := run()
	n.quiet()
	end()
	all := n.subscribers()
	if len(all) != 1 || all[0].Secret != "s3cret" || asked.Load() != 2 {
		t.Errorf("after %d questions: %+v", asked.Load(), all)
	}
}
