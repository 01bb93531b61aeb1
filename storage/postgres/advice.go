package postgres

import (
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Codes of errors that are met when a database is opened.
const (
	invalidPassword      = "28P01"
	invalidAuthorization = "28000"
	noSuchDatabase       = "3D000"
	notPermitted         = "42501"
)

// makeDatabase is how a database is made that keeps what is promised.
const makeDatabase = "createdb --template=template0 --encoding=UTF8 --locale=C.UTF-8"

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
		return ""
	}
	switch {
	case e.Code == invalidPassword, e.Code == invalidAuthorization:
		return fmt.Sprintf("look at the user %s and its password in the address, PGPASSWORD or ~/.pgpass, and at the server's pg_hba.conf", config.User)
	case e.Code == noSuchDatabase:
		return fmt.Sprintf("make it by %s --owner=%s %s", makeDatabase, config.User, config.Database)
	case e.Code == notPermitted:
		return fmt.Sprintf("what is in it must belong to the user: ALTER DATABASE %s OWNER TO %s, and REASSIGN OWNED BY whoever has made its tables", config.Database, config.User)
	case e.Code == readOnly:
		return "it takes no writing: name the primary, or all servers with target_session_attrs=read-write, and see default_transaction_read_only"
	case pooled(e):
		return "this is a pool and not PostgreSQL: " + behindPool
	}
	return ""
}

// pooled tells that a pool stands in front, which does not know what a session may be
// given at its start.
func pooled(e *pgconn.PgError) bool {
	return strings.Contains(e.Message, "unsupported startup parameter")
}
