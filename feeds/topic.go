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
	// Ended tells that the section is closed: nothing will be said there any more.
	Ended bool
}

// Topic finds the feed of a section or a tag at an address, also at one from
// which it has moved (WebSub §6.1). An address of anything else is
// press.ErrNotFound: archive documents never change but for corrections, and
// pages are for people.
func (s *Server) Topic(ctx context.Context, address string) (Topic, error) {
	lang, path, format, err := s.parseTopic(address)
	if err != nil {
		return Topic{}, err
	}
	t := Topic{ID: publog.TopicID{Language: lang, Format: format}}
	err = s.store.View(ctx, func(tx *storage.Tx) error {
		if name, ok := strings.CutPrefix(string(path), "tags/"); ok && !strings.Contains(name, "/") {
			tag, err := tx.Tag(lang, press.TagSlug(strings.ToValidUTF8(name, "")))
			t.ID.Tag = tag.Slug
			return err
		}
		p, err := s.locate(tx, lang, path)
		var elsewhere *elsewhereError
		if errors.As(err, &elsewhere) {
			p, err = s.locate(tx, lang, elsewhere.to)
		}
		_, t.Ended = p.tree.ClosedBy(p.section.ID)
		t.ID.Section = p.section.ID
		return err
	})
	return t, err
}

// parseTopic takes the address of a feed apart. Characters that are
// percent-encoded without need mean themselves (WebSub §5.1.1).
func (s *Server) parseTopic(address string) (press.Language, press.Path, string, error) {
	notFound := fmt.Errorf("%w: a feed at %q", press.ErrNotFound, address)
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" || !s.ours(u) {
		return "", "", "", notFound
	}
	tag, rest, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	cut := strings.LastIndexByte(rest, '/') + 1
	format, ok := strings.CutPrefix(rest[cut:], "feed.")
	if _, known := formats[format]; !ok || !known {
		return "", "", "", notFound
	}
	lang, err := parseLanguage(tag)
	return lang, press.Path(strings.TrimSuffix(rest[:cut], "/")), format, err
}

// ours tells whether an address is of this site, however its host is written.
func (s *Server) ours(u *url.URL) bool {
	base, err := url.Parse(s.id.Site.Base)
	usual := ":443"
	if u.Scheme == "http" {
		usual = ":80"
	}
	return err == nil && u.Scheme == base.Scheme &&
		strings.EqualFold(strings.TrimSuffix(u.Host, usual), strings.TrimSuffix(base.Host, usual))
}

// Content is what a topic says now, as it is sent to subscribers.
type Content struct {
	Type string // media type with its parameters, as the feed has it
	Link string // the header of that name, as the feed has it
	Body []byte // shared: it must not be changed
}

// Content reads what a topic says now: the bytes that a reader of the feed gets,
// rendered once for all. An article that is corrected or withdrawn in this
// moment is in it as it is now.
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

// topicFeed is the feed that a topic is, as it stands.
func (s *Server) topicFeed(ctx context.Context, id publog.TopicID) (of resource, err error) {
	if id.Tag != "" {
		return s.currentTagFeed(ctx, id.Language, id.Tag, id.Format)
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
	of.render = s.currentFeed(ctx, id.Language, path, id.Format)
	return of, err
}

// discovery is the Link header by which subscribers find the hub of a feed, and
// the one address under which they know it (WebSub §4, WebSub §7).
func (s *Server) discovery(self string) string {
	return "<" + s.id.Site.Hub() + `>; rel="hub", <` + self + `>; rel="self"`
}
