package storagetest

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/sightings"
)

// lookFor has an entry looked for now, and its report written down in a minute.
func (w *world) lookFor(seq press.Seq) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error {
		return tx.AddSighting(sightings.Sighting{Seq: seq, Next: tx.Now(), Keep: tx.Now().Add(time.Minute)})
	})
}

// sought is the entry that is claimed; ok is false if none is to be looked for.
func (w *world) sought() (s sightings.Sighting, ok bool) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		s, ok, err = tx.ClaimSighting(time.Minute)
		return err
	})
	return s, ok
}

func (w *world) settleSighting(s sightings.Sighting) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error { return tx.SettleSighting(s) })
}

func (w *world) sighting(seq press.Seq) (s sightings.Sighting) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		s, err = tx.Sighting(seq)
		return err
	})
	return s
}

var sightingTests = map[string]func(*testing.T, *world){
	"one looks at a time": func(_ *testing.T, w *world) {
		w.lookFor(7)
		s, ok := w.sought()
		w.same("claimed", true, ok)
		w.same("which", press.Seq(7), s.Seq)
		_, ok = w.sought()
		w.same("claimed again", false, ok)
		w.clock.Pass(61 * time.Second) // whoever had it has died
		again, ok := w.sought()
		w.same("claimed after that", true, ok)
		w.same("looks", 2, again.Looks)
		s.Page.Seen = noon
		w.settleSighting(s) // by the one who was thought dead
		w.same("what is settled too late", false, w.sighting(7).Page.Found())
	},

	"what was seen stays, and is looked for no more": func(_ *testing.T, w *world) {
		w.lookFor(7)
		s, _ := w.sought()
		s.Page = sightings.Sight{Seen: noon}
		s.Feed = sightings.Sight{Fault: "it answers 503"}
		s.Next = noon.Add(time.Minute)
		w.settleSighting(s)
		w.same("kept", s.Feed, w.sighting(7).Feed)
		w.clock.Pass(2 * time.Minute)
		s, _ = w.sought()
		w.same("page", noon, s.Page.Seen)
		s.Feed, s.Next = sightings.Sight{Seen: noon.Add(2 * time.Minute)}, time.Time{}
		w.settleSighting(s)
		w.clock.Pass(time.Hour)
		_, ok := w.sought()
		w.same("claimed after all was seen", false, ok)
		w.lookFor(7) // as after the position in the log was lost
		_, ok = w.sought()
		w.same("claimed when it was added again", false, ok)
	},

	"reports are written down when it is time": func(_ *testing.T, w *world) {
		w.lookFor(7)
		due := func() (all []sightings.Sighting) {
			w.view(func(tx *storage.Tx) (err error) {
				all, err = tx.ReportsToKeep(10)
				return err
			})
			return all
		}
		w.same("at once", 0, len(due()))
		w.clock.Pass(time.Minute)
		w.same("after a minute", 1, len(due()))
		w.update(func(tx *storage.Tx) error { return tx.KeepReport(7, []byte(`{"seq":7}`), time.Time{}) })
		w.same("when it was for good", 0, len(due()))
		s := w.sighting(7)
		w.same("what", `{"seq":7}`, string(s.Report))
		w.same("next", true, s.Keep.IsZero())
	},

	"it is known when there is something to do": func(_ *testing.T, w *world) {
		due := func() (at time.Time) {
			w.view(func(tx *storage.Tx) (err error) {
				at, err = tx.SightingsDue()
				return err
			})
			return at
		}
		w.same("never", time.Time{}, due())
		w.lookFor(7)
		w.same("now", noon, due())
		s, _ := w.sought()
		s.Next = time.Time{}
		w.settleSighting(s)
		w.same("the report", noon.Add(time.Minute), due())
	},
}
