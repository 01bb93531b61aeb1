package faults

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"communique/cmd/internal/config"
	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/realpart"
)

// serverInjections concern a command whose database is on a server: it may also not hear
// what that answers.
var serverInjections = append([]string{"read:error=ECONNRESET"}, commandInjections...)

// TestFaultInjectedIntoCopy has the system fail while a site moves to a server and back, again
// and again: all of it arrives, if it is copied once more where a copy fails.
func TestFaultInjectedIntoCopy(t *testing.T) {
	t.Parallel()
	realpart.Program(t, "strace")
	e2etest.NeedsServer(t)
	r := faults(t)
	s := e2etest.NewFolder(t)
	s.Server = ""
	s.Init(s.Base)
	s.Must("section", "add", "The Ministry > The Minister > Activities")
	for n := range 3 {
		s.Publish(fmt.Sprintf("Statement %d", n))
	}
	failed, rounds := 0, max(2, *faultRounds/6)
	for n := range rounds {
		move := moves(s)
		if n%2 == 1 {
			move = movesBack(s)
		}
		if err := move.suffers(t, injection(r, serverInjections)); err != nil {
			failed++
		}
		if err := s.Open().Verify(t.Context()); err != nil {
			t.Errorf("the database: %v", err)
		}
	}
	t.Logf("%d of %d failed", failed, rounds)
}

// moves is an attempt to move a site to a server.
func moves(s *e2etest.Site) attempt {
	address, before := e2etest.NewFolder(s.T).Server, s.Must("list", "--json")
	return attempt{
		on:   s,
		args: []string{"copy", "--to", address, "--confirm"},
		done: func() bool { return refuses(s, "this site was moved to the database") },
		over: func(t *testing.T, _ bool) {
			left, err := filepath.Glob(filepath.Join(s.Data, config.Database+"*")) // with a log, if it crashed
			must(t, err)
			for _, file := range left {
				must(t, os.Remove(file))
			}
			s.Server = address
			e2etest.Equal(t, "what is on the server", s.Must("list", "--json"), before)
		},
	}
}

// movesBack is one to move it back.
func movesBack(s *e2etest.Site) attempt {
	before := s.Must("list", "--json")
	return attempt{
		on:   s,
		args: []string{"copy", "--back", "--confirm"},
		done: func() bool { return refuses(s, config.Database+" is there, and another database is configured") },
		over: func(t *testing.T, _ bool) {
			s.Server = ""
			e2etest.Equal(t, "what is back in the folder", s.Must("list", "--json"), before)
		},
	}
}

// refuses tells whether commands are refused with some words.
func refuses(s *e2etest.Site, with string) bool {
	_, _, err := s.Run("list")
	return err != nil && strings.Contains(err.Error(), with)
}

// TestFaultInjectedIntoSettings has the system fail while settings are applied.
func TestFaultInjectedIntoSettings(t *testing.T) {
	t.Parallel()
	realpart.Program(t, "strace")
	e2etest.NeedsServer(t)
	r := faults(t)
	s := e2etest.NewSite(t)
	contact := `contact: ""`
	failed, rounds := 0, max(2, *faultRounds/6)
	for n := range rounds {
		next := fmt.Sprintf(`contact: "desk%d@mfa.example"`, n)
		s.Configure(contact, next)
		contact = next
		apply := attempt{
			on:   s,
			args: []string{"config", "apply", "--confirm"},
			done: func() bool { return strings.Contains(s.Must("config", "apply"), "are those that are served") },
		}
		if err := apply.suffers(t, injection(r, serverInjections)); err != nil {
			failed++
		}
	}
	t.Logf("%d of %d failed", failed, rounds)
}
