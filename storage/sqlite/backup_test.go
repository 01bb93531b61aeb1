package sqlite_test

import (
	"context"
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/clocktest"
	"communique/storage/press"
	"communique/storage/sqlite"
)

// opened is how often this process has a file open.
func opened(t *testing.T, file string) (n int) {
	t.Helper()
	const descriptors = "/proc/self/fd"
	all, err := os.ReadDir(descriptors)
	if err != nil {
		t.Skip("only Linux tells: ", err)
	}
	for _, d := range all {
		if name, err := os.Readlink(filepath.Join(descriptors, d.Name())); err == nil && name == file {
			n++
		}
	}
	return n
}

// TestReleaseDuringABackup: an embargo that ends in the middle of a backup does not wait for
// its end, nor does an article that is published then. The disk that the backup goes to is
// as slow as can be: somebody has locked the file, and lets go of it when both are public.
func TestReleaseDuringABackup(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file, copied := filepath.Join(folder, "communique.db"), filepath.Join(folder, "copy.db")
	seeded(t, file)
	clock := clocktest.At(time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC))
	s, err := sqlite.OpenWith(t.Context(), file, clock, 10*time.Minute)
	closing(t, s, err)
	for range 20 {
		if _, err := publish(t.Context(), s, press.HTML("<p>"+strings.Repeat("x", 100_000)+"</p>")); err != nil {
			t.Fatal(err)
		}
	}
	err = s.Update(t.Context(), func(tx *storage.Tx) error {
		_, _, err := tx.Publish(press.Draft{Section: 1, Language: "en", Title: "Soon", Body: "<p>Text.</p>", Published: clock.Now().Add(time.Hour)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	before := len(log(t, s))
	release := lockFile(t, copied)
	made := make(chan error, 1)
	go func() { made <- s.Backup(t.Context(), copied) }()
	for opened(t, copied) < 2 { // by who has locked it, and by the backup
		time.Sleep(time.Millisecond)
	}
	ctx, stop := context.WithCancel(t.Context())
	clockEnded := make(chan error, 1)
	go func() { clockEnded <- s.RunClock(ctx, slog.New(slog.DiscardHandler), func() {}) }()
	clock.Pass(2 * time.Hour)
	for len(log(t, s)) == before {
		time.Sleep(time.Millisecond)
	}
	if _, err := publish(t.Context(), s, "<p>Meanwhile.</p>"); err != nil {
		t.Error(err)
	}
	select {
	case err := <-made:
		t.Errorf("the backup has ended before: %v", err)
	default:
	}
	release()
	if err := <-made; err != nil {
		t.Error(err)
	}
	stop()
	if err := <-clockEnded; err != nil {
		t.Error(err)
	}
	again, err := sqlite.Open(t.Context(), copied, clock)
	if got := len(log(t, closing(t, again, err))); got < before {
		t.Errorf("the copy has %d entries, %d were there before", got, before)
	}
	if err := again.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// lockFile makes an empty database that nobody else can write to until release is called.
func lockFile(t *testing.T, file string) (release func()) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), `BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}
