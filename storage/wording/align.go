package wording

import "slices"

// Bounds of a comparison: what differs in more places than mostEdits, or whose
// differing middle is longer than mostTokens, counts as one text replaced by the
// other; looking for more in common would take unbounded time.
const (
	mostEdits  = 1000
	mostTokens = 50_000
)

// Edit is a stretch of two sequences: either kept in both, or a part of the first
// that a part of the second replaces.
type Edit struct {
	Kept                               bool
	FromStart, FromEnd, ToStart, ToEnd int
}

// Align finds what two sequences have in common, with the fewest changes (E. W.
// Myers, An O(ND) Difference Algorithm, 1986). Beyond the bounds of a comparison it
// finds only their common start and end.
func Align(from, to []string) []Edit {
	start := 0
	for start < len(from) && start < len(to) && from[start] == to[start] {
		start++
	}
	endFrom, endTo := len(from), len(to)
	for endFrom > start && endTo > start && from[endFrom-1] == to[endTo-1] {
		endFrom, endTo = endFrom-1, endTo-1
	}
	var s script
	s.keep(0, 0, start)
	middle := middle{from[start:endFrom], to[start:endTo]}
	if trace, ok := middle.trace(); ok {
		for _, k := range middle.matches(trace) {
			s.keep(start+k.from, start+k.to, k.length)
		}
	}
	s.keep(endFrom, endTo, len(from)-endFrom)
	s.change(len(from), len(to))
	return s.edits
}

// script collects edits in order.
type script struct {
	edits    []Edit
	from, to int // how far the edits reach
}

func (s *script) keep(from, to, length int) {
	if length == 0 {
		return
	}
	s.change(from, to)
	s.edits = append(s.edits, Edit{true, from, from + length, to, to + length})
	s.from, s.to = from+length, to+length
}

func (s *script) change(from, to int) {
	if from > s.from || to > s.to {
		s.edits = append(s.edits, Edit{false, s.from, from, s.to, to})
	}
	s.from, s.to = from, to
}

// middle is what remains of two sequences without their common start and end.
type middle struct{ from, to []string }

// trace follows the furthest paths through the edit graph for 0, 1, 2 … changes
// until one reaches the end. For each number of changes it keeps how far the
// paths were on the diagonals from minus that number to plus it.
func (m middle) trace() (trace [][]int, ok bool) {
	if len(m.from)+len(m.to) > mostTokens {
		return nil, false
	}
	furthest := make([]int, 2*mostEdits+3) // by diagonal
	const zero = mostEdits + 1
	for d := 0; d <= mostEdits; d++ {
		for k := -d; k <= d; k += 2 {
			x := furthest[zero+k-1] + 1
			if k == -d || k != d && furthest[zero+k-1] < furthest[zero+k+1] {
				x = furthest[zero+k+1]
			}
			for x < len(m.from) && x-k < len(m.to) && m.from[x] == m.to[x-k] {
				x++
			}
			furthest[zero+k] = x
			if x >= len(m.from) && x-k >= len(m.to) {
				return trace, true
			}
		}
		trace = append(trace, append([]int(nil), furthest[zero-d:zero+d+1]...))
	}
	return nil, false
}

// match is a stretch that both sequences contain.
type match struct{ from, to, length int }

// matches walks back from the end along the paths of a trace.
func (m middle) matches(trace [][]int) []match {
	var back []match
	x, y := len(m.from), len(m.to)
	for d := len(trace); d > 0; d-- {
		before := func(k int) int { return trace[d-1][k+d-1] }
		k := x - y
		previous := k - 1
		if k == -d || k != d && at(before, d, k-1) < at(before, d, k+1) {
			previous = k + 1
		}
		px := before(previous)
		sx := px // where the diagonal begins, after the change
		if previous == k-1 {
			sx++
		}
		if x > sx {
			back = append(back, match{sx, sx - k, x - sx})
		}
		x, y = px, px-previous
	}
	if x > 0 {
		back = append(back, match{0, 0, x})
	}
	slices.Reverse(back)
	return back
}

// at is how far a path reached, or -1 on a diagonal that had none.
func at(before func(int) int, d, k int) int {
	if k < -(d-1) || k > d-1 {
		return -1
	}
	return before(k)
}
