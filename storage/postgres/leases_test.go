package postgres_test

import (
	"context"
	"fmt"
	"math/bits"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"communique/storage"
	"communique/storage/postgres"
	"communique/storage/postgres/postgrestest"
)

// replica is one that takes leases, in place of an engine that works on them.
type replica struct {
	t     *testing.T
	place *postgres.Place
}

func newReplica(t *testing.T, address string, id int64, before string) *replica {
	t.Helper()
	who := postgres.Replica{Name: fmt.Sprint("replica ", id), Version: "1", Before: before}
	place, err := postgres.Take(t.Context(), address, who, func(context.Context, string) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	place.Leases.Begin(id)
	return &replica{t, place}
}

func (r *replica) shards() int { return bits.OnesCount64(r.place.Leases.Shards()) }

// eventually waits for what the replicas bring about; the limit is for what hangs.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it does not come to pass: %s", what)
		}
	}
}

// TestLeases: replicas share the shards, and each has its own; what one works on is not
// taken from it, and what it gives back is another's.
func TestLeases(t *testing.T) {
	needsServer(t)
	address := postgrestest.Database(t)
	first := newReplica(t, address, 1, "")
	eventually(t, "one replica has all", func() bool { return first.shards() == 64 })
	for task := range storage.Task(storage.Tasks) {
		eventually(t, "alone it does all tasks", func() bool { return first.place.Leases.Does(task) })
	}
	const busy = uint64(1) << 63
	second := newReplica(t, address, 2, "")
	eventually(t, "it is to give half of it back", func() bool { return first.shards() == 32 })
	if n := first.place.Leases.Replicas(); n != 2 {
		t.Errorf("there are %d replicas", n)
	}
	if second.shards() != 0 {
		t.Errorf("the second one has %d shards before they were free", second.shards())
	}
	if first.place.Leases.Left(63) == 0 {
		t.Error("what is under way has no time left")
	}
	first.place.Leases.Free(^(first.place.Leases.Shards() | busy))
	eventually(t, "the other one has what is free", func() bool { return second.shards() == 31 })
	first.place.Leases.Free(busy)
	eventually(t, "and then the rest", func() bool { return second.shards() == 32 })
	if both := first.place.Leases.Shards() & second.place.Leases.Shards(); both != 0 {
		t.Errorf("both have %b", both)
	}
	if second.place.Leases.Does(storage.Tidying) {
		t.Error("both tidy")
	}
	first.place.Leases.End()
	first.place.Leases.Free(^uint64(0))
	eventually(t, "the second one has all when the first one ends", func() bool { return second.shards() == 64 && second.place.Leases.Does(storage.Tidying) })
	eventually(t, "it is alone", func() bool { return second.place.Leases.Replicas() == 1 })
	first.place.Release()
	second.place.Release()
}

// TestLeasesThatAreLost: who finds a lease taken by another has no time left from that
// moment on, and does not get it back before it has let go of it.
func TestLeasesThatAreLost(t *testing.T) {
	needsServer(t)
	address := postgrestest.Database(t)
	r := newReplica(t, address, 1, "")
	defer r.place.Release()
	eventually(t, "it has all", func() bool { return r.shards() == 64 })
	run(t, address, `UPDATE leases SET holder = 9, generation = generation + 1 WHERE part = 5`)
	eventually(t, "it has lost one", func() bool { return r.place.Leases.Left(5) == 0 })
	run(t, address, `UPDATE leases SET until = 0 WHERE part = 5`)
	eventually(t, "it has taken it again", func() bool { return generation(t, address, 5, 1) == 3 })
	if r.shards() != 63 || r.place.Leases.Left(5) != 0 {
		t.Errorf("it has %d shards, and %s of the one that it may still work on", r.shards(), r.place.Leases.Left(5))
	}
	r.place.Leases.Free(1 << 5)
	if r.shards() != 64 || r.place.Leases.Left(5) == 0 {
		t.Error("it does not have again what is free")
	}
}

// TestLeasesOfTheDead: the leases of a replica that is dead for certain are the next one's
// at once, those of any other when they end.
func TestLeasesOfTheDead(t *testing.T) {
	needsServer(t)
	address := postgrestest.Database(t)
	const later = `CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) + 3600000000`
	run(t, address,
		`INSERT INTO replicas (id, name, version, since, until) VALUES (1, 'dead', '1', 0, 0), (2, 'unknown', '1', 0, 0)`,
		`UPDATE leases SET holder = 1 + part % 2, generation = 1, until = `+later)
	r := newReplica(t, address, 3, "dead")
	defer r.place.Release()
	eventually(t, "it has those of the dead one", func() bool { return r.shards() == 32 })
	run(t, address, `UPDATE leases SET until = 1 WHERE holder = 2`)
	eventually(t, "it has those that ended", func() bool { return r.shards() == 64 })
}

// generation is that of a lease if a replica holds it, else 0.
func generation(t *testing.T, address string, part, holder int) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }() // it only read
	err = conn.QueryRow(t.Context(), `SELECT COALESCE((SELECT generation FROM leases WHERE part = $1 AND holder = $2), 0)`, part, holder).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
