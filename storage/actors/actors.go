package actors

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
	"communique/storage/publog"
)

// Alias is another account of an actor of ours, on another server.
type Alias struct {
	ID     string // of the account
	Handle string // as it was named, may be the id
}

// State is what is known of an actor of ours beside its configuration.
type State struct {
	Aliases []Alias
	// MovedTo is the id of the account that followers were sent to, or empty;
	// Moved when that was last done, also if it was taken back.
	MovedTo string
	Moved   time.Time
	// Updated is when its followers were last told of a change; zero before.
	Updated time.Time
}

// AliasIDs are the ids of the aliases.
func (s State) AliasIDs() []string {
	var ids []string
	for _, a := range s.Aliases {
		ids = append(ids, a.ID)
	}
	return ids
}

// ActorState reads the state of an actor, by its user name.
func (tx *Tx) ActorState(name string) (State, error) {
	var s State
	err := tx.db.Each(func(scan func(...any) error) error {
		var a Alias
		err := scan(&a.ID, &a.Handle)
		s.Aliases = append(s.Aliases, a)
		return err
	}, `SELECT alias, handle FROM actor_aliases WHERE actor = $1 ORDER BY alias`, name)
	var moved, updated int64
	if err == nil {
		err = tx.db.Row(`SELECT COALESCE(MAX(target), ''), COALESCE(MAX(at), 0), COALESCE((
				SELECT at FROM entries WHERE actor = $1 AND actor <> '' ORDER BY seq DESC LIMIT 1), 0)
			FROM actor_moves WHERE actor = $1`, name).Scan(&s.MovedTo, &moved, &updated)
	}
	if err != nil {
		return s, fmt.Errorf("read the state of actor %s: %w", name, err)
	}
	s.Moved, s.Updated = kernel.Instant(moved), kernel.Instant(updated)
	return s, nil
}

// AppendActor records that an actor's profile or key changed; its followers
// are told. One that has moved says that again with it.
func (tx *Tx) AppendActor(name string) (press.Entry, error) {
	kind := press.KindActor
	s, err := tx.ActorState(name)
	if err == nil && s.MovedTo != "" {
		kind = press.KindMoved
	}
	if err != nil {
		return press.Entry{}, err
	}
	return tx.log.Append(press.Entry{Kind: kind, Actor: name})
}

// AddAlias says that an actor is also another account, which may then send its
// followers here. It returns press.ErrConflict if the alias is there already.
func (tx *Tx) AddAlias(actor string, a Alias) (press.Entry, error) {
	if err := tx.log.Lock(); err != nil {
		return press.Entry{}, err
	}
	err := tx.mustChange(press.ErrConflict, "@%s is also %s already", []any{actor, a.ID},
		`INSERT INTO actor_aliases (actor, alias, handle) VALUES ($1, $2, $3) ON CONFLICT (actor, alias) DO NOTHING RETURNING 1`,
		actor, a.ID, a.Handle)
	if err != nil {
		return press.Entry{}, fmt.Errorf("add an alias: %w", err)
	}
	return tx.AppendActor(actor)
}

// RemoveAlias takes back an alias, named by its id or as it was named when it
// was added. It returns press.ErrNotFound if there is none.
func (tx *Tx) RemoveAlias(actor, ref string) (press.Entry, error) {
	if err := tx.log.Lock(); err != nil {
		return press.Entry{}, err
	}
	err := tx.mustChange(press.ErrNotFound, "@%s has no alias %s", []any{actor, ref},
		`DELETE FROM actor_aliases WHERE actor = $1 AND (alias = $2 OR handle = $2) RETURNING 1`, actor, ref)
	if err != nil {
		return press.Entry{}, fmt.Errorf("remove an alias: %w", err)
	}
	return tx.AppendActor(actor)
}

// moveEvery is how far apart moves are: Mastodon takes one in seven days
// (INTEROP C8).
const moveEvery = 7 * 24 * time.Hour

// MoveActor sends an actor's followers to another account. From then on nothing
// new goes out to them or to later followers; corrections and withdrawals of what
// they have do. It returns press.ErrConflict for a second move, and for one within
// seven days of the last.
func (tx *Tx) MoveActor(actor, target string) (press.Entry, error) {
	if err := tx.log.Lock(); err != nil {
		return press.Entry{}, err
	}
	if err := tx.MayMove(actor); err != nil {
		return press.Entry{}, err
	}
	err := tx.db.Exec(`INSERT INTO actor_moves (actor, target, at) VALUES ($1, $2, $3)
		ON CONFLICT (actor) DO UPDATE SET target = excluded.target, at = excluded.at`, actor, target, kernel.Micros(tx.db.Now()))
	if err != nil {
		return press.Entry{}, fmt.Errorf("move actor %s: %w", actor, err)
	}
	e, err := tx.AppendActor(actor)
	if err != nil {
		return e, err
	}
	return e, tx.ledger.Mute(publog.ActorSource(actor), e.Seq)
}

// MayMove returns press.ErrConflict, with the reason, if an actor cannot move now.
func (tx *Tx) MayMove(actor string) error {
	s, err := tx.ActorState(actor)
	switch {
	case err != nil:
		return err
	case s.MovedTo != "":
		return fmt.Errorf("%w: @%s has moved to %s already", press.ErrConflict, actor, s.MovedTo)
	case !s.Moved.IsZero() && tx.db.Now().Sub(s.Moved) < moveEvery:
		return fmt.Errorf("%w: @%s moved at %s, and other servers take one move in seven days",
			press.ErrConflict, actor, s.Moved.Format(time.RFC3339))
	}
	return nil
}

// CancelMove takes a move back: the actor speaks again to the followers who have
// stayed. It returns press.ErrConflict if the actor has not moved.
func (tx *Tx) CancelMove(actor string) (press.Entry, error) {
	if err := tx.log.Lock(); err != nil {
		return press.Entry{}, err
	}
	err := tx.mustChange(press.ErrConflict, "@%s has not moved", []any{actor},
		`UPDATE actor_moves SET target = '' WHERE actor = $1 AND target <> '' RETURNING 1`, actor)
	if err != nil {
		return press.Entry{}, fmt.Errorf("take back a move: %w", err)
	}
	e, err := tx.AppendActor(actor)
	if err != nil {
		return e, err
	}
	return e, tx.ledger.Unmute(publog.ActorSource(actor), e.Seq)
}

// mustChange runs a statement that returns a row if it changed one; otherwise it
// returns an error with what it says.
func (tx *Tx) mustChange(otherwise error, format string, of []any, query string, args ...any) error {
	err := tx.db.Row(query, args...).Scan(new(int))
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%w: "+format, append([]any{otherwise}, of...)...)
	}
	return err
}
