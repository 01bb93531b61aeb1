package newsdesk

import (
	"fmt"
	"slices"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// A set is the articles of one translation group: a statement in several languages.

// Set reads the articles of a group that are public or under embargo, the one that
// was stored first before the others.
func (tx *Tx) Set(group press.ArticleID) ([]press.Article, error) {
	return tx.articles(`SELECT `+articleColumns+` FROM articles a
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE a.translation_group = $1 AND a.state IN ('embargoed', 'published')
		ORDER BY CASE WHEN a.id = a.translation_group THEN 0 ELSE 1 END, a.language, a.id`, group)
}

// Anchor is the article whose embargo a translation is under that gives no date: the
// original of the set, or else what it names, if that is public later than the original or
// the original is gone.
// A translation that is released alone takes no other along.
func (tx *Tx) Anchor(named press.ArticleID) (press.Article, error) {
	of, err := tx.Article(named)
	if err != nil || of.ID == of.Group {
		return of, err
	}
	original, err := tx.Article(of.Group)
	if err == nil && !isThere(original) {
		return of, nil
	}
	if of.State == press.Embargoed && (original.State != press.Embargoed || of.Published.After(original.Published)) {
		return of, err
	}
	return original, err
}

// inherited is the article whose embargo a draft is put under, if it is.
func (tx *Tx) inherited(d press.Draft) (original press.Article, inherits bool, err error) {
	if !d.Inherits || d.TranslationOf == "" {
		return original, false, nil
	}
	original, err = tx.Anchor(d.TranslationOf)
	return original, original.State == press.Embargoed, err
}

// Follow puts a draft under the embargo that another article of its set has now, and
// releases it if that one is public. It returns the draft as it is then.
func (tx *Tx) Follow(a, with press.Article) (press.Article, error) {
	a.Published, a.Precision, a.Local, a.Updated = with.Published, with.Precision, with.Local, with.Published
	a.Silent = a.Silent || with.Silent // its date is as old as that one's
	a.Inherits = true
	err := tx.db.Exec(`UPDATE articles SET published = $1, precision_of_date = $2, local = $3, silent = $4, inherits = 1 WHERE id = $5`,
		kernel.Micros(a.Published), a.Precision, a.Local, kernel.Number(a.Silent), a.ID)
	if err == nil {
		err = tx.db.Exec(`UPDATE revisions SET updated = $1 WHERE article = $2`, kernel.Micros(a.Published), a.ID)
	}
	if err != nil {
		return a, fmt.Errorf("move the embargo of article %s: %w", a.ID, err)
	}
	if with.State == press.Published && !a.Held {
		a, _, err = tx.makePublic(a)
	}
	return a, err
}

// keepBehind puts the drafts under the embargo of the original of their set that would be
// public before it and of which nobody has said that they may.
func (tx *Tx) keepBehind() error {
	drafts, err := tx.Drafts()
	if err != nil {
		return err
	}
	for _, a := range drafts {
		original, err := tx.Article(a.Group)
		if err == nil && !a.Alone && original.State == press.Embargoed && a.Published.Before(original.Published) {
			_, err = tx.Follow(a, original)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Hold lets a draft not go out until a person has said so.
func (tx *Tx) Hold(id press.ArticleID) error {
	if err := tx.db.Exec(`UPDATE articles SET held = 1 WHERE id = $1 AND state = 'embargoed'`, id); err != nil {
		return fmt.Errorf("hold article %s: %w", id, err)
	}
	return nil
}

// Joins reports whether a draft that is held is so no longer when it is corrected as a
// translation of an article: that is there and not held, and so is the original of its set
// if it is in another one.
func (tx *Tx) Joins(before press.Article, named press.ArticleID) (bool, error) {
	if !before.Held || named == "" || named == before.ID {
		return false, nil
	}
	of, err := tx.Article(named)
	if err != nil {
		return false, err
	}
	original, err := tx.Article(of.Group)
	return isThere(of) && !of.Held && (of.Group == before.Group || isThere(original)), err
}

func isThere(a press.Article) bool { return a.State == press.Embargoed || a.State == press.Published }

// Free lets a draft that is held go out by its date, but not before the original of its
// set, whatever was said of that.
func (tx *Tx) Free(a press.Article) (press.Article, error) {
	a.Held, a.Alone = false, false
	if err := tx.db.Exec(`UPDATE articles SET held = 0, alone = 0 WHERE id = $1`, a.ID); err != nil {
		return a, fmt.Errorf("hold article %s no longer: %w", a.ID, err)
	}
	return a, nil
}

// LetAlone lets a draft be public before the original of its set.
func (tx *Tx) LetAlone(id press.ArticleID) error {
	if err := tx.db.Exec(`UPDATE articles SET alone = 1 WHERE id = $1 AND state = 'embargoed'`, id); err != nil {
		return fmt.Errorf("let article %s go out alone: %w", id, err)
	}
	return nil
}

// mergeSet takes the others of a set along into the one that an article joins. It
// returns press.ErrConflict if the two have a language in common: then no set is
// torn apart.
func (tx *Tx) mergeSet(before, joining press.Article) error {
	if before.Group == joining.Group {
		return nil
	}
	others, err := tx.Set(before.Group)
	if err != nil {
		return err
	}
	for _, other := range others {
		if other.ID == before.ID {
			continue
		}
		if other.Language == joining.Language {
			return fmt.Errorf("%w: article %s is this statement in %s already: correct that one", press.ErrConflict, other.ID, other.Language)
		}
		if err := tx.checkRoom(joining.Group, other); err != nil {
			return fmt.Errorf("article %s would leave its translation %s behind, which cannot come along: %w", before.ID, other.ID, err)
		}
	}
	err = tx.db.Exec(`UPDATE articles SET translation_group = $1, agrees = (SELECT o.worded FROM articles o WHERE o.id = $1) WHERE translation_group = $2`, joining.Group, before.Group)
	if err != nil {
		return fmt.Errorf("merge the sets %s and %s: %w", before.Group, joining.Group, err)
	}
	return nil
}

// completeSets adds what else is due of the sets of articles that are released.
func (tx *Tx) completeSets(due []press.Article) ([]press.Article, error) {
	all := slices.Clone(due)
	for _, a := range due {
		with, err := tx.dueWith(a, tx.db.Now())
		if err != nil {
			return nil, err
		}
		for _, b := range with {
			if !slices.ContainsFunc(all, func(have press.Article) bool { return have.ID == b.ID }) {
				all = append(all, b)
			}
		}
	}
	return all, nil
}

// dueWith reads what is due in a set with an article: it goes out in the same
// transaction.
func (tx *Tx) dueWith(a press.Article, now time.Time) ([]press.Article, error) {
	return tx.articles(`SELECT `+articleColumns+` FROM articles a
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE a.translation_group = $1 AND a.state = 'embargoed' AND a.held = 0 AND a.published <= $2 AND a.id <> $3
		ORDER BY a.published, a.id`, a.Group, kernel.Micros(now), a.ID)
}
