package newsroom

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/richtext/former"
)

// Filing says how a document is filed.
type Filing struct {
	// Together has several languages of one statement that are under embargo go out all or none,
	// whatever becomes of one of them before.
	Together bool
	// Key makes it happen once: the same key with the same document again returns
	// the article that exists. Empty is no key.
	Key string
	// Again lets a document be filed a second time.
	Again bool
	// Silent articles are in feeds and pages and are not pushed to followers.
	Silent bool
	// Alone lets a translation be public before what it translates, by the date that it
	// gives, or without it. One that gives none is under its embargo all the same.
	Alone bool
	// Final lets a document be public that calls itself a draft.
	Final bool
}

// File files a document as a new article: public with the date that it gives, or
// now if it gives none, or under embargo if the date lies ahead. What is older than
// two days must be silent: see [ErrOld].
func (d Desk) File(ctx context.Context, doc Document, f Filing) (r Result, err error) {
	if docs := []Document{doc}; !f.Again {
		if err := d.compareBefore(ctx, docs); err != nil {
			return r, err
		}
		doc = docs[0]
	}
	err = d.update(ctx, func(tx *storage.Tx) error {
		if r, err = d.file(ctx, tx, doc, f); err != nil || r.Repeated {
			return err
		}
		return d.noteArticle(tx, "filed", r, map[string]string{
			"document": digest(doc.text), "language": string(r.Article.Language), "silent": yes(f.Silent), "alone": yes(f.Alone), "again": yes(f.Again),
		})
	})
	if err == nil && !r.Repeated {
		d.log(ctx, "filed", "article", r.Article.ID, "state", r.Article.State, "seq", r.Entry.Seq)
	}
	return r, err
}

func (d Desk) file(ctx context.Context, tx *storage.Tx, doc Document, f Filing) (Result, error) {
	if doc.Language = cmp.Or(doc.Language, d.Language); doc.Language == "" {
		return Result{}, doc.Problem("language", "it is missing and none is configured: write one like en")
	}
	if err := doc.checkUnmarked(tx); err != nil {
		return Result{}, err
	}
	draft, err := d.draft(tx, &doc)
	if err != nil {
		return Result{}, err
	}
	if err := d.mayRelease(ctx, tx, press.Article{Section: draft.Section, Language: draft.Language}); err != nil {
		return Result{}, err
	}
	draft.Silent = f.Silent
	if err := doc.checkOriginal(tx, &draft, press.Article{}, Correction{Alone: f.Alone}); err != nil {
		return Result{}, err
	}
	known, err := doc.known(tx, &draft, f.Key)
	if err == nil && !known {
		err = d.mayBeNew(tx, doc, f)
	}
	if err != nil {
		return Result{}, err
	}
	if err := doc.storeFiles(tx); err != nil {
		return Result{}, err
	}
	if !known && !f.Again {
		if err := doc.checkFirst(tx, d.Site, draft); err != nil {
			return Result{}, err
		}
	}
	r := Result{Notes: doc.Notes, Repeated: known}
	if f.Key == "" {
		r.Article, r.Entry, err = tx.Publish(draft)
	} else {
		r.Article, r.Entry, err = tx.PublishOnce(f.Key, draft)
	}
	if err != nil {
		return r, fmt.Errorf("%s: %w", doc.File, err)
	}
	if known {
		return r, nil
	}
	if err := doc.checkPromised(tx, r.Article); err != nil {
		return r, err
	}
	r.Siblings, err = ahead(tx, r.Article)
	return r, err
}

// known tells whether something was filed under the key before. If it may have been
// this document, as an earlier program read it, the draft is that one, too.
func (d Document) known(tx *storage.Tx, draft *press.Draft, key string) (bool, error) {
	if key == "" {
		return false, nil
	}
	id, digest, err := tx.PublishKey(key)
	if errors.Is(err, press.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	filed, err := tx.Article(id)
	if err == nil && !draft.Is(digest, filed) {
		draft.Former, err = d.formerDrafts(tx, *draft, filed)
	}
	if d.ofSet { // as it was filed while the set was under embargo, or before sets had one date
		for _, undated := range append(draft.Former, *draft) {
			undated.Published, undated.Precision, undated.Local = time.Time{}, "", ""
			draft.Former = append(draft.Former, undated)
		}
	}
	return err == nil, err
}

// mayBeNew is why a document cannot become a new article.
func (d Desk) mayBeNew(tx *storage.Tx, doc Document, f Filing) error {
	if !f.Silent {
		if err := doc.checkAge(tx.Now()); err != nil {
			return err
		}
	}
	if err := d.checkSpoken(doc, ""); err != nil {
		return err
	}
	if err := doc.checkFinal(press.Article{}, f.Final); err != nil {
		return err
	}
	if err := d.checkKind(doc, press.Article{}); err != nil {
		return err
	}
	return d.refusal(tx, doc)
}

// newsFor is how old a statement may be that is pushed to followers: on their
// timelines it would be on top, whatever its date.
const newsFor = 48 * time.Hour

// ErrOld is at the root of the [*Problem] of a document that is dated more than 48
// hours back and would be pushed to followers. It is press.ErrInvalid.
var ErrOld = fmt.Errorf("%w: too old to be pushed", press.ErrInvalid)

// checkAge is the rule of 48 hours.
func (d Document) checkAge(now time.Time) error {
	if d.Published.IsZero() || now.Sub(d.Published) <= newsFor {
		return nil
	}
	p := d.Problem("published", "it is more than 48 hours ago: mend the date, leave the field out, or file the article silently, so that it appears in feeds and pages and is not pushed to followers")
	p.Cause = ErrOld
	return p
}

// draft turns a document into what storage takes; the section and the original
// must be there.
func (d Desk) draft(tx *storage.Tx, doc *Document) (press.Draft, error) {
	tree, err := tx.Tree()
	if err != nil {
		return press.Draft{}, err
	}
	section, kept := tree.Section(doc.keeps)
	former := false
	if !kept {
		section, former, err = findSection(tree, doc.Section)
	}
	if err != nil {
		return press.Draft{}, doc.because("section", err)
	}
	if former {
		doc.Notes = append(doc.Notes, Note{Line: doc.lines["section"], What: fmt.Sprintf("the section %q is now %q", doc.Section, strings.Join(tree.Names(section.ID, doc.Language, d.Language), " > "))})
	}
	draft := press.Draft{
		Document: doc.text, Section: section.ID, Language: doc.Language, Title: doc.Title, Lead: doc.Lead, Body: doc.Body,
		Images: doc.Images, Tags: doc.Tags, Particulars: doc.Particulars, Published: doc.Published, Precision: doc.Precision, Local: doc.Local,
	}
	if doc.page != nil {
		draft.Identity, draft.SourceURL, draft.Reader, draft.ReadAs = doc.page.Identity, doc.page.SourceURL, doc.page.Reader, doc.page.Read
	}
	if doc.TranslationOf == "" {
		return draft, nil
	}
	if draft.TranslationOf, err = d.Site.ArticleRef(doc.TranslationOf); err == nil {
		_, err = tx.Article(draft.TranslationOf)
	}
	if err != nil {
		return draft, doc.because("translation_of", err)
	}
	return draft, nil
}

// formerDrafts are what programs would have made of the document that cleaned it in
// another way, if it may be what an article was filed as: one up to version 0.4, which kept
// no documents, and whatever program filed this document to the byte.
func (d Document) formerDrafts(tx *storage.Tx, draft press.Draft, filed press.Article) ([]press.Draft, error) {
	edition, document, err := tx.Filed(filed.ID)
	if err != nil {
		return nil, err
	}
	var all []press.Draft
	if d.former != nil && (edition.Revision > 1 || len(document) == 0) {
		all = append(all, d.formerDraft(draft))
	}
	if edition.Revision == 1 && bytes.Equal(document, d.text) && d.shownIn(filed) {
		draft.Title, draft.Lead, draft.Body, draft.Images, draft.Tags = filed.Title, filed.Lead, filed.Body, filed.Images, filed.Tags
		all = append(all, draft)
	}
	return all, nil
}

// shownIn tells whether an article has all of the document's pictures and files. They are
// no part of its text, and may be others when it is filed again.
func (d Document) shownIn(a press.Article) bool {
	var hashes []string
	for _, m := range d.Pictures {
		hashes = append(hashes, m.Hash)
	}
	for _, f := range d.Files {
		hashes = append(hashes, f.Hash)
	}
	return !slices.ContainsFunc(hashes, func(hash string) bool {
		return !strings.Contains(string(a.Body), hash) && !slices.ContainsFunc(a.Images, func(i press.Image) bool { return strings.Contains(i.Src, hash) })
	})
}

// formerDraft is the draft that a program up to version 0.4 would have made of the
// document.
func (d Document) formerDraft(draft press.Draft) press.Draft {
	draft.Title, draft.Lead, draft.Body = former.CleanText(draft.Title), former.CleanText(draft.Lead), d.former()
	draft.Images = slices.Clone(draft.Images)
	for i := range draft.Images {
		for _, text := range []*string{&draft.Images[i].Alt, &draft.Images[i].Caption, &draft.Images[i].Credit, &draft.Images[i].Terms} {
			*text = former.CleanText(*text)
		}
	}
	return draft
}

// storeFiles stores the document's pictures and files, before the article that shows
// them, so that the article knows their dimensions and makes them as public as
// itself.
func (d Document) storeFiles(tx *storage.Tx) error {
	for _, m := range d.Pictures {
		if err := tx.AddMedia(m); err != nil {
			return err
		}
	}
	for _, f := range d.Files {
		if err := tx.AddFile(f); err != nil {
			return err
		}
	}
	return nil
}
