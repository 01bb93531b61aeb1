package storagetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
)

func (w *world) block(subject string, kind storage.BlockKind) (done storage.Applied) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		if _, err = tx.AddBlock(storage.Block{Subject: subject, Kind: kind}); err != nil {
			return err
		}
		done, err = tx.ApplyBlocks()
		return err
	})
	return done
}

func (w *world) blocked(addresses ...string) (blocked bool) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		blocked, err = tx.Blocked(addresses...)
		return err
	})
	return blocked
}

var blockTests = map[string]func(*testing.T, *world){
	"a domain is blocked with all below it": func(_ *testing.T, w *world) {
		w.block("bad.example", storage.BlockDomain)
		w.block("127.0.0.1:8001", storage.BlockDomain)
		for address, want := range map[string]bool{
			"https://bad.example/users/ada":       true,
			"https://BAD.example/users/ada":       true,
			"https://bad.example./users/ada":      true,
			"https://a.b.bad.example:443/x":       true,
			"https://notbad.example/users/ada":    false,
			"https://bad.example.org/users/ada":   false,
			"https://example/bad.example":         false,
			"http://127.0.0.1:8001/users/reader":  true,
			"http://127.0.0.1:8002/users/reader":  false,
			"":                                    false,
			"no address":                          false,
			"https://social.example/@bad.example": false,
		} {
			w.same(address, want, w.blocked(address))
		}
		w.same("any of several", true, w.blocked("https://social.example/x", "https://bad.example/inbox"))
	},

	"an actor is blocked alone": func(_ *testing.T, w *world) {
		w.block(ada, storage.BlockActor)
		w.same("ada", true, w.blocked(ada))
		w.same("her key", true, w.blocked(ada+"#main-key"))
		w.same("bela", false, w.blocked(bela))
	},

	"blocks are listed and end": func(_ *testing.T, w *world) {
		w.update(func(tx *storage.Tx) error {
			fresh, err := tx.AddBlock(storage.Block{Subject: "bad.example", Kind: storage.BlockDomain, Comment: "Spam"})
			w.same("fresh", true, fresh)
			return err
		})
		w.clock.Pass(time.Second)
		w.update(func(tx *storage.Tx) error {
			fresh, err := tx.AddBlock(storage.Block{Subject: "bad.example", Kind: storage.BlockDomain, Comment: "Much spam"})
			w.same("fresh", false, fresh)
			return err
		})
		w.block(ada, storage.BlockActor)
		w.view(func(tx *storage.Tx) error {
			first, err := tx.Blocks("", 1)
			w.same("first", []storage.Block{{Subject: "bad.example", Kind: storage.BlockDomain, Comment: "Much spam", Since: noon}}, first)
			if err != nil {
				return err
			}
			rest, err := tx.Blocks("bad.example", 10)
			w.same("rest", 1, len(rest))
			return err
		})
		w.update(func(tx *storage.Tx) error { return tx.RemoveBlock("bad.example") })
		w.same("after", false, w.blocked("https://bad.example/"))
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error { return tx.RemoveBlock("bad.example") })
	},

	"a block counts at once, in every process": func(_ *testing.T, w *world) {
		const bad = "https://bad.example/users/eve"
		another := w.open()
		outside := func(s *storage.Store) bool {
			blocked, err := s.Blocked(w.t.Context(), bad)
			w.same("error", nil, err)
			return blocked
		}
		for round, want := range []bool{false, true, false, true} {
			doer := []*storage.Store{w.store, w.open()}[round/2]
			if round > 0 {
				err := doer.Update(w.t.Context(), func(tx *storage.Tx) (err error) {
					if want {
						_, err = tx.AddBlock(storage.Block{Subject: "bad.example", Kind: storage.BlockDomain})
					} else {
						err = tx.RemoveBlock("bad.example")
					}
					if err != nil {
						return err
					}
					inside, err := tx.Blocked(bad)
					w.same("in the same transaction", want, inside)
					return err
				})
				w.same("error", nil, err)
			}
			time.Sleep(storage.Lag) // as the one who did it would, by closing
			w.same("here", want, outside(w.store))
			w.same("there", want, outside(another))
			w.same("in a transaction", want, w.blocked(bad))
		}
	},

	"a block that is undone never counted": func(_ *testing.T, w *world) {
		const bad = "https://bad.example/users/eve"
		errUndone := errors.New("undone")
		err := w.store.Update(w.t.Context(), func(tx *storage.Tx) error {
			if _, err := tx.AddBlock(storage.Block{Subject: "bad.example", Kind: storage.BlockDomain}); err != nil {
				return err
			}
			inside, err := tx.Blocked(bad)
			w.same("before", true, inside)
			return errors.Join(err, errUndone)
		})
		w.same("undone", true, errors.Is(err, errUndone))
		w.same("in a transaction", false, w.blocked(bad))
		outside, err := w.store.Blocked(w.t.Context(), bad)
		w.same("error", nil, err)
		w.same("outside", false, outside)
		w.update(func(tx *storage.Tx) error {
			inside, err := tx.Blocked(bad)
			w.same("in an update", false, inside)
			return err
		})
	},

	"blocking undoes what is here": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Answered"))
		for _, actor := range []string{ada, "https://fine.example/users/eve"} {
			w.accept(w.follow(actor, actor+"/shared"))
			w.interact(like(a.ID, actor))
			w.reply(reply(a.ID, actor, "1"), storage.ReplyApproved)
			w.reply(reply(a.ID, actor, "2"), storage.ReplyPending)
		}
		done := w.block("social.example", storage.BlockDomain)
		w.same("done", storage.Applied{Followers: 1, Replies: 1, Interactions: 1}, done)
		w.same("followers", 1, w.countFollowers())
		w.same("likes", 1, w.later(a.ID).Likes)
		w.same("shown", []string{"https://fine.example/users/eve/posts/1"}, w.shown(a.ID))
		w.same("waiting", []string{"https://fine.example/users/eve/posts/2"}, w.waiting())
		w.same("again", storage.Applied{}, w.block("social.example", storage.BlockDomain))
	},

	// DESIGN: corrections and withdrawals go to blocked hosts too.
	"a blocked destination keeps what it may have, and gets nothing new": func(_ *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		_, had := w.publish(w.draft("Had"))
		w.settle(1, w.claim(1)[0], had.Seq)
		_, unsent := w.publish(w.draft("Not sent yet"))
		w.block("social.example", storage.BlockDomain)
		_, after := w.publish(w.draft("After"))
		d := w.destination(sharedInbox)
		w.same("what it has", true, d.Covered(had.Seq))
		w.same("what was not sent", false, d.Covered(unsent.Seq))
		w.same("what came after", false, d.Covered(after.Seq))
		w.same("state", storage.StateActive, d.State)
		w.same("still due, for corrections", 1, len(w.claim(2)))
	},

	"reports are kept once, and seen to": func(_ *testing.T, w *world) {
		for range 2 {
			w.update(func(tx *storage.Tx) error {
				return tx.AddFlag(storage.Flag{Activity: "https://social.example/flags/1", Actor: "https://social.example/actor", Content: "Not nice", Objects: []string{"https://mfa.example/actors/ministry"}})
			})
			w.clock.Pass(time.Second)
		}
		var flags []storage.Flag
		w.view(func(tx *storage.Tx) (err error) {
			flags, err = tx.Flags(storage.Flag{}, 10)
			return err
		})
		w.same("flags", []storage.Flag{{
			ID: flags[0].ID, Activity: "https://social.example/flags/1", Actor: "https://social.example/actor", Content: "Not nice",
			Objects: []string{"https://mfa.example/actors/ministry"}, At: noon,
		}}, flags)
		w.update(func(tx *storage.Tx) error { return tx.RemoveFlag(flags[0].ID) })
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error { return tx.RemoveFlag(flags[0].ID) })
	},

	"what strangers fill is bounded": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Liked"))
		for n := range 11 {
			w.clock.Pass(time.Second)
			w.update(func(tx *storage.Tx) error {
				for k := range 100 {
					if err := tx.AddFlag(storage.Flag{Activity: fmt.Sprint("https://social.example/flags/", 100*n+k)}); err != nil {
						return err
					}
				}
				return tx.RemoveInteraction(like(a.ID, ada), w.clock.Now())
			})
		}
		w.update(func(tx *storage.Tx) error {
			done, err := tx.Tidy()
			w.same("tidied", storage.Tidied{Flags: 100}, done)
			return err
		})
		w.view(func(tx *storage.Tx) error {
			left, err := tx.Flags(storage.Flag{}, 1)
			w.same("the oldest that is left", noon.Add(2*time.Second), left[0].At)
			return err
		})
		w.clock.Pass(25 * time.Hour)
		w.update(func(tx *storage.Tx) error {
			done, err := tx.Tidy()
			w.same("tidied", storage.Tidied{}, done)
			return err
		})
	},
}

// DESIGN: the promise covers every server that told us that it has an article.
var toldTests = map[string]func(*testing.T, *world){
	"who shows that he has an article is corrected, and gets nothing else": func(_ *testing.T, w *world) {
		const inbox = "https://far.example/inbox"
		_, before := w.publish(w.draft("Before"))
		a, e := w.publish(w.draft("Announced"))
		_, after := w.publish(w.draft("After"))
		for range 2 {
			w.update(func(tx *storage.Tx) error { return tx.Told(source, inbox, a.ID) })
		}
		_, later := w.publish(w.draft("Later"))
		d := w.destination(inbox)
		w.same("spans", []storage.Span{{From: e.Seq - 1, To: e.Seq}}, d.Spans)
		w.same("covered", []bool{false, true, false, false}, []bool{d.Covered(before.Seq), d.Covered(e.Seq), d.Covered(after.Seq), d.Covered(later.Seq)})
		w.same("cursor", after.Seq, d.Cursor)
		w.same("followers", 0, d.Followers)
	},

	"where it is delivered anyway nothing changes": func(_ *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		a, _ := w.publish(w.draft("Announced"))
		before := w.destination(sharedInbox)
		w.update(func(tx *storage.Tx) error { return tx.Told(source, sharedInbox, a.ID) })
		w.same("destination", before, w.destination(sharedInbox))
	},

	"where it was given up, what takes the article back goes out again": func(_ *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		a, e := w.publish(w.draft("Announced"))
		w.settle(1, w.claim(1)[0], e.Seq)
		w.correct(a.ID, w.draft("Announced and corrected"))
		due := w.claim(1)
		w.update(func(tx *storage.Tx) error {
			return tx.Settle(1, []storage.Settlement{{Destination: due[0].ID, Failures: 1, State: storage.StateGone, Error: "status 410"}})
		})
		w.same("due while nothing is heard", 0, len(w.claim(1)))
		before := w.wakes()
		w.update(func(tx *storage.Tx) error { return tx.Told(source, sharedInbox, a.ID) })
		w.same("state", storage.StateActive, w.destination(sharedInbox).State)
		w.same("due", 1, len(w.claim(1)))
		w.same("wakes", before+1, w.wakes())
	},

	"what was never pushed is not delivered": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.silent("From the archive", noon.Add(-time.Hour)))
		w.update(func(tx *storage.Tx) error { return tx.Told(source, "https://far.example/inbox", a.ID) })
		w.view(func(tx *storage.Tx) error {
			all, err := tx.Destinations(0, 10)
			w.same("destinations", 0, len(all))
			return err
		})
	},
}

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
	"what was signed before a follower moved does not bring him back": func(_ *testing.T, w *world) {
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
