package wording

import (
	"slices"
	"strings"
	"unicode"
)

// Stretch is a part of what two people have made of one sequence, each by themselves.
type Stretch struct{ Base, Theirs, Mine []string }

// Touches tells that both have changed it, and not to the same: nobody but a person knows what
// is to become of it.
func (s Stretch) Touches() bool {
	return !slices.Equal(s.Theirs, s.Mine) && !slices.Equal(s.Base, s.Theirs) && !slices.Equal(s.Base, s.Mine)
}

// Merged is what becomes of a stretch that does not touch.
func (s Stretch) Merged() []string {
	if slices.Equal(s.Base, s.Theirs) {
		return s.Mine
	}
	return s.Theirs
}

// Merge takes apart what two people have made of one sequence (S. Khanna, K. Kunal, B. C.
// Pierce, A Formal Investigation of Diff3, 2007). Changes of both with nothing left as it was
// between them are one stretch. All stretches in a row are all of each of the three sequences.
func Merge(base, theirs, mine []string) (all []Stretch) {
	a, b := changes(base, theirs), changes(base, mine)
	at := [3]int{} // how far the stretches reach in each of the three
	upTo := func(to ...int) {
		if s := (Stretch{base[at[0]:to[0]], theirs[at[1]:to[1]], mine[at[2]:to[2]]}); len(s.Base)+len(s.Theirs)+len(s.Mine) > 0 {
			all = append(all, s)
		}
		at = [3]int(to)
	}
	for len(a) > 0 || len(b) > 0 {
		start, end := len(base), 0
		if len(a) > 0 {
			start, end = a[0].FromStart, a[0].FromEnd
		}
		if len(b) > 0 && (len(a) == 0 || b[0].FromStart < start) {
			start, end = b[0].FromStart, b[0].FromEnd
		}
		same := start - at[0]
		upTo(start, at[1]+same, at[2]+same)
		from := at
		var ofA, ofB []Edit
		for {
			switch {
			case len(a) > 0 && a[0].FromStart <= end:
				ofA, a, end = append(ofA, a[0]), a[1:], max(end, a[0].FromEnd)
				continue
			case len(b) > 0 && b[0].FromStart <= end:
				ofB, b, end = append(ofB, b[0]), b[1:], max(end, b[0].FromEnd)
				continue
			}
			break
		}
		grown := func(edits []Edit) (by int) {
			for _, e := range edits {
				by += e.ToEnd - e.ToStart - (e.FromEnd - e.FromStart)
			}
			return by
		}
		upTo(end, from[1]+end-start+grown(ofA), from[2]+end-start+grown(ofB))
	}
	upTo(len(base), len(theirs), len(mine))
	return all
}

func changes(from, to []string) []Edit {
	return slices.DeleteFunc(Align(from, to), func(e Edit) bool { return e.Kept })
}

// ends are the marks that end a sentence, if a space follows, or whatever does in a script
// that has no spaces.
const (
	ends       = ".!?…؟۔।"
	endsAnyway = "。！？"
	closes     = `"'”’»)]」』）`
)

// Sentences cuts a text into sentences, each with the space behind it, and into lines where it
// has such. It knows no abbreviations: what it cuts there is shorter than a sentence.
func Sentences(text string) (all []string) {
	start := 0
	ended, spaced, anyway := false, false, false
	for at, r := range text {
		switch {
		case spaced && !unicode.IsSpace(r), anyway && !unicode.IsSpace(r) && !strings.ContainsRune(closes+endsAnyway, r):
			all = append(all, text[start:at])
			start, ended, spaced, anyway = at, false, false, false
		}
		switch {
		case r == '\n':
			all = append(all, text[start:at+1])
			start, ended, spaced, anyway = at+1, false, false, false
		case unicode.IsSpace(r):
			spaced, anyway = ended || anyway, false
		case strings.ContainsRune(endsAnyway, r):
			anyway = true
		case strings.ContainsRune(ends, r):
			ended = true
		case !strings.ContainsRune(closes, r):
			ended = false
		}
	}
	if start < len(text) {
		all = append(all, text[start:])
	}
	return all
}
