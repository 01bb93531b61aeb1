// Package storagetest is the conformance suite of the store: what storage and its
// rooms promise, held against an engine. Every engine runs all of it; a new one is
// a line in the table of storagetest/engines.
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

// Part is what is promised about one room of the store, or about the whole. Each
// is run by the package that it is about, so that what a package promises is tested
// beside it.
type Part []nouns

// nouns are the tests about one noun.
type nouns struct {
	name  string
	tests map[string]func(*testing.T, *world)
}

// Store is what storage promises, whatever is stored.
var Store = Part{
	{"transactions", transactionTests},
	{"views", viewTests},
	{"states", stateTests},
	{"schema", schemaTests},
	{"clock", clockTests},
	{"census", censusTests},
	{"index backlog", backlogTests},
}

// Publog is what publog promises.
var Publog = Part{
	{"log", logTests},
	{"changed", changedTests},
	{"sources", sourceTests},
	{"topics", topicTests},
}

// Newsdesk is what newsdesk promises.
var Newsdesk = Part{
	{"publishing", publishingTests},
	{"texts", textTests},
	{"wordings", wordingTests},
	{"corrections", correctionTests},
	{"days", dayTests},
	{"withdrawals", withdrawalTests},
	{"embargo", embargoTests},
	{"sections", sectionTests},
	{"moved sections", movedSectionTests},
	{"closed sections", closedSectionTests},
	{"translations", translationTests},
	{"older translations", olderTests},
	{"sets that go out all or none", togetherTests},
	{"lists", listTests},
	{"positions", positionTests},
	{"search", searchTests},
	{"tags", tagTests},
	{"kinds", kindTests},
	{"sitemap", sitemapTests},
	{"media", mediaTests},
	{"files", fileTests},
	{"withdrawn media", withdrawnMediaTests},
	{"renditions", renditionTests},
	{"pins", pinTests},
}

// Deliveries is what deliveries promises.
var Deliveries = Part{
	{"destinations", destinationTests},
	{"directed", directedTests},
	{"leases", leaseTests},
	{"hosts", hostTests},
	{"schemes", schemeTests},
	{"reach", reachTests},
	{"holders", holderTests},
	{"subscriptions", subscriptionTests},
	{"verifications", verificationTests},
	{"bodies", bodyTests},
}

// Audience is what audience promises.
var Audience = Part{
	{"followers", followerTests},
	{"followers on a host", hostFollowerTests},
	{"moves", moveTests},
	{"interactions", interactionTests},
	{"quotes", quoteTests},
	{"replies", replyTests},
	{"evidence", evidenceTests},
	{"blocks", blockTests},
}

// Actors is what actors promises.
var Actors = Part{
	{"actors", actorTests},
	{"keys", keyTests},
}

// Certificates is what certificates promises.
var Certificates = Part{{"certificates", certificateFileTests}}

// Audit is what audit promises.
var Audit = Part{
	{"audit", auditTests},
}

// People is what people promises.
var People = Part{
	{"people", peopleTests},
	{"credentials", credentialTests},
}

// Manuscripts is what manuscripts promises.
var Manuscripts = Part{
	{"manuscripts", manuscriptTests},
	{"lists of manuscripts", listedTests},
	{"lists by words", listedWordsTests},
	{"manuscripts that are planned, assigned or limited", plannedTests},
	{"sets of languages", languageSetTests},
}

// Alarms is what alarms promises.
var Alarms = Part{
	{"alarms", alarmTests},
	{"letters", letterTests},
}

// Sightings is what sightings promises.
var Sightings = Part{{"sightings", sightingTests}}

// Run holds an engine to a part of what is promised.
func Run(t *testing.T, e Engine, p Part) {
	for _, about := range p {
		t.Run(about.name, func(t *testing.T) {
			t.Parallel()
			for name, test := range about.tests {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					test(t, newWorld(t, e.New(t)))
				})
			}
		})
	}
}
