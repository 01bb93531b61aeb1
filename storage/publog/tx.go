package publog

import (
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Tx is the log in a transaction, as it is read.
type Tx struct {
	db     *kernel.Tx
	onHead func(Head) // nil: nobody wants to know
}

// Log is the log in a transaction, as the other rooms write it.
type Log struct {
	*Tx
	// appends is the date of the entries that this transaction appends, zero before
	// the first; see [Log.Append].
	appends time.Time
	// vouched is the entry up to which nothing is to be vouched for, and appended the last
	// one that this transaction appended behind it, 0 if there is none; see [Log.Vouch].
	vouched, appended press.Seq
	readers           []func(press.Entry) error
}

// New is the log in a transaction.
func New(db *kernel.Tx) *Log { return &Log{Tx: &Tx{db: db}} }

// OnHead has the head read whenever this transaction reads it.
func (l *Log) OnHead(read func(Head)) { l.onHead = read }

// OnAppend has every entry that this transaction appends read at once. An error
// is the appender's.
func (l *Log) OnAppend(read func(press.Entry) error) { l.readers = append(l.readers, read) }
