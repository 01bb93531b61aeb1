package command

import (
	"os"
	"path/filepath"
	"testing"

	"communique/cmd/internal/config"
)

// TestRestoreWithWrongJournal: a folder that is not there, and a journal of another site, are
// refused before anything is restored.
func TestRestoreWithWrongJournal(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	file := filepath.Join(t.TempDir(), "one.backup")
	w.must("backup", file)
	settings, err := os.ReadFile(filepath.Join(w.data, config.File))
	if err != nil {
		t.Fatal(err)
	}
	for site, fits := range map[string]bool{"https://press.mfa.example": true, "https://other.example": false} {
		if err := isOfOne(settings, []string{site}); (err == nil) != fits {
			t.Errorf("with the journal of %s: %v", site, err)
		}
	}
	typo := filepath.Join(t.TempDir(), "typo")
	w.data += ".restored"
	w.say([]said{{"restore --journal " + typo + " " + file, 1, []string{"nothing was restored: there is no journal in " + typo}}})
	if _, err := os.Stat(w.data); err == nil {
		t.Error("something was restored")
	}
}
