package postgres

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Codes of errors that are met when a database is opened.
const (
	invalidPassword      = "28P01"
	invalidAuthorization = "28000"
	noSuchDatabase       = "3D000"
	notPermitted         = "42501"
	noSuchSchema         = "3F000"
	noSuchSetting        = "42704"
	invalidSetting       = "22023"
)

// makeDatabase is how a database is made that keeps what is promised.
const makeDatabase = "createdb --template=template0 --encoding=UTF8 --locale-provider=libc --locale=C.UTF-8"

// behindPool is what to do about a pool that gives a session to several clients.
const behindPool = "name PostgreSQL itself: communique keeps a few connections, and needs each for itself"

// advised says what to do about an error of opening, where that is known.
func advised(config *pgx.ConnConfig, err error) error {
	hint := advice(config, err)
	if hint == "" {
		return err
	}
	return fmt.Errorf("%w: %s", err, hint)
}

func advice(config *pgx.ConnConfig, err error) string {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return connectAdvice(err)
	}
	switch {
	case e.Code == invalidPassword, e.Code == invalidAuthorization:
		return fmt.Sprintf("look at the user %s and its password in the address, PGPASSWORD or ~/.pgpass, and at the server's pg_hba.conf", config.User)
	case e.Code == noSuchDatabase:
		return fmt.Sprintf("make it by %s --owner=%s %s", makeDatabase, config.User, config.Database)
	case e.Code == notPermitted:
		return fmt.Sprintf("what is in it must belong to the user: ALTER DATABASE %s OWNER TO %s, and REASSIGN OWNED BY whoever has made its tables", config.Database, config.User)
	case e.Code == noSuchSchema:
		return "make the schema to which search_path leads, or let that lead to public: it may stand in the address, or be set for the user or the database"
	case e.Code == noSuchSetting, e.Code == invalidSetting:
		return "look at the parameters in the address"
	case e.Code == tooManyConnections:
		return "each machine that serves needs some twenty connections: look at the server's max_connections, and at what the user and the database are limited to"
	case e.Code == readOnly:
		return "it takes no writing: name the primary, or all servers with target_session_attrs=read-write, and see default_transaction_read_only"
	case pooled(e):
		return "this is a pool and not PostgreSQL: " + behindPool
	}
	return ""
}

// refusedTLS is what the driver says of a server that has no TLS.
const refusedTLS = "server refused TLS connection"

// connectAdvice says what to do about a server that did not get as far as to say anything.
func connectAdvice(err error) string {
	_, uncertain := errors.AsType[*tls.CertificateVerificationError](err)
	_, unknown := errors.AsType[*net.DNSError](err)
	switch {
	case uncertain:
		return "look at sslmode, sslrootcert and the host in the address, and at the server's certificate"
	case strings.Contains(err.Error(), refusedTLS):
		return "turn ssl on there, or leave out the sslmode in the address that asks for it"
	case unknown, errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENOENT): // no such socket
		return "look at host and port in the address, and whether the server runs and listens there"
	}
	return ""
}

// plain is an error in other words.
type plain struct {
	error
	text string
}

func (e plain) Error() string { return e.text }
func (e plain) Unwrap() error { return e.error }

// inFewWords has an error of connecting say each attempt once, and nothing of those with TLS
// on which the driver went on without it, as it does unless the address has an sslmode.
func inFewWords(err error) error {
	connect, ok := errors.AsType[*pgconn.ConnectError](err)
	if !ok {
		return err
	}
	user, attempts, several := strings.Cut(connect.Error(), "\n\t")
	if !several {
		return err
	}
	all := strings.Split(attempts, "\n\t")
	last := all[len(all)-1]
	all = slices.Compact(slices.DeleteFunc(all[:len(all)-1], func(attempt string) bool {
		return attempt == last || strings.HasSuffix(attempt, refusedTLS)
	}))
	text := user + " " + strings.Join(append(all, last), ", ")
	return plain{err, strings.Replace(err.Error(), connect.Error(), text, 1)}
}

// pooled tells that a pool stands in front, which does not know what a session may be
// given at its start.
func pooled(e *pgconn.PgError) bool {
	return strings.Contains(e.Message, "unsupported startup parameter")
}
