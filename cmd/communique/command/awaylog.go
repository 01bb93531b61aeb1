package command

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"communique/storage/press"
)

// awayEvery is how often the log says that the database cannot be reached: every part
// of the server finds that out by itself, many times a second.
const awayEvery = time.Minute

// awayLog passes on what is logged, but for what goes wrong because the database cannot
// be reached: that is one warning in a while, whoever finds it out.
type awayLog struct {
	slog.Handler
	said *lastSaid
}

type lastSaid struct {
	mu      sync.Mutex
	at      time.Time // zero: never
	silent  int       // since then
	elapsed func(since time.Time) time.Duration
}

func newAwayLog(h slog.Handler) slog.Handler {
	return awayLog{h, &lastSaid{elapsed: time.Since}}
}

func (l awayLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return awayLog{l.Handler.WithAttrs(attrs), l.said}
}

func (l awayLog) WithGroup(name string) slog.Handler {
	return awayLog{l.Handler.WithGroup(name), l.said}
}

// Handle implements [slog.Handler].
func (l awayLog) Handle(ctx context.Context, r slog.Record) error {
	away := awayIn(r)
	if away == nil || r.Level < slog.LevelWarn {
		return l.Handler.Handle(ctx, r)
	}
	silent, due := l.said.due(r.Time)
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

// due tells whether it is to be said again, and how much was not said since.
func (s *lastSaid) due(now time.Time) (silent int, due bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.at.IsZero() && s.elapsed(s.at) < awayEvery {
		s.silent++
		return 0, false
	}
	silent, s.silent, s.at = s.silent, 0, now
	return silent, true
}
