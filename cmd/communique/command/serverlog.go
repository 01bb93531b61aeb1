package command

import (
	"context"
	"log/slog"
	"os"

	"communique/cmd/internal/config"
	"communique/cmd/internal/ops"
)

// serverLog makes the log of the server, whose level is read anew from the configuration
// when the world says so. What the standard library has to say, of what other servers and
// clients did, goes there too, for who looks closely. For how long there is no database the
// outage knows.
func (a *app) serverLog(ctx context.Context, c config.Config, o *outage) (log *slog.Logger, stop func()) {
	level := &slog.LevelVar{}
	level.Set(c.Log.From())
	log = slog.New(newAwayLog(ops.NewHandler(a.Stderr, ops.Format(c.Log.Format), level), o))
	if a.LibraryLog != nil {
		a.LibraryLog(slog.NewLogLogger(log.Handler(), slog.LevelDebug).Writer())
	}
	if a.Reload == nil {
		return log, func() {}
	}
	signals, end := a.Reload()
	ctx, cancel := context.WithCancel(ctx)
	go a.reload(ctx, signals, log, level)
	return log, func() {
		cancel()
		end()
	}
}

func (a *app) reload(ctx context.Context, signals <-chan os.Signal, log *slog.Logger, level *slog.LevelVar) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-signals:
		}
		c, err := config.Load(a.data, a.Env)
		if err != nil {
			log.Warn("the level of the log stays: the configuration cannot be read", "level", level.Level(), "error", err)
			continue
		}
		level.Set(c.Log.From())
		log.Log(ctx, max(level.Level(), slog.LevelInfo), "the level of the log was read anew; other settings take a restart", "level", level.Level())
	}
}
