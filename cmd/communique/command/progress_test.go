package command

import (
	"strings"
	"testing"
	"time"

	"communique/storage/clocktest"
)

// TestProgress: away from a terminal a long run prints a line every ten seconds, with
// its rate since it began and the time that is left by it.
func TestProgress(t *testing.T) {
	t.Parallel()
	clock := clocktest.At(time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC))
	var out strings.Builder
	p := newProgress(&out, clock, "pages", 100)
	for range 40 {
		clock.Pass(500 * time.Millisecond)
		p.step()
	}
	clock.Pass(9 * time.Second)
	p.at(99) // too soon for another line
	p.end()
	want := "20 of 100 pages, 2 a second, 40s left\n40 of 100 pages, 2 a second, 30s left\n"
	if out.String() != want {
		t.Errorf("printed\n%swant\n%s", out.String(), want)
	}
}

// TestProgressGoesOn: a run that is watched from its middle has the rate of what was
// done since.
func TestProgressGoesOn(t *testing.T) {
	t.Parallel()
	clock := clocktest.At(time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC))
	var out strings.Builder
	p := newProgress(&out, clock, "servers", 1000)
	p.at(501)
	clock.Pass(10 * time.Second)
	p.at(600)
	if want := "600 of 1000 servers, 10 a second, 40s left\n"; out.String() != want {
		t.Errorf("printed %q, want %q", out.String(), want)
	}
}
