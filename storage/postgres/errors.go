package postgres

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"

	"communique/storage/press"
)

// Codes of errors: appendix A of PostgreSQL's documentation.
const (
	readOnly             = "25006"
	idleInTransaction    = "25P03"
	transactionTimeout   = "25P04"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	diskFull             = "53100"
	tooManyConnections   = "53300"
	lockNotAvailable     = "55P03"
	queryCanceled        = "57014"
	adminShutdown        = "57P01"
	crashShutdown        = "57P02"
	cannotConnectNow     = "57P03"
	idleSession          = "57P05"
)

func classify(err error) error {
	err = inFewWords(err)
	var e *pgconn.PgError
	switch {
	case errors.Is(err, press.ErrUnsure): // to which no retry is the answer
		return err
	case errors.As(err, &e) && e.Code == diskFull:
		return fmt.Errorf("%w: %w", press.ErrFull, err)
	case lost(err), e != nil && e.Code == tooManyConnections: // which is no connection, either
		return fmt.Errorf("%w: %w", press.ErrAway, err)
	case e != nil && (e.Code == serializationFailure || e.Code == deadlockDetected ||
		e.Code == lockNotAvailable || e.Code == queryCanceled):
		return fmt.Errorf("%w: %w", press.ErrBusy, err)
	}
	return err
}

// repeat tells errors after which nothing of a transaction stands and another attempt
// may do better.
func repeat(err error) bool {
	var e *pgconn.PgError
	return lost(err) || errors.As(err, &e) && (e.Code == serializationFailure || e.Code == deadlockDetected)
}

// stale tells that a server is not the primary any more, or was told to take no writing:
// nor is what it shows the last that was said.
func stale(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == readOnly
}

// lost tells that a connection is gone, or good for nothing: what was not committed
// on it never was, and another one may do better.
func lost(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code {
		// A primary that is none any more takes no more writing.
		case readOnly, idleInTransaction, transactionTimeout, adminShutdown, crashShutdown, cannotConnectNow, idleSession:
			return true
		}
		return e.Code[:2] == "08" && !pooled(e)
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, pgconn.ErrConnClosed) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
