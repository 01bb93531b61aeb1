package feeds

import (
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"communique/feeds/site"
	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/richtext"
)

// article answers with the page of an article. The id alone identifies it; an
// address with a wrong or missing language or slug is redirected to the right one.
func (s *Server) article(w http.ResponseWriter, r *http.Request) error {
	// The fediverse gets the object at the same address, and who signs his request from
	// no cache. nginx keeps one of several answers if these don't vary by the same.
	for _, field := range []string{"Accept", "Signature", "Signature-Input"} {
		AddVary(w.Header(), field)
	}
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
	of.render = s.rendering(r.Context(), func(tx *storage.Tx) (v version, _ writer, err error) {
		view, err := s.readArticle(tx, id)
		if err == nil {
			v, err = s.articleVersion(tx, view.Article)
		}
		return v, func(w io.Writer) error { return s.site.Article(w, view) }, err
	})
	return s.serve(w, r, of)
}

// articleVersion is the last change of the article, of one of its translations,
// of the section tree, or of the reactions to the article.
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
	if view.InText, err = s.inText(tx, a); err != nil {
		return view, err
	}
	if view.Sizes, err = s.sizes(tx, slices.Concat(a.Images, view.InText)); err != nil {
		return view, err
	}
	if view.Files, err = s.files(tx, a); err != nil {
		return view, err
	}
	if view.Reactions, err = s.readReactions(tx, id); err != nil {
		return view, err
	}
	view.History, err = tx.History(id, a.Revision)
	return view, err
}

// inText finds the pictures of this site that an article's text shows. One that stands
// in the text alone is as large as one that the front matter names.
func (s *Server) inText(tx *storage.Tx, a press.Article) ([]press.Image, error) {
	if !strings.Contains(string(a.Body), "<img ") {
		return nil, nil
	}
	shown := slices.DeleteFunc(richtext.Pictures(a.Body), func(i press.Image) bool {
		return !strings.HasPrefix(i.Src, s.id.Site.Media("")) || slices.ContainsFunc(a.Images, func(known press.Image) bool { return known.Src == i.Src })
	})
	return tx.DescribeImages(shown)
}

// sizes finds the smaller sizes of those images that this site serves.
func (s *Server) sizes(tx *storage.Tx, images []press.Image) (map[string][]site.Size, error) {
	all := map[string][]site.Size{}
	for _, i := range images {
		hash := newsdesk.MediaHash(i.Src)
		if hash == "" || all[i.Src] != nil || !strings.HasPrefix(i.Src, s.id.Site.Media("")) {
			continue // a picture that is shown twice has its sizes once
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
