package web

import (
	"log/slog"
	"net/http"
	"net/netip"
	"regexp"
	"runtime/debug"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"communique/federation/vocab"
	"communique/storage/press"
)

// Handler is a request handler that leaves errors to this package.
type Handler = func(http.ResponseWriter, *http.Request) error

// Mount is a server that adds its routes to the router, each wrapped by handle.
type Mount interface {
	Routes(r chi.Router, handle func(Handler) http.HandlerFunc)
}

// Objects answers with an article as an ActivityPub object.
type Objects interface {
	ServeObject(w http.ResponseWriter, r *http.Request, id press.ArticleID) error
}

// Options are the servers to join.
type Options struct {
	Feeds interface {
		Mount
		Pages
	}
	Federation interface {
		Mount
		Objects
	}
	Log *slog.Logger
	// Loopback allows pictures over plain http in the pages.
	Loopback bool
	// TrustedProxies are the networks of the web servers in front.
	TrustedProxies []netip.Prefix
}

// New joins the servers on one handler.
func New(o Options) http.Handler {
	a := answerer{pages: o.Feeds, log: o.Log}
	r := chi.NewRouter()
	r.Use(a.recover, clientAddress(o.TrustedProxies), secure(o.Loopback), middleware.GetHead, a.negotiate(o.Federation))
	o.Federation.Routes(r, a.handle)
	o.Feeds.Routes(r, a.handle)
	r.NotFound(a.handle(func(http.ResponseWriter, *http.Request) error { return press.ErrNotFound }))
	r.MethodNotAllowed(a.methodNotAllowed(r))
	return r
}

// recover turns a panic into a 500 of one request.
func (a answerer) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			fault := recover()
			if fault == nil {
				return
			}
			if fault == http.ErrAbortHandler {
				panic(fault) // the server's own way to drop a connection
			}
			a.log.Error("request panicked", "method", r.Method, "path", r.URL.Path, "fault", fault, "stack", string(debug.Stack()))
			a.answer(w, r, problemOf(nil))
		}()
		next.ServeHTTP(w, r)
	})
}

// secure sets what every answer carries. Pages need no script and load nothing
// from elsewhere but the pictures of articles. connect-src is for tools that
// read robots.txt in the name of the page: without scripts the page itself
// connects to nothing.
func secure(loopback bool) func(http.Handler) http.Handler {
	pictures := "'self' https: data:"
	if loopback {
		pictures += " http:"
	}
	policy := "default-src 'none'; style-src 'self'; connect-src 'self'; img-src " + pictures +
		"; form-action 'self' https:; frame-ancestors 'none'; base-uri 'none'"
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Content-Security-Policy", policy)
			h.Set("X-Content-Type-Options", "nosniff")
			h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
			next.ServeHTTP(w, r)
		})
	}
}

// articlePage is the address of an article's page; of what is below it, such as
// the pages of its history, there is no object.
var articlePage = regexp.MustCompile(`^/[^/]+/articles/([a-z2-7]{16})(?:/([^/]*))?$`)

// negotiate lets an article's page answer an ActivityPub request with the
// object. Neither side knows of the other, so it is decided here.
func (a answerer) negotiate(objects Objects) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			found := articlePage.FindStringSubmatch(r.URL.Path)
			// Below /ap/ is what federation answers by itself.
			if found == nil || found[2] == press.HistorySlug || strings.HasPrefix(r.URL.Path, "/ap/") {
				next.ServeHTTP(w, r)
				return
			}
			addVary(w.Header(), "Accept")
			reads := r.Method == http.MethodGet || r.Method == http.MethodHead
			if !reads || !vocab.WantsActivity(r.Header.Get("Accept")) {
				next.ServeHTTP(w, r)
				return
			}
			a.handle(func(w http.ResponseWriter, r *http.Request) error {
				return objects.ServeObject(w, r, press.ArticleID(found[1]))
			})(w, r)
		})
	}
}

// methodNotAllowed answers 405 with the methods that the address knows.
func (a answerer) methodNotAllowed(routes chi.Routes) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var allowed []string
		if routes.Match(chi.NewRouteContext(), http.MethodGet, r.URL.Path) {
			allowed = append(allowed, http.MethodGet, http.MethodHead)
		}
		if routes.Match(chi.NewRouteContext(), http.MethodPost, r.URL.Path) {
			allowed = append(allowed, http.MethodPost)
		}
		a.answer(w, r, notAllowed(strings.Join(allowed, ", ")))
	}
}
