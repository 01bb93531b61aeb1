package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"communique/storage/press"
)

// factHistory names the server that the database was written on last, and which of
// its histories that was.
const factHistory = "history"

// ContinueIn notes that the database stands on a server in a history, which is another
// after each promotion of a standby and each recovery. What was said since may be
// missing then, so that the log goes on after a gap. On another server the database was
// put back from a copy, and waits for [Tx.ConfirmRestore]: see [Tx.Reopen]. It reports
// what the history was before, where that was another one.
func (s *Store) ContinueIn(ctx context.Context, server, history string) (before string, err error) {
	now := server + "/" + history
	is := ""
	err = s.View(ctx, func(tx *Tx) error {
		is, err = tx.Fact(factHistory)
		return err
	})
	if is == now || err != nil && !errors.Is(err, press.ErrNotFound) {
		return "", err
	}
	err = s.Update(ctx, func(tx *Tx) error {
		before, err = tx.continueIn(server, now)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("go on in another history of the database: %w", err)
	}
	return before, nil
}

func (tx *Tx) continueIn(server, now string) (before string, err error) {
	before, err = tx.Fact(factHistory)
	switch of, _, _ := strings.Cut(before, "/"); {
	case errors.Is(err, press.ErrNotFound):
		return "", tx.SetFact(factHistory, now)
	case err != nil:
		return "", err
	case before == now: // somebody else was quicker
		return "", nil
	case of != server:
		_, err = tx.Reopen()
	default:
		_, err = tx.log.JumpAhead()
	}
	return before, errors.Join(err, tx.SetFact(factHistory, now))
}
