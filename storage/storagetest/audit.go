package storagetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/audit"
	"communique/storage/press"
)

// note notes an act about a subject.
func (w *world) note(did, subject string) (l audit.Line) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		l, err = tx.Note(audit.Act{Who: "a.silva", Via: "desk", Network: "192.0.2.0/24", Did: did, Subject: subject, Facts: map[string]string{"fields": "title, lead", "document": "5e88"}})
		return err
	})
	return l
}

// verify reads the audit whole.
func (w *world) verify() (v audit.Verified, err error) {
	w.t.Helper()
	err = w.store.View(w.t.Context(), func(tx *storage.Tx) error {
		v, err = tx.VerifyAudit()
		return err
	})
	return v, err
}

// broken holds that the audit is broken at a line.
func (w *world) broken(line int64) {
	w.t.Helper()
	_, err := w.verify()
	var broken *audit.BrokenError
	if !errors.As(err, &broken) || broken.Line != line {
		w.t.Errorf("verified: %v, want a fault at line %d", err, line)
	}
}

// past runs a statement past the store.
func (w *world) past(query string, args ...any) {
	w.t.Helper()
	if err := w.database.Exec(query, args...); err != nil {
		w.t.Fatal(err)
	}
}

var auditTests = map[string]func(*testing.T, *world){
	"a line is read as it was noted, and found by its subject": func(_ *testing.T, w *world) {
		w.view(func(tx *storage.Tx) error {
			if _, err := tx.LastAudited(); !errors.Is(err, press.ErrNotFound) {
				w.t.Errorf("the last line of none: %v", err)
			}
			return nil
		})
		first := w.note("added a section", "news")
		for what, want := range map[string]bool{"added a section": true, "added": false} {
			w.view(func(tx *storage.Tx) error {
				did, err := tx.Did(what)
				w.same("did", want, did)
				return err
			})
		}
		w.same("seq", int64(1), first.Seq)
		w.same("at", w.clock.Now().Truncate(time.Microsecond), first.At)
		w.clock.Pass(time.Second)
		second := w.note("renamed a section", "news")
		third := w.note("blocked", "bad.example")
		w.view(func(tx *storage.Tx) error {
			all, err := tx.Audit(0, 10)
			w.same("all", []audit.Line{first, second, third}, all)
			return err
		})
		w.view(func(tx *storage.Tx) error {
			all, err := tx.Audit(1, 1)
			w.same("behind the first", []audit.Line{second}, all)
			return err
		})
		w.view(func(tx *storage.Tx) error {
			all, err := tx.AuditBefore(3, 10)
			w.same("before the third", []audit.Line{second, first}, all)
			return err
		})
		w.view(func(tx *storage.Tx) error {
			all, err := tx.AuditOf("news", 10)
			w.same("of news", []audit.Line{second, first}, all)
			return err
		})
		v, err := w.verify()
		w.same("verified", audit.Verified{Lines: 3, Hash: third.Hash}, v)
		if err != nil {
			w.t.Error(err)
		}
	},

	"what is undone leaves no line": func(_ *testing.T, w *world) {
		undone := errors.New("undone")
		err := w.store.Update(w.t.Context(), func(tx *storage.Tx) error {
			_, err := tx.Note(audit.Act{Who: "a.silva", Did: "blocked", Subject: "bad.example"})
			return errors.Join(err, undone)
		})
		if !errors.Is(err, undone) {
			w.t.Fatal(err)
		}
		w.same("the next", int64(1), w.note("blocked", "worse.example").Seq)
	},

	"a line that is changed, taken out or put in breaks the chain there": func(_ *testing.T, w *world) {
		for i := range 5 {
			w.note("blocked", fmt.Sprintf("%d.example", i))
		}
		w.past(`UPDATE audit SET who = 'b.costa' WHERE seq = 2`)
		w.broken(2)
		w.past(`UPDATE audit SET who = 'a.silva' WHERE seq = 2`)
		w.past(`UPDATE audit SET facts = '{}' WHERE seq = 4`)
		w.broken(4)
		w.past(`DELETE FROM audit WHERE seq = 4`)
		w.broken(4)
		w.past(`DELETE FROM audit WHERE seq = 5`)
		if v, err := w.verify(); err != nil || v.Lines != 3 {
			w.t.Errorf("verified %d lines, %v", v.Lines, err) // who kept the last hash elsewhere knows better
		}
		w.past(`DELETE FROM audit WHERE seq = 1`)
		w.broken(1)
	},

	"lines that say who appended an entry are missed from the end, too": func(_ *testing.T, w *world) {
		w.update(func(tx *storage.Tx) error {
			var last press.Entry
			for _, actor := range []string{"ministry", "minister"} {
				var err error
				if last, err = tx.AppendActor(actor); err != nil {
					return err
				}
			}
			l, err := tx.Note(audit.Act{Who: "a.silva", Did: "pinned", Subject: "abc"})
			w.same("entry", last.Seq, l.Entry)
			return err
		})
		w.note("blocked", "bad.example")
		if _, err := w.verify(); err != nil {
			w.t.Error(err)
		}
		w.past(`DELETE FROM audit WHERE seq = 2`)
		w.past(`DELETE FROM audit WHERE seq = 1`)
		w.broken(1)
	},

	"a reason stands beside the audit, and is forgotten with what it is about": func(_ *testing.T, w *world) {
		var l audit.Line
		w.update(func(tx *storage.Tx) error {
			why, err := tx.KeepReason("k3tq", "It is two in the morning.")
			if err != nil {
				return err
			}
			again, err := tx.KeepReason("k3tq", "It is two in the morning.")
			if err != nil {
				return err
			}
			w.same("its digest again", why, again)
			l, err = tx.Note(audit.Act{Who: "a.silva", Did: "corrected", Subject: "k3tq", Facts: map[string]string{"without_second_person": why}})
			return err
		})
		explained := func() string {
			w.t.Helper()
			lines := []audit.Line{l}
			w.view(func(tx *storage.Tx) error { return tx.Explain(lines) })
			return lines[0].Why
		}
		w.same("the digest", 64, len(l.Facts["without_second_person"]))
		w.same("the reason", "It is two in the morning.", explained())
		w.update(func(tx *storage.Tx) error { return tx.ForgetReasons("another") })
		w.same("the reason, when another's was forgotten", "It is two in the morning.", explained())
		w.update(func(tx *storage.Tx) error { return tx.ForgetReasons("k3tq") })
		w.same("the reason, when it was forgotten", "", explained())
		_, err := w.verify()
		w.same("the chain", nil, err)
	},

	"who is named with a text that no database keeps is refused": func(_ *testing.T, w *world) {
		w.refused(press.ErrInvalid, func(tx *storage.Tx) error {
			_, err := tx.Note(audit.Act{Who: "a\x00b", Did: "blocked"})
			return err
		})
	},
}
