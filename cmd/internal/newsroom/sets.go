package newsroom

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"communique/storage"
	"communique/storage/press"
)

// Sibling is an article of the same set as another, a translation or the original of
// it, and what became of it.
type Sibling struct {
	Article press.Article
	Fate    Fate
}

// Fate is what became of a sibling.
type Fate string

// The fates of siblings.
const (
	Stays     Fate = "stays"     // it is public, and stays so
	Waits     Fate = "waits"     // it is under embargo, as before
	Moved     Fate = "moved"     // its embargo went along
	Released  Fate = "released"  // it went out along
	Held      Fate = "held"      // it waits for a person: what it translates is gone
	TakenBack Fate = "withdrawn" // it was withdrawn or cancelled along
)

// What is at the root of a [*Problem] of a translation.
var (
	// ErrAlone is that a translation would be public before what it translates, or
	// although that was withdrawn. It is press.ErrConflict.
	ErrAlone = fmt.Errorf("%w: a translation alone", press.ErrConflict)
	// ErrWithdrawnOriginal is that what a document translates was withdrawn or
	// cancelled. It is press.ErrConflict.
	ErrWithdrawnOriginal = fmt.Errorf("%w: what it translates is withdrawn", press.ErrConflict)
)

// FileSet files documents as one statement in several languages, the original first,
// in one transaction: all of them or none. Those that give no date have the original's,
// and what goes out at one instant goes out together. Each has the key of the filing
// with its language.
func (d Desk) FileSet(ctx context.Context, docs []Document, f Filing) (all []Result, err error) {
	if err := d.checkTongues(docs); err != nil {
		return nil, err
	}
	err = d.Together(ctx, func(d Desk) error {
		for i, doc := range docs {
			how := f
			if i > 0 {
				if doc.TranslationOf != "" {
					return doc.Problem("translation_of", fmt.Sprintf("it is filed together with %s, of which it is a translation: take the line out", docs[0].File))
				}
				doc.TranslationOf = string(all[0].Article.ID)
				if f.Key != "" {
					how.Key += "/" + string(doc.Language)
				}
			}
			r, err := d.File(ctx, doc, how)
			if err != nil {
				return err
			}
			all = append(all, r)
		}
		return nil
	})
	return all, err
}

// checkTongues refuses a set with two documents in one language.
func (d Desk) checkTongues(docs []Document) error {
	first := map[press.Language]string{}
	for _, doc := range docs {
		lang := cmp.Or(doc.Language, d.Language)
		other, twice := first[lang]
		if twice {
			return doc.Problem("language", fmt.Sprintf("it is %s, as %s is, and files that are published together are one statement in several languages: mend the language, or publish the files one by one", lang, other))
		}
		first[lang] = doc.File
	}
	return nil
}

// checkOriginal holds a translation to what it translates: to its embargo, and to its
// being there. before is the article that is corrected, or nothing.
func (d Document) checkOriginal(tx *storage.Tx, draft *press.Draft, before press.Article, alone bool) error {
	fail := func(field string, cause error, format string, args ...any) error {
		p := d.Problem(field, fmt.Sprintf(format, args...))
		p.Cause = cause
		return p
	}
	if before.State == press.Published && draft.TranslationOf == "" {
		return nil
	}
	at := draft.Published
	if at.IsZero() {
		at = before.Published
	}
	if before.Held && !draft.Published.IsZero() && !draft.Published.Equal(before.Published) && !alone {
		return fail("published", ErrAlone, "what article %s translates was withdrawn or cancelled, and it would go out without it", before.ID)
	}
	original, err := originalOf(tx, draft.TranslationOf, before)
	if err != nil || original.ID == "" {
		return err
	}
	// A date that is not changed is not a mistake of this correction.
	unchanged := before.Group == original.Group && (draft.Published.IsZero() || draft.Published.Equal(before.Published))
	switch {
	case (original.State == press.Withdrawn || original.State == press.Cancelled) && original.Group != before.Group:
		return fail("translation_of", ErrWithdrawnOriginal, "article %s was %s, and nothing is a translation of it any more", original.ID, d.gone(original))
	case original.State != press.Embargoed || before.State == press.Published || alone || unchanged:
		return nil
	case !at.IsZero() && at.Before(original.Published):
		together := "leave the date out"
		if draft.Published.IsZero() || before.State == press.Embargoed && !before.Inherits {
			together = fmt.Sprintf("write published: %s", original.Published.In(d.place()).Format(time.RFC3339))
		}
		return fail("published", ErrAlone, "it would go out before article %s, %q, which it translates and which is under embargo until %s: %s to publish both together",
			original.ID, original.Title, d.when(original), together)
	case original.Held && !at.IsZero():
		return fail("published", ErrAlone, "article %s, %q, which it translates, is held", original.ID, original.Title)
	}
	draft.Inherits = at.IsZero() || at.Equal(original.Published) && draft.TranslationOf != ""
	return nil
}

// originalOf is what a document names as its original, or else the article of the same
// set that was first; nothing if it is that one.
func originalOf(tx *storage.Tx, named press.ArticleID, before press.Article) (press.Article, error) {
	if named != "" && named != before.ID {
		return tx.Article(named)
	}
	if before.Group == "" || before.Group == before.ID {
		return press.Article{}, nil
	}
	set, err := tx.Set(before.Group)
	if err != nil || len(set) == 0 || set[0].ID != before.Group {
		return press.Article{}, err
	}
	return set[0], nil
}

// moveAlong moves what inherits its embargo from a draft, and says what becomes of the
// others of its set. What has a date of its own must not go out before it.
func (d Document) moveAlong(tx *storage.Tx, before, after press.Article, alone bool) ([]Sibling, error) {
	if before.State != press.Embargoed || before.Inherits || after.State == press.Embargoed && after.Published.Equal(before.Published) {
		return nil, nil
	}
	moved, err := tx.MoveAlong(after, before.Published)
	if err != nil {
		return nil, err
	}
	var all []Sibling
	for _, a := range moved {
		fate := Moved
		if a.State == press.Published {
			fate = Released
		}
		all = append(all, Sibling{a, fate})
	}
	set, err := tx.Set(after.Group)
	if err != nil {
		return nil, err
	}
	for _, a := range set {
		if a.ID == after.ID || a.State != press.Embargoed || a.Inherits {
			continue
		}
		if after.ID == after.Group && after.State == press.Embargoed && a.Published.Before(after.Published) && !alone && !a.Held {
			p := d.Problem("published", fmt.Sprintf("article %s, %q, is a translation with a date of its own and would go out before, at %s: move that one first", a.ID, a.Title, d.when(a)))
			p.Cause = ErrAlone
			return nil, p
		}
		all = append(all, Sibling{a, Waits})
	}
	return all, nil
}
