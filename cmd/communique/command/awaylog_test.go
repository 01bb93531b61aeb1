package command

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"communique/storage/press"
)

// TestAwayLog: that the database is away is a warning once in a while, from whichever
// part of the server; everything else is logged as it was.
func TestAwayLog(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	o := newOutage()
	var passed time.Duration
	o.elapsed = func(time.Time) time.Duration { return passed }
	log := slog.New(newAwayLog(slog.NewTextHandler(&out, nil), o))
	away := fmt.Errorf("%w: begin: connection refused", press.ErrAway)
	for range 3 {
		log.Error("delivery is waiting", "error", away)
		log.With("part", "clock").WithGroup("g").Error("embargoes cannot be ended", "error", away)
	}
	log.Error("something else", "error", errors.New("no such table"))
	passed = awayEvery
	log.Error("delivery is waiting", "error", away)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	for i, want := range []string{"level=WARN msg=\"the database cannot be reached", "level=ERROR msg=\"something else\"", "not_logged=5"} {
		if len(lines) != 3 || !strings.Contains(lines[i], want) {
			t.Fatalf("logged:\n%swant line %d with %s", out.String(), i+1, want)
		}
	}
}
