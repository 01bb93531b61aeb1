package faults

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/realpart"
)

// injections are how the system fails under the database: which of its calls, and how.
var injections = []string{"fsync:error=EIO", "pwrite64:error=EIO", "pwrite64:error=ENOSPC"}

// nowAndThen is at which of its calls each thread of a server fails: a transaction syncs
// once, and writes a score of times.
var nowAndThen = map[string]string{"fsync": ":when=2+3", "pwrite64": ":when=30+97"}

// traced are the arguments with which strace says nothing and injects.
func traced(injection string, further ...string) []string {
	call, _, _ := strings.Cut(injection, ":")
	return append([]string{"-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call, "-e", "inject=" + injection}, further...)
}

// TestFaultInjectedIntoPublish has the system fail at each of the calls by which a command
// writes, once, and from there on. What the command said is so: it has published, or it has
// not, and the next one does. The database is whole each time.
func TestFaultInjectedIntoPublish(t *testing.T) {
	realpart.Program(t, "strace")
	e2etest.NeedsFile(t)
	s := e2etest.NewSite(t)
	store := s.Open()
	published := func(title string) bool { return strings.Contains(s.Must("list", "--json"), title) }
	n := 0
	for _, injection := range injections {
		for at := 1; at <= max(1, *faultRounds/3); at++ {
			for _, on := range []string{"", "+"} {
				n++
				title := fmt.Sprintf("Statement %d.", n)
				p := s.Program("publish", s.Markdown(title, e2etest.ShortText), "--json")
				c := exec.CommandContext(t.Context(), "strace", append(traced(fmt.Sprintf("%s:when=%d%s", injection, at, on)), append([]string{p.Path}, p.Args[1:]...)...)...)
				c.Env = p.Env
				said, err := c.CombinedOutput()
				if err == nil && !published(title) {
					t.Errorf("%s at %d%s: publish said %s, and %q is not there", injection, at, on, said, title)
				}
				if err := store.Verify(t.Context()); err != nil {
					t.Errorf("%s at %d%s: the database: %v", injection, at, on, err)
				}
			}
		}
		title := fmt.Sprintf("After %s.", injection)
		s.Publish(title)
		e2etest.Equal(t, "it is there", published(title), true)
	}
}

// TestFaultInjectedIntoServer has each call fail by which a running server writes, while
// others follow and something is published. Whoever was told that their follow is taken
// follows, and without a restart all of them get everything.
func TestFaultInjectedIntoServer(t *testing.T) {
	realpart.Program(t, "strace")
	e2etest.NeedsFile(t)
	for _, injection := range injections {
		t.Run(injection, func(t *testing.T) {
			t.Parallel()
			s := e2etest.NewSite(t)
			server := s.Start()
			p := s.FollowedBy(t, s.Actor())
			call, _, _ := strings.Cut(injection, ":")
			detach := inject(t, server, injection+nowAndThen[call])
			var taken []string
			for range 8 {
				a := e2etest.NewPeer(t)
				if a.Send(s.Base+"/ap/inbox", a.Follow(s.Actor())) == 202 {
					taken = append(taken, a.Actor())
				}
			}
			f := s.Publish("A statement")
			detach()
			t.Logf("%d of 8 follows were taken", len(taken))
			followers := s.Must("followers", "list", "--json")
			for _, actor := range taken {
				if !strings.Contains(followers, actor+`"`) {
					t.Errorf("%s was told that it follows, and does not", actor)
				}
			}
			e2etest.Eventually(t, "the statement arrives", func() bool {
				for _, a := range p.Arrivals() {
					if a.Kind() == "Create" && strings.Contains(string(a.Body), s.ObjectID(f)) {
						return true
					}
				}
				return false
			})
			last := e2etest.NewPeer(t)
			e2etest.Equal(t, "a follow afterwards", last.Send(s.Base+"/ap/inbox", last.Follow(s.Actor())), 202)
			if err := s.Open().Verify(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// inject has calls of a running server fail until detach is called.
func inject(t *testing.T, server *e2etest.Process, injection string) (detach func()) {
	t.Helper()
	c := exec.CommandContext(t.Context(), "strace", "-f", "-o", "/dev/null", "-e", "inject="+injection, "-p", fmt.Sprint(server.Cmd.Process.Pid))
	says, err := c.StderrPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	attached := bufio.NewScanner(says)
	if !attached.Scan() || !strings.Contains(attached.Text(), "attached") {
		t.Fatalf("strace says %q", attached.Text())
	}
	return func() {
		_ = c.Process.Signal(os.Interrupt) // by which it lets go
		for attached.Scan() {              // to its end
		}
		_ = c.Wait() // "signal: interrupt" is what was asked for
	}
}
