package federation

import (
	"context"
	"errors"
	"time"

	"communique/federation/remote"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
)

const (
	// looksAtOnce is how many replies are looked at in a minute, and looksOfHost how
	// many of one server.
	looksAtOnce = 20
	looksOfHost = 3
	lookFor     = 10 * time.Second
)

// RunReplyLooks looks now and then whether the replies on our pages are still where
// they were written, until ctx ends. Not every server tells us of a deletion: snac2
// tells followers and those mentioned alone.
func (s *Server) RunReplyLooks(ctx context.Context) {
	s.Store.Tidy(ctx, cleanUpEvery, s.lookAtReplies, func(err error) {
		if err != nil {
			s.Log.Warn("looking whether replies are still there failed, will retry", "error", err)
		}
	})
}

// lookAtReplies looks at those that are due. That it does is written down before the
// first is asked for, so that a process that dies again and again bothers nobody.
func (s *Server) lookAtReplies(ctx context.Context) error {
	var due []audience.Reply
	err := s.Store.Update(ctx, func(tx *storage.Tx) (err error) {
		due, err = tx.DueLooks(looksAtOnce, looksOfHost, func(r audience.Reply) string { return press.HostOf(r.ID) })
		return err
	})
	for _, r := range due {
		if err == nil {
			err = s.lookAtReply(ctx, r)
		}
	}
	return err
}

// lookAtReply fetches a reply. One that is gone leaves the page; one that was edited
// without a word to us is treated as if we had been told.
func (s *Server) lookAtReply(ctx context.Context, r audience.Reply) error {
	began := s.Store.Now() // a deletion that comes meanwhile is newer than what is fetched
	bounded, cancel := context.WithTimeout(remote.WithBudget(ctx, maxFetches), lookFor)
	defer cancel()
	note, err := s.remote.FetchNote(bounded, r.ID)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil && note.AttributedTo == r.Actor {
		if err := s.Store.Update(ctx, func(tx *storage.Tx) error { return tx.Found(r) }); err != nil {
			return err
		}
		if err := s.note(bounded, note, began, audience.Original{}); err != nil {
			s.Log.Debug("a reply that is still there could not be read anew", "reply", r.ID, "error", err)
		}
		return nil
	}
	return s.Store.Update(ctx, func(tx *storage.Tx) error {
		gone := errors.Is(err, remote.ErrGone) || errors.Is(err, remote.ErrNotFound)
		if !gone {
			missing, err := tx.NotFound(r)
			if errors.Is(err, press.ErrNotFound) {
				return nil // it was deleted meanwhile
			}
			if err != nil {
				return err
			}
			gone = missing
		}
		if !gone {
			return nil
		}
		return tx.RemoveReply(r.Actor, r.ID, began)
	})
}
