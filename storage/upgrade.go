package storage

import (
	"context"
	"os"
	"sync"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/migrations"
)

// Upgrade is how far a database is that is brought up to date for this program.
type Upgrade struct {
	// Copying is set while the database is copied, before the first step.
	Copying bool
	// Step is the one that is being taken, from 1 on, of all that are to be taken.
	Step, Steps int
	// Done is how many rows the step has filled, of All, or how many bytes are copied; All
	// is 0 where that cannot be told.
	Done, All int64
}

// upgradeWatch is the key of a context's watch.
type upgradeWatch struct{}

// WatchUpgrade has watch called within the context, while a database is opened that is to be
// brought up to date: at the begin of each step and at each row that is filled, inside the
// step's transaction, which waits for it. Where the context has such a watch already, that one
// is called after it. Nothing is called for a database that is up to date.
func WatchUpgrade(ctx context.Context, watch func(Upgrade)) context.Context {
	outer, _ := ctx.Value(upgradeWatch{}).(func(Upgrade))
	return context.WithValue(ctx, upgradeWatch{}, func(u Upgrade) {
		watch(u)
		if outer != nil {
			outer(u)
		}
	})
}

// upgradeBefore is the key of what a context's upgrades begin with.
type upgradeBefore struct{}

// BeforeUpgrade has before called within the context while a database is opened that is to be
// brought up to date from an earlier schema: before the first step, and not for a new one. If
// it returns an error, so does the opening, and the database is as it was.
func BeforeUpgrade(ctx context.Context, before func(ctx context.Context, found int) error) context.Context {
	return context.WithValue(ctx, upgradeBefore{}, before)
}

// beginUpgrade does what is to be done before an upgrade.
func beginUpgrade(ctx context.Context, found int) error {
	before, is := ctx.Value(upgradeBefore{}).(func(context.Context, int) error)
	if !is || found == 0 {
		return nil
	}
	return before(ctx, found)
}

// TellUpgrade tells those who watch how far a database is.
func TellUpgrade(ctx context.Context, u Upgrade) {
	if watch, watched := ctx.Value(upgradeWatch{}).(func(Upgrade)); watched {
		watch(u)
	}
}

// tellEvery is how often those who wait are told how far a copy is.
const tellEvery = 200 * time.Millisecond

// TellCopying tells how far the copy of a database is, until copied is called: what copies says
// nothing, but its file grows. size is how large it becomes at most; 0 if that is not known.
func TellCopying(ctx context.Context, size int64, file string) (copied func()) {
	at := Upgrade{Copying: true, All: size}
	TellUpgrade(ctx, at)
	ctx, cancel := context.WithCancel(ctx)
	var telling sync.WaitGroup
	telling.Go(func() {
		Every(ctx, tellEvery, func(ctx context.Context) error {
			info, err := os.Stat(file)
			if err == nil {
				at.Done = min(info.Size(), at.All)
				TellUpgrade(ctx, at)
			}
			return err
		}, func(error) {}) // the copying fails, too
	})
	return func() {
		cancel()
		telling.Wait()
	}
}

// filling is a transaction whose filled rows are counted.
type filling struct {
	*kernel.Tx
	filled func()
}

// Filled counts one more row.
func (f filling) Filled() { f.filled() }

// fill makes the rows of a step, and tells of each.
func fill(ctx context.Context, tx *kernel.Tx, step migrations.Migration, at Upgrade) error {
	if err := tx.Row(step.Fill.Count).Scan(&at.All); err != nil {
		return err
	}
	return step.Fill.Run(filling{tx, func() {
		at.Done++
		TellUpgrade(ctx, at)
	}})
}
