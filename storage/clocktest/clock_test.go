package clocktest_test

import (
	"testing"
	"time"

	"communique/storage/clocktest"
)

func TestClock(t *testing.T) {
	t.Parallel()
	noon := time.Date(2031, time.March, 4, 12, 0, 0, 0, time.UTC)
	c := clocktest.At(noon)
	c.Pass(time.Hour)
	c.Jump(24 * time.Hour)
	if got, want := c.Now(), noon.Add(25*time.Hour); !got.Equal(want) {
		t.Errorf("the wall clock says %s, want %s", got, want)
	}
	if got := c.Elapsed(); got != time.Hour {
		t.Errorf("%s have passed, want an hour", got)
	}
	c.Set(noon)
	if got := c.Now(); !got.Equal(noon) {
		t.Errorf("set to %s, the wall clock says %s", noon, got)
	}
}

func TestClockRunning(t *testing.T) {
	t.Parallel()
	before := time.Now().Round(0)
	c := clocktest.Running()
	c.Jump(time.Hour)
	first, elapsed := c.Now(), c.Elapsed()
	if first.Before(before.Add(time.Hour)) {
		t.Errorf("the wall clock says %s, an hour after %s is later", first, before)
	}
	for c.Elapsed() == elapsed { // until the machine's clock has moved
	}
	if c.Now().Before(first) {
		t.Error("the clock ran backwards")
	}
}
