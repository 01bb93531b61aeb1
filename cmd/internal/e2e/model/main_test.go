// Package model plays random days of a press office against a running server, and
// compares after each step what everybody sees (page, feeds, outbox, object, profile, search,
// sitemap, a follower) with a small model of what they should. The server is killed now
// and then. -model.rounds and -model.seed make it longer and repeat it.
package model

import (
	"flag"
	"math/rand/v2"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

var (
	rounds = flag.Int("model.rounds", 1, "how many seeds to play")
	steps  = flag.Int("model.steps", 40, "how many steps each has")
	seed   = flag.Uint64("model.seed", 0, "the first seed; 0 takes a new one")
)

func TestMain(m *testing.M) { e2etest.Main(m) }

// TestModel plays one seed after the other. One that fails prints itself.
func TestModel(t *testing.T) {
	t.Parallel()
	first := *seed
	if first == 0 {
		first = rand.Uint64N(1 << 32)
	}
	for n := first; n < first+uint64(*rounds); n++ {
		play(t, n)
		if t.Failed() {
			t.Fatalf("repeat with -model.seed=%d -model.steps=%d", n, *steps)
		}
	}
}
