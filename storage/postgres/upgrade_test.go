package postgres_test

import (
	"testing"

	"communique/storage/postgres"
)

// TestDumpAddress: pg_dump is told where the database is and how to get there, and no password,
// which everybody on the machine would see.
func TestDumpAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string][2]string{
		"postgres://communique:s3cret@db.mfa.example/press?sslmode=verify-full": {"postgres://communique@db.mfa.example/press?sslmode=verify-full", "s3cret"},
		"postgresql://db.mfa.example:5433/press?password=s3cret&user=press":     {"postgresql://db.mfa.example:5433/press?user=press", "s3cret"},
		"postgres://a,b/press?target_session_attrs=read-write&lock_timeout=3s":  {"postgres://a,b/press?target_session_attrs=read-write", ""},
	} {
		if shown, password, err := postgres.DumpAddress(address); shown != want[0] || password != want[1] || err != nil {
			t.Errorf("%s is shown as %s, with the password %q, %v", address, shown, password, err)
		}
	}
}
