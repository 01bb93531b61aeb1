package stories

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// TestAWithdrawalIsProposed: an author proposes on the desk that an article be withdrawn in two
// hours, an approver approves it, and the server does it then: the page says why, and is no sooner
// gone. Another one is proposed by the command.
func TestAWithdrawalIsProposed(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.DeskAddress()
	a, other := s.Publish("Treaty on harbours signed"), s.Publish("Fisheries talks")
	s.Serve()
	s.Must("people", "invite", "root", "--role", "operator", "--alone", "a test")
	author, approver := s.Officer(t, "a.silva", "author"), s.Officer(t, "r.costa", "approver")
	approver.SetUpFactor()

	at := s.Clock.Now().Add(2 * time.Hour).UTC()
	form := "/articles/" + a.ID + "/withdrawal/proposal"
	e2etest.Equal(t, "proposed", author.Post(form, "reason", "It names a victim.", "date", at.Format(time.DateOnly), "time", at.Format(time.TimeOnly), "zone", "Z").Status, http.StatusOK)
	found := regexp.MustCompile(`href="(/manuscripts/[a-z0-9]{16,})"`).FindStringSubmatch(string(author.Get("/manuscripts?pile=review").Body))
	if found == nil {
		t.Fatalf("nothing is in review:\n%s", author.Get("/manuscripts?pile=review").Body)
	}
	manuscript := found[1]
	page := string(approver.Get(manuscript).Body)
	digest := regexp.MustCompile(`name="digest" value="([0-9a-f]{64})"`).FindStringSubmatch(page)
	if digest == nil {
		t.Fatalf("nothing can be approved:\n%s", page)
	}
	if led := string(author.Post(manuscript+"/approval", "revision", "1", "digest", digest[1]).Body); !strings.Contains(led, "second factor") {
		t.Errorf("who proposed it approves it:\n%s", led)
	}
	e2etest.Equal(t, "what was not shown", approver.Post(manuscript+"/approval", "revision", "1", "digest", strings.Repeat("0", 64)).Status, http.StatusConflict)
	e2etest.Equal(t, "approved", approver.Post(manuscript+"/approval", "revision", "1", "digest", digest[1]).Status, http.StatusOK)
	e2etest.Equal(t, "before its instant", e2etest.Get(t, a.URL).Status, http.StatusOK)

	s.Clock.Pass(2*time.Hour + time.Second)
	e2etest.Eventually(t, "at its instant", func() bool { return e2etest.Get(t, a.URL).Status == http.StatusGone })
	if page := string(e2etest.Get(t, a.URL).Body); !strings.Contains(page, "It names a victim.") {
		t.Errorf("the page of what was withdrawn:\n%s", page)
	}
	if audit := s.Must("audit", "list", "--who", "r.costa"); !strings.Contains(audit, "manuscript carried out") || strings.Contains(audit, "victim") {
		t.Errorf("the audit:\n%s", audit)
	}

	if said := s.Must("withdraw", other.ID, "--as", "a.silva", "--propose", "--reason", "Issued in error."); !strings.Contains(said, "Handed in for review") {
		t.Errorf("by the command: %s", said)
	}
	e2etest.Equal(t, "what is proposed by the command", e2etest.Get(t, other.URL).Status, http.StatusOK)
}
