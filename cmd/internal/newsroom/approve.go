package newsroom

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"communique/storage"
	"communique/storage/alarms"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// ErrNotShown is that what would go out is no longer what was shown to who approves it. It is
// press.ErrConflict.
var ErrNotShown = fmt.Errorf("%w: changed since it was shown", press.ErrConflict)

// ErrOwn is that somebody would approve what they wrote. It is [ErrMayNot].
var ErrOwn = fmt.Errorf("%w: who wrote it", ErrMayNot)

// Approving is somebody's agreement to what they were shown.
type Approving struct {
	Revision int
	Digest   string // of [Looked]
	// Reason is why it goes out without a second person, which takes a right of its own;
	// empty if the one who agrees has not written it.
	Reason string
}

// Approve releases a manuscript, in one transaction with the approval: what it says is
// public, or under embargo, or corrected or withdrawn, if that is exactly what was shown; or it
// waits for its instant, and [Desk.Watch] carries it out then. If
// anything has changed since, in whichever place, nothing happens and the error is
// [ErrNotShown]; look again, and approve that. What has to wait for other languages of its set
// is approved and nothing else; the result is empty then.
func (d Desk) Approve(ctx context.Context, id string, how Approving) (r Result, err error) {
	how.Reason = strings.TrimSpace(how.Reason)
	look, err := d.read(ctx, id)
	if err != nil {
		return r, err
	}
	if look.Manuscript.Set != "" && look.Manuscript.State.Open() {
		return d.approveInSet(ctx, id, how)
	}
	doc, err := d.document(ctx, look)
	if err != nil {
		return r, err
	}
	if at := look.Revision.How.At; at.After(d.Store.Now()) {
		return r, d.discreet(ctx, d.plan(ctx, look, doc, how))
	}
	err = d.Together(ctx, func(d Desk) error {
		d.releases = true
		if err := d.update(ctx, func(tx *storage.Tx) error {
			if err := d.mayApprove(tx, look, how); err != nil {
				return err
			}
			d.writers, err = writersOf(tx, look.Manuscript.ID)
			return err
		}); err != nil {
			return err
		}
		if r, err = d.release(ctx, look, doc); err != nil {
			return err
		}
		return d.update(ctx, func(tx *storage.Tx) error {
			look.Result = r
			return d.approve(ctx, tx, look, doc, how)
		})
	})
	return r, d.discreet(ctx, err)
}

// mayApprove tells whether somebody may release a manuscript as they were shown it.
func (d Desk) mayApprove(tx *storage.Tx, look Looked, how Approving) error {
	if err := tx.ToBeNoted(); err != nil {
		return err
	}
	m, err := tx.Manuscript(look.Manuscript.ID)
	if err != nil {
		return err
	}
	files, err := tx.FilesOf(m.ID)
	if err != nil {
		return err
	}
	switch {
	case !m.State.Open():
		return fmt.Errorf("%w: manuscript %s was %s", press.ErrConflict, m.ID, m.State)
	case m.Revision != how.Revision || m.Revision != look.Manuscript.Revision || !slices.Equal(files, look.Files):
		return fmt.Errorf("%w: manuscript %s is in revision %d", ErrNotShown, m.ID, m.Revision)
	}
	if how.Reason != "" && (m.State == manuscripts.InReview || d.wrote(m)) {
		return d.may(tx, m, people.Alone)
	}
	if m.State != manuscripts.InReview && m.State != manuscripts.Ready {
		return fmt.Errorf("%w: manuscript %s is not in review: submit it first", press.ErrConflict, m.ID)
	}
	return d.isSecond(tx, m)
}

// writersOf are the logins of those who wrote a manuscript.
func writersOf(tx *storage.Tx, id string) (string, error) {
	ids, err := tx.WritersOf(id)
	var logins []string
	for _, id := range ids {
		p, err := tx.Person(id)
		if err != nil {
			return "", err
		}
		logins = append(logins, p.Login)
	}
	return strings.Join(logins, ", "), err
}

// isSecond tells whether the desk's person may approve a manuscript as a second person: who has
// the role, and wrote no revision of it; or who has the role, where one person is enough.
func (d Desk) isSecond(tx *storage.Tx, m manuscripts.Manuscript) error {
	if err := d.may(tx, m, people.Approver); err != nil {
		return err
	}
	by, err := d.secondBy(tx, m)
	if err != nil {
		return err
	}
	return d.isSecondBy(tx, m, by)
}

// seconding is by what it is told whether somebody is a second person for some manuscripts.
type seconding struct {
	rules   []people.Rule
	writers map[string][]string // of a manuscript, by its number
	linked  []string            // to whom they are no stranger: see [Desk.checkLinks]
}

func (d Desk) secondBy(tx *storage.Tx, of ...manuscripts.Manuscript) (by seconding, err error) {
	if by.rules, err = tx.Rules(); err != nil {
		return by, err
	}
	var ids []string
	for _, m := range of {
		ids = append(ids, m.ID)
	}
	if by.writers, err = tx.WritersOfEach(ids); err != nil {
		return by, err
	}
	by.linked, err = tx.LinkedBy(d.Person.ID)
	return by, err
}

// isSecondBy is [Desk.isSecond] of one who has the role.
func (d Desk) isSecondBy(tx *storage.Tx, m manuscripts.Manuscript, by seconding) error {
	if one, err := oneIsEnough(tx, by.rules, m); err != nil || one {
		return err
	}
	writers := by.writers[m.ID]
	if slices.Contains(writers, d.Person.ID) {
		return fmt.Errorf("%w: %s wrote a revision of it: a second person has to approve it", ErrOwn, d.Person.Login)
	}
	return d.strangerTo(writers, by.linked)
}

// approve notes the approval of what this transaction has released, if it is what was shown.
func (d Desk) approve(ctx context.Context, tx *storage.Tx, look Looked, doc Document, how Approving) error {
	released, err := digestOf(tx, look, doc)
	if err != nil {
		return err
	}
	m := look.Manuscript
	if err := d.mayApproveThere(tx, look, how); err != nil {
		return err
	}
	if released != how.Digest {
		return fmt.Errorf("%w: what goes out by manuscript %s is not what was shown", ErrNotShown, m.ID)
	}
	a := manuscripts.Approval{Revision: m.Revision, Digest: released, By: d.Person.ID, Reason: how.Reason}
	if err := tx.ApproveManuscript(m.ID, a); err != nil {
		return err
	}
	if err := tx.ReleaseManuscript(m.ID, m.Revision, look.Result.Article.ID); err != nil {
		return err
	}
	if m.Kind == manuscripts.NewArticle {
		if err := tx.SetAuthor(look.Result.Article.ID, m.By); err != nil {
			return err
		}
	}
	m.Article = look.Result.Article.ID
	if err := d.noteApproval(tx, m, released, how.Reason); err != nil {
		return err
	}
	if err := tx.EndAlarms(alarms.Unapproved, m.ID); err != nil {
		return err
	}
	if how.Reason != "" {
		d.alarm(ctx, "released without a second person", "manuscript", m.ID, "article", m.Article)
	}
	return d.reviewed(tx, look, how.Reason)
}

// mayApproveThere tells whether the desk's person may approve a manuscript where it goes, which may
// be another place than it was said to be in when it was saved.
func (d Desk) mayApproveThere(tx *storage.Tx, look Looked, how Approving) error {
	if how.Reason != "" {
		return d.mayIn(tx, []press.Article{look.Result.Article}, people.Alone)
	}
	if err := d.mayIn(tx, []press.Article{look.Result.Article}, people.Approver); err != nil {
		return err
	}
	there := look.Manuscript
	there.Section = look.Result.Article.Section
	return d.isSecond(tx, there)
}

// noteApproval notes that a manuscript was approved, or why it was released alone.
func (d Desk) noteApproval(tx *storage.Tx, m manuscripts.Manuscript, digest, reason string) error {
	did := "manuscript approved"
	if reason != "" {
		did = "manuscript released alone"
	}
	return d.noteReasoned(tx, did, m, reason, map[string]string{"digest": digest})
}

// noteReasoned notes something done to a manuscript, and keeps the reason beside the audit, which
// has no words.
func (d Desk) noteReasoned(tx *storage.Tx, did string, m manuscripts.Manuscript, reason string, facts map[string]string) (err error) {
	if facts["reason"], err = tx.KeepReason(m.ID, reason); err != nil {
		return err
	}
	return d.noteManuscript(tx, did, m, facts)
}

// ErrReview is that an article is to be looked at by a second person before it goes out. It is
// press.ErrConflict.
var ErrReview = fmt.Errorf("%w: a second person has to look at it", press.ErrConflict)

// mayRelease tells whether what is done here in some places may go out: by an approval, by
// somebody who may do without, or before there is anybody who could give one.
func (d Desk) mayRelease(ctx context.Context, tx *storage.Tx, places ...press.Article) error {
	if d.releases {
		return nil
	}
	there, err := tx.HasPeople()
	if err != nil || !there {
		return err
	}
	if d.alone == "" {
		return ErrReview
	}
	if err := d.mayIn(tx, places, people.Alone); err != nil {
		return err
	}
	d.alarm(ctx, "released without a second person")
	return nil
}

// mayWithdraw tells whether the desk's person may take an article back, for which one is
// enough, unless the rule of its section says else: what is wrong must not wait for a second.
func (d Desk) mayWithdraw(tx *storage.Tx, a press.Article) error {
	if d.releases {
		return nil
	}
	there, err := tx.HasPeople()
	if err != nil || !there {
		return err
	}
	if d.Person.ID != "" && a.ID != "" { // it is not known if it was published after the backup that is here
		if _, err := d.readableArticle(tx, a.ID); err != nil {
			return err
		}
	}
	if err := d.mayIn(tx, []press.Article{a}, Releases()...); err != nil || a.State != press.Published {
		return err
	}
	two, err := twoWithdraw(tx, a.Section)
	if err != nil || !two {
		return err
	}
	if d.alone == "" {
		return fmt.Errorf("%w: propose the withdrawal", ErrReview)
	}
	return d.mayIn(tx, []press.Article{a}, people.Alone)
}

// ByAlone is a desk on which somebody who has the right to releases without a second person,
// for a reason, as on the command line at night.
func (d Desk) ByAlone(reason string) (Desk, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		return d, fmt.Errorf("%w reason: say why it goes out without a second person", press.ErrInvalid)
	}
	if !d.Person.MayAnywhere(people.Alone) {
		return d, fmt.Errorf("%w: %s may not release without a second person", ErrMayNot, d.Person.Login)
	}
	d.alone = reason
	return d, nil
}

// As is a desk on which somebody works who may: by their login.
func (d Desk) As(ctx context.Context, login string) (Desk, error) {
	err := d.view(ctx, func(tx *storage.Tx) (err error) {
		d.Person, err = tx.PersonByLogin(login)
		return err
	})
	if errors.Is(err, press.ErrNotFound) {
		err = fmt.Errorf("%w: nobody here is %q", press.ErrNotFound, login)
	}
	if err == nil && d.Person.Doubted {
		err = fmt.Errorf("%w: %s", ErrDoubted, login)
	}
	d.Author.Name = d.Person.Login
	return d, err
}
