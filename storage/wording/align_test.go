package wording

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestAlignFindsTheFewestChanges compares with the textbook's table.
func TestAlignFindsTheFewestChanges(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		a, b := make([]string, random.IntN(12)), make([]string, random.IntN(12))
		for _, s := range [][]string{a, b} {
			for i := range s {
				s[i] = string(rune('a' + random.IntN(3)))
			}
		}
		common := 0
		for _, e := range Align(a, b) {
			if e.Kept {
				common += e.FromEnd - e.FromStart
				if !slices.Equal(a[e.FromStart:e.FromEnd], b[e.ToStart:e.ToEnd]) {
					t.Fatalf("%v and %v: what is kept differs", a, b)
				}
			}
		}
		table := make([][]int, len(a)+1)
		table[0] = make([]int, len(b)+1)
		for i := range a {
			table[i+1] = make([]int, len(b)+1)
			for j := range b {
				table[i+1][j+1] = max(table[i][j+1], table[i+1][j])
				if a[i] == b[j] {
					table[i+1][j+1] = table[i][j] + 1
				}
			}
		}
		if want := table[len(a)][len(b)]; common != want {
			t.Fatalf("%v and %v: %d in common, want %d", a, b, common, want)
		}
	}
}

// TestA56WhatIsComparedIsBounded: beyond the bounds a text counts as replaced, but for
// its common start and end.
func TestA56WhatIsComparedIsBounded(t *testing.T) {
	t.Parallel()
	// differing has words in common between ones that differ, and around them.
	differing := func(places, between int) (a, b []string) {
		a, b = []string{"start"}, []string{"start"}
		for range places {
			a, b = append(a, "old"), append(b, "new")
			for range between {
				a, b = append(a, "same"), append(b, "same")
			}
		}
		return append(a, "before", "end"), append(b, "after", "end")
	}
	for _, tt := range []struct {
		places, between int
		kept            int // stretches, start and end among them
	}{
		{mostEdits/2 - 1, 1, mostEdits/2 + 1},
		{mostEdits / 2, 1, 2},
		{2, mostTokens/4 - 2, 4},
		{2, mostTokens / 4, 2},
	} {
		kept := 0
		for _, e := range Align(differing(tt.places, tt.between)) {
			if e.Kept {
				kept++
			}
		}
		if kept != tt.kept {
			t.Errorf("%d places, %d words between: %d stretches are kept, want %d", tt.places, tt.between, kept, tt.kept)
		}
	}
}
