package postgres

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/stdlib"

	"communique/storage"
	"communique/storage/internal/before"
	"communique/storage/internal/kernel"
	"communique/storage/migrations"
	"communique/storage/press"
)

// factCopied begins the names of the facts that tell which machines have a copy from before an
// upgrade. They go when something is to be nowhere any more: a machine whose fact is gone removes
// its copy.
const factCopied = "upgrade_copied:"

// BackUpBeforeUpgrade has pg_dump make a copy of a database, FILE.before-upgrade-from-54, whose
// schema was found to be an earlier one: see [storage.BeforeUpgrade]. It returns the name of the
// copy, or nothing if none is needed: see [before.Upgrade.BackUp]. machine is a name of the one
// that the file is on.
func BackUpBeforeUpgrade(ctx context.Context, address string, found int, file, machine string) (made string, err error) {
	config, err := configured(address)
	if err != nil {
		return "", err
	}
	steps, err := migrations.For(ctx, dialect.Name)
	if err != nil {
		return "", err
	}
	if err := before.RemoveParts(file); err != nil {
		return "", err
	}
	db := sql.OpenDB(stdlib.GetConnector(*config))
	defer func() { err = errors.Join(err, db.Close()) }()
	made, err = before.Upgrade{
		DB: db, File: file, Found: found, Steps: len(steps), Classify: classify,
		Copy: func(ctx context.Context, to string) error {
			var size int64
			_ = db.QueryRowContext(ctx, dialect.Size).Scan(&size) // 0 if it cannot be told
			defer storage.TellCopying(ctx, size, to)()
			return dump(ctx, address, to)
		},
	}.BackUp(ctx)
	if err != nil || made == "" {
		return "", err
	}
	return made, kernel.SetFactBefore(ctx, db, factCopied+machine, fmt.Sprint(found))
}

// KeptBefore are the copies of a database from before upgrades on this machine, the oldest
// schema first.
func KeptBefore(file string) ([]string, error) { return before.Kept(file) }

// RemoveVoid removes the copies on a machine if they have what is to be nowhere any more.
func RemoveVoid(ctx context.Context, store *storage.Store, file, machine string) error {
	all, err := before.Kept(file)
	if err != nil || len(all) == 0 {
		return err
	}
	err = store.View(ctx, func(tx *storage.Tx) error {
		_, err := tx.Fact(factCopied + machine)
		return err
	})
	if errors.Is(err, press.ErrNotFound) {
		return before.Remove(file)
	}
	return err
}

// errNoDump says what to do where the copy cannot be made.
var errNoDump = errors.New("install pg_dump of the version of the database's server or a later one (postgresql-client), or make a copy in another way and run communique upgrade --without-copy")

// mostSaid is how much is read of what pg_dump says.
const mostSaid = 4 << 10

// dump has pg_dump write a database into a file.
func dump(ctx context.Context, address, to string) error {
	program, err := exec.LookPath("pg_dump")
	if err != nil {
		return fmt.Errorf("pg_dump, which makes the copy, is not there: %w", errNoDump)
	}
	shown, password, err := dumpAddress(address)
	if err != nil {
		return err
	}
	c := exec.CommandContext(ctx, program, "--format=custom", "--no-password", "--file="+to, "--dbname="+shown)
	c.Env = os.Environ()
	if password != "" {
		c.Env = append(c.Env, "PGPASSWORD="+password)
	}
	said := &first{left: mostSaid}
	c.Stderr = said
	if err := c.Run(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("pg_dump: %w: %s: %w", err, strings.Join(strings.Fields(said.text.String()), " "), errNoDump)
	}
	return nil
}

// dumpAddress is an address as pg_dump takes it, without the password: everybody on the machine
// sees with what a program was started.
func dumpAddress(address string) (shown, password string, err error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", "", errors.New("read the address of the database: it is none") // there may be a password in it
	}
	if u.User != nil {
		password, _ = u.User.Password()
		u.User = url.User(u.User.Username())
	}
	query := u.Query()
	if query.Has("password") {
		password = query.Get("password")
	}
	for name := range query {
		if !slices.Contains(known, name) {
			query.Del(name)
		}
	}
	u.RawQuery = query.Encode()
	return u.String(), password, nil
}

// known are the parameters of an address that say to what a program of PostgreSQL's own connects,
// and how. All others are those of a session, which it does not take from an address.
var known = []string{
	"host", "hostaddr", "port", "dbname", "user", "passfile", "service", "servicefile", "connect_timeout", "target_session_attrs", "load_balance_hosts",
	"sslmode", "sslnegotiation", "sslrootcert", "sslcert", "sslkey", "sslcrl", "sslsni", "ssl_min_protocol_version", "ssl_max_protocol_version",
	"channel_binding", "require_auth", "gssencmode", "krbsrvname", "gsslib",
}

// first keeps the begin of what is written.
type first struct {
	text bytes.Buffer
	left int
}

var _ io.Writer = (*first)(nil)

func (f *first) Write(b []byte) (int, error) {
	n := min(len(b), f.left)
	f.left -= n
	f.text.Write(b[:n])
	return len(b), nil
}
