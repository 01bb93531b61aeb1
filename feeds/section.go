package feeds

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
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
		view := site.Section{Language: lang, Trail: p.trail(), Children: p.tree.OpenChildren(p.section.ID), Closing: s.closing(p)}
		if view.List, err = s.list(tx, p, part); err == nil && p.section.ID == press.Root && view.Self == "" {
			view.Newest, err = s.newest(tx, view.Articles)
		}
		return p.changed, func(w io.Writer) error { return s.site.Section(w, view) }, err
	})
	if err := s.serve(w, r, of); !errors.Is(err, errFirst) {
		return err
	}
	http.Redirect(w, r, s.id.Site.Section(lang, path), http.StatusFound)
	return nil
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
	address, read := s.id.Site.Section(p.lang, p.section.Path), tx.Newest
	if part.newer {
		read = tx.Newer
	}
	articles, err := read(p.section.ID, p.lang, part.from, pageLength+1)
	if err != nil {
		return site.List{}, err
	}
	list := part.list(address, articles)
	if part.newer {
		if len(articles) <= pageLength {
			return list, errFirst
		}
		list.Articles = articles[1:]
		list.Older = address + olderThan(articles[pageLength])
	}
	if part.from.ID != "" && len(list.Articles) > 0 {
		list.Newer = address + newerThan(list.Articles[0])
	}
	return list, nil
}

// part is one page of a list: the articles older than a place, or the ones right
// above it. The zero part is the newest page.
type part struct {
	from  newsdesk.Place
	newer bool
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
		l.Older = address + olderThan(articles[pageLength-1])
	}
	return l
}

func olderThan(a press.Article) string { return part{from: newsdesk.PlaceOf(a)}.query() }
func newerThan(a press.Article) string { return part{newsdesk.PlaceOf(a), true}.query() }

// query formats the part for an address, String for a cache key.
func (p part) query() string {
	name := "before"
	if p.newer {
		name = "after"
	}
	return "?" + name + "=" + strconv.FormatInt(p.from.Published.Unix(), 36) + "-" + string(p.from.ID)
}

func (p part) String() string {
	if p.from.ID == "" {
		return ""
	}
	return p.query()
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
