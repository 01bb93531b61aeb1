package newsroom

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"communique/cmd/internal/importer"
	"communique/storage"
	"communique/storage/press"
)

// Imported is the article that a page has become.
type Imported struct {
	Article press.Article
	// Known is whether the article was there already.
	Known bool
	// Made are the sections that were made for it, from the top down.
	Made []NewSection

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
}

// IncompleteError is that a page lacks what an article must have, which is never
// guessed. It is press.ErrInvalid.
type IncompleteError struct{ Reason string }

func (e *IncompleteError) Error() string { return e.Reason }
func (e *IncompleteError) Unwrap() error { return press.ErrInvalid }

// ErrNoSection is the [*IncompleteError] of a page that names no section.
var ErrNoSection = &IncompleteError{Reason: "it names no section"}

// Import stores a page of another site as a silent article, in the sections that it
// names; if one is missing and is not to be made, that is a [*NewSectionsError]. A page
// is known by its address, or else by its content ([importer.Page.Identity]): one that
// is stored already comes back as known, and if it says something else now, that is
// press.ErrConflict. One that says what another article says is [ErrAgain], as of a
// document; a text that is too short to be known by itself may be that of a public one. A
// page dated in the future is press.ErrInvalid.
func (d Desk) Import(ctx context.Context, p importer.Page, how Importing) (stored Imported, err error) {
	if err := lacks(p, how.Section); err != nil {
		return stored, err
	}
	err = d.update(ctx, func(tx *storage.Tx) error {
		stored, err = d.importPage(tx, p, how)
		return err
	})
	if err == nil && !stored.Known {
		d.log(ctx, "imported", "article", stored.Article.ID, "page", p.File)
	}
	return stored, err
}

// lacks says why a page cannot be an article.
func lacks(p importer.Page, section string) error {
	switch {
	case p.Refused != "":
		return &IncompleteError{Reason: p.Refused}
	case p.Title == "":
		return &IncompleteError{Reason: "no title was found"}
	case p.Published.IsZero():
		return &IncompleteError{Reason: "no date was found: " + strings.Join(p.Problems, "; ")}
	case p.Body == "":
		return &IncompleteError{Reason: "no text was found"}
	case len(p.Section) == 0 && section == "":
		return ErrNoSection
	}
	return nil
}

// importPage makes the page's sections and its article in one transaction.
func (d Desk) importPage(tx *storage.Tx, p importer.Page, how Importing) (stored Imported, err error) {
	place, err := placeOf(tx, p, how.Section)
	if err != nil {
		return stored, err
	}
	draft := press.Draft{
		Section: place.there(), Language: p.Language, Title: p.Title, Lead: p.Lead, Body: p.Body, Images: whole(p.Images),
		Published: p.Published, Precision: p.Precision, Local: p.Local, Silent: true,
		Identity: p.Identity(), SourceURL: p.SourceURL, Reader: importer.Generation,
	}
	with, err := d.carry(&draft)
	if err != nil {
		return stored, err
	}
	zones, err := tx.Zones()
	if err != nil {
		return stored, err
	}
	before, digest, err := knownAs(tx, p, &draft, zones)
	switch {
	case err == nil && (draft.Is(digest, before) || readOtherwise(before) && p.Tells(before)):
		return Imported{Article: before, Known: true}, nil
	case err == nil:
		return stored, fmt.Errorf("%w: it is known as article %s and has changed since; %s", press.ErrConflict, before.ID, correctable(before, "correct that one if it should"))
	case !errors.Is(err, press.ErrNotFound):
		return stored, err
	case dayBegins(p, zones[0]).After(tx.Now()):
		return stored, fmt.Errorf("%w: it is dated %s, in the future: import it when that day has come, or mend its date", press.ErrInvalid, p.Date)
	}
	if len(p.Doubts) > 0 {
		return stored, &IncompleteError{Reason: fmt.Sprintf("words of it were left out (%s: %s): look at it with --dry-run --explain, and accept it with --accept-doubts", p.Doubts[0].Reason, p.Doubts[0].Text)}
	}
	if err := d.checkLabels(p, how.Accept); err != nil {
		return stored, err
	}
	if err := d.checkPageSpoken(p); err != nil {
		return stored, err
	}
	if len(place.missing) > 0 && !how.NewSections {
		return stored, &NewSectionsError{place.missing}
	}
	if err := place.make(tx, p.Language); err != nil {
		return stored, err
	}
	draft.Section = place.section.ID
	if err := with.store(tx); err != nil {
		return stored, err
	}
	if !how.Again {
		if err := d.checkPageFirst(tx, draft); err != nil {
			return stored, err
		}
	}
	stored.draft, stored.Made = draft, place.missing
	stored.Article, _, err = tx.Publish(draft)
	return stored, err
}

// checkPageFirst refuses a page that says what is kept back from readers, or what an
// article says that is public.
func (d Desk) checkPageFirst(tx *storage.Tx, draft press.Draft) error {
	c, err := compare(tx, draft, press.Article{})
	if err != nil {
		return err
	}
	twins, err := c.keptBack(tx)
	if err == nil && len(twins) == 0 && len(c.Text()) > 0 {
		twins, err = c.public(tx)
	}
	if err != nil || len(twins) == 0 {
		return err
	}
	return Document{zone: d.Zone}.again(d.Site, twins[0])
}

// knownAs finds the article that was made of a page before, and the digest of what it
// was made of; the draft learns what earlier versions of the program would have made. A
// page whose sections are missing may be known: its section was renamed since.
func knownAs(tx *storage.Tx, p importer.Page, draft *press.Draft, zones []*time.Location) (before press.Article, digest string, err error) {
	before, digest, err = tx.ByIdentity(draft.Identity)
	former := formerDrafts(p, *draft, zones)
	for _, f := range former {
		if errors.Is(err, press.ErrNotFound) {
			before, digest, err = tx.ByIdentity(f.Identity)
		}
	}
	if errors.Is(err, press.ErrNotFound) {
		before, err = readBefore(tx, p, dayBegins(p, zones[0]))
	}
	if draft.Section == 0 {
		draft.Section = before.Section
		for i := range former {
			former[i].Section = before.Section
		}
	}
	draft.Former = append(draft.Former, former...)
	return before, digest, err
}

// readOtherwise reports whether an earlier version of the program has read the page of
// an article, and may have read less of it: then it is enough that all that the article
// says stands in the page. What this version has read is compared as it is.
func readOtherwise(a press.Article) bool {
	return a.Revision == 1 && a.Reader < importer.Generation
}

// readBefore finds the article that was made of a page before, though not the same was
// read of it: by an earlier version of the program, or by another profile. All that the
// article says stands in the page.
func readBefore(tx *storage.Tx, p importer.Page, published time.Time) (press.Article, error) {
	const most = 500 // articles of one day
	articles, err := tx.ImportedAt(published, most)
	if err != nil {
		return press.Article{}, err
	}
	for _, a := range articles {
		if a.Revision == 1 && p.Tells(a) {
			return a, nil
		}
	}
	return press.Article{}, press.ErrNotFound
}

// formerDrafts are what a program up to version 0.4 made of the same page, in each of
// the zones in which the site has been: they are this page, too.
func formerDrafts(p importer.Page, draft press.Draft, zones []*time.Location) []press.Draft {
	all := []press.Draft{p.Former(draft)}
	for _, zone := range zones {
		if in, ok := p.DatedIn(zone); ok && in.Date != p.Date {
			former := in.Former(draft)
			former.Published = in.Published
			all = append(all, former)
		}
	}
	return all
}

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
