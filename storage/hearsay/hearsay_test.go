package hearsay

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// SECURITY A53: a host has one line a minute, a hundred hosts have one, and the rest
// is a number; what is kept is bounded.
func TestA53OneLineForAHostAndMinute(t *testing.T) {
	t.Parallel()
	var written bytes.Buffer
	now := time.Date(2031, 3, 4, 12, 0, 30, 0, time.UTC)
	l := New(slog.New(slog.NewTextHandler(&written, nil)), func() time.Time { return now })
	lines := func() []string {
		defer written.Reset()
		return strings.Split(strings.TrimSuffix(written.String(), "\n"), "\n")
	}
	for n := range 50 {
		l.Warn("social.example", "failed", "n", n)
	}
	if got := lines(); len(got) != 1 || !strings.Contains(got[0], "level=WARN msg=failed n=0") {
		t.Errorf("the lines of one host: %q", got)
	}
	for n := range 100_000 {
		l.Warn(fmt.Sprintf("%d.example%s", n, strings.Repeat("x", 5000)), "failed")
	}
	if got := lines(); len(got) != atMost-1 || len(l.said) != atMost {
		t.Errorf("%d lines of other hosts, %d are kept", len(got), len(l.said))
	}
	for host := range l.said {
		if len(host) > maxHost {
			t.Errorf("%d bytes are kept", len(host))
		}
	}
	now = now.Add(30 * time.Second)
	l.Log(slog.LevelInfo, "social.example", "ignored")
	l.Warn("social.example", "failed")
	if got := lines(); len(got) != 2 || !strings.Contains(got[0], fmt.Sprint("count=", 49+100_000-(atMost-1))) || !strings.Contains(got[1], "level=INFO msg=ignored") {
		t.Errorf("in the next minute: %q", got)
	}
}
