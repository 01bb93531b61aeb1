package feeds

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"communique/feeds/site"
	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// Options are what a server needs.
type Options struct {
	Store    *storage.Store
	Identity site.Identity
	// Build identifies the program's build. Like the identity it is part of every
	// ETag, so that a new build is not answered 304.
	Build string
	// Pictures are the institution's own, arms and banner, which are public
	// without an article that shows them.
	Pictures []newsdesk.Media
	// Visitors looks up forms at readers' own servers; nil looks up nothing.
	Visitors Visitors
	// CacheBytes bounds the cache of rendered documents; 0 means 64 MiB.
	CacheBytes int
}

// Server answers readers with feeds and pages. It is safe for concurrent use.
type Server struct {
	store       *storage.Store
	id          site.Identity
	site        *site.Site
	pictures    []newsdesk.Media
	visitors    Visitors
	trees       trees
	documents   *cache
	answers     answers
	chunks      chunks // of pictures and files
	fingerprint string
	since       time.Time // that everything is shown under that fingerprint
	origin      *http.CrossOriginProtection
	searching   chan struct{} // holds one element per running search
	comparing   chan struct{} // holds one element per comparison of versions
}

const defaultCacheBytes = 64 << 20

// NewServer returns a server. It returns press.ErrInvalid for an identity without
// language or time zone.
func NewServer(ctx context.Context, o Options) (*Server, error) {
	if len(o.Identity.Languages) == 0 || o.Identity.Zone == nil {
		return nil, fmt.Errorf("%w identity: it needs a language and a time zone", press.ErrInvalid)
	}
	pages, err := site.New(o.Identity)
	if err != nil {
		return nil, err
	}
	origin := http.NewCrossOriginProtection()
	if err := origin.AddTrustedOrigin(o.Identity.Site.Base); err != nil {
		return nil, fmt.Errorf("base URL: %w", err)
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = defaultCacheBytes
	}
	_, style := pages.Style()
	identity := o.Identity
	identity.Zone = nil // hashed by its name: the pointer differs at every start
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%v\n%s\n%s\n%s", o.Build, identity, o.Identity.Zone, pages.Fingerprint(), style))
	fingerprint := hex.EncodeToString(sum[:5])
	since, err := o.Store.Show(ctx, fingerprint)
	if err != nil {
		return nil, fmt.Errorf("note the configuration: %w", err)
	}
	return &Server{
		store: o.Store, id: o.Identity, site: pages, origin: origin, pictures: o.Pictures, visitors: o.Visitors,
		documents: newCache(o.CacheBytes),
		// This leaves half of the concurrent readers to all other pages.
		searching:   make(chan struct{}, runtime.NumCPU()),
		comparing:   make(chan struct{}, 1),
		fingerprint: fingerprint, since: since,
	}, nil
}

// Routes adds the readers' routes to a router. The handlers return their errors,
// above all press.ErrNotFound, *press.MovedError and *press.WithdrawnError; handle
// turns them into answers.
func (s *Server) Routes(r chi.Router, handle func(func(http.ResponseWriter, *http.Request) error) http.HandlerFunc) {
	style, _ := s.site.Style()
	r.Get("/", handle(s.front))
	r.Get(style, handle(s.style))
	r.Post("/share", handle(s.share))
	r.Post("/follow", handle(s.follow))
	r.Get("/media/{name}", handle(s.media))
	r.Get("/files/{hash}/{name}", handle(s.file))
	r.Get("/robots.txt", handle(s.robots))
	r.Get(securityPath, handle(s.security))
	r.Get("/sitemap.xml", handle(s.sitemaps))
	r.Get("/sitemap.sections.xml", handle(s.sitemapSections))
	r.Get("/sitemap.news.xml", handle(s.newsSitemap))
	r.Get("/sitemap.{lang}.{number}.xml", handle(s.sitemap))
	r.Get("/{lang}", handle(s.bareLanguage))
	r.Get("/{lang}/feeds.{format}.opml", handle(s.spelled(s.opml)))
	r.Get("/{lang}/search", handle(s.search))
	r.Get("/{lang}/opensearch.xml", handle(s.openSearch))
	r.Get("/{lang}/articles/{id}", handle(s.article))
	r.Get("/{lang}/articles/{id}/history", handle(s.versions))
	r.Get("/{lang}/articles/{id}/history/{versions}", handle(s.version))
	r.Get("/{lang}/articles/{id}/*", handle(s.article))
	r.Get("/{lang}/tags", handle(s.bareTag))
	r.Get("/{lang}/tags/", handle(s.tags))
	r.Get("/{lang}/tags/{tag}", handle(s.bareTag))
	r.Get("/{lang}/tags/{tag}/", handle(s.tagPage))
	r.Get("/{lang}/tags/{tag}/feed.{format}", handle(s.spelled(s.tagFeed)))
	r.Get("/{lang}/*", handle(s.spelled(s.sectionTree)))
}

// Rendered returns how many documents have been rendered since the start: one per
// version, however many asked for it.
func (s *Server) Rendered() int64 { return s.documents.rendered.Load() }

// sectionTree answers everything in the tree of sections: feeds, archives and
// pages. The former address of a section that has moved is redirected to the same
// document at its new address.
func (s *Server) sectionTree(w http.ResponseWriter, r *http.Request) error {
	lang, err := parseLanguage(chi.URLParam(r, "lang"))
	if err != nil {
		return err
	}
	path := chi.URLParam(r, "*")
	err = s.inSection(w, r, lang, path)
	var moved *sectionMovedError
	if !errors.As(err, &moved) {
		return err
	}
	rest := strings.TrimPrefix(strings.TrimPrefix(path, string(moved.from)), "/")
	location := s.id.Site.Section(lang, moved.to) + rest
	if r.URL.RawQuery != "" {
		location += "?" + r.URL.RawQuery
	}
	return &press.MovedError{Location: location}
}

func (s *Server) inSection(w http.ResponseWriter, r *http.Request, lang press.Language, path string) error {
	cut := strings.LastIndexByte(path, '/') + 1
	folder, last := strings.TrimSuffix(path[:cut], "/"), path[cut:]
	if name, ok := strings.CutPrefix(last, "feed."); ok {
		if number, format, ok := strings.Cut(name, "."); ok {
			return s.archive(w, r, lang, press.Path(folder), number, format)
		}
		return s.feed(w, r, lang, press.Path(folder), name)
	}
	if last != "" {
		if err := s.addArchiveSlash(lang, path); err != nil {
			return err
		}
		return s.addSlash(r, lang, press.Path(path))
	}
	if section, period, ok := parseArchive(folder); ok {
		return s.dateArchive(w, r, lang, section, period)
	}
	return s.section(w, r, lang, press.Path(folder))
}

// addSlash redirects a section's address that lacks its final slash.
func (s *Server) addSlash(r *http.Request, lang press.Language, path press.Path) error {
	return s.store.View(r.Context(), func(tx *storage.Tx) error {
		if _, err := s.locate(tx, lang, path); err != nil {
			return err
		}
		return &press.MovedError{Location: s.id.Site.Section(lang, path)}
	})
}

// bareLanguage redirects "/en" to "/en/".
func (s *Server) bareLanguage(_ http.ResponseWriter, r *http.Request) error {
	lang, err := parseLanguage(chi.URLParam(r, "lang"))
	if err != nil {
		return err
	}
	return s.addSlash(r, lang, "")
}

func (s *Server) style(w http.ResponseWriter, r *http.Request) error {
	path, css := s.site.Style()
	return s.serve(w, r, resource{
		// The name changes with the content and needs no version.
		key: path, contentType: "text/css; charset=utf-8", policy: "public, max-age=31536000, immutable",
		render: func() (version, []byte, error) { return version{}, css, nil },
	})
}

// parseLanguage accepts a tag in its canonical case only: a page has one address.
func parseLanguage(tag string) (press.Language, error) {
	lang, err := press.ParseLanguage(tag)
	if err != nil || string(lang) != tag {
		return "", fmt.Errorf("%w: language %q", press.ErrNotFound, tag)
	}
	return lang, nil
}

func (s *Server) configured(lang press.Language) bool {
	return slices.Contains(s.id.Languages, lang)
}
