package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/sqlite"
)

// childVariable makes the test binary a child process that plays a part
// against the database file in fileVariable.
const (
	childVariable = "SQLITE_TEST_CHILD"
	fileVariable  = "SQLITE_TEST_FILE"
)

var parts = map[string]func(ctx context.Context, file string, out io.Writer) error{
	"append": appendForEver,
	"fill":   fillUp,
}

func TestMain(m *testing.M) {
	part := os.Getenv(childVariable)
	if part == "" {
		os.Exit(m.Run())
	}
	if err := parts[part](context.Background(), os.Getenv(fileVariable), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// child starts a part; its standard output is read line by line.
func child(t *testing.T, part, file string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+part, fileVariable+"="+file)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

// closing closes the store when the test ends.
func closing(t *testing.T, s *storage.Store, err error) *storage.Store {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// seeded makes a database with one section, number 1, and closes it.
func seeded(t *testing.T, file string) {
	t.Helper()
	s, err := sqlite.Create(t.Context(), file, storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx *storage.Tx) error {
		_, err := tx.AddSection(press.Root, "news", "en", "News")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func publish(ctx context.Context, s *storage.Store, body press.HTML) (e press.Entry, err error) {
	err = s.Update(ctx, func(tx *storage.Tx) (err error) {
		_, e, err = tx.Publish(press.Draft{Section: 1, Language: "en", Title: "Statement", Body: body})
		return err
	})
	return e, err
}

// log reads the whole log, and fails if it has a gap.
func log(t *testing.T, s *storage.Store) (entries []press.Entry) {
	t.Helper()
	err := s.View(t.Context(), func(tx *storage.Tx) (err error) {
		h, err := tx.Head()
		if err != nil {
			return err
		}
		if entries, err = tx.EntriesAfter(0, 1<<30); err != nil {
			return err
		}
		if len(entries) != int(h.Seq) {
			t.Errorf("the head says %d, the log has %d entries", h.Seq, len(entries))
		}
		for i, e := range entries {
			if e.Seq != press.Seq(i+1) {
				t.Fatalf("entry %d of the log has seq %d", i+1, e.Seq)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return entries
}
