package postgres_test

import (
	"testing"

	"communique/storage"
	"communique/storage/postgres"
	"communique/storage/postgres/postgrestest"
)

// TestLogNeverGoesBack: on a server that was promoted or recovered the log goes on
// after a gap, on another server only once somebody has confirmed it; on the same one it
// goes on as it was.
func TestLogNeverGoesBack(t *testing.T) {
	needsServer(t)
	for name, c := range map[string]struct {
		change       string // of the server, as the database knows it
		jumps, waits bool
	}{
		"the same":        {"SELECT 1", false, false},
		"a first time":    {"DELETE FROM facts WHERE name = 'history'", false, false},
		"another history": {"UPDATE facts SET value = value || '0' WHERE name = 'history'", true, false},
		"another server":  {"UPDATE facts SET value = '1' || value WHERE name = 'history'", true, true},
	} {
		t.Run(name, func(t *testing.T) {
			address := postgrestest.Database(t)
			run(t, address, c.change)
			for range 2 { // once
				head, restored := standing(t, address)
				if (head >= 1_000_000) != c.jumps || head >= 2_000_000 || restored.Waits() != c.waits {
					t.Errorf("the head is %d, and it waits: %t", head, restored.Waits())
				}
			}
		})
	}
}

func standing(t *testing.T, address string) (head int64, restored storage.Restoration) {
	t.Helper()
	store, err := postgres.Open(t.Context(), address, storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	err = store.View(t.Context(), func(tx *storage.Tx) error {
		h, err := tx.Head()
		if err != nil {
			return err
		}
		head = int64(h.Seq)
		restored, err = tx.Restoration()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return head, restored
}

// TestPromoted: a standby that is promoted is in another history by itself.
func TestPromoted(t *testing.T) {
	needsServer(t)
	server := postgrestest.New(t)
	address, err := server.Make("press", "")
	if err != nil {
		t.Fatal(err)
	}
	if head, _ := standing(t, address); head >= 1_000_000 {
		t.Errorf("a new log begins at %d", head)
	}
	if err := server.Standby(); err != nil {
		t.Fatal(err)
	}
	refused(t, address, "name the primary", "none")
	if err := server.Promote(); err != nil {
		t.Fatal(err)
	}
	if head, restored := standing(t, address); head < 1_000_000 || restored.Waits() {
		t.Errorf("the head is %d, and it waits: %t", head, restored.Waits())
	}
}
