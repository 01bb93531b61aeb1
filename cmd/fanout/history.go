package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// history is what arrived where, held to what is promised: everything that was
// acknowledged arrives, in order, and no id has two bodies.
type history struct {
	mu       sync.Mutex
	arrivals map[string][]arrival // by inbox
	bodies   map[string][sha256.Size]byte
	problems []string
}

// arrival is an activity at an inbox.
type arrival struct {
	at      time.Time
	id      string
	kind    string
	object  string
	updated string // when the object says that it was changed
}

const mostProblems = 20

func newHistory() *history {
	return &history{arrivals: map[string][]arrival{}, bodies: map[string][sha256.Size]byte{}}
}

func (h *history) problem(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.problemLocked(format, args...)
}

func (h *history) problemLocked(format string, args ...any) {
	if len(h.problems) < mostProblems {
		h.problems = append(h.problems, fmt.Sprintf(format, args...))
	}
}

// record notes an arrival. An older state of an object that comes after a
// newer one is out of order, unless it is an activity that came before: that is
// a repetition.
func (h *history) record(inbox string, a arrival, body []byte) {
	sum := sha256.Sum256(body)
	h.mu.Lock()
	defer h.mu.Unlock()
	if before, ok := h.bodies[a.id]; ok && before != sum {
		h.problemLocked("%s has two bodies", a.id)
	}
	h.bodies[a.id] = sum
	repeated := slices.ContainsFunc(h.arrivals[inbox], func(b arrival) bool { return b.id == a.id })
	for _, b := range h.arrivals[inbox] {
		if b.object == a.object && !repeated && (b.updated > a.updated || b.kind == "Delete") {
			h.problemLocked("%s got %s after %s", inbox, a.id, b.id)
		}
	}
	h.arrivals[inbox] = append(h.arrivals[inbox], a)
}

// newest is the last state of the object that arrived last anywhere.
func (h *history) newest() (object, updated string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var last time.Time
	for _, arrivals := range h.arrivals {
		if a := arrivals[len(arrivals)-1]; a.at.After(last) {
			last, object = a.at, a.object
		}
	}
	for _, arrivals := range h.arrivals {
		for _, a := range arrivals {
			if a.object == object && a.updated > updated {
				updated = a.updated
			}
		}
	}
	return object, updated
}

// lacking counts the inboxes that have not got an object in a state.
func (h *history) lacking(inboxes []string, object, updated string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, inbox := range inboxes {
		if !slices.ContainsFunc(h.arrivals[inbox], func(a arrival) bool { return a.object == object && a.updated == updated }) {
			n++
		}
	}
	return n
}

// reached counts the inboxes that got anything since an instant.
func (h *history) reached(since time.Time) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, arrivals := range h.arrivals {
		if arrivals[len(arrivals)-1].at.After(since) {
			n++
		}
	}
	return n
}

// faults are what was promised and not kept.
func (h *history) faults() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.problems) == 0 {
		return nil
	}
	return errors.New(strings.Join(h.problems, "; "))
}
