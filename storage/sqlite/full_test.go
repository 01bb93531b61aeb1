//go:build unix

package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/sqlite"
)

func TestFull(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "communique.db")
	seeded(t, file)
	s, err := sqlite.OpenWith(t.Context(), file, storage.SystemClock{}, time.Second, "max_page_count(80)")
	closing(t, s, err)
	body := press.HTML("<p>" + strings.Repeat("x", 20_000) + "</p>")
	taken := 0
	for ; err == nil; taken++ {
		_, err = publish(t.Context(), s, body)
	}
	if !errors.Is(err, press.ErrFull) {
		t.Fatalf("after %d articles: got %v, want press.ErrFull", taken, err)
	}
	t.Log(err)
	if got := len(log(t, s)); got != taken {
		t.Errorf("the log has %d entries, want %d: the section and each article that was taken", got, taken)
	}
	if _, err := publish(t.Context(), s, body); !errors.Is(err, press.ErrFull) {
		t.Errorf("again: got %v, want press.ErrFull", err)
	}
}

// TestDiskRefuses lets the operating system refuse the writes (a limit on the
// size of files, set in a process of its own), at every point of a transaction
// in turn, and takes the limit away: the store must go on without a restart.
func TestDiskRefuses(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "communique.db")
	seeded(t, file)
	cmd, lines := child(t, "fill", file)
	taken := 0
	for lines.Scan() {
		if lines.Text() == "taken" {
			taken++
			continue
		}
		t.Log(lines.Text())
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	s, err := sqlite.Open(t.Context(), file, storage.SystemClock{})
	if got := len(log(t, closing(t, s, err))); got != taken+1 {
		t.Errorf("the log has %d entries, want %d: the section and each article that was taken", got, taken+1)
	}
}

func fillUp(ctx context.Context, file string, out io.Writer) error {
	signal.Ignore(syscall.SIGXFSZ)
	s, err := sqlite.Open(ctx, file, storage.SystemClock{})
	if err != nil {
		return err
	}
	defer s.Close()
	var unlimited syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &unlimited); err != nil {
		return err
	}
	body := press.HTML("<p>" + strings.Repeat("x", 30_000) + "</p>")
	refused, fits := 0, false
	for room := int64(0); !fits; room += 2500 {
		info, err := os.Stat(file + "-wal")
		if err != nil {
			return err
		}
		limit := unlimited
		limit.Cur = uint64(info.Size() + room)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			return err
		}
		_, failed := publish(ctx, s, body)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &unlimited); err != nil {
			return err
		}
		switch {
		case failed == nil:
			fits = true
			fmt.Fprintln(out, "taken")
		case errors.Is(failed, press.ErrFull):
			refused++
		default:
			return fmt.Errorf("room for %d bytes: got %w, want press.ErrFull", room, failed)
		}
		if _, err := publish(ctx, s, body); err != nil {
			return fmt.Errorf("with room again after %d bytes: %w", room, err)
		}
		fmt.Fprintln(out, "taken")
	}
	fmt.Fprintf(out, "refused %d times\n", refused)
	if refused == 0 {
		return errors.New("the limit was never felt")
	}
	return nil
}
