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

// makeCommits makes the log of commits: their count, of which so many were quiet, the instant
// of each and its name. A row is written once, so that however many transactions have read
// the database since, as pg_dump does for long, the last one is found at once; a row that
// counted would leave one behind it for each commit, through which all look that come after.
const makeCommits = `
	CREATE TABLE IF NOT EXISTS commit_log (
		number BIGINT PRIMARY KEY,
		quiet  BIGINT NOT NULL,
		at     BIGINT NOT NULL,
		name   TEXT COLLATE "C" NOT NULL
	);
	INSERT INTO commit_log (number, quiet, at, name) VALUES (0, 0, 0, '') ON CONFLICT (number) DO NOTHING;
	DROP TABLE IF EXISTS commits, commit_names;` // which versions before had

const (
	newest      = " ORDER BY number DESC LIMIT 1"
	dataVersion = "SELECT number - quiet FROM commit_log WHERE current_setting('transaction_read_only') = 'off'" + newest
	lastCommit  = "SELECT at FROM commit_log" + newest
)

// mark counts the commit, tells of it when it stands, unless $1 says that it is quiet (a
// notification keeps all others that have one from committing, and wakes every server),
// and names the transaction: by its
// count and by what nobody else has. The server's own numbers of transactions tell
// nothing of one whose answer was lost in a crash: of which nothing had reached the disk,
// that number is given again. With the name comes why nothing can be committed, if so:
// the setting is that of this very commit, as a role, a database or a file may have it
// since the session began. Now and then what is long past is removed.
var mark = fmt.Sprintf(`WITH newest AS (SELECT number, quiet FROM commit_log%s),
		counted AS (INSERT INTO commit_log (number, quiet, at, name)
			SELECT number + 1, quiet + CAST($1 AS BIGINT), (%s), CAST(number + 1 AS TEXT) || '/' || CAST(gen_random_uuid() AS TEXT) FROM newest
			RETURNING number, name),
		told AS (SELECT CASE WHEN CAST($1 AS BIGINT) = 0 THEN CAST(pg_notify('committed', CAST(number AS TEXT)) AS TEXT) END AS done FROM counted),
		removed AS (DELETE FROM commit_log WHERE (SELECT number %% %d FROM newest) = 0 AND number <= (SELECT number FROM newest) - %d)
	SELECT name, CASE WHEN current_setting('synchronous_commit') IN ('off', 'local')
		THEN 'synchronous_commit is ' || current_setting('synchronous_commit') || '%s' ELSE '' END
	FROM counted, told WHERE done IS NOT NULL OR done IS NULL`, newest, clock, kept/16, kept, hasty)

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
	var last int64
	var its sql.NullString
	err = tx.QueryRowContext(ctx, `SELECT MAX(number), (SELECT name FROM commit_log WHERE number = CAST($1 AS BIGINT)) FROM commit_log`, number).Scan(&last, &its)
	if err != nil {
		return false, err
	}
	if !its.Valid && last > number {
		return false, errors.New("so many others were committed since that it is forgotten")
	}
	if _, err = tx.ExecContext(ctx, `UPDATE commit_log SET at = at WHERE number = CAST($1 AS BIGINT)`, last); err != nil {
		return false, err
	}
	return its.String == name, tx.Commit()
}

// numbered is the count in the name of a transaction.
func numbered(name string) (int64, error) {
	number, _, _ := strings.Cut(name, "/")
	return strconv.ParseInt(number, 10, 64)
}
