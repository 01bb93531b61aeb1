package feeds

import (
	"bytes"

	"communique/feeds/site"
	"communique/storage"
	"communique/storage/press"
)

// Previewer renders what a [Server] would answer, without one: nothing is kept, nor
// noted in the store.
type Previewer struct{ server *Server }

// NewPreviewer returns a previewer for an identity.
func NewPreviewer(id site.Identity) (*Previewer, error) {
	pages, err := site.New(id)
	if err != nil {
		return nil, err
	}
	return &Previewer{&Server{id: id, site: pages}}, nil
}

// Style is the style sheet of the pages and its path.
func (p *Previewer) Style() (path string, css []byte) { return p.server.site.Style() }

// Article renders the page of an article and, as a feed with no other item, the item
// that is in the feeds of its section. The article must be public in the transaction.
func (p *Previewer) Article(tx *storage.Tx, id press.ArticleID) (page []byte, item Feed, err error) {
	view, err := p.server.readArticle(tx, id)
	if err != nil {
		return nil, item, err
	}
	var b bytes.Buffer
	if err := p.server.site.Article(&b, view); err != nil {
		return nil, item, err
	}
	a := view.Article
	var path press.Path
	if n := len(view.Trail); n > 0 {
		path = view.Trail[n-1].Path
	}
	at, err := p.server.locate(tx, a.Language, path)
	if err != nil {
		return nil, item, err
	}
	item = p.server.channel(at, "atom")
	if a, err = tx.PublicArticle(id); err != nil {
		return nil, item, err
	}
	return b.Bytes(), item, p.server.fill(tx, at, &item, []press.Article{a}, at.changed.at)
}
