package command

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"communique/cmd/internal/ops"
	"communique/federation/signature"
	"communique/storage"
	"communique/storage/delivery"
	"communique/storage/postgres"
	"communique/storage/press"
)

const serveLock = "serve.lock" // a file of the installation

// servingPlace is a place among those that serve an installation.
type servingPlace struct {
	ctx   context.Context // within which it may serve
	lease delivery.Lease  // which part of the deliveries is its own; nil: all of them
	// alone returns when no other does what one does for all.
	alone   func(context.Context) error
	release func()
}

// lockServing makes sure that one server works on a file: two would deliver everything
// twice. Those that work on a database on a server share the work, and end when another
// one that shares it with nobody has taken over. Commands are told with which settings the
// server was started. before is the program whose place this one takes; nil if there is
// none.
func (in *installation) lockServing(ctx context.Context, before *ops.Predecessor, log *slog.Logger) (servingPlace, error) {
	if in.config.Server == "" {
		return in.lockFile(ctx, before)
	}
	within, end := context.WithCancelCause(ctx)
	in.store.OnMove(func(before, now string) {
		log.Warn("the database is in another history than before, as after a failover or a recovery: the log goes on after a gap", "before", before, "now", now)
		if err := in.checkConfirmed(within); err != nil && !errors.Is(err, press.ErrBusy) {
			end(err)
		}
	})
	who, replaces, forget := in.replica(ctx, before)
	place, err := postgres.Take(ctx, in.config.Server, who, in.store.ContinueAt)
	if err != nil {
		forget()
		end(err)
		return servingPlace{}, err
	}
	in.store.ShareTasks(place.Leases.Does)
	in.store.ShareLimits(place.Leases.Replicas)
	go func() {
		select {
		case <-place.Lost:
			end(postgres.ErrTaken)
		case <-within.Done():
		}
	}()
	release := func() {
		end(nil)
		place.Release()
		forget()
	}
	if err := in.agree(ctx, []string{who.Before, replaces}, log); err != nil {
		release()
		return servingPlace{}, err
	}
	return servingPlace{ctx: within, lease: place.Leases, alone: atOnce, release: release}, nil
}

func atOnce(context.Context) error { return nil }

// lockFile is the place of the one server of a file. One that replaces another reads and
// writes as commands do, beside that one, until it has ended.
func (in *installation) lockFile(ctx context.Context, before *ops.Predecessor) (servingPlace, error) {
	release := func() {}
	lock := func(ctx context.Context) (err error) {
		got, err := lockFolder(ctx, in.config.Data, in.settings(ctx))
		if err == nil {
			release = got
		}
		return err
	}
	place := servingPlace{ctx: ctx, alone: atOnce, release: func() { release() }}
	if before == nil {
		return place, lock(ctx)
	}
	place.alone = func(ctx context.Context) error {
		if err := before.Gone(ctx); err != nil {
			return err
		}
		return lock(ctx)
	}
	return place, nil
}

// lockAlone keeps all servers away from the installation.
func (in *installation) lockAlone(ctx context.Context) (release func(), err error) {
	if in.config.Server == "" {
		return lockFolder(ctx, in.config.Data, in.settings(ctx))
	}
	place, err := postgres.Take(ctx, in.config.Server, postgres.Replica{Alone: true}, in.store.ContinueAt)
	if err != nil {
		return nil, err
	}
	return place.Release, nil
}

// lockFolder is a lock on a folder. A command that looks whether there is a server has
// it for a moment. Its file holds the settings.
func lockFolder(ctx context.Context, data string, settings map[string]string) (release func(), err error) {
	lock := flock.New(filepath.Join(data, serveLock))
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	held, err := lock.TryLockContext(ctx, 20*time.Millisecond)
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return nil, fmt.Errorf("lock %s: %w", lock.Path(), err)
	}
	if !held {
		return nil, fmt.Errorf("another communique serves %s already; stop that one first", data)
	}
	text, err := json.Marshal(settings)
	if err == nil {
		err = os.WriteFile(lock.Path(), text, 0o600)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("note the settings in %s: %w", lock.Path(), err), lock.Unlock())
	}
	return func() { _ = lock.Unlock() }, nil // the end of the process unlocks too
}

// served tells whether a server works on the installation, and with which settings it
// was started; nil if it has not said so yet, or is of a version that does not.
func (in *installation) served(ctx context.Context) (served bool, settings map[string]string, err error) {
	if in.config.Server != "" {
		return in.servedElsewhere(ctx)
	}
	name := filepath.Join(in.config.Data, serveLock)
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return false, nil, nil
	}
	lock := flock.New(name)
	free, err := lock.TryRLock()
	if free {
		err = lock.Unlock()
	}
	if free || err != nil {
		return !free, nil, err
	}
	text, err := os.ReadFile(name)
	if err == nil && json.Unmarshal(text, &settings) != nil {
		settings = nil
	}
	return true, settings, err
}

func (in *installation) servedElsewhere(ctx context.Context) (served bool, settings map[string]string, err error) {
	var text string
	err = in.store.View(ctx, func(tx *storage.Tx) (err error) {
		if served, err = tx.Served(); err != nil || !served {
			return err
		}
		text, err = tx.Fact(storage.FactServing)
		return err
	})
	if !served {
		return false, nil, err
	}
	if errors.Is(err, press.ErrNotFound) || err == nil && json.Unmarshal([]byte(text), &settings) != nil {
		return true, nil, nil
	}
	return true, settings, err
}

// The settings that say how keys are read: with what they are encrypted, and what the
// configuration says of it.
const (
	keyEncryption = "the encryption of the keys"
	keySettings   = "keys"
)

// settings are the digests of all that a server is started with: the configuration, the
// pictures that it names, the program, and with what the keys are encrypted.
func (in *installation) settings(ctx context.Context) map[string]string {
	all := in.config.Settings()
	all[settingVersion] = version()
	all[keyEncryption] = in.sealedWith(ctx)
	for _, name := range in.config.Pictures() {
		content, err := os.ReadFile(filepath.Join(in.config.Data, name))
		sum := sha256.Sum256(fmt.Appendf(content, "%v", err != nil))
		all["the picture "+name] = hex.EncodeToString(sum[:8])
	}
	return all
}

// sealedWith names what the keys are encrypted with; empty if some are not, or if that
// cannot be told.
func (in *installation) sealedWith(ctx context.Context) string {
	var seals []string
	err := in.store.View(ctx, func(tx *storage.Tx) error {
		keys, err := tx.SigningKeys()
		for _, k := range keys {
			seals = append(seals, signature.SealOf(k.Private))
		}
		return err
	})
	if err != nil || slices.Contains(seals, "") {
		return ""
	}
	slices.Sort(seals)
	return strings.Join(slices.Compact(seals), " ")
}
