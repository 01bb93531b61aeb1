package feeds

import (
	"fmt"
	"net/http"

	"communique/storage"
	"communique/storage/press"
)

// share sends a reader to the own server, with an article to share there.
func (s *Server) share(w http.ResponseWriter, r *http.Request) error {
	v, err := s.visitor(w, r)
	if err != nil {
		return err
	}
	id, err := press.ParseArticleID(r.PostForm.Get("article"))
	if err != nil {
		return fmt.Errorf("%w article: %w", press.ErrInvalid, err)
	}
	var a press.Article
	err = s.store.View(r.Context(), func(tx *storage.Tx) (err error) {
		a, err = tx.PublicArticle(id)
		return err
	})
	if err != nil {
		return err
	}
	page := s.id.Site.Article(a)
	if s.visitors != nil && v.user != "" {
		if address, ok := s.visitors.ShareAt(r.Context(), v.user, v.host, a.Title, page); ok {
			return leave(w, r, address)
		}
	}
	return leave(w, r, s.at(v, "/share", "text", a.Title+"\n\n"+page))
}
