package simulation

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"communique/storage/clocktest"
)

// world is everything that a seed plays with.
type world struct {
	t         *testing.T
	seed      uint64
	r         *rand.Rand // for what is done in turn, and nothing else
	clock     *clocktest.Clock
	began     time.Time
	trace     *trace
	engine    *engine
	house     *house // nil while none runs
	wakes     time.Time
	names     []string // of servers, in their order
	servers   map[string]*server
	articles  []*article
	words     map[string]*article // by each word that an article ever had
	grown     [][2]time.Time      // when the log has grown: between which instants each time
	wordsMade int

	over    atomic.Bool  // nobody sends anything any more
	pending atomic.Int64 // messages to the ministry that it has not taken

	mu     sync.Mutex
	alive  *house
	broken []string
}

// play plays a seed and returns the world as it is after that.
func play(t *testing.T, e *engine, seed uint64, steps int) *world {
	t.Helper()
	if err := e.renew(); err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, seed: seed, r: rand.New(rand.NewPCG(seed, 0)), engine: e, servers: map[string]*server{}, words: map[string]*article{}}
	synctest.Test(t, func(t *testing.T) {
		w.t = t
		w.clock, w.began = clocktest.Running(), time.Now()
		w.trace = &trace{began: w.began}
		for n := range 2 + w.r.IntN(4) {
			s := w.newServer(n)
			w.servers[s.host] = s
			w.names = append(w.names, s.host)
		}
		w.rise()
		for range steps {
			w.step()
		}
		w.calm()
		w.check()
		w.fall()
		w.over.Store(true)
		time.Sleep(time.Minute) // until whatever ran in the program is at rest
	})
	w.t = t
	return w
}

// rise starts the program, and fall ends it in good order.
func (w *world) rise() {
	w.trace.add("the program starts")
	w.house = w.start()
	w.mu.Lock()
	w.alive = w.house
	w.mu.Unlock()
}

func (w *world) fall() {
	if w.house == nil {
		return
	}
	w.mu.Lock()
	w.alive = nil
	w.mu.Unlock()
	w.house.end()
	w.house = nil
	w.trace.add("the program has ended")
}

// running is the program, or nil, for those who are no part of the turns.
func (w *world) running() *house {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.alive
}

// breaks notes that a promise is broken.
func (w *world) breaks(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := fmt.Sprintf(format, args...)
	w.trace.add("BROKEN: %s", text)
	w.broken = append(w.broken, text)
}

func (w *world) report() string { return strings.Join(w.broken, "\n") }

// pause lets time pass, mostly little.
func (w *world) pause() {
	d := time.Duration(w.r.IntN(1500)) * time.Millisecond
	if w.r.IntN(6) == 0 {
		d = time.Duration(w.r.IntN(30)) * time.Second
	}
	time.Sleep(d + time.Duration(w.r.IntN(1e6)))
	synctest.Wait()
}

// step does one thing, and looks what the site shows then.
func (w *world) step() {
	w.pause()
	if w.house == nil && time.Now().After(w.wakes) {
		w.rise()
	}
	w.notice()
	total := 0
	for _, o := range operations {
		total += o.often
	}
	n := w.r.IntN(total)
	for _, o := range operations {
		if n -= o.often; n < 0 {
			if w.house != nil || o.without {
				o.do(w)
			}
			break
		}
	}
	synctest.Wait()
	if w.r.IntN(lookNow) == 0 {
		w.look()
	}
}

// lookNow: after one of so many steps readers look what the site shows, which costs more
// than all that they look at.
const lookNow = 3

// patience is for how long everything must be done once nothing is in the way: the longest
// delay between two attempts after the faults of a seed, and some.
const patience = 20 * time.Minute

// calm puts everything right and waits until all is done; then one article more goes out, as
// to whom is known now.
func (w *world) calm() {
	w.trace.add("all is put right")
	for _, name := range w.names {
		w.servers[name].set(none)
	}
	if w.house == nil {
		w.rise()
	}
	w.calmDown()
	w.publish(0)
	w.calmDown()
}

func (w *world) calmDown() {
	for until := time.Now().Add(patience); time.Now().Before(until); {
		time.Sleep(5 * time.Second)
		synctest.Wait()
		w.notice()
		if w.pending.Load() == 0 && w.quiet(until) {
			w.trace.add("all is quiet")
			return
		}
	}
	w.breaks("%s after all was put right something is still to be done", patience)
}
