package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"communique/storage/press"
)

// ErrNotVacant is that a database has something in it which a copy would mix with.
var ErrNotVacant = errors.New("there is something in it already")

// Copying is how far a copy is.
type Copying struct {
	// Checking is whether all rows are there, and are read again on both sides.
	Checking bool
	// Done and Total are rows.
	Done, Total int
}

// Copy copies everything from one store, which says by [Moving] that it is on the move,
// to one with nothing in it; one of the two is on the embedded engine. It goes on where
// an earlier copy of the same move was interrupted. At the end both are read again, row
// by row, and must be the same. The rows of the source must not change meanwhile. The
// terms of searches, which each engine keeps in its own way, are made anew by
// [Store.RunIndex] of the new store. It returns [ErrNotVacant] if another thing is in the
// store that is copied to.
func Copy(ctx context.Context, from, to *Store, told func(Copying)) error {
	c, err := newCopier(ctx, from, to, told)
	if err != nil {
		return err
	}
	begun, err := c.begin(ctx)
	if err != nil {
		return err
	}
	if begun.Done {
		c.told(Copying{Checking: true, Done: c.now.Total, Total: c.now.Total})
		return nil
	}
	for _, t := range c.tables {
		if err := c.copy(ctx, t); err != nil {
			return fmt.Errorf("copy table %s: %w", t.name, err)
		}
	}
	c.now = Copying{Checking: true, Total: c.now.Total}
	for _, t := range c.tables {
		if err := c.check(ctx, t); err != nil {
			return err
		}
	}
	return c.finish(ctx)
}

// CopyTakes estimates how long [Copy] takes at most, unless it was begun already: by how
// long it takes to write a few rows, which it takes back again.
func CopyTakes(ctx context.Context, from, to *Store) (rows int, estimate time.Duration, err error) {
	c, err := newCopier(ctx, from, to, func(Copying) {})
	if err != nil {
		return 0, 0, err
	}
	var bytes float64
	for _, t := range c.tables {
		first, err := c.next(ctx, t, nil)
		if err != nil {
			return 0, 0, err
		}
		if len(first) > 0 {
			bytes += float64(weigh(first)) / float64(len(first)) * float64(c.rows[t.name])
		}
	}
	tried, took, err := c.try(ctx)
	if err != nil || tried.rows == 0 {
		return c.now.Total, 0, err
	}
	const readAgain = 2 // on both sides
	times := float64(c.now.Total)/float64(tried.rows) + bytes/float64(tried.bytes)
	return c.now.Total, time.Duration(float64(took) * times * readAgain), nil
}

type copier struct {
	from, to *Store
	tables   []table
	rows     map[string]int // by table, in the source
	move     Moving         // as the source says
	now      Copying
	told     func(Copying)
}

func newCopier(ctx context.Context, from, to *Store, told func(Copying)) (*copier, error) {
	c := &copier{from: from, to: to, told: told, rows: map[string]int{}}
	embedded := from
	if embedded.tables == "" {
		embedded = to
	}
	err := embedded.View(ctx, func(tx *Tx) (err error) {
		c.tables, err = readTables(tx.db, embedded.tables)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read which tables there are: %w", err)
	}
	err = from.View(ctx, func(tx *Tx) (err error) {
		if c.move, err = tx.Moving(); err != nil && !errors.Is(err, press.ErrNotFound) {
			return err
		}
		for _, t := range c.tables {
			rows, err := t.count(tx.db)
			if err != nil {
				return err
			}
			c.rows[t.name] = rows
			c.now.Total += rows
		}
		return nil
	})
	return c, err
}

// errTried ends a transaction of which nothing is to stand.
var errTried = errors.New("that was enough to see how fast it goes")

// tryFor is how long rows are written to see how fast that goes.
const tryFor = time.Second

// amount is how much was written.
type amount struct {
	rows  int
	bytes int64
}

// try copies rows of tables that refer to no other, and takes them back.
func (c *copier) try(ctx context.Context) (tried amount, took time.Duration, err error) {
	began := time.Now()
	err = c.to.Update(ctx, func(target *Tx) error {
		tried = amount{}
		if _, err := c.begun(target); err == nil {
			return errTried // some are there, and cannot be put aside
		} else if !errors.Is(err, press.ErrNotFound) {
			return err
		}
		for _, t := range c.tables {
			if len(t.parents) > 0 || t.name == factsTable || time.Since(began) > tryFor {
				continue
			}
			rows, err := c.next(ctx, t, nil)
			if err == nil {
				err = errors.Join(target.db.Exec(`DELETE FROM `+t.quoted()), t.insert(target.db, rows))
			}
			if err != nil {
				return err
			}
			tried.rows += len(rows)
			tried.bytes += weigh(rows)
		}
		took = time.Since(began)
		return errTried
	})
	if errors.Is(err, errTried) {
		err = nil
	}
	return tried, took, err
}

// next are the rows of a table in the source behind a key.
func (c *copier) next(ctx context.Context, t table, after []any) (rows [][]any, err error) {
	err = c.from.View(ctx, func(tx *Tx) error {
		rows, err = t.read(tx.db, after)
		return err
	})
	return rows, err
}

// begin prepares the store that is copied to, or finds how far a copy there is.
func (c *copier) begin(ctx context.Context) (begun Moving, err error) {
	if c.move.Token == "" {
		return begun, errors.New("the store does not say that it is on the move")
	}
	err = c.to.Update(ctx, func(tx *Tx) error {
		begun, err = c.begun(tx)
		if !errors.Is(err, press.ErrNotFound) {
			return err
		}
		if err := c.replace(ctx, tx); err != nil {
			return err
		}
		begun = Moving{Token: c.move.Token, At: tx.Now()}
		return writeMove(tx, factMovedFrom, begun)
	})
	return begun, err
}

// replace puts rows of the source in the place of those that the schema itself has put
// into tables. The store cannot be opened without them.
func (c *copier) replace(ctx context.Context, tx *Tx) error {
	var filled []table
	for _, t := range slices.Backward(c.tables) {
		rows, err := t.count(tx.db)
		if err == nil && rows > 0 {
			filled = append(filled, t)
			err = t.empty(tx.db)
		}
		if err != nil {
			return err
		}
	}
	for _, t := range slices.Backward(filled) {
		rows, err := c.next(ctx, t, nil)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			continue
		}
		if err := errors.Join(t.insert(tx.db, rows), writePlace(tx, t, t.key(rows[len(rows)-1]))); err != nil {
			return err
		}
	}
	return nil
}

// begun is what the store that is copied to says of this move. It returns
// press.ErrNotFound if there is nothing in it.
func (c *copier) begun(tx *Tx) (Moving, error) {
	begun, err := tx.ComesFrom()
	switch {
	case err == nil && begun.Token != c.move.Token:
		return begun, fmt.Errorf("%w: what was copied from another database, or by another move", ErrNotVacant)
	case errors.Is(err, press.ErrNotFound):
		if occupied := vacant(tx); occupied != nil {
			return begun, occupied
		}
	}
	return begun, err
}

// vacant refuses a database that holds an installation.
func vacant(tx *Tx) error {
	head, err := tx.Head()
	if err != nil {
		return err
	}
	facts := 0
	if err := tx.db.Row(`SELECT COUNT(*) FROM facts WHERE name <> $1`, factHistory).Scan(&facts); err != nil {
		return err
	}
	if head.Seq > 0 || facts > 0 {
		return fmt.Errorf("%w: an installation", ErrNotVacant)
	}
	return nil
}

// copy copies what is missing of a table. How far it is stands beside the rows.
func (c *copier) copy(ctx context.Context, t table) error {
	var after []any
	err := c.to.View(ctx, func(tx *Tx) (err error) {
		if after, err = readPlace(tx, t); err != nil || after == nil {
			return err
		}
		rows, err := t.count(tx.db)
		c.now.Done += rows
		return err
	})
	for err == nil {
		var rows [][]any
		if rows, err = c.next(ctx, t, after); err != nil || len(rows) == 0 {
			return err
		}
		after = t.key(rows[len(rows)-1])
		err = c.to.Update(ctx, func(tx *Tx) error {
			if err := t.insert(tx.db, rows); err != nil {
				return err
			}
			return writePlace(tx, t, after)
		})
		c.now.Done += len(rows)
		c.told(c.now)
	}
	return err
}

// check reads a table on both sides.
func (c *copier) check(ctx context.Context, t table) error {
	var sums [2]sum
	for i, store := range []*Store{c.from, c.to} {
		s, err := t.sum(ctx, store)
		if err != nil {
			return fmt.Errorf("read table %s again: %w", t.name, err)
		}
		sums[i] = s
	}
	if sums[0] != sums[1] {
		return fmt.Errorf("table %s is not the same on both sides, %d rows and %d, as if something was written meanwhile: empty the new database and copy again", t.name, sums[0].rows, sums[1].rows)
	}
	c.now.Done += sums[0].rows
	c.told(c.now)
	return nil
}

// finish says on the new side that all is there.
func (c *copier) finish(ctx context.Context) error {
	return c.to.Update(ctx, func(tx *Tx) error {
		if _, err := tx.db.TakeFacts(factPlace); err != nil {
			return err
		}
		if err := tx.IndexAgain(); err != nil {
			return err
		}
		return writeMove(tx, factMovedFrom, Moving{Token: c.move.Token, At: tx.Now(), Done: true})
	})
}

// sum is what a table holds.
type sum struct {
	rows   int
	digest [32]byte
}
