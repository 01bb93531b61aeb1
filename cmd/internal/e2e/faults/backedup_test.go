package faults

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/storage"
	"communique/storage/press"
)

var backedUp = flag.Int("faults.backup", 256, "how many MiB the database has that is backed up while embargoes end; 10240 in the long form")

// TestEmbargoesDuringABackup: while a server makes a backup by itself and restores it on trial,
// embargoes end as ever. None of those that end in its first half waits until it is made; how
// late they are seen by others is printed, and not judged.
func TestEmbargoesDuringABackup(t *testing.T) {
	t.Parallel()
	e2etest.NeedsFile(t)
	s, folder := e2etest.NewSite(t), t.TempDir()
	store := s.Open()
	fill(t, store, *backedUp)
	s.Configure(`  folder: ""`, "  folder: "+folder)
	server := s.Start()
	e2etest.Eventually(t, "a backup is begun", func() bool { return there(t, filepath.Join(s.Data, "backup.scratch")) })
	r := watchReleases(t, store)
	began, tick := time.Now(), time.NewTicker(2*time.Millisecond)
	defer tick.Stop()
	for n := 0; !isMade(t, folder); n++ {
		if n%100 == 0 {
			r.embargo(t, store)
			if said := server.Stderr.String(); strings.Contains(said, "level=ERROR") {
				t.Fatal(said)
			}
		}
		<-tick.C
	}
	took := time.Since(began)
	r.judge(t, began, began.Add(took))
	e2etest.Eventually(t, "it is said to be made", func() bool {
		return strings.Contains(server.Stderr.String(), "a backup was made and rehearsed")
	})
	late := r.wait(t)
	t.Logf("%d embargoes ended while %d MiB were backed up in %s: half of them were seen within %s, 95 %% within %s, the last one after %s",
		len(late), *backedUp, took.Round(time.Millisecond), late[len(late)/2], late[len(late)*95/100], late[len(late)-1])
}

// isMade tells whether a backup has its name.
func isMade(t *testing.T, folder string) bool {
	t.Helper()
	made, err := filepath.Glob(filepath.Join(folder, "*.backup"))
	if err != nil {
		t.Fatal(err)
	}
	return len(made) > 0
}

// fill makes a database as large as many files do.
func fill(t *testing.T, store *storage.Store, mebibytes int) {
	t.Helper()
	content := make([]byte, 1<<20)
	for i := range content {
		content[i] = 'a' + byte(rand.IntN(26))
	}
	const atOnce = 32
	for done := 0; done < mebibytes; done += atOnce {
		err := store.Update(t.Context(), func(tx *storage.Tx) error {
			for i := range min(atOnce, mebibytes-done) {
				if err := tx.SetFact(fmt.Sprintf("ballast:%d", done+i), string(content)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// releases are embargoes, and when others than the server saw that they had ended.
type releases struct {
	due map[press.ArticleID]time.Time

	mu   sync.Mutex
	seen map[press.ArticleID]time.Time
}

// watchReleases notes when articles become public, until the test ends.
func watchReleases(t *testing.T, store *storage.Store) *releases {
	t.Helper()
	r := &releases{due: map[press.ArticleID]time.Time{}, seen: map[press.ArticleID]time.Time{}}
	watch, err := store.Watch(t.Context(), 5*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var watching sync.WaitGroup
	watching.Go(func() {
		for last := press.Seq(0); ; {
			select {
			case <-ctx.Done():
				return
			case <-watch.C:
			}
			last = r.look(t, store, watch, last)
		}
	})
	t.Cleanup(func() {
		stop()
		watching.Wait()
		if err := watch.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// look notes what is in the log behind an entry, and returns the last one.
func (r *releases) look(t *testing.T, store *storage.Store, watch *storage.Watch, last press.Seq) press.Seq {
	changed, err := watch.Changed(context.Background())
	var entries []press.Entry
	if err == nil && changed {
		err = store.View(context.Background(), func(tx *storage.Tx) error {
			entries, err = tx.EntriesAfter(last, 1000)
			return err
		})
	}
	if err != nil {
		t.Error(err)
	}
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range entries {
		r.seen[e.Article], last = now, e.Seq
	}
	return last
}

// embargo files an article that is public at the second after the next.
func (r *releases) embargo(t *testing.T, store *storage.Store) {
	t.Helper()
	due := time.Now().Truncate(time.Second).Add(2 * time.Second)
	err := store.Update(t.Context(), func(tx *storage.Tx) error {
		a, _, err := tx.Publish(press.Draft{Section: 1, Language: "en", Title: fmt.Sprintf("Statement %d", len(r.due)), Body: "<p>The talks go on.</p>", Published: due})
		r.due[a.ID] = a.Published
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// judge holds what was due in the first half of a backup against its end.
func (r *releases) judge(t *testing.T, began, ended time.Time) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	half, looked := began.Add(ended.Sub(began)/2), 0
	for id, due := range r.due {
		if due.After(half) {
			continue
		}
		looked++
		if _, ok := r.seen[id]; !ok {
			t.Errorf("what was due %s after the backup was begun is not public when it is made", due.Sub(began).Round(time.Millisecond))
		}
	}
	if looked == 0 {
		t.Skip("the backup was made before any was due: make more of it by -faults.backup")
	}
}

// wait waits until all are public, and returns by how much each was late, in order.
func (r *releases) wait(t *testing.T) (late []time.Duration) {
	t.Helper()
	e2etest.Eventually(t, "all are public", func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		late = nil
		for id, due := range r.due {
			if seen, ok := r.seen[id]; ok {
				late = append(late, seen.Sub(due).Round(time.Millisecond))
			}
		}
		return len(late) == len(r.due)
	})
	slices.Sort(late)
	return late
}
