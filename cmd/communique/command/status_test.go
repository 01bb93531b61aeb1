package command

import (
	"testing"
	"time"
)

// TestStatusOfEmbargoes: when the next one ends is told, and that it should have.
func TestStatusOfEmbargoes(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	w.say([]said{{"status", 2, []string{"Something is wrong. No server runs.\n", "Embargoes: none."}}})
	first := w.publish(w.document("published: 2026-11-27 10:00"))
	w.publish(w.document("published: 2026-11-28 10:00", "lead: Later."))
	w.say([]said{
		{"status", 2, []string{"Embargoes: 2; the next one ends at 2026-11-27 10:00:00 WET."}},
		{"status --json", 2, []string{`"well":false`, `"embargoes":{"drafts":2,"next":"2026-11-27T10:00:00Z"}`}},
	})
	w.clock.Pass(25 * time.Hour)
	w.say([]said{
		{"status", 2, []string{"FAIL  an embargo is overdue: it should have ended at 2026-11-27 10:00:00 WET\n"}},
		{"withdraw " + first + " --reason Error.", 0, nil},
		{"status", 2, []string{"Embargoes: 1; the next one ends at 2026-11-28 10:00:00 WET."}},
		{"status now", 2, []string{`"now" is not expected`}},
	})
}

// TestStatusOfWhatIsRestored: nothing else is said of a server that may not run.
func TestStatusOfWhatIsRestored(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	file := t.TempDir() + "/one.backup"
	w.must("backup", file)
	w.data += ".restored"
	w.must("restore", file)
	w.say([]said{{"status", 2, []string{"is not served before communique restore --confirm\n"}}})
}
