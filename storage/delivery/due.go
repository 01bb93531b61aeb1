package delivery

import "sync"

// sourcesAtOnce bounds how many sources one claim asks: there may be thousands of
// topics, and asking each is a lookup in an index.
const sourcesAtOnce = 64

// due lists the sources that may have something to claim, each once, in the order of
// their turns. The loop takes from it, the settler adds to it.
type due struct {
	mu     sync.Mutex
	order  []string
	listed map[string]bool
}

// add appends the sources that are not listed yet.
func (d *due) add(sources ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.listed == nil {
		d.listed = map[string]bool{}
	}
	for _, s := range sources {
		if !d.listed[s] {
			d.listed[s] = true
			d.order = append(d.order, s)
		}
	}
}

// size returns how many sources are listed.
func (d *due) size() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.order)
}

// take removes the sources whose turn it is, and reports whether others wait.
func (d *due) take() (turn []string, more bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := min(len(d.order), sourcesAtOnce)
	turn = append(turn, d.order[:n]...)
	d.order = append(d.order[:0], d.order[n:]...)
	for _, s := range turn {
		delete(d.listed, s)
	}
	return turn, len(d.order) > 0
}
