package postgrestest

import (
	"context"
	"database/sql/driver"
	"fmt"
	"io"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5/stdlib"
)

// Faulty lets every other writing transaction of the connections that it hands out fail, each
// in the next of these ways: so each fails once, and the next attempt does not.
//
//   - the server finds that it cannot be serialised, as it is committed
//   - the server ends a deadlock with it, at its last statement: what a test does in a
//     transaction is behind it then, and is done again without its knowing
//   - the answer to its COMMIT is lost, and it was committed
//   - its COMMIT is lost
func Faulty(c driver.Connector) driver.Connector { return &faulty{Connector: c} }

const (
	unserialised = iota
	deadlocked
	answerLost
	commitLost
	kinds
)

type faulty struct {
	driver.Connector
	begun atomic.Int64
}

func (f *faulty) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := f.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &faultyConn{stdlibConn: c.(*stdlib.Conn), of: f, fault: kinds}, nil
}

// stdlibConn gives the field another name than the method.
type stdlibConn = stdlib.Conn

// faultyConn is one connection. It knows what ends a transaction by its statements.
type faultyConn struct {
	*stdlibConn
	of    *faulty
	fault int64 // of the transaction under way; kinds for none
}

func (c *faultyConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.marks(ctx, query); err != nil {
		return nil, err
	}
	return c.stdlibConn.QueryContext(ctx, query, args)
}

func (c *faultyConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return c.commits(ctx, query, func() (driver.Result, error) { return c.stdlibConn.ExecContext(ctx, query, args) })
}

// marks decides what befalls a transaction that writes as it comes to its last statement.
func (c *faultyConn) marks(ctx context.Context, query string) error {
	if !strings.Contains(query, "INSERT INTO commit_log") {
		return nil
	}
	c.fault = kinds
	if n := c.of.begun.Add(1); n%2 == 1 {
		c.fault = n / 2 % kinds
	}
	if c.fault != deadlocked {
		return nil
	}
	c.fault = kinds
	return c.raise(ctx, "40P01")
}

// commits runs a statement, which comes to what befalls the transaction if it ends it.
func (c *faultyConn) commits(ctx context.Context, query string, run func() (driver.Result, error)) (driver.Result, error) {
	if query != "COMMIT" {
		return run()
	}
	fault := c.fault
	c.fault = kinds
	switch fault {
	case unserialised:
		if err := c.raise(ctx, "40001"); err != nil {
			return nil, err
		}
	case answerLost:
		if _, err := run(); err != nil {
			return nil, err
		}
		fallthrough
	case commitLost:
		_ = c.Conn().PgConn().Conn().Close() // as if the link broke
	}
	result, err := run()
	if err != nil && fault != kinds {
		err = fmt.Errorf("%w: %w", io.ErrUnexpectedEOF, err)
	}
	return result, err
}

func (c *faultyConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	s, err := c.stdlibConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return &faultyStmt{Stmt: s.(*stdlib.Stmt), query: query, on: c}, nil
}

type faultyStmt struct {
	*stdlib.Stmt
	query string
	on    *faultyConn
}

func (s *faultyStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if err := s.on.marks(ctx, s.query); err != nil {
		return nil, err
	}
	return s.Stmt.QueryContext(ctx, args)
}

func (s *faultyStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return s.on.commits(ctx, s.query, func() (driver.Result, error) { return s.Stmt.ExecContext(ctx, args) })
}

// raise has the server itself fail the transaction.
func (c *faultyConn) raise(ctx context.Context, code string) error {
	_, err := c.stdlibConn.ExecContext(ctx, `DO $$ BEGIN RAISE EXCEPTION 'a fault' USING ERRCODE = '`+code+`'; END $$`, nil)
	return err
}
