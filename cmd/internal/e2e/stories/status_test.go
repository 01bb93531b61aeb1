package stories

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"communique/cmd/communique/command"
	"communique/cmd/internal/e2e/e2etest"
	"communique/storage"
)

// status is what the command says to people, and its exit status.
func status(s *e2etest.Site) (text string, exit int) {
	out, _, err := s.Run("status")
	return out, command.ExitStatus(io.Discard, err)
}

// tells waits until the status begins with a line, and exits with what goes with it.
func tells(t *testing.T, s *e2etest.Site, line string, exit int, more ...string) {
	t.Helper()
	var text string
	var got int
	e2etest.Eventually(t, "the status is: "+line, func() bool {
		text, got = status(s)
		return strings.HasPrefix(text, line+"\n")
	})
	e2etest.Equal(t, "the exit status of "+text, got, exit)
	for _, m := range more {
		if !strings.Contains(text, m) {
			t.Errorf("it does not say %q:\n%s", m, text)
		}
	}
}

// TestStatus: whether all is well is the first line, and what is not is told.
func TestStatus(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	tells(t, s, "Something is wrong. No server runs.", 2, "nothing that is said goes out until serve runs", "Log: number ")
	s.Serve()
	tells(t, s, "All is well. One server runs.", 0, "tidying, indexing, purging", "Deliveries: servers 0, ", "Embargoes: none.")
	var report struct {
		Well    bool
		Served  bool
		Servers []struct {
			State string
			Parts int
			Tasks []string
		}
		Log struct{ Seq int }
	}
	s.Publish("A treaty was signed")
	out := s.Must("status", "--json")
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	if !report.Well || !report.Served || len(report.Servers) != 1 || report.Servers[0].Parts != 64 || report.Servers[0].State != "runs" || report.Log.Seq == 0 {
		t.Errorf("%s", out)
	}
	err := s.Open().Update(t.Context(), func(tx *storage.Tx) error { return tx.SetFact("clock_held", "a test") })
	if err != nil {
		t.Fatal(err)
	}
	tells(t, s, "Something is wrong. One server runs.", 2, "FAIL  embargoes are held: a test. ")
	s.Must("clock", "confirm")
	p := e2etest.NewPeer(t)
	e2etest.Equal(t, "a Follow", p.Send(s.Inbox(), p.Follow(s.Actor())), 202)
	tells(t, s, "All is well. One server runs.", 0, "Deliveries: servers 1, ")
	s.Configure(`contact: ""`, "contact: press@mfa.example")
	tells(t, s, "It works, but something wants attention. One server runs.", 1, "warn  The server that runs was started before these were changed, and does not know of it: contact. ")
	s.Stop()
	tells(t, s, "Something is wrong. No server runs.", 2)
}

// TestStatusOfSeveral: each server that shares the work is told with its share; one that
// was killed until it is forgotten, or there again.
func TestStatusOfSeveral(t *testing.T) {
	e2etest.NeedsServer(t)
	t.Parallel()
	s := e2etest.NewSite(t)
	one, other := s.Replica(), s.Replica()
	one.Start()
	killed := other.Start()
	tells(t, s, "All is well. 2 servers share the work.", 0)
	shares := func(parts string, servers int) {
		t.Helper()
		e2etest.Eventually(t, "each has "+parts, func() bool {
			text, _ := status(s)
			return strings.Count(text, "  "+parts+"     ") == servers
		})
	}
	shares("32", 2)
	killed.Kill()
	tells(t, s, "It works, but something wants attention. One server runs.", 1, "silent", " has said nothing since ")
	shares("64", 1)
	other.Start()
	tells(t, s, "All is well. 2 servers share the work.", 0)
}
