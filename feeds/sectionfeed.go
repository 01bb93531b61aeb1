package feeds

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"communique/feeds/site"
	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// feedLength is how many articles a feed carries.
const feedLength = 20

const (
	// toldFor is how long, counted back from its last change, a feed carries what was
	// corrected in it, has left it, or was withdrawn, beside the newest articles; and how
	// long after its last change.
	toldFor = 30 * 24 * time.Hour
	// mostTold bounds corrections and leavings, far beyond those of a day.
	mostTold = 500
	// mostTombstones bounds withdrawals, far beyond the withdrawals of a day: readers who
	// poll must not miss one because there were many. Archive documents have all.
	mostTombstones = 500
)

// formats are the feed formats by the extension of their address.
var formats = map[string]struct {
	mediaType string
	write     func(io.Writer, Feed) error
}{
	"rss":  {TypeRSS, WriteRSS},
	"atom": {TypeAtom, WriteAtom},
	"json": {TypeJSON, WriteJSON},
}

// feed answers with the feed of a section and everything below it, or with a delta
// if the reader accepts one.
func (s *Server) feed(w http.ResponseWriter, r *http.Request, lang press.Language, at press.Path, format string) error {
	var of resource
	var lacks *delta
	err := s.store.View(r.Context(), func(tx *storage.Tx) (err error) {
		var p place
		if of, p, err = s.feedResource(tx, lang, at, format); err != nil {
			return err
		}
		lacks, err = s.deltaFor(tx, r, of, p)
		return err
	})
	if err != nil {
		return err
	}
	if showsFeed(w, r) {
		of.render = s.currentFeed(r.Context(), lang, at, format, true)
		return s.serve(w, r, shown(of))
	}
	if lacks != nil {
		of.render = s.feedRendering(r.Context(), lang, at, format, false, func(tx *storage.Tx, p place, f *Feed) (version, error) {
			return p.changed, s.fillDelta(tx, p, *lacks, f)
		})
		if err := s.serveDelta(w, r, of, *lacks); !errors.Is(err, errLongDelta) {
			return err
		}
	}
	of.render = s.currentFeed(r.Context(), lang, at, format, false)
	return s.serve(w, r, of)
}

// feedResource is a section's feed as it is now, without its rendering.
func (s *Server) feedResource(tx *storage.Tx, lang press.Language, at press.Path, format string) (resource, place, error) {
	f, ok := formats[format]
	if !ok {
		return resource{}, place{}, fmt.Errorf("%w: unknown feed format %q", press.ErrNotFound, format)
	}
	p, err := s.locate(tx, lang, at)
	return resource{
		key: fmt.Sprintf("%s-%s-%d", format, lang, p.section.ID), version: p.changed,
		contentType: f.mediaType + "; charset=utf-8", policy: feedPolicy,
		link: s.discovery(s.id.Site.Feed(lang, p.section.Path, format)),
	}, p, err
}

// currentFeed returns the rendering of a feed as it is now, or of its page.
func (s *Server) currentFeed(ctx context.Context, lang press.Language, at press.Path, format string, page bool) func() (version, []byte, error) {
	return s.feedRendering(ctx, lang, at, format, page, func(tx *storage.Tx, p place, f *Feed) (version, error) {
		f.Hub = s.id.Site.Hub()
		return p.changed, s.fillCurrent(tx, p, f)
	})
}

// feedRendering returns the rendering of a feed; fill reads its articles and
// returns their version.
func (s *Server) feedRendering(ctx context.Context, lang press.Language, at press.Path, format string, page bool, fill func(*storage.Tx, place, *Feed) (version, error)) func() (version, []byte, error) {
	return s.rendering(ctx, func(tx *storage.Tx) (v version, _ writer, err error) {
		p, err := s.locate(tx, lang, at)
		if err != nil {
			return v, nil, err
		}
		f := s.channel(p, format)
		if f.History.Older, err = s.newestArchive(tx, p, format); err != nil {
			return v, nil, err
		}
		v, err = fill(tx, p, &f)
		return v, func(w io.Writer) error { return s.feedWriter(format, page)(w, f) }, err
	})
}

// fillCurrent reads the newest articles, and beside them recent corrections, leavings
// and withdrawals.
func (s *Server) fillCurrent(tx *storage.Tx, p place, f *Feed) error {
	articles, err := tx.Newest(p.section.ID, p.lang, newsdesk.Place{}, feedLength)
	if err != nil {
		return err
	}
	if c := s.closing(p); c != nil {
		f.Items = append(f.Items, s.ending(p, *c))
	}
	since := p.changed.toldSince()
	told, err := tx.Told(p.section.ID, p.lang, since, mostTold)
	if err != nil {
		return err
	}
	withdrawn, err := tx.Withdrawn(p.section.ID, p.lang, since, mostTombstones)
	if err != nil {
		return err
	}
	return s.fill(tx, p, f, append(beside(articles, told), withdrawn...), since)
}

// beside adds to the newest articles those that are not among them.
func beside(newest, told []press.Article) []press.Article {
	all := slices.Clone(newest)
	for _, a := range told {
		if !slices.ContainsFunc(newest, func(n press.Article) bool { return n.ID == a.ID }) {
			all = append(all, a)
		}
	}
	return all
}

// fill adds articles to a feed, withdrawn ones as tombstones, and those withdrawn after
// an instant also as items that say so.
func (s *Server) fill(tx *storage.Tx, p place, f *Feed, articles []press.Article, noticesAfter time.Time) error {
	for _, a := range articles {
		if a.State != press.Published {
			f.Deleted = append(f.Deleted, Deleted{ID: s.id.Site.ArticleTag(a.ID), At: a.WithdrawnAt, Reason: a.Reason})
			if a.WithdrawnAt.After(noticesAfter) {
				f.Items = append(f.Items, s.withdrawal(p, a))
			}
			continue
		}
		item, err := s.item(tx, p.tree, a)
		if err != nil {
			return err
		}
		if a.Language != p.lang {
			item.Language = a.Language
		}
		if !p.lists(a) {
			item.Content = s.leftNote(p, a) + item.Content
		}
		f.Items = append(f.Items, item)
	}
	return nil
}

// leftNote says of an article that a feed carried why it does so no longer, and where
// the article is.
func (s *Server) leftNote(p place, a press.Article) string {
	section := s.names(p.tree, a.Section, p.lang)
	if p.tag != "" && a.Language == p.lang {
		return s.site.UntaggedNote(p.lang, p.tagName, section)
	}
	return s.site.LeftNote(p.lang, a.Language, section)
}

// channel is the feed without its items.
func (s *Server) channel(p place, format string) Feed {
	name := s.id.Name(p.lang)
	f := Feed{
		ID: s.id.Site.FeedTag(p.lang, p.section.ID), Title: name, Language: p.lang,
		Home: s.id.Site.Section(p.lang, p.section.Path), Self: s.id.Site.Feed(p.lang, p.section.Path, format),
		Author: Author{Name: name, URI: s.id.Site.Home(p.lang)}, Updated: p.changed.at, Zone: s.id.Zone,
	}
	if f.Updated.IsZero() {
		f.Updated = p.section.Created // RFC 4287 §4.1.1 requires a date of an empty feed, too
	}
	if names := s.names(p.tree, p.section.ID, p.lang); len(names) > 0 {
		f.Title = names[len(names)-1] + " – " + name
		f.Subtitle = strings.Join(names, " / ")
	}
	f.Icon = s.icon()
	for _, l := range s.id.Languages {
		if l != p.lang {
			f.Others = append(f.Others, OtherFeed{l, s.id.Site.Feed(l, p.section.Path, format)})
		}
	}
	return f
}

// icon is the address of the arms if they are a picture that every reader shows.
func (s *Server) icon() string {
	switch imageType(s.id.Arms) {
	case "image/png", "image/jpeg", "image/gif":
	default:
		return ""
	}
	if strings.HasPrefix(s.id.Arms, "/") {
		return s.id.Site.Base + s.id.Arms
	}
	return s.id.Arms
}

func (s *Server) names(tree press.Tree, id press.SectionID, lang press.Language) []string {
	return tree.Names(id, lang, s.id.Languages[0])
}

func (s *Server) item(tx *storage.Tx, tree press.Tree, a press.Article) (Item, error) {
	i := Item{
		ID: s.id.Site.ArticleTag(a.ID), Link: s.id.Site.Article(a), Title: a.Title, Summary: site.Summary(a),
		Published: a.Published, Updated: a.Updated, Tags: a.Tags,
		Section: strings.Join(s.names(tree, a.Section, a.Language), "/"),
	}
	if a.Kind != "" {
		i.Kind = s.site.KindName(a.Kind, a.Language).Text
	}
	shown, err := s.illustrated(tx, a)
	if err != nil {
		return i, err
	}
	if i.Images, err = s.images(tx, shown); err != nil {
		return i, err
	}
	files, err := s.files(tx, a)
	if err != nil {
		return i, err
	}
	for _, f := range files {
		i.Files = append(i.Files, File{URL: f.URL, Type: f.Type, Length: f.Size, Title: f.Label()})
	}
	var history []press.Revision
	if a.Revision > 1 {
		if history, err = tx.History(a.ID, a.Revision); err != nil {
			return i, err
		}
	}
	i.Content = s.content(a, history)
	return i, nil
}

// images returns the pictures of an article, the first with its narrowest size as
// thumbnail.
func (s *Server) images(tx *storage.Tx, a press.Article) ([]Image, error) {
	var all []Image
	for _, p := range a.Images {
		all = append(all, Image{
			URL: p.Src, Type: cmp.Or(p.Type, imageType(p.Src)), Length: p.Size,
			Width: p.Width, Height: p.Height, Alt: p.Alt, Credit: p.Credit,
		})
	}
	if len(all) == 0 {
		return nil, nil
	}
	sizes, err := s.sizes(tx, a.Images[:1])
	for _, narrow := range sizes[all[0].URL] {
		all[0].Thumbnail = &Thumbnail{URL: narrow.URL, Width: narrow.Width, Height: narrow.Height}
		break
	}
	return all, err
}

// content is everything that the article's page says: correction notes, lead,
// pictures and body.
func (s *Server) content(a press.Article, history []press.Revision) string {
	var b strings.Builder
	b.WriteString(s.site.CorrectionNotes(a.Language, history))
	if a.Lead != "" {
		b.WriteString("<p>" + html.EscapeString(a.Lead) + "</p>")
	}
	for _, i := range site.Pictures(a) {
		b.WriteString(figure(i))
	}
	b.WriteString(s.body(a))
	b.WriteString(s.site.Beside(a))
	return b.String()
}

// imageTypes are the media types of pictures by file extension; the system's table
// would make feeds differ between machines.
var imageTypes = map[string]string{
	".avif": "image/avif", ".gif": "image/gif", ".jpeg": "image/jpeg", ".jpg": "image/jpeg",
	".png": "image/png", ".svg": "image/svg+xml", ".webp": "image/webp",
}

// imageType is the media type by the extension of an address, or empty. A browser takes
// addresses that net/url does not, as those with a percent sign that escapes nothing.
func imageType(src string) string {
	if end := strings.IndexAny(src, "?#"); end >= 0 {
		src = src[:end]
	}
	return imageTypes[strings.ToLower(path.Ext(src))]
}
