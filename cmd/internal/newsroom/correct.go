package newsroom

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"communique/cmd/internal/civil"
	"communique/cmd/internal/journal"
	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/richtext"
)

// Correction says how an article is corrected.
type Correction struct {
	// Note tells the public what was corrected; empty if the correction is minor. Of a
	// draft under embargo, which the public has not read, none is kept.
	Note string
	// Minor corrections (a comma) move no public date and have no note.
	Minor bool
	// Silent makes a draft silent; without it a draft stays as it was filed. A public
	// article that was pushed cannot be silent any more: press.ErrConflict.
	Silent bool
	// Back lets a passage become again what it was before a correction.
	Back bool
	// Replace lets another text take the place of the article's, or one in another
	// language.
	Replace bool
	// HideEarlier takes all earlier wordings out of what the public can read, in every
	// way in which they went out. What it says may be what it says already then.
	HideEarlier bool
	// Alone lets a translation be public before what it translates, by a date of its own,
	// or without it. What it says may be what it says already then.
	Alone bool
	// Lift lets a draft go out at once whose embargo ends later, or that was held.
	Lift bool
	// Shown is set if the correction is only shown: an embargo may end by it.
	Shown bool
	// Final lets a document be public that calls itself a draft.
	Final bool
	// Again lets an article say what another one says that is under embargo or was
	// withdrawn.
	Again bool

	joins bool // a draft that was held is a translation of what is there from now on
}

// Correct gives an article, public or under embargo, what a document says: all but
// its id. If the document does not say its language, its date or what it translates,
// these stay as they were, and so does an embargo. A draft that would go out with a date
// of more than 48 hours ago, as with a mistyped year, must be silent: see [ErrOld].
//
// A document that changes nothing, that takes an earlier correction back or that is
// another text altogether is refused: see [ErrSame], [ErrBack] and [ErrAnother].
func (d Desk) Correct(ctx context.Context, id press.ArticleID, doc Document, c Correction) (r Result, err error) {
	err = d.update(ctx, func(tx *storage.Tx) error {
		if r, err = d.correct(ctx, tx, id, doc, c); err != nil {
			return err
		}
		return d.noteArticle(tx, "corrected", r, map[string]string{
			"document": digest(doc.text), "fields": changedFields(r.Before, r.Article), "minor": yes(c.Minor), "hidden": yes(c.HideEarlier),
		})
	})
	if err == nil {
		d.log(ctx, "corrected", "article", id, "state", r.Article.State, "seq", r.Entry.Seq)
		if r.Article.State == press.Embargoed {
			d.noteDraft(journal.Changed, r.Article)
		}
	}
	return r, err
}

func (d Desk) correct(ctx context.Context, tx *storage.Tx, id press.ArticleID, doc Document, c Correction) (Result, error) {
	before, err := tx.Article(id)
	if err != nil {
		return Result{}, err
	}
	if before.State == press.Withdrawn || before.State == press.Cancelled {
		return Result{}, fmt.Errorf("%w: article %s was %s, and cannot be corrected: publish a new one", press.ErrConflict, id, doc.gone(before))
	}
	if doc.keeps, err = d.keepsSection(tx, doc, before); err != nil {
		return Result{}, err
	}
	// A text without a language is in that of the article, or a French one would become
	// English by an oversight.
	doc.Language = cmp.Or(doc.Language, before.Language)
	if err := c.check(before); err != nil {
		return Result{}, err
	}
	if err := doc.checkEdition(tx, before); err != nil {
		return Result{}, err
	}
	if err := doc.keepHour(before); err != nil {
		return Result{}, err
	}
	if err := d.checkSpoken(doc, before.Language); err != nil {
		return Result{}, err
	}
	if err := d.checkKind(doc, before); err != nil {
		return Result{}, err
	}
	draft, err := d.draft(tx, &doc)
	if err != nil {
		return Result{}, err
	}
	if err := d.mayRelease(ctx, tx, before, press.Article{Section: draft.Section, Language: draft.Language}); err != nil {
		return Result{}, err
	}
	if err := cmp.Or(d.refusal(tx, doc), doc.checkFinal(before, c.Final)); err != nil {
		return Result{}, err
	}
	if draft.Silent, err = c.silent(before); err != nil {
		return Result{}, err
	}
	if err := c.rejoin(tx, before, &draft); err != nil {
		return Result{}, err
	}
	if err := doc.checkOriginal(tx, &draft, before, c); err != nil {
		return Result{}, err
	}
	if err := doc.checkAgainst(tx, before, draft, c); err != nil {
		return Result{}, err
	}
	if err := doc.checkRelease(tx, before, draft, c); err != nil {
		return Result{}, err
	}
	if err := d.checkAgain(tx, doc, draft, before, c); err != nil {
		return Result{}, err
	}
	if err := doc.storeFiles(tx); err != nil {
		return Result{}, err
	}
	r := Result{Before: before, Notes: doc.Notes}
	if r.Hidden, err = c.hidden(tx, before, press.Article{Title: draft.Title, Lead: draft.Lead, Body: draft.Body, Images: draft.Images, Tags: draft.Tags, Particulars: draft.Particulars}); err != nil {
		return r, err
	}
	r.Article, r.Entry, err = tx.Correct(id, newsdesk.Correction{Draft: draft, Note: strings.TrimSpace(c.Note), Minor: c.Minor, Alone: c.Alone, HideEarlier: c.HideEarlier})
	if err != nil {
		return r, fmt.Errorf("%s: %w", doc.File, err)
	}
	if err := doc.checkPromised(tx, r.Article); err != nil {
		return r, err
	}
	if r.Siblings, err = doc.moveAlong(tx, before, r.Article, c.Alone); err != nil {
		return r, err
	}
	if before.State == press.Embargoed {
		if err := cmp.Or(doc.checkTogether(tx, r.Article, c.Alone), d.reinheritOf(tx, before)); err != nil {
			return r, err
		}
	}
	if !c.HideEarlier || before.State != press.Published {
		return r, nil
	}
	return r, r.hide(tx)
}

// checkAgain refuses what may have been meant for another article, unless it was said again.
func (d Desk) checkAgain(tx *storage.Tx, doc Document, draft press.Draft, before press.Article, c Correction) error {
	if c.Again {
		return nil
	}
	if err := doc.checkReplaced(tx, d.Site, draft, before); err != nil {
		return err
	}
	return doc.checkNote(tx, d.Site, c.Note)
}

// hide takes what is gone from the public history out of what it was made of, and names the
// translations that may say it.
func (r *Result) hide(tx *storage.Tx) error {
	if err := tx.HideWordingsOf(r.Article.ID, r.Article.Title); err != nil {
		return err
	}
	others, err := left(tx, r.Article.Group)
	for _, s := range others {
		if s.Fate == Stays && s.Article.ID != r.Article.ID {
			r.Siblings = append(r.Siblings, s)
		}
	}
	return err
}

// ErrLifted is at the root of the [*Problem] of a document by which an embargo would end
// at once that ends later. It is press.ErrConflict.
var ErrLifted = fmt.Errorf("%w: ends an embargo", press.ErrConflict)

// checkRelease refuses a correction by which a draft would go out and nobody has said so:
// before its embargo ends, or with a date so old that followers would take it for news.
func (d Document) checkRelease(tx *storage.Tx, before press.Article, draft press.Draft, c Correction) error {
	now := tx.Now()
	if before.State != press.Embargoed || draft.Inherits {
		return nil
	}
	at, kept, how := draft.Published, false, "mend the date, leave the field out to keep the one that it has"
	if draft.Published.IsZero() || d.keepsDate(before) {
		at, kept, how = before.Published, true, "give it another date"
	}
	// A date that is not changed is not a mistake of this correction, unless it was not
	// this date that kept the draft from going out.
	if !draft.Silent && now.Sub(at) > newsFor && (!kept || before.Held && c.Alone || c.joins) {
		p := d.Problem("published", "it is more than 48 hours ago: "+how+", or correct the article silently, so that it appears in feeds and pages and is not pushed to followers")
		p.Cause = ErrOld
		return p
	}
	if c.Lift || c.Shown || at.After(now) || !before.Published.After(now) && !c.joins {
		return nil
	}
	along, err := inheriting(tx, before)
	if err != nil {
		return err
	}
	var with strings.Builder
	for _, a := range along {
		fmt.Fprintf(&with, ", and with it %s (%s)", a.ID, a.Language)
	}
	waits := "under embargo until " + d.when(before)
	if before.Held {
		waits = "held"
	}
	p := d.Problem("published", fmt.Sprintf("article %s, %s, is %s, and would be public at once%s", before.ID, richtext.Quoted(before.Title), waits, with.String()))
	p.Cause = ErrLifted
	return p
}

// keepsSection is the section of an article if a document calls it as the one before did,
// or zero: what was moved or renamed since is the same section, and to correct a word
// moves no article.
func (d Desk) keepsSection(tx *storage.Tx, doc Document, before press.Article) (press.SectionID, error) {
	_, text, err := tx.Filed(before.ID)
	if err != nil || len(text) == 0 {
		return 0, err
	}
	filed, err := d.parse(doc.File, text)
	if err != nil || filed.Section != doc.Section {
		return 0, nil //nolint:nilerr // it was filed by rules that were others: what it called its section cannot be told
	}
	return before.Section, nil
}

// keepsDate reports whether a document gives a draft the date that it has.
func (d Document) keepsDate(before press.Article) bool {
	same := d.Local != "" && d.Local == before.Local && d.Precision == before.Precision
	return same || d.Published.Equal(before.Published)
}

// keepHour reads an hour that an article was given in a former zone of the site, as that
// zone has it, if the document was made of the article. One that somebody has written anew
// may as well be meant in the zone of today: of a draft, that must be said.
func (d *Document) keepHour(before press.Article) error {
	same := d.Local != "" && d.Local == before.Local && d.Precision == before.Precision
	if !same || d.Precision == press.ToTheDay || d.Published.Equal(before.Published) {
		return nil
	}
	if before.State == press.Embargoed && d.Edition == (press.Edition{}) {
		then, err := d.asWritten(before)
		if err != nil {
			return err
		}
		p := d.Problem("published", fmt.Sprintf("the draft is under embargo until %s, from when the zone of the site was another, and the same hour today is %s: write the one that is meant, or leave the field out to keep the first",
			then, d.Published.In(d.place()).Format(time.RFC3339)))
		p.Cause = press.ErrConflict
		return p
	}
	if before.State == press.Published && d.Edition == (press.Edition{}) {
		then, err := d.asWritten(before)
		if err != nil {
			return err
		}
		d.Notes = append(d.Notes, Note{Line: d.lines["published"], What: fmt.Sprintf("it stays dated %s, as the zone of the site was when it was written; the same hour today is %s",
			then, d.Published.In(d.place()).Format(time.RFC3339))})
	}
	d.Published = before.Published
	return nil
}

// asWritten is the date of an article with the offset of the zone in which it was written.
func (d Document) asWritten(a press.Article) (string, error) {
	written, err := civil.Parse(a.Local)
	if err != nil {
		return "", err
	}
	wall, err := written.In(time.UTC)
	if err != nil {
		return "", err
	}
	offset := int(wall.Sub(a.Published).Seconds())
	return a.Published.In(time.FixedZone("", offset)).Format(time.RFC3339), nil
}

// silent is whether the corrected article is silent.
func (c Correction) silent(before press.Article) (bool, error) {
	if c.Silent && !before.Silent && before.State == press.Published {
		return false, fmt.Errorf("%w: article %s is public already, and was pushed to followers, who are sent what corrects it: correct it as one that is not silent", press.ErrConflict, before.ID)
	}
	return c.Silent || before.Silent, nil
}
