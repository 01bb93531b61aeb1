package simulation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// trace is what happened. What several goroutines do at one instant has no order, so it is
// put in one.
type trace struct {
	began time.Time

	mu    sync.Mutex
	lines []line
}

type line struct {
	at   time.Duration
	text string
}

func (t *trace) add(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, line{time.Since(t.began), fmt.Sprintf(format, args...)})
}

// String is a line for each thing that happened, behind how long the seed had been played.
func (t *trace) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	sorted := slices.Clone(t.lines)
	slices.SortStableFunc(sorted, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.at, b.at), strings.Compare(a.text, b.text))
	})
	var b strings.Builder
	for _, l := range sorted {
		fmt.Fprintf(&b, "%12.6f %s\n", l.at.Seconds(), l.text)
	}
	return b.String()
}

// difference is where two traces part.
func difference(a, b string) string {
	one, other := strings.Split(a, "\n"), strings.Split(b, "\n")
	i := 0
	for i < min(len(one), len(other)) && one[i] == other[i] {
		i++
	}
	around := func(lines []string) string {
		return strings.Join(lines[max(0, i-3):min(len(lines), i+3)], "\n")
	}
	return fmt.Sprintf("line %d\n%s\nor\n%s", i+1, around(one), around(other))
}
