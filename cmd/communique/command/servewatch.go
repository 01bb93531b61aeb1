package command

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"time"

	"communique/cmd/internal/config"
	"communique/cmd/internal/ops"
	"communique/cmd/internal/ops/traces"
	"communique/storage"
	"communique/storage/press"
)

// watch is what machines that watch the server are told, on a listener of its own.
type watch struct {
	metrics  *ops.Metrics
	loops    *ops.Loops
	looked   func() // by the deliveries
	private  ops.Private
	listener net.Listener // nil if there is none
}

func (in *installation) newWatch(log *slog.Logger) *watch {
	b, began := thisBuild(), time.Now()
	w := &watch{
		metrics: ops.NewMetrics(ops.Build{Version: b.Version, Revision: b.Revision, Go: b.Go}),
		loops:   ops.NewLoops(func() time.Duration { return time.Since(began) }),
	}
	w.metrics.Held(in.config.Paused)
	w.looked = func() {}
	if !in.config.Paused {
		w.looked = w.loops.Loop("delivery")
	}
	w.private = ops.Private{Site: siteMark(in.config), Metrics: w.metrics, Loops: w.loops, Store: in.store, Log: log}
	w.metrics.Watch(ops.Watched{
		Store: in.store, Log: log, Purges: in.config.Purge.URL != "", Servers: in.countServers, Backups: in.countBackups,
		Room: func() (free, total uint64, err error) { return roomIn(in.config.Data) },
	})
	return w
}

// tracer follows what is published for the collector of traces; nil if there is none.
func (in *installation) tracer(to traces.Export, log *slog.Logger) *traces.Tracer {
	if to.Address == "" {
		return nil
	}
	return traces.New(traces.Options{Export: to, Site: in.config.BaseURL, Version: version(), Store: in.store, Log: log})
}

// countServers counts those that serve the database, this one among them.
func (in *installation) countServers(tx *storage.Tx) (ops.Servers, error) {
	known, unheld, err := in.servers(tx, true, nil)
	states := map[string]int{string(serverRuns): 0, string(serverEnds): 0, string(serverSilent): 0}
	for _, s := range known {
		states[string(s.State)]++
	}
	return ops.Servers{States: states, Unheld: unheld}, err
}

// watchListener is where what watches the server is answered; nil if it is not.
func watchListener(ctx context.Context, manager ops.Systemd, address string) (net.Listener, error) {
	return socketOr(ctx, manager, ops.MetricsSocket, address, "metrics.listen")
}

// listen takes the listener. A server that nobody can watch is better than none: status
// tells, and what watches it notices that, unless another server answers there.
func (w *watch) listen(ctx context.Context, in *installation, l net.Listener, err error, log *slog.Logger) {
	if w.listener = l; err != nil {
		w.listener = nil
		log.Warn("nobody can watch this server: metrics.listen", "error", err)
	}
	if err := in.noteUnwatched(ctx, err); err != nil {
		log.Warn("status does not learn whether this server can be watched", "error", err)
	}
}

// factUnwatched is why nobody can watch the server of an installation, whose mark is at the
// end of its name: several may share a database.
const factUnwatched = "unwatched:"

func (in *installation) noteUnwatched(ctx context.Context, why error) error {
	name := factUnwatched + siteMark(in.config)
	return in.store.Update(ctx, func(tx *storage.Tx) error {
		if why != nil {
			return tx.SetFact(name, oneLine(why))
		}
		_, err := tx.TakeFacts(name)
		return err
	})
}

// unwatched is why nobody can watch the server; empty if it can be.
func (in *installation) unwatched(ctx context.Context) (why string, err error) {
	err = in.store.View(ctx, func(tx *storage.Tx) error {
		why, err = tx.Fact(factUnwatched + siteMark(in.config))
		return err
	})
	if errors.Is(err, press.ErrNotFound) {
		err = nil
	}
	return why, err
}

// siteMark tells an installation from others, also from its copy in another folder, which has
// the same address.
func siteMark(c config.Config) string {
	folder, err := filepath.EvalSymlinks(c.Data)
	if err == nil {
		folder, err = filepath.Abs(folder)
	}
	if err != nil {
		folder = c.Data
	}
	sum := sha256.Sum256([]byte(folder))
	return c.BaseURL + " " + hex.EncodeToString(sum[:8])
}

// tell tells systemd that the server serves, and the program before, whose place it takes;
// feeds its watchdog, and returns what tells it that the server has begun to end.
func (w *watch) tell(ctx context.Context, manager ops.Systemd, log *slog.Logger) (stopped func(), err error) {
	if before := manager.Before; before != nil {
		if err := before.Ready(ctx); err != nil {
			return nil, err
		}
	}
	say := func(state string) {
		if err := manager.Notify(state); err != nil {
			log.Warn("systemd does not know how this server stands", "error", err)
		}
	}
	say("READY=1\nSTATUS=Serving")
	ctx, cancel := context.WithCancel(ctx)
	stopping := context.AfterFunc(ctx, func() {
		if !errors.Is(context.Cause(ctx), errReplaced) { // then the other one is meant
			say("STOPPING=1\nSTATUS=Finishing what is under way")
		}
	})
	var feeding sync.WaitGroup
	feeding.Go(func() { manager.Feed(ctx, w.loops, log) })
	return func() {
		cancel()
		feeding.Wait()
		stopping()
	}, nil
}

func (w *watch) serve(ctx context.Context, log *slog.Logger) {
	if w.listener == nil {
		return
	}
	if err := w.private.Serve(ctx, w.listener); err != nil {
		log.Warn("nobody can watch this server any more", "error", err)
	}
}
