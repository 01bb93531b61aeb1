package ops

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"communique/storage"
)

// readyWithin is how long a look whether the database answers may take.
const readyWithin = 2 * time.Second

// Private is what a server answers to the machines that watch it, on a listener of its own.
type Private struct {
	// Site says whose server it is, in the header [SiteHeader] of /healthz and /readyz.
	Site    string
	Metrics *Metrics
	Loops   *Loops
	Store   *storage.Store
	Log     *slog.Logger
}

// SiteHeader names the installation that is asked how it stands, for another one may answer
// at the same address.
const SiteHeader = "Communique-Site"

// Watch adds what stands in the database to the metrics.
func (m *Metrics) Watch(w Watched) { m.registry.MustRegister(&census{Watched: w}) }

// Handler answers /metrics, /healthz (the loops of this server go round), /readyz (it can
// serve: the database answers) and /debug/pprof/.
func (p Private) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(p.Metrics.registry, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(p.Log.Handler(), slog.LevelWarn), MaxRequestsInFlight: 4,
	}))
	mux.HandleFunc("GET /healthz", answerIf(p.Site, func(context.Context) error { return p.Loops.Check() }))
	mux.HandleFunc("GET /readyz", answerIf(p.Site, p.ready))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

// NotReady answers /healthz and /readyz of a server that cannot serve yet, the latter with why;
// site is as in [Private].
func NotReady(site string, why func() string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", answerIf(site, func(context.Context) error { return nil }))
	mux.HandleFunc("/", answerIf(site, func(context.Context) error { return errors.New(why()) }))
	return mux
}

func (p Private) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	return p.Store.View(ctx, func(tx *storage.Tx) error {
		_, err := tx.Head()
		return err
	})
}

// answerIf answers 200 if nothing is wrong, and 503 with what is.
func answerIf(site string, check func(context.Context) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set(SiteHeader, site)
		says := "ok"
		if err := check(r.Context()); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			says = err.Error()
		}
		_, _ = io.WriteString(w, says+"\n") // an error concerns a client that has gone
	}
}

// Serve answers on a listener until ctx ends.
func (p Private) Serve(ctx context.Context, l net.Listener) error {
	s := &http.Server{
		Handler: p.Handler(), ErrorLog: slog.NewLogLogger(p.Log.Handler(), slog.LevelDebug),
		// A profile of the processor takes half a minute by default.
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 2 * time.Minute, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
	}
	stop := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer stop()
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve metrics: %w", err)
	}
	return nil
}
