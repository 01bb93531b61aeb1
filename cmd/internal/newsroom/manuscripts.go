package newsroom

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// ErrMayNot is that somebody has no right to what they ask for. It is press.ErrConflict.
var ErrMayNot = fmt.Errorf("%w: not within your rights", press.ErrConflict)

// Proposal is what somebody writes for others to look at.
type Proposal struct {
	Kind manuscripts.Kind
	// Article is the one that is to be corrected or withdrawn.
	Article press.ArticleID
	Text    []byte // the document; nothing for a withdrawal
	How     manuscripts.How
	// Named are those who alone may read it, by their ids; nobody: all with the right.
	Named []string

	set      string // the set of languages to which it belongs from the start
	together bool
	page     *manuscripts.Page // of another site, that it is made of; nil if it is of none
}

// Begin begins a manuscript. Its document need not be complete yet: what it lacks is told
// when it is looked at ([Desk.Look]) and keeps it from being submitted.
func (d Desk) Begin(ctx context.Context, p Proposal) (m manuscripts.Manuscript, err error) {
	err = d.noted(ctx, func(tx *storage.Tx) error {
		about := manuscripts.Manuscript{Kind: p.Kind, Article: p.Article, By: d.Person.ID, Named: p.Named, Set: p.set, Together: p.together}
		d.bare = p.page != nil
		if err := d.mayPropose(tx, &about); err != nil {
			return err
		}
		written, err := d.describe(tx, &about, p.Text, p.How)
		if err != nil {
			return err
		}
		if err := d.mayBegin(tx, about); err != nil {
			return err
		}
		if err := checkInstant(tx, about, p.How); err != nil {
			return err
		}
		if m, err = tx.AddManuscript(about, written); err != nil {
			return d.unlessHidden(tx, about.Article, err)
		}
		if p.page != nil {
			if err := tx.KeepPage(m.ID, *p.page); err != nil {
				return err
			}
		}
		return d.noteManuscript(tx, "manuscript begun", m, nil)
	})
	return m, err
}

// Save gives a manuscript a new revision, on top of the one that was open before the writer.
// If there is a newer one, nothing is saved and the error is press.ErrConflict. What was in
// review is a draft again.
func (d Desk) Save(ctx context.Context, id string, on int, text []byte, how manuscripts.How) (m manuscripts.Manuscript, err error) {
	err = d.noted(ctx, func(tx *storage.Tx) error {
		before, err := tx.Manuscript(id)
		if err != nil {
			return err
		}
		if err := d.mayWrite(tx, before); err != nil {
			return err
		}
		page, err := pageOf(tx, id)
		if err != nil {
			return err
		}
		d.bare = page != nil
		how.Silent = how.Silent || page != nil // what is imported is pushed to nobody
		after := before
		written, err := d.describe(tx, &after, text, how)
		if err != nil {
			return err
		}
		if err := d.mayWrite(tx, after); err != nil {
			return err
		}
		if err := checkInstant(tx, before, how); err != nil {
			return err
		}
		if m, err = tx.ReviseManuscript(after, on, written); err != nil {
			return err
		}
		if err := d.unassign(tx, m); err != nil {
			return err
		}
		if err := d.reinheritIn(tx, m); err != nil {
			return err
		}
		return d.noteManuscript(tx, "manuscript saved", m, map[string]string{"document": digest(text), "was": string(before.State)})
	})
	return m, err
}

// describe reads of a document, and of how it goes out, what lists show of it, as far as it says
// it already, and returns the revision that it is.
func (d Desk) describe(tx *storage.Tx, m *manuscripts.Manuscript, text []byte, how manuscripts.How) (r manuscripts.Revision, err error) {
	if m.Article != "" {
		a, err := tx.Article(m.Article)
		if err != nil {
			return r, err
		}
		m.Section, m.Language, m.Title, m.ArticleKind = a.Section, a.Language, a.Title, a.Kind
	}
	read := readComposed(text)
	if err := checkCharacters(text, read, how); err != nil {
		return r, err
	}
	r = manuscripts.Revision{By: d.Person.ID, Document: text, How: how, Words: read.words(text)}
	m.Instant, m.Local = how.At, how.Local
	if m.Kind == manuscripts.Withdrawal {
		return r, nil
	}
	if err := d.checkDate(text, read); err != nil {
		return r, err
	}
	doc, _, incomplete := d.parseFront("the text", text)
	if incomplete != nil { // which keeps it from being submitted
		doc = d.halfRead(read)
	}
	m.Title = cmp.Or(doc.Title, m.Title)
	if how.At.IsZero() {
		m.Instant, m.Local = doc.Published, doc.Local
	}
	if doc.Language != "" {
		m.Language = doc.Language
	} else if m.Language == "" {
		m.Language = d.Language
	}
	tree, err := tx.Tree()
	if err != nil {
		return r, err
	}
	s, _, nowhere := findSection(tree, doc.Section)
	if nowhere == nil {
		m.Section = s.ID
	}
	m.Lacks = nil
	d.describeMore(m, read, nowhere != nil, incomplete)
	if m.Kind == manuscripts.NewArticle && m.Instant.IsZero() {
		m.Instant, err = d.inheritedInstant(tx, *m)
	}
	return r, err
}

// checkDate refuses a date of publication that is not understood. What lacks something else is
// kept all the same; but a date that is taken for none would be shown as "as soon as it is
// approved".
func (d Desk) checkDate(text []byte, read composed) error {
	if read.err != nil {
		if p, ok := errors.AsType[*Problem](d.parseError(text)); ok && p.Field == "published" {
			return p
		}
		return nil
	}
	if read.Published == "" {
		return nil
	}
	if _, err := readMoment(read.Published, d.Zone); err != nil {
		return &Problem{File: "the text", Field: "published", Text: err.Error()}
	}
	return nil
}

func (d Desk) parseError(text []byte) error {
	_, _, err := d.parseFront("the text", text)
	return err
}

// Submit hands the newest revision of a manuscript, which is this one, to those who may
// approve it. What it lacks is the error.
func (d Desk) Submit(ctx context.Context, id string, revision int) (m manuscripts.Manuscript, err error) {
	look, err := d.Look(ctx, id)
	if err != nil {
		return m, err
	}
	if look.Lacks != nil {
		return m, look.Lacks
	}
	err = d.noted(ctx, func(tx *storage.Tx) error {
		before, err := tx.Manuscript(id)
		if err == nil {
			err = d.mayWrite(tx, before)
		}
		if err != nil {
			return err
		}
		if err := d.mayIn(tx, []press.Article{look.Result.Article}, writes(before)...); err != nil {
			return err // where it says that it belongs now
		}
		if m, err = tx.SetManuscriptState(id, revision, manuscripts.InReview); err != nil {
			return err
		}
		return d.noteManuscript(tx, "manuscript submitted", m, nil)
	})
	return m, err
}

// TakeBack undoes [Desk.Submit]: what is in review is a draft again, for whoever may write it.
func (d Desk) TakeBack(ctx context.Context, id string, revision int) (m manuscripts.Manuscript, err error) {
	err = d.noted(ctx, func(tx *storage.Tx) error {
		before, err := tx.Manuscript(id)
		if err == nil {
			err = d.mayWrite(tx, before)
		}
		if err != nil {
			return err
		}
		if before.State != manuscripts.InReview {
			return fmt.Errorf("%w: manuscript %s is not in review", press.ErrConflict, id)
		}
		if m, err = tx.SetManuscriptState(id, revision, manuscripts.Draft); err != nil {
			return err
		}
		return d.noteManuscript(tx, "manuscript taken back", m, nil)
	})
	return m, err
}

// SendBack returns what is in review to be written again, with a remark that says why.
func (d Desk) SendBack(ctx context.Context, id string, revision int, remark string) (m manuscripts.Manuscript, err error) {
	if remark = strings.TrimSpace(remark); remark == "" {
		return m, fmt.Errorf("%w remark: it is empty: say what is to be changed", press.ErrInvalid)
	}
	err = d.noted(ctx, func(tx *storage.Tx) error {
		before, err := d.readable(tx, id)
		if err == nil {
			err = d.may(tx, before, people.Approver, people.Editor)
		}
		if err != nil {
			return err
		}
		if before.State != manuscripts.InReview && before.State != manuscripts.Ready {
			return fmt.Errorf("%w: manuscript %s is not in review", press.ErrConflict, id)
		}
		if m, err = tx.SetManuscriptState(id, revision, manuscripts.Draft); err != nil {
			return err
		}
		if err := tx.AddRemark(id, manuscripts.Remark{By: d.Person.ID, Text: remark}); err != nil {
			return err
		}
		return d.noteManuscript(tx, "manuscript sent back", m, nil)
	})
	return m, err
}

// RemarkOn adds a remark, which never goes out.
func (d Desk) RemarkOn(ctx context.Context, id, text string) error {
	if text = strings.TrimSpace(text); text == "" {
		return fmt.Errorf("%w remark: it is empty", press.ErrInvalid)
	}
	return d.noted(ctx, func(tx *storage.Tx) error {
		m, err := d.readable(tx, id)
		if err == nil {
			err = tx.AddRemark(id, manuscripts.Remark{By: d.Person.ID, Text: text})
		}
		if err != nil {
			return err
		}
		return d.noteManuscript(tx, "remarked", m, nil)
	})
}

// GiveUp cancels a manuscript: nothing is left of what it said. A set of languages that goes out
// all or none waits then until somebody says how the rest goes out; without its original there is
// no set.
func (d Desk) GiveUp(ctx context.Context, id string) error {
	err := d.noted(ctx, func(tx *storage.Tx) error {
		m, err := tx.Manuscript(id)
		if err == nil {
			err = d.mayWrite(tx, m)
		}
		if err == nil {
			err = tx.CancelManuscript(id)
		}
		if err == nil && m.Set == m.ID {
			err = d.dissolve(tx, m.Set)
		}
		if err != nil {
			return err
		}
		return d.noteManuscript(tx, "manuscript given up", m, nil)
	})
	if err == nil {
		d.afterwards(func() { d.scrub(ctx) })
	}
	return err
}

// noteManuscript notes what was done to a manuscript, by its number and not by its title.
func (d Desk) noteManuscript(tx *storage.Tx, did string, m manuscripts.Manuscript, facts map[string]string) error {
	all := map[string]string{"kind": string(m.Kind), "revision": fmt.Sprint(m.Revision)}
	if m.Article != "" {
		all["article"] = string(m.Article)
	}
	for name, value := range facts {
		if value != "" {
			all[name] = value
		}
	}
	return d.Note(tx, did, m.ID, all)
}

// may tells whether the desk's person has one of some roles for a manuscript, where it is to
// be and where the article is that it changes.
func (d Desk) may(tx *storage.Tx, m manuscripts.Manuscript, roles ...people.Role) error {
	places, err := placesOf(tx, m)
	if err != nil {
		return err
	}
	return d.mayIn(tx, places, roles...)
}

// placesOf are where a manuscript is to be, and where the article is that it changes.
func placesOf(tx *storage.Tx, m manuscripts.Manuscript) ([]press.Article, error) {
	places := []press.Article{{Section: m.Section, Language: m.Language}}
	if m.Article == "" {
		return places, nil
	}
	placed, err := tx.Placed([]press.ArticleID{m.Article})
	if err != nil {
		return nil, err
	}
	a, there := placed[m.Article]
	if !there {
		return nil, fmt.Errorf("%w: there is no article %s", press.ErrNotFound, m.Article)
	}
	return append(places, press.Article{Section: a.Section, Language: a.Language}), nil
}

// mayIn tells whether the desk's person has one of some roles in the sections and languages
// of some articles.
func (d Desk) mayIn(tx *storage.Tx, places []press.Article, roles ...people.Role) error {
	tree, err := tx.Tree()
	if err != nil {
		return err
	}
	for _, place := range places {
		if !May(d.Person, tree, place, roles...) {
			return fmt.Errorf("%w: it takes %s there", ErrMayNot, joinRoles(roles, " or "))
		}
	}
	return nil
}

// readable reads a manuscript that the desk's person may read.
func (d Desk) readable(tx *storage.Tx, id string) (m manuscripts.Manuscript, err error) {
	if m, err = tx.Manuscript(id); err != nil {
		return m, err
	}
	return m, d.mayRead(tx, m)
}

// mayRead tells whether the desk's person may read a manuscript. Who may not is told that
// there is none.
func (d Desk) mayRead(tx *storage.Tx, m manuscripts.Manuscript) error {
	err := d.mayReadIn(tx, m)
	if errors.Is(err, ErrMayNot) {
		err = fmt.Errorf("%w: there is no manuscript %s", press.ErrNotFound, m.ID)
	}
	return err
}

// mayReadIn tells whether somebody may read what is in the place of a manuscript: to have
// written it is not enough, for others may have gone on with it since.
func (d Desk) mayReadIn(tx *storage.Tx, m manuscripts.Manuscript) error {
	if d.shutOut(m) {
		return d.mayReadUnnamed(tx, m)
	}
	places, err := placesOf(tx, m)
	if err != nil {
		return err
	}
	tree, err := tx.Tree()
	if err == nil && !d.readsIn(tree, m, places) {
		err = fmt.Errorf("%w: it takes %s there", ErrMayNot, joinRoles(people.Reads(), " or "))
	}
	return err
}

// shutOut tells whether a manuscript is limited to people of whom the desk's person is none.
func (d Desk) shutOut(m manuscripts.Manuscript) bool {
	return len(m.Named) > 0 && !d.wrote(m) && !slices.Contains(m.Named, d.Person.ID)
}

// readsIn is [Desk.mayReadIn] of one that is not limited to others, and whose places are known.
func (d Desk) readsIn(tree press.Tree, m manuscripts.Manuscript, places []press.Article) bool {
	if d.wrote(m) && m.Section == press.Root && d.Person.MayAnywhere(people.Author, people.Editor) {
		return true // it does not say where it belongs yet
	}
	return !slices.ContainsFunc(places, func(place press.Article) bool { return !May(d.Person, tree, place, people.Reads()...) })
}

// wrote tells whether a manuscript is the desk's person's own.
func (d Desk) wrote(m manuscripts.Manuscript) bool {
	return d.Person.ID != "" && d.Person.Removed.IsZero() && m.By == d.Person.ID
}

// mayBegin tells whether the desk's person may begin a manuscript: authors do not propose to
// change what is there, but may propose that it be taken back.
func (d Desk) mayBegin(tx *storage.Tx, m manuscripts.Manuscript) error {
	if m.Kind == manuscripts.Correction {
		return d.may(tx, m, people.Editor)
	}
	return d.mayWrite(tx, m)
}

// writes are the roles that write a manuscript which is somebody's own, or assigned to them. To
// propose a withdrawal is for whoever might also withdraw, too.
func writes(m manuscripts.Manuscript) []people.Role {
	if m.Kind == manuscripts.Withdrawal {
		return append(Releases(), people.Author)
	}
	return []people.Role{people.Author, people.Editor}
}

// mayWrite tells whether the desk's person may change a manuscript: authors their own, with
// the correction that it has become when it was released before they had saved, and what is
// assigned to them; editors each.
func (d Desk) mayWrite(tx *storage.Tx, m manuscripts.Manuscript) error {
	if !d.wrote(m) { // who did is told that they may not, and not that it is not there
		if err := d.mayRead(tx, m); err != nil {
			return err
		}
	}
	if d.wrote(m) || m.Assigned != "" && m.Assigned == d.Person.ID {
		return d.may(tx, m, writes(m)...)
	}
	return d.may(tx, m, people.Editor)
}
