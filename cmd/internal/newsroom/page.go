package newsroom

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"communique/cmd/internal/importer"
	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/press"
)

// Imported is the article that a page has become.
type Imported struct {
	Article press.Article
	// Known is whether the article was there already.
	Known bool
	// Made are the sections that were made for it, from the top down.
	Made []NewSection
	// Manuscript is that of the article while a second person has to approve it; then there is
	// no article yet. It is zero if there is one.
	Manuscript manuscripts.Manuscript

	draft press.Draft
}

// Importing says what is to be done with what a page alone does not decide.
type Importing struct {
	// Section is that of pages that name none; it may be empty.
	Section string
	// NewSections is whether sections that pages name are made if they are missing:
	// the address of a section is for ever.
	NewSections bool
	// Accept are the reasons for which no page is put aside: [LabelledDraft],
	// [LabelledEmbargo].
	Accept []string
	// Again lets a page be stored that says what an article says which is there.
	Again bool
	// Review hands the page in to be approved by a second person, in place of publishing it.
	Review bool
}

// IncompleteError is that a page lacks what an article must have, which is never
// guessed. It is press.ErrInvalid.
type IncompleteError struct{ Reason string }

func (e *IncompleteError) Error() string { return e.Reason }
func (e *IncompleteError) Unwrap() error { return press.ErrInvalid }

// ErrNoSection is the [*IncompleteError] of a page that names no section.
var ErrNoSection = &IncompleteError{Reason: "it names no section"}

// Reasons are all of those for which a page is not stored, so that whoever mends it need
// not come back for each.
type Reasons []error

func (r Reasons) Error() string {
	all := make([]string, len(r))
	for i, err := range r {
		all[i] = err.Error()
	}
	return strings.Join(all, "; ")
}

// Unwrap says what is at the root of each.
func (r Reasons) Unwrap() []error { return r }

// and is with another reason, if there is one.
func (r Reasons) and(err error) Reasons {
	if err == nil {
		return r
	}
	return append(r, err)
}

// asError is nothing if there are none.
func (r Reasons) asError() error {
	if len(r) == 0 {
		return nil
	}
	return r
}

// Import stores a page of another site as a silent article, or hands it in to be one, in the
// sections that it names; if one is missing and is not to be made, that is a [*NewSectionsError]. A page
// is known by its address, or else by its content ([importer.Page.Identity]): one that
// is stored already comes back as known, and if it says something else now, that is
// press.ErrConflict. One that says what another article says is [ErrAgain], as of a
// document; a text that is too short to be known by itself may be that of a public one. A
// page dated in the future is press.ErrInvalid. Of a page that is not there the error is
// [Reasons].
func (d Desk) Import(ctx context.Context, p importer.Page, how Importing) (stored Imported, err error) {
	if p.Refused != "" {
		return stored, &IncompleteError{Reason: p.Refused}
	}
	if lacks := lacks(p, how.Section); len(lacks) > 0 {
		more, err := d.besides(ctx, p, how)
		if err != nil {
			return stored, err
		}
		return stored, append(lacks, more...)
	}
	err = d.Together(ctx, func(d Desk) error {
		return d.update(ctx, func(tx *storage.Tx) error {
			if how.Review { // two imports must not hand in the same page
				if err := tx.ToBeNoted(); err != nil {
					return err
				}
			}
			if stored, err = d.importPage(ctx, tx, p, how); err != nil || stored.Known {
				return err
			}
			return d.noteImported(tx, p, stored)
		})
	})
	switch {
	case err != nil || stored.Known:
	case stored.Manuscript.ID != "":
		d.log(ctx, "handed in", "manuscript", stored.Manuscript.ID, "page", p.File)
	default:
		d.log(ctx, "imported", "article", stored.Article.ID, "page", p.File)
	}
	return stored, err
}

// noteImported notes what a page has become. Of a manuscript that was noted as of any.
func (d Desk) noteImported(tx *storage.Tx, p importer.Page, stored Imported) error {
	for _, s := range stored.Made {
		if err := d.Note(tx, "section added", string(s.Path), nil); err != nil {
			return err
		}
	}
	if stored.Manuscript.ID != "" {
		return nil
	}
	return d.noteArticle(tx, "imported", Result{Article: stored.Article}, map[string]string{"page": p.File, "draft": stored.draft.Digest()})
}

// lacks says why a page cannot be an article.
func lacks(p importer.Page, section string) (all Reasons) {
	if p.Title == "" {
		all = append(all, &IncompleteError{Reason: "no title was found"})
	}
	if p.Published.IsZero() {
		all = append(all, &IncompleteError{Reason: strings.Join(slices.Compact(append([]string{importer.NoDate}, p.Problems...)), ": ")})
	}
	if p.Body == "" {
		all = append(all, &IncompleteError{Reason: "no text was found"})
	}
	if len(p.Section) == 0 && section == "" {
		all = append(all, ErrNoSection)
	}
	return all
}

// besides is what else is wrong with a page that lacks something.
func (d Desk) besides(ctx context.Context, p importer.Page, how Importing) (more Reasons, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		var at place
		if len(p.Section) > 0 {
			if at, err = placeOf(tx, p, how.Section); err != nil {
				return err
			}
		}
		zones, err := tx.Zones()
		if err != nil {
			return err
		}
		return d.checkPage(tx, p, pageDraft(p), at, zones[0], how)
	})
	if errors.As(err, &more) {
		return more, nil
	}
	return nil, err
}

// pageDraft is what a page says.
func pageDraft(p importer.Page) press.Draft {
	return press.Draft{
		Language: p.Language, Title: p.Title, Lead: p.Lead, Body: p.Body, Images: whole(p.Images),
		Published: p.Published, Precision: p.Precision, Local: p.Local, Silent: true,
		Identity: p.Identity(), SourceURL: p.SourceURL, Reader: importer.Generation,
	}
}

// unfit says why an article is not to be made of a page as it is.
func (d Desk) unfit(p importer.Page, how Importing) (all Reasons) {
	if len(p.Doubts) > 0 {
		const shown = 3
		var doubts []string
		for _, doubt := range p.Doubts[:min(len(p.Doubts), shown)] {
			doubts = append(doubts, doubt.Reason+": "+doubt.Text)
		}
		if more := len(p.Doubts) - shown; more > 0 {
			doubts = append(doubts, fmt.Sprintf("and %d more", more))
		}
		all = append(all, &IncompleteError{Reason: fmt.Sprintf("words of it were left out (%s): look at it with --dry-run --explain, and accept it with --accept-doubts", strings.Join(doubts, "; "))})
	}
	return append(all, d.labels(p, how.Accept)...).and(d.checkPageSpoken(p))
}

// importPage makes the page's sections and its article in one transaction.
func (d Desk) importPage(ctx context.Context, tx *storage.Tx, p importer.Page, how Importing) (stored Imported, err error) {
	place, err := placeOf(tx, p, how.Section)
	if err != nil {
		return stored, err
	}
	draft := pageDraft(p)
	draft.Section = place.there()
	with, err := d.carry(&draft)
	if err != nil {
		return stored, err
	}
	zones, err := tx.Zones()
	if err != nil {
		return stored, err
	}
	before, digest, err := knownAs(tx, p, &draft, zones)
	known := err == nil && draft.Is(digest, before)
	if err == nil && !known {
		known, err = readOtherwise(tx, p, before)
	}
	switch {
	case known:
		return Imported{Article: before, Known: true}, nil
	case err == nil:
		return stored, fmt.Errorf("%w: it is known as article %s and has changed since; %s", press.ErrConflict, before.ID, correctable(before, "correct that one if it should"))
	case !errors.Is(err, press.ErrNotFound):
		return stored, err
	}
	if stored, err = waiting(tx, draft); err != nil || stored.Known {
		return stored, err
	}
	var reasons Reasons
	if err := d.checkPage(tx, p, draft, place, zones[0], how); err != nil && !errors.As(err, &reasons) {
		return stored, err
	}
	if err := reasons.and(with.misses(how.Accept)).asError(); err != nil {
		return stored, err
	}
	if how.Review {
		if err := d.mayMake(tx, place, p.Language); err != nil {
			return stored, err
		}
	}
	if err := place.make(tx, p.Language); err != nil {
		return stored, err
	}
	draft.Section = place.section.ID
	if how.Review {
		stored.draft, stored.Made = draft, place.missing
		stored.Manuscript, err = d.handIn(ctx, tx, p, draft, with, how)
		return stored, err
	}
	if err := d.mayRelease(ctx, tx, press.Article{Section: draft.Section, Language: draft.Language}); err != nil {
		return stored, err
	}
	if err := with.store(tx); err != nil {
		return stored, err
	}
	stored.draft, stored.Made = draft, place.missing
	stored.Article, _, err = tx.Publish(draft)
	return stored, err
}

// checkPage refuses a page of which a new article is not to be made, for all reasons.
func (d Desk) checkPage(tx *storage.Tx, p importer.Page, draft press.Draft, at place, zone *time.Location, how Importing) error {
	reasons := d.unfit(p, how)
	if dayBegins(p, zone).After(tx.Now()) {
		reasons = append(reasons, fmt.Errorf("%w: it is dated %s, in the future: import it when that day has come, or mend its date", press.ErrInvalid, p.Date))
	}
	if len(at.missing) > 0 {
		if !how.NewSections {
			reasons = append(reasons, &NewSectionsError{at.missing})
		}
		alike, err := at.alike(tx)
		if err != nil {
			return err
		}
		reasons = reasons.and(alike)
	}
	if !how.Again {
		twin, err := d.pageTwin(tx, p, draft, dayBegins(p, zone))
		if err != nil {
			return err
		}
		reasons = reasons.and(twin)
	}
	return reasons.asError()
}

// pageTwin is why a page is not stored that says what is kept back from readers, or what an
// article says that is public, or was imported from another address by an earlier version of
// the program; nothing if it says none of these.
func (d Desk) pageTwin(tx *storage.Tx, p importer.Page, draft press.Draft, published time.Time) (reason, err error) {
	twins, err := saidBefore(tx, draft)
	if err == nil && len(twins) == 0 {
		twins, err = movedSince(tx, p, published)
	}
	if err != nil {
		return nil, err
	}
	if len(twins) > 0 {
		return d.isTwin(twins[0]), nil
	}
	return saidByWaiting(tx, draft)
}

// saidBefore finds what is kept back from readers and says what a page says, or an article that
// is public and does.
func saidBefore(tx *storage.Tx, draft press.Draft) ([]twin, error) {
	c, err := compare(tx, draft, press.Article{})
	if err != nil {
		return nil, err
	}
	twins, err := c.keptBack(tx)
	if err == nil && len(twins) == 0 && len(c.Text()) > 0 {
		twins, err = c.public(tx)
	}
	return twins, err
}

// isTwin is why a page is not stored that another article is.
func (d Desk) isTwin(t twin) error { return Document{zone: d.Zone}.again(d.Site, t) }

// dayBegins is the first instant of a page's date: that of a day is in the site's zone,
// wherever the page comes from.
func dayBegins(p importer.Page, zone *time.Location) time.Time {
	if p.Precision == press.ToTheDay {
		if start, err := p.Local.StartIn(zone); err == nil {
			return start
		}
	}
	return p.Published
}

// whole leaves out pictures whose address is not known whole.
func whole(images []press.Image) []press.Image {
	var kept []press.Image
	for _, image := range images {
		if u, err := url.Parse(image.Src); err == nil && (u.Scheme == "https" || u.Scheme == "http") {
			kept = append(kept, image)
		}
	}
	return kept
}
