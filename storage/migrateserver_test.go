package storage_test

import (
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/migrations"
	"communique/storage/postgres/postgrestest"
	"communique/storage/press"
	"communique/storage/storagetest/engines"
)

// TestALongMigration: while a later program brings the schema up to date, an older one
// beside it goes on reading; what it writes waits for a step, and no longer than five
// seconds, after which it is told that nothing was written.
func TestALongMigration(t *testing.T) {
	if !strings.Contains(os.Getenv(engines.Variable), "postgres") {
		t.Skipf("%s does not name it", engines.Variable)
	}
	const adds = `ALTER TABLE articles ADD COLUMN later BIGINT NOT NULL DEFAULT 0`
	for name, c := range map[string]struct {
		steps []string
		told  bool // that it is to be tried again
	}{
		"in steps":    {[]string{adds, `SELECT pg_sleep(1)`, `SELECT pg_sleep(1)`, `SELECT pg_sleep(1)`}, false},
		"in one step": {[]string{adds, `SELECT pg_sleep(7)`}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := postgrestest.Database(t)
			older, later := postgrestest.Open(t, address), postgrestest.Open(t, address)
			var all []migrations.Migration
			for i, step := range c.steps {
				all = append(all, migrations.Migration{Version: later.Schema() + 1 + i, Name: "long", SQL: step})
			}
			ended := make(chan struct{})
			var working sync.WaitGroup
			told, slowest := 0, time.Duration(0)
			until := func(work func()) {
				working.Go(func() {
					for {
						select {
						case <-ended:
							return
						default:
							work()
						}
					}
				})
			}
			until(func() {
				err := older.View(t.Context(), func(tx *storage.Tx) error {
					_, err := tx.CountPublished()
					return err
				})
				if err != nil {
					t.Errorf("a read is refused: %v", err)
				}
			})
			until(func() {
				began := time.Now()
				err := older.Update(t.Context(), func(tx *storage.Tx) error { return tx.SetFact("written", "meanwhile") })
				slowest = max(slowest, time.Since(began))
				switch {
				case errors.Is(err, press.ErrBusy):
					told++
				case err != nil:
					t.Errorf("a write comes to %v", err)
				}
			})
			if err := later.Migrate(t.Context(), all...); err != nil {
				t.Error(err)
			}
			close(ended)
			working.Wait()
			if told > 0 != c.told {
				t.Errorf("%d writes are told to try again", told)
			}
			if err := older.Update(t.Context(), func(tx *storage.Tx) error { return tx.SetFact("written", "after") }); err != nil {
				t.Error(err)
			}
			t.Logf("a write waited for %s at most", slowest.Round(time.Millisecond))
		})
	}
}
