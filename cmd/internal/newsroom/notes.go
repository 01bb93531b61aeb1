package newsroom

import (
	"slices"

	"communique/storage"
	"communique/storage/press"
)

// noteOutdated finds a note that readers are shown beside an article, and that tells a figure
// or a name which the article says now and will say no longer.
func noteOutdated(history []press.Revision, now, then said) (note string, ok bool) {
	names := now.lacks(then, func(t term) bool { return t.capital && t.letters() >= longWord })
	for _, r := range slices.Backward(history) {
		if r.Note == "" || r.Hidden {
			continue
		}
		told := newSaid(now.language)
		told.add("", r.Note)
		part := told.partsOf(then)
		for figure := range told.figures {
			if now.figures[figure] && !then.figures[figure] && !part[figure] {
				return r.Note, true
			}
		}
		if slices.ContainsFunc(names, told.has) {
			return r.Note, true
		}
	}
	return "", false
}

// change is from what an article says to what it will say.
type change struct{ now, then said }

// noteThatStands finds a note that readers are shown beside an article, and that what takes
// a correction back makes untrue: the note on that correction; one on a later correction
// that put in what goes, or took out what comes again; or, as either may have been explained
// with another one, any that names it. Of where an article is, and in which language, a note
// tells nothing unless it says so.
func noteThatStands(tx *storage.Tx, id press.ArticleID, history []press.Revision, corrected int, field string, c change) (note string, err error) {
	placed := field == "section" || field == "tags" || field == "language"
	tells := func(t term) bool { return t.capital || t.single || t.letters() >= longWord }
	changed := slices.Concat(c.now.lacks(c.then, tells), c.then.lacks(c.now, tells))
	for i, r := range history {
		if r.Note == "" || r.Hidden {
			continue
		}
		told := newSaid(c.now.language)
		told.add("", r.Note)
		stands := i == corrected && !placed || slices.ContainsFunc(changed, told.has) || told.figureOfOne(c.now, c.then)
		if !stands && i > corrected && !placed {
			if stands, err = c.undoes(tx, id, i); err != nil {
				return "", err
			}
		}
		if stands {
			return r.Note, nil
		}
	}
	return "", nil
}

// undoes reports whether a change takes out what the correction after a revision put in, or
// puts in what that took out.
func (c change) undoes(tx *storage.Tx, id press.ArticleID, revision int) (bool, error) {
	var versions [2]said
	for i := range versions {
		a, err := tx.WordingAt(id, revision+i)
		if err != nil {
			return false, err
		}
		versions[i] = saidBy(a.Language, a.Title, a.Lead, a.Tags, a.Images, a.Body, a.Particulars)
	}
	before, after := versions[0], versions[1]
	for _, set := range []func(said) map[string]bool{func(s said) map[string]bool { return s.figures }, func(s said) map[string]bool { return s.words }} {
		for key := range set(c.now) {
			if !set(c.then)[key] && set(after)[key] && !set(before)[key] {
				return true, nil
			}
		}
		for key := range set(c.then) {
			if !set(c.now)[key] && set(before)[key] && !set(after)[key] {
				return true, nil
			}
		}
	}
	return false, nil
}

// figureOfOne reports whether a text has a figure, also in words, that one of two versions
// has and the other has not.
func (s said) figureOfOne(a, b said) bool {
	for value := range s.figures {
		if a.figures[value] != b.figures[value] {
			return true
		}
	}
	return false
}
