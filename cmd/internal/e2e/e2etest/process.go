package e2etest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"communique/cmd/internal/config"
)

// Process is a server in a process of its own, to be killed. Its clock is the machine's
// until [Site.Pass] moves it.
type Process struct {
	Cmd    *exec.Cmd
	Stderr *Buffer
}

// Program is a command of the site in a process of its own.
func (s *Site) Program(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], append(args, "--data", s.Data)...)
	cmd.Env = append(os.Environ(), asProgram+"=1", s.clockVariable(), laterFile+"="+s.laterFile(), config.DatabaseVariable+"="+s.Server)
	return cmd
}

// Replica is another machine on which the site can be served, beside the one that there
// is: with a folder and an address of its own, and the same database.
func (s *Site) Replica() *Site {
	s.T.Helper()
	address := FreePort(s.T)
	r := &Site{
		T: s.T, Data: filepath.Join(s.T.TempDir(), "site"), Base: "http://" + address, Server: s.Server, Clock: s.Clock,
		stop: func() {}, listen: []string{"--listen", address},
	}
	text, err := os.ReadFile(filepath.Join(s.Data, config.File))
	if err == nil {
		err = os.Mkdir(r.Data, 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(r.Data, config.File), text, 0o600)
	}
	if err != nil {
		s.T.Fatal(err)
	}
	return r
}

// Start starts the server in a process of its own and waits until it answers.
// It is killed when the test ends, if not before.
func (s *Site) Start(flags ...string) *Process {
	s.T.Helper()
	p := &Process{Cmd: s.Program(slices.Concat([]string{"serve"}, s.listen, flags)...), Stderr: &Buffer{}}
	p.Cmd.Stderr = p.Stderr
	if err := p.Cmd.Start(); err != nil {
		s.T.Fatal(err)
	}
	s.T.Cleanup(p.Kill)
	Eventually(s.T, "the server answers", s.answers)
	return p
}

// OnSockets has a command started as systemd starts it: with a socket that is open already at
// each of some addresses, which have names of systemd, with colons between them.
func OnSockets(t testing.TB, cmd *exec.Cmd, names string, addresses ...string) {
	t.Helper()
	for _, address := range addresses {
		cmd.ExtraFiles = append(cmd.ExtraFiles, opened(t, address))
	}
	cmd.Args = slices.Concat([]string{"sh", "-c", `LISTEN_PID=$$ exec "$0" "$@"`, cmd.Path}, cmd.Args[1:])
	cmd.Path = "/bin/sh"
	cmd.Env = append(cmd.Env, fmt.Sprint("LISTEN_FDS=", len(addresses)), "LISTEN_FDNAMES="+names)
}

// opened is a socket at an address.
func opened(t testing.TB, address string) *os.File {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	socket, err := l.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil { // the copy is open
		t.Fatal(err)
	}
	return socket
}

// End tells it to end, which it does in good order.
func (p *Process) End(t testing.TB) {
	t.Helper()
	if err := p.Cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.Cmd.Wait(); err != nil {
		t.Errorf("it ended with %v\n%s", err, p.Stderr)
	}
}

// Kill is kill -9: no handler runs, nothing is flushed.
func (p *Process) Kill() {
	if p.Cmd.ProcessState == nil {
		_ = p.Cmd.Process.Kill() // it may have ended by itself
		_ = p.Cmd.Wait()         // "signal: killed" is what was asked for
	}
}

// Resident is what the server takes in memory, in MiB.
func (p *Process) Resident(t testing.TB) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Cmd.Process.Pid))
	if err != nil {
		t.Skip("only Linux tells: ", err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(rest), " kB"))
			if err != nil {
				t.Fatal(err)
			}
			return n >> 10
		}
	}
	t.Fatal("no VmRSS")
	return 0
}
