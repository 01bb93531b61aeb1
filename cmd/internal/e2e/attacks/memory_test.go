package attacks

import (
	"flag"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

var memory = flag.Bool("attacks.memory", false, "measure what the messages of 11,000 strangers take in memory, which takes a minute")

const (
	strangers = 11_000
	// mostForStrangers is what their messages may take in memory, in MiB: the caches
	// of keys and accounts, and the 40 that messages of any kind leave to be collected.
	mostForStrangers = 128
)

// TestMemoryOfStrangers: what 11,000 messages take in memory that come from as many
// strangers, who are there with short descriptions or long ones, or name keys that are
// not there, by HTTP from a server in another process (SECURITY A52).
func TestMemoryOfStrangers(t *testing.T) {
	if !*memory {
		t.Skip("takes long: run it with -attacks.memory")
	}
	long := strings.Repeat("x", 1900)
	for name, message := range map[string]struct {
		describes string // what each says of itself
		keyID     func(p *e2etest.Peer, n int) string
		status    int
	}{
		"who are there":                 {"", func(p *e2etest.Peer, _ int) string { return p.KeyID() }, http.StatusAccepted},
		"with long descriptions":        {strings.Repeat("about ", 3_000), func(p *e2etest.Peer, _ int) string { return p.KeyID() }, http.StatusAccepted},
		"with long keys that are not":   {"", func(p *e2etest.Peer, n int) string { return fmt.Sprintf("%s/%s/%d#key", p.Server.URL, long, n) }, http.StatusUnauthorized},
		"with keys where nobody may be": {"", func(_ *e2etest.Peer, n int) string { return fmt.Sprintf("https://10.0.0.1/%s/%d#key", long, n) }, http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
			p.Name = message.describes
			served := s.Start()
			p.Sends(s, p.Follow(s.Actor())) // everything has run once
			before := served.Resident(t)
			var work sync.WaitGroup
			numbers := make(chan int)
			for range 4 {
				work.Go(func() {
					for n := range numbers {
						stranger := p.As(fmt.Sprint("reader", n))
						l := stranger.Letter(s.Inbox(), stranger.Activity("Like", "1", s.Actor()))
						l.KeyID = message.keyID(stranger, n)
						l.Request.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.%d.%d", n/250, n%250))
						l.Sign(t)
						if got := l.Post(t); got != message.status {
							t.Errorf("number %d is answered %d", n, got)
						}
					}
				})
			}
			for n := range strangers {
				numbers <- n
			}
			close(numbers)
			work.Wait()
			took := served.Resident(t) - before
			t.Logf("%d MiB before, %d MiB more after %d messages", before, took, strangers)
			if took > mostForStrangers {
				t.Errorf("%d messages take %d MiB, more than %d", strangers, took, mostForStrangers)
			}
		})
	}
}
