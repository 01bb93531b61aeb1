package newsroom

import (
	"fmt"
	"slices"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// Reading is what somebody who has signed in may read of articles, as it is in one transaction.
type Reading struct {
	Tree   press.Tree
	person people.Person
	limits map[press.ArticleID]manuscripts.Limit
	others map[string]people.Person // by their ids, if there is a limit
}

// ReadingOf is what somebody may read.
func ReadingOf(tx *storage.Tx, p people.Person) (r Reading, err error) {
	r.person = p
	if r.Tree, err = tx.Tree(); err != nil {
		return r, err
	}
	limits, err := tx.Limits()
	if err != nil || len(limits) == 0 {
		return r, err
	}
	r.limits, r.others = map[press.ArticleID]manuscripts.Limit{}, map[string]people.Person{}
	for _, l := range limits {
		r.limits[l.Article] = l
	}
	all, err := tx.People()
	for _, other := range all {
		r.others[other.ID] = other
	}
	return r, err
}

// Article tells whether they may read an article: what is public, and what is kept back where
// they have a role that reads.
func (r Reading) Article(a press.Article) bool {
	return a.State == press.Published || r.KeptBack(a)
}

// KeptBack tells whether they may read what is kept back of an article, such as a note that was
// hidden. Of one that is limited to named people they may, while it is under embargo and if it is
// cancelled then, if they are named; or if
// nobody is who may approve it, and they may: somebody must be able to.
func (r Reading) KeptBack(a press.Article) bool {
	if !May(r.person, r.Tree, a, people.Reads()...) {
		return false
	}
	if a.State != press.Embargoed && a.State != press.Cancelled || !r.limited(a.ID) {
		return true
	}
	return May(r.person, r.Tree, a, people.Approver) && !slices.ContainsFunc(r.limits[a.ID].Named, func(id string) bool {
		return May(r.others[id], r.Tree, a, people.Approver)
	})
}

// limited tells whether an article that is not public is limited to people of whom they are none.
func (r Reading) limited(id press.ArticleID) bool {
	l, there := r.limits[id]
	return there && !slices.Contains(l.By, r.person.ID) && !slices.Contains(l.Named, r.person.ID)
}

// May tells whether somebody has one of some roles where an article is.
func May(p people.Person, tree press.Tree, a press.Article, roles ...people.Role) bool {
	var trail []press.SectionID
	for _, s := range tree.Trail(a.Section) {
		trail = append(trail, s.ID)
	}
	return p.May(trail, a.Language, roles...)
}

// readableArticle reads an article that the desk's person may read. Who may not is told that there
// is none.
func (d Desk) readableArticle(tx *storage.Tx, id press.ArticleID) (a press.Article, err error) {
	if a, err = tx.Article(id); err != nil {
		return a, err
	}
	reading, err := ReadingOf(tx, d.Person)
	if err == nil && !reading.Article(a) {
		err = fmt.Errorf("%w: there is no article %s", press.ErrNotFound, id)
	}
	return a, err
}
