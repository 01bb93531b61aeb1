package newsroom

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"communique/storage"
	"communique/storage/alarms"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// Rest is what is left of a set of languages that goes out all or none and is held, because one
// of them was taken back or is not what was approved.
type Rest struct {
	// Articles are those that would go out, the original before the others.
	Articles []press.Article
	// Digest is that of all that would go out by them, with where, and who would announce it.
	Digest string
	// Gone are the languages that were taken back, and Changed those that say something else than was
	// approved.
	Gone, Changed []press.Language
	// May tells whether the desk's person may let it go out.
	May bool
}

// Rest reads what is left of the set of a draft that is held; press.ErrNotFound if the set is
// not, or the desk's person may not read all of it.
func (d Desk) Rest(ctx context.Context, id press.ArticleID) (rest Rest, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		if rest, err = restOf(tx, id); err != nil {
			return err
		}
		reading, err := ReadingOf(tx, d.Person)
		if err != nil {
			return err
		}
		there, err := tx.HasPeople()
		if err != nil {
			return err
		}
		if there && slices.ContainsFunc(rest.Articles, func(a press.Article) bool { return !reading.Article(a) }) {
			return fmt.Errorf("%w: there is no article %s", press.ErrNotFound, id)
		}
		rest.May, err = granted(d.mayReleaseRest(tx, rest))
		return err
	})
	return rest, err
}

func restOf(tx *storage.Tx, id press.ArticleID) (rest Rest, err error) {
	a, err := tx.Article(id)
	if err != nil {
		return rest, err
	}
	if a.State != press.Embargoed || !a.Held || !a.Together {
		return rest, fmt.Errorf("%w: no set of languages of article %s is held", press.ErrNotFound, id)
	}
	set, err := tx.Set(a.Group)
	if err != nil {
		return rest, err
	}
	tree, err := tx.Tree()
	if err != nil {
		return rest, err
	}
	var seals []string
	for _, each := range set {
		if each.State != press.Embargoed || !each.Together {
			continue
		}
		seal, err := sealOf(tx, tree, each)
		if err != nil {
			return rest, err
		}
		rest.Articles, seals = append(rest.Articles, each), append(seals, seal)
	}
	rest.Digest = digest([]byte(strings.Join(seals, "\n")))
	rest.Gone, rest.Changed, err = tx.Missing(a.Group)
	return rest, err
}

// sealOf is what goes out by a draft, where, and who would announce it.
func sealOf(tx *storage.Tx, tree press.Tree, a press.Article) (string, error) {
	seal, err := tx.Seal(a)
	if err != nil {
		return "", err
	}
	actors, err := tx.AnnouncersIn(a.Section, a.Language)
	section, _ := tree.Section(a.Section)
	return fmt.Sprintf("%s %s %s %q", a.ID, seal, section.Path, actors), err
}

// mayReleaseRest tells whether the desk's person is a second one for all of what is left. Before
// there is anybody who could be one, whoever works on the machine may.
func (d Desk) mayReleaseRest(tx *storage.Tx, rest Rest) error {
	if there, err := tx.HasPeople(); err != nil || !there {
		return err
	}
	if err := d.mayIn(tx, rest.Articles, people.Approver); err != nil {
		return err
	}
	for _, a := range rest.Articles {
		of, err := tx.ManuscriptsOf(a.ID)
		if err != nil {
			return err
		}
		for _, m := range of {
			if m.State != manuscripts.Released {
				continue
			}
			writers, err := tx.WritersOf(m.ID)
			if err == nil && slices.Contains(writers, d.Person.ID) {
				err = fmt.Errorf("%w: %s wrote a revision of it: a second person has to let it go out", ErrOwn, d.Person.Login)
			}
			if err == nil {
				err = d.checkLinks(tx, writers)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// ReleaseRest lets go out, all or none, what is left of a set that is held, as it was shown: at
// its instant, or at once if that has come. The original has to be among it, or public.
func (d Desk) ReleaseRest(ctx context.Context, id press.ArticleID, shown string) error {
	return d.noted(ctx, func(tx *storage.Tx) error {
		rest, err := restOf(tx, id)
		if err != nil {
			return err
		}
		if err := d.mayReleaseRest(tx, rest); err != nil {
			return err
		}
		if rest.Digest != shown {
			return fmt.Errorf("%w: what is left of the set of article %s", ErrNotShown, id)
		}
		group := rest.Articles[0].Group
		original, err := tx.Article(group)
		if err != nil {
			return err
		}
		if isGone(original) {
			return fmt.Errorf("%w: the original of the set was taken back: correct each translation as one that goes out by itself", press.ErrConflict)
		}
		if err := tx.FreeTogether(group); err != nil {
			return err
		}
		for _, a := range rest.Articles {
			if err := tx.EndAlarms(alarms.Incomplete, string(a.ID)); err != nil {
				return err
			}
			if err := d.Note(tx, "let the rest of a set go out", string(a.ID), map[string]string{"digest": rest.Digest}); err != nil {
				return err
			}
		}
		return nil
	})
}

// WouldWithdraw is what becomes of the other languages of an article that is taken back, and of
// nothing else.
func (d Desk) WouldWithdraw(ctx context.Context, id press.ArticleID, all bool) (siblings []Sibling, err error) {
	err = d.Rehearse(ctx, func(d Desk) error {
		r, err := d.takeBack(ctx, id, "It is looked at what becomes of the others.", all)
		siblings = r.Siblings
		return err
	})
	return siblings, err
}
