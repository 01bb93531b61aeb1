package federation

import (
	"context"
	"errors"

	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/delivery"
	"communique/storage/press"
)

// teller is an actor who shows that his server has an article: he announces,
// answers or quotes it.
type teller struct {
	actor    string
	own      string // inbox; empty if it cannot be had
	delivery string // inbox where deliveries to his server go
}

// teller finds where an actor gets his messages. If that cannot be had what he
// does counts all the same.
func (s *Server) teller(ctx context.Context, actor string) teller {
	known, err := s.remote.FetchActor(ctx, actor)
	if err != nil || known.ID != actor {
		return teller{}
	}
	own, delivery, err := s.inboxes(known)
	if err != nil {
		return teller{}
	}
	return teller{actor, own, delivery}
}

// told notes which articles a server has. Who has one that is withdrawn is told
// so: his message may have been under way, and the withdrawal in the log is
// behind him.
func (s *Server) told(tx *storage.Tx, by teller, articles ...press.ArticleID) error {
	for _, id := range articles {
		if id == "" || by.own == "" {
			continue
		}
		_, err := tx.PublicArticle(id)
		switch {
		case err == nil:
			err = tx.AddHolder(s.authoring().source, by.delivery, id)
		case withdrawn(err):
			err = s.tellWithdrawal(tx, by, id)
		case errors.Is(err, press.ErrNotFound):
			err = nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// tellWithdrawal sends one actor the Delete of an article that everybody else
// was sent.
func (s *Server) tellWithdrawal(tx *storage.Tx, to teller, id press.ArticleID) error {
	entries, err := tx.EntriesOf(id)
	if err != nil {
		return err
	}
	last := entries[len(entries)-1] // nothing comes behind a withdrawal
	said, err := entryStatement(tx, last)
	if err != nil {
		return err
	}
	activity, err := s.author().activity(delivery.Delete, last, said)
	if err != nil {
		return err
	}
	body, err := vocab.Marshal(activity)
	if err != nil {
		return err
	}
	// The same activity may wait for others, and for him from a message before.
	message := activity.ID + "#" + press.RandomToken()
	return tx.Direct(deliveries.Directed{ID: message, Source: s.authoring().source, Recipient: to.actor, Inbox: to.own, Body: body})
}

func withdrawn(err error) bool {
	var gone *press.WithdrawnError
	return errors.As(err, &gone)
}

func nothingThere(err error) bool { return errors.Is(err, press.ErrNotFound) || withdrawn(err) }
