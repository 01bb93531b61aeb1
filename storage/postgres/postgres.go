package postgres

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"communique/storage"
	"communique/storage/internal/kernel"
)

const (
	// idleTimeout ends the transaction of a replica that has stopped in the middle:
	// its lock would hold up all others.
	idleTimeout = 3 * time.Second
	// lockTimeout is how long a transaction waits for the lock of those that write. All
	// stand in that one line, so it is longer than what ends a replica that has stopped:
	// else each such replica would cost the others what they have to write, and not a
	// pause. What is left is for an honest line.
	lockTimeout = idleTimeout + 2*time.Second
	// statementTimeout ends what takes so long that it is a fault of ours.
	statementTimeout = 30 * time.Second
	// scriptTimeout is that of what changes whole tables.
	scriptTimeout = time.Hour
	// connectTimeout is for each host of an address that does not say its own.
	connectTimeout = 2 * time.Second
)

// pulse: whoever reads is told within two seconds that the server is not there.
var pulse = kernel.Pulse{Every: 600 * time.Millisecond, Answer: 1100 * time.Millisecond}

// lag is for how long a look for the commits of others serves all who ask. Whoever has
// committed waits for as long before their program ends; a look takes a server, and who asks
// it, a tenth of a millisecond of the processors together.
const lag = 15 * time.Millisecond

// writers is the lock that whoever writes takes first, by its number among the
// advisory locks of the database.
const writers = 0x636f6d6d // "comm"

// clock reads the server's clock, in microseconds.
const clock = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"

// beginWriting begins a transaction that writes, and lock, which is its next statement, waits
// for that lock and then reads the clock.
const beginWriting = "BEGIN ISOLATION LEVEL READ COMMITTED"

var lock = fmt.Sprintf("WITH line AS MATERIALIZED (SELECT pg_advisory_xact_lock(%d)) %s FROM line", writers, clock)

// Open opens a database by its address, postgres://user@host/name with the
// parameters that libpq knows, and makes the schema if the database is empty.
// clock is the store's; for that of the machine there is that of the server, by which
// whoever writes there goes.
func Open(ctx context.Context, address string, clock storage.Clock) (*storage.Store, error) {
	return OpenThrough(ctx, address, clock, func(c driver.Connector) driver.Connector { return c })
}

// OpenThrough is [Open] with something between the store and the driver: its
// connections are those of pgx's stdlib, or embed one.
func OpenThrough(ctx context.Context, address string, clock storage.Clock, through func(driver.Connector) driver.Connector) (*storage.Store, error) {
	config, err := configured(address)
	if err != nil {
		return nil, err
	}
	connector := inLine{through(stdlib.GetConnector(*config)), &line{}}
	reader, writer := sql.OpenDB(connector), sql.OpenDB(connector)
	for _, handle := range []*sql.DB{reader, writer} {
		handle.SetMaxIdleConns(-1) // who lets a connection go has a reason not to see it again
	}
	store, err := storage.New(ctx, reader, writer, dialect, clock)
	if err != nil {
		err = settled(config, err)
		return nil, errors.Join(fmt.Errorf("open database %s on %s: %w", config.Database, config.Host, advised(config, err)), reader.Close(), writer.Close())
	}
	return store, nil
}

// configured reads an address, and adds what it leaves open.
func configured(address string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("read the address of the database: %w", err) // the driver leaves the password out
	}
	config.Database = cmp.Or(config.Database, config.User) // as the server takes it
	setting(config, "application_name", "communique")
	setting(config, "lock_timeout", milliseconds(lockTimeout))
	setting(config, "idle_in_transaction_session_timeout", milliseconds(idleTimeout))
	setting(config, "idle_session_timeout", "0") // one that waits for readers, or for commits, is there for that
	setting(config, "statement_timeout", milliseconds(statementTimeout))
	setting(config, "tcp_user_timeout", milliseconds(idleTimeout)) // the server's side of a connection
	if strings.Contains(address, "connect_timeout") || os.Getenv("PGCONNECT_TIMEOUT") != "" {
		config.DialFunc = dialer(config.ConnectTimeout).DialContext
	} else {
		config.ConnectTimeout = connectTimeout
		config.DialFunc = dialer(connectTimeout).DialContext
	}
	config.ValidateConnect = takesWriting               // whichever the address prefers
	config.DefaultQueryExecMode = pgx.QueryExecModeExec // what is prepared is prepared by the kernel
	return config, nil
}

// Why no connection is made to a server that answers. What a standby shows may be older than
// what was said, or never have come to be.
var (
	errStandby  = errors.New("the server is a standby, on which nothing can be written: name the primary, or all of them with target_session_attrs=read-write")
	errReadOnly = errors.New("the server is no standby, but takes no writing from this user, as default_transaction_read_only is on: see where that is set (postgresql.conf, ALTER SYSTEM, ALTER DATABASE, ALTER ROLE, or the options in the address), and take it away there")
)

// settled is why a server takes no writing, without that it could not be reached: waiting changes
// nothing. Of several servers another one may, which is late, or one of them when it is promoted.
func settled(config *pgx.ConnConfig, err error) error {
	for _, f := range config.Fallbacks {
		if f.Host != config.Host || f.Port != config.Port {
			return err
		}
	}
	for _, why := range []error{errStandby, errReadOnly} {
		if errors.Is(err, why) {
			return why
		}
	}
	return err
}

// takesWriting lets no connection be made to a server that was the primary once. A server
// says of itself as it answers what it is; what stands between may not.
func takesWriting(ctx context.Context, conn *pgconn.PgConn) error {
	standby, still := conn.ParameterStatus("in_hot_standby"), conn.ParameterStatus("default_transaction_read_only")
	switch {
	case standby == "on":
		return errStandby
	case still == "on":
		return errReadOnly
	case standby == "off" && still == "off":
		return nil
	}
	err := pgconn.ValidateConnectTargetSessionAttrsReadWrite(ctx, conn)
	if errors.Is(err, pgconn.ErrReadOnlyConnection) {
		return errStandby
	}
	return err
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
		Name:        "postgres",
		BeginRead:   "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
		Begin:       begin,
		Clock:       clock,
		Far:         true,
		HangUp:      hangUp,
		Together:    together,
		Mark:        mark,
		Outcome:     outcome,
		Repeat:      repeat,
		Stale:       stale,
		Prepare:     prepare,
		DataVersion: dataVersion,
		Script:      script,
		Lag:         lag,
		Pulse:       pulse,
		Notify:      notify,
		Backup:      backup,
		Verify:      verify,
		Scrub:       scrub,
		Classify:    classify,
	},
	Index:  textIndex,
	Leads:  leads,
	Last:   lastCommit,
	Size:   "SELECT pg_database_size(current_database())",
	Served: served,
}

// connection is one of the driver, or embeds one.
type connection interface{ Conn() *pgx.Conn }

// begin sends what begins a transaction and what waits for the lock one behind the other,
// without waiting for an answer in between. From the second time on they are prepared.
func begin(ctx context.Context, conn *sql.Conn) (micros int64, err error) {
	err = conn.Raw(func(on any) (err error) {
		c := on.(connection).Conn()
		if c.IsClosed() {
			return driver.ErrBadConn
		}
		both := &pgx.Batch{}
		for _, statement := range []string{beginWriting, lock} {
			if begun, _ := c.PgConn().CustomData()[beginWriting].(bool); begun {
				if _, err := c.Prepare(ctx, statement, statement); err != nil { // at once if it is
					return err
				}
			}
			both.Queue(statement)
		}
		c.PgConn().CustomData()[beginWriting] = true
		sent := c.SendBatch(ctx, both)
		defer func() { err = errors.Join(err, sent.Close()) }()
		if _, err := sent.Exec(); err != nil {
			return err
		}
		return sent.QueryRow().Scan(&micros)
	})
	return micros, err
}

// together sends statements one behind the other, without waiting for an answer in between.
func together(ctx context.Context, conn *sql.Conn, all []kernel.Statement) error {
	return conn.Raw(func(on any) error {
		c := on.(connection).Conn()
		if c.IsClosed() {
			return driver.ErrBadConn
		}
		batch := &pgx.Batch{}
		for _, s := range all {
			if s.Prepared {
				// What is between the store and the driver is to see it, too.
				if _, err := on.(driver.ConnPrepareContext).PrepareContext(ctx, s.Query); err != nil { // at once if it is
					return err
				}
			}
			batch.Queue(s.Query, s.Args...)
		}
		return c.SendBatch(ctx, batch).Close() // which reads all answers, to the first error
	})
}

// hangUp ends a session without a word about each statement that is prepared in it.
func hangUp(ctx context.Context, conn *sql.Conn) error {
	return conn.Raw(func(driver any) error { return driver.(connection).Conn().Close(ctx) })
}

// script runs several statements in a transaction: what is prepared can be one only.
func script(ctx context.Context, conn *sql.Conn, statements string) error {
	return several(ctx, conn, "SET LOCAL statement_timeout = '"+milliseconds(scriptTimeout)+"';\n"+statements)
}

func several(ctx context.Context, conn *sql.Conn, statements string) error {
	return conn.Raw(func(driver any) error {
		_, err := driver.(connection).Conn().PgConn().Exec(ctx, statements).ReadAll()
		return err
	})
}

// prepare makes what counts and names commits, unless it is there. Those who do so at once
// stand in line.
func prepare(ctx context.Context, conn *sql.Conn) error {
	counts, err := fit(ctx, conn)
	if err != nil || counts {
		return err
	}
	return several(ctx, conn, "BEGIN; "+lock+";"+makeCommits+"COMMIT")
}

// errOwnTools says that files are not ours to write.
var errOwnTools = fmt.Errorf("a PostgreSQL database is backed up by pg_dump or its server's archive: %w", errors.ErrUnsupported)

func backup(context.Context, *sql.Conn, string) error { return errOwnTools }

func verify(ctx context.Context, db *sql.DB) error { return db.PingContext(ctx) }

func scrub(ctx context.Context, conn *sql.Conn) error {
	if _, err := conn.ExecContext(ctx, `SET statement_timeout = '`+milliseconds(scriptTimeout)+`'`); err != nil {
		return err
	}
	err := kernel.DropFacts(ctx, conn, factCopied)
	if err == nil {
		_, err = conn.ExecContext(ctx, `VACUUM`)
	}
	_, reset := conn.ExecContext(ctx, `SET statement_timeout = '`+milliseconds(statementTimeout)+`'`)
	return errors.Join(err, reset)
}
