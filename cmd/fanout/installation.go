package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"communique/cmd/internal/bench"
	"communique/cmd/internal/config"
	"communique/storage"
	"communique/storage/press"
	"communique/storage/publog"
	"communique/storage/sqlite"
)

// installation is a communique of its own to be measured, which is served.
type installation struct {
	bench.Installation
	serving *bench.Process
}

// install makes the installation and serves it.
func install(ctx context.Context, binary, data string, stderr io.Writer) (*installation, error) {
	made, err := bench.Install(ctx, binary, data)
	if err != nil {
		return nil, err
	}
	i := &installation{Installation: made}
	i.serving, err = made.Serve(ctx, stderr)
	return i, err
}

func (i *installation) actor() string { return i.Base + "/actors/" + bench.Actor }
func (i *installation) inbox() string { return i.actor() + "/inbox" }

// followers reads the followers from the database itself.
func (i *installation) followers(ctx context.Context) (known map[string]bool, err error) {
	store, err := sqlite.Open(ctx, filepath.Join(i.Data, config.Database), storage.SystemClock{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	known = map[string]bool{}
	return known, store.View(ctx, func(tx *storage.Tx) error {
		for after := ""; ; {
			page, err := tx.Followers(publog.ActorSource(bench.Actor), after, 1000)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, one := range page {
				known[one.Actor] = true
			}
			after = page[len(page)-1].Actor
		}
	})
}

// pause pauses the delivery to a host, from which somebody must follow.
func (i *installation) pause(ctx context.Context, host string) (err error) {
	store, err := sqlite.Open(ctx, filepath.Join(i.Data, config.Database), storage.SystemClock{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	err = store.Update(ctx, func(tx *storage.Tx) error { return tx.PauseHost(host) })
	if errors.Is(err, press.ErrNotFound) {
		return fmt.Errorf("pause %s: nobody follows from there: %w", host, err)
	}
	return err
}
