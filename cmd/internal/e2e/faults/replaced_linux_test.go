package faults

import (
	"context"
	"fmt"
	"io"
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

// readers ask for a page again and again, on one connection that they keep and on fresh ones.
type readers struct {
	mu      sync.Mutex
	asked   int
	longest time.Duration
	failed  []string
}

// read has them ask until the function that it returns is called.
func (r *readers) read(address string) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for n := range 4 {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: n%2 == 0}, Timeout: e2etest.Hang}
		all.Go(func() {
			for ctx.Err() == nil {
				r.ask(client, address)
				time.Sleep(2 * time.Millisecond)
			}
		})
	}
	return func() {
		cancel()
		all.Wait()
	}
}

func (r *readers) ask(client *http.Client, address string) {
	began := time.Now()
	answer, err := client.Get(address)
	if err == nil {
		_, err = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close() // it was read
	}
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d", answer.StatusCode)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked++
	r.longest = max(r.longest, time.Since(began))
	if err != nil {
		r.failed = append(r.failed, err.Error())
	}
}

func (r *readers) judge(t *testing.T) {
	t.Helper()
	t.Logf("%d requests, of which the longest took %s", r.asked, r.longest)
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
// systemd on those that systemd has, no request is refused or cut off, and everything that is
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
