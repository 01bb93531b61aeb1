package federation

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/delivery"
	"communique/storage/press"
)

// outboxPage is how many activities one page of an outbox lists.
const outboxPage = 20

// collectionOf is the actor that a request names, and the id of one of its
// collections.
func (s *Server) collectionOf(r *http.Request, name string) (localActor, string, error) {
	of, err := s.actorNamed(chi.URLParam(r, "actor"))
	return of, of.id + "/" + name, err
}

// outbox lists every published article once, newest first (ActivityPub §5.1): in
// the author's as the Create of its newest state, in an announcer's as the
// Announce. Pages are keyed by the seq of the last entry, so that they stay the
// same while new entries arrive.
func (s *Server) outbox(w http.ResponseWriter, r *http.Request) error {
	of, id, err := s.collectionOf(r, "outbox")
	if err != nil {
		return err
	}
	if !of.canBeFollowed() {
		return s.write(w, r, http.StatusOK, vocab.OrderedCollection{ID: id})
	}
	if before := r.URL.Query().Get("before"); before != "" {
		return s.outboxPage(w, r, of, before)
	}
	name, count := "published", (*storage.Tx).CountPublished
	if s.announces(of) {
		name, count = "announced by "+of.source, func(tx *storage.Tx) (int, error) { return tx.CountAnnounced(of.source) }
	}
	total, err := s.totalOf(r.Context(), name, count)
	if err != nil {
		return err
	}
	return s.write(w, r, http.StatusOK, vocab.OrderedCollection{ID: id, TotalItems: total, First: outboxPageID(id, newest)})
}

// newest is the key of the first page: after every entry.
const newest press.Seq = 1<<53 - 1

func outboxPageID(outbox string, before press.Seq) string {
	return outbox + "?before=" + strconv.FormatInt(int64(before), 10)
}

func (s *Server) outboxPage(w http.ResponseWriter, r *http.Request, of localActor, key string) error {
	before, err := strconv.ParseInt(key, 10, 64)
	if err != nil {
		return fmt.Errorf("%w: before must be a number", ErrMalformed)
	}
	s.noteReader(w, r, anyArticle)
	id := of.id + "/outbox"
	page := vocab.OrderedCollectionPage{ID: outboxPageID(id, press.Seq(before)), PartOf: id}
	err = s.Store.View(r.Context(), func(tx *storage.Tx) error {
		entries, err := s.outboxEntries(tx, of, press.Seq(before))
		if err != nil {
			return err
		}
		for _, e := range entries {
			item, err := s.outboxItem(tx, of, e)
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

func (s *Server) outboxEntries(tx *storage.Tx, of localActor, before press.Seq) ([]press.Entry, error) {
	if s.announces(of) {
		return tx.Announced(of.source, before, outboxPage)
	}
	return tx.NewestOfEach(before, outboxPage)
}

// outboxItem is the activity that stands for an entry in an outbox.
func (s *Server) outboxItem(tx *storage.Tx, of localActor, e press.Entry) (vocab.Activity, error) {
	if s.announces(of) {
		return s.announce(of, e), nil
	}
	said, err := entryStatement(tx, e)
	if err != nil {
		return vocab.Activity{}, err
	}
	return s.author().activity(delivery.Create, e, said)
}

// followers tells how many there are but not who: who reads a ministry is nobody's
// business.
func (s *Server) followers(w http.ResponseWriter, r *http.Request) error {
	of, id, err := s.collectionOf(r, "followers")
	if err != nil {
		return err
	}
	total, err := s.totalOf(r.Context(), "followers of "+of.source, func(tx *storage.Tx) (int, error) { return tx.CountFollowers(of.source) })
	if err != nil {
		return err
	}
	return s.write(w, r, http.StatusOK, vocab.OrderedCollection{ID: id, TotalItems: total})
}

// following is empty: our actors follow nobody.
func (s *Server) following(w http.ResponseWriter, r *http.Request) error {
	_, id, err := s.collectionOf(r, "following")
	if err != nil {
		return err
	}
	return s.write(w, r, http.StatusOK, vocab.OrderedCollection{ID: id})
}
