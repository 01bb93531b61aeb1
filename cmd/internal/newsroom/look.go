package newsroom

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/press"
)

// Looked is a manuscript as somebody looks at it, with what would go out by it.
type Looked struct {
	Manuscript manuscripts.Manuscript
	Revision   manuscripts.Revision
	Revisions  []manuscripts.Revision // without their documents, the last first
	Page       *manuscripts.Page      // of another site, that it is made of; nil if it is of none, or pending no longer
	Files      []manuscripts.File
	Remarks    []manuscripts.Remark
	// Sources are the files of the pictures that would go out, as the document writes them, by the
	// names that they would be served under.
	Sources map[string]string
	// Result is what releasing it now would do, and Digest that of all that would go out
	// by it, if it lacks nothing.
	Result Result
	Digest string
	// Parts are the digests of each of its parts, by which is told what of it is another than was shown.
	Parts map[string]string
	// Announcers are the actors that would announce it, and Linked the files that it links to.
	Announcers []string
	Linked     []press.File
	// Approvals are those of this revision by people who may still approve it, of what belongs to
	// a set of languages.
	Approvals []manuscripts.Approval
	// Lacks is why it cannot go out as it is; nil if it can.
	Lacks error
}

// Stale tells whether it was approved as something else than would go out by it now.
func (l Looked) Stale() bool {
	agreed := slices.ContainsFunc(l.Approvals, func(a manuscripts.Approval) bool { return a.Digest == l.Digest })
	return l.Manuscript.State == manuscripts.Ready && (l.Lacks != nil || !agreed)
}

// Look reads a manuscript and rehearses its release. Who may not read it is told that there
// is none.
func (d Desk) Look(ctx context.Context, id string) (l Looked, err error) {
	if l, err = d.read(ctx, id); err != nil || !l.Manuscript.State.Pending() {
		return l, err
	}
	var doc Document
	if doc, l.Lacks = d.document(ctx, l); l.Lacks != nil {
		return l, nil
	}
	l.Sources = doc.sources
	err = d.Rehearse(ctx, func(d Desk) error {
		if l.Result, l.Lacks = d.release(ctx, l, doc); l.Lacks != nil {
			return nil // what it lacks is told
		}
		return d.update(ctx, func(tx *storage.Tx) (err error) {
			out, err := goesOutBy(tx, l, doc)
			if err != nil {
				return err
			}
			if l.Digest, err = out.digest(); err != nil {
				return err
			}
			if l.Parts, err = out.parts(); err != nil {
				return err
			}
			if l.Linked, err = tx.Files(l.Result.Article); err != nil {
				return err
			}
			l.Announcers, err = tx.AnnouncersIn(l.Result.Article.Section, l.Result.Article.Language)
			return err
		})
	})
	if l.Lacks != nil && errors.Is(err, l.Lacks) {
		err = nil
	}
	l.Lacks = d.discreet(ctx, l.Lacks)
	return l, err
}

// read reads a manuscript with all that is about it.
func (d Desk) read(ctx context.Context, id string) (l Looked, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		if _, err := d.readable(tx, id); err != nil {
			return err
		}
		if l, err = readAll(tx, id); err == nil && l.Manuscript.Set != "" {
			l.Approvals, err = d.approvalsOf(tx, l.Manuscript)
		}
		return err
	})
	return l, err
}

// readAny is [Desk.read] of what the desk's person need not be able to read: it is told of to
// nobody.
func (d Desk) readAny(ctx context.Context, id string) (l Looked, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		l, err = readAll(tx, id)
		return err
	})
	return l, err
}

// readAll reads a manuscript with all that is about it, for whomever.
func readAll(tx *storage.Tx, id string) (l Looked, err error) {
	if l.Manuscript, err = tx.Manuscript(id); err != nil || l.Manuscript.State == manuscripts.Cancelled {
		return l, err // nothing is left of it
	}
	if l.Revision, err = tx.RevisionOf(id, l.Manuscript.Revision); err != nil {
		return l, err
	}
	if l.Revisions, err = tx.RevisionsOf(id); err != nil {
		return l, err
	}
	if l.Files, err = tx.FilesOf(id); err != nil {
		return l, err
	}
	if l.Page, err = pageOf(tx, id); err != nil {
		return l, err
	}
	l.Remarks, err = tx.RemarksOn(id)
	return l, err
}

// document is what the newest revision of a manuscript says, with the files beside it.
func (d Desk) document(ctx context.Context, l Looked) (Document, error) {
	if l.Manuscript.Kind == manuscripts.Withdrawal {
		return Document{}, nil
	}
	beside, err := d.beside(ctx, l.Manuscript)
	if err != nil {
		return Document{}, err
	}
	d.bare = l.Page != nil
	doc, err := d.Read("the text", l.Revision.Document, beside)
	if err == nil {
		err = d.checkElsewhere(ctx, l.Manuscript.Article, doc)
	}
	if err != nil {
		return doc, err
	}
	return d.ofSet(ctx, l.Manuscript, doc)
}

// beside is what is beside a manuscript, and beside the article that it corrects.
func (d Desk) beside(ctx context.Context, m manuscripts.Manuscript) (fs.FS, error) {
	files := besideManuscript{ctx, d, m.ID}
	if m.Article == "" {
		return files, nil
	}
	kept, err := d.Kept(ctx, m.Article)
	if err != nil {
		return nil, err
	}
	return Beside(files, kept), nil
}

// release does what a manuscript proposes.
func (d Desk) release(ctx context.Context, l Looked, doc Document) (Result, error) {
	how := l.Revision.How
	meant := func(refusal string) bool { return slices.Contains(how.Meant, refusal) }
	switch l.Manuscript.Kind {
	case manuscripts.Withdrawal:
		return d.Withdraw(ctx, l.Manuscript.Article, how.Reason)
	case manuscripts.Correction:
		return d.Correct(ctx, l.Manuscript.Article, doc, Correction{
			Note: how.Note, Minor: how.Minor, HideEarlier: how.Hide, Silent: how.Silent,
			Back: meant("back"), Replace: meant("replace"), Alone: meant("alone"), Final: meant("final"), Again: meant("again"), Lift: meant("lift"),
		})
	}
	filing := Filing{Silent: how.Silent, Again: meant("again"), Alone: meant("alone"), Final: meant("final")}
	if l.Page != nil {
		return d.releasePage(ctx, doc, *l.Page, filing)
	}
	return d.File(ctx, doc, filing)
}

// goesOut is all that is shown of what goes out by a manuscript.
type goesOut struct {
	Kind       manuscripts.Kind
	Article    press.ArticleID // that is changed
	Before     int             // its revision before
	How        manuscripts.How
	Section    press.SectionID
	Path       press.Path // that the section has
	Language   press.Language
	Translates press.ArticleID
	Title      string
	Lead       string
	Body       press.HTML
	Images     []press.Image
	Tags       []string
	press.Particulars
	Files     []press.File
	Instant   time.Time // zero for at once
	Precision press.Precision
	Local     press.Local
	State     press.State // what it is by the release: public, or under embargo
	Silent    bool
	Inherits  bool
	Alone     bool
	Actors    []string // that announce it
	// Set is the set of languages to which it belongs, and Together that all of it go out or none.
	Set      string
	Together bool
	// Page is that of another site that it is made of: it is told of with it.
	Page *manuscripts.Page `json:",omitempty"` //nolint:tagliatelle // beside fields that bear their own names
}

// inSet is what goes out by a manuscript of a set of languages, whenever the others are filed:
// whether it is under embargo by then, and of what it is a translation, is the set's.
func (g goesOut) inSet(m manuscripts.Manuscript) goesOut {
	if m.Set == "" {
		return g
	}
	g.Set, g.Together, g.State = m.Set, m.Together, ""
	if m.ID != m.Set {
		g.Translates, g.Silent, g.Inherits, g.Alone = "", false, false, false
	}
	return g
}

// digestOf is the digest of what goes out by the release of a manuscript, which was rehearsed
// or done in this transaction: of the text as it is cleaned, pictures and files by what they
// are, place, instant, note and announcers.
func digestOf(tx *storage.Tx, l Looked, doc Document) (string, error) {
	out, err := goesOutBy(tx, l, doc)
	if err != nil {
		return "", err
	}
	return out.digest()
}

// goesOutBy is all that goes out by the release of a manuscript, which was rehearsed or done in this
// transaction.
func goesOutBy(tx *storage.Tx, l Looked, doc Document) (out goesOut, err error) {
	a := l.Result.Article
	out = goesOut{
		Kind: l.Manuscript.Kind, Article: l.Manuscript.Article, Before: l.Result.Before.Revision, How: l.Revision.How,
		Section: a.Section, Language: a.Language, Translates: a.Translates, Title: a.Title, Lead: a.Lead, Body: a.Body, Images: a.Images, Tags: a.Tags, Particulars: a.Particulars,
		State: a.State, Silent: a.Silent, Inherits: a.Inherits, Alone: a.Alone, Page: l.Page,
	}
	if l.Manuscript.Kind != manuscripts.NewArticle || !doc.Published.IsZero() || a.Inherits {
		out.Instant, out.Precision, out.Local = a.Published, a.Precision, a.Local
	}
	tree, err := tx.Tree()
	if err != nil {
		return out, err
	}
	section, _ := tree.Section(a.Section)
	out.Path = section.Path
	if out.Files, err = tx.Files(a); err != nil {
		return out, err
	}
	out.Actors, err = tx.AnnouncersIn(a.Section, a.Language)
	return out.inSet(l.Manuscript), err
}

// digest is by what it is approved and released.
func (g goesOut) digest() (string, error) {
	text, err := json.Marshal(g)
	if err != nil {
		return "", fmt.Errorf("encode what goes out: %w", err)
	}
	return digest(text), nil
}

// parts are the digests of its parts, which are shorter: nothing is decided by them.
func (g goesOut) parts() (map[string]string, error) {
	text, err := json.Marshal(g)
	if err != nil {
		return nil, fmt.Errorf("encode what goes out: %w", err)
	}
	var each map[string]json.RawMessage
	if err := json.Unmarshal(text, &each); err != nil {
		return nil, fmt.Errorf("take apart what goes out: %w", err)
	}
	parts := map[string]string{}
	for name, part := range each {
		parts[name] = digest(part)[:12]
	}
	return parts, nil
}

// besideManuscript is the files beside a manuscript.
type besideManuscript struct {
	ctx context.Context // of who reads
	d   Desk
	id  string
}

// Open opens a file.
func (b besideManuscript) Open(name string) (f fs.File, err error) {
	err = b.d.view(b.ctx, func(tx *storage.Tx) error {
		content, err := tx.FileOf(b.id, name)
		if errors.Is(err, press.ErrNotFound) {
			return &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		f = &keptFile{Reader: bytes.NewReader(content), name: name}
		return err
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}
