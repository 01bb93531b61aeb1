// Package postgrestest starts a real PostgreSQL server for tests, in a folder of
// its own.
package postgrestest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // its driver is pgx
	"golang.org/x/sys/unix"
)

// Server is a server that runs. It listens on a socket in its folder and nowhere
// else.
type Server struct {
	folder string
	as     *syscall.Credential // nil: us
	bin    string
	safe   bool  // it waits for the disk
	runs   []run // one for each time that it was started
	made   atomic.Int64
}

// run is a server that was started, and what ends it.
type run struct {
	keeper *exec.Cmd
	input  io.Closer
}

// New is a server of a test's own, to be stopped and started again.
func New(t testing.TB) *Server {
	t.Helper()
	s, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	s.endsWith(t)
	return s
}

// endsWith has it end with a test.
func (s *Server) endsWith(t testing.TB) {
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
}

// Start makes a cluster in a new folder and starts its server, which does not wait
// for the disk: what it keeps goes with the test.
func Start() (*Server, error) { return start(memory(), false) }

// StartSafe is [Start] for measures: on a disk, for which it waits as any server does.
func StartSafe() (*Server, error) { return start("", true) }

func start(in string, safe bool) (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp(in, "postgrestest")
	if err != nil {
		return nil, err
	}
	s := &Server{folder: folder, bin: bin, safe: safe}
	if err := s.begin(); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// PID is the number of its first process, whose children are the others.
func (s *Server) PID() (int, error) {
	text, err := os.ReadFile(filepath.Join(s.data(), "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return strconv.Atoi(first)
}

// memory is a folder that is kept in memory, if there is one with room: a database is
// hundreds of files, and what makes a disk create them costs more than most tests. Where
// there is none it is "", the usual folder for what is temporary.
func memory() string {
	const folder, room = "/dev/shm", 1 << 30
	var fs unix.Statfs_t
	if err := unix.Statfs(folder, &fs); err != nil || fs.Bavail*uint64(fs.Bsize) < room || unix.Access(folder, unix.W_OK) != nil {
		return ""
	}
	return folder
}

func (s *Server) begin() error {
	if os.Getuid() == 0 { // as whom PostgreSQL does not run
		if err := s.become("postgres", "nobody"); err != nil {
			return err
		}
	}
	if err := s.run("initdb", "--pgdata", s.data(), "--username", "communique", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"); err != nil {
		return err
	}
	rules := "local all " + Locked + " scram-sha-256\nlocal all all trust\nlocal replication all trust\n"
	if err := os.WriteFile(filepath.Join(s.data(), "pg_hba.conf"), []byte(rules), 0o600); err != nil {
		return err
	}
	return s.Again()
}

// Locked is the user who needs a password, if a test makes him.
const Locked = "locked"

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

// Crash stops the server as if its machine were switched off: what was not committed
// is gone, and nobody is told.
func (s *Server) Crash() error {
	return s.run("pg_ctl", "--pgdata", s.data(), "--mode", "immediate", "--silent", "stop")
}

// Copy keeps what the server has now, as a standby that is not waited for has it.
func (s *Server) Copy() error {
	if err := s.run("pg_ctl", "--pgdata", s.data(), "--mode", "fast", "--silent", "stop"); err != nil {
		return err
	}
	if said, err := s.command("cp", "-a", s.data(), s.copied()).CombinedOutput(); err != nil {
		return fmt.Errorf("copy the server: %w: %s", err, said)
	}
	return s.Again()
}

func (s *Server) copied() string { return filepath.Join(s.folder, "copied") }

// Failover has the server be gone, and promotes that standby in its place: what was done
// since the copy is missing.
func (s *Server) Failover() error {
	if err := s.Crash(); err != nil {
		return err
	}
	err := errors.Join(os.RemoveAll(s.data()), os.Rename(s.copied(), s.data()),
		os.WriteFile(filepath.Join(s.data(), "standby.signal"), nil, 0o644))
	if err != nil {
		return err
	}
	if err := s.Again(); err != nil {
		return err
	}
	return s.Promote()
}

// Standby has the server run as a standby, whose primary is gone.
func (s *Server) Standby() error {
	if err := s.run("pg_ctl", "--pgdata", s.data(), "--mode", "fast", "--silent", "stop"); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(s.data(), "standby.signal"), nil, 0o644); err != nil {
		return err
	}
	return s.Again()
}

// Promote makes a standby take writing.
func (s *Server) Promote() error { return s.run("pg_ctl", "--pgdata", s.data(), "--wait", "promote") }

// Again starts the server, and waits until it takes connections.
func (s *Server) Again() error {
	if err := s.serve(); err != nil {
		return err
	}
	return s.ready()
}

// ready waits until the server takes connections.
func (s *Server) ready() error {
	for range 600 {
		if err := s.run("pg_isready", "--quiet", "--host", s.folder); err == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	said, err := os.ReadFile(filepath.Join(s.folder, "log"))
	return errors.Join(fmt.Errorf("PostgreSQL does not start: %s", said), err)
}

// keeper runs a server until its input ends, which it does when the program of the
// tests does, however that ends; then nothing of it is left.
const keeper = `"$0" "$@" & server=$!
cat >/dev/null
while kill -QUIT $server 2>/dev/null; do sleep 0.1; done
rm -rf "$PWD"`

func (s *Server) serve() error {
	args := []string{"-c", keeper, filepath.Join(s.bin, "postgres"), "-D", s.data(),
		"-c", "listen_addresses=", "-c", "unix_socket_directories=" + s.folder, "-c", "max_connections=400"}
	if !s.safe {
		args = append(args, "-c", "fsync=off", "-c", "full_page_writes=off")
	}
	cmd := s.command("sh", args...)
	log, err := os.OpenFile(filepath.Join(s.folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	input, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	s.runs = append(s.runs, run{cmd, input})
	return nil
}

// become finds a user other than root and gives him the folder.
func (s *Server) become(names ...string) error {
	for _, name := range names {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		s.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return os.Chown(s.folder, int(uid), int(gid))
	}
	return fmt.Errorf("no user of %s to run PostgreSQL as", strings.Join(names, ", "))
}

func (s *Server) command(program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(context.Background(), program, args...)
	cmd.Dir = s.folder
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.as}
	return cmd
}

func (s *Server) run(program string, args ...string) error {
	if said, err := s.command(filepath.Join(s.bin, program), args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, said)
	}
	return nil
}

// Stop ends the server and removes its folder.
func (s *Server) Stop() error {
	var all []error
	for _, r := range s.runs {
		all = append(all, r.input.Close(), r.keeper.Wait())
	}
	return errors.Join(append(all, os.RemoveAll(s.folder))...)
}

// Address is that of a database of the server. A machine that is busy with tests
// lets a transaction wait for longer than is taken for a replica that has stopped.
func (s *Server) Address(database string) string {
	return "postgres:///" + database + "?" + url.Values{"host": {s.folder}, "user": {"communique"}, "idle_in_transaction_session_timeout": {"60s"}}.Encode()
}

// Database makes a database of a test, which goes when it ends, with the content of
// another one, and returns its address.
func (s *Server) Database(t testing.TB, template string) string {
	t.Helper()
	name := fmt.Sprintf("test%d", s.made.Add(1))
	address, err := s.Make(name, template)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return address
}

// Template lets copies be made of a database that are taken for new ones, and not for
// what was put back from a copy.
func (s *Server) Template(name string) error {
	return s.execOn(name, `DELETE FROM facts WHERE name = 'history'`)
}

// Make makes a database of a name, empty if template is "".
func (s *Server) Make(name, template string) (string, error) {
	if template == "" {
		template = "template0"
	}
	// Files are copied faster than pages are written one by one and logged.
	if err := s.exec(fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s STRATEGY FILE_COPY", name, template)); err != nil {
		return "", fmt.Errorf("make a database: %w", err)
	}
	return s.Address(name), nil
}

// exec does what is done beside databases, on a connection of its own.
func (s *Server) exec(statement string) error { return s.execOn("postgres", statement) }

// execOn runs a statement in a database, on a connection of its own.
func (s *Server) execOn(database, statement string) error {
	db, err := sql.Open("pgx", s.Address(database))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(context.Background(), statement)
	return errors.Join(err, db.Close())
}

// programs is the folder of PostgreSQL's programs: where Debian has the newest, or
// where others have them.
func programs() (string, error) {
	debian, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err == nil && len(debian) > 0 {
		return filepath.Dir(debian[len(debian)-1]), nil
	}
	initdb, err := exec.LookPath("initdb")
	if err != nil {
		return "", fmt.Errorf("PostgreSQL is not there; .ci/run installs it: %w", err)
	}
	return filepath.Dir(initdb), nil
}
