package press

import (
	"fmt"
	"slices"
	"strings"
)

// Tree holds all sections at one moment.
type Tree struct {
	byID     map[SectionID]Section
	byPath   map[Path]SectionID
	children map[SectionID][]SectionID
	former   map[Path]SectionID
	places   map[Place]SectionID
}

// Place is where a section is called by a name.
type Place struct {
	Parent SectionID
	Name   string
}

// NewTree returns a tree of sections; siblings keep their order.
func NewTree(sections []Section) Tree {
	t := Tree{
		byID:     make(map[SectionID]Section, len(sections)),
		byPath:   make(map[Path]SectionID, len(sections)),
		children: make(map[SectionID][]SectionID),
	}
	for _, s := range sections {
		t.byID[s.ID] = s
		t.byPath[s.Path] = s.ID
		t.children[s.Parent] = append(t.children[s.Parent], s.ID)
	}
	return t
}

// WithFormer returns the tree with the former paths of sections.
func (t Tree) WithFormer(former map[Path]SectionID) Tree {
	t.former = former
	return t
}

// WithPlaces returns the tree with the places in which sections were called by names that
// they no longer have there.
func (t Tree) WithPlaces(former map[Place]SectionID) Tree {
	t.places = former
	return t
}

// Section returns a section by id.
func (t Tree) Section(id SectionID) (Section, bool) {
	s, ok := t.byID[id]
	return s, ok
}

// ByPath returns a section by its current path.
func (t Tree) ByPath(p Path) (Section, bool) {
	id, ok := t.byPath[p]
	return t.byID[id], ok
}

// Former returns the section that once had a path, wherever it is now.
func (t Tree) Former(p Path) (Section, bool) {
	id, ok := t.former[p]
	return t.byID[id], ok
}

// FormerPaths returns the former paths of a section, sorted.
func (t Tree) FormerPaths(id SectionID) []Path {
	var all []Path
	for p, of := range t.former {
		if of == id {
			all = append(all, p)
		}
	}
	slices.Sort(all)
	return all
}

// ClosedBy returns the section that was closed, if a section is closed: itself or the
// nearest one above it.
func (t Tree) ClosedBy(id SectionID) (Section, bool) {
	for _, s := range slices.Backward(t.Trail(id)) {
		if !s.Closed.IsZero() {
			return s, true
		}
	}
	return Section{}, false
}

// Instead returns where readers of a closed section are referred to: the sections
// that were named when it was closed, or else the nearest open one above it; nothing
// if that is the root. In place of one that was closed since stands what is there
// instead of that one: nobody is led from a closed section to another.
func (t Tree) Instead(id SectionID) []Section {
	return t.instead(id, map[SectionID]bool{})
}

// instead leaves out the closed sections that were followed already: two may name
// each other.
func (t Tree) instead(id SectionID, followed map[SectionID]bool) []Section {
	closed, ok := t.ClosedBy(id)
	if !ok || followed[closed.ID] {
		return nil
	}
	followed[closed.ID] = true
	var all []Section
	add := func(s Section) {
		if !slices.ContainsFunc(all, func(o Section) bool { return o.ID == s.ID }) {
			all = append(all, s)
		}
	}
	for _, i := range closed.Instead {
		if _, too := t.ClosedBy(i); !too {
			add(t.byID[i])
			continue
		}
		for _, s := range t.instead(i, followed) {
			add(s)
		}
	}
	if len(all) > 0 || closed.Parent == Root {
		return all
	}
	if _, above := t.ClosedBy(closed.Parent); above {
		return t.instead(closed.Parent, followed)
	}
	return []Section{t.byID[closed.Parent]}
}

// OpenChildren returns the children of a section that are not closed themselves.
func (t Tree) OpenChildren(id SectionID) []Section {
	return slices.DeleteFunc(t.Children(id), func(s Section) bool { return !s.Closed.IsZero() })
}

// Children returns the children of a section, in the order of [NewTree].
func (t Tree) Children(id SectionID) []Section {
	var below []Section
	for _, c := range t.children[id] {
		below = append(below, t.byID[c])
	}
	return below
}

// Trail returns the sections from the top down to a section, including itself.
func (t Tree) Trail(id SectionID) []Section {
	var trail []Section
	for id != Root {
		s, ok := t.byID[id]
		if !ok {
			break
		}
		trail = append(trail, s)
		id = s.Parent
	}
	slices.Reverse(trail)
	return trail
}

// Names returns the names of a section's trail in a language (see [Section.Name]).
func (t Tree) Names(id SectionID, lang, fallback Language) []string {
	var names []string
	for _, s := range t.Trail(id) {
		names = append(names, s.Name(lang, fallback))
	}
	return names
}

// Walk calls fn for every section, parents first, with its depth, from 0.
func (t Tree) Walk(fn func(s Section, depth int)) {
	var walk func(id SectionID, depth int)
	walk = func(id SectionID, depth int) {
		for _, c := range t.children[id] {
			fn(t.byID[c], depth)
			walk(c, depth+1)
		}
	}
	walk(Root, 0)
}

// SplitNames splits "The Ministry > The Minister" into its names.
func SplitNames(path string) []string {
	var names []string
	for name := range strings.SplitSeq(path, ">") {
		names = append(names, strings.Join(strings.Fields(name), " "))
	}
	return names
}

// Resolve finds a section by its current or a former path of slugs, or by its path of
// names in any language. It returns [ErrNotFound], with the most similar section, if
// there is none.
func (t Tree) Resolve(text string) (Section, error) {
	text = strings.TrimSpace(text)
	if s, ok := t.ByPath(Path(strings.Trim(text, "/"))); ok {
		return s, nil
	}
	if s, ok := t.ByNames(SplitNames(text)); ok {
		return s, nil
	}
	if s, ok := t.Former(Path(strings.Trim(text, "/"))); ok {
		return s, nil
	}
	if near := t.nearest(text); near != "" {
		return Section{}, fmt.Errorf("%w: there is no section %q; the nearest is %q", ErrNotFound, text, near)
	}
	return Section{}, fmt.Errorf("%w: there is no section %q, and there are none yet: add it with communique section add", ErrNotFound, text)
}

// ByNames returns a section by the names from the top down, each in any language.
func (t Tree) ByNames(names []string) (Section, bool) {
	at := Root
	for _, name := range names {
		child, ok := t.ChildNamed(at, name)
		if !ok {
			return Section{}, false
		}
		at = child.ID
	}
	s, ok := t.byID[at]
	return s, ok
}

// FormerlyNamed returns the section that had a path of names in the past, of which any may
// be of today: where it is now, and whether what is above it was moved or it was itself.
func (t Tree) FormerlyNamed(names []string) (Section, bool) {
	s, ok := t.byID[t.formerly(Root, names)]
	return s, ok
}

// formerly is the root if there is none. What is called so today comes first.
func (t Tree) formerly(at SectionID, names []string) SectionID {
	if len(names) == 0 {
		return at
	}
	if child, ok := t.ChildNamed(at, names[0]); ok {
		if found := t.formerly(child.ID, names[1:]); found != Root {
			return found
		}
	}
	for place, id := range t.places {
		if place.Parent == at && strings.EqualFold(place.Name, names[0]) {
			if found := t.formerly(id, names[1:]); found != Root {
				return found
			}
		}
	}
	return Root
}

// ChildNamed returns the child of a section by its name in any language, ignoring
// case.
func (t Tree) ChildNamed(parent SectionID, name string) (Section, bool) {
	for _, c := range t.children[parent] {
		for _, n := range t.byID[c].Names {
			if strings.EqualFold(n, name) {
				return t.byID[c], true
			}
		}
	}
	return Section{}, false
}

// nearest returns the path, of slugs or names, that is most similar to a text. The
// last part of a path alone is compared, too, in case the upper ones were left out.
func (t Tree) nearest(text string) string {
	text = strings.ToLower(text)
	best, least := "", -1
	consider := func(candidate, end string) {
		d := min(distance(text, strings.ToLower(candidate)), distance(text, strings.ToLower(end))+1)
		if least < 0 || d < least || d == least && candidate < best {
			best, least = candidate, d
		}
	}
	for _, s := range t.byID {
		consider(string(s.Path), s.Slug)
		for lang := range s.Names {
			names := t.Names(s.ID, lang, lang)
			consider(strings.Join(names, " > "), names[len(names)-1])
		}
	}
	return best
}

// distance is the Levenshtein distance of two texts.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range y {
			change := diagonal
			if r != s {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}
