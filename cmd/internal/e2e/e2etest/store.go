package e2etest

import (
	"context"
	"fmt"
	"time"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
)

// ahead is a clock that is ahead of another.
type ahead struct {
	storage.Clock
	by time.Duration
}

func (a ahead) Now() time.Time { return a.Clock.Now().Add(a.by) }

// Later reads the database as it will be seen when the minute is over: what
// strangers do is shown by the minute.
func (s *Site) Later(read func(*storage.Tx) error) {
	s.T.Helper()
	store, err := s.openStore(s.T.Context(), ahead{s.Clock, time.Minute})
	if err != nil {
		s.T.Fatal(err)
	}
	defer store.Close()
	if err := store.View(context.Background(), read); err != nil {
		s.T.Fatal(err)
	}
}

// Reactions are the likes, shares, quotes and shown replies of an article.
func (s *Site) Reactions(a Filed) string {
	s.T.Helper()
	var r audience.Reactions
	s.Later(func(tx *storage.Tx) (err error) {
		r, err = tx.Reactions(press.ArticleID(a.ID))
		return err
	})
	return fmt.Sprint([]int{r.Likes, r.Shares, r.Quotes, r.Replies})
}

// Replies are the posts in a state.
func (s *Site) Replies(state audience.ReplyState) (all []audience.Reply) {
	s.T.Helper()
	s.Later(func(tx *storage.Tx) (err error) {
		all, err = tx.Replies(state, audience.Reply{}, 100)
		return err
	})
	return all
}

// WaitingReply is the id of the reply that has waited longest.
func (s *Site) WaitingReply() string {
	s.T.Helper()
	var line struct{ ID string }
	s.ReadJSON(&line, "replies", "list", "--json")
	return line.ID
}

// Fill publishes a number of statements with a tag in each of some sections, all at once, where
// it matters that they are there: a command takes as long for each.
func (s *Site) Fill(n int, title, tag string, sections ...press.Path) {
	s.T.Helper()
	store, err := s.openStore(s.T.Context(), s.Clock)
	if err != nil {
		s.T.Fatal(err)
	}
	defer store.Close()
	err = store.Update(s.T.Context(), func(tx *storage.Tx) error {
		tree, err := tx.Tree()
		for i := range n * len(sections) {
			section, there := tree.ByPath(sections[i%len(sections)])
			if err == nil && !there {
				err = fmt.Errorf("no section %s", sections[i%len(sections)])
			}
			if err == nil {
				_, _, err = tx.Publish(press.Draft{Section: section.ID, Language: "en", Title: fmt.Sprint(title, " ", i), Body: "<p>It was said.</p>", Tags: []string{tag}})
			}
		}
		return err
	})
	if err != nil {
		s.T.Fatal(err)
	}
}

// Open opens the site's store beside whoever else works on it.
func (s *Site) Open() *storage.Store {
	s.T.Helper()
	store, err := s.openStore(s.T.Context(), s.Clock)
	if err != nil {
		s.T.Fatal(err)
	}
	s.T.Cleanup(func() {
		if err := store.Close(); err != nil {
			s.T.Error(err)
		}
	})
	return store
}
