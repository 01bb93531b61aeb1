package storagetest

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
)

// DESIGN: the promise covers every server that told us that it has an article.
var holderTests = map[string]func(*testing.T, *world){
	"a server that shows that it has an article is corrected, and gets nothing else": func(_ *testing.T, w *world) {
		const inbox = "https://far.example/inbox"
		_, before := w.publish(w.draft("Before"))
		a, e := w.publish(w.draft("Announced"))
		_, after := w.publish(w.draft("After"))
		for range 2 {
			w.update(func(tx *storage.Tx) error { return tx.AddHolder(source, inbox, a.ID) })
		}
		_, later := w.publish(w.draft("Later"))
		d := w.destination(inbox)
		w.same("spans", []deliveries.Span{{From: e.Seq - 1, To: e.Seq}}, d.Spans)
		w.same("covered", []bool{false, true, false, false}, []bool{d.Covered(before.Seq), d.Covered(e.Seq), d.Covered(after.Seq), d.Covered(later.Seq)})
		w.same("cursor", after.Seq, d.Cursor)
		w.same("followers", 0, d.Followers)
	},

	"where it is delivered anyway nothing changes": func(_ *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		a, _ := w.publish(w.draft("Announced"))
		before := w.destination(sharedInbox)
		w.update(func(tx *storage.Tx) error { return tx.AddHolder(source, sharedInbox, a.ID) })
		w.same("destination", before, w.destination(sharedInbox))
	},

	"where it was given up, what takes the article back goes out again": func(_ *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		a, e := w.publish(w.draft("Announced"))
		w.settle(1, w.claim(1)[0], e.Seq)
		w.correct(a.ID, w.draft("Announced and corrected"))
		due := w.claim(1)
		w.update(func(tx *storage.Tx) error {
			return tx.Settle(1, []deliveries.Settlement{{Destination: due[0].ID, Failures: 1, State: deliveries.StateGone, Error: "status 410"}})
		})
		w.same("due while nothing is heard", 0, len(w.claim(1)))
		before := w.wakes()
		w.update(func(tx *storage.Tx) error { return tx.AddHolder(source, sharedInbox, a.ID) })
		w.same("state", deliveries.StateActive, w.destination(sharedInbox).State)
		w.same("due", 1, len(w.claim(1)))
		w.same("wakes", before+1, w.wakes())
	},

	"what was never pushed is not delivered": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.silent("From the archive", noon.Add(-time.Hour)))
		w.update(func(tx *storage.Tx) error { return tx.AddHolder(source, "https://far.example/inbox", a.ID) })
		w.view(func(tx *storage.Tx) error {
			all, err := tx.Destinations(0, 10)
			w.same("destinations", 0, len(all))
			return err
		})
	},
}
