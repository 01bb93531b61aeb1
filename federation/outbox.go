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

const outboxPage = 20

// collectionOf is the id of a collection of the actor that the address names.
func (s *Server) collectionOf(r *http.Request, name string) (string, error) {
	actor := chi.URLParam(r, "actor")
	if !s.known(actor) {
		return "", fmt.Errorf("%w: actor %s", press.ErrNotFound, actor)
	}
	return s.Site.Actor(actor) + "/" + name, nil
}

// outbox lists every published article once, as the Create of its newest
// state, newest first (ActivityPub §5.1). Pages are keyed by the seq of the
// last entry, so that they stay put while new entries arrive.
func (s *Server) outbox(w http.ResponseWriter, r *http.Request) error {
	id, err := s.collectionOf(r, "outbox")
	if err != nil {
		return err
	}
	if chi.URLParam(r, "actor") == InstanceName {
		return s.write(w, r, http.StatusOK, vocab.OrderedCollection{ID: id})
	}
	if before := r.URL.Query().Get("before"); before != "" {
		return s.outboxPage(w, r, id, before)
	}
	var total int
	err = s.Store.View(r.Context(), func(tx *storage.Tx) (err error) {
		total, err = tx.CountPublished()
		return err
	})
	if err != nil {
		return err
	}
	return s.write(w, r, http.StatusOK, vocab.OrderedCollection{ID: id, TotalItems: total, First: outboxPageID(id, newest)})
}

// newest stands for "before nothing yet" in the address of the first page.
const newest press.Seq = 1<<53 - 1

func outboxPageID(outbox string, before press.Seq) string {
	return outbox + "?before=" + strconv.FormatInt(int64(before), 10)
}

func (s *Server) outboxPage(w http.ResponseWriter, r *http.Request, id, key string) error {
	before, err := strconv.ParseInt(key, 10, 64)
	if err != nil {
		return fmt.Errorf("%w: before is a number", ErrMalformed)
	}
	page := vocab.OrderedCollectionPage{ID: outboxPageID(id, press.Seq(before)), PartOf: id}
	err = s.Store.View(r.Context(), func(tx *storage.Tx) error {
		entries, err := tx.NewestOfEach(press.Seq(before), outboxPage)
		if err != nil {
			return err
		}
		for _, e := range entries {
			item, err := s.outboxItem(tx, e)
			if err != nil {
				return err
			}
			page.Items = append(page.Items, item)
		}
		if len(entries) == outboxPage {
			page.Next = outboxPageID(id, entries[len(entries)-1].Seq)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.write(w, r, http.StatusOK, page)
}

// followers tells their number and not who they are: whom a ministry's
// readers are is nobody's business.
func (s *Server) followers(w http.ResponseWriter, r *http.Request) error {
	id, err := s.collectionOf(r, "followers")
	if err != nil {
		return err
	}
	var total int
	err = s.Store.View(r.Context(), func(tx *storage.Tx) (err error) {
		total, err = tx.CountFollowers(storage.ActorSource(chi.URLParam(r, "actor")))
		return err
	})
	if err != nil {
		return err
	}
	return s.write(w, r, http.StatusOK, vocab.OrderedCollection{ID: id, TotalItems: total})
}

// following is empty: the ministry's actor speaks and follows nobody.
func (s *Server) following(w http.ResponseWriter, r *http.Request) error {
	id, err := s.collectionOf(r, "following")
	if err != nil {
		return err
	}
	return s.write(w, r, http.StatusOK, vocab.OrderedCollection{ID: id})
}
