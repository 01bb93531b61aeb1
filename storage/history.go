package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// factHistory names where the database was written on last.
const factHistory = "history"

// whereabouts are those of a database: its server, the history of that one, and which
// database it is there. Older versions did not note the last.
type whereabouts struct{ server, history, database string }

func whereaboutsOf(text string) (w whereabouts) {
	parts := strings.SplitN(text, "/", 3)
	for i, into := range []*string{&w.server, &w.history, &w.database} {
		if i < len(parts) {
			*into = parts[i]
		}
	}
	return w
}

// moves are what this process knows of where the database stands.
type moves struct {
	mu    sync.Mutex
	known string // empty: nothing yet
	told  func(before, now string)
}

// OnMove has fn called whenever it turns out that the database stands elsewhere than this
// process knew. By then the log goes on as it must there: see [Store.ContinueAt].
func (s *Store) OnMove(fn func(before, now string)) {
	s.moves.mu.Lock()
	defer s.moves.mu.Unlock()
	s.moves.told = fn
}

// first knows where the database stands if nothing was known, and returns what was.
func (m *moves) first(now string) (before string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	before = m.known
	if before == "" {
		m.known = now
	}
	return before
}

func (m *moves) at(now string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	before := m.known
	m.known = now
	if m.told != nil && before != "" && before != now {
		go m.told(before, now) // whoever is told may look at the database
	}
}

// ContinueAt has all that follows be written where the database stands now. What was said
// since may be missing there, so that the log goes on after a gap: in another history of
// its server, as after each promotion of a standby and each recovery, and on another
// server or in another database, where it was put back from a copy and waits for
// [Tx.ConfirmRestore]: see [Tx.Reopen]. Whatever else is written on a connection that
// leads there comes behind.
func (s *Store) ContinueAt(ctx context.Context, now string) error {
	if s.moves.first(now) == now {
		return nil
	}
	s.db.Renew() // whatever was connected before leads elsewhere
	return s.goOn(ctx)
}

// continueHere is ContinueAt where the database stands as it is opened: nobody looks at
// it before.
func (s *Store) continueHere(ctx context.Context) error {
	var now, noted string
	err := s.View(ctx, func(tx *Tx) (err error) {
		if err := tx.db.Row(s.leads).Scan(&now); err != nil {
			return fmt.Errorf("ask where the database stands: %w", err)
		}
		noted, err = tx.Fact(factHistory)
		return err
	})
	if err != nil && !errors.Is(err, press.ErrNotFound) {
		return err
	}
	s.moves.first(now)
	if noted == now {
		return nil
	}
	return s.goOn(ctx)
}

// goOn has what comes first on a connection be done: see [Store.arrived].
func (s *Store) goOn(ctx context.Context) error {
	if err := s.Update(ctx, func(*Tx) error { return nil }); err != nil {
		return fmt.Errorf("go on where the database stands: %w", err)
	}
	return nil
}

// arrived is what comes first on a connection; see [kernel.DB.OnConnection].
func (s *Store) arrived(db *kernel.Tx) (stands func(), err error) {
	machines := s.clock.Now() // at the same moment as the transaction's
	var now string
	if err := db.Row(s.leads).Scan(&now); err != nil {
		return nil, fmt.Errorf("ask where the database stands: %w", err)
	}
	tx := s.tx(db)
	moved, err := tx.continueAt(now)
	if err != nil {
		return nil, fmt.Errorf("go on in another history of the database: %w", err)
	}
	head, err := s.fillGap(tx)
	if err != nil {
		return nil, fmt.Errorf("compare the log with what was seen of it: %w", err)
	}
	if err := s.doubtClock(tx, now, moved, machines); err != nil {
		return nil, fmt.Errorf("compare the clock of the database's server: %w", err)
	}
	return func() {
		s.memory.set(head)
		s.moves.at(now)
	}, nil
}

func (tx *Tx) continueAt(now string) (moved bool, err error) {
	noted, err := tx.Fact(factHistory)
	if errors.Is(err, press.ErrNotFound) {
		return false, tx.SetFact(factHistory, now)
	}
	if err != nil || noted == now {
		return false, err
	}
	before, after := whereaboutsOf(noted), whereaboutsOf(now)
	switch {
	case before.server != after.server, before.database != "" && before.database != after.database:
		moved = true
		_, err = tx.Reopen()
	case before.history != after.history:
		moved = true
		_, err = tx.log.JumpAhead(0)
		err = errors.Join(err, tx.EndAll(), tx.RecallPlans()) // it may be one of before somebody was removed
	}
	return moved, errors.Join(err, tx.SetFact(factHistory, now))
}

// doubtClock holds embargoes if the clock that they end by is another one than before and
// tells another time: nobody can tell which of the two is right. It is held against what
// this process knows of the clock before, or against the machine's own if it knows
// nothing; and never says less than when somebody committed last.
func (s *Store) doubtClock(tx *Tx, leads string, moved bool, machines time.Time) error {
	if !s.db.Foreign() {
		return nil
	}
	var micros int64
	if err := tx.db.Row(s.last).Scan(&micros); err != nil {
		return err
	}
	said := tx.Now()
	if back := time.UnixMicro(micros).Sub(said); back > maxStep {
		return tx.HoldEmbargoes(fmt.Sprintf("the clock of the database's server went back by %s", back.Round(time.Second)))
	}
	if !moved {
		return nil
	}
	expected := machines
	if known := s.moves.first(leads); known != leads && !tx.db.Expected().IsZero() {
		expected = tx.db.Expected()
	}
	if step := said.Sub(expected); step.Abs() > maxStep {
		return tx.HoldEmbargoes(fmt.Sprintf("the clock of the database's server is another one than before, and %s off from it", step.Round(time.Second)))
	}
	return nil
}
