package https

import (
	"context"
	"log/slog"
	"slices"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// libraryLog leads what the library has to say to our log, for who looks closely: what a
// person should know, the [Keeper] says once.
func libraryLog(log *slog.Logger) *zap.Logger { return zap.New(&sluice{log: log}) }

// sluice is a [zapcore.Core] that writes to a [slog.Logger].
type sluice struct {
	log    *slog.Logger
	fields []zapcore.Field
}

// Enabled implements [zapcore.LevelEnabler].
func (s *sluice) Enabled(zapcore.Level) bool {
	return s.log.Enabled(context.Background(), slog.LevelDebug)
}

// With implements [zapcore.Core].
func (s *sluice) With(fields []zapcore.Field) zapcore.Core {
	return &sluice{s.log, append(slices.Clip(s.fields), fields...)}
}

// Check implements [zapcore.Core].
func (s *sluice) Check(e zapcore.Entry, to *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if s.Enabled(e.Level) {
		return to.AddCore(e, s)
	}
	return to
}

// Write implements [zapcore.Core].
func (s *sluice) Write(e zapcore.Entry, fields []zapcore.Field) error {
	said := zapcore.NewMapObjectEncoder()
	for _, all := range [][]zapcore.Field{s.fields, fields} {
		for _, f := range all {
			f.AddTo(said)
		}
	}
	s.log.Debug("certificate: "+e.Message, "fields", said.Fields)
	return nil
}

// Sync implements [zapcore.Core].
func (s *sluice) Sync() error { return nil }
