package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// kept is for how many commits it can be told whose each was.
const kept = 4096

// makeCommits makes the count of commits, of which so many were quiet, with the instant of
// the last one, and the table of the names of those before.
const makeCommits = `
	CREATE TABLE IF NOT EXISTS commits (id BIGINT PRIMARY KEY CHECK (id = 1), number BIGINT NOT NULL);
	DO $$ BEGIN
		IF NOT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = CAST('commits' AS regclass) AND attname = 'at') THEN
			ALTER TABLE commits ADD COLUMN at BIGINT NOT NULL DEFAULT 0;
		END IF;
		IF NOT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = CAST('commits' AS regclass) AND attname = 'quiet') THEN
			ALTER TABLE commits ADD COLUMN quiet BIGINT NOT NULL DEFAULT 0;
		END IF;
	END $$;
	INSERT INTO commits (id, number) VALUES (1, 0) ON CONFLICT (id) DO NOTHING;
	CREATE TABLE IF NOT EXISTS commit_names (slot BIGINT PRIMARY KEY, name TEXT COLLATE "C" NOT NULL);`

// mark counts the commit, tells of it when it stands, unless $1 says that it is quiet (a
// notification keeps all others that have one from committing, and wakes every server),
// and names the transaction: by its
// count and by what nobody else has. The server's own numbers of transactions tell
// nothing of one whose answer was lost in a crash: of which nothing had reached the disk,
// that number is given again. With the name comes why nothing can be committed, if so:
// the setting is that of this very commit, as a role, a database or a file may have it
// since the session began.
var mark = fmt.Sprintf(`WITH counted AS (UPDATE commits SET number = number + 1, quiet = quiet + CAST($1 AS BIGINT), at = (%s) RETURNING number),
		told AS (SELECT CASE WHEN CAST($1 AS BIGINT) = 0 THEN CAST(pg_notify('committed', CAST(number AS TEXT)) AS TEXT) END AS done FROM counted),
		named AS (INSERT INTO commit_names (slot, name)
			SELECT number %% %d, CAST(number AS TEXT) || '/' || CAST(gen_random_uuid() AS TEXT) FROM counted
			ON CONFLICT (slot) DO UPDATE SET name = excluded.name RETURNING name)
	SELECT name, CASE WHEN current_setting('synchronous_commit') IN ('off', 'local')
		THEN 'synchronous_commit is ' || current_setting('synchronous_commit') || '%s' ELSE '' END
	FROM named, told WHERE done IS NOT NULL OR done IS NULL`, clock, kept, hasty)

// askAgain is the pause between two questions about a transaction.
const askAgain = 50 * time.Millisecond

// outcome tells whether a transaction was committed. It asks until the server can say:
// it may be starting again, or not have noticed that the one who waited for the answer
// is gone. On whichever server that is, and in whichever history: what is there stands.
func outcome(ctx context.Context, db *sql.DB, name string) (committed bool, err error) {
	for {
		committed, err = outcomeOnce(ctx, db, name)
		if err == nil || !lost(err) || ctx.Err() != nil {
			break
		}
		select {
		case <-ctx.Done():
		case <-time.After(askAgain):
		}
	}
	if err != nil {
		return false, fmt.Errorf("transaction %s: %w", name, err)
	}
	return committed, nil
}

// outcomeOnce looks behind all that write, as one of them: whoever has the lock knows
// that the transaction has come to its end, and whoever commits behind it knows that no
// standby is without it which a commit waits for.
func outcomeOnce(ctx context.Context, db *sql.DB, name string) (committed bool, err error) {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return false, err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	if _, err = tx.ExecContext(ctx, lock); err != nil {
		return false, err
	}
	number, err := numbered(name)
	if err != nil {
		return false, err
	}
	var last string
	err = tx.QueryRowContext(ctx, `SELECT name FROM commit_names WHERE slot = CAST($1 AS BIGINT)`, number%kept).Scan(&last)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return false, err
	case last != name:
		since, err := numbered(last)
		if err != nil {
			return false, err
		}
		if since > number {
			return false, errors.New("so many others were committed since that it is forgotten")
		}
	default:
		committed = true
	}
	if _, err = tx.ExecContext(ctx, `UPDATE commits SET number = number WHERE id = 1`); err != nil {
		return false, err
	}
	return committed, tx.Commit()
}

// numbered is the count in the name of a transaction.
func numbered(name string) (int64, error) {
	number, _, _ := strings.Cut(name, "/")
	return strconv.ParseInt(number, 10, 64)
}
