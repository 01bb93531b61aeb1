package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// serving is the lock of those that serve a database, by its number among the advisory
// locks of the database. Each shares it with the others; a version that can only be alone
// has it for itself.
const serving = 0x73657276 // "serv"

// served tells whether a program has a place.
var served = fmt.Sprintf(`SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
	WHERE locktype = 'advisory' AND classid = 0 AND objid = %d AND objsubid = 1 AND datname = current_database())`, serving)

const (
	// placeEvery is how often whoever has a place looks whether he has it still, and what
	// has become of the others.
	placeEvery = 500 * time.Millisecond
	// placePatience is how long a session that is gone may keep its place: the server
	// finds out by the settings below.
	placePatience = 5 * time.Second
	// placeAgain is the pause between two tries to take a place.
	placeAgain = 100 * time.Millisecond
)

// ErrTaken is that programs work on the database of which one must be alone: it is copied,
// or of a version that shares it with nobody.
var ErrTaken = errors.New("another communique works on this database already, and one of the two must be alone")

// Place is that of one of the programs that serve a database, on whichever machine: a
// replica. A session of its own holds it, so that whoever asks knows whether anybody
// serves. The work that they share is that of its [Leases].
type Place struct {
	// Lost is closed when a program has the place that shares it with nobody: this one
	// must end.
	Lost <-chan struct{}
	// Leases are the parts of the work that are this replica's.
	Leases *Leases

	lost   chan struct{}
	conn   *pgx.Conn // nil while the server cannot be reached
	config *pgx.ConnConfig
	again  func(ctx context.Context, leads string) error
	stop   context.CancelFunc
	ended  chan struct{}
}

// Take takes a place among the programs that serve the database of an address. It
// returns [ErrTaken] if one does that must be alone. Whenever the place was lost and taken
// again, again is told where the database stands, until it returns nil: see
// [storage.Store.ContinueAt].
func Take(ctx context.Context, address string, who Replica, again func(ctx context.Context, leads string) error) (*Place, error) {
	config, err := configured(address)
	if err != nil {
		return nil, err
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeCacheStatement // the leases are kept by the same few
	for name, value := range map[string]string{"tcp_keepalives_idle": "1", "tcp_keepalives_interval": "1", "tcp_keepalives_count": "2"} {
		setting(config, name, value)
	}
	p := &Place{Leases: newLeases(who), config: config, again: again, lost: make(chan struct{}), ended: make(chan struct{})}
	p.Lost = p.lost
	if err := p.takeWithin(ctx, placePatience); err != nil {
		return nil, fmt.Errorf("take the place of one that serves: %w", err)
	}
	holding, stop := context.WithCancel(context.WithoutCancel(ctx))
	p.stop = stop
	go p.hold(holding)
	return p, nil
}

// Release gives the place up, and all leases.
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
		case <-time.After(placeAgain):
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
	try, taken := `SELECT pg_try_advisory_lock_shared($1)`, false
	if p.Leases.who.Alone {
		try = `SELECT pg_try_advisory_lock($1)`
	}
	if err := conn.QueryRow(ctx, try, serving).Scan(&taken); err != nil {
		return errors.Join(classify(err), conn.Close(ctx))
	}
	if !taken {
		return errors.Join(ErrTaken, conn.Close(ctx))
	}
	p.conn = conn
	return nil
}

// hold keeps the leases, by which it sees whether the session is there, and takes the
// place again with a new one, until ctx ends or another program has been quicker.
func (p *Place) hold(ctx context.Context) {
	defer close(p.ended)
	defer p.leave()
	for {
		select {
		case <-ctx.Done():
			p.giveUp()
			return
		case <-p.Leases.asked:
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

// tell says where the database stands.
func (p *Place) tell(ctx context.Context) error {
	var now string
	if err := p.conn.QueryRow(ctx, leads).Scan(&now); err != nil {
		return err
	}
	return p.again(ctx, now)
}

// there keeps the leases, and tells whether the session is there. It is not cut short by
// the end of its context: that would end the session, too, by which all is given back.
func (p *Place) there(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepPatience)
	defer cancel()
	return p.conn != nil && p.Leases.keep(ctx, p.conn) == nil
}

// giveUp gives all leases back. Those of a session that is lost last on: what is under way
// on them is not called back.
func (p *Place) giveUp() {
	if p.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), pulse.Answer)
	defer cancel()
	_ = p.Leases.leave(ctx, p.conn)                            // they end by themselves
	_, _ = p.conn.Exec(ctx, `SELECT pg_advisory_unlock_all()`) // the server ends a session a while after it was closed
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
