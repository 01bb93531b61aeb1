package newsroom

import (
	"communique/storage/people"
	"communique/storage/press"
)

// MayRead tells whether somebody who has signed in may read an article: what is public, and
// what is kept back in the places where they have a role that reads.
func MayRead(p people.Person, tree press.Tree, a press.Article) bool {
	return a.State == press.Published || MayReadBack(p, tree, a)
}

// MayReadBack tells whether somebody has a role that reads what is kept back of an article,
// such as a note that was hidden.
func MayReadBack(p people.Person, tree press.Tree, a press.Article) bool {
	return May(p, tree, a, people.Reads()...)
}

// May tells whether somebody has one of some roles where an article is.
func May(p people.Person, tree press.Tree, a press.Article, roles ...people.Role) bool {
	var trail []press.SectionID
	for _, s := range tree.Trail(a.Section) {
		trail = append(trail, s.ID)
	}
	return p.May(trail, a.Language, roles...)
}
