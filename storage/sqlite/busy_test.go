package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/sqlite"
)

// holdLock takes the write lock, as another process would, and returns what
// lets it go.
func holdLock(t *testing.T, file string) (release func()) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	return func() {
		if _, err := db.Exec("ROLLBACK"); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestBusy(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "communique.db")
	seeded(t, file)
	s, err := sqlite.OpenWith(t.Context(), file, storage.SystemClock{}, 20*time.Millisecond)
	closing(t, s, err)
	release := holdLock(t, file)
	if _, err := publish(t.Context(), s, "<p>x</p>"); !errors.Is(err, press.ErrBusy) {
		t.Errorf("while another process writes: got %v, want press.ErrBusy", err)
	}
	log(t, s) // readers wait for nobody
	release()
	if _, err := publish(t.Context(), s, "<p>x</p>"); err != nil {
		t.Errorf("after it: %v", err)
	}
}

func TestWaitingForALockEndsWithTheContext(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "communique.db")
	seeded(t, file)
	s, err := sqlite.OpenWith(t.Context(), file, storage.SystemClock{}, time.Hour)
	closing(t, s, err)
	defer holdLock(t, file)()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := publish(ctx, s, "<p>x</p>"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want context.DeadlineExceeded", err)
	}
}

func TestAWriterWaitsForAnother(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "communique.db")
	seeded(t, file)
	s, err := sqlite.Open(t.Context(), file, storage.SystemClock{})
	closing(t, s, err)
	release := holdLock(t, file)
	done := make(chan error)
	go func() {
		_, err := publish(t.Context(), s, "<p>x</p>")
		done <- err
	}()
	select {
	case err := <-done:
		t.Fatalf("it did not wait: %v", err)
	case <-time.After(30 * time.Millisecond):
	}
	release()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// A transaction that reads first and writes later must not fail because
// somebody else wrote in between.
func TestReadThenWrite(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "communique.db")
	seeded(t, file)
	first, err := sqlite.Open(t.Context(), file, storage.SystemClock{})
	closing(t, first, err)
	second, err := sqlite.Open(t.Context(), file, storage.SystemClock{})
	closing(t, second, err)
	read := make(chan struct{})
	done := make(chan error)
	err = first.Update(t.Context(), func(tx *storage.Tx) error {
		if _, err := tx.Head(); err != nil {
			return err
		}
		go func() {
			close(read)
			_, err := publish(t.Context(), second, "<p>second</p>")
			done <- err
		}()
		<-read
		_, _, err := tx.Publish(press.Draft{Section: 1, Language: "en", Title: "First", Body: "<p>first</p>"})
		return err
	})
	if err := errors.Join(err, <-done); err != nil {
		t.Fatal(err)
	}
	if got := len(log(t, first)); got != 3 {
		t.Errorf("the log has %d entries, want 3", got)
	}
}
