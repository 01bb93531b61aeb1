package audience_test

import (
	"testing"

	"communique/storage/audience"
	"communique/storage/sqlite/sqlitetest"
)

// TestPlans: SQLite, left to itself, has chosen otherwise.
func TestPlans(t *testing.T) {
	t.Parallel()
	sqlitetest.Plans(t, map[string]sqlitetest.Plan{
		"followings of an actor": {Statement: audience.FollowingsOf, Step: `SEARCH f USING COVERING INDEX sqlite_autoindex_followers_1 (source=? AND actor=?)`},
	})
}
