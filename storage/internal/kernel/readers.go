package kernel

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"sync"
)

// readers are the connections that read. Each keeps its statements prepared,
// and begins and ends its transactions by statements of its own: of a short
// read, preparing is the larger part, and an inbox makes one for each message.
type readers struct {
	db      *sql.DB
	dialect *Dialect
	places  chan struct{} // one for each that reads
	closed  chan struct{}
	writer  *writer    // lends its connection; nil if it does not
	mu      sync.Mutex // guards what follows
	idle    []*reader
	made    bool // a connection was made for those who read
	round   int  // of connections; those of an earlier one are not used again
}

// reader is one connection. While it is used it is one goroutine's.
type reader struct {
	conn  *sql.Conn
	known statements
	round int
	lent  bool // it is the writer's
	fresh bool // as [writer.fresh], of one that is lent
}

func newReaders(db *sql.DB, d *Dialect) *readers {
	return &readers{
		db: db, dialect: d, places: make(chan struct{}, max(4, 2*runtime.NumCPU())), closed: make(chan struct{}),
	}
}

func (p *readers) reader(conn *sql.Conn, round int) *reader {
	return &reader{conn: conn, known: newStatements(conn, p.dialect, true), round: round}
}

// view runs fn in a transaction that ends when fn does. guarded is the context of
// its statements; see [DB.guard].
func (p *readers) view(ctx, guarded context.Context, fn func(*statements) error) error {
	r, err := p.take(ctx, guarded)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer func() { p.giveBack(r) }() // deferred, because somebody may recover a panic in fn
	if err := p.beginOn(guarded, r); err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	return fn(&r.known)
}

// beginOn begins a transaction on a connection, or on a new one if the server was
// started again since it was used.
func (p *readers) beginOn(guarded context.Context, r *reader) error {
	r.known.under = p.under(guarded) //nolint:fatcontext // it is replaced, not nested
	err := r.known.exec(guarded, p.dialect.BeginRead)
	if err == nil || guarded.Err() != nil || r.conn.PingContext(guarded) == nil {
		return err
	}
	_ = p.close(r)
	conn, err := p.db.Conn(guarded)
	if err != nil {
		return err
	}
	r.conn, r.known, r.fresh = conn, newStatements(conn, p.dialect, true), true
	r.known.under = p.under(guarded)
	return r.known.exec(guarded, p.dialect.BeginRead)
}

// under is the context that statements run under, nil if each has its own.
func (p *readers) under(guarded context.Context) context.Context {
	if p.dialect.Pulse.Every == 0 {
		return nil
	}
	return guarded
}

// take waits for a place. The one that read last comes first: what it read is
// in its memory.
func (p *readers) take(ctx, guarded context.Context) (*reader, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case p.places <- struct{}{}:
	case <-p.closed:
		return nil, errClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-guarded.Done():
		return nil, guarded.Err()
	}
	r, round := p.spare()
	if r != nil {
		return r, nil
	}
	conn, err := p.db.Conn(guarded)
	if err != nil {
		<-p.places
		return nil, err
	}
	return p.reader(conn, round), nil
}

// spare is a connection that is there already, nil if a new one is needed, and the round. Until
// one was made the writer lends its own: a command reads and writes by turns, and a server takes
// some time for each connection, and for what is read for the first time on it.
func (p *readers) spare() (r *reader, round int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if last := len(p.idle) - 1; last >= 0 {
		r = p.idle[last]
		p.idle = p.idle[:last]
		return r, p.round
	}
	if !p.made && p.writer != nil {
		r = p.writer.lend(p.round)
	}
	p.made = p.made || r == nil
	return r, p.round
}

// giveBack ends the transaction, of which nothing is to be kept. A connection
// on which it does not end is not used again.
func (p *readers) giveBack(r *reader) {
	defer func() { <-p.places }()
	if err := p.rollback(r); err != nil {
		_ = p.close(r) // it only read
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case r.round != p.round:
		_ = p.close(r)
	case r.lent && p.writer.takeBack(r):
	default:
		p.idle, p.made = append(p.idle, r), true
	}
}

// renew uses none of the connections again that there are.
func (p *readers) renew() {
	p.mu.Lock()
	p.round++
	p.mu.Unlock()
	p.drop()
}

// drop lets those go that nobody reads on: nothing that was connected to a silent
// server is of use, and finding that out takes each reader its time.
func (p *readers) drop() {
	p.mu.Lock()
	idle := p.idle
	p.idle = nil
	p.mu.Unlock()
	for _, r := range idle {
		go func() {
			ctx, cancel := p.dialect.Pulse.brief(context.Background())
			defer cancel()
			_ = r.conn.PingContext(ctx) // what does not answer is closed without a farewell
			_ = p.close(r)
		}()
	}
}

func (p *readers) rollback(r *reader) error {
	ctx, cancel := p.dialect.Pulse.brief(context.Background())
	defer cancel()
	r.known.under = p.under(ctx) //nolint:fatcontext // it is replaced, not nested
	return r.known.exec(ctx, `ROLLBACK`)
}

// close lets a connection go.
func (p *readers) close(r *reader) error {
	ctx, cancel := p.dialect.Pulse.brief(context.Background())
	defer cancel()
	return r.known.close(ctx)
}

// closeAll lets all connections go, once nobody reads on them.
func (p *readers) closeAll() {
	close(p.closed)
	for range cap(p.places) {
		p.places <- struct{}{}
	}
	p.mu.Lock()
	idle := p.idle
	p.idle = nil // who finds the server silent lets them go, too
	p.mu.Unlock()
	for _, r := range idle {
		_ = p.close(r) // it only read, and may have been lost before
	}
}
