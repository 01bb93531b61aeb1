package command

import (
	"context"
	"errors"
	"log/slog"

	"communique/storage/press"
)

// awayLog passes on what is logged, but for what goes wrong because the database cannot
// be reached: that is one warning in a while, whoever finds it out.
type awayLog struct {
	slog.Handler
	outage *outage
}

func newAwayLog(h slog.Handler, o *outage) slog.Handler { return awayLog{h, o} }

func (l awayLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return awayLog{l.Handler.WithAttrs(attrs), l.outage}
}

func (l awayLog) WithGroup(name string) slog.Handler {
	return awayLog{l.Handler.WithGroup(name), l.outage}
}

// Handle implements [slog.Handler].
func (l awayLog) Handle(ctx context.Context, r slog.Record) error {
	away := awayIn(r)
	if away == nil || r.Level < slog.LevelWarn {
		return l.Handler.Handle(ctx, r)
	}
	silent, due := l.outage.missed(r.Time)
	if !due {
		return nil
	}
	said := slog.NewRecord(r.Time, slog.LevelWarn, "the database cannot be reached: nothing is served or sent until it is back", r.PC)
	said.AddAttrs(slog.String("first", r.Message), slog.Any("error", away), slog.Int("not_logged", silent))
	return l.Handler.Handle(ctx, said)
}

// awayIn is the error of a record that says that the database is away, or nil.
func awayIn(r slog.Record) (away error) {
	r.Attrs(func(a slog.Attr) bool {
		if err, ok := a.Value.Any().(error); ok && errors.Is(err, press.ErrAway) {
			away = err
		}
		return away == nil
	})
	return away
}
