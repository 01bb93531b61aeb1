package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// timeline is the history of the server: after a standby was promoted, or an archive
// restored, the numbers of transactions are given again.
const timeline = `substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)`

// mark counts the commit, tells of it when it stands, and names the transaction.
const mark = `WITH counted AS (UPDATE commits SET number = number + 1 RETURNING number),
		told AS (SELECT pg_notify('committed', CAST(number AS TEXT)) AS done FROM counted)
	SELECT CAST(pg_current_xact_id() AS TEXT) || '/' || ` + timeline + ` FROM told WHERE done IS NOT NULL OR done IS NULL`

// askAgain is the pause between two questions about a transaction.
const askAgain = 50 * time.Millisecond

// outcome tells whether a transaction was committed. It asks until the server knows:
// it may be starting again, or not have noticed that the one who waited for the answer
// is gone.
func outcome(ctx context.Context, db *sql.DB, name string) (committed bool, err error) {
	number, began, _ := strings.Cut(name, "/")
	for {
		var now string
		var status sql.NullString
		err = db.QueryRowContext(ctx, `SELECT `+timeline+`, pg_xact_status(CAST(CAST($1 AS TEXT) AS xid8))`, number).Scan(&now, &status)
		switch {
		case err == nil && now != began:
			return false, fmt.Errorf("transaction %s: the server has another history since", name)
		case err == nil && status.String == "committed":
			return true, nil
		case err == nil && status.String == "aborted":
			return false, nil
		case err == nil && !status.Valid:
			return false, fmt.Errorf("transaction %s: the server has forgotten it", name)
		case err != nil && !lost(err):
			return false, fmt.Errorf("transaction %s: %w", name, err)
		}
		select {
		case <-ctx.Done():
			return false, fmt.Errorf("transaction %s: no answer in time", name)
		case <-time.After(askAgain):
		}
	}
}
