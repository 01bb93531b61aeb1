// Package arrivals records what a publisher of the fediverse delivers where, and
// holds it to what is promised: each inbox gets the states of an object in
// order, nothing follows a withdrawal, and no id comes with two bodies. What was
// not settled may be repeated.
package arrivals

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Arrival is an activity at an inbox.
type Arrival struct {
	At     time.Time // when it was read
	ID     string
	Kind   string // the activity's type
	Object string // the object's id
	// Updated is when the object says that it was published, changed or
	// deleted last: RFC 3339 in UTC, so that texts compare as instants do.
	Updated string
	// Repeated tells that the inbox had it already.
	Repeated bool
}

// Read reads what is recorded of an activity: it is no check.
func Read(body []byte) (Arrival, error) {
	var activity struct {
		ID, Type string
		Object   json.RawMessage
	}
	if err := json.Unmarshal(body, &activity); err != nil {
		return Arrival{}, fmt.Errorf("read an activity: %w", err)
	}
	var object struct{ ID, Published, Updated, Deleted string }
	if json.Unmarshal(activity.Object, &object) != nil {
		_ = json.Unmarshal(activity.Object, &object.ID) // an address in place of the object
	}
	return Arrival{
		At: time.Now(), ID: activity.ID, Kind: activity.Type, Object: object.ID,
		Updated: max(object.Published, object.Updated, object.Deleted),
	}, nil
}

// History is all that arrived. It is safe for concurrent use.
type History struct {
	mu       sync.Mutex
	inboxes  map[string][]Arrival
	bodies   map[string][sha256.Size]byte // by id
	count    int
	problems []string
}

// mostProblems bounds what is kept of what went wrong.
const mostProblems = 20

// New is a history without arrivals.
func New() *History {
	return &History{inboxes: map[string][]Arrival{}, bodies: map[string][sha256.Size]byte{}}
}

// Problem notes that something went wrong.
func (h *History) Problem(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.problem(format, args...)
}

func (h *History) problem(format string, args ...any) {
	if len(h.problems) < mostProblems {
		h.problems = append(h.problems, fmt.Sprintf(format, args...))
	}
}

// Record notes an arrival and returns how many there are by now. An older state
// of an object that comes after a newer one is out of order, unless it is an
// activity that came before: that is a repetition.
func (h *History) Record(inbox string, a Arrival, body []byte) int {
	sum := sha256.Sum256(body)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.count++
	if before, ok := h.bodies[a.ID]; ok && before != sum {
		h.problem("%s has two bodies", a.ID)
	}
	h.bodies[a.ID] = sum
	a.Repeated = slices.ContainsFunc(h.inboxes[inbox], func(b Arrival) bool { return b.ID == a.ID })
	for _, b := range h.inboxes[inbox] {
		if b.Object == a.Object && !a.Repeated && (b.Updated > a.Updated || b.Kind == "Delete") {
			h.problem("%s got %s after %s", inbox, a.ID, b.ID)
		}
	}
	h.inboxes[inbox] = append(h.inboxes[inbox], a)
	return h.count
}

// Count is how much arrived, repetitions too.
func (h *History) Count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.count
}

// Repeated is how often an inbox got an activity that it had.
func (h *History) Repeated() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, all := range h.inboxes {
		for _, a := range all {
			if a.Repeated {
				n++
			}
		}
	}
	return n
}

// Of is what arrived at an inbox about an object, in order, without repetitions.
func (h *History) Of(inbox, object string) (all []Arrival) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, a := range h.inboxes[inbox] {
		if a.Object == object && !a.Repeated {
			all = append(all, a)
		}
	}
	return all
}

// Lacking counts the inboxes whose last state of an object is not the one that
// is asked for.
func (h *History) Lacking(inboxes []string, object string, is func(Arrival) bool) int {
	n := 0
	for _, inbox := range inboxes {
		if all := h.Of(inbox, object); len(all) == 0 || !is(all[len(all)-1]) {
			n++
		}
	}
	return n
}

// Newest is the last state of the object that arrived last anywhere.
func (h *History) Newest() (object, updated string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var last time.Time
	for _, all := range h.inboxes {
		if a := all[len(all)-1]; a.At.After(last) {
			last, object = a.At, a.Object
		}
	}
	for _, all := range h.inboxes {
		for _, a := range all {
			if a.Object == object {
				updated = max(updated, a.Updated)
			}
		}
	}
	return object, updated
}

// Since is what arrived from an instant on, a list for each inbox that got
// something.
func (h *History) Since(began time.Time) (lists [][]Arrival) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, all := range h.inboxes {
		from := slices.IndexFunc(all, func(a Arrival) bool { return !a.At.Before(began) })
		if from >= 0 {
			lists = append(lists, slices.Clone(all[from:]))
		}
	}
	return lists
}

// Reached counts the inboxes that got something after an instant.
func (h *History) Reached(since time.Time) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, all := range h.inboxes {
		if all[len(all)-1].At.After(since) {
			n++
		}
	}
	return n
}

// Faults are the first of what was promised and not kept; nil is none.
func (h *History) Faults() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.problems) == 0 {
		return nil
	}
	return errors.New(strings.Join(h.problems, "; "))
}
