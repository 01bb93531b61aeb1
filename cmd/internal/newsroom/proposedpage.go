package newsroom

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/url"
	"strings"
	"time"

	"communique/cmd/internal/importer"
	"communique/storage"
	"communique/storage/fingerprint"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// NotHandedInError is that a page cannot be handed in for review, though it can be imported by
// somebody who may do without. It is press.ErrInvalid.
type NotHandedInError struct{ Reason string }

func (e *NotHandedInError) Error() string { return e.Reason }
func (e *NotHandedInError) Unwrap() error { return press.ErrInvalid }

// handIn makes of a page a manuscript of a new article that waits to be approved. It is written as
// a document, which others can read and mend; of what a document cannot say exactly none is made.
func (d Desk) handIn(ctx context.Context, tx *storage.Tx, p importer.Page, draft press.Draft, with carried, how Importing) (m manuscripts.Manuscript, err error) {
	if err := draft.Check(); err != nil {
		return m, err
	}
	if err := tx.CheckOpen(draft.Section); err != nil {
		return m, err
	}
	if found := d.elsewhere(draft.Images, draft.Body); len(found) > 0 {
		return m, &NotHandedInError{Reason: fmt.Sprintf(
			"the picture %s is on another site, where it may be changed after somebody has approved it: import with --mirror, or from a folder in which it is saved beside the page, or with --alone", found[0])}
	}
	text, files, written, err := d.asDocument(tx, draft, with)
	if err != nil {
		return m, err
	}
	page := manuscripts.Page{
		Identity: draft.Identity, SourceURL: draft.SourceURL, Reader: draft.Reader, Section: draft.Section,
		Read: draft.Digest(), Written: written.Digest(), Says: pageSays(draft),
	}
	proposal := Proposal{Kind: manuscripts.NewArticle, Text: text, How: manuscripts.How{Silent: true}, page: &page}
	if how.Again {
		proposal.How.Meant = []string{"again"}
	}
	if m, err = d.BeginWith(ctx, proposal, Enclosed{Put: files}); err != nil {
		return m, err
	}
	if m, err = tx.SetManuscriptState(m.ID, m.Revision, manuscripts.InReview); err != nil {
		return m, err
	}
	return m, d.noteManuscript(tx, "manuscript submitted", m, map[string]string{"page": p.File, "draft": page.Read})
}

// mayMake tells whether the desk's person may have the sections made that a page names and that are
// missing: their addresses are for ever, whatever becomes of the page.
func (d Desk) mayMake(tx *storage.Tx, at place, language press.Language) error {
	if len(at.missing) == 0 {
		return nil
	}
	err := d.mayIn(tx, []press.Article{{Section: at.section.ID, Language: language}}, people.Editor)
	if errors.Is(err, ErrMayNot) {
		err = fmt.Errorf("%w above the section %q, which would be new", err, strings.Join(at.missing[0].Names, " > "))
	}
	return err
}

// asDocument writes what was read of a page as a document, with what it takes along beside it. The
// draft that is made of that says what was read, or it is an error.
func (d Desk) asDocument(tx *storage.Tx, draft press.Draft, with carried) (text []byte, files []Enclosure, written press.Draft, err error) {
	tree, err := tx.Tree()
	if err != nil {
		return nil, nil, written, err
	}
	section, _ := tree.Section(draft.Section)
	a := press.Article{Language: draft.Language, Title: draft.Title, Lead: draft.Lead, Body: draft.Body, Images: draft.Images, Tags: draft.Tags, Particulars: draft.Particulars}
	beside := kept{}
	for _, e := range with.beside {
		files, beside[e.Name] = append(files, e), e.Content
	}
	a = with.asBeside(a)
	text = restate(a, section.Path, d.dateOfPage(draft))
	d.bare = true
	doc, err := d.Read("the text", text, beside)
	if err == nil {
		written, err = d.draft(tx, &doc)
	}
	written.Silent, written.Identity, written.SourceURL, written.Reader = draft.Silent, draft.Identity, draft.SourceURL, draft.Reader
	switch {
	case err != nil && !errors.Is(err, press.ErrInvalid) && !errors.Is(err, press.ErrConflict) && !errors.Is(err, press.ErrNotFound):
		return nil, nil, written, err
	case err != nil:
		return nil, nil, written, notSaid(strings.TrimPrefix(err.Error(), "the text: "))
	case !sameDraft(written, draft):
		return nil, nil, written, notSaid(differing(written, draft))
	}
	return text, files, written, nil
}

// notSaid is that a page cannot be written as a document.
func notSaid(why string) error {
	return &NotHandedInError{Reason: fmt.Sprintf("a document, by which it would be handed in for review, cannot say exactly what it says (%s): mend the page, or import it with --alone", why)}
}

// asBeside leads the pictures and links of an article to the files beside its document.
func (c *carried) asBeside(a press.Article) press.Article {
	images := make([]press.Image, len(a.Images))
	for i, image := range a.Images {
		image.Src = c.nameOf(image.Src)
		images[i] = image
	}
	a.Images = images
	a.Body = press.HTML(toAddress.ReplaceAllStringFunc(string(a.Body), func(found string) string {
		m := toAddress.FindStringSubmatch(found)
		return "<" + m[1] + `="` + html.EscapeString(c.nameOf(html.UnescapeString(m[2]))) + `"`
	}))
	return a
}

// nameOf is the name beside a document of what is served at an address, or the address.
func (c *carried) nameOf(address string) string {
	plain, fragment, within := strings.Cut(address, "#")
	e, there := c.beside[plain]
	if !there {
		return address
	}
	name := (&url.URL{Path: e.Name}).EscapedPath()
	if within {
		name += "#" + fragment
	}
	return name
}

// dateOfPage is the date of a page as a document gives it: as it was written, if that is the same
// instant in the zone of the desk.
func (d Desk) dateOfPage(draft press.Draft) string {
	if read, err := readMoment(string(draft.Local), d.Zone); err == nil && (draft.Precision == press.ToTheDay || read.at.Equal(draft.Published)) {
		return string(draft.Local)
	}
	if draft.Precision == press.ToTheMinute {
		return draft.Published.Format("2006-01-02T15:04Z07:00")
	}
	return draft.Published.Format(time.RFC3339)
}

// sameDraft tells whether two drafts say the same. How the hour of something public was written
// makes no difference.
func sameDraft(a, b press.Draft) bool {
	if a.Precision != press.ToTheDay {
		a.Local, b.Local = "", ""
	}
	return a.Digest() == b.Digest()
}

// differing says in what a document differs from what was read.
func differing(written, read press.Draft) string {
	if written.Precision == press.ToTheDay && written.Local == read.Local {
		written.Published = read.Published // which is the zone's
	}
	article := func(d press.Draft) press.Article {
		return press.Article{
			Section: d.Section, Language: d.Language, Title: d.Title, Lead: d.Lead, Body: d.Body, Images: d.Images, Tags: d.Tags, Particulars: d.Particulars,
			Published: d.Published, Precision: d.Precision,
		}
	}
	return "it differs in: " + changedFields(article(read), article(written))
}

// pageOf is the page of another site that a manuscript is made of; nil if it is of none.
func pageOf(tx *storage.Tx, id string) (*manuscripts.Page, error) {
	p, err := tx.PageOf(id)
	if errors.Is(err, press.ErrNotFound) {
		return nil, nil
	}
	return &p, err
}

// waiting finds the manuscript that was made of a page before, and can still become an article; what
// was given up is known no longer.
func waiting(tx *storage.Tx, draft press.Draft) (stored Imported, err error) {
	for _, identity := range identities(draft) {
		m, page, err := tx.PagePending(identity)
		if errors.Is(err, press.ErrNotFound) {
			continue
		}
		if err != nil {
			return stored, err
		}
		if draft.Section == 0 { // the section was renamed since
			draft.Section = page.Section
		}
		if page.Reader >= draft.Reader && page.Read != draft.Digest() {
			return stored, fmt.Errorf("%w: it waits to be approved as manuscript %s and has changed since: change that one, or give it up and import the page again", press.ErrConflict, m.ID)
		}
		return Imported{Manuscript: m, Known: true}, nil
	}
	return stored, nil
}

// identities are those by which a draft is known, or was to earlier versions of the program.
func identities(draft press.Draft) []string {
	all := []string{draft.Identity}
	for _, f := range draft.Former {
		all = append(all, f.Identity)
	}
	return all
}

// saidByWaiting is why a page is not stored that says what a page says which waits to be approved;
// nothing if there is none. A text that is too short to be known by itself may be that of another.
func saidByWaiting(tx *storage.Tx, draft press.Draft) (reason, err error) {
	if len(fingerprint.OfDraft(draft).Text()) == 0 {
		return nil, nil
	}
	m, err := tx.PageSaying(pageSays(draft)...)
	if errors.Is(err, press.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return fmt.Errorf("%w: it says what manuscript %s says, which waits to be approved", ErrAgain, m.ID), nil
}

// pageSays are digests of what a page says under its title, with where its links lead.
func pageSays(draft press.Draft) (all []string) {
	for _, titled := range fingerprint.OfDraft(draft).Titled() {
		all = append(all, digest(fmt.Appendf(nil, "%d %q", titled, linksOf(draft.Body))))
	}
	return all
}

// releasePage makes an article of a page that was handed in. While its document says what it said
// then, that is what the import would have made of it, by the rules for pages; what somebody has
// changed is filed by those for documents. Either way an import knows it again.
func (d Desk) releasePage(ctx context.Context, doc Document, page manuscripts.Page, f Filing) (r Result, err error) {
	doc.page = &page
	as := false
	err = d.update(ctx, func(tx *storage.Tx) error {
		draft, err := d.draft(tx, &doc)
		if err != nil {
			return err
		}
		draft.Silent, draft.Document = f.Silent, doc.text
		if as = draft.Digest() == page.Written; as {
			r, err = d.publishPage(ctx, tx, doc, draft, f)
		}
		return err
	})
	if err != nil || as {
		return r, err
	}
	return d.File(ctx, doc, f)
}

// publishPage makes an article of a page that says what it said when it was handed in.
func (d Desk) publishPage(ctx context.Context, tx *storage.Tx, doc Document, draft press.Draft, f Filing) (r Result, err error) {
	if err := d.mayRelease(ctx, tx, press.Article{Section: draft.Section, Language: draft.Language}); err != nil {
		return r, err
	}
	if err := d.checkSpoken(doc, ""); err != nil {
		return r, err
	}
	if !f.Again {
		twins, err := saidBefore(tx, draft)
		if err != nil {
			return r, err
		}
		if len(twins) > 0 {
			return r, d.isTwin(twins[0])
		}
	}
	if err := doc.storeFiles(tx); err != nil {
		return r, err
	}
	if r.Article, r.Entry, err = tx.Publish(draft); err != nil {
		return r, err
	}
	if err := d.noteArticle(tx, "imported", r, map[string]string{"draft": draft.ReadAs}); err != nil {
		return r, err
	}
	d.log(ctx, "imported", "article", r.Article.ID, "seq", r.Entry.Seq)
	return r, nil
}
