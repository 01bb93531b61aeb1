package simulation

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"communique/cmd/internal/newsroom"
	"communique/cmd/internal/web"
	"communique/federation"
	"communique/federation/moderation"
	"communique/federation/remote"
	"communique/federation/signature"
	"communique/feeds"
	"communique/feeds/site"
	"communique/feeds/websub"
	"communique/storage"
	"communique/storage/actors"
	"communique/storage/delivery"
	"communique/storage/delivery/outbound"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/publog"
	"communique/storage/sqlite"
)

const (
	base    = "https://press.mfa.example"
	author  = "ministry"
	section = "statements"
)

var ministry = press.Site{Base: base, Tag: "mfa.example,2031"}

// lookEvery is the pace at which the house looks at what was committed. It looks a
// thousand times in a seed, and each look costs.
const lookEvery = time.Second

// house is the ministry's program while it runs: all of it that serve puts together, but
// what listens.
type house struct {
	w       *world
	life    *life
	store   *storage.Store
	handler http.Handler
	desk    newsroom.Desk
	since   time.Time
	stop    context.CancelFunc
	parts   sync.WaitGroup
	closers []func()
	started int // parts

	dead atomic.Bool
	died chan struct{} // closed when it is dead
}

// start starts the program on the database that is there.
func (w *world) start() *house {
	h := &house{w: w, life: w.engine.begin(), since: time.Now(), died: make(chan struct{})}
	ctx, stop := context.WithCancel(context.Background())
	h.stop = stop
	if err := h.open(ctx); err != nil {
		w.t.Fatalf("seed %d: start: %v", w.seed, err)
	}
	return h
}

func (h *house) open(ctx context.Context) (err error) {
	if h.store, err = sqlite.OpenThrough(ctx, h.w.engine.file, h.w.clock, h.life.handle); err != nil {
		return err
	}
	h.store.LookEvery(lookEvery)
	log := slog.New(slog.DiscardHandler)
	fedi, err := federation.New(ctx, federation.Options{
		Store: h.store, Site: ministry,
		Author:    federation.Profile{Name: author, DisplayName: "Ministry of Foreign Affairs", Home: base + "/en/", Published: h.w.began, Language: "en"},
		Rendition: newsdesk.AsNote, Quotes: federation.QuotesAnyone, Version: "1.0.0", Replies: moderation.RepliesReview, Log: log,
		RSA: unsigned{}, Network: &remote.Network{RoundTripper: wire{h}, Probe: func() { time.Sleep(time.Microsecond) }}, Spread: h.w.spread,
	})
	if err != nil {
		return err
	}
	h.closers = append(h.closers, fedi.Close)
	if err := fedi.TellProfiles(ctx); err != nil {
		return err
	}
	readers, err := feeds.NewServer(ctx, feeds.Options{Store: h.store, Build: "1.0.0", Visitors: fedi, Identity: site.Identity{
		Site: ministry, Names: map[press.Language]string{"en": "Ministry of Foreign Affairs"}, Languages: []press.Language{"en"}, Zone: time.UTC, Actor: author, ActorPages: fedi.Pages(),
	}})
	if err != nil {
		return err
	}
	hub, err := websub.New(websub.Options{
		Store: h.store, Topics: readers, Address: ministry.Hub(), Rules: outbound.NewRules(false), Admit: func(string) error { return nil },
		Signature: "sha256", Log: log, UserAgent: "communique",
	})
	if err != nil {
		return err
	}
	h.handler = web.New(web.Options{Feeds: readers, Federation: fedi, Hub: hub, Log: log})
	h.desk = newsroom.Desk{
		Store: h.store, Site: ministry, Zone: time.UTC, Language: "en", Languages: []press.Language{"en"}, Actor: author,
		Author: newsroom.Author{Name: "simulation", Via: newsroom.CommandLine},
	}
	inboxes := fedi.Sender()
	engine := delivery.New(delivery.Options{
		Store: h.store, Messenger: inboxes, Log: log, Spread: h.w.spread,
		Kinds: map[publog.SourceKind]delivery.Kind{
			publog.Author: {Plan: delivery.Authored, Sender: inboxes},
			publog.Topic:  {Plan: delivery.Newest, Sender: hub, Rest: websub.Rest},
		},
	})
	h.run(ctx, func(ctx context.Context) error { return engine.Run(ctx) })
	h.run(ctx, func(ctx context.Context) error { return h.store.RunClock(ctx, log, func() {}) })
	h.run(ctx, func(ctx context.Context) error { fedi.RunCleanup(ctx); return nil })
	return nil
}

// run starts a part of the program, each a little later than the one before: what two of
// them do at one instant would be done in this order or in that.
func (h *house) run(ctx context.Context, part func(context.Context) error) {
	h.started++
	later := time.Duration(h.started) * 7_000_019 * time.Nanosecond
	h.parts.Go(func() {
		time.Sleep(later)
		if err := part(ctx); err != nil && !h.dead.Load() {
			h.w.breaks("a part of the program ended: %v", err)
		}
	})
}

// end ends the program and waits until it has.
func (h *house) end() {
	h.stop()
	h.parts.Wait()
	for _, c := range h.closers {
		c()
	}
	if err := h.store.Close(); err != nil && !h.dead.Load() {
		h.w.breaks("the store did not close: %v", err)
	}
}

// crash kills the program: what it has committed up to now is there afterwards, and nothing
// that it does from now on leaves any trace. Nobody else runs in this instant.
func (h *house) crash() {
	h.life.kill()
	h.dead.Store(true)
	close(h.died)
	go h.end()
}

// unsigned makes no signatures: nobody looks at them here, and they would cost more than
// everything else together.
type unsigned struct{}

func (unsigned) Sign(*rsa.PrivateKey, [sha256.Size]byte) ([]byte, error) {
	return make([]byte, 256), nil
}
func (unsigned) String() string { return "none" }

// makeTemplate makes the database of an installation in which nothing has happened yet.
func makeTemplate(file string) error {
	ctx := context.Background()
	store, err := sqlite.Create(ctx, file, storage.SystemClock{})
	if err != nil {
		return err
	}
	return errors.Join(store.Update(ctx, install), store.Close())
}

// install does what the command init does.
func install(tx *storage.Tx) error {
	if err := tx.AddSource(publog.Source{Name: publog.ActorSource(author), Kind: publog.Author}); err != nil {
		return err
	}
	main, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	_, further, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	for _, actor := range []string{author, federation.InstanceName} {
		text, err := signature.EncodePrivateKey(main)
		if err == nil {
			err = tx.AddSigningKey(actor, actors.KeyMain, text)
		}
		if err != nil {
			return err
		}
		if text, err = signature.EncodePrivateKey(further); err == nil {
			err = tx.AddSigningKey(actor, actors.KeyEd25519, text)
		}
		if err != nil {
			return err
		}
	}
	_, err = tx.AddSection(press.Root, section, "en", "Statements")
	return err
}
