package feeds

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/publog"
)

// Topic is a feed that can be subscribed to (WebSub §4).
type Topic struct {
	ID publog.TopicID
	// Ended says that the section is closed: nothing more will be published there.
	Ended bool
}

// Topic finds the feed of a section or a tag by its address, or by a former one
// (WebSub §6.1). It returns press.ErrNotFound for any other address: archive
// documents only change by corrections, and pages are for people.
func (s *Server) Topic(ctx context.Context, address string) (Topic, error) {
	lang, path, format, err := s.parseTopic(address)
	if err != nil {
		return Topic{}, err
	}
	t := Topic{ID: publog.TopicID{Language: lang, Format: format}}
	err = s.store.View(ctx, func(tx *storage.Tx) error {
		if name, ok := strings.CutPrefix(string(path), "tags/"); ok && !strings.Contains(name, "/") {
			tag, err := tx.Tag(lang, press.TagSlug(strings.ToValidUTF8(name, "")))
			if err == nil && address != s.id.Site.TagFeed(lang, tag.Slug, format) {
				err = fmt.Errorf("%w: no feed at %q", press.ErrNotFound, address)
			}
			t.ID.Tag = tag.Slug
			return err
		}
		p, err := s.locate(tx, lang, path)
		if moved, ok := errors.AsType[*sectionMovedError](err); ok {
			p, err = s.locate(tx, lang, moved.to)
		}
		_, t.Ended = p.tree.ClosedBy(p.section.ID)
		t.ID.Section = p.section.ID
		return err
	})
	return t, err
}

// parseTopic parses the address of a feed in the spelling in which feeds name it and
// answer to it: subscribers have it from there (WebSub §5.1).
func (s *Server) parseTopic(address string) (press.Language, press.Path, string, error) {
	notFound := fmt.Errorf("%w: no feed at %q", press.ErrNotFound, address)
	path, ok := strings.CutPrefix(address, s.id.Site.Base+"/")
	if ok {
		path, ok = plainPath(path)
	}
	if !ok {
		return "", "", "", notFound
	}
	tag, rest, _ := strings.Cut(path, "/")
	cut := strings.LastIndexByte(rest, '/') + 1
	format, ok := strings.CutPrefix(rest[cut:], "feed.")
	if _, known := formats[format]; !ok || !known {
		return "", "", "", notFound
	}
	lang, err := parseLanguage(tag)
	return lang, press.Path(strings.TrimSuffix(rest[:cut], "/")), format, err
}

// plainPath decodes a path that encodes nothing that need not be encoded, and has
// neither query nor fragment: an address has as many spellings as characters otherwise.
// What is not ASCII may be encoded or not (WebSub §5.1.1).
func plainPath(path string) (decoded string, ok bool) {
	decoded, err := url.PathUnescape(path)
	ok = err == nil && !strings.ContainsAny(path, "?#") &&
		(path == decoded || strings.EqualFold(path, (&url.URL{Path: decoded}).EscapedPath())) // %e6 is %E6
	return decoded, ok
}

// Content is the current content of a topic, as it is sent to subscribers.
type Content struct {
	Type string // Content-Type of the feed
	Link string // Link header of the feed
	Body []byte // shared: must not be modified
}

// Content returns the current content of a topic: the bytes that a reader of the
// feed gets, rendered once for all. An article that is corrected or withdrawn at
// the same time may already be in its new state.
func (s *Server) Content(ctx context.Context, id publog.TopicID) (Content, error) {
	of, err := s.topicFeed(ctx, id)
	if err != nil {
		return Content{}, err
	}
	d, err := s.documents.get(of.key, of.version, func() (*document, error) { return renderBoth(of) })
	if err != nil {
		return Content{}, err
	}
	return Content{Type: of.contentType, Link: of.link, Body: d.plain}, nil
}

// topicFeed is the feed of a topic as it is now.
func (s *Server) topicFeed(ctx context.Context, id publog.TopicID) (of resource, err error) {
	if id.Tag != "" {
		return s.currentTagFeed(ctx, id.Language, id.Tag, id.Format, false)
	}
	var path press.Path
	err = s.store.View(ctx, func(tx *storage.Tx) error {
		tree, err := s.tree(tx)
		if err != nil {
			return err
		}
		section, ok := tree.Section(id.Section)
		if !ok && id.Section != press.Root {
			return fmt.Errorf("%w: section %d", press.ErrNotFound, id.Section)
		}
		path = section.Path
		of, _, err = s.feedResource(tx, id.Language, path, id.Format)
		return err
	})
	of.render = s.currentFeed(ctx, id.Language, path, id.Format, false)
	return of, err
}

// discovery is the Link header by which subscribers find the hub of a feed and its
// canonical address (WebSub §4, WebSub §7).
func (s *Server) discovery(self string) string {
	return "<" + s.id.Site.Hub() + `>; rel="hub", <` + self + `>; rel="self"`
}
