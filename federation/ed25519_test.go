package federation_test

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"communique/federation"
	"communique/federation/federationtest"
	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/delivery"
	"communique/storage/press"
)

// TestVerifiesEd25519: S8. Who does is known by software and version, and never guessed.
func TestVerifiesEd25519(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, version string
		want          bool
	}{
		{"mastodon", "4.7.0", true},
		{"mastodon", "4.7.0+glitch", true},
		{"mastodon", "4.7.0-alpha.2+glitch", true},
		{"mastodon", "4.7.0-alpha.10", true},
		{"mastodon", "4.7.0-beta.1", true},
		{"mastodon", "4.7.1-rc.1", true},
		{"mastodon", "4.10.0", true},
		{"mastodon", "5.0.0-nightly.2027-01-01", true},
		{"mastodon", "4.7.0-alpha.1", false},
		{"mastodon", "4.7.0-nightly.2026-05-30", false},
		{"mastodon", "4.6.9", false},
		{"mastodon", "4.4.22", false},
		{"mastodon", "4.7", false},
		{"mastodon", "4.x.0", false},
		{"mastodon", "", false},
		{"Mastodon", "4.7.0", false},
		{"tootik", "v0.24.1", true},
		{"tootik", "?", false},
		{"mitra", "4.5.1", false},
		{"mitra", "5.9.1", true},
		{"hollo", "9.0.0", false},
		{"ghost", "6.0.0", false},
		{"", "", false},
	} {
		if got := federation.VerifiesEd25519(deliveries.Software{Name: tt.name, Version: tt.version}); got != tt.want {
			t.Errorf("%s %s: %t", tt.name, tt.version, got)
		}
	}
}

// TestEd25519TableHasSources: each line says software, version and where that is known from.
func TestEd25519TableHasSources(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("ed25519.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if len(fields) != 3 || !strings.Contains(fields[2], "/") {
			t.Errorf("%q", line)
		} else if !federation.VerifiesEd25519(deliveries.Software{Name: fields[0], Version: fields[1]}) {
			t.Errorf("%s %s is not read", fields[0], fields[1])
		}
	}
}

// how says how a delivery was signed.
func how(a federationtest.Arrival) string {
	_, name, _ := strings.Cut(a.KeyID(), "#")
	scheme := "cavage"
	if a.Header.Get("Signature-Input") != "" {
		scheme = "rfc9421"
	}
	return name + " " + scheme
}

const byEd, byRSA, byRSA9421 = "ed25519-key rfc9421", "main-key cavage", "main-key rfc9421"

// edSite is the ministry with a follower on a server that says what it runs.
type edSite struct {
	*federationtest.Site
	t    *testing.T
	p    *federationtest.Peer
	seen int
}

func newEdSite(t *testing.T, software, version string, answer func(*federationtest.Site, *federationtest.Peer) func(federationtest.Arrival) int) *edSite {
	t.Helper()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	saysSoftware(p, p.URL(), software, version)
	p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
	if answer != nil {
		p.AnswerWith(answer(s, p))
	}
	e := &edSite{Site: s, t: t, p: p}
	e.send("before it is known what it runs", delivery.Create, byRSA)
	askSoftware(t, s)
	return e
}

// send delivers an entry and says how it had to be signed, rung by rung.
func (s *edSite) send(what string, verb delivery.Verb, want ...string) (err error) {
	s.t.Helper()
	var e press.Entry
	if verb == delivery.Create {
		_, e = s.Publish(what)
	} else {
		s.Update(func(tx *storage.Tx) (err error) {
			e, err = tx.AppendActor("ministry")
			return err
		})
	}
	err = s.Server.Sender().Send(s.t.Context(), destination(s.p, "ministry"), stepOf(verb, e))
	var got []string
	for _, a := range s.p.Arrivals()[s.seen:] {
		got = append(got, how(a))
		s.seen++
	}
	same(s.t, what, got, want)
	return err
}

// TestEd25519: S8. A server that is known to verify it gets Ed25519, what tells of keys
// comes with the key that every server knows, and the others get RSA.
func TestEd25519(t *testing.T) {
	t.Parallel()
	verifies := func(s *federationtest.Site, p *federationtest.Peer) func(federationtest.Arrival) int {
		keys, _ := keysIn(t, s.Get(s.Actor("ministry")).Fields())
		return func(a federationtest.Arrival) int {
			if err := a.Verify(keys[a.KeyID()]); err != nil {
				t.Error(err)
				return http.StatusUnauthorized
			}
			return 0
		}
	}
	for _, tt := range []struct{ name, version, want string }{
		{"mastodon", "4.7.0", byEd}, {"mastodon", "4.6.3", byRSA}, {"ghost", "6.0.0", byRSA},
	} {
		s := newEdSite(t, tt.name, tt.version, verifies)
		_ = s.send(tt.name+" "+tt.version, delivery.Create, tt.want)
		s.Start()
		_ = s.send("after a new start", delivery.Create, tt.want)
		_ = s.send("the profile", delivery.Profile, byRSA)
		s.Clock.Pass(8 * 24 * time.Hour)
		saysSoftware(s.p, s.p.URL(), "mastodon", "4.7.1")
		askSoftware(t, s.Site)
		_ = s.send("when it has become new", delivery.Create, byEd)
		s.Clock.Pass(8 * 24 * time.Hour)
		saysSoftware(s.p, s.p.URL(), "mastodon", "4.6.3")
		askSoftware(t, s.Site)
		_ = s.send("when it has become old again", delivery.Create, byRSA)
	}
}

// TestEd25519ThatIsNotKnown: Mastodon 4.7 answers 401 to a key id that it does not know
// for a day after it last looked at the actor. It gets RSA at once and for a day, also
// after a new start; then it looks by itself, and nobody is asked to follow anew.
func TestEd25519ThatIsNotKnown(t *testing.T) {
	t.Parallel()
	var k *theirs
	s := newEdSite(t, "mastodon", "4.7.0", func(s *federationtest.Site, p *federationtest.Peer) func(federationtest.Arrival) int {
		k = &theirs{t: t, s: s, p: p, keep: oneKey, receive: mastodon47}
		k.keys = k.keep(k.look()) // by a version that read publicKey only
		return k.answer
	})
	k.keep = allKeys
	s.Clock.Pass(time.Hour)
	_ = s.send("the first", delivery.Create, byEd, byRSA)
	_ = s.send("the next", delivery.Create, byRSA)
	s.Start()
	s.Clock.Pass(24*time.Hour - time.Second)
	_ = s.send("within a day", delivery.Create, byRSA)
	s.Clock.Pass(time.Second)
	_ = s.send("a day later", delivery.Create, byEd)
	_ = s.send("from then on", delivery.Create, byEd)
	same(t, "what has had its effect", len(k.taken), 6)
	same(t, "how often all followed anew", k.refollow, 0)
}

// TestEd25519WhereAllIsRefused: three requests an attempt at most, and the next attempt
// has the whole ladder of RSA.
func TestEd25519WhereAllIsRefused(t *testing.T) {
	t.Parallel()
	refuse := http.StatusAccepted
	s := newEdSite(t, "mastodon", "4.7.0", func(*federationtest.Site, *federationtest.Peer) func(federationtest.Arrival) int {
		return func(federationtest.Arrival) int { return refuse }
	})
	refuse = http.StatusUnauthorized
	if s.send("all is refused", delivery.Create, byEd, byRSA, byRSA9421) == nil {
		t.Error("what is refused counts as delivered")
	}
	if s.send("the next attempt", delivery.Create, byRSA, byRSA9421) == nil {
		t.Error("what is refused counts as delivered")
	}
	s.Clock.Pass(24 * time.Hour)
	refuse = http.StatusServiceUnavailable
	if s.send("busy", delivery.Create, byEd) == nil {
		t.Error("what is refused counts as delivered")
	}
	refuse = http.StatusAccepted
	_ = s.send("busy says nothing of keys", delivery.Create, byEd)
}
