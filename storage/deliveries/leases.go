package deliveries

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
)

// Leased is which shards a process holds, by its generation, where several deliver what
// is in one database. The shards of a claim are among those that were read in its
// transaction. Should another process take a shard over after that, this transaction is
// committed before any claim of the other, which then takes what was claimed here; and
// nothing is sent on a lease that is over.
func (tx *Tx) Leased(generation int64) (shards uint64, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var shard int
		err := scan(&shard)
		shards |= 1 << shard
		return err
	}, `SELECT part FROM leases WHERE holder = $1 AND part < 64`, generation)
	if err != nil {
		return 0, fmt.Errorf("read the leases of process %d: %w", generation, err)
	}
	return shards, nil
}

// Unclaim gives up what a generation has claimed in shards that it held before: others
// may have held them since, and nothing that it claimed then is under way.
func (tx *Tx) Unclaim(generation int64, shards uint64) error {
	for _, table := range []string{"destinations", "directed"} {
		err := tx.db.Exec(`UPDATE `+table+` SET claimed_by = 0 WHERE claimed_by = $1 AND (CAST($2 AS BIGINT) >> CAST(shard AS INTEGER)) & 1 = 1`,
			generation, int64(shards))
		if err != nil {
			return fmt.Errorf("give up the claims of process %d: %w", generation, err)
		}
	}
	return nil
}

// DirectedIsHeld tells whether a generation has claimed a message, and no other has since.
func (tx *Tx) DirectedIsHeld(id string, generation int64) (bool, error) {
	held, err := tx.db.Any(`SELECT 1 FROM directed WHERE id = $1 AND claimed_by = $2`, id, generation)
	if err != nil {
		return false, fmt.Errorf("look who has claimed message %s: %w", id, err)
	}
	return held, nil
}

// Replica is one of the programs that serve a database on a server.
type Replica struct {
	ID      int64
	Name    string
	Version string
	Since   time.Time
	// Until is when it is taken for dead if it says nothing; zero if it ends.
	Until time.Time
}

// Replicas reads those that are there, but the one of a number.
func (tx *Tx) Replicas(but int64) ([]Replica, error) {
	return tx.replicas(`WHERE until > $1 AND id <> $2`, kernel.Micros(tx.db.Now()), but)
}

// KnownReplicas reads all that are remembered: also those that end, and those that died
// some minutes ago.
func (tx *Tx) KnownReplicas() ([]Replica, error) { return tx.replicas("") }

func (tx *Tx) replicas(which string, args ...any) (all []Replica, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var r Replica
		var since, until int64
		err := scan(&r.ID, &r.Name, &r.Version, &since, &until)
		r.Since, r.Until = kernel.Instant(since), kernel.Instant(until)
		all = append(all, r)
		return err
	}, `SELECT id, name, version, since, until FROM replicas `+which+` ORDER BY id`, args...)
	if err != nil {
		return nil, fmt.Errorf("read the replicas: %w", err)
	}
	return all, nil
}

// Lease is who has a part of the work.
type Lease struct {
	Part   int   // a shard or, from [Shards] on, a task
	Holder int64 // the number of a replica; 0: nobody
}

// Leases reads the leases of all parts. The holder of one that is over is nobody.
func (tx *Tx) Leases() (all []Lease, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var l Lease
		err := scan(&l.Part, &l.Holder)
		all = append(all, l)
		return err
	}, `SELECT part, CASE WHEN until > $1 THEN holder ELSE 0 END FROM leases ORDER BY part`, kernel.Micros(tx.db.Now()))
	if err != nil {
		return nil, fmt.Errorf("read the leases: %w", err)
	}
	return all, nil
}
