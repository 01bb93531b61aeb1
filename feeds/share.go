package feeds

import (
	"fmt"
	"net/http"

	"communique/storage"
	"communique/storage/press"
)

// share redirects readers to their own server, to share an article there.
func (s *Server) share(w http.ResponseWriter, r *http.Request) error {
	v, err := s.visitor(w, r)
	if err != nil {
		return s.askAgain(w, r, err)
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
			return redirectAway(w, r, address)
		}
	}
	return redirectAway(w, r, s.addressAt(v, "/share", "text", a.Title+"\n\n"+page))
}
