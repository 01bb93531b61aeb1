package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"communique/storage"
)

// Vacant looks whether a database can take a whole site, before anything is made there:
// it has no tables, or those of this program. It returns what people call the database,
// and [storage.ErrNotVacant] if tables of another program are in it.
func Vacant(ctx context.Context, address string) (name string, err error) {
	config, err := configured(address)
	if err != nil {
		return "", err
	}
	name = fmt.Sprintf("the database %s on %s", config.Database, config.Host)
	var others bool
	err = ask(ctx, config, &others, `SELECT `+strangers)
	switch {
	case err != nil:
		return "", fmt.Errorf("open %s: %w", name, advised(config, err))
	case others:
		return name, fmt.Errorf("%s: %w: tables of another program; make a database of its own by %s", name, storage.ErrNotVacant, makeDatabase)
	}
	return name, nil
}

// ask scans the one value of a query, on a session of its own.
func ask(ctx context.Context, config *pgx.ConnConfig, into any, query string, args ...any) (err error) {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return classify(err)
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	return conn.QueryRow(ctx, query, args...).Scan(into)
}
