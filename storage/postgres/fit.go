package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"communique/storage"
)

// oldest is the first release that is supported.
const oldest = 15

// server is what is seen of a server and a database before anything is done there.
type server struct {
	version             int
	encoding, collation string
	icu                 bool   // sorts by ICU, whatever its collation is
	commit              string // its synchronous_commit
	standby             bool
	process, promised   uint32 // that answers, and that was named when the session began
	others              bool   // there are tables, and none of them is ours
	owners              string // of tables that are not ours
	counts              bool   // commits: there is what does
}

// fit refuses a server or a database that would not keep what is promised, and tells whether
// commits are counted there.
func fit(ctx context.Context, conn *sql.Conn) (counts bool, err error) {
	s, err := look(ctx, conn)
	if err != nil {
		return false, fmt.Errorf("look at the server: %w", err)
	}
	return s.counts, s.fit()
}

// strangers tells whether there are tables or views, and none of them is ours. What belongs
// to an extension is in nobody's way.
const strangers = `to_regclass('log_head') IS NULL AND to_regclass('commit_log') IS NULL AND EXISTS (SELECT 1 FROM pg_class
			WHERE relnamespace = to_regnamespace(current_schema()) AND relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT EXISTS (
				SELECT 1 FROM pg_depend WHERE classid = CAST('pg_class' AS regclass) AND objid = pg_class.oid AND deptype = 'e'))`

func look(ctx context.Context, conn *sql.Conn) (s server, err error) {
	err = conn.Raw(func(driver any) error {
		s.promised = driver.(connection).Conn().PgConn().PID()
		return nil
	})
	if err != nil {
		return s, err
	}
	return s, conn.QueryRowContext(ctx, `SELECT CAST(current_setting('server_version_num') AS BIGINT) / 10000,
		pg_encoding_to_char(encoding), datcollate, COALESCE(to_jsonb(pg_database) ->> 'datlocprovider' = 'i', FALSE), current_setting('synchronous_commit'), pg_is_in_recovery(), pg_backend_pid(),
		`+strangers+`,
		COALESCE((SELECT string_agg(DISTINCT pg_get_userbyid(relowner), ', ') FROM pg_class
			WHERE relnamespace = to_regnamespace(current_schema()) AND relkind = 'r' AND NOT pg_has_role(relowner, 'USAGE')), ''),
		to_regclass('commit_log') IS NOT NULL
		FROM pg_database WHERE datname = current_database()`).
		Scan(&s.version, &s.encoding, &s.collation, &s.icu, &s.commit, &s.standby, &s.process, &s.others, &s.owners, &s.counts)
}

// hasty is what a setting of synchronous_commit means by which a commit does not wait.
const hasty = ", so that what was published could be lost: remove it, or set it to on"

func (s server) fit() error {
	switch {
	case s.version < oldest:
		return fmt.Errorf("the server is PostgreSQL %d: at least %d is needed", s.version, oldest)
	case s.process != s.promised:
		return fmt.Errorf("what answers is a pool, as pgbouncer is: %s", behindPool)
	case s.standby:
		return errStandby
	case s.encoding != "UTF8":
		return fmt.Errorf("the database has the encoding %s: make one by %s", s.encoding, makeDatabase)
	case !slices.Contains([]string{"C", "POSIX", "C.UTF-8", "C.utf8"}, s.collation):
		// Order and uniqueness would depend on the locale, and change with its next version.
		return fmt.Errorf("the database sorts by the rules of %s: make one by %s", s.collation, makeDatabase)
	case s.icu:
		return fmt.Errorf("the database sorts by the rules of ICU: make one by %s", makeDatabase)
	case slices.Contains([]string{"off", "local"}, s.commit):
		return fmt.Errorf("synchronous_commit is %s%s", strings.ToLower(s.commit), hasty)
	case s.others:
		return fmt.Errorf("%w: tables of another program; make a database of its own by %s", storage.ErrNotVacant, makeDatabase)
	case s.owners != "":
		return fmt.Errorf("there are tables that belong to %s: let all of them belong to the user that communique is, by REASSIGN OWNED", s.owners)
	}
	return nil
}
