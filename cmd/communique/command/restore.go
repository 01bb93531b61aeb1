package command

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"communique/cmd/internal/config"
	"communique/cmd/internal/journal"
	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/press"
	"communique/storage/sqlite"
)

func newRestoreCommand(a *app) *cobra.Command {
	var confirm, replay bool
	var compare, identity string
	var journals []string
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Make an installation from a backup",
		Long: `Make an installation from a backup, in the folder that --data names, which must not
hold one already. It has the address, the actor and the keys of the one that was
backed up: if that one still runs, stop it first.

What was withdrawn, corrected and hidden after the backup is done again from the journal,
as of when it was done: it is looked for in the folder that --data names, where the
configuration says, in what --compare names, and where --journal says. If it tells all that
was done since, the site can be served. What was published since is lost, and listed.

Without the journal what was done since is unknown to the restored site, which would
publish again what was withdrawn, and say again what was corrected
or hidden. So nothing is served then until restore --confirm: withdraw and correct first what
was withdrawn, corrected and hidden (--hide-earlier) since. A journal that turns up later,
and that of a site whose database is PostgreSQL's or was put in its place, is done again by
restore --replay. The log continues after a gap, so that no id that may
have gone out is used again. Keys of publish that were used since are unknown: publish
warns of a new one for two days. So are new keys of the actors, and whoever followed since: see communique followers confirm
--help. Drafts under embargo wait for communique clock confirm,
because the backup has them as they were: what was cancelled or changed later has to
be cancelled or changed again.

If something is left of the database, restore reads what was done since the backup and
lists it: put the old folder aside and name it with --compare. It is only read.

A backup that is encrypted (backup.recipients) takes --identity with the file of a secret
key, as age-keygen writes it.`,
		Example: `  communique restore --data /srv/press /backup/press-2026-11-20.backup
  communique restore --data /srv/press --identity /media/safe/key.txt /backup/press-2026-11-20.backup.age
  mv /srv/press /srv/press.old && communique restore --data /srv/press --compare /srv/press.old /backup/press-2026-11-20.backup
  communique restore --data /srv/press --journal /mnt/other/journal /backup/press-2026-11-20.backup
  communique restore --data /srv/press --replay
  communique restore --data /srv/press --confirm`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) == 1:
				if err := a.restoresFile(); err != nil {
					return err
				}
				file, err := openBackup(args[0], identity)
				if err != nil {
					return err
				}
				return a.restoreAndTell(cmd.Context(), file, compare, confirm, journals)
			case confirm && replay:
				return usagef("--confirm says that nothing is to be done again: leave it out, or --replay")
			case replay:
				return a.replayAndTell(cmd.Context(), journals)
			case confirm:
				return a.onSite(a.confirmRestore)(cmd, args)
			}
			return usagef("expected FILE, or --confirm for what was restored; as in: communique restore FILE")
		},
	}
	c.Flags().BoolVar(&confirm, "confirm", false, "let the restored site be served")
	c.Flags().BoolVar(&replay, "replay", false, "do again what the journal tells and the database lacks")
	c.Flags().StringArrayVar(&journals, "journal", nil, "a `folder` with the journal, beside where it is looked for (repeatable)")
	c.Flags().StringVar(&identity, "identity", "", "`file` of a secret key of age that decrypts the backup")
	c.Flags().StringVar(&compare, "compare", "", "what is left of the site: its old `folder` or database, to list what was done since")
	return c
}

// restoreAndTell restores a backup and tells what was done since, by what is left of
// the site. Where that stands in the way, it is told before anything is refused.
func (a *app) restoreAndTell(ctx context.Context, file backupFile, compare string, confirm bool, journals []string) error {
	if err := checkVacant(a.data); err != nil {
		return a.tellInTheWay(ctx, file, compare, err)
	}
	sites, err := journalSites(journals)
	if err != nil {
		return err
	}
	left := ""
	if compare != "" {
		if left = leftIn(compare); left == "" {
			return fmt.Errorf("--compare: there is no database in %s", compare)
		}
	}
	var cannot error
	if left != "" {
		if cannot = a.tellSince(ctx, file, left); errors.Is(cannot, newsroom.ErrElsewhere) {
			return fmt.Errorf("--compare: nothing was restored: %w", cannot)
		}
	}
	r, err := a.restore(ctx, file, confirm, sites)
	if err != nil {
		return err
	}
	if left != "" {
		journals = append(journals, filepath.Join(filepath.Dir(left), config.Journal))
	}
	again, err := a.replay(ctx, journals, !r.again)
	if err != nil {
		err = fmt.Errorf("the backup was restored, but the journal was not done again: %w; when that is mended, run communique restore --replay%s", err, a.here())
	}
	r.Confirmed = r.Confirmed || again.confirmed
	return errors.Join(a.printRestored(r, again, left != "" && cannot == nil, confirm), cannot, err)
}

// tellInTheWay tells what was done since a backup if the site that it is of stands in the
// way of its restore.
func (a *app) tellInTheWay(ctx context.Context, file backupFile, compare string, inTheWay error) error {
	left := leftIn(a.data)
	if left == "" || compare != "" {
		return inTheWay
	}
	cannot := a.tellSince(ctx, file, left)
	switch {
	case cannot == nil:
		return fmt.Errorf("%w; or put the old folder aside, and name it with --compare", inTheWay)
	case errors.Is(cannot, newsroom.ErrElsewhere):
		return inTheWay // it is another site, of which the backup is not
	}
	return errors.Join(inTheWay, cannot)
}

// restoresFile refuses a backup where the database is not a file.
func (a *app) restoresFile() error {
	c, err := config.Load(a.data, a.Env)
	if err != nil && a.Env(config.DatabaseVariable) == "" || err == nil && c.Server == "" {
		return nil // there is no other database
	}
	return errors.New("the database is PostgreSQL's: restore it with pg_restore, or by its server's point-in-time recovery; a backup file is restored without " + config.DatabaseVariable)
}

// printRestored says what was restored; compared is whether what was done since has been
// listed, confirm whether it was to be confirmed at once.
func (a *app) printRestored(r restored, again replayed, compared, confirm bool) error {
	if err := a.printReplayed(again); err != nil {
		return err
	}
	if a.json {
		return a.object(map[string]any{
			"data": a.data, "held": r.held, "backup": r.Made.UTC().Format(time.RFC3339), "confirmed": r.Confirmed, "backup_unconfirmed": r.again,
		})
	}
	a.say("Restored to %s, from a backup of %s.", a.data, r.Made.In(r.zone).Format(toTheSecond))
	if r.again {
		a.say("That is the backup that its site was restored from, and nobody has confirmed that restore: what was done since then is unknown in this one, too.")
		if confirm {
			a.say("So --confirm was not heeded.")
		}
	}
	if r.gap != nil {
		a.say("Warning: %s. If there is an older backup, look whether it has what is missing.", oneLine(r.gap))
	}
	switch {
	case again.whole():
	case compared:
		a.say("What was done since then, listed above, is undone in it: what was withdrawn or hidden is public again.")
	case len(again.record.Files) == 0:
		a.say("Nothing here tells what was published, corrected, hidden or withdrawn since then: what was withdrawn or hidden is public again in it. If something is left of the old database, communique restore --compare lists it.")
	default:
		a.say("What else was done since then is undone in it: what was withdrawn or hidden is public again.")
	}
	a.say("Warning: keys of publish --key that were used since are unknown, and would publish a second time. Keys of actors that were replaced since are the old ones again.")
	a.say("Who followed since is unknown. No server is told which followers it has here, or it would end those follows, until you run communique followers confirm.")
	if r.people {
		a.say("Nobody may do anything on the desk: the backup does not know who has left since, or has lost a role or a key. Give each who still works there a new link by communique people invite; for who signs in by the provider of identities run communique people confirm.")
	}
	if r.held {
		a.say("Embargoes are held. Cancel and correct again what was cancelled and corrected after the backup, then run communique clock confirm.")
	}
	if r.Confirmed {
		a.say("Next: communique serve --data %s", a.data)
	} else {
		a.say("Nothing is served yet. Withdraw, correct and hide again (correct --hide-earlier) what was withdrawn, corrected and hidden since, then run communique restore --confirm --data %s", a.data)
	}
	return nil
}

func (a *app) confirmRestore(ctx context.Context, in *installation, _ []string) error {
	if err := a.desk(in).Act(ctx, "restore confirmed", "", (*storage.Tx).ConfirmRestore); err != nil {
		return err
	}
	if a.json {
		return a.object(map[string]any{"data": a.data, "confirmed": true})
	}
	a.say("Confirmed. Next: communique serve --data %s", a.data)
	return nil
}

// restoration is whether the site came out of a backup.
func (in *installation) restoration(ctx context.Context) (r storage.Restoration, err error) {
	err = in.store.View(ctx, func(tx *storage.Tx) error {
		r, err = tx.Restoration()
		return err
	})
	return r, err
}

// checkConfirmed keeps a restored site from being served before somebody has looked.
func (in *installation) checkConfirmed(ctx context.Context) error {
	r, err := in.restoration(ctx)
	if err != nil || !r.Waits() {
		return err
	}
	return fmt.Errorf("this site was restored from a backup of %s, and what was withdrawn or hidden since would be public again: run communique restore --replay if its journal is there; else withdraw, correct and hide what was withdrawn, corrected and hidden since, then run communique restore --confirm",
		in.second(r.Made))
}

// unknownKeysFor is how long after a confirmed restore a key is warned of that may have
// been used after the backup: programs that file something again do so within that time.
const unknownKeysFor = 48 * time.Hour

// warnOfKey tells an editor that a key which is new to a restored site may be an old one.
func (a *app) warnOfKey(ctx context.Context, in *installation, key string) error {
	if key == "" {
		return nil
	}
	r, err := in.restoration(ctx)
	if err != nil || r.At.IsZero() || !r.Waits() && in.store.Now().Sub(r.ConfirmedAt) > unknownKeysFor {
		return err
	}
	err = in.store.View(ctx, func(tx *storage.Tx) error {
		_, _, err := tx.PublishKey(key)
		return err
	})
	if errors.Is(err, press.ErrNotFound) {
		fmt.Fprintf(a.Stderr, "warning: the key %s is unknown to the backup of %s that this site was restored from; if it was used since, this publishes the article a second time\n",
			key, in.second(r.Made))
		return nil
	}
	return err
}

// restored is what is known of a backup that was restored.
type restored struct {
	held   bool      // embargoes are
	people bool      // there are some of the desk
	head   press.Seq // of the log in the backup
	gap    error     // in that log; nil if it has none
	again  bool      // the backup was of what was restored itself, and not confirmed
	// digested is that the backup has a digest, and is what was written.
	digested bool
	zone     *time.Location
	storage.Restoration
}

// journalSites looks into the folders that --journal names, before anything is restored, and
// returns whose journals are there.
func journalSites(folders []string) (sites []string, err error) {
	for _, folder := range folders {
		r, err := journal.Read([]string{folder}, []string{""})
		if err != nil {
			return nil, err
		}
		if len(r.Files) == 0 {
			return nil, fmt.Errorf("--journal: nothing was restored: there is no journal in %s", folder)
		}
		sites = append(sites, r.Sites...)
	}
	return sites, nil
}

// isOfOne refuses a backup of which none of the journals is that --journal names; a folder may
// have those of several sites.
func isOfOne(settings []byte, sites []string) error {
	c, err := config.Parse(settings)
	if err != nil || len(sites) == 0 || slices.Contains(sites, c.BaseURL) {
		return nil // what is wrong with the configuration is told where it is used
	}
	return fmt.Errorf("--journal: nothing was restored: the journal is of %s, and the backup of %s", strings.Join(sites, ", "), c.BaseURL)
}

// restore makes an installation from a backup, whole or not at all; sites are those of the
// journals that are to be done again.
func (a *app) restore(ctx context.Context, file backupFile, confirm bool, sites []string) (r restored, err error) {
	data := a.data
	if err := checkVacant(data); err != nil {
		return r, err
	}
	_, missing := os.Stat(data)
	if err := os.MkdirAll(data, 0o750); err != nil {
		return r, fmt.Errorf("make the folder: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, removeHalf(data, missing != nil))
		}
	}()
	database := filepath.Join(data, config.Database)
	digested, err := file.copyTo(ctx, database)
	if err != nil {
		return r, err
	}
	files, r, err := a.reopen(ctx, database, confirm)
	if err == nil && r.digested && !digested {
		err = errors.New("the digest at its end is missing: it was cut off or changed")
	}
	if err != nil {
		return r, fmt.Errorf("%s is not a backup that can be restored: %w", file.name, err)
	}
	if err := isOfOne(files[config.File], sites); err != nil {
		return r, err
	}
	return r, unpack(files, data)
}

// reopen checks the database, prepares its log to continue, and takes the files out of
// it.
func (a *app) reopen(ctx context.Context, database string, confirm bool) (files map[string][]byte, r restored, err error) {
	store, err := sqlite.Open(ctx, database, a.Clock)
	if err != nil {
		return nil, r, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := store.Verify(ctx); err != nil {
		return nil, r, err
	}
	files = map[string][]byte{}
	err = store.Update(ctx, func(tx *storage.Tx) error {
		facts, err := tx.TakeFacts(factFile)
		if err != nil {
			return err
		}
		for name, text := range facts {
			content, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return fmt.Errorf("file %s: %w", name, err)
			}
			files[strings.TrimPrefix(name, factFile)] = content
		}
		marks, err := tx.TakeFacts(factDigested)
		if err != nil {
			return err
		}
		r.digested = len(marks) > 0
		before, err := tx.Restoration()
		if err != nil {
			return err
		}
		r.again = before.Waits()
		head, err := tx.Head()
		if err != nil {
			return err
		}
		r.head, r.gap = head.Seq, tx.VerifyLog() // before the log goes on after another gap
		if _, err = tx.Reopen(); err != nil {
			return err
		}
		if confirm && !r.again {
			if err := tx.ConfirmRestore(); err != nil {
				return err
			}
		}
		if r.Restoration, err = tx.Restoration(); err != nil {
			return err
		}
		if r.zone, err = zoneOf(tx); err != nil {
			return err
		}
		if r.people, err = tx.HasPeople(); err != nil {
			return err
		}
		reason, err := tx.ClockHeld()
		r.held = reason != ""
		return err
	})
	if err == nil && files[config.File] == nil {
		err = errors.New("there is no configuration in it")
	}
	return files, r, err
}

// zoneOf is the zone of a site of which there is only the database.
func zoneOf(tx *storage.Tx) (*time.Location, error) {
	zones, err := tx.Zones()
	if err != nil {
		return nil, err
	}
	return zones[0], nil
}

// unpack writes the files beside the database, the configuration last: a
// folder without it is not an installation.
func unpack(files map[string][]byte, data string) error {
	root, err := os.OpenRoot(data) // names in a backup must not reach above the folder
	if err != nil {
		return err
	}
	defer root.Close()
	for name, content := range files {
		if name == config.File {
			continue
		}
		// A picture may be in a folder of its own.
		if err := root.MkdirAll(filepath.Dir(name), 0o750); err != nil {
			return fmt.Errorf("make the folder of %s: %w", name, err)
		}
		if err := writeIn(root, name, content); err != nil {
			return err
		}
	}
	return writeIn(root, config.File, files[config.File])
}

// writeIn writes a file so that it is there after the machine has stopped, too.
func writeIn(root *os.Root, name string, content []byte) error {
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o640)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	_, err = file.Write(content)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}
