package feeds

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"communique/feeds/site"
	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// pageLength is how many articles a section page lists.
const pageLength = 20

// errFirst says that a page is the first of its list, which has its own address.
var errFirst = errors.New("this is the first page")

// section answers with the page of a section, or the front page of a language.
func (s *Server) section(w http.ResponseWriter, r *http.Request, lang press.Language, path press.Path) error {
	part, err := parsePart(r.URL.Query())
	if err != nil {
		return err
	}
	if part.kind = press.ArticleKind(r.URL.Query().Get("kind")); part.kind != "" && !slices.Contains(s.site.Kinds(), part.kind) {
		return fmt.Errorf("%w: kind %q", press.ErrNotFound, part.kind)
	}
	of := resource{contentType: "text/html; charset=utf-8", policy: pagePolicy}
	err = s.store.View(r.Context(), func(tx *storage.Tx) error {
		p, err := s.locate(tx, lang, path)
		if err != nil {
			return err
		}
		of.key = fmt.Sprintf("page-%s-%d%s", lang, p.section.ID, part)
		of.version = p.changed
		return nil
	})
	if err != nil {
		return err
	}
	of.render = s.rendering(r.Context(), func(tx *storage.Tx) (version, writer, error) {
		p, err := s.locate(tx, lang, path)
		if err != nil {
			return version{}, nil, err
		}
		view := site.Section{Language: lang, Trail: p.trail(), Children: p.tree.OpenChildren(p.section.ID), Closing: s.closing(p), Kind: part.kind}
		if view.Kinds, err = tx.KindsIn(p.section.ID, lang, s.site.Kinds()); err != nil {
			return version{}, nil, err
		}
		if view.List, err = s.list(tx, p, part); err == nil && p.section.ID == press.Root && view.Self == "" && part.kind == "" {
			view.Newest, err = s.newest(tx, view.Articles)
		}
		return p.changed, func(w io.Writer) error { return s.site.Section(w, view) }, err
	})
	if err := s.serve(w, r, of); !errors.Is(err, errFirst) {
		return err
	}
	http.Redirect(w, r, s.firstPage(lang, path, part.kind), http.StatusFound)
	return nil
}

// firstPage is the address at which a section's list begins.
func (s *Server) firstPage(lang press.Language, path press.Path, kind press.ArticleKind) string {
	if kind != "" {
		return s.id.Site.SectionKind(lang, path, kind)
	}
	return s.id.Site.Section(lang, path)
}

// newest is the article with which the front page leads; nil if there is none yet.
func (s *Server) newest(tx *storage.Tx, articles []press.Article) (*site.Article, error) {
	if len(articles) == 0 {
		return nil, nil
	}
	a, err := s.illustrated(tx, articles[0])
	if err != nil {
		return nil, err
	}
	sizes, err := s.sizes(tx, a.Images[:min(1, len(a.Images))])
	return &site.Article{Article: a, Sizes: sizes}, err
}

// list reads one page of a section's articles.
func (s *Server) list(tx *storage.Tx, p place, part part) (site.List, error) {
	address := s.firstPage(p.lang, p.section.Path, part.kind)
	articles, err := part.reading(tx)(p.section.ID, p.lang, part.from, pageLength+1)
	if err != nil {
		return site.List{}, err
	}
	list := part.list(address, articles)
	if part.newer {
		if len(articles) <= pageLength {
			return list, errFirst
		}
		list.Articles = articles[1:]
		list.Older = address + part.olderThan(articles[pageLength])
	}
	if part.from.ID != "" && len(list.Articles) > 0 {
		list.Newer = address + part.newerThan(list.Articles[0])
	}
	return list, nil
}

// part is one page of a list: the articles older than a place, or the ones right
// above it. The zero part is the newest page.
type part struct {
	from  newsdesk.Place
	newer bool
	kind  press.ArticleKind // of which alone they are; empty for all
}

// reading is what reads a part of a section's list.
func (p part) reading(tx *storage.Tx) func(press.SectionID, press.Language, newsdesk.Place, int) ([]press.Article, error) {
	ofKind := tx.NewestOfKind
	switch {
	case p.kind == "" && p.newer:
		return tx.Newer
	case p.kind == "":
		return tx.Newest
	case p.newer:
		ofKind = tx.NewerOfKind
	}
	return func(section press.SectionID, lang press.Language, from newsdesk.Place, limit int) ([]press.Article, error) {
		return ofKind(p.kind, section, lang, from, limit)
	}
}

// list is this page of the list at an address. The articles are those from the part
// on, one more than a page has if there are so many; the way back is the first page.
func (p part) list(address string, articles []press.Article) site.List {
	l := site.List{Articles: articles}
	if p.from.ID != "" {
		l.Self, l.Newer = address+p.query(), address
	}
	if len(articles) > pageLength {
		l.Articles = articles[:pageLength]
		l.Older = address + p.olderThan(articles[pageLength-1])
	}
	return l
}

func (p part) olderThan(a press.Article) string {
	return part{newsdesk.PlaceOf(a), false, p.kind}.query()
}

func (p part) newerThan(a press.Article) string {
	return part{newsdesk.PlaceOf(a), true, p.kind}.query()
}

// query formats the part for an address, behind the one at which its list begins; String for
// a cache key.
func (p part) query() string {
	sign := "?"
	if p.kind != "" {
		sign = "&"
	}
	name := "before"
	if p.newer {
		name = "after"
	}
	return sign + name + "=" + strconv.FormatInt(p.from.Published.Unix(), 36) + "-" + string(p.from.ID)
}

func (p part) String() string {
	text := ""
	if p.kind != "" {
		text = "?kind=" + string(p.kind)
	}
	if p.from.ID != "" {
		text += p.query()
	}
	return text
}

// parsePart parses exactly what query writes.
func parsePart(q url.Values) (part, error) {
	p := part{newer: q.Has("after")}
	key := q.Get("before") + q.Get("after")
	if key == "" {
		return part{}, nil
	}
	// The key begins with a minus sign if the statement is from before 1970.
	cut := strings.LastIndexByte(key, '-')
	seconds, err := strconv.ParseInt(key[:max(cut, 0)], 36, 41)
	if err != nil {
		return p, fmt.Errorf("%w page: %q is not a position in a list", press.ErrInvalid, key)
	}
	id, err := press.ParseArticleID(key[cut+1:])
	if err != nil {
		return p, fmt.Errorf("%w page: %q is not a position in a list", press.ErrInvalid, key)
	}
	p.from = newsdesk.Place{Published: time.Unix(seconds, 0).UTC(), ID: id}
	return p, nil
}
