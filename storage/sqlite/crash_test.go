package sqlite_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"testing"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/sqlite"
)

// appendForEver publishes and tells each entry once it is committed.
func appendForEver(ctx context.Context, file string, out io.Writer) error {
	s, err := sqlite.Open(ctx, file, storage.SystemClock{})
	if err != nil {
		return err
	}
	for {
		e, err := publish(ctx, s, "<p>Text.</p>")
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, e.Seq, e.Article); err != nil {
			return err
		}
	}
}

// What was acknowledged survives a kill at any moment, and at most the one
// transaction that was under way is there without having been acknowledged.
func TestKilled(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "communique.db")
	seeded(t, file)
	acknowledged := map[press.Seq]press.ArticleID{}
	const rounds = 8
	for range rounds {
		cmd, lines := child(t, "append", file)
		patience := 1 + rand.IntN(30)
		for n := 1; lines.Scan(); n++ {
			var seq press.Seq
			var id press.ArticleID
			if _, err := fmt.Sscan(lines.Text(), &seq, &id); err != nil {
				break // cut in the middle of the line
			}
			acknowledged[seq] = id
			if n == patience {
				for range rand.IntN(1000) { // so that it is somewhere else each time
					runtime.Gosched()
				}
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the child ended by itself")
		}
	}
	s, err := sqlite.Open(t.Context(), file, storage.SystemClock{})
	entries := log(t, closing(t, s, err))
	for seq, id := range acknowledged {
		if int(seq) > len(entries) || entries[seq-1].Article != id {
			t.Errorf("entry %d of article %s was acknowledged and is lost", seq, id)
		}
	}
	if extra := len(entries) - 1 - len(acknowledged); extra < 0 || extra > rounds {
		t.Errorf("%d entries were not acknowledged, with %d kills", extra, rounds)
	}
	t.Logf("%d acknowledged, %d there", len(acknowledged), len(entries)-1)
}
