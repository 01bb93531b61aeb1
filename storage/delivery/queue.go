package delivery

import "slices"

// The lanes. A job whose host failed last time starts in the slow lane; one whose
// host is silent moves there.
const (
	fastLane = iota
	slowLane
	lanes
)

// queue holds the claimed jobs: by lane those that may start, and by host those
// that wait until their host has room. Every operation takes constant time. Only the
// engine's loop uses it, so it needs no lock.
type queue struct {
	room    [lanes]int // requests at once
	perHost int
	ready   [lanes][]*job
	running [lanes]int
	hosts   map[string]*host
	waiting int // claimed and not started
}

// host is a server with jobs.
type host struct {
	taken   int    // jobs that are ready or running
	waiting []*job // until one of those ends
}

func newQueue(fast, slow, perHost int) *queue {
	return &queue{room: [lanes]int{fast, slow}, perHost: perHost, hosts: map[string]*host{}}
}

func (q *queue) add(j *job) {
	h := q.hosts[j.host]
	if h == nil {
		h = &host{}
		q.hosts[j.host] = h
	}
	q.waiting++
	if h.taken >= q.perHost {
		h.waiting = append(h.waiting, j)
		return
	}
	h.taken++
	q.ready[j.lane] = append(q.ready[j.lane], j)
}

// next returns a job to start now, or nil.
func (q *queue) next() *job {
	for lane := range lanes {
		if len(q.ready[lane]) == 0 || q.running[lane] >= q.room[lane] {
			continue
		}
		j := q.ready[lane][0]
		q.ready[lane][0] = nil // or the array would keep it
		q.ready[lane] = q.ready[lane][1:]
		q.running[lane]++
		q.waiting--
		return j
	}
	return nil
}

// end takes a job off its lane and lets the next of its host follow.
func (q *queue) end(j *job) {
	q.running[j.lane]--
	h := q.hosts[j.host]
	if len(h.waiting) > 0 {
		next := h.waiting[0]
		h.waiting[0] = nil
		h.waiting = h.waiting[1:]
		q.ready[next.lane] = append(q.ready[next.lane], next)
		return
	}
	if h.taken--; h.taken == 0 {
		delete(q.hosts, j.host)
	}
}

// slow moves a running job to the slow lane, which frees its place in the fast lane
// for a host that answers. It returns false if there is no room.
func (q *queue) slow(j *job) bool {
	if j.lane == slowLane {
		return true
	}
	if q.running[slowLane] >= q.room[slowLane] {
		return false
	}
	q.running[fastLane]--
	q.running[slowLane]++
	j.lane = slowLane
	return true
}

// busy reports whether a host has jobs waiting.
func (q *queue) busy(name string) bool {
	h := q.hosts[name]
	return h != nil && len(h.waiting) > 0
}

// drop takes out the jobs that have not started.
func (q *queue) drop() []*job {
	dropped := slices.Concat(q.ready[:]...)
	q.ready = [lanes][]*job{}
	for _, h := range q.hosts {
		dropped = append(dropped, h.waiting...)
		h.waiting = nil
	}
	q.waiting = 0
	return dropped
}

// idle reports whether nothing is running.
func (q *queue) idle() bool { return q.running[fastLane]+q.running[slowLane] == 0 }
