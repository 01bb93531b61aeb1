package feeds

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"communique/feeds/site"
	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// mostTags is how many tags the page of a language's tags lists at most.
const mostTags = 500

// tagged is a tag in a language, as seen by one transaction.
type tagged struct {
	place
	tag newsdesk.Tag
}

// locateTag finds a tag. Its version is the newest entry that changed an article
// with the tag, or the name or address of a section.
func (s *Server) locateTag(tx *storage.Tx, lang press.Language, slug string) (tagged, error) {
	t := tagged{place: place{lang: lang, tag: slug}}
	head, err := tx.Head()
	if err != nil {
		return t, err
	}
	t.names = head.Names
	if t.tree, err = s.trees.at(tx, head.Tree); err != nil {
		return t, err
	}
	if t.tag, err = tx.Tag(lang, slug); err != nil {
		return t, err
	}
	t.tagName = t.tag.Name
	e, err := tx.Entry(max(t.tag.Changed, head.Names))
	t.changed = version{seq: e.Seq, at: e.At}.asOf(tx.Now())
	return t, err
}

// tagKey is the key of a tag's document, hashed because an ETag cannot hold
// every script.
func tagKey(kind string, lang press.Language, slug string) string {
	sum := sha256.Sum256([]byte(slug))
	return fmt.Sprintf("%s-%s-tag-%x", kind, lang, sum[:8])
}

// tagVersion reads the version of a tag's documents.
func (s *Server) tagVersion(lang press.Language, slug string) func(*storage.Tx) (version, error) {
	return func(tx *storage.Tx) (version, error) {
		t, err := s.locateTag(tx, lang, slug)
		return t.changed, err
	}
}

// parseTag parses language and slug from an address. A tag in another spelling is
// a *press.MovedError to its canonical address, which address returns.
func parseTag(r *http.Request, address func(press.Language, string) string) (press.Language, string, error) {
	lang, err := parseLanguage(chi.URLParam(r, "lang"))
	if err != nil {
		return "", "", err
	}
	tag, err := named(r, "tag")
	if err != nil {
		return "", "", err
	}
	slug := press.TagSlug(strings.ToValidUTF8(tag, ""))
	if slug != tag && slug != "" {
		return "", "", &press.MovedError{Location: address(lang, slug)}
	}
	return lang, slug, nil
}

// named is the part of an address that a route names, unescaped once: a name may itself
// look like something escaped.
func named(r *http.Request, part string) (string, error) {
	value := chi.URLParam(r, part)
	if r.URL.RawPath == "" { // else the router works on the escaped path
		return value, nil
	}
	plain, err := url.PathUnescape(value)
	if err != nil {
		return "", fmt.Errorf("%w: %s %q", press.ErrNotFound, part, value)
	}
	return plain, nil
}

// tagPage answers with the page of a tag.
func (s *Server) tagPage(w http.ResponseWriter, r *http.Request) error {
	lang, slug, err := parseTag(r, s.id.Site.TagPage)
	if err != nil {
		return err
	}
	part, err := parsePart(r.URL.Query())
	if err != nil {
		return err
	}
	if part.newer {
		return fmt.Errorf("%w page: there is no such part of this list", press.ErrInvalid)
	}
	return s.answer(w, r, resource{
		key: tagKey("page", lang, slug) + part.String(), contentType: "text/html; charset=utf-8", policy: pagePolicy,
	}, s.tagVersion(lang, slug), func(tx *storage.Tx, b io.Writer) (version, error) {
		t, err := s.locateTag(tx, lang, slug)
		if err != nil {
			return t.changed, err
		}
		list, err := s.listTagged(tx, t, part)
		if err != nil {
			return t.changed, err
		}
		return t.changed, s.site.Tag(b, site.Tag{Language: lang, Name: t.tag.Name, List: list})
	})
}

// listTagged reads one page of a tag's articles. A tag that only a withdrawn or
// since corrected article had is press.ErrNotFound: no page repeats its name.
func (s *Server) listTagged(tx *storage.Tx, t tagged, part part) (site.List, error) {
	articles, err := tx.Tagged(t.lang, t.tag.Slug, part.from, pageLength+1)
	if err == nil && len(articles) == 0 && part.from.ID == "" {
		err = fmt.Errorf("%w: no article has the tag %q any more", press.ErrNotFound, t.tag.Slug)
	}
	return part.list(s.id.Site.TagPage(t.lang, t.tag.Slug), articles), err
}

// tagFeed answers with the feed of a tag.
func (s *Server) tagFeed(w http.ResponseWriter, r *http.Request) error {
	format := chi.URLParam(r, "format")
	if _, ok := formats[format]; !ok {
		return fmt.Errorf("%w: unknown feed format %q", press.ErrNotFound, format)
	}
	lang, slug, err := parseTag(r, func(l press.Language, slug string) string { return s.id.Site.TagFeed(l, slug, format) })
	if err != nil {
		return err
	}
	page := showsFeed(w, r)
	of, err := s.currentTagFeed(r.Context(), lang, slug, format, page)
	if err != nil {
		return err
	}
	if page {
		of = shown(of)
	}
	return s.serve(w, r, of)
}

// currentTagFeed is a tag's feed as it is now, or its page.
func (s *Server) currentTagFeed(ctx context.Context, lang press.Language, slug, format string, page bool) (resource, error) {
	f, ok := formats[format]
	if !ok {
		return resource{}, fmt.Errorf("%w: unknown feed format %q", press.ErrNotFound, format)
	}
	return s.current(ctx, resource{
		key: tagKey(format, lang, slug), contentType: f.mediaType + "; charset=utf-8", policy: feedPolicy,
		link: s.discovery(s.id.Site.TagFeed(lang, slug, format)),
	}, s.tagVersion(lang, slug), func(tx *storage.Tx, b io.Writer) (version, error) {
		t, err := s.locateTag(tx, lang, slug)
		if err != nil {
			return t.changed, err
		}
		feed, err := s.fillTagged(tx, t, format)
		if err != nil {
			return t.changed, err
		}
		return t.changed, s.feedWriter(format, page)(b, feed)
	})
}

// fillTagged reads a tag's feed: the newest articles, recent corrections, leavings
// and withdrawals. A tag has no archive; the feeds of sections have everything.
func (s *Server) fillTagged(tx *storage.Tx, t tagged, format string) (Feed, error) {
	f := s.channel(t.place, format)
	address := s.id.Site
	f.ID, f.Home, f.Self = address.TagFeedID(t.lang, t.tag.Slug), address.TagPage(t.lang, t.tag.Slug), address.TagFeed(t.lang, t.tag.Slug, format)
	f.Title, f.Hub = t.tag.Name+" – "+f.Title, address.Hub()
	f.Others = nil // another language may not have the tag
	articles, err := tx.Tagged(t.lang, t.tag.Slug, newsdesk.Place{}, feedLength)
	if err != nil {
		return f, err
	}
	since := t.changed.toldSince()
	told, err := tx.TaggedTold(t.lang, t.tag.Slug, since, mostTold)
	if err != nil {
		return f, err
	}
	withdrawn, err := tx.TaggedWithdrawn(t.lang, t.tag.Slug, since, mostTombstones)
	if err != nil {
		return f, err
	}
	return f, s.fill(tx, t.place, &f, append(beside(articles, told), withdrawn...), since)
}

// tags answers with the page of a language's tags, the most recently used if there
// are very many.
func (s *Server) tags(w http.ResponseWriter, r *http.Request) error {
	lang, err := parseLanguage(chi.URLParam(r, "lang"))
	if err != nil {
		return err
	}
	of := resource{key: "tags-" + string(lang), contentType: "text/html; charset=utf-8", policy: pagePolicy}
	reading := func(tx *storage.Tx) (version, error) { return s.tagsVersion(tx, lang) }
	return s.answer(w, r, of, reading, func(tx *storage.Tx, b io.Writer) (version, error) {
		v, err := s.tagsVersion(tx, lang)
		if err != nil {
			return v, err
		}
		all, err := tx.Tags(lang, mostTags)
		if err != nil {
			return v, err
		}
		view := site.Tags{Language: lang}
		for _, t := range all {
			view.Names = append(view.Names, t.Name)
		}
		return v, s.site.Tags(b, view)
	})
}

// tagsVersion is the last change of any tag; zero if there is none yet.
func (s *Server) tagsVersion(tx *storage.Tx, lang press.Language) (version, error) {
	if err := s.checkLanguage(tx, lang); err != nil {
		return version{}, err
	}
	seq, err := tx.TagsChanged(lang)
	if err != nil {
		return version{}, err
	}
	e, err := tx.Entry(seq)
	if errors.Is(err, press.ErrNotFound) {
		return version{}, nil
	}
	return version{seq: e.Seq, at: e.At}, err
}

// bareTag redirects the address of a tag, or of the tags, that lacks its slash.
func (s *Server) bareTag(_ http.ResponseWriter, r *http.Request) error {
	lang, slug, err := parseTag(r, s.id.Site.TagPage)
	if err != nil {
		return err
	}
	if slug == "" {
		return &press.MovedError{Location: s.id.Site.Tags(lang)}
	}
	return &press.MovedError{Location: s.id.Site.TagPage(lang, slug)}
}
