package federation

import (
	"net/http"

	"communique/federation/vocab"
	"communique/storage"
)

// maxFeaturedTags is how many receivers accept (INTEROP A17).
const maxFeaturedTags = 10

// featured lists the ids of the articles that are pinned to the author's profile
// (INTEROP A16); the other actors have none. Receivers look at it when the actor
// is updated.
func (s *Server) featured(w http.ResponseWriter, r *http.Request) error {
	of, id, err := s.collectionOf(r, "featured")
	if err != nil {
		return err
	}
	collection := vocab.OrderedCollection{ID: id, Items: vocab.Items{}}
	if of.id != s.authorActor().id {
		return s.write(w, r, http.StatusOK, collection)
	}
	err = s.Store.View(r.Context(), func(tx *storage.Tx) error {
		pinned, err := tx.Pinned()
		for _, article := range pinned {
			collection.Items = append(collection.Items, s.Site.Object(article))
		}
		return err
	})
	if err != nil {
		return err
	}
	collection.TotalItems = len(collection.Items)
	if collection.TotalItems > 0 {
		s.noteReader(w, r, anyArticle)
	}
	return s.write(w, r, http.StatusOK, collection)
}

// featuredTags lists the tags that the configuration names for an actor.
func (s *Server) featuredTags(w http.ResponseWriter, r *http.Request) error {
	of, id, err := s.collectionOf(r, "tags")
	if err != nil {
		return err
	}
	collection := vocab.Collection{ID: id, Items: vocab.Items{}}
	for _, tag := range of.Tags {
		name := hashtag(tag)
		if name != "" && len(collection.Items) < maxFeaturedTags {
			collection.Items = append(collection.Items, vocab.Hashtag{Name: "#" + name, Href: s.Site.TagPage(of.Language, tag)})
		}
	}
	collection.TotalItems = len(collection.Items)
	return s.write(w, r, http.StatusOK, collection)
}
