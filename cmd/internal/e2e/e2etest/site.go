package e2etest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"communique/cmd/communique/command"
	"communique/cmd/internal/check"
	"communique/cmd/internal/config"
	"communique/cmd/internal/port/porttest"
	"communique/storage"
	"communique/storage/clocktest"
)

// Site is a whole installation that serves on loopback, driven through the
// same Run that main calls.
type Site struct {
	T    *testing.T
	Data string // its folder
	Base string // its address, without a slash at the end
	// Server is the address of its database; empty if that is a file in the folder.
	Server string
	// Clock is that of all commands and of the server in this process; it runs
	// with the machine's until it is moved.
	Clock *clocktest.Clock
	Log   Buffer // of the server

	stop    func()
	listen  []string // flags of its server
	clockIs string   // see [Site.MachineAhead]; empty: the test moves it
}

// FreePort is a port of this machine that is kept for the test, as host:port.
func FreePort(t testing.TB) string {
	t.Helper()
	return porttest.Reserve(t).Address()
}

// NewFolder is a place and an address for an installation that is not made yet.
func NewFolder(t *testing.T) *Site {
	t.Helper()
	s := newFolder(t)
	s.Server = emptyDatabase(t)
	return s
}

func newFolder(t *testing.T) *Site {
	return &Site{T: t, Data: filepath.Join(t.TempDir(), "site"), Base: "http://" + FreePort(t), Clock: clocktest.Running(), stop: func() {}}
}

// Init makes an installation of a site with an address, of whose sections there is none yet.
func (s *Site) Init(address string) {
	s.T.Helper()
	s.Must("init", "--base-url", address, "--actor", "ministry", "--name", "Ministry", "--timezone", "UTC", "--language", "en")
}

// Elsewhere is another place for the same installation.
func (s *Site) Elsewhere() *Site {
	s.T.Helper()
	return &Site{T: s.T, Data: filepath.Join(s.T.TempDir(), "site"), Base: s.Base, Clock: s.Clock, stop: func() {}}
}

// NewSite is an installation with the section The Ministry > The Minister >
// Activities; [Site.Serve] serves it.
func NewSite(t *testing.T) *Site {
	t.Helper()
	s := newFolder(t)
	if err := s.copyTemplate(t); err != nil {
		t.Fatal(err)
	}
	return s
}

// NewAnnouncing is a site with two further actors: one of the minister's
// section, one of what is said in Arabic.
func NewAnnouncing(t *testing.T) *Site {
	t.Helper()
	s := NewSite(t)
	s.Must("section", "add", "Press Room")
	s.Configure("languages: [en]", "languages: [en, ar]")
	s.Configure("actors: []", `actors:
  - {name: minister, display_name: The Minister, summary: What the Minister does., section: the-ministry/the-minister}
  - {name: ministry_ar, display_name: "وزارة الخارجية", language: ar}`)
	return s
}

// World is what the site's commands see: nothing on standard input, no
// environment but where the database is, the site's clock.
func (s *Site) World(stdout, stderr io.Writer) command.World {
	return world(s.Server, s.Clock, stdout, stderr)
}

func world(server string, clock storage.Clock, stdout, stderr io.Writer) command.World {
	return command.World{Stdin: strings.NewReader(""), Stdout: stdout, Stderr: stderr, Clock: clock, Env: func(name string) string {
		return map[string]string{config.DatabaseVariable: server}[name]
	}}
}

// Run runs a command on the installation.
func (s *Site) Run(args ...string) (stdout, stderr string, err error) {
	return s.RunWithin(context.Background(), args...)
}

// RunWithin runs a command on the installation until ctx ends.
func (s *Site) RunWithin(ctx context.Context, args ...string) (stdout, stderr string, err error) {
	var out, problems bytes.Buffer
	err = command.Run(ctx, append(args, "--data", s.Data), s.World(&out, &problems))
	return out.String(), problems.String(), err
}

// Must runs a command that must not fail, and returns what it prints.
func (s *Site) Must(args ...string) string {
	s.T.Helper()
	out, problems, err := s.Run(args...)
	if err != nil {
		s.T.Fatalf("communique %s: %v\n%s", strings.Join(args, " "), err, problems)
	}
	return out
}

// Configure replaces a text in the configuration, which must hold it.
func (s *Site) Configure(old, replacement string) {
	s.T.Helper()
	file := filepath.Join(s.Data, config.File)
	text, err := os.ReadFile(file)
	if err != nil {
		s.T.Fatal(err)
	}
	if !bytes.Contains(text, []byte(old)) {
		s.T.Fatalf("the configuration has no %q:\n%s", old, text)
	}
	if err := os.WriteFile(file, bytes.Replace(text, []byte(old), []byte(replacement), 1), 0o600); err != nil {
		s.T.Fatal(err)
	}
}

// Serve starts the server in this process and waits until it answers. It is
// stopped when the test ends, if not by [Site.Stop] before.
func (s *Site) Serve() {
	s.T.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- command.Run(ctx, []string{"serve", "--data", s.Data}, s.World(io.Discard, &s.Log))
	}()
	s.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			s.T.Errorf("serve: %v", err)
		}
		s.stop = func() {}
	}
	s.T.Cleanup(s.Stop)
	Eventually(s.T, "the server answers", func() bool {
		select {
		case err := <-ended:
			ended <- nil // for who stops it
			s.T.Fatalf("serve ended: %v\n%s", err, s.Log.String())
		default:
		}
		return s.answers()
	})
}

// Stop stops the server that [Site.Serve] started, if it runs.
func (s *Site) Stop() { s.stop() }

// answers tells whether a server listens at the site's address.
func (s *Site) answers() bool {
	got, err := http.Get(s.Base + "/nodeinfo/2.1")
	if err == nil {
		_ = got.Body.Close()
	}
	return err == nil
}

// Actor is the id of the actor that every site has.
func (s *Site) Actor() string { return s.ActorNamed("ministry") }

// ActorNamed is the id of an actor.
func (s *Site) ActorNamed(name string) string { return s.Base + "/actors/" + name }

// Inbox is the shared inbox.
func (s *Site) Inbox() string { return s.Base + "/ap/inbox" }

// Check runs communique check and returns the rules that do not hold, and the
// exit status.
func (s *Site) Check(t *testing.T, args ...string) (broken []string, status int) {
	t.Helper()
	out, _, err := s.Run(append([]string{"check", "--json"}, args...)...)
	rules := map[string]bool{}
	for line := range strings.Lines(out) {
		var f check.Finding
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if f.Verdict != check.OK {
			rules[f.Rule] = true
			t.Logf("%+v", f)
		}
	}
	return slices.Sorted(maps.Keys(rules)), command.ExitStatus(io.Discard, err)
}

// ReadJSON runs a command and reads the first object that it prints.
func (s *Site) ReadJSON(into any, args ...string) {
	s.T.Helper()
	out := s.Must(args...)
	if err := json.NewDecoder(strings.NewReader(out)).Decode(into); err != nil {
		s.T.Fatalf("communique %s printed %q: %v", strings.Join(args, " "), out, err)
	}
}
