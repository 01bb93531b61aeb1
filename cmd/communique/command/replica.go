package command

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"communique/cmd/internal/ops"
	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/postgres"
)

// replicaFile is a file of the installation that the server which runs from it has a lock
// on, and which names that one and the file itself. Whoever gets the lock knows that the
// one before is dead, and waits for none of its leases; unless the file is a copy, for one
// whose folder was copied may live.
const replicaFile = "replica.lock"

// replica is what this server says of itself to the others that share a database, until
// it is forgotten. If several run from one folder, or nothing can be written there, a
// death is noticed when the leases end. replaces is the name of the program before, whose
// place this one takes: it has the file until it has ended. It is empty if there is none.
func (in *installation) replica(ctx context.Context, before *ops.Predecessor) (who postgres.Replica, replaces string, forget func()) {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	who = postgres.Replica{
		Name:    fmt.Sprintf("%s/%d/%s", host, os.Getpid(), strconv.FormatInt(time.Now().UnixNano(), 36)),
		Version: version(), Schema: in.store.Schema(),
	}
	lock := flock.New(filepath.Join(in.config.Data, replicaFile))
	file := identityOfFile(lock.Path())
	note := func() error { return os.WriteFile(lock.Path(), []byte(who.Name+" "+file+"\n"), 0o600) }
	if before != nil {
		name, _ := lastReplica(lock.Path())
		ctx, cancel := context.WithCancel(ctx)
		var taking sync.WaitGroup
		taking.Go(func() {
			if before.Gone(ctx) != nil {
				return
			}
			if held, err := lock.TryLock(); err == nil && held {
				_ = note() // without, its death is noticed later
			}
		})
		return who, name, func() {
			cancel()
			taking.Wait()
			_ = lock.Unlock()
		}
	}
	if held, err := lock.TryLock(); err != nil || !held {
		return who, "", func() {}
	}
	forget = func() { _ = lock.Unlock() } // the end of the process unlocks too
	file = identityOfFile(lock.Path())    // it may have been made by the lock
	if name, of := lastReplica(lock.Path()); file != "" && of == file {
		who.Before = name
	}
	if note() != nil {
		who.Before = ""
	}
	return who, "", forget
}

// lastReplica is the server that a file names, and which file that was; empty if it names
// none.
func lastReplica(path string) (name, file string) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", ""
	}
	name, file, _ = strings.Cut(strings.TrimSpace(string(text)), " ")
	return name, file
}

// settingVersion is the setting that says of which version a server is.
const settingVersion = "the version of communique"

// agree notes with which settings the database is served. Those that differ from what
// others serve with, or from what was applied, are refused: readers would see a site that
// changes with the machine that answers. Those that are replaced are dead, or will be.
func (in *installation) agree(ctx context.Context, replaced []string, log *slog.Logger) error {
	started, err := json.Marshal(in.settings(ctx))
	if err != nil {
		return fmt.Errorf("note the settings: %w", err)
	}
	mine, err := in.lines()
	if err != nil {
		return err
	}
	var refused error
	var others []deliveries.Replica
	err = in.store.Update(ctx, func(tx *storage.Tx) error {
		refused = nil
		var err error
		if others, err = tx.Replicas(0); err != nil {
			return err
		}
		others = slices.DeleteFunc(others, func(o deliveries.Replica) bool { return slices.Contains(replaced, o.Name) })
		if refused, err = in.joinServing(tx, mine, others); err != nil || refused != nil {
			return err
		}
		return tx.SetFact(storage.FactServing, string(started))
	})
	if err != nil {
		return fmt.Errorf("note the settings: %w", err)
	}
	if refused != nil {
		return refused
	}
	for _, o := range others {
		log.Info("another server shares the work", "replica", o.Name, "version", o.Version)
	}
	return nil
}

// joinServing notes the settings of the first server of a site, and whether there was ever
// another one. As long as there was none, a server that starts alone brings its own.
func (in *installation) joinServing(tx *storage.Tx, mine map[string]string, others []deliveries.Replica) (refused, err error) {
	applied, err := readApplied(tx)
	if err != nil {
		return nil, err
	}
	shared := applied.Shared || len(others) > 0
	differ := differing(applied.Lines, mine)
	held := slices.Equal(differ, []string{settingPaused})
	switch {
	case applied.Version > 0 && held && len(others) > 0:
		return in.otherwiseHeld(others[0]), nil
	case applied.Version > 0 && shared && len(differ) > 0 && !held:
		return in.otherSettings(applied, differ, others), nil
	case len(differ) > 0:
		applied = appliedSettings{Version: applied.Version + 1, At: tx.Now(), Lines: mine}
	case applied.Shared == shared:
		return nil, nil
	}
	applied.Shared = shared
	return nil, applied.write(tx)
}

// otherwiseHeld says why a server is not started that would hold all deliveries beside one that
// sends, or the other way round, and what to do: those that serve at the same time share them.
func (in *installation) otherwiseHeld(other deliveries.Replica) error {
	if in.config.Paused {
		return fmt.Errorf("%s serves this database and sends what is published, and this server would hold all deliveries (paused, or --hold-deliveries), a share of them its own: stop communique serve on all machines, then start it on each with --hold-deliveries", other.Name)
	}
	return fmt.Errorf("%s serves this database and holds all deliveries (paused, or --hold-deliveries), and this server would send a share of them: start it with --hold-deliveries, too; or stop communique serve on all machines, then start it on each without paused and --hold-deliveries", other.Name)
}

// otherSettings says why a server is not started, and what to do.
func (in *installation) otherSettings(applied appliedSettings, differ []string, others []deliveries.Replica) error {
	with := "this database is served with other settings"
	if len(others) > 0 {
		with = others[0].Name + " serves this database with other settings"
	}
	return fmt.Errorf("%s: %s (version %d stands since %s); take %s and the pictures from a machine that has them, or have all servers serve with these: communique config apply",
		with, strings.Join(differ, ", "), applied.Version, in.second(applied.At), in.configFile())
}
