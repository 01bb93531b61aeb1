package faults

import (
	"os/signal"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"communique/cmd/internal/e2e/e2etest"
)

// A limit on the size of files stands for a full disk. Unlike that it also
// sends a signal, which must not end the program.
func init() { signal.Ignore(unix.SIGXFSZ) }

// TestFaultFull takes the room from the running server in the middle of a
// fan-out, while nothing can be written down, and gives it back: an alarm says
// what to do, pages go on, and everybody gets everything without a restart.
func TestFaultFull(t *testing.T) {
	t.Parallel()
	s, c := e2etest.NewSite(t), newCrowd(t, 20, 300)
	c.follow(s)
	server := s.Start()
	var once sync.Once
	full := make(chan struct{})
	c.reactTo(func(int) {
		once.Do(func() {
			limitFiles(t, server, 1) // every write is beyond one byte
			close(full)
		})
	})
	f := s.Publish("A statement")
	<-full
	e2etest.Eventually(t, "an alarm", func() bool { return strings.Contains(server.Stderr.String(), "the disk is full: make room") })
	e2etest.Equal(t, "a page meanwhile", e2etest.Get(t, s.Base+"/en/").Status, 200)
	limitFiles(t, server, unix.RLIM_INFINITY)
	c.settles("when there is room", s.ObjectID(f), created)
	e2etest.Eventually(t, "all of it is written down", func() bool {
		return !strings.Contains(s.Must("destinations", "--behind", "--json"), "host")
	})
}

// limitFiles bounds how large a file a process may write: the system then
// refuses its writes as a full disk does.
func limitFiles(t *testing.T, p *e2etest.Process, most uint64) {
	t.Helper()
	limit := unix.Rlimit{Cur: most, Max: unix.RLIM_INFINITY}
	if err := unix.Prlimit(p.Cmd.Process.Pid, unix.RLIMIT_FSIZE, &limit, nil); err != nil {
		t.Errorf("limit the files of the server: %v", err)
	}
}
