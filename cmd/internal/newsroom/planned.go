package newsroom

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"communique/storage"
	"communique/storage/alarms"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// theClock is how what was approved for an instant is carried out.
const theClock Via = "clock"

// plan approves a manuscript for an instant that lies ahead: it waits for that, if what would go
// out by it is what was shown.
func (d Desk) plan(ctx context.Context, look Looked, doc Document, how Approving) error {
	shown, err := d.rehearsed(ctx, &look, doc)
	if err != nil {
		return err
	}
	return d.noted(ctx, func(tx *storage.Tx) error {
		if err := d.mayApprove(tx, look, how); err != nil {
			return err
		}
		m := look.Manuscript
		if shown != how.Digest {
			return fmt.Errorf("%w: what would be done by manuscript %s is not what was shown", ErrNotShown, m.ID)
		}
		if err := tx.ApproveManuscript(m.ID, manuscripts.Approval{Revision: m.Revision, Digest: shown, By: d.Person.ID, Reason: how.Reason}); err != nil {
			return err
		}
		if _, err := tx.SetManuscriptState(m.ID, m.Revision, manuscripts.Approved); err != nil {
			return err
		}
		if err := tx.EndAlarms(alarms.Unapproved, m.ID); err != nil {
			return err
		}
		return d.noteReasoned(tx, "manuscript approved for its instant", m, how.Reason, map[string]string{"digest": shown, "instant": m.Instant.UTC().Format(time.RFC3339)})
	})
}

// rehearsed is the digest of all that would go out by a manuscript, whose result it fills in.
func (d Desk) rehearsed(ctx context.Context, look *Looked, doc Document) (shown string, err error) {
	err = d.Rehearse(ctx, func(d Desk) (err error) {
		if look.Result, err = d.release(ctx, *look, doc); err != nil {
			return err
		}
		return d.update(ctx, func(tx *storage.Tx) error {
			shown, err = digestOf(tx, *look, doc)
			return err
		})
	})
	return shown, err
}

// Recall takes back what was approved for an instant that has not come: it waits for an approval
// again.
func (d Desk) Recall(ctx context.Context, id string, revision int) (m manuscripts.Manuscript, err error) {
	err = d.noted(ctx, func(tx *storage.Tx) error {
		before, err := d.readable(tx, id)
		if err == nil {
			err = d.mayRecall(tx, before)
		}
		if err != nil {
			return err
		}
		if m, err = tx.RecallManuscript(id, revision, manuscripts.InReview); err != nil {
			return err
		}
		if err := d.raiseRecalled(ctx, tx, m); err != nil {
			return err
		}
		return d.noteManuscript(tx, "manuscript recalled", m, nil)
	})
	return m, err
}

// raiseRecalled tells who approved a manuscript, and the first on duty, that somebody has recalled it.
func (d Desk) raiseRecalled(ctx context.Context, tx *storage.Tx, m manuscripts.Manuscript) error {
	if err := tx.EndAlarms(alarms.Recalled, m.ID); err != nil {
		return err
	}
	raised, _, err := tx.RaiseAlarm(alarms.Alarm{Kind: alarms.Recalled, Subject: m.ID, About: string(m.Kind), Step: tx.Now().UTC().Format(time.RFC3339Nano), Instant: m.Instant, Person: d.Person.ID})
	if err != nil {
		return err
	}
	approvals, err := tx.ApprovalsOf(m.ID)
	if err != nil {
		return err
	}
	var to []string
	for _, a := range approvals {
		by, err := tx.Person(a.By)
		if err != nil && !errors.Is(err, press.ErrNotFound) {
			return err
		}
		if a.Revision == m.Revision && a.By != d.Person.ID {
			to = append(to, by.Email)
		}
	}
	d.tell(ctx, slog.LevelWarn, "what was approved for its instant was recalled", []any{"manuscript", m.ID, "kind", m.Kind, "by", d.Person.Login, "instant", m.Instant.UTC().Format(time.RFC3339)})
	return d.writeAtOnce(tx, raised, to)
}

// mayRecall tells whether the desk's person may recall a manuscript: a withdrawal who may withdraw the
// article, for without it that stays public; another one who may write it, or approve what is in its
// place.
func (d Desk) mayRecall(tx *storage.Tx, m manuscripts.Manuscript) error {
	if m.State != manuscripts.Approved {
		return fmt.Errorf("%w: manuscript %s does not wait for its instant", press.ErrConflict, m.ID)
	}
	if m.Kind == manuscripts.Withdrawal {
		return d.may(tx, m, Releases()...)
	}
	err := d.mayWrite(tx, m)
	if errors.Is(err, ErrMayNot) {
		err = d.may(tx, m, people.Approver)
	}
	return err
}

// carryOut does what was approved for an instant that has come. What can't be done as it was
// approved waits for an approval again, which those on duty are told of. While embargoes are held
// nothing is done.
func (d Desk) carryOut(ctx context.Context) error {
	var due []manuscripts.Manuscript
	err := d.view(ctx, func(tx *storage.Tx) error {
		held, err := tx.ClockHeld()
		if err == nil && held == "" {
			due, err = tx.ManuscriptsPlanned(tx.Now(), alarmsInARound)
		}
		return err
	})
	for _, m := range due {
		err = errors.Join(err, d.carryOutOne(ctx, m))
	}
	return err
}

// carryOutOne carries out what one manuscript says, or has it wait for an approval again. After an
// error it is tried again.
func (d Desk) carryOutOne(ctx context.Context, m manuscripts.Manuscript) error {
	look, approval, by, err := d.approved(ctx, m)
	if err != nil {
		return err
	}
	d.Author = Author{Name: by.Login, Via: theClock}
	failed := d.doApproved(ctx, look, approval, by)
	if failed == nil || errors.Is(failed, errNotDue) {
		return nil
	}
	if passes(failed) {
		return failed
	}
	return d.noted(ctx, func(tx *storage.Tx) error {
		if _, err := tx.RecallManuscript(m.ID, m.Revision, manuscripts.InReview); err != nil {
			return err
		}
		d.tell(ctx, slog.LevelError, "what was approved could not be done at its instant", []any{"manuscript", m.ID, "article", m.Article, "changed", errors.Is(failed, ErrNotShown)})
		return d.noteManuscript(tx, "manuscript not carried out", m, facts("changed", yes(errors.Is(failed, ErrNotShown))))
	})
}

// passes tells whether an error says nothing about what was to be done, such as that the database is
// away.
func passes(err error) bool {
	return errors.Is(err, press.ErrBusy) || errors.Is(err, press.ErrUnsure) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// approved is a manuscript with its last approval, and who gave it.
func (d Desk) approved(ctx context.Context, m manuscripts.Manuscript) (look Looked, a manuscripts.Approval, by people.Person, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		if look, err = readAll(tx, m.ID); err != nil {
			return err
		}
		all, err := tx.ApprovalsOf(m.ID)
		if err != nil {
			return err
		}
		for _, one := range all {
			if one.Revision == m.Revision {
				a = one
				by, err = tx.Person(a.By)
				return err
			}
		}
		return fmt.Errorf("%w: manuscript %s has no approval", press.ErrNotFound, m.ID)
	})
	return look, a, by, err
}

// errNotDue is that another program was faster, or somebody has recalled it.
var errNotDue = fmt.Errorf("%w: it waits for its instant no longer", press.ErrConflict)

// doApproved does what a manuscript says, if that is what was approved.
func (d Desk) doApproved(ctx context.Context, look Looked, a manuscripts.Approval, by people.Person) error {
	doc, err := d.document(ctx, look)
	if err != nil {
		return err
	}
	return d.Together(ctx, func(d Desk) error {
		d.releases = true
		if err := d.update(ctx, func(tx *storage.Tx) error {
			if err := tx.ToBeNoted(); err != nil {
				return err
			}
			held, err := tx.ClockHeld()
			if err == nil && held != "" {
				err = errNotDue
			}
			if err != nil {
				return err
			}
			now, err := tx.Manuscript(look.Manuscript.ID)
			if err == nil && (now.State != manuscripts.Approved || now.Revision != a.Revision || now.Instant.After(tx.Now())) {
				err = errNotDue
			}
			if err == nil {
				d.writers, err = writersOf(tx, now.ID)
			}
			return err
		}); err != nil {
			return err
		}
		if look.Result, err = d.release(ctx, look, doc); err != nil {
			return err
		}
		return d.update(ctx, func(tx *storage.Tx) error {
			now, err := digestOf(tx, look, doc)
			if err != nil {
				return err
			}
			if now != a.Digest {
				return fmt.Errorf("%w: what would be done by manuscript %s is not what was approved", ErrNotShown, look.Manuscript.ID)
			}
			if err := tx.ReleaseManuscript(look.Manuscript.ID, a.Revision, look.Result.Article.ID); err != nil {
				return err
			}
			if err := d.noteManuscript(tx, "manuscript carried out", look.Manuscript, facts("digest", now)); err != nil {
				return err
			}
			d.Person = by // whose approval it is
			return d.reviewed(tx, look, a.Reason)
		})
	})
}

// reviewed has a second person look at what was released without one; what was released with one was
// looked at.
func (d Desk) reviewed(tx *storage.Tx, look Looked, alone string) error {
	switch {
	case alone == "":
		return d.endByRelease(tx, look.Result.Article.ID)
	case look.Manuscript.Kind != manuscripts.Withdrawal: // for which one is enough
		return d.raiseUnreviewed(tx, look.Result.Article)
	}
	return nil
}

// endProposedWithdrawal gives up the withdrawal that was proposed of an article which was withdrawn
// without it.
func (d Desk) endProposedWithdrawal(tx *storage.Tx, id press.ArticleID) error {
	if d.releases {
		return nil // by the proposal itself
	}
	m, err := tx.ManuscriptOf(id)
	if errors.Is(err, press.ErrNotFound) || err == nil && m.Kind != manuscripts.Withdrawal {
		return nil
	}
	if err != nil {
		return err
	}
	if err := tx.CancelManuscript(m.ID); err != nil {
		return err
	}
	if err := tx.EndAlarms(alarms.Unapproved, m.ID); err != nil {
		return err
	}
	return d.noteManuscript(tx, "manuscript overtaken", m, nil)
}
