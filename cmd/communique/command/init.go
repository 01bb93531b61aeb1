package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"communique/cmd/internal/config"
	"communique/federation"
	"communique/federation/signature"
	"communique/storage"
	"communique/storage/press"
	"communique/storage/publog"
)

func newInitCommand(a *app) *cobra.Command {
	var i config.Initial
	var languages []string
	c := &cobra.Command{
		Use:   "init",
		Short: "Make an installation",
		Long: `Make an installation: a configuration file in which every setting is explained,
and a database, in the folder that --data names. An installation that exists already
is left alone.

With --database, or COMMUNIQUE_DATABASE, the database is an empty one of a PostgreSQL
server (15 or later).

Choose the address and the actor's name with care: followers and feed readers know
the site by them, and neither can be changed later.`,
		Example: `  communique init --data /srv/press --base-url https://press.mfa.example \
      --actor ministry --name "Ministry of Foreign Affairs" --timezone Europe/Lisbon --language en
  communique init --data try --base-url http://127.0.0.1:8080 \
      --actor ministry --name "Ministry" --timezone UTC --language en,fr`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkInitial(&i, languages); err != nil {
				return err
			}
			if err := a.install(cmd.Context(), a.data, i, signature.NewPassphrase(a.Env(passphraseVariable))); err != nil {
				return err
			}
			if a.json {
				return a.object(map[string]any{"data": a.data, "base_url": i.BaseURL, "actor": "@" + press.Site{Base: i.BaseURL}.Handle(i.Actor)})
			}
			a.say("The site is set up in %s; its settings are in %s.", a.data, filepath.Join(a.data, config.File))
			a.say("Next: communique section add --data %s \"The Ministry\", then communique serve --data %s.", a.data, a.data)
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&i.BaseURL, "base-url", "", "address of the site, https://host")
	f.StringVar(&i.Actor, "actor", "", "user name of the actor that people follow")
	f.StringVar(&i.Name, "name", "", "name of the institution")
	f.StringVar(&i.Timezone, "timezone", "", "time zone in which statements are dated, as in Europe/Lisbon")
	f.StringSliceVar(&languages, "language", nil, "language of the site, as in en; more may follow, the first is the default")
	f.StringVar(&i.Database, "database", "", "address of an empty PostgreSQL database, postgres://user@host/name")
	return c
}

func checkInitial(i *config.Initial, languages []string) error {
	for _, f := range []struct{ name, value string }{
		{"base-url", i.BaseURL}, {"actor", i.Actor}, {"name", i.Name}, {"timezone", i.Timezone},
	} {
		if f.value == "" {
			return usagef("--%s is missing; communique init --help shows an example", f.name)
		}
	}
	if len(languages) == 0 {
		return usagef("--language is missing; name one like en")
	}
	if i.Database != "" {
		if err := config.CheckDatabase(i.Database); err != nil {
			return usagef("--database: %w", err)
		}
	}
	var err error
	if i.BaseURL, err = config.ParseBaseURL(i.BaseURL); err != nil {
		return usagef("--base-url: %w", err)
	}
	if err := config.CheckActorName(i.Actor); err != nil {
		return usagef("--actor: %w", err)
	}
	if _, err := config.ParseZone(i.Timezone); err != nil {
		return usagef("--timezone: %w", err)
	}
	for _, text := range languages {
		lang, err := press.ParseLanguage(text)
		if err != nil {
			return usagef("--language: %w", err)
		}
		i.Languages = append(i.Languages, lang)
	}
	return nil
}

// install makes an installation, whole or not at all. The configuration comes
// last: a folder without it is not an installation. With a passphrase the keys are encrypted.
func (a *app) install(ctx context.Context, data string, i config.Initial, passphrase *signature.Passphrase) (err error) {
	text, err := config.Render(i)
	if err != nil {
		return err
	}
	if err := checkVacant(data); err != nil {
		return err
	}
	file := filepath.Join(data, config.File)
	_, missing := os.Stat(data)
	if err := os.MkdirAll(data, 0o750); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, removeHalf(data, missing != nil))
		}
	}()
	half := file + ".new"
	mode := fs.FileMode(0o640)
	if i.Database != "" {
		mode = 0o600 // there may be a password in it
	}
	if err := os.WriteFile(half, text, mode); err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	store, err := a.create(ctx, data, cmp.Or(i.Database, a.Env(config.DatabaseVariable)))
	if err != nil {
		return err
	}
	err = fill(ctx, store, i, passphrase)
	if err = errors.Join(err, store.Close()); err != nil {
		return err
	}
	if err := os.Rename(half, file); err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	return nil
}

// checkVacant reports why a folder cannot take an installation.
func checkVacant(data string) error {
	for _, name := range []string{config.File, config.Database} {
		name = filepath.Join(data, name)
		if _, err := os.Lstat(name); !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("there is an installation already: %s exists; choose another folder with --data", name)
		}
	}
	return checkNoLog(data)
}

// checkNoLog reports why a folder cannot take a database: SQLite's log holds the last
// transactions of one that was put aside without it, and would be replayed into a new one
// and then removed.
func checkNoLog(data string) error {
	log := filepath.Join(data, config.Database+walEnding)
	if _, err := os.Lstat(log); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s is there: it holds the last transactions of the %s that was beside it; move it to where that is now, or choose another folder with --data", log, config.Database)
	}
	return nil
}

// walEnding is that of the log that SQLite keeps beside an open database.
const walEnding = "-wal"

// removeHalf takes away what a failed init or restore has left: all of a folder
// that it made itself.
func removeHalf(data string, madeFolder bool) error {
	var err error
	for _, name := range []string{config.Database, config.Database + walEnding, config.Database + "-shm", config.File + ".new", config.File} {
		if e := os.Remove(filepath.Join(data, name)); !errors.Is(e, os.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	if madeFolder {
		err = errors.Join(err, os.RemoveAll(data))
	}
	if err != nil {
		return fmt.Errorf("remove what was half made: %w", err)
	}
	return nil
}

// fill fills the database with what never changes: the address, the authority
// of the feed ids, and the keys of both actors.
func fill(ctx context.Context, store *storage.Store, i config.Initial, passphrase *signature.Passphrase) error {
	u, err := url.Parse(i.BaseURL)
	if err != nil {
		return err
	}
	keys := map[string]map[string]string{i.Actor: nil, federation.InstanceName: nil}
	for actor := range keys {
		if keys[actor], err = federation.GenerateKeys(passphrase, actor); err != nil {
			return err
		}
	}
	now := store.Now()
	return store.Update(ctx, func(tx *storage.Tx) error {
		switch base, err := tx.Fact(factBaseURL); {
		case err == nil:
			return fmt.Errorf("there is an installation in the database already, that of %s: name an empty one, or copy that one's %s to where it is to run", base, config.File)
		case !errors.Is(err, press.ErrNotFound):
			return err
		}
		facts := map[string]string{
			factBaseURL: i.BaseURL, factActor: i.Actor, factCreated: now.Format(time.RFC3339),
			factTag: fmt.Sprintf("%s,%d", u.Hostname(), now.Year()),
		}
		for name, value := range facts {
			if err := tx.SetFact(name, value); err != nil {
				return err
			}
		}
		if err := addKeys(tx, keys); err != nil {
			return err
		}
		return tx.AddSource(publog.Source{Name: publog.ActorSource(i.Actor), Kind: publog.Author})
	})
}
