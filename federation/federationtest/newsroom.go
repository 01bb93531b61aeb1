package federationtest

import (
	"encoding/json"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/deliveries"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/publog"
)

// Publish publishes an article under a title, changed as a test wants it.
func (s *Site) Publish(title string, change ...func(*press.Draft)) (a press.Article, e press.Entry) {
	s.t.Helper()
	d := s.Draft(title)
	for _, c := range change {
		c(&d)
	}
	s.Update(func(tx *storage.Tx) (err error) {
		a, e, err = tx.Publish(d)
		return err
	})
	return a, e
}

// Draft is a draft of an article in English.
func (s *Site) Draft(title string) press.Draft {
	return press.Draft{Section: s.Section, Language: "en", Title: title, Lead: "In short.", Body: "<p>At length.</p>"}
}

// Correct gives an article another title.
func (s *Site) Correct(id press.ArticleID, title string) (a press.Article, e press.Entry) {
	s.t.Helper()
	s.Update(func(tx *storage.Tx) (err error) {
		a, e, err = tx.Correct(id, newsdesk.Correction{Draft: s.Draft(title), Note: "A name was misspelt."})
		return err
	})
	return a, e
}

// Withdraw takes an article back.
func (s *Site) Withdraw(id press.ArticleID) (a press.Article, e press.Entry) {
	s.t.Helper()
	s.Update(func(tx *storage.Tx) (err error) {
		a, e, err = tx.Withdraw(id, "Issued in error.")
		return err
	})
	return a, e
}

// Reactions are the likes, shares, quotes and approved replies of an article, as
// they are told when the minute is over.
func (s *Site) Reactions(id press.ArticleID) (r audience.Reactions) {
	s.t.Helper()
	s.Later()
	s.View(func(tx *storage.Tx) (err error) {
		r, err = tx.Reactions(id)
		return err
	})
	return r
}

// Replies are the posts in a state, in the order of their arrival.
func (s *Site) Replies(state audience.ReplyState) (all []audience.Reply) {
	s.t.Helper()
	s.View(func(tx *storage.Tx) (err error) {
		all, err = tx.Replies(state, audience.Reply{}, 100)
		return err
	})
	return all
}

// Followers are the followers of an actor of the site.
func (s *Site) Followers(name string) (all []audience.Follower) {
	s.t.Helper()
	s.View(func(tx *storage.Tx) (err error) {
		all, err = tx.Followers(publog.ActorSource(name), "", 100)
		return err
	})
	return all
}

// Destinations are where the site delivers to.
func (s *Site) Destinations() (all []deliveries.Destination) {
	s.t.Helper()
	s.View(func(tx *storage.Tx) (err error) {
		all, err = tx.Destinations(0, 100)
		return err
	})
	return all
}

// Directed are the messages for single accounts that are to be sent now, which
// takes them off the queue.
func (s *Site) Directed() []Directed {
	s.t.Helper()
	var all []Directed
	s.Update(func(tx *storage.Tx) error {
		generation, err := tx.NextGeneration()
		if err != nil {
			return err
		}
		claimed, err := tx.ClaimDirected(deliveries.Claim{Generation: generation, Shards: deliveries.AllShards, PerHost: 100, Limit: 100})
		if err != nil {
			return err
		}
		for _, m := range claimed.Messages {
			d := Directed{Directed: m}
			if m.Entry == 0 {
				if err := json.Unmarshal(m.Body, &d.Fields); err != nil {
					return err
				}
			}
			all = append(all, d)
			if err := tx.FinishDirected(m.ID); err != nil {
				return err
			}
		}
		return nil
	})
	return all
}

// Directed is a message for one account, and the document that it is; none if it
// repeats an entry's Update.
type Directed struct {
	deliveries.Directed
	Fields map[string]any
}
