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

// TestPartTakesAFile: a file on the same disk becomes the part without being written again, for
// nobody else to read; one on another disk stays what it is.
func TestPartTakesAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	begin := func(name, whole string) *Part {
		t.Helper()
		p, err := Begin(filepath.Join(dir, name))
		if err == nil {
			err = os.WriteFile(whole, []byte("whole"), 0o644) // as another program makes it
		}
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	here := filepath.Join(dir, "copy")
	p := begin("one.backup", here)
	if taken, err := p.Take(here); !taken || err != nil {
		t.Fatalf("%v, %v", taken, err)
	}
	if err := p.Finish(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, "one.backup"))
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() != 5 {
		t.Errorf("it is %v, %v", info, err)
	}
	if all := names(t, dir); len(all) != 1 {
		t.Errorf("there are %v", all)
	}

	elsewhere, err := os.MkdirTemp("/dev/shm", "part") //nolint:usetesting // on another disk
	if err != nil {
		t.Skip("there is no other disk")
	}
	t.Cleanup(func() { _ = os.RemoveAll(elsewhere) })
	if same(t, dir, elsewhere) {
		dir = "." // where the repository is
	}
	if same(t, dir, elsewhere) {
		t.Skip("there is no other disk")
	}
	there := filepath.Join(elsewhere, "copy")
	p = begin("two.backup", there)
	if taken, err := p.Take(there); taken || err != nil {
		t.Errorf("from another disk: %v, %v", taken, err)
	}
	if text, err := os.ReadFile(there); string(text) != "whole" || err != nil {
		t.Errorf("what is on another disk is %q, %v", text, err)
	}
	if err := p.Abandon(); err != nil {
		t.Error(err)
	}
}

// same tells whether two folders are on one disk.
func same(t *testing.T, one, other string) bool {
	t.Helper()
	probe := filepath.Join(one, "probe")
	if err := os.WriteFile(probe, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	moved := filepath.Join(other, "probe")
	if os.Rename(probe, moved) != nil {
		return os.Remove(probe) != nil
	}
	return os.Remove(moved) == nil
}
