package command

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"communique/cmd/internal/config"
	"communique/storage"
	"communique/storage/postgres"
	"communique/storage/press"
	"communique/storage/sqlite"
)

// halfCopied is the file that a database is copied back to until all of it is there.
const halfCopied = config.Database + ".copying"

func newCopyCommand(a *app) *cobra.Command {
	var to string
	var back, giveUp, confirmed bool
	c := &cobra.Command{
		Use:   "copy {--to ADDRESS | --back}",
		Short: "Move the whole site to PostgreSQL, or back",
		Long: `Move everything that is in the embedded database to an empty one on a PostgreSQL
server, or back: articles and log, pictures and files, followers, deliveries, keys.
The configuration and the pictures of the actors stay where they are.

The site is down meanwhile: stop the server first. Nothing is copied until you say
--confirm; before that, copy says how many rows there are and how long it takes at
most. It may be interrupted, and goes on where it was when it is run again. At the end
every row is read again on both sides, and must be the same.

The database that is left is marked, so that neither serve nor any command uses it any
more. If a copy cannot be finished, --give-up takes the mark off again.`,
		Example: `  communique copy --data /srv/press --to postgres://communique@db.mfa.example/communique
  communique copy --data /srv/press --to postgres://communique@db.mfa.example/communique --confirm
  communique copy --data /srv/press --back --confirm`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ways := 0
			for _, way := range []bool{to != "", back, giveUp} {
				if way {
					ways++
				}
			}
			if ways != 1 {
				return usagef("expected one of --to ADDRESS, --back and --give-up; as in: communique copy --to postgres://communique@db.mfa.example/communique")
			}
			in, err := a.openMoving(cmd.Context(), sqlite.Open)
			if err != nil {
				return err
			}
			defer in.Close()
			if giveUp {
				return a.giveUpCopy(cmd.Context(), in)
			}
			return a.copySite(cmd.Context(), in, to, confirmed)
		},
	}
	c.Flags().StringVar(&to, "to", "", "`address` of the empty database on a PostgreSQL server")
	c.Flags().BoolVar(&back, "back", false, "from the PostgreSQL server to the embedded database")
	c.Flags().BoolVar(&giveUp, "give-up", false, "use this database again after a copy that was not finished")
	c.Flags().BoolVar(&confirmed, "confirm", false, "copy; without it, only say how long that takes")
	return c
}

// checkStays refuses a database that was moved, or is being moved, to another one.
func (in *installation) checkStays(ctx context.Context) error {
	m, err := in.moving(ctx)
	switch {
	case errors.Is(err, press.ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("read whether the site was moved: %w", err)
	case m.Done:
		return fmt.Errorf("this site was moved to %s on %s, and may be ahead there: %s", m.To, in.second(m.At), in.useTheOther())
	}
	return fmt.Errorf("this site is being moved to %s since %s: run communique copy again to finish that, or communique copy --give-up to stay here", m.To, in.second(m.At))
}

// checkWhole refuses a database to which a site is copied until all of it is there.
func checkWhole(ctx context.Context, store *storage.Store) error {
	var m storage.Moving
	err := store.View(ctx, func(tx *storage.Tx) (err error) {
		m, err = tx.ComesFrom()
		return err
	})
	switch {
	case errors.Is(err, press.ErrNotFound):
		return nil
	case err == nil && !m.Done:
		return errors.New("this database has a part of a site that is being copied there: run communique copy again in the folder where that was begun, with --confirm")
	}
	return err
}

// useTheOther says how a site is used where it was moved to.
func (in *installation) useTheOther() string {
	if in.config.Server == "" {
		return fmt.Sprintf("write database: and its address into %s, or set %s, and put %s away", in.configFile(), config.DatabaseVariable, filepath.Join(in.config.Data, config.Database))
	}
	return fmt.Sprintf("leave database: out of %s, or %s unset", in.configFile(), config.DatabaseVariable)
}

func (in *installation) moving(ctx context.Context) (m storage.Moving, err error) {
	err = in.store.View(ctx, func(tx *storage.Tx) error {
		m, err = tx.Moving()
		return err
	})
	return m, err
}

func (a *app) giveUpCopy(ctx context.Context, in *installation) error {
	m, err := in.moving(ctx)
	switch {
	case errors.Is(err, press.ErrNotFound):
		return errors.New("there is nothing to give up: this site is not being moved")
	case err != nil:
		return err
	case m.Done:
		return in.checkStays(ctx)
	}
	if err := in.store.Update(ctx, (*storage.Tx).Stay); err != nil {
		return err
	}
	if a.json {
		return a.object(map[string]any{"given_up": m.To})
	}
	a.say("Given up. This database is used again; what was copied to %s is of no use, and can be deleted.", m.To)
	return nil
}

// target is the database that is copied to.
type target struct {
	name   string // as people call it
	store  *storage.Store
	settle func() error // what comes after the copy, with the store closed
	// arrive is what comes when the other database is marked as left; a copy that is run
	// again does it if one that was killed has not. It may be nil.
	arrive func() error
}

// copySite copies, or says how long that takes.
func (a *app) copySite(ctx context.Context, in *installation, address string, confirmed bool) (err error) {
	if m, err := in.moving(ctx); err == nil && m.Done {
		if half := filepath.Join(in.config.Data, halfCopied); address == "" && os.Rename(half, m.To) == nil {
			a.say("Everything is in %s now. Next: %s; then communique check, and communique serve.", m.To, in.useTheOther())
			return nil
		}
		return in.checkStays(ctx)
	}
	served, _, err := in.served(ctx)
	if err != nil {
		return err
	}
	to, err := a.openTarget(ctx, in, address)
	if err != nil {
		return err
	}
	defer func() {
		if to.store != nil {
			err = errors.Join(err, to.store.Close())
		}
	}()
	if !confirmed {
		return a.announceCopy(ctx, in, to, served)
	}
	release, err := in.lockAlone(ctx)
	if err != nil {
		return err
	}
	defer release()
	rows, err := a.copyTo(ctx, in, to)
	if err != nil {
		return err
	}
	err = to.store.Close()
	to.store = nil
	if err == nil {
		err = to.settle()
	}
	if err != nil {
		return err
	}
	if err := in.leave(ctx); err != nil {
		return err
	}
	if to.arrive != nil {
		if err := to.arrive(); err != nil {
			return err
		}
	}
	return a.printCopied(in, to.name, rows)
}

// announceCopy says what a copy costs, before the site has to be down for it.
func (a *app) announceCopy(ctx context.Context, in *installation, to target, served bool) error {
	rows, estimate, err := storage.CopyTakes(ctx, in.store, to.store)
	if err != nil {
		return notCopied(to, err)
	}
	if a.json {
		return a.object(map[string]any{"to": to.name, "rows": rows, "seconds_at_most": estimate.Seconds(), "served": served, "copied": false})
	}
	a.say("There are %d rows to copy to %s.", rows, to.name)
	if estimate > 0 {
		a.say("That takes %s at most, and the site is down meanwhile.", max(estimate.Round(time.Second), time.Second))
	}
	if served {
		a.say("A server runs: stop it before.")
	}
	a.say("Nothing was copied yet. Next: the same command with --confirm.")
	return nil
}

func notCopied(to target, err error) error {
	if errors.Is(err, storage.ErrNotVacant) {
		return fmt.Errorf("%s: %w; name an empty database", to.name, err)
	}
	return err
}

func (a *app) copyTo(ctx context.Context, in *installation, to target) (rows int, err error) {
	if err := in.beginLeaving(ctx, to.name); err != nil {
		return 0, err
	}
	var p *progress
	checking := false
	err = storage.Copy(ctx, in.store, to.store, func(c storage.Copying) {
		if p == nil || c.Checking != checking {
			if p != nil {
				p.end()
			}
			what := "rows copied"
			if c.Checking {
				what = "rows read again"
			}
			p, checking, rows = newProgress(a.Stderr, a.Clock, what, c.Total), c.Checking, c.Total
		}
		p.at(c.Done)
	})
	if p != nil {
		p.end()
	}
	if errors.Is(err, storage.ErrNotVacant) {
		err = errors.Join(err, in.store.Update(context.WithoutCancel(ctx), (*storage.Tx).Stay)) // it had not begun
	}
	return rows, notCopied(to, err)
}

// beginLeaving marks the database that is copied from, so that nobody writes there.
func (in *installation) beginLeaving(ctx context.Context, to string) error {
	return in.store.Update(ctx, func(tx *storage.Tx) error {
		m, err := tx.Moving()
		switch {
		case errors.Is(err, press.ErrNotFound):
			return tx.Move(storage.Moving{To: to, Token: rand.Text(), At: tx.Now()})
		case err == nil && m.To != to:
			return fmt.Errorf("this site is being moved to %s since %s: finish that, or run communique copy --give-up first", m.To, in.second(m.At))
		}
		return err
	})
}

// leave marks it as left.
func (in *installation) leave(ctx context.Context) error {
	return in.store.Update(ctx, func(tx *storage.Tx) error {
		m, err := tx.Moving()
		if err != nil {
			return err
		}
		m.At, m.Done = tx.Now(), true
		return tx.Move(m)
	})
}

func (a *app) printCopied(in *installation, to string, rows int) error {
	if a.json {
		return a.object(map[string]any{"to": to, "rows": rows, "copied": true})
	}
	a.say("Everything is in %s now, and was read again there: %d rows, the same on both sides.", to, rows)
	a.say("This database is not used any more. Next: %s; then communique check, and communique serve.", in.useTheOther())
	a.say("Searches find older articles as soon as the server has indexed them again.")
	return nil
}

// openTarget opens the database that is copied to: that of an address, or without one
// the embedded one of the folder.
func (a *app) openTarget(ctx context.Context, in *installation, address string) (target, error) {
	if address == "" {
		return a.openEmbeddedTarget(ctx, in)
	}
	if in.config.Server != "" {
		return target{}, errors.New("--to: the database is PostgreSQL's already: to move it to another server, use pg_dump and pg_restore")
	}
	if err := config.CheckDatabase(address); err != nil {
		return target{}, fmt.Errorf("--to: %w", err)
	}
	name, err := postgres.Vacant(ctx, address)
	if err != nil {
		return target{}, fmt.Errorf("--to: %w", err)
	}
	store, err := postgres.Open(ctx, address, a.Clock)
	if err != nil {
		return target{}, fmt.Errorf("--to: %w", err)
	}
	return target{name: name, store: store, settle: func() error { return forgetSeen(in.config.Data) }}, nil
}

func (a *app) openEmbeddedTarget(ctx context.Context, in *installation) (target, error) {
	if in.config.Server == "" {
		return target{}, errors.New("--back: the database is the embedded one already")
	}
	if err := checkNoLog(in.config.Data); err != nil {
		return target{}, fmt.Errorf("--back: %w", err)
	}
	file := filepath.Join(in.config.Data, config.Database)
	half := filepath.Join(in.config.Data, halfCopied)
	opened := sqlite.Open
	if _, err := os.Lstat(half); errors.Is(err, fs.ErrNotExist) {
		opened = sqlite.Create
	}
	store, err := opened(ctx, half, a.Clock)
	// Where it is looked for it is put last: from then on the folder has two databases, and no
	// command opens either until one is left out of the configuration.
	return target{name: file, store: store, settle: func() error { return nil }, arrive: func() error { return os.Rename(half, file) }}, err
}
