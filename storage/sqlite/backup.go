package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"communique/storage/press"
)

// backup lets SQLite write a packed copy of one snapshot. Writers wait for it:
// on the connection that they share it is in line with them.
func backup(ctx context.Context, conn *sql.Conn, file string) error {
	_, err := conn.ExecContext(ctx, `VACUUM INTO $1`, file)
	return err
}

// scrub copies the log into the file and cuts it off: what was deleted was overwritten
// in the file (secure_delete), but stands in the log until that is begun anew.
func scrub(ctx context.Context, conn *sql.Conn) error {
	var busy, pages, copied int
	if err := conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &copied); err != nil {
		return err
	}
	if busy != 0 {
		return fmt.Errorf("%w: others are reading", press.ErrBusy)
	}
	return nil
}

// verify runs SQLite's own check of every page, index and reference.
func verify(ctx context.Context, db *sql.DB) error {
	var verdict string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("it is damaged: %s", verdict)
	}
	var table, parent string
	var row, key sql.NullInt64
	err := db.QueryRowContext(ctx, `PRAGMA foreign_key_check`).Scan(&table, &row, &parent, &key)
	if err == nil {
		return fmt.Errorf("it is damaged: row %d of %s refers to nothing in %s", row.Int64, table, parent)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}
