package command

import (
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/config"
	"communique/storage"
	"communique/storage/clocktest"
)

// TestPaceOfAnUpgrade: how far an upgrade is goes by its steps and the rows of the present one.
// What it still takes is at least what the rest of the rows takes; where nothing is done yet
// nobody can tell.
func TestPaceOfAnUpgrade(t *testing.T) {
	t.Parallel()
	clock := clocktest.At(time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC))
	p := newPace(clock)
	for _, tt := range []struct {
		passes  time.Duration
		at      storage.Upgrade
		begins  bool
		percent int
		text    string
	}{
		{0, storage.Upgrade{Copying: true, All: 400_000_000}, true, 0, "it is copied first, 0 of 400 MB"},
		{10 * time.Second, storage.Upgrade{Copying: true, Done: 100_000_000, All: 400_000_000}, false, 0, "it is copied first, 100 of 400 MB, about 30s left"},
		{30 * time.Second, storage.Upgrade{Step: 1, Steps: 4}, true, 0, "step 1 of 4"},
		{time.Second, storage.Upgrade{Step: 2, Steps: 4}, true, 25, "step 2 of 4, about 3s left"},
		{time.Second, storage.Upgrade{Step: 3, Steps: 4}, true, 50, "step 3 of 4, about 2s left"},
		{time.Minute, storage.Upgrade{Step: 3, Steps: 4, Done: 100, All: 1000}, true, 52, "step 3 of 4, 100 of 1000 rows, about 9m0s left"},
		{time.Minute, storage.Upgrade{Step: 3, Steps: 4, Done: 500, All: 1000}, false, 62, "step 3 of 4, 500 of 1000 rows, about 2m0s left"},
	} {
		clock.Pass(tt.passes)
		line, begins := p.now(tt.at)
		if begins != tt.begins || line.Percent != tt.percent || line.Text != tt.text {
			t.Errorf("%+v: %v %d %q, want %v %d %q", tt.at, begins, line.Percent, line.Text, tt.begins, tt.percent, tt.text)
		}
	}
}

// TestAnUpgradeIsShown: away from a terminal a long upgrade prints a line every ten seconds,
// and one that was killed is not taken to be under way.
func TestAnUpgradeIsShown(t *testing.T) {
	t.Parallel()
	clock := clocktest.At(time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC))
	var out strings.Builder
	data := t.TempDir()
	a := &app{World: World{Stderr: &out, Clock: clock}}
	u := a.newUpgrading(config.Config{Data: data})
	for row := range int64(25) {
		clock.Pass(time.Second)
		u.at(storage.Upgrade{Step: 1, Steps: 2, Done: row, All: 50})
	}
	want := "The database is brought up to date: step 1 of 2, 9 of 50 rows, about 1m41s left\n" +
		"The database is brought up to date: step 1 of 2, 19 of 50 rows, about 1m25s left\n"
	if out.String() != want {
		t.Errorf("printed\n%swant\n%s", out.String(), want)
	}
	if line := underWay(data); line == nil || !strings.Contains(line.Text, "24 of 50 rows") {
		t.Errorf("under way: %+v", line)
	}
	if err := u.lock.Unlock(); err != nil { // the end of its process unlocks too
		t.Fatal(err)
	}
	if line := underWay(data); line != nil {
		t.Errorf("of one that was killed: %+v", line)
	}
}
