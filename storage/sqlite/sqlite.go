// Package sqlite opens a store on SQLite, the engine that is built in: one
// process that serves, one file, and commands beside it.
//
// Two handles look at the file. The writer has one connection whose
// transactions take the write lock at once (BEGIN IMMEDIATE): one that read
// first and wrote later would fail with SQLITE_BUSY_SNAPSHOT whatever the
// timeout. The readers work on snapshots (WAL) and wait for nobody. A commit is
// on the disk before it is reported (synchronous=FULL).
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"communique/storage"
	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// busyTimeout is how long a transaction waits for another process's.
const busyTimeout = 10 * time.Second

// Create makes a new database file and opens it; a file that exists is an
// error.
func Create(ctx context.Context, file string, clock storage.Clock) (*storage.Store, error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600) // it holds private keys
	if err != nil {
		return nil, fmt.Errorf("create database: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("create database: %w", err)
	}
	return open(ctx, file, clock, busyTimeout)
}

// Open opens a database file that exists. clock is the store's.
func Open(ctx context.Context, file string, clock storage.Clock) (*storage.Store, error) {
	if _, err := os.Stat(file); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return open(ctx, file, clock, busyTimeout)
}

// OpenToRehearse opens a database for what is undone again: however much it changes,
// nothing of it is in any file, not even in the log where it would wait for its commit.
func OpenToRehearse(ctx context.Context, file string, clock storage.Clock) (*storage.Store, error) {
	if _, err := os.Stat(file); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return open(ctx, file, clock, busyTimeout, "cache_spill(0)")
}

// OpenThrough opens a database file by handles that connect makes for the names by which
// the driver knows it. It is for simulations, which start their program a thousand times and
// keep connections, with all that was prepared on them, from one to the next.
func OpenThrough(ctx context.Context, file string, clock storage.Clock, connect func(name string) (*sql.DB, error)) (*storage.Store, error) {
	return openThrough(ctx, file, clock, busyTimeout, connect)
}

func byDriver(name string) (*sql.DB, error) { return sql.Open("sqlite", name) }

// open takes further pragmas for the writer's connection.
func open(ctx context.Context, file string, clock storage.Clock, busy time.Duration, further ...string) (*storage.Store, error) {
	return openThrough(ctx, file, clock, busy, byDriver, further...)
}

func openThrough(ctx context.Context, file string, clock storage.Clock, busy time.Duration, handle func(name string) (*sql.DB, error), further ...string) (*storage.Store, error) {
	// secure_delete, because a private key that was encrypted or dropped must not
	// stay readable in an unused corner of the file. temp_store: what a savepoint
	// may have to put back is kept in memory; with many small updates in one
	// transaction, a file for it costs more than their writing. cache_size, in KiB,
	// holds what a burst of Follows touches: their ids lie anywhere in the
	// indexes. wal_autocheckpoint, in pages of 4 KiB: the log is copied into the
	// file, and both are synced, after each 16 MB and not after 4.
	pragmas := append([]string{
		"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)", "temp_store(MEMORY)",
		"cache_size(-8192)", "wal_autocheckpoint(4000)",
	}, further...)
	writer, err := handle(dsn(file, busy, pragmas...))
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", file, err)
	}
	writer.SetMaxOpenConns(1)
	if err := connect(ctx, writer, busy); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", file, err), writer.Close())
	}
	reader, err := handle(dsn(file, busy, "query_only(1)"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", file, err), writer.Close())
	}
	store, err := storage.New(ctx, reader, writer, dialect, clock)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", file, err), reader.Close(), writer.Close())
	}
	return store, nil
}

// connectAgain is the pause before the next attempt to connect.
const connectAgain = 20 * time.Millisecond

// connect makes the writer's connection. Where several programs begin at once with a
// database that has no log yet, some are told that it is busy without any waiting: each
// keeps the others from making the log.
func connect(ctx context.Context, writer *sql.DB, busy time.Duration) error {
	for began := time.Now(); ; {
		err := classify(writer.PingContext(ctx))
		if err == nil {
			return nil
		}
		if !errors.Is(err, press.ErrBusy) || time.Since(began) >= busy {
			return fmt.Errorf("connect the writer: %w", err)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("connect the writer: %w", err)
		case <-time.After(connectAgain):
		}
	}
}

// dsn puts every setting into the name: a PRAGMA that is executed later would
// reach one pooled connection only.
func dsn(file string, busy time.Duration, pragmas ...string) string {
	q := url.Values{}
	q.Add("_pragma", fmt.Sprintf("busy_timeout(%d)", busy.Milliseconds()))
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	// Clean also because what follows "file://" would be an authority.
	return "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(filepath.Clean(file)) + "?" + q.Encode()
}

var dialect = storage.Dialect{
	Dialect: kernel.Dialect{
		Name:        "sqlite",
		BeginRead:   "BEGIN",
		Begin:       begin,
		DataVersion: "PRAGMA data_version",
		Lag:         time.Millisecond,
		Notify:      notify,
		Backup:      backup,
		Verify:      verify,
		Scrub:       scrub,
		Classify:    classify,
	},
	Index: textIndex,
	Tables: `SELECT m.name, c.name, c.pk, COALESCE((SELECT group_concat(DISTINCT f."table") FROM pragma_foreign_key_list(m.name) f), '')
		FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite~_%' ESCAPE '~'
		ORDER BY m.name, c.pk = 0, c.pk, c.cid`,
	Size: "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
}

// begin waits for those of other processes that write, as long as the address says.
func begin(ctx context.Context, conn *sql.Conn) (micros int64, err error) {
	_, err = conn.ExecContext(ctx, "BEGIN IMMEDIATE")
	return 0, err
}

// primary masks the primary result code out of an extended one.
const primary = 0xff

func classify(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch code := e.Code(); {
	case code&primary == sqlite3.SQLITE_BUSY, code&primary == sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%w: %w", press.ErrBusy, err)
	case code&primary == sqlite3.SQLITE_FULL, code == sqlite3.SQLITE_IOERR_WRITE:
		// SQLite knows ENOSPC only: a quota or a limit on the size of files
		// (EDQUOT, EFBIG) reads as a write that failed.
		return fmt.Errorf("%w: %w", press.ErrFull, err)
	}
	return err
}
