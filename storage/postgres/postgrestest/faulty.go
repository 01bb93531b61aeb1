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

// faultyConn is one connection. It takes what begins and ends a transaction by the
// first words of the statement.
type faultyConn struct {
	*stdlibConn
	of    *faulty
	fault int64 // of the transaction under way; kinds for none
}

func (c *faultyConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if strings.HasPrefix(query, "BEGIN") && !strings.HasSuffix(query, "READ ONLY") {
		c.fault = kinds
		if n := c.of.begun.Add(1); n%2 == 1 {
			c.fault = n / 2 % kinds
		}
	}
	return c.stdlibConn.ExecContext(ctx, query, args)
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
	if s.on.fault == deadlocked && strings.Contains(s.query, "commit_names") {
		s.on.fault = kinds
		if err := s.on.raise(ctx, "40P01"); err != nil {
			return nil, err
		}
	}
	return s.Stmt.QueryContext(ctx, args)
}

func (s *faultyStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if s.query != "COMMIT" {
		return s.Stmt.ExecContext(ctx, args)
	}
	fault := s.on.fault
	s.on.fault = kinds
	switch fault {
	case unserialised:
		if err := s.on.raise(ctx, "40001"); err != nil {
			return nil, err
		}
	case answerLost:
		if _, err := s.Stmt.ExecContext(ctx, args); err != nil {
			return nil, err
		}
		fallthrough
	case commitLost:
		_ = s.on.Conn().PgConn().Conn().Close() // as if the link broke
	}
	result, err := s.Stmt.ExecContext(ctx, args)
	if err != nil && fault != kinds {
		err = fmt.Errorf("%w: %w", io.ErrUnexpectedEOF, err)
	}
	return result, err
}

// raise has the server itself fail the transaction.
func (c *faultyConn) raise(ctx context.Context, code string) error {
	_, err := c.stdlibConn.ExecContext(ctx, `DO $$ BEGIN RAISE EXCEPTION 'a fault' USING ERRCODE = '`+code+`'; END $$`, nil)
	return err
}
