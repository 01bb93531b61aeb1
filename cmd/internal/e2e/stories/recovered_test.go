package stories

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/config"
	"communique/cmd/internal/e2e/e2etest"
	"communique/storage/postgres/postgrestest"
)

// TestPutBackByTheServersTools: a site that pg_dump and pg_restore have brought to another
// server, and one that is taken back to an earlier moment, serve nothing that was
// withdrawn since, give no number twice and end no embargo before somebody has looked.
func TestPutBackByTheServersTools(t *testing.T) {
	t.Parallel()
	s, server := e2etest.NewSiteAlone(t)
	if err := server.Archive(); err != nil {
		t.Fatal(err)
	}
	f, names := s.Publish("The names of the witnesses"), s.Publish("The names of the jurors")
	draft := s.File("publish", s.Markdown("Not yet", "It will be said.", e2etest.PublishedAt(s.Clock.Now().Add(time.Hour).Truncate(time.Second))))
	file, err := server.Dump("press")
	if err != nil {
		t.Fatal(err)
	}
	s.Must("withdraw", f.ID, "--reason", "They are in danger.")
	t.Run("on another server", func(t *testing.T) { loaded(t, s, file, f) })

	if err := server.Mark("noon"); err != nil {
		t.Fatal(err)
	}
	late := s.Publish("A mistake")
	s.Must("withdraw", draft.ID)
	other := s.Replica() // another machine, which keeps a journal of its own
	other.Must("withdraw", names.ID, "--reason", "They are in danger.")
	if err := server.Recover("noon"); err != nil {
		t.Fatal(err)
	}
	if _, warned, err := s.Run("clock"); err != nil || !strings.Contains(warned, "the database lacks the last of what was published") {
		t.Errorf("after it was taken back: %v %s", err, warned)
	}
	refused(t, other, "restore --replay", "serve")
	out := other.Must("restore", "--replay", "--journal", filepath.Join(s.Data, config.Journal))
	if !strings.Contains(out, "Done again: withdrawn") || !strings.Contains(out, names.ID) || !strings.Contains(out, late.ID) {
		t.Errorf("restore --replay does not tell what both journals have: %s", out)
	}
	s.Serve()
	e2etest.Equal(t, "what was said after that moment", e2etest.Get(t, late.URL).Status, http.StatusNotFound)
	e2etest.Equal(t, "what was withdrawn before it", e2etest.Get(t, f.URL).Status, http.StatusGone)
	e2etest.Equal(t, "what another machine has withdrawn after it", e2etest.Get(t, names.URL).Status, http.StatusGone)
	if n := s.Publish("A correct statement"); n.Seq < 1_000_000 {
		t.Errorf("it has the number %d", n.Seq)
	}
	s.Clock.Pass(2 * time.Hour)
	if out := s.Must("clock"); !strings.Contains(out, "Embargoes are held: the database lacks the last of what was published") {
		t.Errorf("clock: %s", out)
	}
}

// loaded is the site in a database of another server, with the configuration beside it.
func loaded(t *testing.T, s *e2etest.Site, file string, withdrawn e2etest.Filed) {
	t.Helper()
	other := postgrestest.New(t)
	address, err := other.Make("press", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Load("press", file); err != nil {
		t.Fatal(err)
	}
	r := s.Elsewhere()
	r.T, r.Server = t, address
	text, err := os.ReadFile(filepath.Join(s.Data, config.File))
	if err == nil {
		err = os.MkdirAll(r.Data, 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(r.Data, config.File), text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	refused(t, r, "restore --confirm", "serve")
	r.Must("withdraw", withdrawn.ID, "--reason", "They are in danger.")
	r.Must("restore", "--confirm")
	if out := r.Must("clock"); !strings.Contains(out, "Embargoes are held") {
		t.Errorf("clock: %s", out)
	}
	r.Must("clock", "confirm")
	r.Serve()
	if n := r.Publish("A statement"); n.Seq < 1_000_000 {
		t.Errorf("it has the number %d", n.Seq)
	}
	e2etest.Equal(t, "what was withdrawn again", e2etest.Get(t, withdrawn.URL).Status, http.StatusGone)
	r.Stop()
}

// TestAFailoverThatLostSomething: where a standby is promoted that has not got a withdrawal, a
// server that runs ends, as it would refuse to start, until it is withdrawn again. Where it lacks
// but what was published, it serves on, and embargoes are held.
func TestAFailoverThatLostSomething(t *testing.T) {
	t.Parallel()
	for _, lost := range []struct {
		what   string
		does   func(s *e2etest.Site, before e2etest.Filed)
		logged string
		ends   bool
	}{
		{"a withdrawal", func(s *e2etest.Site, before e2etest.Filed) {
			s.Must("withdraw", before.ID, "--reason", "They are in danger.")
		}, "article withdrawn", true},
		{"a publication", func(s *e2etest.Site, _ e2etest.Filed) { s.Publish("A late statement") }, "article published", false},
	} {
		t.Run(lost.what, func(t *testing.T) {
			t.Parallel()
			s, server := e2etest.NewSiteAlone(t)
			before := s.Publish("The names of the witnesses")
			if err := server.Copy(); err != nil {
				t.Fatal(err)
			}
			running := s.Start()
			lost.does(s, before)
			e2etest.Eventually(t, "the server has seen it", func() bool { return strings.Contains(running.Stderr.String(), lost.logged) })
			if err := server.Failover(); err != nil {
				t.Fatal(err)
			}
			if !lost.ends {
				e2etest.Eventually(t, "embargoes are held", func() bool {
					return strings.Contains(s.Must("clock"), "Embargoes are held: the database lacks the last of what was published")
				})
				e2etest.Equal(t, "what was said before", e2etest.Get(t, before.URL).Status, http.StatusOK)
				if said := running.Stderr.String(); strings.Contains(said, "restore --replay") {
					t.Errorf("the log says:\n%s", said)
				}
				return
			}
			e2etest.Eventually(t, "the server ends, and says why", func() bool {
				said := running.Stderr.String()
				return strings.Contains(said, "communique serve: the journal in") && strings.Contains(said, "run communique restore --replay")
			})
			running.Kill() // for its state
			s.Must("restore", "--replay")
			s.Serve()
			e2etest.Equal(t, "what was withdrawn", e2etest.Get(t, before.URL).Status, http.StatusGone)
		})
	}
}
