package storage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"communique/storage/press"
)

// Indexing goes in small transactions with a pause between them, so that an
// editor who publishes meanwhile does not notice.
const (
	indexBatch = 100
	indexPause = 20 * time.Millisecond
	// indexWait is the pause when another process keeps the database, or the
	// disk is full.
	indexWait = 10 * time.Second
)

// RunIndex takes the backlog of the indexes in, once it is for this program to do
// ([Indexing]), and returns when nothing is left
// or ctx ends. Meanwhile everything works; a search finds what is in.
func (s *Store) RunIndex(ctx context.Context, log *slog.Logger) error {
	s.await(ctx, Indexing)
	behind := "" // which manuscript
	for total := 0; ; {
		var taken int
		var last string
		pause := indexPause
		err := s.Update(ctx, func(tx *Tx) (err error) {
			taken, last, err = tx.indexMore(behind)
			return err
		})
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, press.ErrBusy), errors.Is(err, press.ErrFull):
			log.Warn("indexing older articles waits", "error", err)
			pause = indexWait
		case err != nil:
			return fmt.Errorf("index older articles: %w", err)
		case last != "":
			behind = last
		case taken < indexBatch:
			if total += taken; total > 0 {
				log.Info("older articles can be searched now", "articles", total)
			}
			return nil
		default:
			total += taken
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}

// indexMore takes in manuscripts behind one, of which the last is told, or then articles.
func (tx *Tx) indexMore(behind string) (articles int, last string, err error) {
	if partial, err := tx.IndexIsPartial(); err != nil || !partial {
		return 0, "", err
	}
	if last, err = tx.IndexManuscripts(behind, indexBatch); err != nil || last != "" {
		return 0, last, err
	}
	articles, err = tx.IndexBacklog(indexBatch)
	return articles, "", err
}

// MergeIndexes puts together what the indexes of words are kept in, which grows apart with each
// text, in small transactions with a pause between them.
func (s *Store) MergeIndexes(ctx context.Context) error {
	for {
		var did bool
		err := s.Update(ctx, func(tx *Tx) (err error) {
			if did, err = tx.MergeArticleIndexes(); err != nil || did {
				return err
			}
			did, err = tx.MergeManuscriptIndexes()
			return err
		})
		if err != nil || !did {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(indexPause):
		}
	}
}
