package sqlite_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/sqlite"
)

// TestWatch: what another handle to the file commits is seen.
func TestWatch(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "communique.db")
	seeded(t, file)
	s, err := sqlite.Open(t.Context(), file, storage.SystemClock{})
	closing(t, s, err)
	other, err := sqlite.Open(t.Context(), file, storage.SystemClock{})
	closing(t, other, err)
	w, err := s.Watch(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	changed := func() bool {
		t.Helper()
		is, err := w.Changed(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return is
	}
	if first, second := changed(), changed(); !first || second {
		t.Errorf("before anything was committed the first look says %t, the second %t", first, second)
	}
	if _, err := publish(t.Context(), other, "<p>Text.</p>"); err != nil {
		t.Fatal(err)
	}
	for <-w.C; !changed(); <-w.C {
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

// TestWatchIsToldOfWrites: the first sign comes with the write, without a look.
func TestWatchIsToldOfWrites(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "communique.db")
	seeded(t, file)
	s, err := sqlite.Open(t.Context(), file, storage.SystemClock{})
	closing(t, s, err)
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	signs := make(chan struct{}, 100)
	stop, err := sqlite.Notify(t.Context(), db, func() {
		select {
		case signs <- struct{}{}:
		default:
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := publish(t.Context(), s, "<p>Text.</p>"); err != nil {
		t.Fatal(err)
	}
	<-signs
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestBackup(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file, copied := filepath.Join(folder, "communique.db"), filepath.Join(folder, "copy.db")
	seeded(t, file)
	s, err := sqlite.Open(t.Context(), file, storage.SystemClock{})
	closing(t, s, err)
	e, err := publish(t.Context(), s, "<p>Text.</p>")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	if _, err := publish(t.Context(), s, "<p>Later.</p>"); err != nil {
		t.Fatal(err)
	}
	again, err := sqlite.Open(t.Context(), copied, storage.SystemClock{})
	if entries := log(t, closing(t, again, err)); entries[len(entries)-1] != e {
		t.Errorf("the copy ends with %+v, want %+v", entries[len(entries)-1], e)
	}
	if err := again.Verify(t.Context()); err != nil {
		t.Errorf("the copy: %v", err)
	}
	if err := s.Backup(t.Context(), copied); err == nil {
		t.Error("a backup was written over another")
	}
}

// TestVerifyFindsDamage: bytes that are not what they were, and rows that refer
// to nothing.
func TestVerifyFindsDamage(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(t *testing.T, file string){
		"pages that were overwritten": func(t *testing.T, file string) {
			f, err := os.OpenFile(file, os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			const page = 4096
			if _, err := f.WriteAt([]byte(strings.Repeat("\xff", 8*page)), 10*page); err != nil {
				t.Fatal(err)
			}
		},
		"a row that refers to nothing": func(t *testing.T, file string) {
			db, err := sql.Open("sqlite", "file:"+file)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			_, err = db.ExecContext(t.Context(), `INSERT INTO media_articles (hash, article) VALUES ('none', 'none')`)
			if err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "communique.db")
			seeded(t, file)
			s, err := sqlite.Open(t.Context(), file, storage.SystemClock{})
			for range 20 {
				if err == nil {
					_, err = publish(t.Context(), s, press.HTML("<p>"+strings.Repeat("x", 5000)+"</p>"))
				}
			}
			if err = errors.Join(err, s.Close()); err != nil {
				t.Fatal(err)
			}
			damage(t, file)
			s, err = sqlite.Open(t.Context(), file, storage.SystemClock{})
			if err == nil {
				err = errors.Join(s.Verify(t.Context()), s.Close())
			}
			if err == nil {
				t.Error("nothing was found")
			}
		})
	}
}
