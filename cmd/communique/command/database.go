package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"communique/cmd/internal/config"
	"communique/storage"
	"communique/storage/postgres"
	"communique/storage/press"
	"communique/storage/sqlite"
)

// openStore opens the database that the configuration names.
func (a *app) openStore(ctx context.Context, c config.Config, opened opener) (*storage.Store, error) {
	up := a.newUpgrading(c)
	defer up.end()
	ctx = storage.WatchUpgrade(ctx, up.at)
	file := filepath.Join(c.Data, config.Database)
	if c.Server == "" {
		ctx = a.copyingBeforeUpgrade(ctx, func(ctx context.Context, _ int) (string, error) { return sqlite.BackUpBeforeUpgrade(ctx, file) })
		return opened(ctx, file, a.Clock)
	}
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is there, and another database is configured, in %s or by %s: what is said must be in one of them; move that file away, or leave the other out", file, config.File, config.DatabaseVariable)
	}
	ctx = a.copyingBeforeUpgrade(ctx, func(ctx context.Context, found int) (string, error) {
		return postgres.BackUpBeforeUpgrade(ctx, c.Server, found, dumpOf(c), siteMark(c))
	})
	return postgres.Open(ctx, c.Server, a.Clock)
}

// copyingBeforeUpgrade has a copy made of a database that is opened within the context as it is,
// if that is going to be brought up to date, and says so.
func (a *app) copyingBeforeUpgrade(ctx context.Context, makes func(ctx context.Context, found int) (made string, err error)) context.Context {
	if a.uncopied {
		return ctx
	}
	return storage.BeforeUpgrade(ctx, func(ctx context.Context, found int) error {
		made, err := makes(ctx, found)
		if made != "" {
			a.warn("the database is brought up to date for this version, %s. As it was, for the version before, it is kept in %s.", version(), made)
		}
		return err
	})
}

// dumpOf is the file that the names of the copies begin with which are made, on this machine, of
// a database on a server before upgrades.
func dumpOf(c config.Config) string { return filepath.Join(c.Data, "communique.dump") }

// create makes the database in the folder, or opens an empty one on a server.
func (a *app) create(ctx context.Context, data, server string) (*storage.Store, error) {
	if server == "" {
		return sqlite.Create(ctx, filepath.Join(data, config.Database), a.Clock)
	}
	if err := config.CheckDatabase(server); err != nil {
		return nil, fmt.Errorf("%s: %w", config.DatabaseVariable, err)
	}
	if err := forgetSeen(data); err != nil {
		return nil, err
	}
	store, err := postgres.Open(ctx, server, a.Clock)
	if err != nil {
		return nil, err
	}
	if err := checkWhole(ctx, store); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

// A database that is late at boot is waited for.
const (
	databasePatience = time.Minute
	databaseEvery    = time.Second
	// sayWaitingEvery is how often people are told that it is waited for.
	sayWaitingEvery = 5 * time.Second
)

// openPatiently is [app.open] for what is started with the machine: the server of the
// database may need a while longer.
func (a *app) openPatiently(ctx context.Context, patience time.Duration) (*installation, error) {
	began := a.Clock.Elapsed()
	said := began - sayWaitingEvery
	for {
		in, err := a.open(ctx)
		a.unwritten = nil // from here on others write
		now := a.Clock.Elapsed()
		if !errors.Is(err, press.ErrAway) || now-began >= patience {
			return in, err
		}
		if now-said >= sayWaitingEvery {
			said = now
			fmt.Fprintf(a.Stderr, "Waiting for the database since %s, for %s at most: %s\n", (now - began).Round(time.Second), patience, inOneLine(err))
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(databaseEvery):
		}
	}
}

// onFilesOnly refuses a command that works on the files of the embedded database, and
// says what takes its place.
func (in *installation) onFilesOnly(instead string) error {
	if in.config.Server == "" {
		return nil
	}
	return fmt.Errorf("the database is PostgreSQL's: %s", instead)
}
