package newsroom

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"communique/storage"
	"communique/storage/alarms"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// ErrSetNotShown is that another language of a set is no longer what was approved of it, so
// that the set cannot go out by the approval of this one. It is [ErrNotShown].
var ErrSetNotShown = fmt.Errorf("%w, in another language of its set", ErrNotShown)

// ofSet is a document as it goes out with the set of languages to which its manuscript belongs.
// Before the original is filed it is a text of its own, with the date of the original.
func (d Desk) ofSet(ctx context.Context, m manuscripts.Manuscript, doc Document) (Document, error) {
	if m.Set == "" {
		return doc, nil
	}
	var original manuscripts.Manuscript
	var when Document
	err := d.view(ctx, func(tx *storage.Tx) error {
		set, err := tx.LanguageSet(m.Set)
		if err != nil {
			return err
		}
		for _, other := range set {
			if other.ID != m.ID && other.State != manuscripts.Cancelled && other.Language == m.Language {
				return doc.Problem("language", "another text of its set is in the same language: mend the language, or give one up")
			}
		}
		if original = set[0]; m.ID == m.Set || !original.State.Open() {
			return nil
		}
		when, err = d.dateOf(tx, original)
		return err
	})
	switch {
	case err != nil || m.ID == m.Set:
		return doc, err
	case doc.TranslationOf != "":
		return doc, doc.Problem("translation_of", "it belongs to a set of languages, which says what it translates: take the line out")
	case original.State == manuscripts.Released:
		doc.TranslationOf = string(original.Article)
		return doc, nil
	}
	return doc.datedWith(when, original.Together)
}

// dateOf is the date of publication that the newest revision of a manuscript gives.
func (d Desk) dateOf(tx *storage.Tx, m manuscripts.Manuscript) (Document, error) {
	rev, err := tx.RevisionOf(m.ID, m.Revision)
	if err != nil {
		return Document{}, err
	}
	doc, err := d.parse("the text", rev.Document)
	if err != nil {
		doc = d.halfRead(readComposed(rev.Document))
	}
	return doc, nil
}

// datedWith gives a translation that is not filed yet the date of its original, and refuses
// one that would be public without that.
func (d Document) datedWith(original Document, together bool) (Document, error) {
	switch {
	case d.Published.IsZero():
		d.Published, d.Precision, d.Local = original.Published, original.Precision, original.Local
	case together && !d.Published.Equal(original.Published):
		return d, d.alone("published", "its set goes out all or none, by the date of the original: take the date out")
	case d.Published.Before(original.Published):
		return d, d.alone("published", "it would go out before its original: take the date out, or give it a later one")
	}
	return d, nil
}

// setMember is a manuscript of a set, read to be released.
type setMember struct {
	look Looked
	doc  Document
}

// approveInSet approves a manuscript that belongs to a set of languages. It goes out in this
// transaction with all that the set lets go out now: of one that goes out all or none either
// everything or, while another language waits, nothing; else what is approved, once the
// original is. Each is held against the digest of its own approval.
func (d Desk) approveInSet(ctx context.Context, id string, how Approving) (r Result, err error) {
	look, err := d.Look(ctx, id)
	switch {
	case err != nil:
		return r, err
	case look.Lacks != nil:
		return r, look.Lacks
	case !look.Manuscript.State.Open():
		return r, fmt.Errorf("%w: manuscript %s was %s", press.ErrConflict, id, look.Manuscript.State)
	case look.Digest != how.Digest:
		return r, fmt.Errorf("%w: what goes out by manuscript %s is not what was shown", ErrNotShown, id)
	}
	read, err := d.readSet(ctx, look.Manuscript.Set)
	if err != nil {
		return r, err
	}
	err = d.Together(ctx, func(d Desk) error {
		d.releases = true
		var set []manuscripts.Manuscript
		if err := d.update(ctx, func(tx *storage.Tx) error {
			if err := d.agree(ctx, tx, look, how); err != nil {
				return err
			}
			set, err = tx.LanguageSet(look.Manuscript.Set)
			return err
		}); err != nil {
			return err
		}
		all, err := d.releaseSet(ctx, set, read, id)
		r = all[id]
		return err
	})
	return r, d.discreet(ctx, err)
}

// readSet reads what is open of a set, before the transaction that may release it: pictures take
// a while. What cannot be read is left out, and not released.
func (d Desk) readSet(ctx context.Context, set string) (map[string]setMember, error) {
	var all []manuscripts.Manuscript
	err := d.view(ctx, func(tx *storage.Tx) (err error) {
		all, err = tx.LanguageSet(set)
		return err
	})
	read := map[string]setMember{}
	for _, m := range all {
		if err != nil || !m.State.Open() {
			continue
		}
		var look Looked
		if look, err = d.readAny(ctx, m.ID); err != nil {
			break
		}
		doc, wrong := d.document(ctx, look)
		if errors.Is(wrong, press.ErrInvalid) || errors.Is(wrong, press.ErrConflict) {
			continue // it is not approved either, or not as it is
		}
		read[m.ID], err = setMember{look, doc}, wrong
	}
	return read, err
}

// agree notes that the desk's person agrees to what goes out by a manuscript of a set.
func (d Desk) agree(ctx context.Context, tx *storage.Tx, look Looked, how Approving) error {
	if err := d.mayApprove(tx, look, how); err != nil {
		return err
	}
	now, err := tx.Manuscript(look.Manuscript.ID)
	if err != nil {
		return err
	}
	if now.Set != look.Manuscript.Set || now.Together != look.Manuscript.Together {
		return fmt.Errorf("%w: its set of languages goes out by another rule", ErrNotShown)
	}
	m := look.Manuscript
	if err := d.mayApproveThere(tx, look, how); err != nil {
		return err
	}
	if err := tx.ApproveManuscript(m.ID, manuscripts.Approval{Revision: m.Revision, Digest: how.Digest, By: d.Person.ID, Reason: how.Reason}); err != nil {
		return err
	}
	if _, err := tx.SetManuscriptState(m.ID, m.Revision, manuscripts.Ready); err != nil {
		return err
	}
	if err := tx.EndAlarms(alarms.Unapproved, m.ID); err != nil {
		return err
	}
	if how.Reason != "" {
		d.alarm(ctx, "released without a second person", "manuscript", m.ID)
	}
	return d.noteApproval(tx, m, how.Digest, how.Reason)
}

// readyOf are the manuscripts of a set that go out now, the original before the others.
func readyOf(set []manuscripts.Manuscript) (ready []manuscripts.Manuscript) {
	original := set[0]
	if original.State != manuscripts.Released && original.State != manuscripts.Ready {
		return nil
	}
	for _, m := range set {
		switch {
		case m.State == manuscripts.Ready:
			ready = append(ready, m)
		case original.Together && original.State == manuscripts.Ready:
			return nil // one of them is not there: none goes out
		}
	}
	return ready
}

// releaseSet releases what of a set goes out now, in the transaction that is under way, by an
// approval of one of its languages.
func (d Desk) releaseSet(ctx context.Context, set []manuscripts.Manuscript, read map[string]setMember, own string) (map[string]Result, error) {
	all := map[string]Result{}
	original := set[0].Article // empty before it is filed
	var drafts []press.ArticleID
	for _, m := range readyOf(set) {
		one, there := read[m.ID]
		if !there || one.look.Manuscript.Revision != m.Revision {
			return nil, notAsApproved(m)
		}
		one.look.Manuscript = m
		if m.ID != m.Set {
			one.doc.TranslationOf = string(original)
		}
		r, err := d.releaseMember(ctx, m, one)
		if m.ID != own && (errors.Is(err, press.ErrInvalid) || errors.Is(err, press.ErrConflict) || errors.Is(err, press.ErrNotFound)) {
			err = notAsApproved(m) // what is wrong with it may not be theirs to read
		}
		if err != nil {
			return nil, err
		}
		if all[m.ID] = r; m.ID == m.Set {
			original = r.Article.ID
		}
		if m.Together && r.Article.State == press.Embargoed {
			drafts = append(drafts, r.Article.ID)
		}
	}
	return all, d.update(ctx, func(tx *storage.Tx) error { return tx.GoTogether(drafts...) })
}

func notAsApproved(m manuscripts.Manuscript) error {
	return fmt.Errorf("%w: the text in %s has to be looked at and approved again, and then this one", ErrSetNotShown, m.Language)
}

// releaseMember releases a manuscript of a set by an approval that it has, if what goes out is
// what was approved then.
func (d Desk) releaseMember(ctx context.Context, m manuscripts.Manuscript, one setMember) (r Result, err error) {
	err = d.update(ctx, func(tx *storage.Tx) error {
		files, err := tx.FilesOf(m.ID)
		if err == nil && !slices.Equal(files, one.look.Files) {
			err = notAsApproved(m)
		}
		if err == nil {
			d.writers, err = writersOf(tx, m.ID)
		}
		return err
	})
	if err != nil {
		return r, err
	}
	if r, err = d.release(ctx, one.look, one.doc); err != nil {
		return r, err
	}
	return r, d.update(ctx, func(tx *storage.Tx) error {
		one.look.Result = r
		released, err := digestOf(tx, one.look, one.doc)
		if err != nil {
			return err
		}
		approval, by, err := d.approvalBy(tx, m, released)
		if err != nil {
			return err
		}
		if err := tx.ReleaseManuscript(m.ID, m.Revision, r.Article.ID); err != nil {
			return err
		}
		if err := tx.SetAuthor(r.Article.ID, m.By); err != nil {
			return err
		}
		m.Article = r.Article.ID
		if err := d.noteManuscript(tx, "manuscript released with its set", m, map[string]string{"digest": released, "approved_by": by.Login}); err != nil {
			return err
		}
		if err := tx.EndAlarms(alarms.Unapproved, m.ID); err != nil || approval.Reason == "" {
			return err
		}
		d.Person = by // it is theirs that somebody has to look at
		return d.raiseUnreviewed(tx, r.Article)
	})
}

// approvalBy is an approval of exactly what goes out by a manuscript of a set, and whose it is.
func (d Desk) approvalBy(tx *storage.Tx, m manuscripts.Manuscript, released string) (approval manuscripts.Approval, by people.Person, err error) {
	all, err := d.approvalsOf(tx, m)
	if err != nil {
		return approval, by, err
	}
	i := slices.IndexFunc(all, func(a manuscripts.Approval) bool { return a.Digest == released })
	if i < 0 {
		return approval, by, notAsApproved(m)
	}
	by, err = tx.Person(all[i].By)
	return all[i], by, err
}

// approvalsOf are the approvals of the newest revision of a manuscript by people who may still
// give them: whoever has left, or lost the role, has approved nothing that is not out yet.
func (d Desk) approvalsOf(tx *storage.Tx, m manuscripts.Manuscript) (valid []manuscripts.Approval, err error) {
	all, err := tx.ApprovalsOf(m.ID)
	for _, a := range all {
		if err != nil || a.Revision != m.Revision {
			continue
		}
		role := people.Approver
		if a.Reason != "" {
			role = people.Alone
		}
		var may bool
		if d.Person, err = tx.Person(a.By); err == nil {
			may, err = granted(d.may(tx, m, role))
		}
		if may {
			valid = append(valid, a)
		}
	}
	return valid, err
}
