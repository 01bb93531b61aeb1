package faults

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"communique/cmd/internal/config"
	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/realpart"
)

// commandInjections are injections that concern a command: it also writes files beside the
// database, and gives them their names.
var commandInjections = append([]string{"write:error=ENOSPC", "write:error=EIO", "rename,renameat,renameat2:error=EIO", "ftruncate:error=ENOSPC"}, injections...)

// attempt is a command that is about to be run, and whether it has done what it is for.
type attempt struct {
	on   *e2etest.Site // nil is the site that it was made for
	args []string
	done func() bool
	// crashed does what people do, if anything, before they try again what broke off.
	crashed func(*testing.T)
	// over looks at what is left when it was done; crashed is set if the program once broke off.
	over func(t *testing.T, crashed bool)
}

// digest is what a picture is called.
var digest = regexp.MustCompile(`[0-9a-f]{32}`)

// swept are commands that write, and how a fresh attempt at each is made.
var swept = map[string]func(*e2etest.Site, int) attempt{
	"correct": func(s *e2etest.Site, n int) attempt {
		f, text := s.Publish(fmt.Sprintf("Statement %d", n)), fmt.Sprintf("As corrected for the time %d.", n)
		return attempt{
			args: []string{"correct", f.ID, s.Markdown(fmt.Sprintf("Statement %d", n), text), "--note", "A word."},
			done: func() bool { return strings.Contains(s.Must("show", "--markdown", f.ID), text) },
		}
	},
	"withdraw": func(s *e2etest.Site, n int) attempt {
		f := s.Publish(fmt.Sprintf("Statement %d", n))
		return attempt{
			args: []string{"withdraw", f.ID, "--reason", "Issued in error."},
			done: func() bool { return strings.Contains(s.Must("show", f.ID), "withdrawn") },
		}
	},
	"cancel": func(s *e2etest.Site, n int) attempt {
		f := s.Publish(fmt.Sprintf("Statement %d", n), e2etest.PublishedAt(s.Clock.Now().AddDate(1, 0, 0)))
		return attempt{
			args: []string{"withdraw", f.ID},
			done: func() bool { return strings.Contains(s.Must("show", f.ID), "cancelled") },
		}
	},
	"withdraw file": func(s *e2etest.Site, n int) attempt {
		document := s.Markdown(fmt.Sprintf("Picture %d", n), e2etest.ShortText, "images: [{src: picture.png, alt: A square}]")
		name := fmt.Sprintf("picture-%d.png", n)
		s.Picture(name, 40+n)
		must(s.T, os.Rename(filepath.Join(s.Data, name), filepath.Join(filepath.Dir(document), "picture.png")))
		f := s.File("publish", document)
		hash := digest.FindString(s.Must("show", "--json", f.ID))
		return attempt{
			args: []string{"withdraw", "file", s.Base + "/media/" + hash + ".png", "--note", "It was another."},
			done: func() bool { return strings.Contains(s.Must("withdraw", "files"), hash) },
		}
	},
	"import": func(s *e2etest.Site, n int) attempt {
		folder := s.T.TempDir()
		title := fmt.Sprintf("Imported %d", n)
		page := fmt.Sprintf(`<!DOCTYPE html><html lang="en"><head><title>%s</title></head><body><nav class="path">The Ministry &gt; The Minister &gt; Activities</nav><article><h1>%s</h1><time datetime="2024-03-%02d">%d March 2024</time><p>The Minister opened the bridge at the mouth of the river, which is the number %d of its kind.</p></article></body></html>`, title, title, 1+n%28, 1+n%28, n)
		must(s.T, os.WriteFile(filepath.Join(folder, "page.html"), []byte(page), 0o600))
		return attempt{
			args: []string{"import", "--section", "The Ministry > The Minister > Activities", "--accept-doubts", folder},
			done: func() bool { return strings.Contains(s.Must("list", "--json"), `"`+title+`"`) },
		}
	},
	"section": func(s *e2etest.Site, n int) attempt {
		name := fmt.Sprintf("Department %d.", n)
		return attempt{
			args: []string{"section", "add", "The Ministry > " + name},
			done: func() bool { return strings.Contains(s.Must("section", "list"), name) },
		}
	},
	"block": func(s *e2etest.Site, n int) attempt {
		host := fmt.Sprintf("host%d.example", n)
		return attempt{
			args: []string{"block", "add", host},
			done: func() bool { return strings.Contains(s.Must("block", "list"), host) },
		}
	},
	"people": func(s *e2etest.Site, n int) attempt {
		login := fmt.Sprintf("person%d", n)
		return attempt{
			args: []string{"people", "invite", login, "--role", "editor", "--name", "A Person"},
			done: func() bool { return strings.Contains(s.Must("people", "list"), login) },
		}
	},
	"keys": func(s *e2etest.Site, _ int) attempt {
		before := s.Must("keys", "list", "--json")
		return attempt{
			args: []string{"keys", "rotate", "--compromised", "--confirm"},
			done: func() bool { return s.Must("keys", "list", "--json") != before },
			over: func(t *testing.T, _ bool) {
				if got := s.Must("keys", "list", "--json"); strings.Count(got, "\n") != strings.Count(before, "\n") {
					t.Errorf("the keys were\n%sand are\n%s", before, got)
				}
			},
		}
	},
	"encrypted keys": func(s *e2etest.Site, n int) attempt {
		if n == 0 {
			s.Configure(`passphrase_file: ""`, `passphrase_file: phrase`)
			must(s.T, os.WriteFile(filepath.Join(s.Data, "phrase"), []byte("correct horse"), 0o600))
		}
		way := []string{"encrypt", "decrypt"}[n%2] // which needs keys that can be read
		return attempt{
			args: []string{"keys", way},
			done: func() bool {
				return !strings.Contains(s.Must("keys", "list", "--json"), fmt.Sprintf(`"encrypted":%t`, way == "decrypt"))
			},
		}
	},
	"backup": func(s *e2etest.Site, n int) attempt {
		folder := s.T.TempDir()
		file := filepath.Join(folder, "press.backup")
		return attempt{
			args: []string{"backup", file},
			done: func() bool { return there(s.T, file) },
			over: func(t *testing.T, crashed bool) {
				if _, problems, err := s.Run("backup", "verify", file); err != nil {
					t.Errorf("the backup cannot be relied on: %v\n%s", err, problems)
				}
				left, err := os.ReadDir(folder)
				if err != nil || len(left) != 1 && !crashed {
					t.Errorf("%v is left, %v", left, err)
				}
			},
		}
	},
	"restore": func(s *e2etest.Site, n int) attempt {
		file := filepath.Join(s.T.TempDir(), "press.backup")
		s.Must("backup", file)
		other := s.Elsewhere()
		return attempt{
			on:   other,
			args: []string{"restore", file},
			done: func() bool { return there(s.T, filepath.Join(other.Data, config.File)) },
			crashed: func(t *testing.T) {
				must(t, os.RemoveAll(other.Data)) // which the next attempt says
			},
			over: func(t *testing.T, _ bool) {
				if err := other.Open().Verify(t.Context()); err != nil {
					t.Error(err)
				}
				e2etest.Equal(t, "what is restored", other.Must("list", "--json"), s.Must("list", "--json"))
			},
		}
	},
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func there(t *testing.T, file string) bool {
	t.Helper()
	_, err := os.Stat(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return err == nil
}

// injection draws one of several, and at which of the calls it fails: mostly at one of the first.
func injection(r *rand.Rand, of []string) string {
	return fmt.Sprintf("%s:when=%d%s", of[r.IntN(len(of))], 1+r.IntN(1<<r.IntN(8)), []string{"", "+"}[r.IntN(2)])
}

// TestFaultInjectedIntoWriters has the system fail at calls by which commands write, drawn at
// random. What a command says that it has done is done; where it fails, it is done or can be
// done again; and the database is whole each time.
func TestFaultInjectedIntoWriters(t *testing.T) {
	realpart.Program(t, "strace")
	e2etest.NeedsFile(t)
	for name, fresh := range swept {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := faults(t)
			s := e2etest.NewSite(t)
			store := s.Open()
			failed := 0
			rounds := max(1, *faultRounds/6)
			for n := range rounds {
				a := fresh(s, n)
				if a.on == nil {
					a.on = s
				}
				if err := a.suffers(t, injection(r, commandInjections)); err != nil {
					failed++
				}
				if err := store.Verify(t.Context()); err != nil {
					t.Errorf("the database: %v", err)
				}
			}
			t.Logf("%d of %d failed", failed, rounds)
		})
	}
}

// goPanics is the exit status of a program that Go has ended; ours of a failure is 1.
const goPanics = 2

// suffers makes an attempt under an injection, and again without it if it is not done.
func (a attempt) suffers(t *testing.T, drawn string) error {
	t.Helper()
	p := a.on.Program(a.args...)
	c := exec.CommandContext(t.Context(), "strace", append(traced(drawn), append([]string{p.Path}, p.Args[1:]...)...)...)
	c.Env = p.Env
	said, err := c.CombinedOutput()
	if err == nil && !a.done() {
		t.Errorf("%s: %s, but it is not done", drawn, said)
	}
	crashed := c.ProcessState.ExitCode() == goPanics // Go writes, too, to wake its threads
	if crashed && a.crashed != nil && !a.done() {
		a.crashed(t)
	}
	if !a.done() {
		if _, problems, err := a.on.Run(a.args...); err != nil || !a.done() {
			t.Errorf("after %s, which said %s: again: %v\n%s", drawn, said, err, problems)
		}
	}
	if a.over != nil {
		a.over(t, crashed)
	}
	return err
}
