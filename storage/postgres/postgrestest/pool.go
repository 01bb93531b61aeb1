package postgrestest

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Pool starts pgbouncer in transaction mode before the server of an address, and
// returns the address of the same database by it. ignored are the parameters of
// sessions that it takes and does not heed.
func Pool(t testing.TB, address, ignored string) string {
	t.Helper()
	to, err := pgx.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Shared()
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.MkdirTemp(s.folder, "pool") //nolint:usetesting // the server's user reads what is below its folder
	if err != nil {
		t.Fatal(err)
	}
	if s.as != nil {
		if err := os.Chown(folder, int(s.as.Uid), int(s.as.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	config := filepath.Join(folder, "pgbouncer.ini")
	text := fmt.Sprintf(`[databases]
* = host=%s user=communique
[pgbouncer]
pool_mode = transaction
auth_type = any
unix_socket_dir = %s
listen_port = 5432
ignore_startup_parameters = %s
`, to.Host, folder, ignored)
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	pool := s.command("/usr/sbin/pgbouncer", "--quiet", config)
	if err := pool.Start(); err != nil {
		t.Fatalf("pgbouncer does not start; .ci/run installs it: %v", err)
	}
	t.Cleanup(func() {
		_ = pool.Process.Kill()
		_ = pool.Wait() // it was killed
	})
	for range 100 {
		if conn, err := net.Dial("unix", filepath.Join(folder, ".s.PGSQL.5432")); err == nil {
			_ = conn.Close()
			return strings.Replace(address, "host="+strings.ReplaceAll(to.Host, "/", "%2F"), "host="+folder, 1)
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("pgbouncer takes no connections")
	return ""
}
