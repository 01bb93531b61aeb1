package federation

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/delivery"
	"communique/storage/press"
)

func (s *Server) author() author {
	return author{site: s.Site, name: s.authorActor().Name, quotes: s.Quotes, images: s.NoteImage}
}

// object answers an article's ActivityPub id; a browser is sent to the page.
func (s *Server) object(w http.ResponseWriter, r *http.Request) error {
	id := press.ArticleID(chi.URLParam(r, "id"))
	w.Header().Add("Vary", "Accept")
	if !wantsPage(r) {
		return s.ServeObject(w, r, id)
	}
	var a press.Article
	err := s.Store.View(r.Context(), func(tx *storage.Tx) (err error) {
		a, err = tx.PublicArticle(id)
		return err
	})
	if err != nil {
		return err
	}
	http.Redirect(w, r, s.Site.Article(a), http.StatusSeeOther)
	return nil
}

// ServeObject answers with an article as an object, or with 410 and a Tombstone
// once it is withdrawn (ActivityPub §6.4); press.ErrNotFound if it is not public.
func (s *Server) ServeObject(w http.ResponseWriter, r *http.Request, id press.ArticleID) error {
	s.noteReader(w, r, id)
	var said statement
	var come audience.Reactions
	err := s.Store.View(r.Context(), func(tx *storage.Tx) error {
		a, err := tx.PublicArticle(id)
		if withdrawn := new(press.WithdrawnError); errors.As(err, &withdrawn) {
			a, err = tx.Article(id)
		}
		if err != nil {
			return err
		}
		if said, err = statementOf(tx, a); err != nil {
			return err
		}
		come, err = reactionsIn(tx, id)
		return err
	})
	switch {
	case err != nil:
		return err
	case said.State == press.Withdrawn:
		return s.write(w, r, http.StatusGone, s.author().tombstone(said))
	}
	return s.write(w, r, http.StatusOK, s.author().object(said).With(s.reactions(id, come)))
}

// activity answers the id of an activity that was delivered. If its article has
// been withdrawn since, the answer is 410: a withdrawal takes back every copy here.
func (s *Server) activity(w http.ResponseWriter, r *http.Request) error {
	seq, err := strconv.ParseInt(chi.URLParam(r, "seq"), 10, 64)
	if err != nil {
		return fmt.Errorf("%w: no activity %s", press.ErrNotFound, chi.URLParam(r, "seq"))
	}
	verb := delivery.Verb(chi.URLParam(r, "verb"))
	s.noteReader(w, r, anyArticle)
	var e press.Entry
	var said statement
	err = s.Store.View(r.Context(), func(tx *storage.Tx) error {
		if e, err = tx.Entry(press.Seq(seq)); err != nil {
			return err
		}
		said, err = entryStatement(tx, e)
		return err
	})
	switch {
	case err != nil:
		return err
	case !says(verb, e):
		return fmt.Errorf("%w: entry %d has no %s", press.ErrNotFound, seq, verb)
	case verb != delivery.Delete && said.State == press.Withdrawn:
		return s.write(w, r, http.StatusGone, s.author().tombstone(said))
	}
	activity, err := s.author().activity(verb, e, said)
	if err != nil {
		return err
	}
	return s.write(w, r, http.StatusOK, activity)
}

// says reports whether an activity with a verb can carry the state of an entry. A
// Create may carry a correction, for servers that did not have the article before.
func says(verb delivery.Verb, e press.Entry) bool {
	switch verb {
	case delivery.Create:
		return e.Kind == press.KindPublished || e.Kind == press.KindCorrected
	case delivery.Update:
		return e.Kind == press.KindCorrected
	case delivery.Delete:
		return e.Kind == press.KindWithdrawn
	}
	return false
}

// entryStatement reads the article in the state of an entry.
func entryStatement(tx *storage.Tx, e press.Entry) (statement, error) {
	if e.Article == "" {
		return statement{}, fmt.Errorf("%w: entry %d is not about an article", press.ErrNotFound, e.Seq)
	}
	a, err := tx.ArticleAt(e.Article, e.Revision)
	if err != nil {
		return statement{}, err
	}
	return statementOf(tx, a)
}

func statementOf(tx *storage.Tx, a press.Article) (statement, error) {
	history, err := tx.History(a.ID, a.Revision)
	if err != nil {
		return statement{}, err
	}
	files, err := tx.Files(a)
	if err != nil {
		return statement{}, err
	}
	rendition, err := tx.Rendition(a.ID)
	return statement{Article: a, history: history, rendition: rendition, files: files}, err
}
