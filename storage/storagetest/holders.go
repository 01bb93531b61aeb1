package storagetest

import (
	"fmt"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/deliveries"
	"communique/storage/press"
)

// DESIGN: the promise covers every server that told us that it has an article.
var holderTests = map[string]func(*testing.T, *world){
	"a server that shows that it has an article is told what becomes of it, and gets nothing new": func(_ *testing.T, w *world) {
		const inbox = "https://far.example/inbox"
		_, before := w.publish(w.draft("Before"))
		a, e := w.publish(w.draft("Announced"))
		_, after := w.publish(w.draft("After"))
		for range 2 {
			w.holds(inbox, a.ID)
		}
		_, later := w.publish(w.draft("Later"))
		d := w.destination(inbox)
		w.same("gets what is published", []bool{false, false}, []bool{d.Covered(e.Seq), d.Covered(later.Seq)})
		w.same("is told of", []bool{true, true, true, false},
			[]bool{d.MayHold(before.Seq), d.MayHold(e.Seq), d.MayHold(after.Seq), d.MayHold(later.Seq)})
		w.same("cursor", after.Seq, d.Cursor)
		w.same("followers", 0, d.Followers)
		w.holds(inbox, "")
		w.same("is told of what it may have fetched since", true, w.destination(inbox).MayHold(later.Seq))
		w.same("rows", 1, len(w.destinations()))
	},

	"reach counts who holds an article from when they showed it": func(_ *testing.T, w *world) {
		a, published := w.publish(w.draft("Found by search"))
		w.holds("https://far.example/inbox", a.ID)
		_, corrected := w.correct(a.ID, w.draft("Found by search, corrected"))
		w.holds("https://late.example/inbox", a.ID)
		_, withdrawn := w.withdraw(a.ID)
		w.holds("https://later.example/inbox", "")
		w.same("servers", []int{0, 1, 2}, []int{w.reach(published).Servers, w.reach(corrected).Servers, w.reach(withdrawn).Servers})
		w.same("behind", 2, w.reach(withdrawn).Behind)
	},

	"servers that may hold an article that they were not sent are counted": func(_ *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		earlier, first := w.publish(w.draft("Earlier"))
		a, e := w.publish(w.draft("Found by search"))
		quiet, silent := w.publish(w.silent("From the archive", noon.Add(-time.Hour)))
		w.holds("https://far.example/inbox", a.ID)
		w.holds("https://far.example/users/somebody", earlier.ID) // the same server
		w.holds(sharedInbox, "")                                  // it was sent what it may hold
		later, last := w.publish(w.draft("Later"))
		w.same("before anything is said of them", []int{1, 1, 0}, []int{w.heldUnsent(first), w.heldUnsent(e), w.heldUnsent(last)})
		w.same("of what nobody was sent", 2, w.heldUnsent(silent))
		w.correct(a.ID, w.draft("Found by search, corrected"))
		w.holds("https://late.example/inbox", later.ID)
		w.same("after a correction", []int{2, 2, 1}, []int{w.heldUnsent(first), w.heldUnsent(e), w.heldUnsent(last)})
		_, withdrawn := w.withdraw(quiet.ID)
		w.same("are told of a withdrawal, each inbox", 4, w.reach(withdrawn).Servers)
	},

	"who follows while articles are pinned has read them": func(_ *testing.T, w *world) {
		a, e := w.publish(w.draft("Pinned"))
		w.accept(w.follow("https://early.example/a", "https://early.example/inbox"))
		w.update(func(tx *storage.Tx) error {
			_, err := tx.Pin(a.ID)
			return err
		})
		w.accept(w.follow(ada, sharedInbox))
		w.same("a new follower's server is told", true, w.destination(sharedInbox).MayHold(e.Seq))
		w.same("and gets no Create", false, w.destination(sharedInbox).Covered(e.Seq))
		w.update(func(tx *storage.Tx) error {
			_, err := tx.AppendActor("ministry")
			return err
		})
		w.same("who looks because the profile has changed is told", true, w.destination("https://early.example/inbox").MayHold(e.Seq))
		_, withdrawn := w.withdraw(a.ID)
		w.same("servers to tell", 2, w.reach(withdrawn).Servers)
		w.accept(w.follow("https://late.example/a", "https://late.example/inbox"))
		w.same("without pins nothing is read", press.Seq(0), w.destination("https://late.example/inbox").Holds)
	},

	"a server that waits for its Accept is told of a withdrawal at once": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Pinned"))
		w.update(func(tx *storage.Tx) error {
			_, err := tx.Pin(a.ID)
			return err
		})
		w.add(w.follow(ada, sharedInbox))
		w.withdraw(a.ID)
		w.same("due", 1, len(w.claim(1)))
	},

	"what is on its way when a server shows that it has it is taken back": func(_ *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		a, e := w.publish(w.draft("Fetched before it arrived"))
		w.holds(sharedInbox, a.ID)
		d := w.destination(sharedInbox)
		w.same("may hold it, though nothing was sent", []bool{false, true}, []bool{e.Seq <= d.Attempted, e.Seq <= d.Holds})
	},

	"a follower's inbox that moves takes along what the server may hold": func(_ *testing.T, w *world) {
		a, e := w.publish(w.draft("Pinned"))
		w.update(func(tx *storage.Tx) error {
			_, err := tx.Pin(a.ID)
			return err
		})
		w.accept(w.follow(ada, sharedInbox))
		w.update(func(tx *storage.Tx) error {
			return tx.ChangeInbox(audience.Follow{Source: source, Actor: ada, Inbox: "https://new.example/a", Delivery: "https://new.example/a"})
		})
		w.same("is told", true, w.destination("https://new.example/a").MayHold(e.Seq))
	},

	"of one domain a hundred are kept in mind": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Found"))
		w.holds("https://honest.example/inbox", a.ID)
		for i := range 150 {
			w.update(func(tx *storage.Tx) error {
				inbox := fmt.Sprintf("https://h%d.many.example:8443/inbox", i)
				return tx.AddHolder(deliveries.Holder{Source: source, Inbox: inbox, Domain: "many.example", Article: a.ID})
			})
		}
		all := w.destinations()
		w.same("servers", 101, len(all))
		w.same("the oldest made room", "https://h50.many.example:8443/inbox", all[1].URL)
		w.same("the others stay", "https://honest.example/inbox", all[0].URL)
	},

	"where it is delivered anyway nothing changes": func(_ *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		a, e := w.publish(w.draft("Announced"))
		w.settle(1, w.claim(1)[0], e.Seq)
		before := w.destination(sharedInbox)
		w.holds(sharedInbox, a.ID)
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
		w.holds(sharedInbox, a.ID)
		w.same("state", deliveries.StateActive, w.destination(sharedInbox).State)
		w.same("due", 1, len(w.claim(1)))
		w.same("wakes", before+1, w.wakes())
	},

	"what was never pushed is taken back where it was found": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.silent("From the archive", noon.Add(-time.Hour)))
		w.holds("https://far.example/inbox", a.ID)
		w.same("due", 0, len(w.claim(1)))
		_, e := w.withdraw(a.ID)
		w.same("due for its withdrawal", 1, len(w.claim(2)))
		w.same("servers to tell", 1, w.reach(e).Servers)
	},
}

// holds notes that a server showed that it holds an article, or any.
func (w *world) holds(inbox string, article press.ArticleID) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error {
		return tx.AddHolder(deliveries.Holder{Source: source, Inbox: inbox, Domain: press.HostOf(inbox), Article: article})
	})
}

// heldUnsent is how many servers may hold an article that they were not sent.
func (w *world) heldUnsent(published press.Entry) (n int) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		n, err = tx.HeldUnsent(published)
		return err
	})
	return n
}

// destinations are all, in the order in which they were made.
func (w *world) destinations() (all []deliveries.Destination) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		all, err = tx.Destinations(0, 1000)
		return err
	})
	return all
}
