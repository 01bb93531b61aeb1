package postgrestest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Dump writes a database to a file of the server's folder by pg_dump.
func (s *Server) Dump(database string) (file string, err error) {
	file = filepath.Join(s.folder, database+".dump")
	return file, s.run("pg_dump", "--host", s.folder, "--username", "communique", "--format", "custom", "--file", file, database)
}

// Load puts such a file, of whichever server, into an empty database by pg_restore.
func (s *Server) Load(database, file string) error {
	return s.run("pg_restore", "--host", s.folder, "--username", "communique", "--exit-on-error", "--dbname", database, file)
}

// Archive has the server archive what it logs from now on, and takes a base backup.
func (s *Server) Archive() error {
	if err := s.run("pg_ctl", "--pgdata", s.data(), "--mode", "fast", "--silent", "stop"); err != nil {
		return err
	}
	if said, err := s.command("mkdir", s.archive()).CombinedOutput(); err != nil {
		return fmt.Errorf("make the archive: %w: %s", err, said)
	}
	if err := s.configure("archive_mode = on\narchive_command = 'cp %%p %s/%%f'\n", s.archive()); err != nil {
		return err
	}
	if err := s.Again(); err != nil {
		return err
	}
	return s.run("pg_basebackup", "--host", s.folder, "--username", "communique", "--pgdata", s.copied(), "--checkpoint", "fast", "--no-sync")
}

func (s *Server) archive() string { return filepath.Join(s.folder, "archive") }

// configure adds to the configuration, which is read when the server starts.
func (s *Server) configure(format string, args ...any) error {
	file, err := os.OpenFile(filepath.Join(s.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(file, format, args...)
	return errors.Join(err, file.Close())
}

// Mark names the moment for [Server.Recover].
func (s *Server) Mark(name string) error {
	return s.exec(fmt.Sprintf("SELECT pg_create_restore_point('%s')", name))
}

// Recover has the server go back to a moment, from the base backup and the archive.
func (s *Server) Recover(name string) error {
	if err := s.run("pg_ctl", "--pgdata", s.data(), "--mode", "fast", "--silent", "stop"); err != nil { // which archives the rest
		return err
	}
	err := errors.Join(os.RemoveAll(s.data()), os.Rename(s.copied(), s.data()), os.WriteFile(filepath.Join(s.data(), "recovery.signal"), nil, 0o644),
		s.configure("restore_command = 'cp %s/%%f %%p'\nrecovery_target_name = '%s'\nrecovery_target_action = promote\n", s.archive(), name))
	if err != nil {
		return err
	}
	if err := s.Again(); err != nil {
		return err
	}
	db, err := sql.Open("pgx", s.Address("postgres"))
	if err != nil {
		return err
	}
	for recovering := true; recovering && err == nil; time.Sleep(20 * time.Millisecond) {
		err = db.QueryRowContext(context.Background(), "SELECT pg_is_in_recovery()").Scan(&recovering)
	}
	return errors.Join(err, db.Close())
}
