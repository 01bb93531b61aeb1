package sqlite_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/sqlite"
)

// TestVerifyBesideAWriter: a database that another program writes is whole in the eyes of one that
// has looked at it before, also when the index of the search was put together anew meanwhile.
func TestVerifyBesideAWriter(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "communique.db")
	seeded(t, file)
	looks, err := sqlite.Open(t.Context(), file, storage.SystemClock{})
	closing(t, looks, err)
	writes, err := sqlite.Open(t.Context(), file, storage.SystemClock{})
	closing(t, writes, err)
	for n := range 40 {
		if _, err := publish(t.Context(), writes, press.HTML(fmt.Sprintf("<p>The statement %d is of its own words, number %d.</p>", n, n*n))); err != nil {
			t.Fatal(err)
		}
		if err := looks.Verify(t.Context()); err != nil {
			t.Fatalf("after %d: %v", n, err)
		}
	}
}
