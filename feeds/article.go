package feeds

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"communique/feeds/site"
	"communique/storage"
	"communique/storage/press"
)

// article answers with the page of an article. Its id alone finds it; an
// address with another language or slug, or none, is moved to the one it has.
func (s *Server) article(w http.ResponseWriter, r *http.Request) error {
	addVary(w.Header(), "Accept") // the same address answers the fediverse with the object
	id, err := press.ParseArticleID(chi.URLParam(r, "id"))
	if err != nil {
		return press.ErrNotFound
	}
	of := resource{key: "article-" + string(id), contentType: "text/html; charset=utf-8", policy: pagePolicy}
	err = s.store.View(r.Context(), func(tx *storage.Tx) error {
		a, err := tx.PublicArticle(id)
		if err != nil {
			return err
		}
		if address := s.id.Site.Article(a); address != s.id.Site.Base+r.URL.Path {
			return &press.MovedError{Location: address}
		}
		of.version, err = s.articleVersion(tx, a)
		return err
	})
	if err != nil {
		return err
	}
	of.render = func() (version, []byte, error) { return s.renderArticle(r.Context(), id) }
	return s.serve(w, r, of)
}

// articleVersion is the last change of the article, of one of its translations
// or of the names of the sections around it, and of the reactions to it.
func (s *Server) articleVersion(tx *storage.Tx, a press.Article) (version, error) {
	head, err := tx.Head()
	if err != nil {
		return version{}, err
	}
	e, err := tx.Entry(max(a.Changed, head.Tree))
	if err != nil {
		return version{}, err
	}
	return withReactions(tx, a.ID, version{seq: e.Seq, at: e.At})
}

func (s *Server) renderArticle(ctx context.Context, id press.ArticleID) (v version, page []byte, err error) {
	var view site.Article
	err = s.render(ctx, func(tx *storage.Tx) error {
		var err error
		if view, err = s.readArticle(tx, id); err != nil {
			return err
		}
		v, err = s.articleVersion(tx, view.Article)
		return err
	})
	if err != nil {
		return v, nil, err
	}
	var b bytes.Buffer
	err = s.site.Article(&b, view)
	return v, b.Bytes(), err
}

func (s *Server) readArticle(tx *storage.Tx, id press.ArticleID) (site.Article, error) {
	a, err := tx.PublicArticle(id)
	view := site.Article{Article: a}
	if err != nil {
		return view, err
	}
	if a, err = s.illustrated(tx, a); err != nil {
		return view, err
	}
	view.Article = a
	tree, err := s.tree(tx)
	if err != nil {
		return view, err
	}
	view.Trail = tree.Trail(a.Section)
	if view.Translations, err = tx.Translations(a.Group); err != nil {
		return view, err
	}
	if view.Sizes, err = s.sizes(tx, a.Images); err != nil {
		return view, err
	}
	if view.Reactions, err = s.readReactions(tx, id); err != nil {
		return view, err
	}
	view.History, err = tx.History(id, a.Revision)
	return view, err
}

// sizes finds the smaller sizes of the images that are pictures of ours.
func (s *Server) sizes(tx *storage.Tx, images []press.Image) (map[string][]site.Size, error) {
	all := map[string][]site.Size{}
	for _, i := range images {
		hash := storage.MediaHash(i.Src)
		if hash == "" || !strings.HasPrefix(i.Src, s.id.Site.Media("")) {
			continue
		}
		sizes, err := tx.Sizes(hash)
		if err != nil {
			return nil, err
		}
		for _, m := range sizes {
			all[i.Src] = append(all[i.Src], site.Size{URL: s.id.Site.Media(m.Name()), Type: m.Type, Width: m.Width, Height: m.Height})
		}
	}
	return all, nil
}
