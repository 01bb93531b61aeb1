package backup

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPart: nothing is under the final name before it is whole, and nothing is left of what
// was given up.
func TestPart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "one.backup")
	begin := func() *Part {
		t.Helper()
		p, err := Begin(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Write([]byte("text")); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(p.Name()); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("others can read it: %v", err)
		}
		return p
	}
	given := begin()
	if all := names(t, dir); slices.Contains(all, "one.backup") {
		t.Errorf("it is there before it is finished: %v", all)
	}
	if err := given.Abandon(); err != nil {
		t.Error(err)
	}
	if all := names(t, dir); len(all) > 0 {
		t.Errorf("what was given up is there: %v", all)
	}
	finished := begin()
	if err := finished.Finish(); err != nil {
		t.Error(err)
	}
	if err := finished.Abandon(); err != nil {
		t.Errorf("what is finished is given up: %v", err)
	}
	if text, err := os.ReadFile(name); string(text) != "text" || err != nil {
		t.Errorf("it says %q, %v", text, err)
	}
	if _, err := Begin(name); err == nil || !strings.Contains(err.Error(), "one.backup is there already: name a new file") {
		t.Errorf("once more: %v", err)
	}
	if _, err := Begin(filepath.Join(dir, "none", "one.backup")); err == nil || strings.Contains(err.Error(), ".part") {
		t.Errorf("in a folder that is not there: %v", err)
	}
}
