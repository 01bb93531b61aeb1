package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"sync"
)

// inLine makes connections, one at a time from when one cannot be made until all who wait have
// theirs. Each part of a program that has lost its connection wants another, and a server that is
// short of processors needs longer for all of these at once than any of them waits: it would not
// come back.
type inLine struct {
	driver.Connector
	line *line
}

// line is that of a program to its server.
type line struct {
	mu       sync.Mutex
	formed   bool // who comes has to wait
	waiting  int
	underway *attempt // nil if none is
}

// attempt is one to connect.
type attempt struct {
	done chan struct{} // closed when err is set
	err  error         // that those get who wait
}

// Connect implements [driver.Connector]. Who waits is told what came of the attempt before them, if
// that is that the server cannot be reached.
func (c inLine) Connect(ctx context.Context) (driver.Conn, error) {
	for {
		before, ours := c.line.join()
		if before == nil {
			conn, err := c.Connector.Connect(ctx)
			c.line.leave(ours, told(ctx, err))
			return conn, err
		}
		select {
		case <-before.done:
		case <-ctx.Done():
		}
		c.line.stopWaiting()
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if before.err != nil {
			return nil, before.err
		}
	}
}

// told is the error of an attempt, unless it says nothing of the server, but that nobody wants the
// connection any more.
func told(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return nil
	}
	return err
}

// join returns the attempt to wait for; if there is none to wait for, that of the caller, which is
// nil where there is no line.
func (l *line) join() (before, ours *attempt) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case !l.formed:
		return nil, nil
	case l.underway != nil:
		l.waiting++
		return l.underway, nil
	}
	l.underway = &attempt{done: make(chan struct{})}
	return nil, l.underway
}

func (l *line) stopWaiting() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting--
}

// leave ends an attempt.
func (l *line) leave(ours *attempt, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if ours == nil {
		l.formed = l.formed || err != nil
		return
	}
	l.formed = err != nil || l.waiting > 0
	l.underway = nil
	ours.err = err
	close(ours.done)
}
