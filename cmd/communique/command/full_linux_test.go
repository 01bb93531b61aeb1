package command

import (
	"os/signal"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// A limit on the size of files stands for a full disk. Unlike that it also
// sends a signal, which must not end the program.
func init() { signal.Ignore(unix.SIGXFSZ) }

// TestFaultFull takes the room from the running server in the middle of a
// fan-out, while nothing can be written down, and gives it back: an alarm says
// what to do, pages go on, and everybody gets everything without a restart.
func TestFaultFull(t *testing.T) {
	t.Parallel()
	s, c := newSite(t), newCrowd(t, 20, 300)
	c.follow(s)
	server := s.start()
	var once sync.Once
	full := make(chan struct{})
	c.reactTo(func(int) {
		once.Do(func() {
			limitFiles(t, server, 1) // every write is beyond one byte
			close(full)
		})
	})
	f := s.publish("A statement")
	<-full
	eventually(t, "an alarm", func() bool { return strings.Contains(server.stderr.String(), "the disk is full: make room") })
	mustEqual(t, "a page meanwhile", get(t, s.base+"/en/").Status, 200)
	limitFiles(t, server, unix.RLIM_INFINITY)
	c.settles("when there is room", s.object(f.ID), func(p post) bool { return p.kind == "Create" })
	eventually(t, "all of it is written down", func() bool {
		return !strings.Contains(s.must("destinations", "--behind", "--json"), "host")
	})
}

// limitFiles bounds how large a file a process may write: the system then
// refuses its writes as a full disk does.
func limitFiles(t *testing.T, p *process, most uint64) {
	t.Helper()
	limit := unix.Rlimit{Cur: most, Max: unix.RLIM_INFINITY}
	if err := unix.Prlimit(p.cmd.Process.Pid, unix.RLIMIT_FSIZE, &limit, nil); err != nil {
		t.Errorf("limit the files of the server: %v", err)
	}
}
