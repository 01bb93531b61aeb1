package command

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestSeenPages: what was put is found, in memory and beyond, and no file is left.
func TestSeenPages(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	files := func() int {
		all, err := filepath.Glob(filepath.Join(os.TempDir(), "communique-*.seen"))
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	name := func(i uint64) string { return fmt.Sprintf("news/page-%d.html", i) }
	var r seenPages
	if _, _, found, err := r.Find(7); found || err != nil {
		t.Errorf("empty: %v %v", found, err)
	}
	for _, most := range []uint64{10, 50_000} {
		for i := range most {
			if hash := i * 0x9e3779b97f4a7c15; i >= 10 || most == 10 {
				if err := r.Put(hash, i, name(i)); err != nil {
					t.Fatal(err)
				}
			}
		}
		for i := range most {
			if other, of, found, err := r.Find(i * 0x9e3779b97f4a7c15); other != i || of != name(i) || !found || err != nil {
				t.Fatalf("%d: %d %q %v %v", i, other, of, found, err)
			}
		}
		if _, _, found, err := r.Find(5); found || err != nil {
			t.Errorf("of %d: found what was not put: %v", most, err)
		}
		if n := files(); n != map[uint64]int{10: 0, 50_000: 2}[most] {
			t.Errorf("%d files for %d pages", n, most)
		}
	}
	if err := r.close(); err != nil || files() != 0 {
		t.Errorf("%d files are left: %v", files(), err)
	}
}

// TestSeenPagesWithoutRoom: where nothing can be written, who asks is told, and what was put
// before is found all the same.
func TestSeenPagesWithoutRoom(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "none"))
	var r seenPages
	for i := range uint64(firstSlots * 4) {
		if err := r.Put(i+1, i, "a.html"); err != nil {
			if other, name, found, err := r.Find(i); other != i-1 || name != "a.html" || !found || err != nil {
				t.Errorf("the last one before: %d %q %v %v", other, name, found, err)
			}
			return
		}
	}
	t.Error("no error")
}
