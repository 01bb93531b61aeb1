package stories

import (
	"encoding/json"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// TestLogged: each act has its line, though a command did it in another process, and says
// nothing of what is in the article; the level is read anew while the server runs.
func TestLogged(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Configure("format: text", "format: json")
	server := s.Start()
	lines := func(message string) (found []map[string]any) {
		for line := range strings.Lines(server.Stderr.String()) {
			var fields map[string]any
			if err := json.Unmarshal([]byte(line), &fields); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			if fields["msg"] == message {
				found = append(found, fields)
			}
		}
		return found
	}
	said := func(message, name string, value any) {
		t.Helper()
		e2etest.Eventually(t, fmt.Sprintf("the log says %s of %v", message, value), func() bool {
			for _, fields := range lines(message) {
				if fields[name] == value {
					return true
				}
			}
			return false
		})
	}
	const marker = "9c2e7d31"
	p := s.FollowedBy(t, s.Actor())
	said("follow", "follower", p.Actor())
	p.Sends(s, p.Activity("Undo", "undo", p.Follow(s.Actor())))
	said("unfollow", "follower", p.Actor())
	due := s.Clock.Now().Add(time.Hour).Truncate(time.Second)
	draft := s.File("publish", s.Markdown("Not yet "+marker, "Text.", e2etest.PublishedAt(due)))
	f := s.File("publish", s.Markdown("A statement "+marker, "Text."))
	said("article published", "article", f.ID)
	s.Must("correct", f.ID, s.Markdown("A statement of today "+marker, "Text."), "--minor")
	said("article corrected", "article", f.ID)
	s.Must("withdraw", f.ID, "--reason", "It was wrong: "+marker)
	said("article withdrawn", "article", f.ID)
	s.Pass(time.Hour + time.Second)
	said("embargo ended", "article", draft.ID)
	said("article published", "article", draft.ID)
	if strings.Contains(server.Stderr.String(), marker) {
		t.Errorf("the log has words of articles:\n%s", server.Stderr)
	}

	s.Configure("level: info", "level: warn")
	if err := server.Cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	said("the level of the log was read anew; other settings take a restart", "level", "WARN")
	s.Configure("level: warn", "level: much")
	if err := server.Cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	said("the level of the log stays: the configuration cannot be read", "level", "WARN")
}
