package federation

import (
	"fmt"
	"testing"
	"time"
)

// SECURITY A27: what is kept of hosts is bounded, however many there are.
func TestA27RecentHostsAreBounded(t *testing.T) {
	t.Parallel()
	var h recentHosts
	now := time.Date(2031, 3, 4, 12, 0, 0, 0, time.UTC)
	for n := range 100_000 {
		if !h.firstFrom(fmt.Sprintf("host%d.example:443", n), now) {
			t.Fatalf("host %d is no news", n)
		}
	}
	if len(h.last) > maxRecentHosts {
		t.Errorf("%d hosts are kept", len(h.last))
	}
	if h.firstFrom("host99999.example:443", now.Add(lookEvery-1)) || !h.firstFrom("host99999.example:443", now.Add(lookEvery)) {
		t.Error("a host is looked at when it is not its turn")
	}
	if !h.firstFrom("host99999.example:443", now.Add(-time.Hour)) {
		t.Error("a host is not looked at when the clock is set back")
	}
}
