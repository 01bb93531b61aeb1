package postgres

import (
	"context"
	"database/sql"
	"fmt"

	"communique/storage"
)

// whichHistory asks which server it is, and in which of its histories.
const whichHistory = `SELECT CAST(system_identifier AS TEXT), ` + timeline + ` FROM pg_control_system()`

// continueLog has the log go on after a gap if the server is another than it was, or
// in another history: what was said since a copy was made, or what had not reached a
// standby that was promoted, is missing then, and its numbers must not be given again.
func continueLog(ctx context.Context, store *storage.Store, db *sql.DB) error {
	var server, history string
	err := db.QueryRowContext(ctx, whichHistory).Scan(&server, &history)
	if err != nil {
		return classify(fmt.Errorf("ask which server it is: %w", err))
	}
	_, err = store.ContinueIn(ctx, server, history)
	return err
}
