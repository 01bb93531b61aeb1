package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// retryListening is how soon after a lost connection there is another.
const retryListening = time.Second

// stillThere is how long nothing is heard before there is a look at the connection.
const stillThere = time.Second

// notify calls wake whenever somebody has committed, also from another machine,
// until stop is called; and when that may have gone unheard because a connection
// was lost.
func notify(ctx context.Context, db *sql.DB, wake func()) (stop func() error, err error) {
	conn, err := listen(ctx, db)
	if err != nil {
		return nil, err
	}
	listening, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		hear(listening, db, conn, wake)
	}()
	return func() error {
		cancel()
		<-ended
		return nil
	}, nil
}

func listen(ctx context.Context, db *sql.DB) (*sql.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to listen: %w", err)
	}
	if _, err := conn.ExecContext(ctx, `LISTEN committed`); err != nil {
		_ = conn.Close() // it has told nothing
		return nil, fmt.Errorf("listen for commits: %w", err)
	}
	return conn, nil
}

// hear waits for notifications until its context ends.
func hear(ctx context.Context, db *sql.DB, conn *sql.Conn, wake func()) {
	for ctx.Err() == nil {
		if conn != nil {
			heard, err := hearOnce(ctx, conn)
			if heard || err != nil {
				wake()
			}
			if err == nil {
				continue
			}
			_ = conn.Close() // it is broken, or we are ending
			conn = nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(retryListening):
			conn, _ = listen(ctx, db)
			wake()
		}
	}
}

// hearOnce waits for a notification, or until it is time to see whether any could
// still come: a link that is broken without a word tells of nothing.
func hearOnce(ctx context.Context, conn *sql.Conn) (heard bool, err error) {
	waiting, cancel := context.WithTimeout(ctx, stillThere)
	defer cancel()
	err = conn.Raw(func(driver any) error {
		_, err := driver.(connection).Conn().WaitForNotification(waiting)
		return err
	})
	if err == nil || ctx.Err() != nil || waiting.Err() == nil {
		return err == nil, err
	}
	asking, cancel := context.WithTimeout(ctx, pulse.Answer)
	defer cancel()
	return false, conn.PingContext(asking)
}
