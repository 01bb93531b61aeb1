package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"communique/storage"
	"communique/storage/internal/kernel"
	"communique/storage/press"
)

const (
	// lockTimeout is how long a transaction waits for the lock of those that write.
	lockTimeout = 10 * time.Second
	// idleTimeout ends the transaction of a replica that has stopped in the middle:
	// its lock would hold up all others.
	idleTimeout = 3 * time.Second
)

// writers is the lock that whoever writes takes first, by its number among the
// advisory locks of the database.
const writers = 0x636f6d6d // "comm"

// Open opens a database by its address, postgres://user@host/name with the
// parameters that libpq knows, and makes the schema if the database is empty.
// clock is the store's.
func Open(ctx context.Context, address string, clock storage.Clock) (*storage.Store, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("read the address of the database: %w", err) // the driver leaves the password out
	}
	setting(config, "application_name", "communique")
	setting(config, "lock_timeout", milliseconds(lockTimeout))
	setting(config, "idle_in_transaction_session_timeout", milliseconds(idleTimeout))
	config.DefaultQueryExecMode = pgx.QueryExecModeExec // what is prepared is prepared by the kernel
	reader := stdlib.OpenDB(*config)
	writer := stdlib.OpenDB(*config)
	writer.SetMaxOpenConns(1)
	store, err := storage.New(ctx, reader, writer, dialect, clock)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s on %s: %w", config.Database, config.Host, err), reader.Close(), writer.Close())
	}
	return store, nil
}

// setting sets a parameter of the session that the address leaves open.
func setting(config *pgx.ConnConfig, name, value string) {
	if _, given := config.RuntimeParams[name]; !given {
		config.RuntimeParams[name] = value
	}
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%dms", d.Milliseconds()) }

var dialect = storage.Dialect{
	Dialect: kernel.Dialect{
		Name:      "postgres",
		BeginRead: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
		Begin:     "BEGIN ISOLATION LEVEL READ COMMITTED",
		Lock:      fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", writers),
		Mark: `WITH counted AS (UPDATE commits SET number = number + 1 RETURNING number)
			SELECT pg_notify('committed', CAST(number AS TEXT)) FROM counted`,
		Prepare:     prepare,
		DataVersion: "SELECT number FROM commits",
		Script:      script,
		Notify:      notify,
		Backup:      backup,
		Verify:      verify,
		Scrub:       scrub,
		Classify:    classify,
	},
	Index: textIndex,
}

// script runs several statements: what is prepared can be one only.
func script(ctx context.Context, conn *sql.Conn, statements string) error {
	return conn.Raw(func(driver any) error {
		_, err := driver.(*stdlib.Conn).Conn().PgConn().Exec(ctx, statements).ReadAll()
		return err
	})
}

// prepare makes the count of commits. Those who do so at once stand in line.
func prepare(ctx context.Context, conn *sql.Conn) error {
	if err := fit(ctx, conn); err != nil {
		return err
	}
	return script(ctx, conn, fmt.Sprintf(`BEGIN;
		SELECT pg_advisory_xact_lock(%d);
		CREATE TABLE IF NOT EXISTS commits (id BIGINT PRIMARY KEY CHECK (id = 1), number BIGINT NOT NULL);
		INSERT INTO commits (id, number) VALUES (1, 0) ON CONFLICT (id) DO NOTHING;
		COMMIT`, writers))
}

// errOwnTools says that files are not ours to write.
var errOwnTools = fmt.Errorf("a PostgreSQL database is backed up by pg_dump or its server's archive: %w", errors.ErrUnsupported)

func backup(context.Context, *sql.Conn, string) error { return errOwnTools }

func verify(ctx context.Context, db *sql.DB) error { return db.PingContext(ctx) }

func scrub(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `VACUUM`)
	return err
}

// Codes of errors: appendix A of PostgreSQL's documentation.
const (
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	lockNotAvailable     = "55P03"
	diskFull             = "53100"
)

func classify(err error) error {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case serializationFailure, deadlockDetected, lockNotAvailable:
		return fmt.Errorf("%w: %w", press.ErrBusy, err)
	case diskFull:
		return fmt.Errorf("%w: %w", press.ErrFull, err)
	}
	return err
}
