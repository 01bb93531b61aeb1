package federation_test

import (
	"testing"
	"time"

	"communique/federation/federationtest"
	"communique/storage/delivery"
	"communique/storage/press"
)

// TestCorrectedTwice: a Mastodon whose queue stands works off two Updates at once, and
// may keep the older one (process_status_update_service.rb compares the dates before it
// takes its lock; seen with 4.7.0-alpha.2). The last one is sent once more half an hour
// later, the same to the byte, unless something was said since.
func TestCorrectedTwice(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		apart time.Duration
		since func(s *federationtest.Site, id press.ArticleID)
		want  int // repetitions
	}{
		"within ten minutes":  {9 * time.Minute, nil, 1},
		"later":               {11 * time.Minute, nil, 0},
		"and withdrawn since": {time.Minute, func(s *federationtest.Site, id press.ArticleID) { s.Withdraw(id) }, 0},
		"and corrected since, long after": {time.Minute, func(s *federationtest.Site, id press.ArticleID) {
			s.Clock.Pass(20 * time.Minute)
			s.Correct(id, "Four")
		}, 0},
		"and the server was started anew since": {time.Minute, func(s *federationtest.Site, _ press.ArticleID) { s.Start() }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := federationtest.NewSite(t)
			p := s.NewPeer()
			p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
			s.Directed()
			a, _ := s.Publish("One")
			to := s.Destinations()[0]
			send := func(e press.Entry) {
				t.Helper()
				if err := s.Server.Sender().Send(t.Context(), to, stepOf(delivery.Update, e)); err != nil {
					t.Fatal(err)
				}
			}
			_, second := s.Correct(a.ID, "Two")
			send(second)
			s.Clock.Pass(tt.apart)
			_, third := s.Correct(a.ID, "Three")
			send(third)
			send(third) // as after a crash
			sent := p.Arrivals()
			if tt.since != nil {
				tt.since(s, a.ID)
			}
			s.Clock.Pass(29 * time.Minute)
			if tt.want > 0 {
				same(t, "due after 29 minutes", len(s.Directed()), 0)
			}
			s.Clock.Pass(time.Minute)
			for _, m := range s.Directed() {
				if err := s.Server.Sender().SendDirected(t.Context(), m.Directed); err != nil {
					t.Fatal(err)
				}
			}
			got := p.Arrivals()[len(sent):]
			same(t, "repetitions", len(got), tt.want)
			for _, again := range got {
				same(t, "the body", string(again.Body), string(sent[1].Body))
			}
		})
	}
}
