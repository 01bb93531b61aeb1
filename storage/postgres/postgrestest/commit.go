package postgrestest

import (
	"context"
	"database/sql/driver"
	"io"
	"sync/atomic"

	"github.com/jackc/pgx/v5/stdlib"
)

// Commits calls do in place of the first COMMIT of the connections that it hands out
// after it was armed: that one is lost, and so is its connection.
func Commits(c driver.Connector, armed *atomic.Bool, do func()) driver.Connector {
	return &commits{Connector: c, armed: armed, do: do}
}

type commits struct {
	driver.Connector
	armed *atomic.Bool
	do    func()
}

func (c *commits) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &commitsConn{stdlibConn: conn.(*stdlib.Conn), of: c}, nil
}

type commitsConn struct {
	*stdlibConn
	of *commits
}

func (c *commitsConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if query == "COMMIT" && c.lose() {
		return nil, io.ErrUnexpectedEOF
	}
	return c.stdlibConn.ExecContext(ctx, query, args)
}

// lose loses the connection if it is to.
func (c *commitsConn) lose() bool {
	if !c.of.armed.CompareAndSwap(true, false) {
		return false
	}
	c.of.do()
	_ = c.Conn().PgConn().Conn().Close()
	return true
}

func (c *commitsConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	s, err := c.stdlibConn.PrepareContext(ctx, query)
	if err != nil || query != "COMMIT" {
		return s, err
	}
	return &commitsStmt{Stmt: s.(*stdlib.Stmt), on: c}, nil
}

type commitsStmt struct {
	*stdlib.Stmt
	on *commitsConn
}

func (s *commitsStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if s.on.lose() {
		return nil, io.ErrUnexpectedEOF
	}
	return s.Stmt.ExecContext(ctx, args)
}
