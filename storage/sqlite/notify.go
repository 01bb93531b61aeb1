package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"

	"github.com/fsnotify/fsnotify"
)

// notify calls wake whenever somebody writes to the database's log, also in
// another process, until stop is called. It comes with the first byte: the
// commit follows.
func notify(ctx context.Context, db *sql.DB, wake func()) (stop func() error, err error) {
	var file string
	if err := db.QueryRowContext(ctx, `SELECT file FROM pragma_database_list WHERE name = 'main'`).Scan(&file); err != nil {
		return nil, fmt.Errorf("find the database's file: %w", err)
	}
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watch %s: %w", file, err)
	}
	// The folder, because the log is removed and made again.
	if err := watcher.Add(filepath.Dir(file)); err != nil {
		_ = watcher.Close() // it watches nothing
		return nil, fmt.Errorf("watch %s: %w", file, err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		forward(watcher, file+"-wal", wake)
	}()
	return func() error {
		err := watcher.Close()
		<-ended
		return err
	}, nil
}

// forward reports events of a file until the watcher is closed. An error says
// that events were lost, so it counts as one.
func forward(watcher *fsnotify.Watcher, file string, wake func()) {
	for {
		select {
		case event, open := <-watcher.Events:
			if !open {
				return
			}
			if event.Name == file {
				wake()
			}
		case _, open := <-watcher.Errors:
			if !open {
				return
			}
			wake()
		}
	}
}
