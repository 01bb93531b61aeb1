package config

import (
	"log/slog"
)

// Log is what the server logs.
type Log struct {
	// Format is "text" or "json".
	Format string `yaml:"format"`
	// Level is the least that is logged: "debug", "info", "warn" or "error".
	Level string `yaml:"level"`
	// Access is whether each request has a line: "off", "short" or "full", by how much of
	// the client's address stands in it.
	Access string `yaml:"access"`
}

// levels are the words of log.level.
var levels = map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}

// From is the level from which on it logs.
func (l Log) From() slog.Level { return levels[l.Level] }

func (f file) checkLog(c *Config) error {
	c.Log = f.Log
	if err := oneOf("log.format", &c.Log.Format, "text", "json"); err != nil {
		return err
	}
	if err := oneOf("log.level", &c.Log.Level, "info", "debug", "warn", "error"); err != nil {
		return err
	}
	return oneOf("log.access", &c.Log.Access, "off", "short", "full")
}
