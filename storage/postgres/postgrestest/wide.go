package postgrestest

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
)

// Wide refuses statements with a parameter that PostgreSQL takes for a number of four
// bytes, as beside a number that is written in the statement: what is an instant, or
// the number of an entry, does not fit, and no small test would tell.
func Wide(c driver.Connector) driver.Connector { return wide{c} }

type wide struct{ driver.Connector }

func (w wide) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := w.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return wideConn{c.(*stdlib.Conn)}, nil
}

type wideConn struct{ *stdlibConn }

func (c wideConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	described, err := c.Conn().Prepare(ctx, "", query)
	if err != nil {
		return nil, err
	}
	if strings.Contains(query, "SUBSTR(") || strings.Contains(query, "reader") { // which are small
		return c.stdlibConn.PrepareContext(ctx, query)
	}
	for i, of := range described.ParamOIDs {
		if of == pgtype.Int4OID || of == pgtype.Int2OID {
			return nil, fmt.Errorf("parameter $%d is of four bytes; cast it to BIGINT in %s", i+1, query)
		}
	}
	return c.stdlibConn.PrepareContext(ctx, query)
}
