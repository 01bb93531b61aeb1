package feeds

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"communique/feeds/site"
	"communique/storage"
	"communique/storage/press"
)

// versions answers with the history of an article.
func (s *Server) versions(w http.ResponseWriter, r *http.Request) error {
	return s.serveVersions(w, r, s.id.Site.History, func(_ *storage.Tx, view site.Article) (writer, error) {
		return func(w io.Writer) error { return s.site.Versions(w, site.Versions{Article: view}) }, nil
	})
}

// version answers with one revision of an article ("2"), or with a comparison of
// two ("1-3").
func (s *Server) version(w http.ResponseWriter, r *http.Request) error {
	text := chi.URLParam(r, "versions")
	first, second, two := strings.Cut(text, "-")
	from, err := revisionNumber(first)
	if err != nil {
		return err
	}
	if !two {
		return s.serveVersions(w, r, func(a press.Article) string { return s.id.Site.Version(a, from) }, s.oldVersion(from))
	}
	to, err := revisionNumber(second)
	if err != nil || to <= from {
		return fmt.Errorf("%w: versions %q", press.ErrNotFound, text)
	}
	return s.serveVersions(w, r, func(a press.Article) string { return s.id.Site.Comparison(a, from, to) }, s.comparison(from, to))
}

// revisionNumber parses a revision number in the one form that addresses have.
func revisionNumber(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || strconv.Itoa(n) != text {
		return 0, fmt.Errorf("%w: version %q", press.ErrNotFound, text)
	}
	return n, nil
}

func (s *Server) oldVersion(number int) func(*storage.Tx, site.Article) (writer, error) {
	return func(tx *storage.Tx, view site.Article) (writer, error) {
		old, err := publicRevision(tx, view.Article, number)
		return func(w io.Writer) error { return s.site.Version(w, site.Version{Article: view, Old: old}) }, err
	}
}

func (s *Server) comparison(from, to int) func(*storage.Tx, site.Article) (writer, error) {
	return func(tx *storage.Tx, view site.Article) (writer, error) {
		c := site.Comparison{Article: view}
		var err error
		if c.From, err = publicRevision(tx, view.Article, from); err == nil {
			c.To, err = publicRevision(tx, view.Article, to)
		}
		return func(w io.Writer) error { return s.compare(w, c) }, err
	}
}

// compare writes a comparison when its turn comes: two long texts that have little in
// common cost a second of a processor, and anybody may ask for any two.
func (s *Server) compare(w io.Writer, c site.Comparison) error {
	turn := time.NewTimer(renderTimeout)
	defer turn.Stop()
	select {
	case s.comparing <- struct{}{}:
		defer func() { <-s.comparing }()
		return s.site.Compare(w, c)
	case <-turn.C:
		return fmt.Errorf("wait for the comparison of versions: %w", press.ErrBusy)
	}
}

// publicRevision reads a revision of a public article.
func publicRevision(tx *storage.Tx, a press.Article, number int) (press.Article, error) {
	if number > a.Revision {
		return a, fmt.Errorf("%w: article %s has no version %d", press.ErrNotFound, a.ID, number)
	}
	return tx.ArticleAt(a.ID, number)
}

// serveVersions answers with a page about the versions of a public article: while
// it is under embargo or once it is withdrawn, its history is not public either.
// address returns the address of the page.
func (s *Server) serveVersions(w http.ResponseWriter, r *http.Request, address func(press.Article) string, read func(*storage.Tx, site.Article) (writer, error)) error {
	id, err := press.ParseArticleID(chi.URLParam(r, "id"))
	if err != nil {
		return press.ErrNotFound
	}
	of := resource{contentType: "text/html; charset=utf-8", policy: pagePolicy}
	err = s.store.View(r.Context(), func(tx *storage.Tx) error {
		a, err := tx.PublicArticle(id)
		if err != nil {
			return err
		}
		at := address(a)
		if at != s.id.Site.Base+r.URL.Path {
			return &press.MovedError{Location: at}
		}
		of.key = "versions-" + strings.TrimPrefix(at, s.id.Site.Base)
		of.version, err = s.articleVersion(tx, a)
		return err
	})
	if err != nil {
		return err
	}
	of.render = s.rendering(r.Context(), func(tx *storage.Tx) (v version, write writer, err error) {
		view, err := s.readArticle(tx, id)
		if err != nil {
			return v, nil, err
		}
		if v, err = s.articleVersion(tx, view.Article); err != nil {
			return v, nil, err
		}
		write, err = read(tx, view)
		return v, write, err
	})
	return s.serve(w, r, of)
}
