package kernel_test

import (
	"context"
	"database/sql"
	"testing"

	"communique/storage/internal/kernel"
	"communique/storage/sqlite/sqlitetest"
)

// state is the number of the state that a handle sees.
func state(t *testing.T, db *kernel.DB) uint64 {
	t.Helper()
	n, err := db.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func writes(tx *kernel.Tx) error {
	_, err := tx.NextNumber("writes")
	return err
}

func TestState(t *testing.T) {
	t.Parallel()
	file := sqlitetest.File(t)
	db := openFile(t, file, dialect)
	state(t, db)
	before := state(t, db)
	update(t, db, writes)
	if state(t, db) == before {
		t.Error("a commit of ours left the state as it was")
	}
	other := openFile(t, file, dialect)
	before = state(t, db)
	update(t, other, writes)
	for state(t, db) == before { // it is seen within [kernel.Lag]
	}
}

// TestWatch: a watch sees what another handle commits, however it is told.
func TestWatch(t *testing.T) {
	t.Parallel()
	told := dialect
	var wakes []func()
	told.Notify = func(_ context.Context, _ *sql.DB, wake func()) (func() error, error) {
		wakes = append(wakes, wake)
		return func() error { return nil }, nil
	}
	for name, d := range map[string]kernel.Dialect{"blind": dialect, "told": told} {
		file := sqlitetest.File(t)
		db, other := openFile(t, file, d), openFile(t, file, d)
		w, err := db.Watch(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		changed := func() bool {
			t.Helper()
			is, err := w.Changed(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return is
		}
		if !changed() {
			t.Errorf("%s: the first look finds nothing", name)
		}
		if changed() {
			t.Errorf("%s: the second look finds something", name)
		}
		update(t, other, writes)
		for _, wake := range wakes {
			wake()
			wake() // one sign is enough
		}
		for {
			<-w.C
			if changed() {
				break
			}
		}
		if err := w.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestBackupAndVerify: both are the engine's, with the connections of ours.
func TestBackupAndVerify(t *testing.T) {
	t.Parallel()
	var verified bool
	d := dialect
	d.Backup = func(ctx context.Context, conn *sql.Conn, file string) error {
		_, err := conn.ExecContext(ctx, `PRAGMA query_only(0); VACUUM INTO $1`, file)
		return err
	}
	d.Verify = func(context.Context, *sql.DB) error {
		verified = true
		return nil
	}
	db := openFile(t, sqlitetest.File(t), d)
	update(t, db, writes)
	file := t.TempDir() + "/copy.db"
	if err := db.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	if err := db.Backup(t.Context(), file); err == nil {
		t.Error("a backup was written over another")
	}
	if err := db.Verify(t.Context()); err != nil || !verified {
		t.Errorf("verified: %t, %v", verified, err)
	}
	if got := stated(t, openFile(t, file, dialect), "writes"); got != "writes" {
		t.Errorf("the copy says %q", got)
	}
}

// TestUpdatesDuringABackup: a backup may take as long as it wants, nobody waits for it.
func TestUpdatesDuringABackup(t *testing.T) {
	t.Parallel()
	begun, end := make(chan struct{}), make(chan struct{})
	d := dialect
	d.Backup = func(context.Context, *sql.Conn, string) error {
		close(begun)
		<-end
		return nil
	}
	db := openFile(t, sqlitetest.File(t), d)
	made := make(chan error)
	go func() { made <- db.Backup(t.Context(), "copy.db") }()
	<-begun
	update(t, db, writes)
	if got := stated(t, db, "writes"); got != "writes" {
		t.Errorf("the database says %q", got)
	}
	close(end)
	if err := <-made; err != nil {
		t.Error(err)
	}
}

// TestViewsEnd: a view ends whatever becomes of it.
func TestViewsEnd(t *testing.T) {
	t.Parallel()
	db := open(t)
	for range 100 { // more than there are connections
		ctx, cancel := context.WithCancel(t.Context())
		err := db.View(ctx, func(tx *kernel.Tx) error {
			cancel()
			_, err := tx.Fact("colour")
			return err
		})
		if err == nil {
			t.Fatal("a view whose context ended saw something")
		}
	}
	if got := stated(t, db, "colour"); got != "" {
		t.Errorf("there is %q", got)
	}
}
