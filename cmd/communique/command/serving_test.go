package command

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestWhatNobodySees: every command that does something says what keeps it from being
// seen, for people and for machines: no server, or a restore that nobody has confirmed.
func TestWhatNobodySees(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	draft, public, gone := w.publish(w.document("published: 2026-12-01", "lead: Later.")), w.publish(w.document()), w.publish(w.document("lead: Gone."))
	w.must("section", "add", "Press Room")
	acts := []string{
		"publish --again " + w.document("lead: New."),
		"publish --dry-run --again " + w.document("lead: Newer."),
		"correct " + draft + " " + w.document("lead: Shorter."),
		"correct " + public + " " + w.document("lead: It was.") + " --minor",
		"withdraw " + gone + " --reason Error.",
		"pin " + public,
		"unpin " + public,
		"section add Speeches",
		"section name speeches Talks",
		"section rename speeches talks",
		"section move talks press-room",
		"section close press-room/talks",
		"section reopen press-room/talks",
		"section remove press-room/talks",
		"block add bad.example",
		"block remove bad.example",
		"alias add https://social.example/users/m",
		"alias remove https://social.example/users/m",
		"keys rotate --ed25519",
		"clock",
	}
	machine := func(w *terminal, out string, want string) {
		t.Helper()
		var fields map[string]any
		if err := json.Unmarshal([]byte(out), &fields); err != nil {
			t.Fatalf("%q: %v", out, err)
		}
		if fields["served"] != false || fields["unconfirmed"] != (map[string]any{"": nil, "unconfirmed": true}[want]) {
			t.Errorf("%s", out)
		}
	}
	for _, act := range acts {
		if out := w.must(split(act)...); strings.Count(out, "No server runs on "+w.data) != 1 {
			t.Errorf("%s does not say that no server runs:\n%s", act, out)
		}
	}
	file := filepath.Join(t.TempDir(), "one.backup")
	w.must("backup", file)
	machine(w, w.must("section", "add", "--json", "Speeches"), "")
	machine(w, w.must("publish", "--again", "--json", w.document("lead: Newest.")), "")
	machine(w, w.must("pin", "--json", public), "")
	w.clock.Pass(48 * time.Hour) // servers have forgotten the keys before the last
	machine(w, w.must("keys", "rotate", "--json"), "")

	r := &terminal{t: t, data: filepath.Join(t.TempDir(), "again"), clock: w.clock}
	r.must("restore", file)
	for _, act := range []string{"publish --again " + w.document("lead: Other."), "pin " + public, "block add bad.example"} {
		out := r.must(split(act)...)
		if strings.Contains(out, "No server runs") || !strings.Contains(out, "is not served before communique restore --confirm") {
			t.Errorf("%s in what was restored:\n%s", act, out)
		}
	}
	machine(r, r.must("unpin", "--json", public), "unconfirmed")
	r.must("restore", "--confirm")
	if out := r.must("pin", public); !strings.Contains(out, "No server runs") {
		t.Errorf("confirmed:\n%s", out)
	}
}
