package federation_test

import (
	"fmt"
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
	askSoftware(t, s)
	same(t, "what they run", software(s), map[string]deliveries.Software{says.Host(): {Name: "misskey", Version: "2025.4.0"}})
	askSoftware(t, s)
	for _, p := range []*federationtest.Peer{says, silent, lies} {
		if n := p.Requests("/.well-known/nodeinfo"); n < 1 || n > 2 { // by https, then by http
			t.Errorf("%d requests", n)
		}
	}
	same(t, "requests for what it runs", says.Requests("/nodeinfo/2.1"), 1)
	s.Clock.Pass(8 * 24 * time.Hour)
	saysSoftware(says, says.URL(), "Misskey", "2025.5.0")
	askSoftware(t, s)
	same(t, "a week later", software(s)[says.Host()].Version, "2025.5.0")
}

func askSoftware(t *testing.T, s *federationtest.Site) {
	t.Helper()
	if err := s.Server.AskSoftware(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestAskAgain: a host that does not say what it runs is asked again after ten minutes,
// an hour, six hours and then daily, whoever follows from there and across restarts; one
// that said so before is believed meanwhile.
func TestAskAgain(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"an error":     func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "down", http.StatusBadGateway) },
		"nothing":      func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"not found":    http.NotFound,
		"another type": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<h1>Welcome</h1>")) },
		"garbage": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"links":`))
		},
	} {
		for _, known := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, known before: %v", name, known), func(t *testing.T) {
				t.Parallel()
				s := federationtest.NewSite(t)
				p := s.NewPeer()
				for _, follower := range []*federationtest.Peer{p, p.As("bela"), p.As("cleo")} {
					follower.MustSend(s.Inbox(), follower.Follow(s.Actor("ministry")))
					follower.MustSend(s.Inbox(), follower.Follow(s.Actor("spokesperson")))
				}
				want := map[string]deliveries.Software{}
				if known {
					saysSoftware(p, p.URL(), "Misskey", "2025.4.0")
					askSoftware(t, s)
					want[p.Host()] = deliveries.Software{Name: "misskey", Version: "2025.4.0"}
					s.Clock.Pass(7 * 24 * time.Hour)
				}
				p.Serve("/.well-known/nodeinfo", answer)
				const day = 24 * time.Hour
				askSoftware(t, s)
				for i, wait := range []time.Duration{10 * time.Minute, time.Hour, 6 * time.Hour, day, day} {
					s.Start() // as after a restart
					s.Clock.Pass(wait - time.Second)
					before := p.Requests("/.well-known/nodeinfo")
					if askSoftware(t, s); p.Requests("/.well-known/nodeinfo") != before {
						t.Errorf("it was asked %s after it had not said so %d times", wait-time.Second, i+1)
					}
					s.Clock.Pass(time.Second)
					if askSoftware(t, s); p.Requests("/.well-known/nodeinfo") == before {
						t.Errorf("it was not asked %s after it had not said so %d times", wait, i+1)
					}
					same(t, "what it runs", software(s), want)
				}
				saysSoftware(p, p.URL(), "Misskey", "2025.5.0")
				s.Clock.Pass(day)
				askSoftware(t, s)
				same(t, "when it says so", software(s)[p.Host()].Version, "2025.5.0")
			})
		}
	}
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
