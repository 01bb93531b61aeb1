package command

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"communique/cmd/internal/config"
	"communique/storage"
	"communique/storage/press"
	"communique/storage/sqlite"
)

// The facts that init writes into the database and that never change.
const (
	factBaseURL = "base_url"
	factTag     = "tag_authority"
	factActor   = "actor"
	factCreated = "created"
)

// installation is an open one: its configuration and its store.
type installation struct {
	config  config.Config
	store   *storage.Store
	site    press.Site
	created time.Time
	looked  bool    // it is open for who only looks
	journal *keeper // nil for who only looks
}

// open opens the installation that the command was pointed to, for who changes something:
// what the configuration has changed takes hold.
func (a *app) open(ctx context.Context) (*installation, error) {
	a.unwritten = func() bool { return true }
	in, err := a.openBy(ctx, sqlite.Open)
	if err != nil {
		return nil, err
	}
	err = in.remember(ctx)
	if err == nil {
		err = a.beginJournal(ctx, in)
	}
	if err == nil {
		err = a.dateIn(ctx, in)
	}
	if err != nil {
		in.Close()
		return nil, err
	}
	before := in.store.Updates()
	a.unwritten = func() bool { return in.store.Updates() == before }
	return in, nil
}

// openToLook opens it for who only looks: it stays as it is, and what the configuration has
// changed is told.
func (a *app) openToLook(ctx context.Context) (*installation, error) {
	return a.openAsItIs(ctx, sqlite.Open)
}

// openToRehearse opens it for what is undone again.
func (a *app) openToRehearse(ctx context.Context) (*installation, error) {
	return a.openAsItIs(ctx, sqlite.OpenToRehearse)
}

func (a *app) openAsItIs(ctx context.Context, opened opener) (*installation, error) {
	in, err := a.openUnchanged(ctx, opened)
	if err != nil {
		return nil, err
	}
	err = a.warnOfZone(ctx, in)
	if err == nil {
		err = a.warnOfLog(ctx, in)
	}
	if err != nil {
		in.Close()
		return nil, err
	}
	return in, nil
}

// openToCheck opens it for who tells of what the configuration has changed in another way.
func (a *app) openToCheck(ctx context.Context) (*installation, error) {
	return a.openUnchanged(ctx, sqlite.Open)
}

func (a *app) openUnchanged(ctx context.Context, opened opener) (*installation, error) {
	a.unwritten = nil
	in, err := a.openBy(ctx, opened)
	if err == nil {
		in.looked = true
	}
	return in, err
}

// opener opens the database that is a file.
type opener func(ctx context.Context, file string, clock storage.Clock) (*storage.Store, error)

func (a *app) openBy(ctx context.Context, opened opener) (*installation, error) {
	in, err := a.openMoving(ctx, opened)
	if err != nil {
		return nil, err
	}
	if err := in.checkStays(ctx); err != nil {
		in.Close()
		return nil, err
	}
	return in, nil
}

// openMoving opens an installation even if it is on the move to another database.
func (a *app) openMoving(ctx context.Context, opened opener) (*installation, error) {
	c, err := config.Load(a.data, a.Env)
	if err != nil {
		return nil, err
	}
	store, err := a.openStore(ctx, c, opened)
	if err != nil {
		return nil, err
	}
	in := &installation{config: c, store: store}
	err = checkWhole(ctx, store)
	if err == nil {
		err = in.readFacts(ctx)
	}
	if err != nil {
		_ = store.Close() // nothing was done
		return nil, err
	}
	return in, nil
}

// dateIn has days begin as they do in the zone of the site. The first that opens the site
// after that was changed says what becomes of embargoes.
func (a *app) dateIn(ctx context.Context, in *installation) error {
	zone := in.config.Zone
	r, err := in.desk("").Rezoned(ctx)
	if err == nil {
		_, err = in.store.DateIn(ctx, zone)
	}
	if err != nil {
		return fmt.Errorf("date articles in the zone %s: %w", zone, err)
	}
	if r.From == nil {
		return nil
	}
	a.warn("the zone of the site is %s now, and was %s: days begin there.", zone, r.From)
	for _, embargo := range in.embargoesIn(r) {
		a.warn("%s", embargo)
	}
	held, err := in.embargoesHeld(ctx)
	if err == nil && held != "" {
		a.warn("embargoes are held: %s. None ends until communique clock confirm.", held)
	}
	return err
}

// warnOfZone tells who only looks what becomes of days and embargoes when somebody does
// more, if the zone of the site was changed.
func (a *app) warnOfZone(ctx context.Context, in *installation) error {
	r, err := in.desk("").Rezoned(ctx)
	if err != nil {
		return fmt.Errorf("compare the zone of the site: %w", err)
	}
	for _, changes := range in.rezoned(r) {
		a.warn("%s", changes)
	}
	return nil
}

// warnOfLog tells who only looks that the database came back as it was once.
func (a *app) warnOfLog(ctx context.Context, in *installation) error {
	lacks, err := in.logLacks(ctx)
	if err == nil && lacks != "" {
		a.warn("%s", lacks)
	}
	return err
}

func (a *app) warn(format string, args ...any) {
	fmt.Fprintf(a.Stderr, "Warning: "+format+"\n", args...)
}

// siteWork is what a command does with the open installation.
type siteWork = func(ctx context.Context, in *installation, args []string) error

// onSite makes the function of a command that changes something on the open installation.
func (a *app) onSite(work siteWork) func(*cobra.Command, []string) error {
	return with(a.open, work)
}

// atSite makes the function of a command that only looks at it.
func (a *app) atSite(work siteWork) func(*cobra.Command, []string) error {
	return with(a.openToLook, work)
}

func with(open func(context.Context) (*installation, error), work siteWork) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		in, err := open(cmd.Context())
		if err != nil {
			return err
		}
		defer in.Close()
		return work(cmd.Context(), in, args)
	}
}

// openArticle opens the installation and reads which of its articles a command
// changes: an id, the page's address or the ActivityPub id.
func (a *app) openArticle(ctx context.Context, ref string) (*installation, press.ArticleID, error) {
	return openArticle(ctx, a.open, ref)
}

// lookAtArticle is openArticle for a command that only looks at it.
func (a *app) lookAtArticle(ctx context.Context, ref string) (*installation, press.ArticleID, error) {
	return openArticle(ctx, a.openToLook, ref)
}

func openArticle(ctx context.Context, open func(context.Context) (*installation, error), ref string) (*installation, press.ArticleID, error) {
	in, err := open(ctx)
	if err != nil {
		return nil, "", err
	}
	id, err := in.site.ArticleRef(ref)
	if err != nil {
		in.Close()
		return nil, "", err
	}
	return in, id, nil
}

// Close closes the store. What was acknowledged is on the disk already, so an
// error here loses nothing; nor if it is not noted how far the log was seen, where the
// folder is not ours to write.
func (in *installation) Close() {
	if in.journal != nil {
		in.journal.Settle(context.Background())
	}
	_ = errors.Join(in.removeVoid(context.Background()), in.note(), in.store.Close()) // a server on this machine removes what is left
}

// readFacts reads what the installation was made with and holds the
// configuration to it: under another address or name it would be a stranger to
// its own followers.
func (in *installation) readFacts(ctx context.Context) error {
	facts := map[string]string{factBaseURL: "", factTag: "", factActor: "", factCreated: ""}
	err := in.store.View(ctx, func(tx *storage.Tx) error {
		for name := range facts {
			value, err := tx.Fact(name)
			if err != nil {
				return err
			}
			facts[name] = value
		}
		return nil
	})
	if in.config.Server != "" && errors.Is(err, press.ErrNotFound) {
		return errors.New("there is no installation in the database: make one with communique init, in another folder, or name the right database")
	}
	if err != nil {
		return fmt.Errorf("read the installation in %s: %w", in.config.Data, err)
	}
	file := filepath.Join(in.config.Data, config.File)
	switch {
	case facts[factBaseURL] != in.config.BaseURL:
		return fmt.Errorf("%s: base_url: it is %s, but followers and feed readers know this site as %s; change it back, or make a new installation", file, in.config.BaseURL, facts[factBaseURL])
	case facts[factActor] != in.config.Actor.Name:
		return fmt.Errorf("%s: actor.name: it is %s, but followers know the actor as %s; change it back, or make a new installation", file, in.config.Actor.Name, facts[factActor])
	}
	in.created, err = time.Parse(time.RFC3339, facts[factCreated])
	if err != nil {
		return fmt.Errorf("read the installation in %s: %w", in.config.Data, err)
	}
	in.site = press.Site{Base: in.config.BaseURL, Tag: facts[factTag], Domain: in.config.HandleDomain}
	return nil
}

func (in *installation) language() press.Language { return in.config.Languages[0] }
