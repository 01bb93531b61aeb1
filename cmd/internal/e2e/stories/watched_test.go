package stories

import (
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestWatched: machines that watch the server read how it stands where nobody else can, and
// nothing of that is on the site.
func TestWatched(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	private := "http://" + e2etest.FreePort(t)
	s.Configure(`listen: "off"`, `listen: "`+strings.TrimPrefix(private, "http://")+`"`)
	s.Serve()
	p := s.FollowedBy(t, s.Actor())
	s.Publish("A statement")
	p.WaitFor(2)
	// The server itself looks for what it has released, too, but never asks for news only.
	feed := s.Base + "/en/feed.rss"
	e2etest.Get(t, feed, "If-None-Match", e2etest.Get(t, feed).Header.Get("ETag"))
	e2etest.Equal(t, "what a container asks", s.Must("health"), "The server is ready.\n")
	e2etest.Equal(t, "its health", string(e2etest.Get(t, private+"/healthz").Body), "ok\n")
	e2etest.Equal(t, "whether it is ready", string(e2etest.Get(t, private+"/readyz").Body), "ok\n")
	e2etest.Eventually(t, "the metrics tell what was done", func() bool { // the census is a few seconds old
		text := string(e2etest.Get(t, private+"/metrics").Body)
		for _, line := range []string{
			`communique_http_requests_total{route="feed",status="304"} 1`, `communique_inbox_messages_total{verdict="accepted"} 1`,
			`communique_follows_total 1`, `communique_followers{actor="ministry"} 1`, `communique_delivery_attempts_total{to="inbox",verdict="settled"} 1`,
			`communique_delivery_attempts_total{to="follower",verdict="settled"} 1`, `communique_servers{state="runs"} 1`, `communique_destinations_behind 0`,
		} {
			if !strings.Contains(text, line+"\n") {
				return false
			}
		}
		return strings.Contains(text, `communique_reach_seconds{percent="99"}`)
	})
	e2etest.Equal(t, "a check of one rule, for those who want to hear of trouble only", s.Must("check", "--only", "dns", "--quiet"), "")
	if said := s.Must("check", "--only", "DNS"); !strings.HasPrefix(said, "ok    DNS") || strings.Count(said, "\n") != 2 {
		t.Errorf("a check of one rule says %q", said)
	}
	if _, _, err := s.Run("check", "--only", "none"); err == nil {
		t.Error("a check of no rule holds")
	}
	for _, path := range []string{"/metrics", "/healthz", "/readyz", "/debug/pprof/", "/debug/pprof/cmdline"} {
		e2etest.Equal(t, "the public "+path, e2etest.Get(t, s.Base+path).Status, 404)
	}
}

// TestWatchedInAnothersPlace: where two sites have the same address for what watches them, the
// one that did not get it says so, and is not said to be ready because the other one is.
func TestWatchedInAnothersPlace(t *testing.T) {
	t.Parallel()
	one, other := e2etest.NewSite(t), e2etest.NewSite(t)
	private := e2etest.FreePort(t)
	for _, s := range []*e2etest.Site{one, other} {
		s.Configure(`listen: "off"`, `listen: "`+private+`"`)
	}
	one.Serve()
	e2etest.Equal(t, "of the one that answers", one.Must("health"), "The server is ready.\n")
	const another = "the server of another installation ("
	if _, said, err := other.Run("health"); err == nil || !strings.Contains(said+err.Error(), another+one.Base) {
		t.Errorf("while none serves the other one: %s, %v", said, err)
	}
	other.Serve()
	if out, _, _ := other.Run("status"); !strings.Contains(out, "warn  the server cannot be watched (metrics.listen)") || !strings.Contains(out, "the port is in use") {
		t.Errorf("the status of the other one:\n%s", out)
	}
	if out, _, _ := one.Run("status"); strings.Contains(out, "cannot be watched") {
		t.Errorf("the status of the one that answers:\n%s", out)
	}
}
