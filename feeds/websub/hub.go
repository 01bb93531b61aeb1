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
	"communique/storage/delivery/patience"
	"communique/storage/hearsay"
	"communique/storage/press"
	"communique/storage/publog"
)

// Topics gives access to the feeds that can be subscribed to.
type Topics interface {
	// Topic finds the feed at an address. It returns press.ErrNotFound if there is
	// none.
	Topic(ctx context.Context, address string) (feeds.Topic, error)
	// Content returns the current content of a feed.
	Content(ctx context.Context, id publog.TopicID) (feeds.Content, error)
}

// Options are what a hub needs.
type Options struct {
	Store  *storage.Store
	Topics Topics
	// Address is the absolute URL of the hub.
	Address string
	// Rules decide which addresses callbacks may have.
	Rules     outbound.Rules
	Transport outbound.TransportOptions
	// Admit counts a request of a client, an address as in
	// [http.Request.RemoteAddr], and returns an error if there were too many.
	Admit     func(client string) error
	Signature Method
	UserAgent string
	Log       *slog.Logger
}

// Hub takes subscriptions, verifies them and sends what is new. It is safe for
// concurrent use.
type Hub struct {
	Options
	path    string
	host    string
	http    *http.Client
	clock   *patience.Clock
	queue   *queue
	asked   chan struct{} // there is something to verify
	hearsay *hearsay.Log
}

// requestTimeout is how long a callback may be silent, from connecting to the last
// byte of its answer (package patience).
const requestTimeout = 10 * time.Second

// New returns a hub, whose verifications are made by [Hub.Run]. It returns
// press.ErrInvalid for an unknown signature method.
func New(o Options) (*Hub, error) {
	if err := o.Signature.check(); err != nil {
		return nil, err
	}
	address, err := url.Parse(o.Address)
	if err != nil {
		return nil, err
	}
	clock := &patience.Clock{}
	o.Transport.Clock = clock
	return &Hub{
		Options: o, clock: clock, path: address.Path, host: press.HostOf(o.Address), queue: newQueue(), asked: make(chan struct{}, 1),
		hearsay: hearsay.New(o.Log, o.Store.Now),
		http: &http.Client{
			Transport: o.Rules.Transport(o.Transport),
			// A redirect is no confirmation (WebSub §5.3.1), and moves no subscription (WebSub §7).
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// Close closes idle connections.
func (h *Hub) Close() { h.http.CloseIdleConnections() }

// Routes adds the hub to a router. The handlers return their errors; handle turns
// them into plain-text answers.
func (h *Hub) Routes(r chi.Router, handle func(func(http.ResponseWriter, *http.Request) error) http.HandlerFunc) {
	r.Post(h.path, handle(h.accept))
	r.Get(h.path, handle(func(http.ResponseWriter, *http.Request) error { return ErrPostOnly }))
}

// endEvery is how often expired subscriptions are removed. Nothing is sent to them even
// before that.
const endEvery = time.Minute

const (
	// lookEvery is the pause between two looks for requests that other servers took.
	lookEvery = time.Second
	// waitsFor is how long a request waits at most while nobody can verify it: whoever
	// asked has long asked again, or given up.
	waitsFor = 24 * time.Hour
)

// Run verifies requests, unless another server does, and removes expired subscriptions
// until ctx ends. Requests that wait then are verified by whoever runs next.
//
// Every host that may be asked is asked at once. The queue bounds how many these are
// (maxWaiting, maxOfDomain); with fewer verifiers than that, as many hosts that never
// answer would keep all others waiting (SECURITY A46).
func (h *Hub) Run(ctx context.Context) {
	var parts sync.WaitGroup
	defer parts.Wait()
	parts.Go(func() {
		look := time.NewTicker(lookEvery)
		defer look.Stop()
		h.look(ctx)
		for {
			select {
			case <-ctx.Done():
				return
			case <-look.C:
				h.look(ctx)
			case <-h.asked:
				h.look(ctx)
			case host := <-h.queue.ready:
				parts.Go(func() {
					h.verify(ctx, h.queue.first(host))
					h.queue.done(host)
				})
			}
		}
	})
	h.Store.Every(ctx, endEvery, endExpired, func(err error) {
		if err != nil {
			h.Log.Warn("ending expired subscriptions failed, will retry", "error", err)
		}
	})
}

func endExpired(tx *storage.Tx) error {
	if _, err := tx.EndSubscriptions(); err != nil {
		return err
	}
	if err := tx.EndVerifications(tx.Now().Add(-waitsFor)); err != nil {
		return err
	}
	return tx.ForgetUnconfirmed(remembered(tx.Now()))
}

// look queues what is to be verified by this server. If the store cannot be read, the next
// look makes up for it.
func (h *Hub) look(ctx context.Context) {
	if !h.Store.Does(storage.Verifying) {
		return
	}
	_ = h.Store.View(ctx, func(tx *storage.Tx) error {
		all, err := tx.Verifications()
		for _, w := range all {
			h.queue.add(waiting{id: w.ID, host: w.Host, domain: h.Rules.Domain(w.Host)})
		}
		return err
	})
}
