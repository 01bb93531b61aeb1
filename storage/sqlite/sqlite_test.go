package sqlite_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"communique/storage"
	"communique/storage/sqlite"
)

func TestCreateKeepsItToItself(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "communique.db")
	s, err := sqlite.Create(t.Context(), file, storage.SystemClock{})
	closing(t, s, err)
	for _, name := range []string{file, file + "-wal", file + "-shm"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != 0o600 {
			t.Errorf("%s has mode %o, want 600: it holds private keys", filepath.Base(name), got)
		}
	}
}

func TestCreateRefusesAFileThatExists(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "communique.db")
	seeded(t, file)
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := sqlite.Create(t.Context(), file, storage.SystemClock{}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v, %v, want fs.ErrExist", s, err)
	}
	after, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(before) != string(after) {
		t.Error("the refused Create changed the file")
	}
}

func TestOpenRefusesWhatIsNoDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing.db")
	if _, err := sqlite.Open(t.Context(), missing, storage.SystemClock{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: got %v, want fs.ErrNotExist", err)
	}
	if _, err := os.Stat(missing); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the refused Open made the file")
	}
	garbage := filepath.Join(dir, "garbage.db")
	text := strings.Repeat("This is a letter, not a database. ", 500)
	if err := os.WriteFile(garbage, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(t.Context(), garbage, storage.SystemClock{}); err == nil || !strings.Contains(err.Error(), garbage) {
		t.Errorf("garbage: got %v, want an error that names the file", err)
	}
	if after, err := os.ReadFile(garbage); err != nil || string(after) != text {
		t.Errorf("the refused Open changed the file: %v", err)
	}
	if _, err := sqlite.Open(t.Context(), dir, storage.SystemClock{}); err == nil {
		t.Error("a folder was opened")
	}
}

func TestOddFileNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a b.db", "a?mode=ro.db", "a%20b.db", "a#b.db", "ministère.db", "'.db"} {
		dir := t.TempDir()
		seeded(t, dir+"//"+name)
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) != 1 || entries[0].Name() != name {
			t.Errorf("for %q the folder holds %v", name, entries)
		}
		s, err := sqlite.Open(t.Context(), "/"+filepath.Join(dir, name), storage.SystemClock{})
		log(t, closing(t, s, err))
	}
}
