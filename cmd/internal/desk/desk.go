package desk

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/links"
	"communique/cmd/internal/newsroom"
	"communique/cmd/internal/web"
	"communique/storage"
	"communique/storage/hearsay"
)

// Options are what a desk is made of.
type Options struct {
	Store *storage.Store
	// Room is where everything is done, in the name of whoever does it.
	Room newsroom.Desk
	// URL is the address by which people come, without a slash at its end.
	URL string
	// Ministry is its name.
	Ministry string
	// TrustedProxies are the networks of the web servers in front.
	TrustedProxies []netip.Prefix
	// Access is how much of a client's address is kept.
	Access web.Access
	// Kinds are the kinds of articles, in the order in which they are offered.
	Kinds []Kind
	// Standing tells how the site stands.
	Standing func(context.Context) (Standing, error)
	Hashing  Hashing
	// Provider is by whom people sign in, too; nil if there is nobody.
	Provider *ProviderOptions
	// Invented are the logins of people whom anybody who comes may be, without a password and
	// a second factor: those of the demo. There are none anywhere else.
	Invented []string
	// Links tries the links of what is written.
	Links *links.Trier
	// Mailer takes letters to those on duty; nil if there is no mail server.
	Mailer Mailer
	Log    *slog.Logger
}

// Standing is how a site stands.
type Standing struct {
	Troubles []Trouble
	// Servers are those that are told of what is published; Behind lack something.
	Servers, Behind, Failing, Unreachable, Paused int
	// Longest is the server that lacks something for the longest; empty if none does.
	Longest string
	Since   time.Time
}

// Trouble is something that is wrong, or else wants attention.
type Trouble struct {
	Wrong bool
	What  string
}

// Desk answers the people of the press office.
type Desk struct {
	Options
	host string // of URL, with its port if that is not the scheme's own
	base string // the path of URL, without a slash at its end; empty if the host is the desk's own
	// origin is the desk's, as browsers tell it.
	origin string
	// passkeyHost is what passkeys can be bound to; empty: there can be none.
	passkeyHost string
	provider    *provider // nil if there is none
	secure      bool      // it is https
	sessions    *scs.SessionManager
	hashes      *hashes
	attempts    *attempts
	hearsay     *hearsay.Log
	pages       *pages
	uploads     chan struct{} // has a place for each form with files that is read
	unknown     chan struct{} // the same, of those whose session has ended
	origins     *http.CrossOriginProtection
}

// New makes a desk. An error is a mistake in its templates or its address.
func New(o Options) (*Desk, error) {
	u, err := url.Parse(o.URL)
	if err != nil {
		return nil, fmt.Errorf("the address of the desk: %w", err)
	}
	pages, err := newPages()
	if err != nil {
		return nil, err
	}
	d := &Desk{
		Options: o, host: u.Host, base: strings.TrimSuffix(u.Path, "/"), passkeyHost: passkeyHost(u), secure: u.Scheme == "https", pages: pages, uploads: make(chan struct{}, uploadsAtOnce), unknown: make(chan struct{}, 1),
		hashes: newHashes(o.Hashing), attempts: newAttempts(o.Store.Now, o.Store.Servers), hearsay: hearsay.New(o.Log, time.Now),
		origins: http.NewCrossOriginProtection(),
	}
	if o.Provider != nil {
		d.provider = &provider{ProviderOptions: *o.Provider}
	}
	d.origin = u.Scheme + "://" + u.Host
	if err := d.origins.AddTrustedOrigin(d.origin); err != nil {
		return nil, fmt.Errorf("the address of the desk: %w", err)
	}
	d.sessions = d.newSessions()
	return d, nil
}

// Handler answers requests.
func (d *Desk) Handler() http.Handler {
	if d.base == "" {
		return d.router()
	}
	return d.below(d.router())
}

// Run tidies until ctx ends, so that sessions and invitations that have ended go, raises alarms
// about what comes to its instant without having been approved, and writes to those on duty.
func (d *Desk) Run(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { d.tidy(ctx) })
	all.Go(func() { d.watch(ctx) })
	if d.Mailer != nil {
		all.Go(func() { d.post(ctx) })
	}
	all.Wait()
}

func (d *Desk) tidy(ctx context.Context) {
	d.Store.Every(ctx, tidyEvery, func(tx *storage.Tx) error {
		tx.Quiet()
		if err := tx.DropOldUnsaved(); err != nil {
			return err
		}
		return tx.DropEndedSessions()
	}, func(err error) {
		if err != nil {
			d.Log.Warn("ended sessions and old unsaved texts stay, will retry", "error", err)
		}
	})
}

// watch carries out what was approved for an instant, raises alarms about what is not approved, and
// ends those that are over.
func (d *Desk) watch(ctx context.Context) {
	s := &steadiness{store: d.Store}
	d.Store.Tidy(ctx, watchEvery, func(ctx context.Context) error {
		steady, err := s.look(ctx)
		if err != nil || !steady {
			return err
		}
		return d.Room.Watch(ctx)
	}, func(err error) {
		if err != nil {
			d.Log.Warn("it is not known what comes to its instant unapproved, will retry", "error", err)
		}
	})
}

// watchEvery is the pause between two looks at what is not approved.
const watchEvery = 2 * time.Second

// tidyEvery is the pause between two rounds of tidying.
const tidyEvery = 10 * time.Minute

// routeOf is how the address of a request stands in the log: as its route, without the
// secret of an invitation and the name of an article.
func routeOf(r *http.Request) string {
	if pattern := chi.RouteContext(r.Context()).RoutePattern(); pattern != "" {
		return pattern
	}
	return "(none)"
}
