package storagetest

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/press"
)

var plannedTests = map[string]func(*testing.T, *world){
	"what is approved for an instant is neither written nor proposed again, until it is recalled": func(_ *testing.T, w *world) {
		var m manuscripts.Manuscript
		propose := func(tx *storage.Tx) (err error) {
			at := w.clock.Now().Add(time.Hour)
			begun, err := tx.AddManuscript(manuscripts.Manuscript{Kind: manuscripts.Withdrawal, Article: "a", Instant: at}, manuscripts.Revision{How: manuscripts.How{Reason: "An error.", At: at}})
			if err == nil {
				m = begun
			}
			return err
		}
		set := func(state manuscripts.State) func(*storage.Tx) error {
			return func(tx *storage.Tx) error {
				_, err := tx.SetManuscriptState(m.ID, 1, state)
				return err
			}
		}
		planned := func(until time.Time) (n int) {
			w.view(func(tx *storage.Tx) error {
				all, err := tx.ManuscriptsPlanned(until, 10)
				n = len(all)
				return err
			})
			return n
		}
		w.update(propose)
		w.update(set(manuscripts.InReview))
		w.same("planned before it is approved", 0, planned(m.Instant))
		w.update(set(manuscripts.Approved))
		w.same("planned before its instant", 0, planned(m.Instant.Add(-time.Second)))
		w.same("planned", 1, planned(m.Instant))
		w.view(func(tx *storage.Tx) error {
			r, err := tx.RevisionOf(m.ID, 1)
			w.same("how", manuscripts.How{Reason: "An error.", At: m.Instant}, r.How)
			return err
		})
		for _, change := range []func(*storage.Tx) error{
			propose, set(manuscripts.InReview),
			func(tx *storage.Tx) error { return tx.AssignManuscript(m.ID, "rui") },
			func(tx *storage.Tx) error { return tx.PutFile(m.ID, "a.pdf", nil) },
			func(tx *storage.Tx) error {
				_, err := tx.ReviseManuscript(m, 1, manuscripts.Revision{By: "ana"})
				return err
			},
			func(tx *storage.Tx) error {
				_, err := tx.RecallManuscript(m.ID, 2, manuscripts.InReview)
				return err
			},
		} {
			w.refused(press.ErrConflict, change)
		}
		w.update(func(tx *storage.Tx) error {
			_, err := tx.RecallManuscript(m.ID, 1, manuscripts.InReview)
			return err
		})
		w.same("planned after it was recalled", 0, planned(m.Instant))
		w.update(set(manuscripts.Approved))
		w.update((*storage.Tx).RecallPlans)
		w.same("planned after a backup was put back", 0, planned(m.Instant))
		w.update(set(manuscripts.Approved))
		w.update(func(tx *storage.Tx) error { return tx.ReleaseManuscript(m.ID, 1, "a") })
		w.same("planned after it was carried out", 0, planned(m.Instant))
		w.update(propose)
		w.update(func(tx *storage.Tx) error { return tx.CancelManuscript(m.ID) })
	},

	"what is assigned to somebody is found, and taken from them": func(_ *testing.T, w *world) {
		m := w.manuscript("Treaty")
		assigned := func() (titles []string) {
			w.view(func(tx *storage.Tx) error {
				all, err := tx.AssignedTo("rui")
				for _, m := range all {
					titles = append(titles, m.Title)
				}
				return err
			})
			return titles
		}
		w.same("before", []string(nil), assigned())
		w.update(func(tx *storage.Tx) error { return tx.AssignManuscript(m.ID, "rui") })
		w.same("assigned", []string{"Treaty"}, assigned())
		w.update(func(tx *storage.Tx) error { return tx.UnassignAll("ana") })
		w.same("after another has nothing", []string{"Treaty"}, assigned())
		w.update(func(tx *storage.Tx) error { return tx.UnassignAll("rui") })
		w.same("after all was taken", []string(nil), assigned())
	},

	"the limits of articles under embargo are those of their manuscripts": func(_ *testing.T, w *world) {
		limits := func() (all []manuscripts.Limit) {
			w.view(func(tx *storage.Tx) (err error) {
				all, err = tx.Limits()
				return err
			})
			return all
		}
		m := w.manuscript("Treaty") // limited to ana and rui
		w.same("before there is an article", []manuscripts.Limit(nil), limits())
		a, _ := w.publish(w.embargoed("Treaty"))
		w.update(func(tx *storage.Tx) error { return tx.ReleaseManuscript(m.ID, 1, a.ID) })
		w.same("under embargo", []manuscripts.Limit{{Article: a.ID, By: []string{"ana"}, Named: []string{"ana", "rui"}}}, limits())
		w.clock.Pass(time.Second)
		w.update(func(tx *storage.Tx) error {
			_, err := tx.AddManuscript(manuscripts.Manuscript{Kind: manuscripts.Correction, Article: a.ID, By: "eva", Named: []string{"rui", "leo"}}, manuscripts.Revision{})
			return err
		})
		w.same("with a correction", []manuscripts.Limit{{Article: a.ID, By: []string{"ana", "eva"}, Named: []string{"ana", "rui", "leo"}}}, limits())
		changed := func() (at time.Time) {
			w.view(func(tx *storage.Tx) error {
				now, err := tx.Manuscript(m.ID)
				at = now.Changed
				return err
			})
			return at
		}
		released := changed()
		w.update(func(tx *storage.Tx) error { return tx.LimitManuscriptsOf(a.ID, []string{"leo"}) })
		w.same("for others", []manuscripts.Limit{{Article: a.ID, By: []string{"ana", "eva"}, Named: []string{"leo"}}}, limits())
		w.same("when it was released", released, changed())
		w.update(func(tx *storage.Tx) error { return tx.LimitManuscriptsOf(a.ID, nil) })
		w.same("for all", []manuscripts.Limit(nil), limits())
		w.update(func(tx *storage.Tx) error { return tx.LimitManuscript(m.ID, []string{"rui"}) })
		w.clock.Pass(2 * time.Hour)
		w.release()
		w.same("when it is public", []manuscripts.Limit(nil), limits())
		cancelled, _ := w.publish(w.embargoed("Summit"))
		w.update(func(tx *storage.Tx) error {
			m, err := tx.AddManuscript(manuscripts.Manuscript{Kind: manuscripts.NewArticle, By: "ana", Named: []string{"rui"}}, manuscripts.Revision{})
			if err != nil {
				return err
			}
			if err := tx.ReleaseManuscript(m.ID, 1, cancelled.ID); err != nil {
				return err
			}
			if _, _, err := tx.Withdraw(cancelled.ID, ""); err != nil {
				return err
			}
			return tx.ForgetManuscriptsOf(cancelled.ID)
		})
		w.same("of what was cancelled", []manuscripts.Limit{{Article: cancelled.ID, By: []string{"ana"}, Named: []string{"rui"}}}, limits())
		w.refused(press.ErrInvalid, func(tx *storage.Tx) error { return tx.LimitManuscript(m.ID, make([]string, manuscripts.MaxNamed+1)) })
		w.refused(press.ErrConflict, func(tx *storage.Tx) error { return tx.LimitManuscript("none", nil) })
	},
}
