package command

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"communique/cmd/internal/config"
	"communique/cmd/internal/ops"
	"communique/storage"
	"communique/storage/sqlite"
)

// errReplaced ends a server whose place another one has taken.
var errReplaced = errors.New("another program has taken the place of this one")

// replacePatience is how long a program that is to take the place of the server may say
// nothing before it serves.
const replacePatience = 2 * time.Minute

// replaceWhenTold has the program started again when the world says so, with the sockets of
// this one, and ends this one when the other serves. A program that does not get so far
// leaves this one serving. stop ends it.
func (a *app) replaceWhenTold(ctx context.Context, manager ops.Systemd, end context.CancelCauseFunc, log *slog.Logger) (stop func()) {
	if a.Replace == nil {
		return func() {}
	}
	signals, noMore := a.Replace()
	ctx, cancel := context.WithCancel(ctx)
	var waiting sync.WaitGroup
	waiting.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-signals:
			}
			if a.replace(ctx, manager, log) {
				end(errReplaced)
				return
			}
		}
	})
	return func() {
		noMore()
		cancel()
		waiting.Wait()
	}
}

// replace tells whether another one has taken the place of this server.
func (a *app) replace(ctx context.Context, manager ops.Systemd, log *slog.Logger) bool {
	if os.Getpid() == 1 {
		log.Warn("the first process of a container cannot be replaced: start another container")
		return false
	}
	log.Info("the program is started again, to take the place of this one")
	pid, err := manager.Replace(ctx, a.Again(), replacePatience)
	if err != nil {
		if ctx.Err() == nil {
			log.Error("no other program takes the place of this one, which serves on", "error", err)
			_ = manager.Notify("STATUS=Serving; the program that was to take its place did not start: " + oneLine(err)) // the log has it
		}
		return false
	}
	log.Info("another program has taken the place of this one", "pid", pid)
	return true
}

// standAside has the program before end first if the tables of its file are going to be
// changed: then this one answers meanwhile. Those of a database that several share are changed
// while it serves, and it is asked for more time. It returns what is told of each step.
func (a *app) standAside(ctx context.Context, before *ops.Predecessor, answers func(storage.Upgrade)) (tell func(storage.Upgrade), err error) {
	if before == nil {
		return answers, nil
	}
	wait := func(storage.Upgrade) { before.Wait() }
	c, err := config.Load(a.data, a.Env)
	if err != nil || c.Server != "" {
		return wait, err
	}
	changes, err := sqlite.Upgrades(ctx, filepath.Join(c.Data, config.Database))
	if err != nil || !changes {
		return wait, err
	}
	return answers, before.Alone(ctx)
}
