package people

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
)

// PutSession keeps the data of a session until a time, under the hash of what its holder
// has. The data says whose it is and of which epoch: whoever reads it holds it against
// [Person.Epoch].
func (tx *Tx) PutSession(hash string, data []byte, until time.Time) error {
	err := tx.db.Exec(`INSERT INTO sessions (hash, data, until) VALUES ($1, $2, $3)
		ON CONFLICT (hash) DO UPDATE SET data = excluded.data, until = excluded.until`, hash, data, kernel.Micros(until))
	if err != nil {
		return fmt.Errorf("keep a session: %w", err)
	}
	return nil
}

// Session reads the data of a session; press.ErrNotFound if there is none, or it has ended.
func (tx *Tx) Session(hash string) (data []byte, err error) {
	err = tx.db.Row(`SELECT data FROM sessions WHERE hash = $1 AND until > $2`, hash, kernel.Micros(tx.db.Now())).Scan(&data)
	if err != nil {
		return nil, fmt.Errorf("read a session: %w", kernel.NotFound(err, "it has ended"))
	}
	return data, nil
}

// EndSession ends a session, if it is there.
func (tx *Tx) EndSession(hash string) error {
	if err := tx.db.Exec(`DELETE FROM sessions WHERE hash = $1`, hash); err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return nil
}

// DropEndedSessions takes away what has ended: sessions and invitations.
func (tx *Tx) DropEndedSessions() error {
	now := kernel.Micros(tx.db.Now())
	err := tx.db.Exec(`DELETE FROM sessions WHERE until <= $1`, now)
	if err == nil {
		err = tx.db.Exec(`DELETE FROM invitations WHERE until <= $1`, now)
	}
	if err != nil {
		return fmt.Errorf("tidy sessions: %w", err)
	}
	return nil
}
