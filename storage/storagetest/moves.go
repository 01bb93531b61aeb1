package storagetest

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
)

var moveTests = map[string]func(*testing.T, *world){
	"a follower who moves takes cursor and spans along": func(_ *testing.T, w *world) {
		const fresh = "https://new.example/users/ada"
		w.accept(w.follow(ada, sharedInbox))
		_, had := w.publish(w.draft("Had"))
		w.settle(1, w.claim(1)[0], had.Seq)
		_, pending := w.publish(w.draft("On its way"))
		w.update(func(tx *storage.Tx) error { return tx.MoveFollower(ada, w.follow(fresh, fresh+"/inbox")) })
		old, moved := w.destination(sharedInbox), w.destination(fresh+"/inbox")
		w.same("followers", []int{0, 1}, []int{old.Followers, moved.Followers})
		w.same("cursor", old.Cursor, moved.Cursor)
		w.same("covered", []bool{true, true, true}, []bool{moved.Covered(had.Seq), moved.Covered(pending.Seq), moved.Covered(pending.Seq + 1)})
		w.same("old covers what comes", false, old.Covered(pending.Seq+1))
		w.view(func(tx *storage.Tx) error {
			f, err := tx.Follower(source, fresh)
			w.same("inbox", fresh+"/inbox", f.Inbox)
			return err
		})
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error { return tx.MoveFollower(ada, w.follow(fresh, fresh+"/inbox")) })
		w.update(func(tx *storage.Tx) error {
			claimed, err := tx.ClaimDirected(every(3))
			w.same("answers", 0, len(claimed.Messages))
			return err
		})
	},

	"a follower whose inbox changes takes cursor and spans along": func(_ *testing.T, w *world) {
		const fresh = "https://social.example/new/inbox"
		w.accept(w.follow(ada, sharedInbox))
		_, had := w.publish(w.draft("Had"))
		w.settle(1, w.claim(1)[0], had.Seq)
		_, pending := w.publish(w.draft("On its way"))
		f := w.follow(ada, fresh)
		f.Inbox = ada + "/new"
		for range 2 { // the second changes nothing
			w.update(func(tx *storage.Tx) error { return tx.ChangeInbox(f) })
		}
		old, now := w.destination(sharedInbox), w.destination(fresh)
		w.same("followers", []int{0, 1}, []int{old.Followers, now.Followers})
		w.same("cursor", old.Cursor, now.Cursor)
		w.same("covered", []bool{true, true, true}, []bool{now.Covered(had.Seq), now.Covered(pending.Seq), now.Covered(pending.Seq + 1)})
		w.same("old covers what comes", false, old.Covered(pending.Seq+1))
		w.view(func(tx *storage.Tx) error {
			own, delivery, err := tx.InboxesOf(source, ada)
			w.same("inboxes", []string{f.Inbox, fresh}, []string{own, delivery})
			return err
		})
		w.update(func(tx *storage.Tx) error {
			claimed, err := tx.ClaimDirected(every(3))
			w.same("answers", 0, len(claimed.Messages))
			return err
		})
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error { return tx.ChangeInbox(w.follow(bela, fresh)) })
	},

	// SECURITY A17.
	"what was signed before a follower moved does not bring them back": func(_ *testing.T, w *world) {
		const fresh = "https://new.example/users/ada"
		captured := w.follow(ada, sharedInbox)
		w.accept(captured)
		w.clock.Pass(time.Second)
		moves := w.follow(fresh, fresh+"/inbox")
		w.update(func(tx *storage.Tx) error { return tx.MoveFollower(ada, moves) })
		w.update(func(tx *storage.Tx) error {
			taken, err := tx.AddFollower(captured)
			w.same("the Follow is taken", false, taken)
			return err
		})
		w.same("followers", 1, w.countFollowers())
		w.clock.Pass(time.Second)
		again := w.follow(ada, sharedInbox)
		again.Accept.ID += "/again"
		w.accept(again)
		w.update(func(tx *storage.Tx) error { return tx.MoveFollower(ada, moves) })
		w.same("followers after the Move came again", 2, w.countFollowers())
	},

	"a new account that has left since does not follow again": func(_ *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		w.clock.Pass(time.Second)
		moves := w.follow(bela, "https://new.example/inbox")
		w.clock.Pass(time.Second)
		w.update(func(tx *storage.Tx) error { return tx.RemoveFollower(source, bela, w.clock.Now()) })
		w.update(func(tx *storage.Tx) error { return tx.MoveFollower(ada, moves) })
		w.same("followers", 0, w.countFollowers())
		w.same("at the old destination", 0, w.destination(sharedInbox).Followers)
	},

	"moving to an account that follows only leaves": func(_ *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		w.accept(w.follow(bela, "https://new.example/inbox"))
		w.update(func(tx *storage.Tx) error { return tx.MoveFollower(ada, w.follow(bela, "https://new.example/inbox")) })
		w.same("followers", 1, w.countFollowers())
		w.same("at the destination", 1, w.destination("https://new.example/inbox").Followers)
	},
}
