package delivery_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"communique/storage/deliveries"
	"communique/storage/delivery"
	"communique/storage/delivery/patience"
	"communique/storage/publog"
)

// network is a sender as those of the fediverse are: it signs, one request at a
// time, and then waits for an answer, for ten seconds at most.
type network struct {
	*world
	clock   *patience.Clock
	signing chan struct{}
	signs   time.Duration
	answers func(inbox string) time.Duration

	mu       sync.Mutex
	attempts map[string]int // by inbox
}

// after is when everybody answers; living is when all do whose host is not dead.
func after(d time.Duration) func(string) time.Duration {
	return func(string) time.Duration { return d }
}

func living(d time.Duration) func(string) time.Duration {
	return func(inbox string) time.Duration {
		if strings.Contains(inbox, "dead") {
			return time.Hour
		}
		return d
	}
}

func (n *network) Send(ctx context.Context, d deliveries.Destination, s delivery.Step) error {
	n.mu.Lock()
	n.attempts[d.URL]++
	n.mu.Unlock()
	if n.signs > 0 {
		n.signing <- struct{}{}
		time.Sleep(n.signs)
		<-n.signing
	}
	ctx, cancel := patience.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	defer n.clock.Ask(ctx)()
	select {
	case <-time.After(n.answers(d.URL)):
		return n.world.Send(ctx, d, s)
	case <-ctx.Done():
		return &delivery.Failure{Verdict: delivery.Later, Detail: context.Cause(ctx).Error()}
	}
}

// tried is how often inboxes were tried.
func (n *network) tried(inbox string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.attempts[inbox]
}

// over makes an engine with few places send over a network, where signing takes a
// time, and answers one that depends on the inbox.
func over(n **network, clock *patience.Clock, signs time.Duration, answers func(inbox string) time.Duration) func(*world, *delivery.Options) {
	return func(w *world, o *delivery.Options) {
		*n = &network{
			world: w, clock: clock, signing: make(chan struct{}, 1), signs: signs, answers: answers, attempts: map[string]int{},
		}
		o.Fast, o.Slow = 8, 2
		o.Kinds = map[publog.SourceKind]delivery.Kind{publog.Author: {Plan: delivery.Authored, Sender: *n}}
	}
}

func inboxes(w *world, kind string, count int) (all []string) {
	for i := range count {
		host := fmt.Sprintf("%s%d.example", kind, i)
		w.follow(host, "http://"+host+"/inbox")
		all = append(all, "http://"+host+"/inbox")
	}
	return all
}

func attentive() *patience.Clock { return &patience.Clock{Probe: func() {}} }

// TestSigningIsNotSilence: a signature takes a second, eight requests wait for each
// other, and the lane for silent servers has room for two. Servers that answer have
// each delivery once all the same.
func TestSigningIsNotSilence(t *testing.T) {
	t.Parallel()
	var n *network
	inDaysWith(t, over(&n, attentive(), time.Second, after(400*time.Millisecond)), func(w *world) {
		all := inboxes(w, "h", 60)
		w.publish("A communiqué")
		time.Sleep(10 * time.Minute)
		for _, inbox := range all {
			expect(w.t, inbox, w.at(inbox), "create 2")
			if tried := n.tried(inbox); tried != 1 {
				w.t.Errorf("%s was tried %d times", inbox, tried)
			}
		}
	})
}

// TestStarvationIsNotSilence: an answer takes half a minute to be noticed, because
// the process gets round to its work every two seconds.
func TestStarvationIsNotSilence(t *testing.T) {
	t.Parallel()
	var n *network
	starved := &patience.Clock{Probe: func() { time.Sleep(2 * time.Second) }}
	inDaysWith(t, over(&n, starved, 0, after(30*time.Second)), func(w *world) {
		all := inboxes(w, "h", 60)
		w.publish("A communiqué")
		time.Sleep(10 * time.Minute)
		for _, inbox := range all {
			expect(w.t, inbox, w.at(inbox), "create 2")
			if tried := n.tried(inbox); tried != 1 {
				w.t.Errorf("%s was tried %d times", inbox, tried)
			}
		}
	})
}

// TestTheDeadDoNotDelayTheLiving: servers that never answer, more than there are
// places in both lanes, hold up those that do for a moment.
func TestTheDeadDoNotDelayTheLiving(t *testing.T) {
	t.Parallel()
	var n *network
	inDaysWith(t, over(&n, attentive(), 0, living(100*time.Millisecond)), func(w *world) {
		dead, living := inboxes(w, "dead", 20), inboxes(w, "living", 60)
		w.publish("A communiqué")
		time.Sleep(20 * time.Second)
		for _, inbox := range living {
			expect(w.t, inbox, w.at(inbox), "create 2")
			if tried := n.tried(inbox); tried != 1 {
				w.t.Errorf("%s was tried %d times", inbox, tried)
			}
		}
		time.Sleep(10 * time.Minute)
		for _, inbox := range dead {
			if d := w.destination(inbox); d.Failures < 2 {
				w.t.Errorf("%s has failed %d times", inbox, d.Failures)
			}
		}
	})
}

// TestSlowIsNotSilent: a server that takes 400 ms for each of many entries is
// never in the lane of the silent, where there is no room for it.
func TestSlowIsNotSilent(t *testing.T) {
	t.Parallel()
	var n *network
	inDaysWith(t, over(&n, attentive(), 0, living(400*time.Millisecond)), func(w *world) {
		dead, slow := inboxes(w, "dead", 3), inboxes(w, "slow", 4)
		for range 12 {
			w.publish("A communiqué")
		}
		time.Sleep(10 * time.Minute)
		for _, inbox := range slow {
			if got, tried := w.at(inbox), n.tried(inbox); len(got) != 12 || tried != 12 {
				w.t.Errorf("%s got %d of 12 entries in %d attempts", inbox, len(got), tried)
			}
		}
		for _, inbox := range dead {
			if got := w.at(inbox); len(got) > 0 {
				w.t.Errorf("%s got %q", inbox, got)
			}
		}
	})
}

// TestTakenAsItIsGivenUp: a server takes a delivery at the moment at which it is
// given up because too many are silent. What it has is settled, and what comes
// later is not kept from it.
func TestTakenAsItIsGivenUp(t *testing.T) {
	t.Parallel()
	clock := attentive()
	var ended chan struct{} // of the simulation, as whatever is waited for there
	change := func(w *world, o *delivery.Options) {
		ended = make(chan struct{})
		o.Fast, o.Slow = 2, 1
		send := func(ctx context.Context, d deliveries.Destination, s delivery.Step) error {
			defer clock.Ask(ctx)()
			if s.Verb == delivery.Create {
				select {
				case <-ctx.Done(): // the answer is there, its body is not
				case <-ended:
				}
			}
			return w.Send(ctx, d, s)
		}
		o.Kinds = map[publog.SourceKind]delivery.Kind{publog.Author: {Plan: delivery.Authored, Sender: sendFunc(send)}}
	}
	inDaysWith(t, change, func(w *world) {
		all := inboxes(w, "h", 2)
		id := w.publish("A communiqué")
		time.Sleep(time.Minute)
		w.withdraw(id)
		time.Sleep(time.Minute)
		expect(w.t, "who was given up", append(w.at(all[0]), w.at(all[1])...), "create 2", "delete 3")
		close(ended)
	})
}
