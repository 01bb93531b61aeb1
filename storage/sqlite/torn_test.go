package sqlite_test

import (
	"database/sql"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/sqlite"
)

// The log of SQLite (https://sqlite.org/fileformat2.html#walformat): a head, in which the size of
// a page stands, and frames of a head and a page.
const (
	logHead    = 32
	frameHead  = 24
	pageSizeAt = 8
)

// TestTorn: a copy whose log ends at whichever frame, or a byte before or behind it, has all that
// was committed up to there, and nothing else; it is whole, and can be written to.
func TestTorn(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "communique.db")
	seeded(t, file)
	s, err := sqlite.Open(t.Context(), file, storage.SystemClock{})
	closing(t, s, err)
	acknowledged := log(t, s)
	for range 2 {
		e, err := publish(t.Context(), s, "<p>Text.</p>")
		if err != nil {
			t.Fatal(err)
		}
		acknowledged = append(acknowledged, e)
	}
	database, written := read(t, file), read(t, file+"-wal")
	frame := frameHead + int(binary.BigEndian.Uint32(written[pageSizeAt:]))
	frames, before := 0, 0
	for end := logHead; end <= len(written); end += frame {
		frames++
		for _, cut := range []int{end - 1, end, end + 1} {
			if cut > len(written) {
				continue
			}
			torn := filepath.Join(t.TempDir(), "communique.db")
			write(t, torn, database)
			write(t, torn+"-wal", written[:cut])
			n := whole(t, torn)
			if n < before || n > len(acknowledged) {
				t.Fatalf("cut at byte %d it has %d entries, and %d a byte or frame before", cut, n, before)
			}
			if n > before || cut == logHead {
				continuesAt(t, torn, acknowledged[:n])
			}
			before = n
		}
	}
	if before != len(acknowledged) {
		t.Errorf("the whole log has %d entries of %d", before, len(acknowledged))
	}
	t.Logf("%d frames", frames)
}

// whole looks whether a database holds in all its parts, and counts its entries.
func whole(t *testing.T, file string) (entries int) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	var verdict string
	if err := db.QueryRowContext(t.Context(), `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil || verdict != "ok" {
		t.Fatalf("%v: %s", err, verdict)
	}
	if err := db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM entries`).Scan(&entries); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return entries
}

// continuesAt opens a copy as a store, whose log is what was acknowledged, and writes to it.
func continuesAt(t *testing.T, file string, acknowledged []press.Entry) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), file, storage.SystemClock{})
	closing(t, s, err)
	same := func(a, b press.Entry) bool { return a.Seq == b.Seq && a.Article == b.Article }
	if got := log(t, s); !slices.EqualFunc(got, acknowledged, same) {
		t.Errorf("its log is %v, want %v", got, acknowledged)
	}
	if err := s.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := publish(t.Context(), s, "<p>More.</p>"); err != nil {
		t.Error(err)
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func write(t *testing.T, file string, content []byte) {
	t.Helper()
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
