package faults

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// TestFaultOutOfMemory: the system ends the server for its memory in the middle of a fan-out,
// while strangers send it large messages: what was told of is there, and the next start does the
// rest.
func TestFaultOutOfMemory(t *testing.T) {
	t.Parallel()
	s, c := e2etest.NewSite(t), newCrowd(t, 20, 200)
	c.follow(s)
	server := s.Start()
	bound := boundMemory(t, server.Cmd.Process.Pid)
	var once sync.Once
	under := make(chan struct{})
	c.reactTo(func(n int) {
		if n >= 20 {
			once.Do(func() { close(under) })
		}
	})
	f := s.Publish("A statement")
	<-under
	bound(4 << 20)
	ended := make(chan error, 1)
	go func() { ended <- server.Cmd.Wait() }()
	strain(t, s.Inbox(), ended)
	if how, ok := server.Cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || how.Signal() != syscall.SIGKILL {
		t.Fatalf("it has ended as %v", server.Cmd.ProcessState)
	}
	c.reactTo(nil)
	c.heardOut()
	s.Start()
	c.settles("after the next start", s.ObjectID(f), created)
	if err := s.Open().Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// strain has strangers send the largest messages to an inbox until its server has ended.
func strain(t *testing.T, inbox string, ended <-chan error) {
	t.Helper()
	message := bytes.Repeat([]byte(" "), 1<<20)
	stop := make(chan struct{})
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			client := &http.Client{Timeout: e2etest.Hang}
			for {
				select {
				case <-stop:
					return
				default:
				}
				if got, err := client.Post(inbox, e2etest.ActivityJSON, bytes.NewReader(message)); err == nil {
					_ = got.Body.Close() // what it says does not matter
				}
			}
		})
	}
	select {
	case <-ended: // "signal: killed" is looked at by who waits
	case <-time.After(e2etest.Hang):
		t.Error("it has memory enough")
	}
	close(stop)
	all.Wait()
}

// boundMemory puts a process into a control group of memory of its own, of either version, and
// returns what bounds how much more it may take. Root alone can do so, and not in each container.
func boundMemory(t *testing.T, pid int) (bound func(bytes int)) {
	t.Helper()
	for _, version := range []struct{ folder, limit, taken string }{
		{"/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes"},
		{"/sys/fs/cgroup", "memory.max", "memory.current"},
	} {
		group := filepath.Join(version.folder, fmt.Sprint("communique-test-", pid))
		if os.Mkdir(group, 0o700) != nil {
			continue
		}
		t.Cleanup(func() {
			e2etest.Eventually(t, "the control group is left", func() bool { return os.Remove(group) == nil })
		})
		write := func(file string, n int) error {
			return os.WriteFile(filepath.Join(group, file), fmt.Append(nil, n), 0o600)
		}
		if write(version.limit, 1<<40) != nil || write("cgroup.procs", pid) != nil {
			continue
		}
		return func(bytes int) {
			// Below what is taken already the first version sets no bound: it is busy.
			var taken int
			if got, err := os.ReadFile(filepath.Join(group, version.taken)); err != nil {
				t.Fatal(err)
			} else if _, err := fmt.Sscan(string(got), &taken); err != nil {
				t.Fatal(err)
			}
			if err := write(version.limit, taken+bytes); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Skip("control groups of memory cannot be made here")
	return nil
}
