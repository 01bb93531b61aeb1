package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"communique/cmd/internal/config"
	"communique/cmd/internal/ops"
	"communique/cmd/internal/ops/traces"
	"communique/cmd/internal/sight"
	"communique/cmd/internal/web"
	"communique/federation"
	"communique/feeds"
	"communique/feeds/purge"
	"communique/feeds/websub"
	"communique/storage"
	"communique/storage/delivery"
)

func newServeCommand(a *app) *cobra.Command {
	var listen string
	var hold bool
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve feeds, pages and the fediverse",
		Long: `Serve feeds, pages and the fediverse until it is interrupted.

If the address of the site is on this machine, the server is in loopback mode: plain
http, and peers on this machine only. Otherwise it expects a web server in front that
terminates https, and listens on 127.0.0.1:8080, or where --listen or the
configuration says; or, with tls in the configuration, speaks https itself, on port 443,
and answers plain http on port 80 with the way there.

With --hold-deliveries (or paused in the configuration) nothing is sent to anybody, and
nobody is asked anything: a site that was restored for a rehearsal tells no follower of
it. What is published meanwhile waits until the server is started without.

SIGHUP has the level of the log read anew. SIGUSR2 starts the program again, which takes the
place of this one, with its sockets and the configuration as it is then, when it serves: no
request is refused. If it cannot serve, this one serves on, and says so.`,
		Example: `  communique serve --data /srv/press
  communique serve --data /srv/rehearsal --hold-deliveries
  communique serve --data /srv/press --listen 10.0.0.5:8080`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.serve(cmd.Context(), listen, hold)
		},
	}
	c.Flags().StringVar(&listen, "listen", "", "address to listen on, host:port")
	c.Flags().BoolVar(&hold, "hold-deliveries", false, "send nothing to anybody")
	return c
}

// startingEvery is how often the manager is asked for more time while the database is brought
// up to date.
const startingEvery = 20 * time.Second

// serve runs the server until ctx ends.
func (a *app) serve(ctx context.Context, listen string, hold bool) error {
	manager := ops.SystemdOf(a.Env)
	front := a.newFront(manager, listen)
	defer front.Close()
	started := manager.Starting(ctx, startingEvery)
	tell, err := a.standAside(ctx, manager.Before, func(u storage.Upgrade) { front.at(ctx, u) })
	if err != nil {
		return err
	}
	in, err := a.openPatiently(storage.WatchUpgrade(ctx, tell), databasePatience)
	started()
	front.stop()
	if err != nil {
		return err
	}
	defer in.Close()
	in.config.Paused = in.config.Paused || hold
	missing := newOutage()
	log, stop := a.serverLog(ctx, in.config, missing)
	defer stop()
	ready, err := a.ready(ctx, in, listen, log)
	if err != nil {
		return err
	}
	place, err := in.lockServing(ctx, manager.Before, log)
	if err != nil {
		return err
	}
	defer place.release()
	ctx, end := context.WithCancelCause(place.ctx)
	defer end(nil)
	s, err := newServer(ctx, ready, place, log)
	if err != nil {
		return err
	}
	quiet := *a
	quiet.Stderr = io.Discard // the log says all
	s.backups = &backups{a: &quiet, in: in, passphrase: ready.passphrase, log: log}
	s.outage = missing
	defer s.Close()
	l, err := front.listen(ctx, in.config, ready.address)
	if err != nil {
		return err
	}
	if err := s.secure(ctx, ready, manager, l); err != nil {
		return errors.Join(err, l.Close())
	}
	a.announce(in.config, l.Addr())
	watched, err := front.listenToWatchers(ctx, in.config.Metrics)
	s.watch.listen(ctx, in, watched, err, log)
	if s.desk, err = in.newDeskServer(manager, log); err != nil {
		return errors.Join(err, l.Close())
	}
	defer reserveHeap()()
	go in.keepNoted(ctx, log)
	go in.watchApplied(ctx, log)
	go in.keepJournal(ctx, end, log)
	log.Info("serving", "version", version(), "base_url", in.config.BaseURL, "listen", l.Addr().String())
	defer log.Info("stopped")
	stopped, err := s.watch.tell(ctx, manager, log)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer stopped()
	defer a.replaceWhenTold(ctx, manager, end, log)()
	return s.run(ctx, l)
}

// ready takes all steps before the start: the first that refuses is why the server does
// not start, and warnings are logged.
func (a *app) ready(ctx context.Context, in *installation, listen string, log *slog.Logger) (*start, error) {
	s := &start{in: in, flag: listen, log: log}
	for _, l := range looks() {
		refused, warned, err := l.at(s, ctx, a)
		if err != nil {
			return nil, err
		}
		if len(refused) > 0 {
			return nil, refused[0]
		}
		for _, w := range warned {
			log.Warn(w)
		}
	}
	return s, nil
}

// listenAddress is where the server listens: where it is told to, else on the port
// that a web server in front expects or, in loopback mode, on the base URL's own host
// and port. In loopback mode it must be on this machine: elsewhere the network would
// see a site that trusts everybody who can reach it.
func listenAddress(c config.Config, flag string) (string, error) {
	address := flag
	if address == "" {
		address = c.Listen
	}
	switch {
	case address == "" && c.Loopback():
		return c.HostPort(), nil
	case address == "" && c.TLS.On():
		return config.DefaultHTTPS, nil
	case address == "":
		return "127.0.0.1:8080", nil
	}
	host, _, err := net.SplitHostPort(address)
	switch {
	case err != nil:
		return "", usagef("--listen: %q is not a valid address to listen on: write host:port, as in 127.0.0.1:8080", address)
	case c.Loopback() && !config.IsLoopback(host):
		return "", usagef("--listen: %s is not on this machine alone, and the site at %s is in loopback mode; leave --listen out, or make an installation with a public https address", address, c.BaseURL)
	}
	return address, nil
}

// publicListener is the socket that systemd has opened for the site, or one that is opened
// here.
func publicListener(ctx context.Context, manager ops.Systemd, c config.Config, address string) (net.Listener, error) {
	l, err := manager.Listener(ops.PublicSocket, true)
	if err != nil {
		return nil, err
	}
	if l == nil {
		return openedAs(ctx, manager, ops.PublicSocket, address, "--listen, or listen in "+config.File)
	}
	if host, _, err := net.SplitHostPort(l.Addr().String()); c.Loopback() && (err != nil || !config.IsLoopback(host)) {
		return nil, errors.Join(fmt.Errorf("the socket %s that systemd has opened is not on this machine alone, and the site at %s is in loopback mode: change ListenStream=", l.Addr(), c.BaseURL), l.Close())
	}
	return l, nil
}

// socketOr is the socket of a name that systemd has opened, or one that is opened here, at the
// address that a setting names; nil if that is empty.
func socketOr(ctx context.Context, manager ops.Systemd, name, address, setting string) (net.Listener, error) {
	l, err := manager.Listener(name, false)
	if l != nil || err != nil || address == "" {
		return l, err
	}
	return openedAs(ctx, manager, name, address, setting)
}

// openedAs opens an address as the socket of a name, which may be handed over.
func openedAs(ctx context.Context, manager ops.Systemd, name, address, setting string) (net.Listener, error) {
	l, err := listenOn(ctx, address, setting)
	if err == nil {
		manager.Opened(name, l)
	}
	return l, err
}

// listenOn opens an address that a setting or a flag names.
func listenOn(ctx context.Context, address, setting string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("listen on %s: the port is in use; stop the other program, or choose another port (%s)", address, setting)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("listen on %s: not permitted; choose a port above 1023, behind a web server, or have systemd open this one (communique-https.socket)", address)
	case err != nil:
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	return l, nil
}

// server is everything that runs while a site is served.
type server struct {
	store      *storage.Store
	federation *federation.Server
	hub        *websub.Hub
	purger     *purge.Purger // nil without a cache to purge
	looker     *sight.Looker // at the public address
	engine     *delivery.Engine
	http       *limited
	alone      func(context.Context) error // returns when this server may do what one does for all
	secured    *secured                    // nil if a web server in front ends https
	desk       *deskServer                 // nil if there is none
	chronicle  *ops.Chronicle
	tracer     *traces.Tracer // nil without a collector
	watch      *watch
	held       bool     // nothing leaves
	backups    *backups // nil makes none
	outage     *outage  // nil where the database is never away
	log        *slog.Logger
}

func newServer(ctx context.Context, ready *start, place servingPlace, log *slog.Logger) (*server, error) {
	in, pictures, passphrase := ready.in, ready.pictures, ready.passphrase
	if err := in.prepareActors(ctx, passphrase); err != nil {
		return nil, err
	}
	if err := federation.NameSeals(ctx, in.store, passphrase); err != nil {
		return nil, err
	}
	misnamed, err := in.desk("").Misnamed(ctx)
	for _, warning := range misnamed {
		log.Warn(warning, "file", in.configFile())
	}
	if err != nil {
		return nil, err
	}
	if err := in.rememberHandles(ctx); err != nil {
		return nil, err
	}
	watch := in.newWatch(log)
	f, err := in.federation(ctx, pictures, passphrase, ready.signer, log, func(o *federation.Options) { o.Noted, o.Signed = watch.metrics.Noted, watch.metrics.Signed })
	if err != nil {
		return nil, err
	}
	if err := f.TellProfiles(ctx); err != nil {
		f.Close()
		return nil, err
	}
	identity := identityOf(in, pictures)
	identity.ActorPages = f.Pages()
	readers, err := feeds.NewServer(ctx, feeds.Options{
		Store: in.store, Identity: identity, Build: version(), Pictures: pictures.all(), Visitors: f,
	})
	if err != nil {
		f.Close()
		return nil, err
	}
	hub, err := in.hub(readers, log)
	if err != nil {
		f.Close()
		return nil, err
	}
	purger, err := in.purger(ctx, log)
	if err != nil {
		hub.Close()
		f.Close()
		return nil, err
	}
	looker, err := in.looker(ctx, readers, log)
	if err != nil {
		hub.Close()
		f.Close()
		return nil, err
	}
	chronicle := &ops.Chronicle{Store: in.store, Log: log}
	tracer := in.tracer(ready.traces, log)
	if tracer != nil {
		chronicle.Told = tracer.Told
	}
	if err := chronicle.Begin(ctx); err != nil {
		hub.Close()
		f.Close()
		return nil, err
	}
	handler := web.New(web.Options{
		Feeds: readers, Federation: f, Hub: hub, Log: log, Loopback: in.config.Loopback(), TrustedProxies: in.config.TrustedProxies,
		Access: web.Access(in.config.Log.Access), Answered: watch.metrics.Answered,
	})
	return &server{
		store: in.store, alone: place.alone, federation: f, hub: hub, purger: purger, looker: looker, chronicle: chronicle, tracer: tracer, watch: watch, held: in.config.Paused, log: log,
		engine: newEngine(in.store, place.lease, f.Sender(), hub, watch, log),
		http:   limitedServer(in.config, handler, log),
	}, nil
}

// Close ends what the server holds open, but the store.
func (s *server) Close() {
	s.federation.Close()
	s.hub.Close()
}

// send starts what sends something to others, or asks them.
func (s *server) send(ctx context.Context, fail func(error), parts *sync.WaitGroup) {
	parts.Go(func() {
		if err := s.engine.Run(ctx); err != nil {
			fail(err)
		}
	})
	parts.Go(func() { s.federation.RunSoftware(ctx) })
	parts.Go(func() { s.federation.RunDepartures(ctx) })
	parts.Go(func() { s.federation.RunSuppositions(ctx) })
	parts.Go(func() { s.federation.RunReplyLooks(ctx) })
	parts.Go(func() { s.hub.Run(ctx) })
	parts.Go(func() { s.looker.Run(ctx) })
	if s.purger != nil {
		parts.Go(func() { s.purger.Run(ctx) })
	}
}

// mergeEvery is how often the indexes of words are put together, which takes milliseconds if little
// was written.
const mergeEvery = time.Hour

// beginAlone starts what one server does for all, as soon as that is this one.
func (s *server) beginAlone(ctx context.Context, fail func(error), parts *sync.WaitGroup) {
	parts.Go(func() {
		if err := s.alone(ctx); err != nil {
			if ctx.Err() == nil {
				fail(err)
			}
			return
		}
		if s.held {
			parts.Go(func() {
				if err := s.engine.HoldBack(ctx); err != nil {
					fail(err)
				}
			})
		} else {
			s.send(ctx, fail, parts)
		}
		parts.Go(func() {
			if err := s.store.RunIndex(ctx, s.log); err != nil {
				s.log.Error("older articles cannot be searched", "error", err) // everything else can be had
			}
			s.store.Tidy(ctx, mergeEvery, s.store.MergeIndexes, func(err error) {
				if err != nil {
					s.log.Warn("the indexes of words are not put together", "error", err) // they are used as they are
				}
			})
		})
		parts.Go(func() { s.federation.RunCleanup(ctx) })
		if s.backups != nil {
			parts.Go(func() { s.backups.run(ctx) })
		}
	})
}

// run serves until ctx ends, then lets requests and deliveries finish.
func (s *server) run(ctx context.Context, l net.Listener) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var parts sync.WaitGroup
	s.beginAlone(ctx, cancel, &parts)
	parts.Go(func() {
		if err := s.store.RunClock(ctx, s.log, s.watch.loops.Loop("the clock of embargoes")); err != nil {
			cancel(err)
		}
	})
	parts.Go(func() {
		if err := s.store.RunSchema(ctx); err != nil {
			cancel(err)
		}
	})
	if s.outage != nil {
		parts.Go(func() { s.outage.watch(ctx, s.store, s.log) })
	}
	parts.Go(func() { s.chronicle.Run(ctx) })
	if s.tracer != nil {
		parts.Go(func() { s.tracer.Run(ctx) })
	}
	parts.Go(func() { s.watch.serve(ctx, s.log) })
	if s.desk != nil {
		parts.Go(func() { s.desk.run(ctx) })
	}
	if s.secured != nil {
		parts.Go(func() { s.secured.run(ctx, s.log) })
	}
	var answering sync.WaitGroup
	answering.Go(func() {
		if err := s.answer(l); !s.http.leaving.Load() {
			cancel(fmt.Errorf("serve: %w", err))
		}
	})
	<-ctx.Done()
	cause := context.Cause(ctx)
	if errors.Is(cause, context.Canceled) {
		s.http.farewell()
		parts.Wait() // whoever comes meanwhile is answered, and need not wait for the next server
		s.http.empty(l)
	} else {
		s.http.leave(l)
		parts.Wait()
	}
	answering.Wait()
	if !errors.Is(cause, context.Canceled) && !errors.Is(cause, errReplaced) {
		return cause
	}
	return nil
}

// announce says where the site is.
func (a *app) announce(c config.Config, at net.Addr) {
	if a.json {
		_ = a.object(map[string]any{"serving": c.BaseURL, "listen": at.String(), "loopback": c.Loopback()})
		return
	}
	a.say("Serving %s on %s. Ctrl-C stops it.", c.BaseURL, at)
	if c.Loopback() {
		a.say("This is loopback mode: plain http, and peers on this machine only.")
	}
}
