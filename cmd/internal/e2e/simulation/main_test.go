package simulation

import (
	"flag"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

var (
	seeds = flag.Int("simulation.seeds", 10, "how many seeds to play")
	first = flag.Uint64("simulation.seed", 0, "the first seed; 0 takes a new one")
	steps = flag.Int("simulation.steps", 30, "how many steps each has")
	told  = flag.Bool("simulation.trace", false, "print what happens")
)

// TestMain lets one goroutine run at a time: of what runs at once it is by chance what comes
// first. Several processors are made use of by several processes: see .ci/run.
func TestMain(m *testing.M) {
	runtime.GOMAXPROCS(1)
	debug.SetGCPercent(1000) // a third of the time would go into what is thrown away soon
	m.Run()
}

// TestSimulation plays one seed after the other. One that breaks a promise prints itself,
// with all that happened.
func TestSimulation(t *testing.T) {
	from := *first
	if from == 0 {
		from = rand.Uint64N(1 << 32)
	}
	began, e := time.Now(), newEngine(t)
	for seed := from; seed < from+uint64(*seeds); seed++ {
		w := play(t, e, seed, *steps)
		if *told {
			t.Logf("seed %d\n%s", seed, w.trace)
		}
		if len(w.broken) > 0 {
			t.Fatalf("repeat with -simulation.seed=%d -simulation.seeds=1 -simulation.steps=%d\n%s\n%s", seed, *steps, w.trace, w.report())
		}
	}
	t.Logf("%d seeds from %d held in %s", *seeds, from, time.Since(began).Round(time.Second))
}

// TestRepeats: a seed is played in the same way each time, or nobody could look into what
// it has found.
func TestRepeats(t *testing.T) {
	e := newEngine(t)
	for seed := uint64(1); seed <= 2; seed++ {
		once, again := play(t, e, seed, *steps), play(t, e, seed, *steps)
		if a, b := once.trace.String(), again.trace.String(); a != b {
			t.Errorf("seed %d is played in two ways:\n%s", seed, difference(a, b))
		}
	}
}
