package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"communique/cmd/internal/config"
	"communique/storage"
	"communique/storage/press"
	"communique/storage/sqlite"
)

// installation is a communique of its own to be measured, in loopback mode.
type installation struct {
	binary string
	data   string
	host   string // with its port
	stderr io.Writer
	nice   int // how far the server stands back for others; 19 is furthest

	serving *exec.Cmd
	ended   chan struct{}
}

const (
	installedActor = "ministry"
	startsWithin   = 2 * time.Minute // on a machine that is busy, too
)

// install makes the installation and serves it.
func install(ctx context.Context, binary, data string, stderr io.Writer) (*installation, error) {
	i, err := initialize(ctx, binary, data, stderr)
	if err != nil {
		return nil, err
	}
	return i, i.serve(ctx)
}

// initialize makes the installation.
func initialize(ctx context.Context, binary, data string, stderr io.Writer) (*installation, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	i := &installation{binary: binary, data: data, host: l.Addr().String(), stderr: stderr}
	if err := l.Close(); err != nil {
		return nil, err
	}
	err = i.run(ctx, "init", "--base-url", "http://"+i.host, "--actor", installedActor,
		"--name", "Ministry", "--timezone", "UTC", "--language", "en")
	if err != nil {
		return nil, err
	}
	return i, nil
}

func (i *installation) actor() string { return "http://" + i.host + "/actors/" + installedActor }
func (i *installation) inbox() string { return i.actor() + "/inbox" }

// run runs a command on the installation.
func (i *installation) run(ctx context.Context, args ...string) error {
	out, err := exec.CommandContext(ctx, i.binary, append(args, "--data", i.data)...).CombinedOutput() //nolint:gosec // the user's own program
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", i.binary, args[0], err, out)
	}
	return nil
}

// serve starts the server and waits until it listens.
func (i *installation) serve(ctx context.Context) error {
	command := []string{i.binary, "serve", "--data", i.data}
	if i.nice > 0 {
		command = append([]string{"nice", "-n", strconv.Itoa(i.nice)}, command...)
	}
	i.serving = exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // the user's own program
	i.serving.Stderr = i.stderr
	i.ended = make(chan struct{})
	if err := i.serving.Start(); err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	go func() {
		_ = i.serving.Wait() // that it ended is what matters; how, stands on stderr
		close(i.ended)
	}()
	ctx, cancel := context.WithTimeout(ctx, startsWithin)
	defer cancel()
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", i.host)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server does not listen: %w", err)
		case <-i.ended:
			return errors.New("the server ended by itself")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// kill ends the server at once, as a loss of power to the program does.
func (i *installation) kill() error {
	err := i.serving.Process.Kill()
	<-i.ended
	return err
}

// followers reads who follows, by the database itself.
func (i *installation) followers(ctx context.Context) (known map[string]bool, err error) {
	store, err := sqlite.Open(ctx, filepath.Join(i.data, config.Database), time.Now)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	known = map[string]bool{}
	return known, store.View(ctx, func(tx *storage.Tx) error {
		for behind := ""; ; {
			page, err := tx.Followers(storage.ActorSource(installedActor), behind, 1000)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, one := range page {
				known[one.Actor] = true
			}
			behind = page[len(page)-1].Actor
		}
	})
}

// pause pauses the delivery to a host; one that nothing goes to yet cannot be.
func (i *installation) pause(ctx context.Context, host string) (err error) {
	store, err := sqlite.Open(ctx, filepath.Join(i.data, config.Database), time.Now)
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
