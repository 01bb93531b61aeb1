package traces

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"time"

	tracepb "go.opentelemetry.io/proto/slim/otlp/trace/v1"

	"communique/storage"
	"communique/storage/press"
)

// Options say what is told, and to whom.
type Options struct {
	Export  Export
	Site    string // its address
	Version string // of the program
	Store   *storage.Store
	Log     *slog.Logger
}

// Tracer follows entries until they have arrived, and tells the collector. [Tracer.Told] may
// be called by anybody, [Tracer.Run] by one.
type Tracer struct {
	Options
	client   *http.Client
	told     chan press.Entry
	followed []followed
	ready    []*tracepb.Span
	next     time.Duration // when ready may be sent, by the clock of the store
	pause    time.Duration // after the last attempt, if that was in vain
}

// followed is an entry that has not arrived everywhere, as far as is known.
type followed struct {
	entry press.Entry
	next  time.Duration // when it is looked at, by the clock of the store that nobody sets
	pause time.Duration
}

const (
	lookEvery = time.Second
	mostPause = 30 * time.Second
	// mostFollowed is how many entries are followed; of more than that the newest are not.
	mostFollowed = 256
	// followedFor is for how long: who is away for longer does not hold up the rest.
	followedFor = 10 * time.Minute
	// mostReady is how many spans wait for the collector; the oldest go first.
	mostReady = 4096
)

// New makes a tracer that has been told nothing.
func New(o Options) *Tracer {
	return &Tracer{Options: o, client: newClient(o.Export), told: make(chan press.Entry, mostFollowed)}
}

// Told has an entry followed, if it is of an article and sent to anybody. It never waits.
func (t *Tracer) Told(e press.Entry) {
	if _, ok := names[e.Kind]; !ok || e.Silent {
		return
	}
	select {
	case t.told <- e:
	default:
	}
}

// Run follows entries until ctx ends.
func (t *Tracer) Run(ctx context.Context) {
	defer t.client.CloseIdleConnections()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-t.told:
			if len(t.followed) < mostFollowed {
				t.followed = append(t.followed, followed{entry: e, pause: lookEvery})
			}
		case <-tick.C:
			t.look(ctx)
			t.send(ctx)
		}
	}
}

// look makes spans of what has arrived.
func (t *Tracer) look(ctx context.Context) {
	now := t.Store.Elapsed()
	t.followed = slices.DeleteFunc(t.followed, func(f followed) bool { return f.next <= now && t.arrived(ctx, f.entry) })
	for i := range t.followed {
		if f := &t.followed[i]; f.next <= now {
			f.next, f.pause = now+f.pause, min(2*f.pause, mostPause)
		}
	}
	if n := len(t.ready) - mostReady; n > 0 {
		t.ready = slices.Delete(t.ready, 0, n)
	}
}

// arrived tells whether an entry need be followed no longer, and makes its spans if not.
func (t *Tracer) arrived(ctx context.Context, e press.Entry) bool {
	var all []reached
	over := true
	err := t.Store.View(ctx, func(tx *storage.Tx) error {
		all = all[:0]
		sources, err := tx.SourcesOf(e)
		if err != nil {
			return err
		}
		late := tx.Now().Sub(e.At) >= followedFor
		over = true
		for _, s := range sources {
			r, err := tx.Reach(s.Name, e)
			if err != nil {
				return err
			}
			over = over && (late || r.Behind == 0)
			all = append(all, reached{s.Actor(), r})
		}
		return nil
	})
	if err != nil {
		t.Log.Debug("how far an entry has got cannot be read", "seq", e.Seq, "error", err)
		return false
	}
	if over && t.Store.Does(storage.Tidying) { // which one of several servers does
		if spans := spansOf(t.Site, e, all); t.Export.samples(spans[0].GetTraceId()) {
			t.ready = append(t.ready, spans...)
		}
	}
	return over
}
