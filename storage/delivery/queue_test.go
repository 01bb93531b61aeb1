package delivery

import (
	"fmt"
	"testing"
)

func jobFor(host string, lane int) *job { return &job{host: host, lane: lane} }

// started takes what may start now.
func started(q *queue) (all []*job) {
	for j := q.next(); j != nil; j = q.next() {
		all = append(all, j)
	}
	return all
}

// TestOneHostDoesNotHoldUpTheOthers: however many jobs a host has, two of them
// run, and the others' are not behind it.
func TestOneHostDoesNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	q := newQueue(10, 10, 2)
	for range 1000 {
		q.add(jobFor("big.example", fastLane))
	}
	for i := range 5 {
		q.add(jobFor(fmt.Sprintf("h%d.example", i), fastLane))
	}
	running := started(q)
	byHost := map[string]int{}
	for _, j := range running {
		byHost[j.host]++
	}
	if len(running) != 7 || byHost["big.example"] != 2 {
		t.Errorf("%d run: %v", len(running), byHost)
	}
	if !q.busy("big.example") || q.busy("h1.example") || q.waiting != 998 {
		t.Errorf("waiting %d", q.waiting)
	}
	for done := len(running); len(running) > 0; {
		q.end(running[0])
		running = append(running[1:], started(q)...)
		if len(running) > 7 {
			t.Fatalf("%d run at once after %d", len(running), done)
		}
		done++
	}
	if !q.idle() || q.waiting != 0 || len(q.hosts) != 0 {
		t.Errorf("in the end %d wait and %d hosts are known", q.waiting, len(q.hosts))
	}
}

// TestLanes: what failed before starts in the slow lane, what stays silent is
// moved there, and a full slow lane takes nothing from the fast one.
func TestLanes(t *testing.T) {
	t.Parallel()
	q := newQueue(2, 2, 2)
	for i := range 4 {
		q.add(jobFor(fmt.Sprintf("dead%d.example", i), slowLane))
	}
	for i := range 4 {
		q.add(jobFor(fmt.Sprintf("live%d.example", i), fastLane))
	}
	running := started(q)
	if len(running) != 4 || q.running != [lanes]int{2, 2} {
		t.Fatalf("running %v", q.running)
	}
	silent := running[0]
	if silent.lane != fastLane || q.slow(silent) {
		t.Error("a silent one found room in a full lane")
	}
	var dead *job
	for _, j := range running {
		if j.lane == slowLane {
			dead = j
		}
	}
	q.end(dead)
	if !q.slow(silent) || q.running != [lanes]int{1, 2} {
		t.Errorf("running %v after the silent one has yielded", q.running)
	}
	if next := started(q); len(next) != 1 || next[0].lane != fastLane {
		t.Errorf("%d start in its place", len(next))
	}
	if !q.slow(silent) {
		t.Error("asked twice it does not stay")
	}
	q.drop()
	if q.waiting != 0 || q.next() != nil {
		t.Error("something starts after all was dropped")
	}
}
