package federation

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/press"
)

// announces reports whether an actor is one that announces.
func (s *Server) announces(of localActor) bool {
	return of.canBeFollowed() && of.id != s.authorActor().id
}

// announce is the activity with which an actor shares the article that an entry
// published. It stays the same whatever becomes of the article.
func (s *Server) announce(of localActor, e press.Entry) vocab.Activity {
	return vocab.NewAnnounce(s.Site.Announce(of.Name, e.Seq), of.id, of.followers(), s.Site.Object(e.Article), e.At)
}

// announced answers the id of an Announce, until its article is withdrawn.
func (s *Server) announced(w http.ResponseWriter, r *http.Request) error {
	of, err := s.actorNamed(chi.URLParam(r, "actor"))
	if err != nil {
		return err
	}
	seq, err := strconv.ParseInt(chi.URLParam(r, "seq"), 10, 64)
	if err != nil {
		return fmt.Errorf("%w: no announcement %s", press.ErrNotFound, chi.URLParam(r, "seq"))
	}
	var e press.Entry
	err = s.Store.View(r.Context(), func(tx *storage.Tx) error {
		announced, err := tx.Announces(of.source, press.Seq(seq))
		if err == nil && !announced {
			err = fmt.Errorf("%w: %s announced nothing with entry %d", press.ErrNotFound, of.Name, seq)
		}
		if err != nil {
			return err
		}
		if e, err = tx.Entry(press.Seq(seq)); err != nil {
			return err
		}
		_, err = tx.PublicArticle(e.Article)
		return err
	})
	if err != nil {
		return err
	}
	return s.write(w, r, http.StatusOK, s.announce(of, e))
}
