package feeds

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"communique/feeds/site"
	"communique/storage"
	"communique/storage/press"
)

// mostTags is how many tags the page of a language's tags lists.
const mostTags = 500

// tagged is a tag in a language, as one transaction sees it.
type tagged struct {
	place
	tag storage.Tag
}

// locateTag finds a tag. Its version is the newest entry that changed what is
// filed under it, or a name or an address of the sections around.
func (s *Server) locateTag(tx *storage.Tx, lang press.Language, slug string) (tagged, error) {
	t := tagged{place: place{lang: lang}}
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
	e, err := tx.Entry(max(t.tag.Changed, head.Names))
	t.changed = version{seq: e.Seq, at: e.At}
	return t, err
}

// key names a document about the tag in the cache and in ETags, in which not
// every script can stand.
func (t tagged) key(kind string) string {
	sum := sha256.Sum256([]byte(t.tag.Slug))
	return fmt.Sprintf("%s-%s-tag-%x", kind, t.lang, sum[:8])
}

// parseTag reads language and slug from an address. The same tag written in
// another way has moved to its one address, which address makes.
func parseTag(r *http.Request, address func(press.Language, string) string) (press.Language, string, error) {
	lang, err := parseLanguage(chi.URLParam(r, "lang"))
	if err != nil {
		return "", "", err
	}
	tag := chi.URLParam(r, "tag")
	if r.URL.RawPath != "" { // then the router has cut the address as it came
		if tag, err = url.PathUnescape(tag); err != nil {
			return "", "", fmt.Errorf("%w: tag %q", press.ErrNotFound, tag)
		}
	}
	slug := press.TagSlug(strings.ToValidUTF8(tag, ""))
	if slug != tag && slug != "" {
		return "", "", &press.MovedError{Location: address(lang, slug)}
	}
	return lang, slug, nil
}

// tagPage answers with the page of what is filed under a tag.
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
	of := resource{contentType: "text/html; charset=utf-8", policy: pagePolicy}
	err = s.store.View(r.Context(), func(tx *storage.Tx) error {
		t, err := s.locateTag(tx, lang, slug)
		of.key, of.version = t.key("page")+part.String(), t.changed
		return err
	})
	if err != nil {
		return err
	}
	of.render = func() (version, []byte, error) { return s.renderTag(r.Context(), lang, slug, part) }
	return s.serve(w, r, of)
}

func (s *Server) renderTag(ctx context.Context, lang press.Language, slug string, part part) (v version, page []byte, err error) {
	var view site.Tag
	err = s.render(ctx, func(tx *storage.Tx) error {
		t, err := s.locateTag(tx, lang, slug)
		if err != nil {
			return err
		}
		v = t.changed
		view = site.Tag{Language: lang, Name: t.tag.Name}
		if view.Articles, err = tx.Tagged(lang, slug, part.from, pageLength+1); err != nil {
			return err
		}
		address := s.id.Site.TagPage(lang, slug)
		if part.from.ID != "" {
			view.Self, view.Newer = address+part.query(), address
		}
		if len(view.Articles) > pageLength {
			view.Articles = view.Articles[:pageLength]
			view.Older = address + olderThan(view.Articles[pageLength-1])
		}
		return nil
	})
	if err != nil {
		return v, nil, err
	}
	var b bytes.Buffer
	err = s.site.Tag(&b, view)
	return v, b.Bytes(), err
}

// tagFeed answers with the feed of what is filed under a tag.
func (s *Server) tagFeed(w http.ResponseWriter, r *http.Request) error {
	format := chi.URLParam(r, "format")
	lang, slug, err := parseTag(r, func(l press.Language, slug string) string { return s.id.Site.TagFeed(l, slug, format) })
	if err != nil {
		return err
	}
	f, ok := formats[format]
	if !ok {
		return fmt.Errorf("%w: there is no feed format %q", press.ErrNotFound, format)
	}
	of := resource{contentType: shownType(w, r, f.mediaType), policy: feedPolicy}
	err = s.store.View(r.Context(), func(tx *storage.Tx) error {
		t, err := s.locateTag(tx, lang, slug)
		of.key, of.version = t.key(format), t.changed
		return err
	})
	if err != nil {
		return err
	}
	of.render = func() (v version, _ []byte, err error) {
		var feed Feed
		err = s.render(r.Context(), func(tx *storage.Tx) error {
			t, err := s.locateTag(tx, lang, slug)
			if err != nil {
				return err
			}
			v = t.changed
			feed, err = s.fillTagged(tx, t, format)
			return err
		})
		if err != nil {
			return v, nil, err
		}
		var b bytes.Buffer
		err = f.write(&b, feed)
		return v, b.Bytes(), err
	}
	return s.serve(w, r, of)
}

// fillTagged reads a tag's feed: the newest articles, and what was withdrawn
// lately. A tag has no archive; the feeds of sections have everything.
func (s *Server) fillTagged(tx *storage.Tx, t tagged, format string) (Feed, error) {
	f := s.channel(t.place, format)
	address := s.id.Site
	f.ID, f.Home, f.Self = address.TagFeedID(t.lang, t.tag.Slug), address.TagPage(t.lang, t.tag.Slug), address.TagFeed(t.lang, t.tag.Slug, format)
	f.Title = t.tag.Name + " – " + f.Title
	f.Others = nil // another language may not have the tag
	articles, err := tx.Tagged(t.lang, t.tag.Slug, storage.Place{}, feedLength)
	if err != nil {
		return f, err
	}
	withdrawn, err := tx.TaggedWithdrawn(t.lang, t.tag.Slug, t.changed.at.Add(-tombstonesFor), feedLength)
	if err != nil {
		return f, err
	}
	return f, s.fill(tx, t.place, &f, append(articles, withdrawn...))
}

// tags answers with the page of the tags of a language, those that were used
// last if there are very many.
func (s *Server) tags(w http.ResponseWriter, r *http.Request) error {
	lang, err := parseLanguage(chi.URLParam(r, "lang"))
	if err != nil {
		return err
	}
	of := resource{key: "tags-" + string(lang), contentType: "text/html; charset=utf-8", policy: pagePolicy}
	err = s.store.View(r.Context(), func(tx *storage.Tx) (err error) {
		of.version, err = s.tagsVersion(tx, lang)
		return err
	})
	if err != nil {
		return err
	}
	of.render = func() (v version, _ []byte, err error) {
		view := site.Tags{Language: lang}
		err = s.render(r.Context(), func(tx *storage.Tx) error {
			if v, err = s.tagsVersion(tx, lang); err != nil {
				return err
			}
			all, err := tx.Tags(lang, mostTags)
			for _, t := range all {
				view.Names = append(view.Names, t.Name)
			}
			return err
		})
		if err != nil {
			return v, nil, err
		}
		var b bytes.Buffer
		err = s.site.Tags(&b, view)
		return v, b.Bytes(), err
	}
	return s.serve(w, r, of)
}

// tagsVersion is the last change under any tag. Before the first one the page
// has no version.
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

// bareTag moves an address of a tag, or of the tags, without its slash.
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
