package federation_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"communique/federation"
	"communique/federation/federationtest"
	"communique/storage/delivery"
	"communique/storage/press"
)

// TestReplacedTwiceAtRealServers: S9. Replaced as soon as that is possible again, no
// article is lost there and nobody is asked to follow anew.
func TestReplacedTwiceAtRealServers(t *testing.T) {
	t.Parallel()
	for name, server := range realServers {
		for _, second := range []federation.Replacement{{Actor: "ministry"}, {Actor: "ministry", Ed25519: true}} {
			t.Run(fmt.Sprintf("%s/Ed25519 %t", name, second.Ed25519), func(t *testing.T) {
				t.Parallel()
				s := federationtest.NewSite(t)
				p := s.NewPeer()
				k := &theirs{t: t, s: s, p: p, memory: map[string]string{}, deaf: name == "snac", keep: server.keep, receive: server.receive, work: server.work}
				p.AnswerWith(k.answer)
				sender := s.Server.Sender()
				saysSoftware(p, p.URL(), name, "1")
				send := func(verb delivery.Verb, e press.Entry) {
					t.Helper()
					if err := sender.Send(t.Context(), destination(p, "ministry"), stepOf(verb, e)); err != nil {
						t.Fatalf("%s of entry %d: %v", verb, e.Seq, err)
					}
				}
				p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
				s.Directed()
				askSoftware(t, s)
				k.keys = k.keep(k.look())
				var articles []string
				publish := func() {
					t.Helper()
					_, e := s.Publish(fmt.Sprint("Article ", len(articles)))
					send(delivery.Create, e)
					arrived := p.Arrivals()
					articles = append(articles, fmt.Sprint(arrived[len(arrived)-1].Fields["id"]))
				}
				publish()
				for _, r := range []federation.Replacement{{Actor: "ministry"}, second} {
					e, err := federation.ReplaceKey(t.Context(), s.Store, nil, r)
					if err != nil {
						t.Fatal(err)
					}
					send(delivery.Profile, e)
					settleAll(s, e.Seq)
					for _, wait := range []time.Duration{time.Minute, 8 * time.Minute, 2 * time.Minute, 12 * time.Hour, 23*time.Hour + 49*time.Minute} {
						s.Clock.Pass(wait)
						publish()
					}
				}
				k.mu.Lock()
				defer k.mu.Unlock()
				for i, id := range articles {
					if !slices.Contains(k.taken, id) {
						t.Errorf("article %d of %d is lost", i+1, len(articles))
					}
				}
				same(t, "how often all followed anew", k.refollow, 0)
			})
		}
	}
}
