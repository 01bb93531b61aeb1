package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/postgres"
	"communique/storage/press"
)

// replicaFile is a file of the installation that the server which runs from it has a lock
// on, and which names that one and the file itself. Whoever gets the lock knows that the
// one before is dead, and waits for none of its leases; unless the file is a copy, for one
// whose folder was copied may live.
const replicaFile = "replica.lock"

// replica is what this server says of itself to the others that share a database, until
// it is forgotten. If several run from one folder, or nothing can be written there, a
// death is noticed when the leases end.
func (in *installation) replica() (who postgres.Replica, forget func()) {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	who = postgres.Replica{
		Name:    fmt.Sprintf("%s/%d/%s", host, os.Getpid(), strconv.FormatInt(time.Now().UnixNano(), 36)),
		Version: version(), Schema: in.store.Schema(),
	}
	lock := flock.New(filepath.Join(in.config.Data, replicaFile))
	if held, err := lock.TryLock(); err != nil || !held {
		return who, func() {}
	}
	forget = func() { _ = lock.Unlock() } // the end of the process unlocks too
	before, err := os.ReadFile(lock.Path())
	file := identityOfFile(lock.Path())
	if name, of, _ := strings.Cut(strings.TrimSpace(string(before)), " "); err == nil && file != "" && of == file {
		who.Before = name
	}
	if os.WriteFile(lock.Path(), []byte(who.Name+" "+file+"\n"), 0o600) != nil {
		who.Before = ""
	}
	return who, forget
}

// settingVersion is a setting that replicas may differ in while they are upgraded.
const settingVersion = "the version of communique"

// mayDiffer tells of a setting that what others serve with need not be the same.
func mayDiffer(setting string) bool { return setting == settingVersion || setting == keyEncryption }

// agree notes with which settings the database is served, and refuses those that differ
// from what others serve it with: two would send one activity with two texts.
func (in *installation) agree(ctx context.Context, who postgres.Replica, log *slog.Logger) error {
	settings := in.settings(ctx)
	text, err := json.Marshal(settings)
	if err != nil {
		return fmt.Errorf("note the settings: %w", err)
	}
	var differ []string
	var others []deliveries.Replica
	err = in.store.Update(ctx, func(tx *storage.Tx) error {
		differ = nil
		var err error
		if others, err = tx.Replicas(0); err != nil {
			return err
		}
		others = slices.DeleteFunc(others, func(o deliveries.Replica) bool { return o.Name == who.Before }) // which is dead
		before, err := tx.Fact(storage.FactServing)
		if err != nil && !errors.Is(err, press.ErrNotFound) {
			return err
		}
		var started map[string]string
		if len(others) > 0 && json.Unmarshal([]byte(before), &started) == nil {
			differ = slices.DeleteFunc(differing(started, settings), mayDiffer)
		}
		if len(differ) > 0 {
			return nil
		}
		return tx.SetFact(storage.FactServing, string(text))
	})
	if err != nil {
		return fmt.Errorf("note the settings: %w", err)
	}
	if len(differ) > 0 {
		return fmt.Errorf("%s serves this database with other settings: %s; all servers need the same %s and pictures: copy them, or stop all servers before one is started with new ones; one that died is known for a quarter of a minute",
			others[0].Name, strings.Join(differ, ", "), in.configFile())
	}
	for _, o := range others {
		log.Info("another server shares the work", "replica", o.Name, "version", o.Version)
	}
	return nil
}
