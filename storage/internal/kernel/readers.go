package kernel

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"sync"
)

// readers are the connections that read. Each keeps its statements prepared,
// and begins and ends its transactions by statements of its own: of a short
// read, preparing is the larger part, and an inbox makes one for each message.
type readers struct {
	db     *sql.DB
	begin  string
	places chan struct{} // one for each that reads
	closed chan struct{}
	mu     sync.Mutex // guards what follows
	idle   []*reader
}

// reader is one connection. While it is used it is one goroutine's.
type reader struct {
	conn  *sql.Conn
	known statements
}

func newReaders(db *sql.DB, begin string) *readers {
	return &readers{
		db: db, begin: begin, places: make(chan struct{}, max(4, 2*runtime.NumCPU())), closed: make(chan struct{}),
	}
}

// view runs fn in a transaction that ends when fn does.
func (p *readers) view(ctx context.Context, fn func(*statements) error) error {
	r, err := p.take(ctx)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer func() { p.giveBack(r) }() // deferred, because somebody may recover a panic in fn
	err = r.known.exec(ctx, p.begin)
	if err != nil && ctx.Err() == nil && r.conn.PingContext(ctx) != nil {
		// The server was started again since the connection was used.
		_ = r.close()
		if r.conn, err = p.db.Conn(ctx); err == nil {
			r.known = newStatements(r.conn, true)
			err = r.known.exec(ctx, p.begin)
		}
	}
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	return fn(&r.known)
}

// take waits for a place. The one that read last comes first: what it read is
// in its memory.
func (p *readers) take(ctx context.Context) (*reader, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case p.places <- struct{}{}:
	case <-p.closed:
		return nil, errClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p.mu.Lock()
	if last := len(p.idle) - 1; last >= 0 {
		r := p.idle[last]
		p.idle = p.idle[:last]
		p.mu.Unlock()
		return r, nil
	}
	p.mu.Unlock()
	conn, err := p.db.Conn(ctx)
	if err != nil {
		<-p.places
		return nil, err
	}
	return &reader{conn: conn, known: newStatements(conn, true)}, nil
}

// giveBack ends the transaction, of which nothing is to be kept. A connection
// on which it does not end is not used again.
func (p *readers) giveBack(r *reader) {
	defer func() { <-p.places }()
	if err := r.known.exec(context.Background(), `ROLLBACK`); err != nil {
		_ = r.close() // it only read
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = append(p.idle, r)
}

func (r *reader) close() error { return errors.Join(r.known.close(), r.conn.Close()) }

// close lets all connections go, once nobody reads on them.
func (p *readers) close() error {
	close(p.closed)
	for range cap(p.places) {
		p.places <- struct{}{}
	}
	var all []error
	for _, r := range p.idle {
		all = append(all, r.close())
	}
	return errors.Join(all...)
}
