package newsroom

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strconv"
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

	draft press.Draft
}

// IncompleteError is that a page lacks what an article must have, which is never
// guessed. It is press.ErrInvalid.
type IncompleteError struct{ Reason string }

func (e *IncompleteError) Error() string { return e.Reason }
func (e *IncompleteError) Unwrap() error { return press.ErrInvalid }

// ErrNoSection is the [*IncompleteError] of a page that names no section.
var ErrNoSection = &IncompleteError{Reason: "it names no section"}

// Import stores a page of another site as a silent article, in the sections that it
// names, which are made if they are missing; section is that of a page that names none,
// and may be empty. A page is known by its address, or else by its content
// ([importer.Page.Identity]): one that is stored already comes back as known, and if it
// says something else now, that is press.ErrConflict. A page dated in the future is
// press.ErrInvalid.
func (d Desk) Import(ctx context.Context, p importer.Page, section string) (stored Imported, err error) {
	if err := lacks(p, section); err != nil {
		return stored, err
	}
	err = d.update(ctx, func(tx *storage.Tx) error {
		stored, err = d.importPage(tx, p, section)
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
func (d Desk) importPage(tx *storage.Tx, p importer.Page, otherwise string) (stored Imported, err error) {
	section, err := sectionOf(tx, p, otherwise)
	if err != nil {
		return stored, err
	}
	draft := press.Draft{
		Section: section.ID, Language: p.Language, Title: p.Title, Lead: p.Lead, Body: p.Body, Images: whole(p.Images),
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
	before, digest, err := tx.ByIdentity(draft.Identity)
	for _, former := range formerDrafts(p, draft, zones) {
		draft.Former = append(draft.Former, former)
		if errors.Is(err, press.ErrNotFound) {
			before, digest, err = tx.ByIdentity(former.Identity)
		}
	}
	if errors.Is(err, press.ErrNotFound) {
		before, err = readBefore(tx, p, dayBegins(p, zones[0]))
	}
	switch {
	case err == nil && (draft.Is(digest, before) || readOtherwise(before) && p.Tells(before)):
		return Imported{Article: before, Known: true}, nil
	case err == nil:
		return stored, fmt.Errorf("%w: it is known as article %s and has changed since; correct that one if it should", press.ErrConflict, before.ID)
	case !errors.Is(err, press.ErrNotFound):
		return stored, err
	case dayBegins(p, zones[0]).After(tx.Now()):
		return stored, fmt.Errorf("%w: it is dated %s, in the future", press.ErrInvalid, p.Date)
	}
	if len(p.Doubts) > 0 {
		return stored, &IncompleteError{Reason: fmt.Sprintf("words of it were left out (%s: %s): look at it with --dry-run --explain, and accept it with --accept-doubts", p.Doubts[0].Reason, p.Doubts[0].Text)}
	}
	if err := d.checkPageSpoken(p); err != nil {
		return stored, err
	}
	if err := with.store(tx); err != nil {
		return stored, err
	}
	stored.draft = draft
	stored.Article, _, err = tx.Publish(draft)
	return stored, err
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

// sectionOf finds or makes the section of a page, or finds the one of pages that name
// none.
func sectionOf(tx *storage.Tx, p importer.Page, otherwise string) (press.Section, error) {
	tree, err := tx.Tree()
	if err != nil {
		return press.Section{}, err
	}
	if len(p.Section) == 0 {
		return tree.Resolve(otherwise)
	}
	var at press.Section
	for _, name := range p.Section {
		s, ok := tree.ChildNamed(at.ID, name)
		if !ok {
			if s, err = tx.AddSection(at.ID, freeSlug(tree, at, name), p.Language, name); err != nil {
				return s, err
			}
			if tree, err = tx.Tree(); err != nil {
				return s, err
			}
		}
		at = s
	}
	return at, nil
}

// freeSlug makes an address for a section that an import found: of its name,
// or of a hash of it where that has no Latin letters, with a number if another
// section has or had it.
func freeSlug(tree press.Tree, parent press.Section, name string) string {
	slug := press.Slug(name)
	if slug == "" || press.CheckSlug(slug) != nil {
		sum := sha256.Sum256([]byte(name))
		slug = "s-" + hex.EncodeToString(sum[:4])
	}
	free := slug
	for n := 2; ; n++ {
		path := parent.Path.Child(free)
		_, taken := tree.ByPath(path)
		if _, was := tree.Former(path); !taken && !was {
			return free
		}
		free = slug + "-" + strconv.Itoa(n)
	}
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
