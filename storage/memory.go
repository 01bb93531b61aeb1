package storage

import (
	"context"
	"fmt"
	"sync"
	"time"

	"communique/storage/press"
	"communique/storage/publog"
)

// Seen is how far the log was seen: the head, and the date of its last entry.
type Seen struct {
	Seq press.Seq
	At  time.Time
}

// memory is what this process has seen of the log.
type memory struct {
	mu   sync.Mutex
	seen Seen
}

func (m *memory) get() Seen {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.seen
}

func (m *memory) set(seen Seen) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seen = seen
}

func (m *memory) saw(seen Seen) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if seen.Seq > m.seen.Seq {
		m.seen = seen
	}
}

func (m *memory) sawHead(h publog.Head) { m.saw(Seen{h.Seq, h.At}) }

// Seen is how far this process has seen the log.
func (s *Store) Seen() Seen { return s.memory.get() }

// Remember lets the store know how far the log was seen before, by another process. If the
// log does not go as far any more, or has gone another way since, as after the failover to
// a standby that had not got all, or when an older copy was put back, then nothing is
// appended before the log has jumped beyond what was seen, and embargoes are held until
// somebody has looked what is missing: [Tx.ConfirmClock].
func (s *Store) Remember(ctx context.Context, seen Seen) error {
	if seen.Seq == 0 {
		return nil
	}
	s.memory.saw(seen)
	lacks := false
	err := s.View(ctx, func(tx *Tx) (err error) {
		lacks, err = tx.Lacks(seen.Seq, seen.At)
		return err
	})
	if err != nil || !lacks {
		return err
	}
	s.db.Renew()
	return s.goOn(ctx)
}

// fillGap has the log go on behind all that was seen of it, and embargoes held, if it
// lacks some of that. It returns how far the log is then.
func (s *Store) fillGap(tx *Tx) (Seen, error) {
	seen := s.memory.get()
	if seen.Seq > 0 {
		lacks, err := tx.Lacks(seen.Seq, seen.At)
		if err != nil {
			return seen, err
		}
		if lacks {
			if _, err := tx.log.JumpAhead(seen.Seq); err != nil {
				return seen, err
			}
			reason := fmt.Sprintf("the database lacks the last of what was published, up to number %d of %s, as after a failover or when a copy was put back; look what is missing, and what became of drafts since",
				seen.Seq, seen.At.UTC().Format("2006-01-02 15:04:05 UTC"))
			if err := tx.HoldEmbargoes(reason); err != nil {
				return seen, err
			}
		}
	}
	head, err := tx.Head()
	return Seen{head.Seq, head.At}, err
}
