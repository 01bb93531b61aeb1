package federation

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
)

// repliesPage is how many replies one page of their collection lists.
const repliesPage = 50

// reactions are the collections of reactions to an article (INTEROP O16). Who
// liked and shared it is nobody's business; replies are listed once they are
// approved.
func (s *Server) reactions(id press.ArticleID, come audience.Reactions) vocab.Reactions {
	object := s.Site.Object(id)
	r := vocab.Reactions{
		Likes:   vocab.Collection{ID: object + "/likes", TotalItems: come.Likes},
		Shares:  vocab.Collection{ID: object + "/shares", TotalItems: come.Shares},
		Replies: vocab.Collection{ID: object + "/replies", TotalItems: come.Replies},
	}
	r.Replies.First = repliesPageID(r.Replies.ID, audience.Reply{}) // some look there and nowhere else
	if come.Replies == 0 {
		r.Replies.Items = vocab.Items{} // saves everybody who gets the object a request
	}
	return r
}

// reactionsIn reads the numbers that other servers are told. Mastodon shows them in
// the place of its own, so what actors of ours announced is among the shares.
func reactionsIn(tx *storage.Tx, id press.ArticleID) (audience.Reactions, error) {
	come, err := tx.Reactions(id)
	if err != nil {
		return come, err
	}
	ours, err := tx.CountAnnouncers(id)
	come.Shares += ours
	return come, err
}

// reactionsTo reads the reactions to the article that a request names.
func (s *Server) reactionsTo(r *http.Request) (vocab.Reactions, error) {
	id := press.ArticleID(chi.URLParam(r, "id"))
	var come audience.Reactions
	err := s.Store.View(r.Context(), func(tx *storage.Tx) error {
		if _, err := tx.PublicArticle(id); err != nil {
			return err
		}
		var err error
		come, err = reactionsIn(tx, id)
		return err
	})
	return s.reactions(id, come), err
}

func (s *Server) likes(w http.ResponseWriter, r *http.Request) error {
	come, err := s.reactionsTo(r)
	if err != nil {
		return err
	}
	return s.write(w, r, http.StatusOK, come.Likes)
}

func (s *Server) shares(w http.ResponseWriter, r *http.Request) error {
	come, err := s.reactionsTo(r)
	if err != nil {
		return err
	}
	return s.write(w, r, http.StatusOK, come.Shares)
}

// replies lists the ids of the approved replies, the oldest first, in pages keyed
// by the time and id of the last reply before them.
func (s *Server) replies(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if !q.Has("after") && !q.Has("behind") {
		come, err := s.reactionsTo(r)
		if err != nil {
			return err
		}
		return s.write(w, r, http.StatusOK, come.Replies)
	}
	after, err := replyAfter(q)
	if err != nil {
		return err
	}
	id := press.ArticleID(chi.URLParam(r, "id"))
	collection := s.Site.Object(id) + "/replies"
	page := vocab.CollectionPage{ID: repliesPageID(collection, after), PartOf: collection}
	err = s.Store.View(r.Context(), func(tx *storage.Tx) error {
		if _, err := tx.PublicArticle(id); err != nil {
			return err
		}
		listed, err := tx.ApprovedReplies(id, after, repliesPage)
		for _, reply := range listed {
			page.Items = append(page.Items, reply.ID)
		}
		if len(listed) == repliesPage {
			page.Next = repliesPageID(collection, listed[len(listed)-1])
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.write(w, r, http.StatusOK, page)
}

// repliesPageID is the address of the page after a reply; the zero reply is the
// start.
func repliesPageID(collection string, after audience.Reply) string {
	at := int64(0)
	if !after.Published.IsZero() {
		at = after.Published.UnixMicro()
	}
	return collection + "?" + url.Values{"after": {strconv.FormatInt(at, 10)}, "id": {after.ID}}.Encode()
}

// replyAfter reads the key of a page. It was called behind in addresses that other
// servers may have kept.
func replyAfter(q url.Values) (audience.Reply, error) {
	key := q.Get("after")
	if !q.Has("after") {
		key = q.Get("behind")
	}
	at, err := strconv.ParseInt(key, 10, 64)
	if err != nil {
		return audience.Reply{}, fmt.Errorf("%w: after must be a number", ErrMalformed)
	}
	after := audience.Reply{ID: q.Get("id")}
	if at != 0 {
		after.Published = time.UnixMicro(at).UTC()
	}
	return after, nil
}
