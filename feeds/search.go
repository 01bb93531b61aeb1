package feeds

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"communique/feeds/site"
	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/richtext"
	"communique/storage/terms"
)

const (
	// searchTimeout bounds a search, including the wait for its turn.
	searchTimeout = 3 * time.Second
	// mostCounted is how many hits are counted at most.
	mostCounted = 1000
	// extractLength is how many characters of a text a result shows.
	extractLength = 240
)

// search answers with the search form and the results. The answer must not be
// cached: a withdrawn article must be gone at once, and what people search for is
// private.
func (s *Server) search(w http.ResponseWriter, r *http.Request) error {
	lang, err := parseLanguage(chi.URLParam(r, "lang"))
	if err != nil {
		return err
	}
	asked, err := s.parseSearch(r.URL.Query(), lang)
	if err != nil {
		return err
	}
	view, err := s.find(r.Context(), lang, asked)
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := s.site.Search(&page, view); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	if r.URL.RawQuery != "" {
		h.Set("X-Robots-Tag", "noindex") // an endless number of pages without content of their own
	}
	WritePage(w, r, http.StatusOK, page.Bytes())
	return nil
}

// searchQuery is a parsed search request.
type searchQuery struct {
	form  site.SearchForm
	query terms.Query
	after newsdesk.Rank
	from  time.Time
	until time.Time
}

// parseSearch parses the form. It returns press.ErrInvalid for values that no
// browser sends from it.
func (s *Server) parseSearch(q url.Values, lang press.Language) (searchQuery, error) {
	asked := searchQuery{form: site.SearchForm{
		Query: strings.ToValidUTF8(strings.TrimSpace(q.Get("q")), "\ufffd"), In: lang,
		Section: press.Path(strings.Trim(q.Get("section"), "/")), From: q.Get("from"), Until: q.Get("until"),
	}}
	var err error
	if asked.query, err = terms.Parse(asked.form.Query); err != nil {
		return asked, fmt.Errorf("%w q: %w", press.ErrInvalid, err)
	}
	if in := q.Get("in"); in == site.AllLanguages {
		asked.form.In = ""
	} else if in != "" {
		if asked.form.In, err = press.ParseLanguage(in); err != nil {
			return asked, fmt.Errorf("%w in: %w", press.ErrInvalid, err)
		}
	}
	if asked.from, err = s.parseDay("from", asked.form.From, 0); err != nil {
		return asked, err
	}
	if asked.until, err = s.parseDay("until", asked.form.Until, 1); err != nil { // to its end
		return asked, err
	}
	asked.after, err = parseRank(q.Get("after"))
	return asked, err
}

// parseDay parses a date as the start of that day, or of one a number of days
// later, in the institution's zone.
func (s *Server) parseDay(field, text string, later int) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < 1 {
		return time.Time{}, fmt.Errorf("%w %s: %q is not a date like 2026-09-01", press.ErrInvalid, field, text)
	}
	return press.StartOfDay(day.Year(), day.Month(), day.Day()+later, s.id.Zone), nil
}

// rankKey formats a rank for an address.
func rankKey(r newsdesk.Rank) string {
	return strconv.Itoa(r.Field) + "-" + strconv.FormatInt(r.Document, 36)
}

// parseRank parses exactly what rankKey writes.
func parseRank(key string) (newsdesk.Rank, error) {
	if key == "" {
		return newsdesk.Rank{}, nil
	}
	field, document, _ := strings.Cut(key, "-")
	var r newsdesk.Rank
	var err, err2 error
	r.Field, err = strconv.Atoi(field)
	r.Document, err2 = strconv.ParseInt(document, 36, 64)
	if errors.Join(err, err2) != nil || r.Field < 0 || r.Field >= len(newsdesk.TextFields) || r.Document <= 0 || rankKey(r) != key {
		return newsdesk.Rank{}, fmt.Errorf("%w after: %q is not a position in the results", press.ErrInvalid, key)
	}
	return r, nil
}

// find waits for its turn and searches, both within searchTimeout.
func (s *Server) find(ctx context.Context, lang press.Language, asked searchQuery) (site.Search, error) {
	ctx, cancel := context.WithTimeout(ctx, searchTimeout)
	defer cancel()
	view := site.Search{Language: lang, Form: asked.form, Asked: asked.form.Query != "", Cut: asked.query.Cut}
	select {
	case s.searching <- struct{}{}:
		defer func() { <-s.searching }()
	case <-ctx.Done():
		return view, fmt.Errorf("wait for a search: %w", ctx.Err())
	}
	err := s.store.View(ctx, func(tx *storage.Tx) error {
		p, err := s.locate(tx, lang, "")
		if err != nil {
			return err
		}
		view.Tree = p.tree
		return s.results(tx, asked, &view)
	})
	if err != nil && ctx.Err() != nil {
		// Not the engine's own error: it could bring the search terms into a log.
		err = fmt.Errorf("search: %w", ctx.Err())
	}
	return view, err
}

func (s *Server) results(tx *storage.Tx, asked searchQuery, view *site.Search) error {
	wanted := newsdesk.Search{Query: asked.query, Language: asked.form.In, From: asked.from, Until: asked.until}
	if asked.form.Section != "" {
		section, ok := view.Tree.ByPath(asked.form.Section)
		if !ok { // the address of a search may be old
			section, ok = view.Tree.Former(asked.form.Section)
		}
		if !ok {
			return fmt.Errorf("%w: section %q", press.ErrNotFound, asked.form.Section)
		}
		wanted.Section = section.ID
		asked.form.Section, view.Form.Section = section.Path, section.Path
	}
	var err error
	if view.Partial, err = tx.IndexIsPartial(); err != nil {
		return err
	}
	if view.Count, err = tx.CountHits(wanted, mostCounted+1); err != nil || view.Count == 0 {
		return err
	}
	if view.Many = view.Count > mostCounted; view.Many {
		view.Count = mostCounted
	}
	hits, err := tx.Search(wanted, asked.after, pageLength+1)
	if err != nil {
		return err
	}
	if asked.after != (newsdesk.Rank{}) {
		view.First = asked.form.Address(s.id.Site, view.Language)
	}
	if len(hits) > pageLength {
		hits = hits[:pageLength]
		view.Next = moreAfter(asked.form.Address(s.id.Site, view.Language), hits[pageLength-1].Rank)
	}
	for _, hit := range hits {
		view.Results = append(view.Results, result(asked.query, hit.Article, view.Tree))
	}
	return nil
}

// moreAfter is the address of the results after a rank.
func moreAfter(address string, r newsdesk.Rank) string {
	return address + "&after=" + rankKey(r) // there is a query, or there would be no results
}

func result(q terms.Query, a press.Article, tree press.Tree) site.Result {
	section, _ := tree.Section(a.Section)
	text := richtext.CleanText(a.Lead + " " + richtext.Text(a.Body))
	return site.Result{Article: a, Section: section, Title: q.Mark(a.Title), Extract: q.Extract(text, extractLength)}
}
