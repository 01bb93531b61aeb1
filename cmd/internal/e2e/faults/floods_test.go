package faults

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/realpart"
)

// flood is an attack with a tool that others attack with: the program and its arguments.
type flood struct {
	program string
	args    func(s *e2etest.Site, seconds string) []string
	says    string // an expression for what it says once it has attacked
}

// What the tools say at the end.
const (
	slowEnd = "Hit test time limit|No open connections left"
	abEnd   = "Complete requests: +[1-9]"
)

// slow are the arguments of slowhttptest, which opens 400 connections.
func slow(mode string, further ...string) func(*e2etest.Site, string) []string {
	return func(s *e2etest.Site, seconds string) []string {
		args := append([]string{mode, "-c", "400", "-r", "400", "-i", "1", "-p", "2", "-l", seconds}, further...)
		return append(args, "-u", s.Base+"/en/")
	}
}

var floods = map[string]flood{
	"headers that never end":    {"slowhttptest", slow("-H"), slowEnd},
	"bodies that never end":     {"slowhttptest", slow("-B", "-s", "8192"), slowEnd},
	"answers that are not read": {"slowhttptest", slow("-X", "-w", "512", "-y", "1024", "-n", "1", "-z", "32", "-k", "3"), slowEnd},
	"ranges":                    {"slowhttptest", slow("-R", "-t", "HEAD", "-a", "10", "-b", "3000"), slowEnd},
	"requests without end": {"ab", func(s *e2etest.Site, seconds string) []string {
		return []string{"-q", "-t", seconds, "-n", "10000000", "-c", "100", "-k", s.Base + "/en/"}
	}, abEnd},
	"messages without end": {"ab", func(s *e2etest.Site, seconds string) []string {
		return []string{"-q", "-t", seconds, "-n", "10000000", "-c", "100", "-k", "-T", "application/activity+json", "-p", message(s), s.Base + "/ap/inbox"}
	}, abEnd},
}

// message writes a file to be sent to an inbox, as large as it may be.
func message(s *e2etest.Site) string {
	s.T.Helper()
	file := filepath.Join(s.T.TempDir(), "message.json")
	if err := os.WriteFile(file, bytes.Repeat([]byte(`{"a":`), 1<<17), 0o600); err != nil {
		s.T.Fatal(err)
	}
	return file
}

// reader reads pages and feeds from an address of its own, one after the other, on new
// connections and on old ones.
type reader struct {
	client *http.Client
	paths  []string
	took   []time.Duration
	failed []string
}

func newReader(s *e2etest.Site, paths ...string) *reader {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP("127.0.84.1")}}
	r := &reader{client: &http.Client{Transport: &http.Transport{DialContext: d.DialContext}, Timeout: e2etest.Hang}}
	for _, path := range paths {
		r.paths = append(r.paths, s.Base+path)
	}
	return r
}

// read reads until ctx ends, and returns the median of how long it took.
func (r *reader) read(ctx context.Context) time.Duration {
	r.took = nil
	for n := 0; ctx.Err() == nil; n++ {
		began := time.Now()
		if err := r.readOne(r.paths[n%len(r.paths)]); err != nil {
			r.failed = append(r.failed, err.Error())
		}
		r.took = append(r.took, time.Since(began))
		if n%3 == 0 {
			r.client.CloseIdleConnections()
		}
		time.Sleep(10 * time.Millisecond)
	}
	slices.Sort(r.took)
	return r.took[len(r.took)/2]
}

func (r *reader) readOne(address string) error {
	answer, err := r.client.Get(address)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s is answered %s", address, answer.Status)
	}
	return nil
}

// descriptors is how many files and connections a program has open.
func descriptors(t *testing.T, p *e2etest.Process) int {
	t.Helper()
	all, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.Cmd.Process.Pid))
	if err != nil {
		t.Skip("only Linux tells: ", err)
	}
	return len(all)
}

// TestFloods attacks a served site by real tools, under nice, while somebody reads: no
// request of theirs fails, and afterwards the server has let go of everything. How long they
// waited is printed, and how much longer that is than before; on a machine that is busy
// otherwise it says nothing, so it is not judged. -faults.flood is for how long.
func TestFloods(t *testing.T) {
	if *floodFor == 0 {
		t.Skip("-faults.flood does not say for how long")
	}
	realpart.Program(t, "slowhttptest")
	realpart.Program(t, "ab")
	s := e2etest.NewSite(t)
	s.Configure(`trusted_proxies: ["127.0.0.0/8", "::1/128"]`, "trusted_proxies: []")
	for n := range 20 {
		s.Publish(fmt.Sprintf("Statement %d", n), "tags: [sea]")
	}
	p := s.Start()
	r := newReader(s, "/en/", "/en/feed.atom", "/en/the-ministry/the-minister/activities/", "/en/feed.json")
	within := func(d time.Duration) context.Context {
		ctx, cancel := context.WithTimeout(t.Context(), d)
		t.Cleanup(cancel)
		return ctx
	}
	alone := r.read(within(*floodFor))
	r.client.CloseIdleConnections()
	before, resident := descriptors(t, p), p.Resident(t)
	for name, f := range floods {
		t.Run(name, func(t *testing.T) {
			ctx, stop := context.WithTimeout(t.Context(), *floodFor+e2etest.Hang)
			defer stop()
			attack := exec.CommandContext(ctx, "nice", append([]string{"-n", "19", f.program}, f.args(s, strconv.Itoa(int(floodFor.Seconds())))...)...)
			said := &e2etest.Buffer{}
			attack.Stdout, attack.Stderr = said, said
			if err := attack.Start(); err != nil {
				t.Fatal(err)
			}
			go func() {
				_ = attack.Wait() // what it says tells whether it has attacked
				stop()
			}()
			beside := r.read(ctx)
			if !regexp.MustCompile(f.says).MatchString(said.String()) {
				t.Errorf("%s did not attack:\n%s", f.program, said)
			}
			t.Logf("a reader waits %s, and %s without (%.1f times); the server takes %d MiB, and %d before", beside, alone, float64(beside)/float64(alone), p.Resident(t), resident)
			r.client.CloseIdleConnections()
			e2etest.Eventually(t, "the server has let go of what it had open", func() bool { return descriptors(t, p) <= before+10 })
		})
	}
	for _, wrong := range r.failed {
		t.Errorf("a reader: %s", wrong)
	}
}
