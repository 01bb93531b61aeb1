// Package hearsay writes into the log what strangers have caused: their servers and
// clients decide how often that happens, and must not fill the log, drown what an
// operator has to read, or take memory (SECURITY A53).
package hearsay

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"
)

const (
	// atMost is how many hosts have a line in a minute; the others are counted.
	atMost  = 100
	maxHost = 300 // bytes, more than any has
)

// Log writes a line for each host and minute. It is safe for concurrent use.
type Log struct {
	log *slog.Logger
	now func() time.Time

	mu     sync.Mutex
	minute time.Time
	said   map[string]bool
	left   int
}

// New is a log that writes into another.
func New(log *slog.Logger, now func() time.Time) *Log { return &Log{log: log, now: now} }

// Warn writes what a host has caused as a warning, unless the host had its line in
// this minute.
func (l *Log) Warn(host, message string, args ...any) { l.Log(slog.LevelWarn, host, message, args...) }

// Log is [Log.Warn] at another level.
func (l *Log) Log(level slog.Level, host, message string, args ...any) {
	first, left := l.turn(host)
	ctx := context.Background() // of the line, which outlives its request
	if left > 0 {
		l.log.Log(ctx, slog.LevelWarn, "lines about other servers and clients were left out", "count", left)
	}
	if first {
		l.log.Log(ctx, level, message, args...)
	}
}

// turn reports whether a host has its line, and in a new minute how many lines were
// left out before.
func (l *Log) turn(host string) (first bool, left int) {
	host = host[:min(len(host), maxHost)]
	l.mu.Lock()
	defer l.mu.Unlock()
	if minute := l.now().Truncate(time.Minute); !minute.Equal(l.minute) || l.said == nil {
		left, l.left = l.left, 0
		l.minute, l.said = minute, map[string]bool{}
	}
	if l.said[host] || len(l.said) >= atMost {
		l.left++
		return false, left
	}
	l.said[strings.Clone(host)] = true // it may be a piece of something large
	return true, left
}
