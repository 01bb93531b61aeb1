package preview

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"communique/cmd/internal/newsroom"
	"communique/federation"
	"communique/feeds"
	"communique/feeds/site"
	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// Options are what a preview is made of.
type Options struct {
	Desk     newsroom.Desk
	Identity site.Identity
	// Pictures are the institution's own, which are public without an article.
	Pictures []newsdesk.Media
	Quotes   federation.Quotes
}

// Shown is what will become of a document.
type Shown struct {
	newsroom.Result
	Name string     // of its files, without an ending
	Page []byte     // one file with all that it shows
	Item feeds.Item // in the feeds of its section
	Feed []byte     // an Atom feed with that item
	Sent []byte     // the object that goes to followers
	Post Post       // what Mastodon shows of it
	Held string     // why no embargo ends, or nothing
	// Elsewhere are pictures that other sites serve: the page shows them, the preview
	// does not, for it fetches nothing.
	Elsewhere []string
}

// Make shows what publishing documents would bring, or a correction: see
// [newsroom.Desk.Preview]. It leaves nothing, and fetches nothing.
func Make(ctx context.Context, o Options, docs []newsroom.Document, f newsroom.Filing, c newsroom.Correction) ([]Shown, error) {
	render, err := feeds.NewPreviewer(o.Identity)
	if err != nil {
		return nil, err
	}
	_, style := render.Style()
	var all []Shown
	_, err = o.Desk.Preview(ctx, docs, f, c, func(tx *storage.Tx, filed []newsroom.Result) error {
		held, err := tx.ClockHeld()
		if err != nil {
			return err
		}
		alone := Alone{Style: style, Picture: o.picture(tx), Pages: map[string]string{}}
		for _, r := range filed {
			s, err := o.render(tx, render, r)
			if err != nil {
				return err
			}
			s.Held = held
			all = append(all, s)
			alone.Pages[s.Item.Link] = s.Name + ".html"
		}
		for i := range all {
			s := &all[i]
			if s.Page, s.Elsewhere, err = alone.Page(s.Page); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// render renders an article as the site will.
func (o Options) render(tx *storage.Tx, by *feeds.Previewer, r newsroom.Result) (s Shown, err error) {
	s = Shown{Result: r, Name: "preview." + string(r.Article.Language)}
	var feed feeds.Feed
	if s.Page, feed, err = by.Article(tx, r.Article.ID); err != nil {
		return s, err
	}
	s.Item = feed.Items[0]
	var atom bytes.Buffer
	if err := feeds.WriteAtom(&atom, feed); err != nil {
		return s, err
	}
	s.Feed = atom.Bytes()
	if s.Sent, err = federation.Preview(tx, o.Identity.Site, o.Identity.Actor, o.Quotes, r.Article.ID); err != nil {
		return s, err
	}
	s.Post, err = Mastodon(s.Sent, s.Page)
	return s, err
}

// picture finds the pictures that the site serves, as it serves them.
func (o Options) picture(tx *storage.Tx) func(string) (Picture, bool, error) {
	return func(address string) (Picture, bool, error) {
		hash := newsdesk.MediaHash(address)
		if hash == "" || !strings.HasPrefix(address, o.Identity.Site.Media("")) {
			return Picture{}, false, nil
		}
		for _, m := range o.Pictures {
			if m.Hash == hash {
				return Picture{m.Type, m.Content}, true, nil
			}
		}
		m, err := tx.PublicMedia(hash)
		if errors.Is(err, press.ErrNotFound) {
			return Picture{}, false, nil // of a picture that was taken out
		}
		if err != nil {
			return Picture{}, false, err
		}
		content, err := tx.MediaContent(hash)
		return Picture{m.Type, content}, err == nil, err
	}
}
