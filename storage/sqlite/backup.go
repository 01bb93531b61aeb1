package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"communique/storage/internal/before"
	"communique/storage/press"
)

// backup lets SQLite write a packed copy of one snapshot, in which nothing is left of what
// was deleted. It takes no lock that anybody waits for: in a database with a log a reader
// and a writer do not meet. Until it ends the log grows by what is written meanwhile. What
// is sorted for an index is kept in memory, for there may be no folder to put it in.
func backup(ctx context.Context, conn *sql.Conn, file string) error {
	// The connection could write from here on, so nobody reads on it again.
	defer func() { _ = conn.Raw(func(any) error { return driver.ErrBadConn }) }()
	if _, err := conn.ExecContext(ctx, `PRAGMA query_only(0); PRAGMA temp_store(MEMORY)`); err != nil {
		return err
	}
	stop := flush(file)
	_, err := conn.ExecContext(ctx, `VACUUM INTO $1`, file)
	stop() // before anybody opens it: closing a file ends the locks that others have on it here
	return err
}

// flushEvery is how often what was written of a copy is had on the disk. Else the system keeps
// gigabytes of it until it must write them all, and each commit waits for these.
const flushEvery = 20 * time.Millisecond

// flush does so with a file that somebody else is writing, until it is stopped. Whether the
// whole is there in the end is for who writes it to say.
func flush(file string) (stop func()) {
	ended := make(chan struct{})
	var flushing sync.WaitGroup
	flushing.Go(func() {
		tick := time.NewTicker(flushEvery)
		defer tick.Stop()
		var f *os.File
		for {
			select {
			case <-ended:
				if f != nil {
					_ = f.Close()
				}
				return
			case <-tick.C:
			}
			if f == nil {
				f, _ = os.Open(file) // it may not be there yet
				continue
			}
			_ = f.Sync()
		}
	})
	return func() {
		close(ended)
		flushing.Wait()
	}
}

// scrub copies the log into the file and cuts it off: what was deleted was overwritten
// in the file (secure_delete), but stands in the log until that is begun anew. The copies
// from before an upgrade have it, too, and are removed.
func scrub(ctx context.Context, conn *sql.Conn) error {
	var file string
	if err := conn.QueryRowContext(ctx, `SELECT file FROM pragma_database_list WHERE name = 'main'`).Scan(&file); err != nil {
		return err
	}
	if err := before.Remove(file); err != nil {
		return err
	}
	var busy, pages, copied int
	if err := conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &copied); err != nil {
		return err
	}
	if busy != 0 {
		return fmt.Errorf("%w: others are reading", press.ErrBusy)
	}
	return nil
}

// verify runs SQLite's own check of every page, index and reference, on one state of the database.
func verify(ctx context.Context, db *sql.DB) (err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	tx, err := conn.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	// A connection that has read an index of words remembers how it was put together. The
	// check, unlike a search, would compare that with what another program has made of it since,
	// and tell of damage.
	var row int64
	for _, table := range []string{"search_terms", "search_withdrawn_terms", "search_pending_terms", "search_manuscript_terms"} {
		if err := tx.QueryRowContext(ctx, `SELECT rowid FROM `+table+` LIMIT 1`).Scan(&row); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	var verdict string
	if err := tx.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("it is damaged: %s", verdict)
	}
	var table, parent string
	var number, key sql.NullInt64
	err = tx.QueryRowContext(ctx, `PRAGMA foreign_key_check`).Scan(&table, &number, &parent, &key)
	if err == nil {
		return fmt.Errorf("it is damaged: row %d of %s refers to nothing in %s", number.Int64, table, parent)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}
