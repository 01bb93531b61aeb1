package federation

import (
	"fmt"
	"testing"
	"time"
)

// SECURITY A50: what is kept of accounts that are said to be gone is bounded and
// forgotten, and the last that is said of one that was just looked at is not lost.
func TestA50LooksAreBounded(t *testing.T) {
	t.Parallel()
	var l looks
	now := time.Date(2031, 3, 4, 12, 0, 0, 0, time.UTC)
	for n := range 100_000 {
		d := departure{actor: fmt.Sprintf("https://host.example/users/%d", n)}
		if l.take(d, now) != (n < maxLooks) {
			t.Fatalf("number %d is looked at: %v", n, n >= maxLooks)
		}
	}
	first := departure{actor: "https://host.example/users/0"}
	if l.take(first, now.Add(lookAgain-1)) {
		t.Error("an account is looked at twice in half a minute")
	}
	if again := l.due(now.Add(lookAgain - 1)); len(again) != 0 {
		t.Errorf("%d accounts are due too early", len(again))
	}
	if again := l.due(now.Add(lookAgain)); len(again) != 1 || again[0].actor != first.actor || len(l.accounts) != 0 {
		t.Errorf("due are %v, kept %d", again, len(l.accounts))
	}
	if !l.take(first, now) || !l.take(first, now.Add(-time.Hour)) {
		t.Error("an account is not looked at when the clock is set back")
	}
}
