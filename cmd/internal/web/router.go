package web

import (
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"communique/federation/moderation"
	"communique/feeds"
	"communique/storage/accept"
	"communique/storage/hearsay"
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

// Memory repeats answers that were given before, and passes other requests to
// next.
type Memory interface {
	Repeat(next http.Handler) http.Handler
}

// Options are the servers to join.
type Options struct {
	Feeds interface {
		Mount
		Pages
		Memory
	}
	Federation interface {
		Mount
		Objects
	}
	// Hub answers the developers of subscribers, in plain text.
	Hub Mount
	Log *slog.Logger
	// Loopback allows pictures over plain http in the pages.
	Loopback bool
	// TrustedProxies are the networks of the web servers in front.
	TrustedProxies []netip.Prefix
	// Access is how much of a client's address stands in the line of each request.
	Access Access
	// Answered is told of each answer, if it is set.
	Answered func(Route, Answer)
}

// New joins the servers on one handler.
func New(o Options) http.Handler {
	a := answerer{pages: o.Feeds, log: o.Log, hearsay: hearsay.New(o.Log, time.Now)}
	r := chi.NewRouter()
	r.Use(middleware.GetHead)
	o.Federation.Routes(r, a.handle)
	o.Hub.Routes(r, a.plain)
	o.Feeds.Routes(r, a.handle)
	r.NotFound(a.handle(func(http.ResponseWriter, *http.Request) error { return press.ErrNotFound }))
	r.MethodNotAllowed(a.methodNotAllowed(r))
	// An answer that is repeated needs no route, and has what all answers carry in it.
	carried := chi.Chain(secure(o.Loopback), anyOrigin)
	objects := carried.HandlerFunc(a.handle(func(w http.ResponseWriter, r *http.Request) error {
		id, _ := articleOf(r.URL.Path)
		return o.Federation.ServeObject(w, r, id)
	}))
	chain := chi.Chain(ClientAddress(o.TrustedProxies), a.observe(o), Recovered(a.panicked), a.refusedPages, negotiate(objects), o.Feeds.Repeat)
	return chain.Handler(carried.Handler(r))
}

// Recovered turns a panic into an answer to one request, which failed gives.
func Recovered(failed func(w http.ResponseWriter, r *http.Request, fault any)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() {
				fault := recover()
				if fault == nil {
					return
				}
				if err, ok := fault.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(fault) // the server's own way to drop a connection
				}
				failed(w, r, fault)
			}()
			next.ServeHTTP(w, r)
		})
	}
}

// panicked answers a request whose handler panicked with 500.
func (a answerer) panicked(w http.ResponseWriter, r *http.Request, fault any) {
	p := problemOf(nil)
	p.Request = RequestID(r)
	a.hearsay.Log(slog.LevelError, moderation.ClientKey(r.RemoteAddr), "request panicked", "method", r.Method, "path", logged(r.URL.Path), "request", p.Request, "fault", fault, "stack", string(debug.Stack()))
	a.answer(w, r, p)
}

// secure sets what every answer carries. Pages need no script and load nothing
// from elsewhere but the pictures of articles. connect-src is for tools that
// read robots.txt in the name of the page: without scripts the page itself
// connects to nothing.
func secure(loopback bool) func(http.Handler) http.Handler {
	pictures, forms := "'self' https: data:", "'self' https:" // readers' own servers are where forms lead
	if loopback {
		pictures, forms = pictures+" http:", forms+" http:"
	}
	policy := "default-src 'none'; style-src 'self'; connect-src 'self'; img-src " + pictures +
		"; form-action " + forms + "; frame-ancestors 'none'; base-uri 'none'"
	// The same three for every answer, in the spelling of http.Header.
	policies, noSniff, referrer := []string{policy}, []string{"nosniff"}, []string{"strict-origin-when-cross-origin"}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h["Content-Security-Policy"] = policies
			h["X-Content-Type-Options"] = noSniff
			h["Referrer-Policy"] = referrer
			next.ServeHTTP(w, r)
		})
	}
}

// articleOf reads the address of an article's page, "/en/articles/ID" with or
// without a slug. Pages below it, such as its history, have no object, and below
// /ap/ federation answers by itself.
func articleOf(path string) (id press.ArticleID, ok bool) {
	lang, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if rest, ok = strings.CutPrefix(rest, "articles/"); !ok || lang == "" || strings.HasPrefix(path, "/ap/") {
		return "", false
	}
	text, slug, _ := strings.Cut(rest, "/")
	if slug == press.HistorySlug || strings.Contains(slug, "/") {
		return "", false
	}
	id, err := press.ParseArticleID(text)
	return id, err == nil
}

// negotiate lets an article's page answer an ActivityPub request with the
// object. Neither side knows of the other, so it is decided here.
func negotiate(objects http.Handler) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, ok := articleOf(r.URL.Path); !ok {
				next.ServeHTTP(w, r)
				return
			}
			// A cache tells variants apart by one list of fields: it is the same for
			// page and object, though the object has one coding only.
			feeds.AddVary(w.Header(), "Accept")
			feeds.AddVary(w.Header(), "Accept-Encoding")
			reads := r.Method == http.MethodGet || r.Method == http.MethodHead
			if !reads || !accept.Activity(r.Header.Get("Accept")) {
				next.ServeHTTP(w, r)
				return
			}
			objects.ServeHTTP(w, r)
		})
	}
}

// methodNotAllowed answers 405 with the methods that the address allows.
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
