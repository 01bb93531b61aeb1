package storagetest

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/alarms"
	"communique/storage/press"
)

// unapproved is an alarm that a manuscript comes to its instant.
var unapproved = alarms.Alarm{Kind: alarms.Unapproved, Subject: "m", Step: "noon", Instant: noon.Add(24 * time.Hour)}

// raise raises an alarm.
func (w *world) raise(about alarms.Alarm) (a alarms.Alarm, fresh bool) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		a, fresh, err = tx.RaiseAlarm(about)
		return err
	})
	return a, fresh
}

// claimed is the address and the attempt of the letter that is claimed; nothing if none is to be
// sent.
func (w *world) claimed() (l alarms.Letter, about alarms.Alarm, ok bool) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		l, about, ok, err = tx.ClaimLetter(time.Minute)
		return err
	})
	return l, about, ok
}

var alarmTests = map[string]func(*testing.T, *world){
	"an alarm is raised once": func(_ *testing.T, w *world) {
		a, fresh := w.raise(unapproved)
		w.same("fresh", true, fresh)
		w.view(func(tx *storage.Tx) error {
			read, err := tx.Alarm(a.ID)
			w.same("read", a, read)
			return err
		})
		_, fresh = w.raise(unapproved)
		w.same("fresh again", false, fresh)
		another := unapproved
		another.Instant = noon.Add(48 * time.Hour)
		_, fresh = w.raise(another)
		w.same("fresh for another instant", true, fresh)
		w.view(func(tx *storage.Tx) error {
			there, err := tx.RaisedAlarm(another)
			w.same("raised", true, there)
			return err
		})
	},

	"what waits is counted": func(_ *testing.T, w *world) {
		counted := func() (all []any) {
			w.view(func(tx *storage.Tx) error {
				waiting, heldBack, unsent, err := tx.CountAlarms()
				all = []any{waiting, heldBack, unsent}
				return err
			})
			return all
		}
		w.same("of none", []any{map[alarms.Kind]int{}, 0, 0}, counted())
		a, _ := w.raise(unapproved)
		late := unapproved
		late.Subject, late.Step = "n", alarms.AtInstant
		b, _ := w.raise(late)
		w.update(func(tx *storage.Tx) error { return tx.WriteAbout(a, time.Time{}, "duty@mfa.example") })
		w.same("two", []any{map[alarms.Kind]int{alarms.Unapproved: 2}, 1, 0}, counted())
		l, _, _ := w.claimed()
		w.update(func(tx *storage.Tx) error { return tx.SettleLetter(l, "no route to host", noon.Add(time.Hour)) })
		w.same("a letter that was not taken", []any{map[alarms.Kind]int{alarms.Unapproved: 2}, 1, 1}, counted())
		w.update(func(tx *storage.Tx) error { return tx.AcknowledgeAlarm(b.ID, "ana") })
		w.same("one that somebody knows of", []any{map[alarms.Kind]int{alarms.Unapproved: 1}, 1, 1}, counted())
		w.update(func(tx *storage.Tx) error { return tx.EndAlarms(alarms.Unapproved, "n") })
		w.update(func(tx *storage.Tx) error { return tx.EndAlarms(alarms.Unapproved, "m") })
		w.same("of those that ended", []any{map[alarms.Kind]int{}, 0, 0}, counted())
	},

	"what was raised by a clock that was ahead is raised again": func(_ *testing.T, w *world) {
		w.clock.Jump(72 * time.Hour)
		a, _ := w.raise(unapproved)
		w.update(func(tx *storage.Tx) error { return tx.AcknowledgeAlarm(a.ID, "ana") })
		w.clock.Jump(-72 * time.Hour)
		again, fresh := w.raise(unapproved)
		w.same("fresh", true, fresh)
		w.view(func(tx *storage.Tx) error {
			read, err := tx.Alarm(a.ID)
			w.same("as it is now", again, read)
			return err
		})
	},

	"one who knows of it is enough": func(_ *testing.T, w *world) {
		a, _ := w.raise(unapproved)
		w.update(func(tx *storage.Tx) error { return tx.AcknowledgeAlarm(a.ID, "ana") })
		w.refused(press.ErrConflict, func(tx *storage.Tx) error { return tx.AcknowledgeAlarm(a.ID, "rui") })
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error { return tx.AcknowledgeAlarm("none", "rui") })
		w.view(func(tx *storage.Tx) error {
			read, err := tx.Alarm(a.ID)
			w.same("by", "ana", read.By)
			w.same("waits", false, read.Waits())
			open, failed := tx.OpenAlarms(10)
			w.same("open", 1, len(open))
			due, failure := tx.AlarmsToWrite(10)
			w.same("to write", 0, len(due))
			for _, err := range []error{err, failed} {
				if err != nil {
					return err
				}
			}
			return failure
		})
	},

	"of what is forgotten nobody's words are left": func(_ *testing.T, w *world) {
		a, _ := w.raise(alarms.Alarm{Kind: alarms.Objected, Subject: "m", Person: "ana", Remark: "It names a witness."})
		w.view(func(tx *storage.Tx) error {
			read, err := tx.Alarm(a.ID)
			w.same("remark", "It names a witness.", read.Remark)
			return err
		})
		w.update(func(tx *storage.Tx) error { return tx.ForgetAlarms("m") })
		w.view(func(tx *storage.Tx) error {
			read, err := tx.Alarm(a.ID)
			w.same("remark", "", read.Remark)
			w.same("ended", false, read.Ended.IsZero())
			return err
		})
	},

	"what has ended asks for nobody, and is dropped later": func(_ *testing.T, w *world) {
		a, _ := w.raise(unapproved)
		other, _ := w.raise(alarms.Alarm{Kind: alarms.Unreviewed, Subject: "m"})
		w.update(func(tx *storage.Tx) error { return tx.WriteAbout(a, time.Time{}, "duty@mfa.example") })
		w.update(func(tx *storage.Tx) error { return tx.EndAlarms(alarms.Unapproved, "m") })
		w.refused(press.ErrConflict, func(tx *storage.Tx) error { return tx.AcknowledgeAlarm(a.ID, "ana") })
		w.view(func(tx *storage.Tx) error {
			open, err := tx.OpenAlarms(10)
			w.same("open", []alarms.Alarm{other}, open)
			return err
		})
		_, _, ok := w.claimed()
		w.same("a letter about it", false, ok)
		w.update(func(tx *storage.Tx) error { return tx.EndAlarm(other.ID) })
		w.clock.Pass(time.Hour)
		w.update(func(tx *storage.Tx) error { return tx.DropAlarms(tx.Now()) })
		w.view(func(tx *storage.Tx) error {
			all, err := tx.AlarmsOf("m")
			w.same("left", 0, len(all))
			return err
		})
	},
}

var letterTests = map[string]func(*testing.T, *world){
	"a letter is claimed by one, and sent once": func(_ *testing.T, w *world) {
		a, _ := w.raise(unapproved)
		w.update(func(tx *storage.Tx) error {
			due, err := tx.AlarmsToWrite(10)
			if err != nil {
				return err
			}
			return tx.WriteAbout(due[0], noon.Add(time.Hour), "duty@mfa.example")
		})
		w.update(func(tx *storage.Tx) error { return tx.WriteAbout(a, noon.Add(time.Hour), "late@mfa.example") }) // who was later
		l, about, ok := w.claimed()
		w.same("claimed", true, ok)
		w.same("about", a.ID, about.ID)
		w.same("address", "duty@mfa.example", l.Address)
		_, _, ok = w.claimed()
		w.same("claimed twice", false, ok)
		w.update(func(tx *storage.Tx) error { return tx.SettleLetter(l, "", time.Time{}) })
		w.clock.Pass(time.Hour)
		_, _, ok = w.claimed()
		w.same("sent twice", false, ok)
		w.view(func(tx *storage.Tx) error {
			due, err := tx.AlarmsToWrite(10)
			w.same("to be written about again", 1, len(due))
			w.same("written", 1, due[0].Written)
			return err
		})
	},

	"what was not sent is tried again under the same id": func(_ *testing.T, w *world) {
		a, _ := w.raise(unapproved)
		w.update(func(tx *storage.Tx) error { return tx.WriteAbout(a, time.Time{}, "duty@mfa.example") })
		first, _, _ := w.claimed()
		w.update(func(tx *storage.Tx) error {
			return tx.SettleLetter(first, "connection refused", tx.Now().Add(10*time.Second))
		})
		w.view(func(tx *storage.Tx) error {
			waiting, err := tx.Unsent(10)
			w.same("unsent", 1, len(waiting))
			w.same("why", "connection refused", waiting[0].Fault)
			return err
		})
		w.clock.Pass(10 * time.Second)
		w.view(func(tx *storage.Tx) error {
			due, err := tx.LettersDue()
			w.same("due", true, due)
			return err
		})
		second, _, ok := w.claimed()
		w.same("claimed", true, ok)
		w.same("id", first.ID, second.ID)
		w.same("attempts", 2, second.Attempts)
		// Who claimed it first comes late, after another one has: that counts no more.
		w.update(func(tx *storage.Tx) error { return tx.SettleLetter(first, "timeout", tx.Now()) })
		w.update(func(tx *storage.Tx) error { return tx.SettleLetter(second, "", time.Time{}) })
		w.view(func(tx *storage.Tx) error {
			waiting, err := tx.Unsent(10)
			w.same("unsent", 0, len(waiting))
			all, failed := tx.LettersAbout(a.ID)
			w.same("sent", true, !all[0].Sent.IsZero())
			if failed != nil {
				return failed
			}
			return err
		})
	},

	"one that was claimed and never settled is sent by another": func(_ *testing.T, w *world) {
		a, _ := w.raise(unapproved)
		w.update(func(tx *storage.Tx) error { return tx.WriteAbout(a, time.Time{}, "duty@mfa.example") })
		w.claimed()
		w.clock.Pass(time.Minute)
		_, _, ok := w.claimed()
		w.same("claimed again", true, ok)
	},
}
