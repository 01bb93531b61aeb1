package federation_test

import (
	"net/http"
	"testing"
	"time"

	"communique/federation"
	"communique/federation/federationtest"
	"communique/storage"
	"communique/storage/deliveries"
)

// saysSoftware makes a peer say what it runs.
func saysSoftware(p *federationtest.Peer, at, name, version string) {
	p.Show("/.well-known/nodeinfo", "application/json", map[string]any{"links": []any{map[string]any{
		"rel": "http://nodeinfo.diaspora.software/ns/schema/2.1", "href": at + "/nodeinfo/2.1"}}})
	p.Show("/nodeinfo/2.1", `application/json; profile="http://nodeinfo.diaspora.software/ns/schema/2.1#"`,
		map[string]any{"version": "2.1", "software": map[string]any{"name": name, "version": version}})
}

func software(s *federationtest.Site) (all map[string]deliveries.Software) {
	s.View(func(tx *storage.Tx) (err error) {
		all, err = tx.SoftwareByHost()
		return err
	})
	return all
}

// TestAskSoftware: hosts that are delivered to are asked what they run, once a week, and
// believed of themselves only.
func TestAskSoftware(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	says, silent, lies := s.NewPeer(), s.NewPeer(), s.NewPeer()
	saysSoftware(says, says.URL(), "Misskey", "2025.4.0")
	saysSoftware(lies, says.URL(), "mastodon", "4.7.0")
	broken := s.NewPeer()
	broken.Serve("/.well-known/nodeinfo", func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) })
	for _, p := range []*federationtest.Peer{says, silent, lies, broken} {
		p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
	}
	ask := func() {
		t.Helper()
		if err := s.Server.AskSoftware(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	ask()
	same(t, "what they run", software(s), map[string]deliveries.Software{says.Host(): {Name: "misskey", Version: "2025.4.0"}})
	ask()
	for _, p := range []*federationtest.Peer{says, silent, lies} {
		if n := p.Requests("/.well-known/nodeinfo"); n < 1 || n > 2 { // by https, then by http
			t.Errorf("%d requests", n)
		}
	}
	same(t, "requests for what it runs", says.Requests("/nodeinfo/2.1"), 1)
	s.Clock.Pass(8 * 24 * time.Hour)
	saysSoftware(says, says.URL(), "Misskey", "2025.5.0")
	ask()
	same(t, "a week later", software(s)[says.Host()].Version, "2025.5.0")
	s.Clock.Pass(8 * 24 * time.Hour)
	says.Serve("/.well-known/nodeinfo", http.NotFound)
	ask()
	same(t, "when it no longer says", software(s)[says.Host()].Version, "2025.5.0")
}

// TestPassesOverUpdates: Misskey answers "unknown type" to an Update of a Note
// (ApInboxService.ts#update; seen with MisskeyIO 2025.4), the others showed it.
func TestPassesOverUpdates(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"misskey": true, "mastodon": false, "gotosocial": false, "snac": false, "": false,
		"sharkey": false, "cherrypick": false, "firefish": false, "iceshrimp": false, "meisskey": false, // which its descendants mended
	} {
		same(t, name, federation.PassesOverUpdates(name), want)
	}
}

// snac keeps the actor for a day and a half, whatever it is told, and verifies with the
// one key that is there, whatever its id; what does not fit it drops
// (data.c#actor_get, activitypub.c; seen with snac2 2.94).
func snac(k *theirs, a federationtest.Arrival) bool {
	_, pem := k.only()
	taken := k.verifies(a, pem)
	if k.s.Clock.Now().Sub(k.looked) > 36*time.Hour {
		k.keys = k.keep(k.look())
	}
	return taken
}
