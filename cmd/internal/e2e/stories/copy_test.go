package stories

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/config"
	"communique/cmd/internal/e2e/e2etest"
	"communique/storage"
	"communique/storage/postgres"
)

// TestASiteMovesToAServerAndBack: what the public sees is the same byte for byte wherever
// the database is, followers and drafts come along, and no database is used beside the
// one that was moved to.
func TestASiteMovesToAServerAndBack(t *testing.T) {
	e2etest.NeedsServer(t)
	t.Parallel()
	s, address := movable(t)
	said := func(title, body string) e2etest.Filed { return s.File("publish", s.Markdown(title, body)) }
	s.Serve()
	p := s.FollowedBy(t, s.Actor())
	pictured := s.Illustrated("The harbour of Almira")
	corrected := said("Budget", "The budget is 100 million.")
	p.WaitFor(3)
	s.File("correct", corrected.ID, s.Markdown("Budget", "The budget is 200 million."), "--note", "A number was wrong.")
	withdrawn := said("A name that was wrong", "The Consul of Port Almira is Mr Vell.")
	p.WaitFor(5)
	s.Must("withdraw", withdrawn.ID, "--reason", "Issued in error.")
	draft := s.File("publish", s.Markdown("What comes in a year", "It is not out.", e2etest.PublishedAt(s.Clock.Now().AddDate(1, 0, 0))))
	p.WaitFor(6)
	s.Must("copy", "--to", address) // only looks, beside a server
	refused(t, s, "another communique serves", "copy", "--to", address, "--confirm")
	said("Published since", "Two ferries call at the island in summer.")
	p.WaitFor(7)
	before := seenOf(t, s, pictured, corrected, withdrawn, draft)
	s.Stop()

	if out := s.Must("copy", "--to", address); !strings.Contains(out, "rows to copy to the database") || !strings.Contains(out, "at most, and the site is down") {
		t.Errorf("before it is copied: %s", out)
	}
	s.Must("list")
	if out := s.Must("copy", "--to", address, "--confirm"); !strings.Contains(out, "the same on both sides") {
		t.Errorf("copied: %s", out)
	}
	for _, command := range [][]string{{"list"}, {"serve"}, {"publish", s.Markdown("Elsewhere", "It is not.")}, {"copy", "--to", address, "--confirm"}, {"copy", "--give-up"}} {
		refused(t, s, "this site was moved to the database", command...)
	}

	s.Server = address
	refused(t, s, config.Database+" is there, and another database is configured", "list")
	file := filepath.Join(s.Data, config.Database)
	if err := os.Rename(file, file+".old"); err != nil {
		t.Fatal(err)
	}
	s.Serve()
	differences(t, before, seenOf(t, s, pictured, corrected, withdrawn, draft))
	said("Published on the server", "Lighthouses are lit until seven.")
	p.WaitFor(8)
	before = seenOf(t, s, pictured, corrected, withdrawn, draft)
	s.Stop()

	log := file + "-wal" // which a program that was killed has left, and whoever moved the file did not see
	if err := os.WriteFile(log, []byte("the last transactions"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, s, log+" is there", "copy", "--back", "--confirm")
	if err := os.Remove(log); err != nil {
		t.Fatal(err)
	}
	s.Must("copy", "--back", "--confirm")
	refused(t, s, config.Database+" is there, and another database is configured", "list")
	s.Server = ""
	s.Serve()
	differences(t, before, seenOf(t, s, pictured, corrected, withdrawn, draft))
	said("Published at home again", "The fair opens on Thursday with songs.")
	p.WaitFor(9)
}

// movable is a site in a folder, and the address of a database on a server that it can move to.
func movable(t *testing.T) (s *e2etest.Site, address string) {
	t.Helper()
	s = e2etest.NewFolder(t)
	address, s.Server = s.Server, ""
	s.Init(s.Base)
	s.Must("section", "add", "The Ministry > The Minister > Activities")
	return s, address
}

// TestACopyThatIsKilled: a copy that is killed again and again, there and back, is finished
// by running it again, and what the public sees is the same.
func TestACopyThatIsKilled(t *testing.T) {
	e2etest.NeedsServer(t)
	t.Parallel()
	s, address := movable(t)
	var all []e2etest.Filed
	for n := range 20 {
		all = append(all, s.Publish(fmt.Sprintf("Statement %d", n)))
	}
	s.Serve()
	before := seenOf(t, s, all...)
	s.Stop()
	file := filepath.Join(s.Data, config.Database)
	killedAsItCopies(t, s, "--to", address)
	if err := os.Rename(file, file+".old"); err != nil {
		t.Fatal(err)
	}
	s.Server = address
	s.Serve()
	differences(t, before, seenOf(t, s, all...))
	s.Stop()
	killedAsItCopies(t, s, "--back")
	s.Server = ""
	s.Serve()
	differences(t, before, seenOf(t, s, all...))
}

// killedAsItCopies copies a site in processes that are killed later and later, until one
// comes to its end.
func killedAsItCopies(t *testing.T, s *e2etest.Site, flags ...string) {
	t.Helper()
	killed := 0
	for alive := 100 * time.Millisecond; ; alive += alive / 4 {
		program := s.Program(append([]string{"copy", "--confirm"}, flags...)...)
		var said e2etest.Buffer
		program.Stdout, program.Stderr = &said, &said
		if err := program.Start(); err != nil {
			t.Fatal(err)
		}
		end := time.AfterFunc(alive, func() { _ = program.Process.Kill() }) // it may have ended
		err := program.Wait()
		end.Stop()
		if err == nil {
			break
		}
		if program.ProcessState.Exited() {
			t.Fatalf("a copy is refused after %d that were killed: %s", killed, said.String())
		}
		killed++
	}
	t.Logf("%v: %d were killed", flags, killed)
}

// TestHalfACopy: what was copied in part is used by nobody, nor is what it was copied
// from, until the copy is finished or given up.
func TestHalfACopy(t *testing.T) {
	e2etest.NeedsServer(t)
	t.Parallel()
	s := e2etest.NewFolder(t)
	address := s.Server
	s.Server = ""
	initial := []string{"init", "--base-url", s.Base, "--actor", "ministry", "--name", "Ministry", "--timezone", "UTC", "--language", "en"}
	s.Must(initial...)
	name, err := postgres.Vacant(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	server, err := postgres.Open(t.Context(), address, s.Clock)
	if err != nil {
		t.Fatal(err)
	}
	from := s.Open()
	move := storage.Moving{To: name, Token: "one", At: s.Clock.Now()}
	if err := from.Update(t.Context(), func(tx *storage.Tx) error { return tx.Move(move) }); err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	if err := storage.Copy(ctx, from, server, func(storage.Copying) { interrupt() }); !errors.Is(err, context.Canceled) {
		t.Fatalf("the copy was not interrupted: %v", err)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}

	other := s.Elsewhere()
	refused(t, other, "a part of a site", append(initial, "--database", address)...)
	if err := os.MkdirAll(other.Data, 0o750); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(s.Data, config.File))
	if err == nil {
		err = os.WriteFile(filepath.Join(other.Data, config.File), text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	other.Server = address
	refused(t, other, "a part of a site", "list")
	refused(t, s, "this site is being moved to "+name, "list")
	s.Must("copy", "--give-up")
	s.Must("list")
	refused(t, s, "there is something in it already", "copy", "--to", address)
	if err := from.Update(t.Context(), func(tx *storage.Tx) error { return tx.Move(move) }); err != nil {
		t.Fatal(err)
	}
	s.Must("copy", "--to", address, "--confirm")
	other.Must("list")
	refused(t, s, "this site was moved to "+name, "list")
}

// TestADatabaseThatIsNotVacant: a copy mixes with nothing, and leaves the site as usable
// as it was.
func TestADatabaseThatIsNotVacant(t *testing.T) {
	e2etest.NeedsServer(t)
	t.Parallel()
	s, other := e2etest.NewFolder(t), e2etest.NewSite(t)
	s.Server = ""
	s.Init(s.Base)
	refused(t, s, "there is something in it already", "copy", "--to", other.Server)
	refused(t, s, "there is something in it already", "copy", "--to", other.Server, "--confirm")
	s.Must("list")
	other.Must("list")
	refused(t, s, "--to: it is not the address", "copy", "--to", "mysql://root@db")
	refused(t, s, "the database is the embedded one already", "copy", "--back")
	refused(t, s, "there is nothing to give up", "copy", "--give-up")
	refused(t, s, "expected one of", "copy")
}

// numbered is the number of a request, in a document that says what went wrong.
var numbered = regexp.MustCompile(`"request":"[a-z0-9]+"`)

// seenOf is what the public sees of a site, by address.
func seenOf(t *testing.T, s *e2etest.Site, articles ...e2etest.Filed) map[string]string {
	t.Helper()
	seen := map[string]string{}
	look := func(address string, headers ...string) {
		answer := e2etest.Get(t, address, headers...)
		seen[address] = answer.Header.Get("ETag") + "\n" + numbered.ReplaceAllString(string(answer.Body), "")
	}
	for _, feed := range s.Feeds() {
		look(feed)
	}
	look(s.Base + "/")
	look(s.Actor()+"/outbox?page=true", "Accept", e2etest.ActivityJSON)
	for _, a := range articles {
		look(a.URL, "Accept", "text/html")
		look(s.ObjectID(a), "Accept", e2etest.ActivityJSON)
	}
	return seen
}

func differences(t *testing.T, before, now map[string]string) {
	t.Helper()
	for address, was := range before {
		if now[address] != was {
			t.Errorf("%s was\n%s\nand is\n%s", address, was, now[address])
		}
	}
}
