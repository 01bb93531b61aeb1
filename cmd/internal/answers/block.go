package answers

import (
	"context"
	"fmt"

	"communique/cmd/internal/newsroom"
	"communique/federation"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/people"
	"communique/storage/press"
)

// Blocked is what blocks did.
type Blocked struct {
	Fresh, Known int // blocked newly, and already
	audience.Applied
}

// ErrCosts is that a block would cost more followers than somebody has agreed to. It is
// press.ErrConflict.
var ErrCosts = fmt.Errorf("%w: it costs more followers", press.ErrConflict)

// Block stores blocks and removes what the blocked servers and actors have here, unless
// those are more than most followers, who do not come back: [ErrCosts] then, and nothing is
// done.
func Block(ctx context.Context, d newsroom.Desk, blocks []audience.Block, most int) (done Blocked, err error) {
	if err := mayBlock(d); err != nil {
		return done, err
	}
	subject := fmt.Sprintf("%d servers and actors", len(blocks))
	if len(blocks) == 1 {
		subject = blocks[0].Subject
	}
	err = d.Act(ctx, "blocked", subject, func(tx *storage.Tx) error {
		done = Blocked{}
		for _, b := range blocks {
			fresh, err := tx.AddBlock(b)
			if err != nil {
				return err
			}
			if fresh {
				done.Fresh++
			} else {
				done.Known++
			}
		}
		var err error
		if done.Applied, err = federation.ApplyBlocks(tx, d.Site, d.Actor); err != nil {
			return err
		}
		if done.Followers > most {
			return fmt.Errorf("%w: by this %d accounts follow no longer, which do not come back by themselves; nothing was blocked", ErrCosts, done.Followers)
		}
		return nil
	})
	return done, err
}

// Cost is how many accounts would follow no longer by a block.
func Cost(ctx context.Context, d newsroom.Desk, b audience.Block) (accounts int, err error) {
	if err := mayBlock(d); err != nil {
		return 0, err
	}
	return accounts, d.Store.View(ctx, func(tx *storage.Tx) error {
		accounts, err = tx.FollowersUnder(b)
		return err
	})
}

// Unblock ends a block; one that there is not is press.ErrNotFound.
func Unblock(ctx context.Context, d newsroom.Desk, subject string) error {
	if err := mayBlock(d); err != nil {
		return err
	}
	return d.Act(ctx, "block ended", subject, func(tx *storage.Tx) error { return tx.RemoveBlock(subject) })
}

// Dismiss takes away a report that needs no more attention.
func Dismiss(ctx context.Context, d newsroom.Desk, id string) error {
	if err := mayBlock(d); err != nil {
		return err
	}
	return d.Act(ctx, "report dismissed", id, func(tx *storage.Tx) error { return tx.RemoveFlag(id) })
}

// mayBlock is that the desk's person is an operator, or works on the machine of the site.
func mayBlock(d newsroom.Desk) error {
	if d.Person.ID == "" && d.Author.Via == newsroom.CommandLine || d.Person.MayAnywhere(people.Operator) {
		return nil
	}
	return fmt.Errorf("%w: it takes %s", newsroom.ErrMayNot, people.Operator)
}
