package deliveries_test

import (
	"testing"

	"communique/storage/deliveries"
	"communique/storage/sqlite/sqlitetest"
)

// TestPlans: SQLite, left to itself, has chosen otherwise.
func TestPlans(t *testing.T) {
	t.Parallel()
	sqlitetest.Plans(t, map[string]sqlitetest.Plan{
		"what is due next": {Statement: deliveries.NextDue, Step: `SCAN destinations USING INDEX destinations_retry`},
	})
}
