package storagetest

import (
	"slices"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/deliveries"
	"communique/storage/press"
)

func (w *world) claimDirected(generation int64) (due []deliveries.Directed) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		claimed, err := tx.ClaimDirected(every(generation))
		due = claimed.Messages
		return err
	})
	return due
}

func (w *world) add(f audience.Follow) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error {
		taken, err := tx.AddFollower(f)
		w.same("taken", true, taken)
		return err
	})
}

var directedTests = map[string]func(*testing.T, *world){
	"what takes an article back waits for no answer": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		a, had := w.publish(w.draft("Had"))
		w.settle(1, w.claim(1)[0], had.Seq)
		w.undo(ada, w.clock.Now())
		w.add(w.follow(bela, sharedInbox))
		slip, _ := w.publish(w.draft("A slip"))
		w.withdraw(slip.ID)
		w.same("due with what cannot be there", 0, len(w.claim(1)))
		w.withdraw(a.ID)
		w.same("due with what is there", 1, len(w.claim(1)))
	},

	"what is to be taken back already waits for no new answer": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		a, had := w.publish(w.draft("Had"))
		w.settle(1, w.claim(1)[0], had.Seq)
		w.undo(ada, w.clock.Now())
		w.withdraw(a.ID)
		w.add(w.follow(bela, sharedInbox))
		w.same("due", 1, len(w.claim(1)))
	},

	"a message goes to all servers, or to those of a host": func(_ *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		w.accept(w.follow("https://fine.example/users/eve", "https://fine.example/inbox"))
		w.claimDirected(1)
		inboxes := func(queue func(*storage.Tx, deliveries.Directed) error) (all []string) {
			w.update(func(tx *storage.Tx) error {
				return queue(tx, deliveries.Directed{ID: "https://mfa.example/ap/deletes/" + press.RandomToken(), Source: source, Body: []byte(`{}`)})
			})
			for _, d := range w.claimDirected(1) {
				all = append(all, d.Inbox)
			}
			slices.Sort(all)
			return all
		}
		w.same("to all", []string{"https://fine.example/inbox", sharedInbox}, inboxes((*storage.Tx).DirectToServers))
		w.same("to one", []string{sharedInbox}, inboxes(func(tx *storage.Tx, d deliveries.Directed) error { return tx.DirectToHost(press.HostOf(ada), d) }))
	},

	"a message is handed out once a generation": func(t *testing.T, w *world) {
		f := w.follow(ada, sharedInbox)
		w.add(f)
		want := f.Accept
		want.Created = noon
		w.same("claimed", []deliveries.Directed{want}, w.claimDirected(1))
		w.same("host", "social.example", want.Host())
		w.same("again", 0, len(w.claimDirected(1)))
		waiting := func(generation int64) (is bool) {
			w.view(func(tx *storage.Tx) (err error) {
				work, err := tx.Work(generation, deliveries.AllShards, 0)
				is = work.Directed
				return err
			})
			return is
		}
		w.same("waiting for its holder", false, waiting(1))
		w.same("waiting for the next", true, waiting(2))
		w.same("by the next", 1, len(w.claimDirected(2)))
		w.update(func(tx *storage.Tx) error { return tx.FinishDirected(f.Accept.ID) })
		w.same("finished", 0, len(w.claimDirected(3)))
	},

	"a server that took a message has answered": func(_ *testing.T, w *world) {
		f, refused := w.follow(ada, sharedInbox), w.follow("https://other.example/cleo", "https://other.example/inbox")
		w.add(f)
		w.add(refused)
		w.clock.Pass(time.Minute)
		w.same("before", time.Time{}, w.host("social.example").LastSuccess)
		w.update(func(tx *storage.Tx) error { return tx.DeliveredDirected(f.Accept.ID) })
		w.update(func(tx *storage.Tx) error { return tx.FinishDirected(refused.Accept.ID) })
		w.same("what waits", 0, len(w.claimDirected(1)))
		w.same("after it", noon.Add(time.Minute), w.host("social.example").LastSuccess)
		w.same("of one that did not take it", time.Time{}, w.host("other.example").LastSuccess)
	},

	"somebody who asks again and again is answered a few times, and the last time": func(_ *testing.T, w *world) {
		var last audience.Follow
		for range 60 {
			last = w.follow(ada, sharedInbox)
			w.add(last)
			w.clock.Pass(time.Second)
		}
		w.add(w.follow(bela, sharedInbox))
		due := w.claimDirected(1)
		w.same("answers to both", 51, len(due))
		found := false
		for _, d := range due {
			found = found || d.ID == last.Accept.ID
		}
		w.same("the last one is there", true, found)
		w.publish(w.draft("Waits"))
		w.same("due before an answer", 0, len(w.claim(1)))
		w.update(func(tx *storage.Tx) error { return tx.FinishDirected(last.Accept.ID) })
		w.same("due after it, although the first was dropped", 1, len(w.claim(1)))
	},

	"a message that failed is put off": func(t *testing.T, w *world) {
		f := w.follow(ada, sharedInbox)
		w.add(f)
		w.claimDirected(1)
		next := noon.Add(time.Minute)
		w.update(func(tx *storage.Tx) error { return tx.RetryDirected(f.Accept.ID, 1, 1, next, "timeout") })
		w.same("before", 0, len(w.claimDirected(1)))
		w.view(func(tx *storage.Tx) error {
			at, err := nextDue(tx)
			w.same("next due", next, at)
			return err
		})
		w.clock.Pass(time.Minute)
		due := w.claimDirected(1)
		w.same("then", 1, len(due))
		w.same("failures", 1, due[0].Failures)
		w.same("error", "timeout", due[0].LastError)
	},

	// A receiver drops the posts of an actor whom nobody there follows yet.
	"a destination waits for its first answer": func(t *testing.T, w *world) {
		f := w.follow(ada, sharedInbox)
		w.add(f)
		w.publish(w.draft("One"))
		w.same("before the answer", 0, len(w.claim(1)))
		w.update(func(tx *storage.Tx) error { return tx.FinishDirected(f.Accept.ID) })
		w.same("after it", 1, len(w.claim(1)))
	},

	"it waits again for a follower who comes back": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		w.undo(ada, w.clock.Now())
		w.publish(w.draft("Missed"))
		w.clock.Pass(time.Second)
		again := w.follow(ada, sharedInbox)
		w.add(again)
		w.publish(w.draft("Got"))
		w.same("before the answer", 0, len(w.claim(1)))
		w.update(func(tx *storage.Tx) error { return tx.FinishDirected(again.Accept.ID) })
		w.same("after it", 1, len(w.claim(1)))
	},

	"one follower whose inbox is down holds up nobody": func(t *testing.T, w *world) {
		down, up := w.follow(ada, sharedInbox), w.follow(bela, sharedInbox)
		w.add(down)
		w.add(up)
		w.publish(w.draft("One"))
		w.same("before any answer", 0, len(w.claim(1)))
		w.update(func(tx *storage.Tx) error { return tx.FinishDirected(up.Accept.ID) })
		w.same("after one", 1, len(w.claim(1)))
	},

	"an inbox that is gone takes its follower, not the shared one": func(t *testing.T, w *world) {
		gone := w.follow(ada, sharedInbox)
		w.add(gone)
		w.accept(w.follow(bela, sharedInbox))
		w.update(func(tx *storage.Tx) error { return tx.DropRecipient(gone.Accept) })
		w.same("followers", 1, w.countFollowers())
		w.publish(w.draft("One"))
		w.same("due", 1, len(w.claim(1)))
		// They have left already: the message is finished all the same.
		w.update(func(tx *storage.Tx) error {
			if err := tx.Direct(gone.Accept); err != nil {
				return err
			}
			return tx.DropRecipient(gone.Accept)
		})
		w.same("messages", 0, len(w.claimDirected(1)))
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.Follower(source, ada)
			return err
		})
	},
}
