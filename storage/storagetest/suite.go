// Package storagetest is the conformance suite of the store: what storage
// promises, held against an engine. Every engine runs all of it; a new one is
// a line in the table of storage/conformance_test.go.
//
// The tests speak to a [storage.Store] through its own methods and give it a
// clock that they move. A file holds what is promised about one noun.
package storagetest

import (
	"testing"

	"communique/storage"
)

// Engine is an engine under test.
type Engine struct {
	Name string
	// New makes an empty database that no other test sees, and removes it when
	// the test ends.
	New func(t *testing.T) Database
}

// Database is one database of an engine.
type Database struct {
	// Open opens one more handle to the database, as another process would.
	// The caller closes it.
	Open func(clock storage.Clock) (*storage.Store, error)
	// Exec runs a statement past the store.
	Exec func(query string, args ...any) error
}

// Run holds an engine to all that is promised.
func Run(t *testing.T, e Engine) {
	for _, part := range []struct {
		name  string
		tests map[string]func(*testing.T, *world)
	}{
		{"transactions", transactionTests},
		{"views", viewTests},
		{"states", stateTests},
		{"schema", schemaTests},
		{"publishing", publishingTests},
		{"texts", textTests},
		{"corrections", correctionTests},
		{"withdrawals", withdrawalTests},
		{"embargo", embargoTests},
		{"log", logTests},
		{"sections", sectionTests},
		{"changed", changedTests},
		{"moved sections", movedSectionTests},
		{"closed sections", closedSectionTests},
		{"translations", translationTests},
		{"lists", listTests},
		{"positions", positionTests},
		{"search", searchTests},
		{"tags", tagTests},
		{"sitemap", sitemapTests},
		{"media", mediaTests},
		{"followers", followerTests},
		{"sources", sourceTests},
		{"subscriptions", subscriptionTests},
		{"actors", actorTests},
		{"destinations", destinationTests},
		{"directed", directedTests},
		{"hosts", hostTests},
		{"schemes", schemeTests},
		{"keys", keyTests},
		{"reach", reachTests},
		{"renditions", renditionTests},
		{"pins", pinTests},
		{"quotes", quoteTests},
		{"interactions", interactionTests},
		{"replies", replyTests},
		{"blocks", blockTests},
		{"moves", moveTests},
		{"told", toldTests},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			for name, test := range part.tests {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					test(t, newWorld(t, e.New(t)))
				})
			}
		})
	}
}
