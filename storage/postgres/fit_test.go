package postgres_test

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"communique/storage"
	"communique/storage/postgres"
	"communique/storage/postgres/postgrestest"
	"communique/storage/press"
	"communique/storage/storagetest/engines"
)

// TestRefused: a database that would not keep what is promised is not opened, and
// the error says what to do, and never a password.
func TestRefused(t *testing.T) {
	needsServer(t)
	const secret = "not-to-be-told"
	for name, c := range map[string]struct {
		before []string // in a new database
		to     func(*pgx.ConnConfig)
		want   string
		within []string // the database that it leads to
	}{
		"another encoding": {
			[]string{`CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`}, to("latin", ""), "LATIN1: make one by createdb", nil,
		},
		"an order that changes": {
			[]string{`CREATE DATABASE iceland TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'is-IS' LOCALE 'C'`}, to("iceland", ""),
			"the rules of ICU: make one by createdb --template=template0 --encoding=UTF8 --locale-provider=libc", nil,
		},
		"another program's tables": {
			[]string{`CREATE DATABASE shop TEMPLATE template0`}, to("shop", ""), "tables of another program; make a database of its own by createdb",
			[]string{`CREATE TABLE orders (id INT)`},
		},
		"a search path that leads nowhere": {
			[]string{`CREATE DATABASE lost TEMPLATE template0`, `ALTER DATABASE lost SET search_path = nowhere`}, to("lost", ""), "make the schema to which search_path leads", nil,
		},
		"too many connections": {
			[]string{`CREATE ROLE crowd LOGIN CONNECTION LIMIT 0`}, to("", "crowd"), "some twenty connections: look at the server's max_connections", nil,
		},
		"commits that may be lost": {
			[]string{`CREATE DATABASE hasty TEMPLATE template0`, `ALTER DATABASE hasty SET synchronous_commit = off`}, to("hasty", ""), "synchronous_commit is off", nil,
		},
		"commits that a standby does not wait for": {
			[]string{`CREATE DATABASE local TEMPLATE template0`, `ALTER DATABASE local SET synchronous_commit = local`}, to("local", ""), "synchronous_commit is local", nil,
		},
		"no writing": {
			[]string{`CREATE DATABASE still TEMPLATE template0`, `ALTER DATABASE still SET default_transaction_read_only = on`}, to("still", ""), "is no standby, but takes no writing", nil,
		},
		"no writing for a user": {
			[]string{`CREATE ROLE auditor LOGIN`, `ALTER ROLE auditor SET default_transaction_read_only = on`}, to("", "auditor"), "default_transaction_read_only is on: see where that is set", nil,
		},
		"missing rights": {[]string{`CREATE ROLE guest LOGIN`}, to("", "guest"), "let all of them belong to the user", nil},
		"missing rights to an empty database": {
			[]string{`CREATE ROLE visitor LOGIN`, `CREATE DATABASE bare TEMPLATE template0`}, to("bare", "visitor"), "ALTER DATABASE bare OWNER TO visitor", nil,
		},
		"a wrong password": {
			[]string{`CREATE ROLE ` + postgrestest.Locked + ` LOGIN PASSWORD 'right'`}, to("", postgrestest.Locked), "look at the user locked and its password", nil,
		},
		"nobody of that name": {nil, to("", "nobody"), "look at the user nobody", nil},
		"no database":         {nil, to("none", ""), "make it by createdb --template=template0 --encoding=UTF8 --locale-provider=libc --locale=C.UTF-8 --owner=communique none", nil},
		"a newer schema":      {[]string{`INSERT INTO schema_version (version) VALUES (9999)`, `UPDATE schema_oldest SET version = 9998`}, to("", ""), "use the newer program", nil},
	} {
		t.Run(name, func(t *testing.T) {
			address := postgrestest.Database(t)
			run(t, address, c.before...)
			config, err := pgx.ParseConfig(address)
			if err != nil {
				t.Fatal(err)
			}
			c.to(config)
			run(t, "postgres:///"+config.Database+"?host="+config.Host+"&user=communique", c.within...)
			refused(t, "postgres://"+config.User+":"+secret+"@/"+config.Database+"?host="+config.Host, c.want, secret)
		})
	}
}

func to(database, user string) func(*pgx.ConnConfig) {
	return func(c *pgx.ConnConfig) { c.Database, c.User = cmp.Or(database, c.Database), cmp.Or(user, c.User) }
}

// refused opens a database, which must fail with a text and not tell a secret.
func refused(t *testing.T, address, want, secret string) error {
	t.Helper()
	store, err := postgres.Open(t.Context(), address, storage.SystemClock{})
	if err == nil {
		_ = store.Close()
	}
	if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), secret) {
		t.Errorf("%v, want %q", err, want)
	}
	return err
}

func run(t *testing.T, address string, statements ...string) {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRefusedAddress: an address that leads to nobody says so, and that it may be
// tried again; one that is none says where it is wrong.
func TestRefusedAddress(t *testing.T) {
	t.Parallel()
	const secret = "not-to-be-told"
	for address, want := range map[string]struct {
		text string
		away bool
	}{
		"postgres://u:" + secret + "@127.0.0.1:1/press":                                             {"look at host and port in the address", true},
		"postgres://u:" + secret + "@nowhere.invalid/press":                                         {"look at host and port in the address", true},
		"postgres://u:" + secret + "@127.0.0.1:1,127.0.0.1:2/press?target_session_attrs=read-write": {"127.0.0.1:2", true},
		"postgres://u:" + secret + "@127.0.0.1:port/press":                                          {"invalid port", false},
		"postgres://u:" + secret + "@127.0.0.1/press?sslmode=often":                                 {"sslmode", false},
	} {
		if err := refused(t, address, want.text, secret); errors.Is(err, press.ErrAway) != want.away {
			t.Errorf("%v: it can be tried again: %t", err, !want.away)
		}
	}
}

// TestToldOnce: of a server without TLS it is said why the attempt without it failed, if that
// was allowed, and what to do if it was not; of one that is not there, once that it is not.
func TestToldOnce(t *testing.T) {
	t.Parallel()
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	go func() {
		for {
			conn, err := server.Accept()
			if err != nil {
				return
			}
			_, _ = io.ReadFull(conn, make([]byte, 8))
			_, _ = conn.Write([]byte("N")) // to the question for TLS
			_ = conn.Close()
		}
	}()
	at := server.Addr().String()
	for address, want := range map[string]struct {
		text, once, not string
	}{
		"postgres://u@" + at + "/press":                 {"failed to connect", at + " (", "TLS"},
		"postgres://u@" + at + "/press?sslmode=require": {"refused TLS connection: turn ssl on there", at + " (", "host and port"},
		"postgres://u@127.0.0.1:1/press":                {"refused: look at host and port", "127.0.0.1:1 (", "TLS"},
	} {
		err := refused(t, address, want.text, want.not)
		if n := strings.Count(err.Error(), want.once); n != 1 {
			t.Errorf("%v: %s is named %d times", err, want.once, n)
		}
	}
}

// TestWhichMayPass: what keeps a server from taking a connection may pass if it has too many, or
// if another one of the address may take it; a server alone that takes no writing is not waited
// for.
func TestWhichMayPass(t *testing.T) {
	needsServer(t)
	address := postgrestest.Database(t)
	run(t, address, `CREATE ROLE throng LOGIN CONNECTION LIMIT 0`, `CREATE ROLE looker LOGIN`, `ALTER ROLE looker SET default_transaction_read_only = on`)
	config, err := pgx.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	to := func(user, hosts string) string {
		return "postgres://" + user + "@/" + config.Database + "?host=" + hosts + "&target_session_attrs=read-write"
	}
	for address, want := range map[string]struct {
		text string
		away bool
	}{
		to("throng", config.Host):              {"too many connections", true},
		to("looker", config.Host):              {"default_transaction_read_only is on", false},
		to("looker", "127.0.0.1,"+config.Host): {"default_transaction_read_only is on", true},
		to("looker", config.Host+",127.0.0.1"): {"default_transaction_read_only is on", true},
	} {
		if err := refused(t, address, want.text, "not-to-be-told"); errors.Is(err, press.ErrAway) != want.away {
			t.Errorf("%v: it can be tried again: %t", err, !want.away)
		}
	}
}

// TestIdleSessions: a server that ends sessions which do nothing leaves ours alone.
func TestIdleSessions(t *testing.T) {
	needsServer(t)
	address := postgrestest.Database(t)
	config, err := pgx.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	run(t, address, `ALTER DATABASE "`+config.Database+`" SET idle_session_timeout = '50ms'`)
	store, err := postgres.Open(t.Context(), address, storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for range 2 {
		_, err := store.State(t.Context())
		err = errors.Join(err, store.View(t.Context(), func(*storage.Tx) error { return nil }),
			store.Update(t.Context(), func(*storage.Tx) error { return nil }))
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(300 * time.Millisecond)
	}
}

// TestPool: pgbouncer is refused also where it lets everything through that would tell
// it from a server.
func TestPool(t *testing.T) {
	needsServer(t)
	address := postgrestest.Database(t)
	for ignored, want := range map[string]string{
		"": "this is a pool and not PostgreSQL",
		"lock_timeout, idle_in_transaction_session_timeout, idle_session_timeout, statement_timeout, tcp_user_timeout": "what answers is a pool",
	} {
		refused(t, postgrestest.Pool(t, address, ignored), want, "not-to-be-told")
	}
}

// TestServerStartedAgain: after all connections are lost the next transactions get
// new ones.
func TestServerStartedAgain(t *testing.T) {
	needsServer(t)
	address := postgrestest.Database(t)
	store, err := postgres.Open(t.Context(), address, storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	set := func(value string) error {
		return store.Update(t.Context(), func(tx *storage.Tx) error { return tx.SetFact("name", value) })
	}
	read := func(ctx context.Context) (value string, err error) {
		err = store.View(ctx, func(tx *storage.Tx) error {
			value, err = tx.Fact("name")
			return err
		})
		return value, err
	}
	if err := set("before"); err != nil {
		t.Fatal(err)
	}
	if _, err := read(t.Context()); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	if err := set("after"); err != nil {
		t.Errorf("write on a new connection: %v", err)
	}
	if value, err := read(t.Context()); err != nil || value != "after" {
		t.Errorf("read %q on a new connection: %v", value, err)
	}
}

func needsServer(t *testing.T) {
	t.Helper()
	if !strings.Contains(os.Getenv(engines.Variable), "postgres") {
		t.Skipf("%s does not name it", engines.Variable)
	}
}

// TestOwnerIsEnough: who owns a database needs no further right.
func TestOwnerIsEnough(t *testing.T) {
	needsServer(t)
	address := postgrestest.Database(t)
	run(t, address, `CREATE ROLE owner LOGIN`, `CREATE DATABASE owned TEMPLATE template0 OWNER owner`)
	config, err := pgx.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	address = "postgres://owner@/owned?host=" + config.Host
	store, err := postgres.Open(t.Context(), address, storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Scrub(t.Context()); err != nil {
		t.Error(err)
	}
	histories := make(chan string, 1)
	told := func(_ context.Context, leads string) error {
		histories <- leads
		return nil
	}
	place, err := postgres.Take(t.Context(), address, postgres.Replica{Name: "one"}, told)
	if err != nil {
		t.Fatal(err)
	}
	served := func() (served bool) {
		t.Helper()
		err := store.View(t.Context(), func(tx *storage.Tx) (err error) {
			served, err = tx.Served()
			return err
		})
		if err != nil {
			t.Error(err)
		}
		return served
	}
	if !served() {
		t.Error("it is not served")
	}
	alone := postgres.Replica{Alone: true}
	if _, err := postgres.Take(t.Context(), address, alone, told); !errors.Is(err, postgres.ErrTaken) {
		t.Errorf("one has it for itself beside another: %v", err)
	}
	run(t, address, `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()`)
	if history := <-histories; strings.Count(history, "/") != 2 { // it is taken again
		t.Errorf("the history is %s", history)
	}
	place.Release()
	if served() {
		t.Error("it is served after its release")
	}
}
