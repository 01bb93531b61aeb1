package stories

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestAnOrphanIsWithdrawn: what was published after the backup was made is on the servers of
// followers and unknown to the restored site. It can be withdrawn there all the same, by its
// address; what the site knows cannot be withdrawn in this way.
func TestAnOrphanIsWithdrawn(t *testing.T) {
	e2etest.NeedsFile(t)
	t.Parallel()
	s := e2etest.NewSite(t)
	p := e2etest.NewPeer(t)
	s.Serve()
	e2etest.Equal(t, "a Follow", p.Send(s.Actor()+"/inbox", p.Follow(s.Actor())), 202)
	p.WaitFor(1) // the Accept
	known := s.Publish("Known to the backup")
	file := filepath.Join(t.TempDir(), "one.backup")
	s.Must("backup", file)
	orphan := s.Publish("The names of the witnesses")
	e2etest.Eventually(t, "both arrived", func() bool { return len(p.OfKind("Create")) == 2 })
	s.Stop()

	r := s.Elsewhere()
	r.Must("restore", file)
	refused(t, r, "--orphan", "withdraw", orphan.URL, "--reason", "They are in danger.")
	refused(t, r, "it is no orphan", "withdraw", "--orphan", known.URL, "--reason", "They are in danger.")
	refused(t, r, "--reason", "withdraw", "--orphan", orphan.URL)
	refused(t, r, "leave --all-languages out", "withdraw", "--orphan", "--all-languages", orphan.URL, "--reason", "They are in danger.")
	refused(t, r, "Nothing takes that back", "withdraw", "--orphan", "aaaaaaaaaaaaaaaa", "--reason", "Mistyped.")
	r.Must("withdraw", "--orphan", "--confirm", orphan.URL, "--reason", "They are in danger.") // the journal was lost, too
	refused(t, r, "it is no orphan", "withdraw", "--orphan", orphan.URL, "--reason", "Once more.")
	r.Must("restore", "--confirm")
	r.Serve()
	e2etest.Eventually(t, "a Delete arrived", func() bool { return len(p.OfKind("Delete")) == 1 })
	object, _ := p.OfKind("Delete")[0].Fields["object"].(map[string]any)
	e2etest.Equal(t, "what is to be deleted", object["id"], any(r.ObjectID(orphan)))
	seen := map[any]bool{}
	for _, c := range p.OfKind("Create") { // one that was not settled when the backup was made comes again, as it was
		seen[c.Fields["id"]] = true
	}
	e2etest.Equal(t, "what is new to the follower", len(seen), 2)
	page := e2etest.Get(t, orphan.URL)
	e2etest.Equal(t, "its page", page.Status, http.StatusGone)
	e2etest.Equal(t, "its page says why", strings.Contains(string(page.Body), "They are in danger."), true)
	feed := string(e2etest.Get(t, r.Base+"/en/feed.atom").Body)
	e2etest.Equal(t, "readers of the feed are told", strings.Contains(feed, "deleted-entry") && strings.Contains(feed, orphan.ID), true)
	e2etest.Equal(t, "the feed has the other one", strings.Contains(feed, "Known to the backup"), true)
	e2etest.Equal(t, "the object", e2etest.Get(t, r.ObjectID(orphan), "Accept", "application/activity+json").Status, http.StatusGone)
	for _, look := range [][]string{{"show", orphan.ID}, {"list", "--state", "withdrawn"}, {"show", "--json", orphan.ID}} {
		if out := r.Must(look...); !strings.Contains(out, orphan.ID) {
			t.Errorf("%s: %s", look, out)
		}
	}
	e2etest.Eventually(t, "reach accounts for it", func() bool { return strings.Contains(r.Must("reach", orphan.ID), "1 of 1") })
}
