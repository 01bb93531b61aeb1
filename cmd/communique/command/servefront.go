package command

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"communique/cmd/internal/config"
	"communique/cmd/internal/https"
	"communique/cmd/internal/ops"
	"communique/cmd/internal/web"
	"communique/feeds"
	"communique/feeds/site"
	"communique/storage"
	"communique/storage/press"
)

// front answers for a server that brings its database up to date: to readers, when to come
// back; to what watches it, why it is not ready. The listeners stay open for the server.
type front struct {
	app     *app
	manager ops.Systemd
	flag    string // --listen

	pace            *pace
	begun           bool
	line            atomic.Pointer[upgradeLine]
	told            time.Duration // the manager
	public, metrics net.Listener  // nil if they are not open
	answering       []answering
}

func (a *app) newFront(manager ops.Systemd, flag string) *front {
	return &front{app: a, manager: manager, flag: flag, pace: newPace(a.Clock)}
}

// at is called for each step and row.
func (f *front) at(ctx context.Context, u storage.Upgrade) {
	line, begins := f.pace.now(u)
	f.line.Store(&line)
	if now := f.app.Clock.Elapsed(); begins || now-f.told >= noteEvery {
		f.told = now
		_ = f.manager.Notify("STATUS=The database is brought up to date: " + line.Text) // it does without
	}
	if !f.begun {
		f.begun = true
		f.open(ctx)
	}
}

// open begins to answer. Whatever cannot be opened now is tried again by the server, which
// tells the reason then; one that is in use may be that of an older program which serves on.
func (f *front) open(ctx context.Context) {
	c, err := config.Load(f.app.data, f.app.Env)
	if err != nil {
		return
	}
	if l, err := watchListener(ctx, f.manager, c.Metrics); err == nil && l != nil {
		f.metrics = l
		f.answer(c, l, ops.NotReady(siteMark(c), f.why), nil)
	}
	shown, speaks, err := f.site(c)
	if err != nil {
		return
	}
	address, err := listenAddress(c, f.flag)
	if err != nil {
		return
	}
	if f.public, err = publicListener(ctx, f.manager, c, address); err == nil {
		f.answer(c, f.public, shown, speaks)
	}
}

// site is what readers are answered, and the certificate for that, if the server has TLS of
// its own. A certificate from an authority is in the database.
func (f *front) site(c config.Config) (http.Handler, *tls.Config, error) {
	var speaks *tls.Config
	if c.TLS.On() {
		if c.TLS.ACME != "" {
			return nil, nil, errors.New("the certificate is in the database")
		}
		read, err := https.ReadFiles(c.InData(c.TLS.Certificate), c.InData(c.TLS.Key), c.Host())
		if err != nil {
			return nil, nil, err
		}
		speaks = &tls.Config{Certificates: []tls.Certificate{*read}, MinVersion: tls.VersionTLS12}
	}
	pages, err := feeds.NewClosed(site.Identity{
		Site: press.Site{Base: c.BaseURL, Domain: c.HandleDomain}, Names: c.NamesByLanguage(), Languages: c.Languages, Zone: c.Zone,
		Actor: c.Actor.Name, Accent: c.Accent, Contact: c.Contact, Imprint: c.Imprint,
	})
	if err != nil {
		return nil, nil, err
	}
	return web.Closed{Pages: pages, Log: slog.New(slog.DiscardHandler), Loopback: c.Loopback(), Wait: f.wait}.Handler(), speaks, nil
}

func (f *front) why() string {
	return "the database is brought up to date: " + f.line.Load().Text
}

func (f *front) wait() web.Wait {
	line := f.line.Load()
	return web.Wait{Why: "The database is brought up to date for a new version: " + line.Text + ".", Percent: line.Percent, Left: line.left()}
}

// answering is a server on its copy of a listener.
type answering struct {
	server *limited
	on     net.Listener
}

// answer answers on a copy of a listener, which can be closed while the listener stays.
func (f *front) answer(c config.Config, l net.Listener, with http.Handler, speaks *tls.Config) {
	copied, err := copyOf(l)
	if err != nil {
		return
	}
	s := limitedServer(c, with, slog.New(slog.DiscardHandler))
	s.TLSConfig = speaks
	s.SetKeepAlivesEnabled(false) // each comes back to the server
	f.answering = append(f.answering, answering{s, copied})
	go func() {
		if speaks != nil {
			_ = s.ServeTLS(copied, "", "")
		} else {
			_ = s.Serve(copied)
		}
	}()
}

// copyOf is another listener on the same socket.
func copyOf(l net.Listener) (net.Listener, error) {
	of, can := l.(interface{ File() (*os.File, error) })
	if !can {
		return nil, errors.New("it has no descriptor")
	}
	file, err := of.File()
	if err != nil {
		return nil, err
	}
	copied, err := net.FileListener(file) // has a descriptor of its own
	return copied, errors.Join(err, file.Close())
}

// stop ends the answers, those that have begun in their own time; who comes now waits for the
// server.
func (f *front) stop() {
	for _, a := range f.answering {
		_ = a.on.Close() // nobody comes any more
		go a.server.leave(a.on)
	}
	f.answering = nil
}

// listen hands the public listener over, or opens it.
func (f *front) listen(ctx context.Context, c config.Config, address string) (net.Listener, error) {
	if l := f.public; l != nil {
		f.public = nil
		return l, nil
	}
	return publicListener(ctx, f.manager, c, address)
}

// listenToWatchers hands the listener of metrics over, or opens it; nil if there is to be none.
func (f *front) listenToWatchers(ctx context.Context, address string) (net.Listener, error) {
	if l := f.metrics; l != nil {
		f.metrics = nil
		return l, nil
	}
	return watchListener(ctx, f.manager, address)
}

// Close ends the answers, and closes what was not handed over.
func (f *front) Close() {
	f.stop()
	for _, l := range []net.Listener{f.public, f.metrics} {
		if l != nil {
			_ = l.Close() // nobody waits for it
		}
	}
}
