package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

const serveLock = "serve.lock" // a file of the installation

// lockServing makes sure that one server works on a database: two would deliver
// everything twice. A command that looks whether there is a server has the lock for a
// moment.
func lockServing(ctx context.Context, data string) (release func(), err error) {
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
	return func() { _ = lock.Unlock() }, nil // the end of the process unlocks too
}

// served tells whether a server works on the installation.
func (in *installation) served() (bool, error) {
	name := filepath.Join(in.config.Data, serveLock)
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	lock := flock.New(name)
	free, err := lock.TryRLock()
	if free {
		err = lock.Unlock()
	}
	return !free, err
}
