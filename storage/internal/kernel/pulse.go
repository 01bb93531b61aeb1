package kernel

import (
	"context"
	"errors"
	"fmt"
	"time"

	"communique/storage/press"
)

// Pulse bounds how long a server may be silent. Without it, as for an engine within
// this process, nothing is bounded.
type Pulse struct {
	// Every is the pause after which there is a look whether the server is there,
	// Answer how long that may take. What waits is given up after both together.
	Every, Answer time.Duration
}

// errSilent is why what waits for a server is given up.
var errSilent = fmt.Errorf("%w: its server does not answer", press.ErrAway)

// brief bounds what a server answers at once or not at all.
func (p Pulse) brief(ctx context.Context) (context.Context, context.CancelFunc) {
	if p.Answer == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, p.Answer)
}

// guard returns the context for the statements of a transaction until stop is called.
// A statement that takes long and one whose answer never comes look the same; so
// while it lasts the server is asked for something else, and if that finds no answer
// either, the context ends. It ends neither with ctx, unless the statement lasts for
// long: a client that hangs up would cost its connection, and a new one costs more
// than the rest of most statements.
func (db *DB) guard(ctx context.Context) (guarded context.Context, stop func()) {
	if db.dialect.Pulse.Every == 0 {
		return ctx, func() {}
	}
	guarded, end := context.WithCancelCause(context.WithoutCancel(ctx))
	go func() {
		ticker := time.NewTicker(db.dialect.Pulse.Every)
		defer ticker.Stop()
		for {
			select {
			case <-guarded.Done():
				return
			case <-ticker.C:
			}
			if err := ctx.Err(); err != nil {
				end(err)
				return
			}
			if err := db.answers(guarded); err != nil && guarded.Err() == nil {
				end(fmt.Errorf("%w: %w", errSilent, err))
				db.readers.drop()
				return
			}
		}
	}()
	return guarded, func() { end(nil) }
}

// answers looks whether the server is there. A connection that was broken with a word is
// no silence: there may be another one.
func (db *DB) answers(ctx context.Context) error {
	began := time.Now()
	err := db.state.refresh(ctx, db.reader)
	if err != nil && time.Since(began) < db.dialect.Pulse.Answer/2 {
		err = db.state.refresh(ctx, db.reader)
	}
	return err
}

// givenUp says why an error came to be in a context that [DB.guard] ended because
// of the server: the error itself tells of a context that nobody else knows.
func givenUp(guarded context.Context, err error) error {
	if cause := context.Cause(guarded); err != nil && errors.Is(cause, errSilent) && !errors.Is(err, errSilent) {
		return fmt.Errorf("%w (%v)", cause, err) //nolint:errorlint // nobody knows the context that it speaks of
	}
	return err
}
