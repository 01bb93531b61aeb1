package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// serving is the lock of the one that serves a database, by its number among the
// advisory locks of the database.
const serving = 0x73657276 // "serv"

const (
	// placeEvery is how often whoever has a place looks whether he has it still.
	placeEvery = time.Second
	// placePatience is how long a session that is gone may keep its place: the server
	// finds out by the settings below.
	placePatience = 5 * time.Second
)

// ErrTaken is that another program serves the database.
var ErrTaken = errors.New("another communique serves this database already")

// Place is that of the one program that serves a database, on whichever machine. A
// session of its own holds it, so that it is free when the program ends, however that
// is.
type Place struct {
	// Lost is closed when another program has the place: this one must end.
	Lost <-chan struct{}

	lost   chan struct{}
	conn   *pgx.Conn // nil while the server cannot be reached
	config *pgx.ConnConfig
	again  func(ctx context.Context, leads string) error
	stop   context.CancelFunc
	ended  chan struct{}
}

// Take takes the place of the program that serves the database of an address. It
// returns [ErrTaken] if another one has it. Whenever the place was lost and taken again,
// again is told where the database stands, until it returns nil: see
// [storage.Store.ContinueAt].
func Take(ctx context.Context, address string, again func(ctx context.Context, leads string) error) (*Place, error) {
	config, err := configured(address)
	if err != nil {
		return nil, err
	}
	for name, value := range map[string]string{"tcp_keepalives_idle": "1", "tcp_keepalives_interval": "1", "tcp_keepalives_count": "2"} {
		setting(config, name, value)
	}
	p := &Place{config: config, again: again, lost: make(chan struct{}), ended: make(chan struct{})}
	p.Lost = p.lost
	if err := p.takeWithin(ctx, placePatience); err != nil {
		return nil, fmt.Errorf("take the place of the one that serves: %w", err)
	}
	holding, stop := context.WithCancel(context.WithoutCancel(ctx))
	p.stop = stop
	go p.hold(holding)
	return p, nil
}

// Release gives the place up.
func (p *Place) Release() {
	p.stop()
	<-p.ended
}

// takeWithin takes the place, which a session that is gone may have for a while.
func (p *Place) takeWithin(ctx context.Context, patience time.Duration) error {
	for began := time.Now(); ; {
		err := p.take(ctx)
		if !errors.Is(err, ErrTaken) || time.Since(began) >= patience {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(placeEvery / 10):
		}
	}
}

func (p *Place) take(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*connectTimeout)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, p.config)
	if err != nil {
		return classify(err)
	}
	taken := false
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, serving).Scan(&taken); err != nil {
		return errors.Join(classify(err), conn.Close(ctx))
	}
	if !taken {
		return errors.Join(ErrTaken, conn.Close(ctx))
	}
	p.conn = conn
	return nil
}

// hold looks whether the session is there, and takes the place again with a new one,
// until ctx ends or another program has been quicker.
func (p *Place) hold(ctx context.Context) {
	defer close(p.ended)
	defer p.leave()
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(placeEvery):
		}
		if p.there(ctx) {
			continue
		}
		p.leave()
		err := p.takeWithin(ctx, placePatience)
		if errors.Is(err, ErrTaken) {
			close(p.lost)
			return
		}
		if err == nil && p.tell(ctx) != nil {
			p.leave()
		}
	}
}

func (p *Place) tell(ctx context.Context) error {
	var now string
	if err := p.conn.QueryRow(ctx, leads).Scan(&now); err != nil {
		return err
	}
	return p.again(ctx, now)
}

func (p *Place) there(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, pulse.Answer)
	defer cancel()
	return p.conn != nil && p.conn.Ping(ctx) == nil
}

func (p *Place) leave() {
	if p.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), pulse.Answer)
	defer cancel()
	_ = p.conn.Close(ctx) // the place is free then, or soon
	p.conn = nil
}

// Taken tells whether a program serves the database of an address.
func Taken(ctx context.Context, address string) (taken bool, err error) {
	config, err := configured(address)
	if err != nil {
		return false, err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return false, classify(err)
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	err = conn.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
		WHERE locktype = 'advisory' AND classid = 0 AND objid = $1 AND objsubid = 1 AND datname = current_database())`, serving).Scan(&taken)
	return taken, err
}
