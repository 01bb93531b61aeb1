package answers

import (
	"context"
	"fmt"

	"communique/cmd/internal/newsroom"
	"communique/federation"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
)

// Decide decides on replies and quotes, all or none: what is approved is shown on its
// article's page, what is rejected is not, and what is pending waits again. To reject a quote
// takes its permission back, for good. One that was edited or taken away since is
// press.ErrNotFound; one that cannot be decided so is press.ErrConflict.
func Decide(ctx context.Context, d newsroom.Desk, state audience.ReplyState, tokens ...string) error {
	return d.Together(ctx, func(d newsroom.Desk) error {
		for _, token := range tokens {
			err := d.Act(ctx, "reply "+string(state), token, func(tx *storage.Tx) error { return decide(tx, d, token, state) })
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func decide(tx *storage.Tx, d newsroom.Desk, token string, state audience.ReplyState) error {
	answer, err := named(tx, d, token)
	if err != nil {
		return err
	}
	r := answer.Reply
	switch {
	case !r.Quotes:
		_, err := tx.DecideReply(token, state)
		return err
	case state != audience.ReplyRejected:
		return fmt.Errorf("%w: %s is a quote, which needs no approval; what was taken back is not given again", press.ErrConflict, token)
	}
	permission, had, err := tx.RejectQuoting(token)
	if err != nil || !had {
		return err
	}
	return federation.TakeBackQuote(tx, d.Site, d.Actor, permission)
}
