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

	"communique/feeds/site"
	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// pageLength is how many articles a section page lists.
const pageLength = 20

// renderTimeout bounds a rendering, which several requests may wait for and
// which none of them may cancel for the others.
const renderTimeout = 10 * time.Second

// errFirst says that a page is the first of its list, which has an address of
// its own.
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
	of.render = func() (version, []byte, error) { return s.renderSection(r.Context(), lang, path, part) }
	if err := s.serve(w, r, of); !errors.Is(err, errFirst) {
		return err
	}
	http.Redirect(w, r, s.id.Site.Section(lang, path), http.StatusFound)
	return nil
}

func (s *Server) renderSection(ctx context.Context, lang press.Language, path press.Path, part part) (v version, page []byte, err error) {
	var view site.Section
	err = s.render(ctx, func(tx *storage.Tx) error {
		p, err := s.locate(tx, lang, path)
		if err != nil {
			return err
		}
		v = p.changed
		view = site.Section{Language: lang, Trail: p.trail(), Children: p.tree.OpenChildren(p.section.ID), Closing: s.closing(p)}
		return s.list(tx, p, part, &view)
	})
	if err != nil {
		return v, nil, err
	}
	var b bytes.Buffer
	err = s.site.Section(&b, view)
	return v, b.Bytes(), err
}

// render reads for a rendering, on behalf of everyone who waits for it.
func (s *Server) render(ctx context.Context, read func(*storage.Tx) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renderTimeout)
	defer cancel()
	return s.store.View(ctx, read)
}

// list reads the part of a section's articles that a page shows.
func (s *Server) list(tx *storage.Tx, p place, part part, view *site.Section) error {
	var err error
	more := false
	if part.newer {
		if view.Articles, err = tx.Newer(p.section.ID, p.lang, part.from, pageLength+1); err != nil {
			return err
		}
		if len(view.Articles) <= pageLength {
			return errFirst
		}
		view.Articles, more = view.Articles[1:], true
	} else {
		if view.Articles, err = tx.Newest(p.section.ID, p.lang, part.from, pageLength+1); err != nil {
			return err
		}
		if len(view.Articles) > pageLength {
			view.Articles, more = view.Articles[:pageLength], true
		}
	}
	if part.from.ID == "" && !more {
		return nil
	}
	address := s.id.Site.Section(p.lang, p.section.Path)
	if part.from.ID != "" {
		view.Self = address + part.query()
		if len(view.Articles) > 0 {
			view.Newer = address + newerThan(view.Articles[0])
		} else {
			view.Newer = address
		}
	}
	if more {
		view.Older = address + olderThan(view.Articles[len(view.Articles)-1])
	}
	return nil
}

// part is a stretch of a list: what is older than a place, or the page of what
// is newer. The zero part is the newest page.
type part struct {
	from  newsdesk.Place
	newer bool
}

func olderThan(a press.Article) string { return part{from: newsdesk.PlaceOf(a)}.query() }
func newerThan(a press.Article) string { return part{newsdesk.PlaceOf(a), true}.query() }

// query is the part as it stands in an address; String as in a cache key.
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

// parsePart reads what query wrote and nothing else.
func parsePart(q url.Values) (part, error) {
	p := part{newer: q.Has("after")}
	key := q.Get("before") + q.Get("after")
	if key == "" {
		return part{}, nil
	}
	// The key may begin with the minus sign of a statement from before 1970.
	cut := strings.LastIndexByte(key, '-')
	seconds, err := strconv.ParseInt(key[:max(cut, 0)], 36, 41)
	if err != nil {
		return p, fmt.Errorf("%w page: %q is no place in a list", press.ErrInvalid, key)
	}
	id, err := press.ParseArticleID(key[cut+1:])
	if err != nil {
		return p, fmt.Errorf("%w page: %q is no place in a list", press.ErrInvalid, key)
	}
	p.from = newsdesk.Place{Published: time.Unix(seconds, 0).UTC(), ID: id}
	return p, nil
}
