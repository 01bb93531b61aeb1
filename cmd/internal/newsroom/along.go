package newsroom

import (
	"fmt"
	"strings"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/richtext"
)

// moved is a correction that is of consequence to the others of a set: by it the embargo
// of one moved or ended, or two sets became one.
type moved struct {
	before, after press.Article
	former        press.Article // the original of the set in which the article was
	original      press.Article // the original of the set in which it is
	alone         bool          // whether somebody has said that it is meant
	// naming are the drafts without a date of their own that are translations of it, or of
	// one of these.
	naming map[press.ArticleID]bool
}

// moveAlong brings the others of a set in line with a correction, and says what becomes
// of them: what was under the embargo of the corrected article moves with it, and nothing
// goes out before the original of the set of which nobody has said that it may.
func (d Document) moveAlong(tx *storage.Tx, before, after press.Article, alone bool) ([]Sibling, error) {
	m := moved{before: before, after: after, alone: alone}
	if before.Group == after.Group && !m.anchorMoved() {
		if alone {
			return ahead(tx, after)
		}
		return nil, nil
	}
	var err error
	if m.former, err = tx.Article(before.Group); err != nil {
		return nil, err
	}
	if m.original, err = tx.Article(after.Group); err != nil {
		return nil, err
	}
	set, err := tx.Set(after.Group)
	if err != nil {
		return nil, err
	}
	m.naming = naming(set, after.ID)
	var all []Sibling
	var early []press.Article
	for _, a := range set {
		if a.ID == after.ID || a.State != press.Embargoed {
			continue
		}
		if m.isEarly(a) {
			early = append(early, a)
			continue
		}
		s, err := m.take(tx, a)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	if len(early) > 0 && (!alone || after.ID != m.original.ID) {
		return nil, d.otherAlone(m, early)
	}
	for _, a := range early {
		if err := tx.LetAlone(a.ID); err != nil {
			return nil, err
		}
		all = append(all, Sibling{a, Alone})
	}
	return all, nil
}

// anchorMoved reports whether the embargo of what others may be under is another now.
func (m moved) anchorMoved() bool {
	return m.before.State == press.Embargoed &&
		(m.after.State == press.Published || !m.after.Published.Equal(m.before.Published))
}

// target is what a draft goes out with from now on; nothing if it stays as it is.
func (m moved) target(a press.Article) (with press.Article, moves bool) {
	if m.anchorMoved() && (follows(a, m.before, m.former) || m.overtakes(a)) {
		with, moves = m.after, true
	}
	at := a
	if moves {
		at = with
	}
	if a.Inherits && !a.Held && m.precedes(a, at) {
		return m.original, true
	}
	return with, moves
}

// overtakes reports whether a draft without a date of its own would be public before what
// it translates, which is later than the original of the set now.
func (m moved) overtakes(a press.Article) bool {
	return m.naming[a.ID] && !a.Held && !m.after.Held && m.after.State == press.Embargoed && a.Published.Before(m.after.Published)
}

// naming are the drafts of a set without a date of their own that are translations of an
// article, or of one of these.
func naming(set []press.Article, id press.ArticleID) map[press.ArticleID]bool {
	all := map[press.ArticleID]bool{}
	for more := true; more; {
		more = false
		for _, a := range set {
			if a.Inherits && a.ID != id && !all[a.ID] && (a.Translates == id || all[a.Translates]) {
				all[a.ID], more = true, true
			}
		}
	}
	return all
}

// precedes reports whether a draft that goes out as another article does would be public
// before the original of its set, although nobody has said that it may.
func (m moved) precedes(a, with press.Article) bool {
	return m.original.State == press.Embargoed && a.ID != m.original.ID && !a.Alone &&
		(with.State == press.Published || with.Published.Before(m.original.Published))
}

// isEarly reports whether a draft would be public before the original by a date of its own.
func (m moved) isEarly(a press.Article) bool { return !a.Inherits && !a.Held && m.precedes(a, a) }

// take brings a draft in line.
func (m moved) take(tx *storage.Tx, a press.Article) (s Sibling, err error) {
	with, moves := m.target(a)
	s = Sibling{a, Waits}
	switch {
	case moves:
		s.Fate = Moved
		if s.Article, err = tx.Follow(a, with); s.Article.State == press.Published {
			s.Fate = Released
		}
	case m.frees(a):
		s.Fate = Freed
		s.Article, err = m.free(tx, a)
	case isGone(m.original) && !a.Alone && !a.Held:
		s.Article.Held, err = true, tx.Hold(a.ID)
	case goesAlone(a, m.original):
		s.Fate = Alone
	}
	if s.Article.Held {
		s.Fate = Held
	}
	return s, err
}

// frees reports whether a draft that is held, because the original of its set is gone, came
// along into a set of which the original is under embargo.
func (m moved) frees(a press.Article) bool {
	return a.Held && m.original.State == press.Embargoed && m.before.Group != m.after.Group && isGone(m.former)
}

// free puts a draft that was held under the embargo of the original, unless it has a later
// date of its own.
func (m moved) free(tx *storage.Tx, a press.Article) (press.Article, error) {
	a, err := tx.Free(a)
	if err == nil && (a.Inherits || a.Published.Before(m.original.Published)) {
		a, err = tx.Follow(a, m.original)
	}
	return a, err
}

// goesAlone reports whether a draft goes out before the original of its set, as somebody has
// said.
func goesAlone(a, original press.Article) bool {
	return a.Alone && a.State == press.Embargoed && original.State == press.Embargoed && a.Published.Before(original.Published)
}

// otherAlone names the drafts that would be public before the original.
func (d Document) otherAlone(m moved, early []press.Article) error {
	var said []string
	cause, what := ErrOtherAlone, "give it a later date first, or release it alone"
	for _, a := range early {
		said = append(said, fmt.Sprintf("article %s, %s, is a translation with a date of its own and would go out before, at %s", a.ID, richtext.Quoted(a.Title), d.when(a)))
		if a.ID == m.former.ID {
			what = "correct that one as a translation of " + string(m.original.ID) + ", and this one comes along"
		}
	}
	if m.after.ID == m.original.ID {
		cause, what = ErrAlone, "move that one first"
	}
	p := d.Problem("published", strings.Join(said, "; ")+": "+what)
	p.Cause = cause
	return p
}

// follows reports whether a draft is under the embargo of another article of its set, and
// not under that of the original, or by a date of its own.
func follows(a, other, original press.Article) bool {
	same := a.Inherits && other.State == press.Embargoed && !other.Inherits && a.Published.Equal(other.Published)
	ofOriginal := original.ID != other.ID && original.State == press.Embargoed && a.Published.Equal(original.Published)
	return same && a.ID != other.ID && a.State == press.Embargoed && !ofOriginal
}

// holdLeft holds the drafts that are under the embargo of an article that was taken back,
// or are translations of it.
func holdLeft(tx *storage.Tx, gone press.Article) error {
	set, err := tx.Set(gone.Group)
	if err != nil {
		return err
	}
	original, err := tx.Article(gone.Group)
	if err != nil {
		return err
	}
	for _, a := range set {
		if gone.ID == gone.Group || follows(a, gone, original) || gone.State == press.Embargoed && gone.Together && a.Together {
			if err := tx.Hold(a.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// inheriting are the drafts that go out with one because their embargo is its own.
func inheriting(tx *storage.Tx, one press.Article) (along []press.Article, err error) {
	original, err := tx.Article(one.Group)
	if err != nil {
		return nil, err
	}
	set, err := tx.Set(one.Group)
	for _, a := range set {
		if follows(a, one, original) && !a.Held && (one.ID == original.ID || original.State != press.Embargoed) {
			along = append(along, a)
		}
	}
	return along, err
}
