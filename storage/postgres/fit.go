package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// oldest is the first release that is supported.
const oldest = 15

// fit refuses a server or a database that would not keep what is promised.
func fit(ctx context.Context, conn *sql.Conn) error {
	var version int
	var encoding, collation, commit, standby string
	err := conn.QueryRowContext(ctx, `SELECT CAST(current_setting('server_version_num') AS BIGINT) / 10000,
		pg_encoding_to_char(encoding), datcollate, current_setting('synchronous_commit'), CAST(pg_is_in_recovery() AS TEXT)
		FROM pg_database WHERE datname = current_database()`).Scan(&version, &encoding, &collation, &commit, &standby)
	switch {
	case err != nil:
		return fmt.Errorf("look at the server: %w", err)
	case version < oldest:
		return fmt.Errorf("the server is PostgreSQL %d: at least %d is needed", version, oldest)
	case standby == "true":
		return fmt.Errorf("the server is a standby, on which nothing can be written: name the primary, or all of them with target_session_attrs=read-write")
	case encoding != "UTF8":
		return fmt.Errorf("the database has the encoding %s: make one by createdb --template=template0 --encoding=UTF8 --locale=C.UTF-8", encoding)
	case !slices.Contains([]string{"C", "POSIX", "C.UTF-8", "C.utf8"}, collation):
		// Order and uniqueness would depend on the locale, and change with its next version.
		return fmt.Errorf("the database sorts by the rules of %s: make one by createdb --template=template0 --encoding=UTF8 --locale=C.UTF-8", collation)
	case slices.Contains([]string{"off", "local"}, commit):
		return fmt.Errorf("synchronous_commit is %s, so that what was published could be lost: remove it, or set it to on", strings.ToLower(commit))
	}
	return nil
}
