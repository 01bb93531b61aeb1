package faults

import (
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/storage/postgres/postgrestest"
)

const (
	// mostForAPublication bounds the statements of a command that publishes, however many
	// follow: each is a way to the database and back.
	mostForAPublication = 200
	// mostForADelivery bounds those of a delivery, with what a server does by the clock.
	mostForADelivery = 3
	// apart is by how many two publications may differ: what is compared with earlier
	// texts depends on how alike they are.
	apart = 5
)

// TestReplicaStatements: to publish takes the same number of statements whether a few
// follow or many, and to deliver takes a few for each inbox.
func TestReplicaStatements(t *testing.T) {
	t.Parallel()
	s, server := e2etest.NewSiteAlone(t)
	c := newCrowd(t, 50, 500)
	if err := server.LogStatements(); err != nil {
		t.Fatal(err)
	}
	all := c.inboxes
	c.inboxes = all[:50]
	c.follow(s)
	s.Publish("The first") // which finds things out for the next ones
	few := statements(t, server, func() { s.Publish("To a few") })
	replica := s.Replica()
	deliver := func(what string, f e2etest.Filed) int {
		return statements(t, server, func() {
			p := replica.Start()
			c.settles(what, s.ObjectID(f), created)
			p.End(t) // all is settled
		})
	}
	deliver("before the many", s.Publish("Another one to a few"))
	c.inboxes = all[50:]
	c.follow(s)
	c.inboxes = all
	var f e2etest.Filed
	many := statements(t, server, func() { f = s.Publish("To many") })
	began := time.Now()
	delivering := deliver("to many", f)
	each := float64(delivering) / float64(len(all))
	t.Logf("%d statements publish to %d inboxes and %d to %d; %.2f deliver to each, in %s with the start and the end of the server", few, 50, many, len(all), each, time.Since(began).Round(time.Millisecond))
	if many > few+apart || many > mostForAPublication {
		t.Errorf("%d statements publish to a few, %d to many; at most %d are expected", few, many, mostForAPublication)
	}
	if each > mostForADelivery {
		t.Errorf("a delivery takes %.2f statements, more than %d", each, mostForADelivery)
	}
}

// statements counts those that the database is sent while something is done.
func statements(t *testing.T, server *postgrestest.Server, do func()) int {
	t.Helper()
	before, err := server.Statements()
	if err != nil {
		t.Fatal(err)
	}
	do()
	after, err := server.Statements()
	if err != nil {
		t.Fatal(err)
	}
	return after - before
}
