package faults

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"communique/cmd/internal/arrivals"
	"communique/cmd/internal/config"
	"communique/cmd/internal/e2e/e2etest"
)

// readers ask for a page again and again, on connections that they keep and on fresh ones.
type readers struct {
	later bool // they may be told to come back later

	mu      sync.Mutex
	asked   int
	told    int // to come back later
	longest time.Duration
	failed  []string
}

// read has them ask until the function that it returns is called.
func (r *readers) read(address string) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for n := range 4 {
		v := &visitor{address: address, keeps: n%2 == 1}
		all.Go(func() {
			for ctx.Err() == nil {
				r.ask(v)
				time.Sleep(2 * time.Millisecond)
			}
			v.leave()
		})
	}
	return func() {
		cancel()
		all.Wait()
	}
}

func (r *readers) ask(v *visitor) {
	began := time.Now()
	status, err := v.ask()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked++
	r.longest = max(r.longest, time.Since(began))
	switch {
	case err != nil:
		r.failed = append(r.failed, err.Error())
	case status == http.StatusServiceUnavailable && r.later:
		r.told++
	case status != http.StatusOK:
		r.failed = append(r.failed, fmt.Sprint("status ", status))
	}
}

// visitor asks for a page on a fresh connection each time, or on one that it keeps until it is
// told that this ends. It asks once: the client of net/http would ask anew, and never tell, if
// its connection were closed under its request.
type visitor struct {
	address string
	keeps   bool
	conn    net.Conn // nil if there is none
	answers *bufio.Reader
}

func (v *visitor) ask() (status int, err error) {
	r, err := http.NewRequest(http.MethodGet, v.address, nil)
	if err != nil {
		return 0, err
	}
	if v.conn == nil {
		if v.conn, err = net.DialTimeout("tcp", r.URL.Host, e2etest.Hang); err != nil {
			return 0, err
		}
		v.answers = bufio.NewReader(v.conn)
	}
	answer, err := v.exchange(r)
	if err != nil || answer.Close || !v.keeps {
		v.leave()
	}
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, nil
}

func (v *visitor) exchange(r *http.Request) (*http.Response, error) {
	err := v.conn.SetDeadline(time.Now().Add(e2etest.Hang))
	if err == nil {
		err = r.Write(v.conn)
	}
	if err != nil {
		return nil, err
	}
	answer, err := http.ReadResponse(v.answers, r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return answer, err
}

func (v *visitor) leave() {
	if v.conn != nil {
		_ = v.conn.Close() // nothing more is said on it
		v.conn = nil
	}
}

func (r *readers) judge(t *testing.T) {
	t.Helper()
	t.Logf("%d requests, of which the longest took %s; %d were told to come back", r.asked, r.longest, r.told)
	if len(r.failed) > 0 {
		t.Errorf("%d of %d requests failed: %s", len(r.failed), r.asked, strings.Join(r.failed, "\n"))
	}
}

// service is a server, and whichever takes its place.
type service struct {
	t   *testing.T
	log string
	pid int
}

// begin starts a server whose successors write the same log.
func begin(t *testing.T, program *exec.Cmd) *service {
	t.Helper()
	s := &service{t: t, log: filepath.Join(t.TempDir(), "log")}
	s.start(program)
	t.Cleanup(func() { _ = syscall.Kill(s.pid, syscall.SIGKILL) }) // it has ended, if all went well
	return s
}

func (s *service) start(program *exec.Cmd) {
	s.t.Helper()
	log, err := os.OpenFile(s.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	program.Stderr = log // no pipe, which would be open as long as any successor is there
	if err := program.Start(); err != nil {
		s.t.Fatal(err)
	}
	go func() {
		_ = program.Wait() // its log says how it ended
		_ = log.Close()
	}()
	s.pid = program.Process.Pid
}

// says waits until the log has a line for the n-th time.
func (s *service) says(line string, n int) {
	s.t.Helper()
	e2etest.Eventually(s.t, fmt.Sprintf("%s, %d times", line, n), func() bool { return strings.Count(s.said(), line) >= n })
}

func (s *service) said() string {
	text, err := os.ReadFile(s.log)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

func (s *service) signal(is syscall.Signal) {
	s.t.Helper()
	if err := syscall.Kill(s.pid, is); err != nil {
		s.t.Fatalf("%v\n%s", err, s.said())
	}
}

var successor = regexp.MustCompile(`has taken the place of this one" pid=(\d+)`)

// TestReplaced: while a server is replaced, by itself on sockets that it has opened or by
// systemd on those that systemd has, no request is refused or cut off, though none is made twice,
// and everything that is
// published goes out.
func TestReplaced(t *testing.T) {
	const rounds = 5
	for name, replaced := range map[string]struct {
		start   func(*e2etest.Site) *exec.Cmd
		replace func(*service, func() *exec.Cmd, int)
	}{
		"by a program that it starts": {
			func(s *e2etest.Site) *exec.Cmd { return s.Program("serve") },
			func(server *service, _ func() *exec.Cmd, round int) {
				server.signal(syscall.SIGUSR2)
				server.says("has taken the place of this one", round)
				all := successor.FindAllStringSubmatch(server.said(), -1)
				server.pid, _ = strconv.Atoi(all[len(all)-1][1])
			},
		},
		"by systemd": {
			nil,
			func(server *service, again func() *exec.Cmd, round int) {
				server.signal(syscall.SIGTERM)
				server.says("msg=stopped", round)
				server.start(again())
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := e2etest.NewSite(t), newCrowd(t, 5, 5)
			c.follow(s)
			start := replaced.start
			if start == nil {
				socket := s.Program("serve")
				e2etest.OnSockets(t, socket, "communique", strings.TrimPrefix(s.Base, "http://"))
				start = func(*e2etest.Site) *exec.Cmd {
					program := *socket // on the same socket
					return &program
				}
			}
			server := begin(t, start(s))
			server.says("msg=serving", 1)
			var r readers
			stop := r.read(s.Base + "/en/")
			for round := 1; round <= rounds; round++ {
				before := s.Publish(fmt.Sprintf("Statement %d", 2*round))
				replaced.replace(server, func() *exec.Cmd { return start(s) }, round)
				after := s.Publish(fmt.Sprintf("Statement %d", 2*round+1))
				server.says("msg=stopped", round)
				server.says("msg=serving", round+1)
				for _, f := range []e2etest.Filed{before, after} {
					c.settles("after it was replaced", s.ObjectID(f), func(a arrivals.Arrival) bool { return a.Kind == "Create" })
				}
			}
			stop()
			r.judge(t)
			t.Logf("%d deliveries repeated", c.Repeated())
			server.signal(syscall.SIGTERM)
			server.says("msg=stopped", rounds+1)
			if said := server.said(); strings.Contains(said, "level=ERROR") {
				t.Error(said)
			}
		})
	}
}

// addsToTables is a step of a later version, which takes a moment.
var addsToTables = map[bool]string{
	false: `ALTER TABLE articles ADD COLUMN later BIGINT NOT NULL DEFAULT 0; CREATE TABLE slow AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500000) SELECT i FROM n`,
	true:  `ALTER TABLE articles ADD COLUMN later BIGINT NOT NULL DEFAULT 0; SELECT pg_sleep(0.5)`,
}

// TestReplacedByALaterVersion: one that changes the tables of the embedded database lets the
// other end before, has readers come back meanwhile, and refuses nobody. There is a copy of the
// database as it was.
func TestReplacedByALaterVersion(t *testing.T) {
	t.Parallel()
	e2etest.NeedsFile(t)
	s := e2etest.NewSite(t)
	replacedByALaterVersion(t, s, &readers{later: true}, filepath.Join(s.Data, config.Database))
}

// TestReplicaReplacedByALaterVersion: one that adds to the tables of a database on a server has
// the other one serve meanwhile, and nobody is told to come back. There is a copy, which goes
// with a draft that is cancelled.
func TestReplicaReplacedByALaterVersion(t *testing.T) {
	t.Parallel()
	e2etest.NeedsServer(t)
	s := e2etest.NewSite(t)
	draft := s.Publish("A draft", e2etest.PublishedAt(s.Clock.Now().Add(time.Hour)))
	replacedByALaterVersion(t, s, &readers{}, filepath.Join(s.Data, "communique.dump"))
	if out := s.Must("withdraw", draft.ID); !strings.Contains(out, "Removed, for what was cancelled may be in it: ") {
		t.Errorf("withdraw says\n%s", out)
	}
	if left, err := filepath.Glob(filepath.Join(s.Data, "communique.dump*")); err != nil || len(left) > 0 {
		t.Errorf("%q is left, %v", left, err)
	}
}

// TestReplicaWithoutACopy: where no copy of a database on a server can be made, it is not brought
// up to date, unless somebody says that there is another one.
func TestReplicaWithoutACopy(t *testing.T) {
	t.Parallel()
	e2etest.NeedsServer(t)
	s := e2etest.NewSite(t)
	s.Upgrade(addsToTables[true])
	run := func(args ...string) (string, error) {
		c := s.Program(args...)
		c.Env = append(c.Env, "PATH=/nowhere")
		said, err := c.CombinedOutput()
		return string(said), err
	}
	for _, command := range []string{"list", "upgrade"} {
		if said, err := run(command); err == nil || !strings.Contains(said, "communique upgrade --without-copy") {
			t.Errorf("%s: %v\n%s", command, err, said)
		}
	}
	for _, args := range [][]string{{"upgrade", "--without-copy"}, {"list"}} {
		if said, err := run(args...); err != nil {
			t.Errorf("%v: %v\n%s", args, err, said)
		}
	}
}

func replacedByALaterVersion(t *testing.T, s *e2etest.Site, r *readers, copied string) {
	t.Helper()
	c := newCrowd(t, 5, 5)
	c.follow(s)
	server := begin(t, s.Program("serve"))
	server.says("msg=serving", 1)
	stop := r.read(s.Base + "/en/")
	before := s.Publish("Before")
	s.Upgrade(addsToTables[s.Server != ""])
	server.signal(syscall.SIGUSR2)
	server.says("has taken the place of this one", 1)
	server.pid, _ = strconv.Atoi(successor.FindStringSubmatch(server.said())[1])
	server.says("msg=serving", 2)
	server.says("msg=stopped", 1)
	stop()
	r.judge(t)
	after := s.Publish("After")
	for _, f := range []e2etest.Filed{before, after} {
		c.settles("after it was replaced", s.ObjectID(f), created)
	}
	if all, err := filepath.Glob(copied + ".before-upgrade-from-??"); err != nil || len(all) != 1 {
		t.Errorf("the copies are %q, %v", all, err)
	}
	server.signal(syscall.SIGTERM)
	server.says("msg=stopped", 2)
	if said := server.said(); strings.Contains(said, "level=ERROR") {
		t.Error(said)
	}
}

// TestReplacedInVain: a program that cannot serve leaves the one that serves alone, which says
// so.
func TestReplacedInVain(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	server := begin(t, s.Program("serve"))
	server.says("msg=serving", 1)
	file := filepath.Join(s.Data, config.File)
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write := func(text []byte) {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write([]byte("base_url: nowhere\n"))
	server.signal(syscall.SIGUSR2)
	server.says("no other program takes the place of this one, which serves on", 1)
	e2etest.Equal(t, "the status of the home", e2etest.Get(t, s.Base+"/en/").Status, http.StatusOK)
	write(good)
	server.signal(syscall.SIGUSR2)
	server.says("has taken the place of this one", 1)
	server.pid, _ = strconv.Atoi(successor.FindStringSubmatch(server.said())[1])
	server.says("msg=stopped", 1)
	e2etest.Equal(t, "the status of the home", e2etest.Get(t, s.Base+"/en/").Status, http.StatusOK)
	server.signal(syscall.SIGTERM)
	server.says("msg=stopped", 2)
}
