package federation

import (
	"context"
	"errors"

	"communique/federation/moderation"
	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/delivery"
	"communique/storage/press"
)

// holder is an actor whose request shows that their server may hold articles: they
// fetch, like, announce, answer, quote or report one.
type holder struct {
	actor    string
	own      string // inbox; empty if the account can't be fetched
	delivery string // inbox that deliveries to the server go to
}

// holderOf finds the inboxes of an actor. If they can't be fetched, what the actor
// does counts all the same.
func (s *Server) holderOf(ctx context.Context, actor string) holder {
	known, err := s.remote.FetchActor(ctx, actor)
	if err != nil || known.ID != actor {
		return holder{}
	}
	own, delivery, err := s.inboxes(known)
	if err != nil {
		return holder{}
	}
	return holder{actor, own, delivery}
}

// noteHolder notes that a server may hold some articles, so that corrections and
// withdrawals go there, too. If one is withdrawn already, the actor is told: their
// message may have been under way when it was.
func (s *Server) noteHolder(tx *storage.Tx, by holder, articles ...press.ArticleID) error {
	for _, id := range articles {
		if id == "" || by.own == "" {
			continue
		}
		_, err := tx.PublicArticle(id)
		switch {
		case err == nil:
			err = tx.AddHolder(s.holds(by, id))
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

// holds is what the server of an actor is noted to hold.
func (s *Server) holds(by holder, article press.ArticleID) deliveries.Holder {
	return deliveries.Holder{
		Source: s.authorActor().source, Inbox: by.delivery, Article: article,
		Domain: moderation.Domain(press.HostOf(by.delivery), s.Loopback),
	}
}

// tellWithdrawal sends one actor the Delete that everybody else was sent.
func (s *Server) tellWithdrawal(tx *storage.Tx, to holder, id press.ArticleID) error {
	entries, err := tx.EntriesOf(id)
	if err != nil {
		return err
	}
	last := entries[len(entries)-1] // nothing follows a withdrawal
	said, err := entryStatement(tx, last)
	if err != nil {
		return err
	}
	activity, err := s.author().activity(delivery.Delete, last, said)
	if err != nil {
		return err
	}
	d, err := directed(activity, deliveries.Directed{Source: s.authorActor().source, Recipient: to.actor, Inbox: to.own})
	if err != nil {
		return err
	}
	// The same activity may be waiting for others, and for this actor from before.
	d.ID += "#" + press.RandomToken()
	return tx.Direct(d)
}

func withdrawn(err error) bool {
	var gone *press.WithdrawnError
	return errors.As(err, &gone)
}

func nothingThere(err error) bool { return errors.Is(err, press.ErrNotFound) || withdrawn(err) }
