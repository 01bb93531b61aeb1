package postgrestest

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

// NewStandby is a server that repeats all that a primary does, over a link of
// replication, and that each commit there waits for from now on. It ends with the test.
func NewStandby(t testing.TB, primary *Server) *Server {
	t.Helper()
	s, err := primary.standby()
	if err != nil {
		t.Fatal(err)
	}
	s.endsWith(t)
	return s
}

func (s *Server) standby() (*Server, error) {
	folder, err := os.MkdirTemp(memory(), "postgrestest")
	if err != nil {
		return nil, err
	}
	of := &Server{folder: folder, bin: s.bin, as: s.as}
	if s.as != nil {
		err = os.Chown(folder, int(s.as.Uid), int(s.as.Gid))
	}
	if err == nil {
		err = s.run("pg_basebackup", "--host", s.folder, "--username", "communique", "--pgdata", of.data(),
			"--write-recovery-conf", "--checkpoint", "fast", "--no-sync")
	}
	if err == nil {
		err = of.Again()
	}
	if err == nil {
		err = errors.Join(s.exec("ALTER SYSTEM SET synchronous_standby_names = '*'"), s.exec("SELECT pg_reload_conf()"))
	}
	if err == nil {
		err = s.awaited()
	}
	if err != nil {
		return nil, errors.Join(err, of.Stop())
	}
	return of, nil
}

// awaited waits until commits wait for a standby.
func (s *Server) awaited() error {
	db, err := sql.Open("pgx", s.Address("postgres"))
	if err != nil {
		return err
	}
	for is := false; !is && err == nil; time.Sleep(20 * time.Millisecond) {
		err = db.QueryRowContext(context.Background(), `SELECT EXISTS (SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync')`).Scan(&is)
	}
	return errors.Join(err, db.Close())
}

// AddressWith is that of a database on whichever of two servers takes writing.
func (s *Server) AddressWith(other *Server, database string) string {
	both := strings.Replace(s.Address(database), "host=", "host="+strings.ReplaceAll(other.folder, "/", "%2F")+"%2C", 1)
	return both + "&target_session_attrs=read-write"
}
