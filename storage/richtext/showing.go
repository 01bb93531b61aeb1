package richtext

import (
	"cmp"
	"slices"
	"strings"

	"communique/storage/lazyregexp"
)

// Showing is what a rule of a style sheet says of whether elements are shown at all.
type Showing struct {
	Selector string
	Property string // display or visibility
	Hides    bool
	// Sometimes is set for what holds on some screens, or while a reader does something.
	Sometimes bool
	// Weight puts rules for one element in order, the one that counts last; of equal ones
	// the later one counts.
	Weight int
}

const (
	// maxLinked bounds a style sheet of which only this is read, in bytes, and maxShowing
	// its rules.
	maxLinked  = 1 << 20
	maxShowing = 20_000
)

// overAll is more than any selector weighs.
const overAll = 1 << 24

// ReadShowing reads from a style sheet what it says of whether elements are shown: what
// hides them whatever a reader does and whichever screen he has, and what shows them ever.
// Rules come in the order in which they count.
func ReadShowing(css string) []Showing {
	var found []Showing
	for _, w := range rulesOf(cssComment.ReplaceAllString(css[:min(len(css), maxLinked)], ""), 0, maxShowing) {
		for _, property := range []string{"display", "visibility"} {
			s, ok := w.said[property]
			if !ok || len(found) >= maxShowing {
				continue
			}
			hides := s.value == "none" || s.value == "hidden" || s.value == "collapse"
			for selector := range strings.SplitSeq(w.selectors, ",") {
				selector = strings.TrimSpace(selector)
				simple := compounds(selector) != nil
				if selector == "" || hides && (w.sometimes || !simple || wholePage.MatchString(selector)) {
					continue
				}
				r := Showing{selector, property, hides, w.sometimes || !simple, weight(selector)}
				if s.important {
					r.Weight += overAll
				}
				found = append(found, r)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Showing) int { return cmp.Compare(a.Weight, b.Weight) })
	return found
}

// Aim is the last part of a selector without what elements only sometimes are (pseudo-classes,
// attributes) and without the names that known does not know; empty if that leaves no name.
func Aim(selector string, known func(mark string) bool) string {
	parts := strings.FieldsFunc(withoutStates.ReplaceAllString(selector, ""), func(r rune) bool { return strings.ContainsRune(" \t\n>+~", r) })
	if len(parts) == 0 {
		return ""
	}
	m := compoundSelector.FindStringSubmatch(parts[len(parts)-1])
	if m == nil {
		return ""
	}
	var aim strings.Builder
	for _, mark := range compoundMark.FindAllString(m[2], -1) {
		if known(mark) {
			aim.WriteString(mark)
		}
	}
	if aim.Len() == 0 {
		return ""
	}
	return m[1] + aim.String()
}

// Marks are the classes and ids that a selector names, each with its sign.
func Marks(selector string) []string { return compoundMark.FindAllString(selector, -1) }

// withoutStates are attributes, pseudo-classes and pseudo-elements in a selector.
var withoutStates = lazyregexp.New(`\[[^\]]*\]|::?[\w-]+(\([^()]*(\([^()]*\)[^()]*)*\))?`)
