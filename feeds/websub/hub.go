package websub

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"

	"communique/feeds"
	"communique/storage"
	"communique/storage/delivery/outbound"
	"communique/storage/publog"
)

// Topics are the feeds that can be subscribed to.
type Topics interface {
	// Topic finds the feed at an address; press.ErrNotFound if there is none.
	Topic(ctx context.Context, address string) (feeds.Topic, error)
	// Content reads what a feed says now.
	Content(ctx context.Context, id publog.TopicID) (feeds.Content, error)
}

// Options are what a hub needs.
type Options struct {
	Store  *storage.Store
	Topics Topics
	// Address is the hub's own.
	Address string
	// Rules say where callbacks may be.
	Rules     outbound.Rules
	Transport outbound.TransportOptions
	// Admit counts a request of a client, an address as in
	// [http.Request.RemoteAddr], and refuses it if there were too many.
	Admit     func(client string) error
	Signature Method
	UserAgent string
	Log       *slog.Logger
}

// Hub takes subscriptions, verifies them and sends what is new. It is safe for
// concurrent use.
type Hub struct {
	Options
	path        string
	host        string
	http        *http.Client
	queue       *queue
	unconfirmed unconfirmed
}

// requestTimeout bounds a request to a callback, from connecting to the last
// byte of its answer.
const requestTimeout = 10 * time.Second

// New makes a hub; [Hub.Run] lets it verify.
func New(o Options) (*Hub, error) {
	if err := o.Signature.check(); err != nil {
		return nil, err
	}
	address, err := url.Parse(o.Address)
	if err != nil {
		return nil, err
	}
	return &Hub{
		Options: o, path: address.Path, host: address.Host, queue: newQueue(), unconfirmed: unconfirmed{now: o.Store.Now},
		http: &http.Client{
			Transport: o.Rules.Transport(o.Transport),
			// A redirect is no confirmation (WebSub §5.3.1), and moves no subscription (WebSub §7).
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// Close ends idle connections.
func (h *Hub) Close() { h.http.CloseIdleConnections() }

// Routes adds the hub to a router. The handlers return their errors; handle
// answers them in plain text.
func (h *Hub) Routes(r chi.Router, handle func(func(http.ResponseWriter, *http.Request) error) http.HandlerFunc) {
	r.Post(h.path, handle(h.accept))
	r.Get(h.path, handle(func(http.ResponseWriter, *http.Request) error { return ErrPostOnly }))
}

const (
	// verifiers is how many verifications are under way at once.
	verifiers = 16
	// endEvery is how often leases that are over are ended. Nothing is sent on
	// one, ended or not.
	endEvery = time.Minute
)

// Run verifies requests and ends leases until ctx ends. A request that waits
// then is forgotten: its subscriber sees no verification and asks again.
func (h *Hub) Run(ctx context.Context) {
	var parts sync.WaitGroup
	defer parts.Wait()
	for range verifiers {
		parts.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case host := <-h.queue.ready:
					h.verify(ctx, h.queue.first(host))
					h.queue.done(host)
				}
			}
		})
	}
	ticker := time.NewTicker(endEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			h.end(ctx)
		}
	}
}

// end ends the subscriptions whose time is over.
func (h *Hub) end(ctx context.Context) {
	err := h.Store.Update(ctx, func(tx *storage.Tx) error {
		_, err := tx.EndSubscriptions()
		return err
	})
	if err != nil && ctx.Err() == nil {
		h.Log.Warn("subscriptions could not be ended", "error", err) // tried again in a minute
	}
}
