package newsroom

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/richtext"
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
	Alone     Fate = "alone"     // it goes out before its original, as somebody has said
	Freed     Fate = "freed"     // it was held, and is under the embargo of what it translates now
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
	// ErrOtherAlone is that another of the set would be public before the original of it,
	// and nobody has said so of that one. It is press.ErrConflict.
	ErrOtherAlone = fmt.Errorf("%w: another translation alone", press.ErrConflict)
)

// FileSet files documents as one statement in several languages, the original first,
// in one transaction: all of them or none. Those that give no date have the original's;
// another date than that needs [Filing.Alone], which is said of those that give one. Each
// has the key of the filing with its language.
func (d Desk) FileSet(ctx context.Context, docs []Document, f Filing) (all []Result, err error) {
	if err := d.checkTongues(docs); err != nil {
		return nil, err
	}
	if err := checkOneDate(docs, f); err != nil {
		return nil, err
	}
	if docs = slices.Clone(docs); !f.Again {
		if err := d.compareBefore(ctx, docs); err != nil {
			return nil, err
		}
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
				if doc.Published.IsZero() && all[0].Article.State == press.Published {
					doc.Published, doc.Precision, doc.Local, doc.ofSet = docs[0].Published, docs[0].Precision, docs[0].Local, true
				}
			}
			r, err := d.File(ctx, doc, how)
			if err != nil {
				return err
			}
			all = append(all, r)
		}
		if !f.Together {
			return nil
		}
		return d.update(ctx, func(tx *storage.Tx) error {
			var ids []press.ArticleID
			for _, r := range all {
				ids = append(ids, r.Article.ID)
			}
			return tx.GoTogether(ids...)
		})
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

// checkOneDate refuses a set that would not go out in one step.
func checkOneDate(docs []Document, f Filing) error {
	for _, doc := range docs {
		if f.Alone || doc.Published.IsZero() || doc.Published.Equal(docs[0].Published) {
			continue
		}
		other := "gives no date, and is public at once"
		if !docs[0].Published.IsZero() {
			other = "is dated " + docs[0].told()
		}
		p := doc.Problem("published", fmt.Sprintf("it is dated %s, and %s %s, but files that are published together are public in one step: leave the date out, or give all the same", doc.told(), docs[0].File, other))
		p.Cause = ErrAlone
		return p
	}
	return nil
}

// told is the date of a document for people.
func (d Document) told() string {
	return d.when(press.Article{Published: d.Published, Precision: d.Precision, Local: d.Local})
}

// ahead is the original of a set if an article of it goes out, or went out, before: whoever
// files that is told so.
func ahead(tx *storage.Tx, a press.Article) ([]Sibling, error) {
	original, err := tx.Article(a.Group)
	if err != nil || original.ID == a.ID || original.State != press.Embargoed || a.State == press.Embargoed && !a.Published.Before(original.Published) {
		return nil, err
	}
	return []Sibling{{original, Waits}}, nil
}

// checkOriginal holds a translation to the original of its set, which is what translates
// nothing: to its embargo, and to its being there, whatever else it is a translation of.
// before is the article that is corrected, or nothing.
func (d Document) checkOriginal(tx *storage.Tx, draft *press.Draft, before press.Article, c Correction) error {
	named, group := draft.TranslationOf, before.Group
	if named == before.ID {
		named = ""
	}
	if named != "" {
		of, err := tx.Article(named)
		if err != nil {
			return err
		}
		if err := d.checkNamed(tx, of, before); err != nil {
			return err
		}
		group = of.Group
	}
	if group == before.ID {
		return nil // it is the original
	}
	original, err := tx.Article(group)
	if err != nil {
		return err
	}
	dated := !draft.Published.IsZero() && !draft.Published.Equal(before.Published)
	switch {
	case group != before.Group && isGone(original) && !c.Alone:
		return d.alone("translation_of", "article %s, the original of its set, was %s, and it would be public without it", original.ID, d.gone(original))
	case before.State == press.Published:
		return nil // it is out already
	case before.Held && !c.joins && c.asks(before, *draft) && !c.Alone:
		return d.alone("published", "article %s is held, because article %s, the original of its set, was %s, and it would go out without it", before.ID, original.ID, d.gone(original))
	}
	draft.Alone = c.Alone
	if group == before.Group && before.Inherits && !before.Held && draft.Published.IsZero() {
		draft.Inherits = named != "" // it may name another of the set now
		return nil
	}
	if group == before.Group && !dated && !c.joins || before.Held && !c.joins && c.Alone {
		return nil // a date that is not changed is not a mistake of this correction
	}
	return d.underAnchor(tx, original, named, draft, before, c)
}

// underAnchor holds a translation to what has the later date of the original of its set and
// the article that it names, if it names one.
func (d Document) underAnchor(tx *storage.Tx, original press.Article, named press.ArticleID, draft *press.Draft, before press.Article, c Correction) error {
	anchor := original
	if named != "" {
		var err error
		if anchor, err = tx.Anchor(named); err != nil {
			return err
		}
	}
	if anchor.State == press.Embargoed {
		return d.underEmbargo(anchor, draft, before, c)
	}
	if c.joins && draft.Published.IsZero() {
		return d.joinPublic(tx, anchor, draft, c)
	}
	return nil
}

// alone is what is wrong with a translation that would be public alone, and nobody has said
// that it may.
func (d Document) alone(field, format string, args ...any) error {
	p := d.Problem(field, fmt.Sprintf(format, args...))
	p.Cause = ErrAlone
	return p
}

// checkNamed refuses to make a translation of what is gone, or waits for a person because
// what it translates is.
func (d Document) checkNamed(tx *storage.Tx, of, before press.Article) error {
	var why string
	switch {
	case of.Group == before.Group:
		return nil // as it is
	case isGone(of):
		why = fmt.Sprintf("article %s was %s, and nothing is a translation of it any more", of.ID, d.gone(of))
	case of.Held:
		original, there, err := waitsFor(tx, of)
		if err != nil {
			return err
		}
		why = fmt.Sprintf("article %s is held, because what it translated was withdrawn or cancelled: ", of.ID)
		switch {
		case there:
			why += fmt.Sprintf("write translation_of: %s, which is the original of its set", original.ID)
		case before.ID == "":
			why += "publish this one without the line, and then correct that one with translation_of: and the id of this one"
		default:
			why += fmt.Sprintf("correct that one with translation_of: %s, and it is held no longer", before.ID)
		}
	default:
		return nil
	}
	p := d.Problem("translation_of", why)
	p.Cause = ErrWithdrawnOriginal
	return p
}

// underEmbargo puts a draft under the embargo of what it translates, if it has no date of
// its own, and refuses one that is earlier and not meant to be.
func (d Document) underEmbargo(anchor press.Article, draft *press.Draft, before press.Article, c Correction) error {
	at := draft.Published
	// Where it was under the embargo of another one, that was no date of its own.
	if at.IsZero() && !c.joins && !(before.Inherits && before.Published.Before(anchor.Published)) {
		at = before.Published
	}
	early := !at.IsZero() && at.Before(anchor.Published)
	switch {
	case c.Alone && (early || anchor.Held):
		return nil
	case early:
		together := "leave the date out"
		if draft.Published.IsZero() || before.State == press.Embargoed && !before.Inherits {
			together = fmt.Sprintf("write published: %s", anchor.Published.In(d.place()).Format(time.RFC3339))
		}
		return d.alone("published", "it would go out before article %s, %q, which it translates and which is under embargo until %s: %s to publish both together",
			anchor.ID, anchor.Title, d.when(anchor), together)
	case anchor.Held && !at.IsZero():
		return d.alone("published", "article %s, %s, which it translates, is held", anchor.ID, richtext.Quoted(anchor.Title))
	}
	draft.Inherits = draft.TranslationOf != "" && draft.TranslationOf != before.ID && (at.IsZero() || at.Equal(anchor.Published))
	return nil
}

// joinPublic lets a draft that was held out at once, if somebody has said so: what it
// translates now is public already.
func (d Document) joinPublic(tx *storage.Tx, original press.Article, draft *press.Draft, c Correction) error {
	if !c.Lift && !c.Shown {
		p := d.Problem("published", fmt.Sprintf("article %s, %s, which it translates, is public, and so would this one be at once, unless it is given a date that lies ahead", original.ID, richtext.Quoted(original.Title)))
		p.Cause = ErrLifted
		return p
	}
	draft.Published, draft.Precision, draft.Local = tx.Now().UTC().Truncate(time.Second), press.ToTheSecond, ""
	return nil
}

// isGone reports whether an article was withdrawn or cancelled.
func isGone(a press.Article) bool { return a.State == press.Withdrawn || a.State == press.Cancelled }
