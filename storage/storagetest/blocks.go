package storagetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/deliveries"
	"communique/storage/press"
	"communique/storage/publog"
)

func (w *world) block(subject string, kind audience.BlockKind) (done audience.Applied) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		if _, err = tx.AddBlock(audience.Block{Subject: subject, Kind: kind}); err != nil {
			return err
		}
		done, err = tx.ApplyBlocks(rejected)
		return err
	})
	return done
}

// rejected is what a follower is told whose follow a block ends.
func rejected(f audience.Follower) (deliveries.Directed, error) {
	return deliveries.Directed{
		ID: "https://mfa.example/ap/rejects/" + press.RandomToken(), Source: f.Source, Recipient: f.Actor, Inbox: f.Inbox, Body: []byte(`{"type":"Reject"}`),
	}, nil
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
		w.block("bad.example", audience.BlockDomain)
		w.block("127.0.0.1:8001", audience.BlockDomain)
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
		w.block(ada, audience.BlockActor)
		w.same("ada", true, w.blocked(ada))
		w.same("her key", true, w.blocked(ada+"#main-key"))
		w.same("bela", false, w.blocked(bela))
	},

	"blocks are listed and end": func(_ *testing.T, w *world) {
		w.update(func(tx *storage.Tx) error {
			fresh, err := tx.AddBlock(audience.Block{Subject: "bad.example", Kind: audience.BlockDomain, Comment: "Spam"})
			w.same("fresh", true, fresh)
			return err
		})
		w.clock.Pass(time.Second)
		w.update(func(tx *storage.Tx) error {
			fresh, err := tx.AddBlock(audience.Block{Subject: "bad.example", Kind: audience.BlockDomain, Comment: "Much spam"})
			w.same("fresh", false, fresh)
			return err
		})
		w.block(ada, audience.BlockActor)
		w.view(func(tx *storage.Tx) error {
			first, err := tx.Blocks("", 1)
			w.same("first", []audience.Block{{Subject: "bad.example", Kind: audience.BlockDomain, Comment: "Much spam", Since: noon}}, first)
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
						_, err = tx.AddBlock(audience.Block{Subject: "bad.example", Kind: audience.BlockDomain})
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
			w.pass(storage.Lag) // as the one who did it would, by closing
			w.same("here", want, outside(w.store))
			w.same("there", want, outside(another))
			w.same("in a transaction", want, w.blocked(bad))
		}
	},

	"a block that is undone never counted": func(_ *testing.T, w *world) {
		const bad = "https://bad.example/users/eve"
		errUndone := errors.New("undone")
		err := w.store.Update(w.t.Context(), func(tx *storage.Tx) error {
			if _, err := tx.AddBlock(audience.Block{Subject: "bad.example", Kind: audience.BlockDomain}); err != nil {
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
			w.reply(reply(a.ID, actor, "1"), audience.ReplyApproved)
			w.reply(reply(a.ID, actor, "2"), audience.ReplyPending)
			w.update(func(tx *storage.Tx) error {
				if err := tx.AddQuoting(reply(a.ID, actor, "3")); err != nil {
					return err
				}
				if _, err := tx.GrantQuote(a.ID, actor+"/posts/3", actor, noon); err != nil {
					return err
				}
				_, err := tx.GrantFeature(audience.Feature{Source: source, Collection: actor + "/collections/1", Actor: actor, Inbox: actor + "/inbox"})
				return err
			})
		}
		done := w.block("social.example", audience.BlockDomain)
		w.same("taken back", []string{ada, ada + "/collections/1"}, []string{done.Quotes[0].Actor, done.Features[0].Collection})
		w.same("how many", []int{1, 1}, []int{len(done.Quotes), len(done.Features)})
		done.Quotes, done.Features = nil, nil
		w.same("done", audience.Applied{Followers: 1, Replies: 1, Interactions: 1}, done)
		w.view(func(tx *storage.Tx) error {
			rejected, err := tx.Quoting(audience.ReplyRejected, audience.Reply{}, 10)
			w.same("quotes that are rejected", 1, len(rejected))
			if err != nil {
				return err
			}
			left, err := tx.Features("", 10)
			w.same("collections that are left", 1, len(left))
			return err
		})
		w.same("followers", 1, w.countFollowers())
		w.same("likes", 1, w.later(a.ID).Likes)
		w.same("shown", []string{"https://fine.example/users/eve/posts/1"}, w.shown(a.ID))
		w.same("waiting", []string{"https://fine.example/users/eve/posts/2"}, w.waiting())
		w.same("again", audience.Applied{}, w.block("social.example", audience.BlockDomain))
	},

	"somebody who follows several of our actors is one follower that a block ends": func(_ *testing.T, w *world) {
		w.update(func(tx *storage.Tx) error {
			return tx.AddSource(publog.Source{Name: "actor:minister", Kind: publog.Announcer, Section: press.Root})
		})
		for _, actor := range []string{ada, bela} {
			for _, of := range []string{source, "actor:minister"} {
				f := w.follow(actor, sharedInbox)
				f.Source, f.Accept.Source = of, of
				w.accept(f)
			}
		}
		w.same("done", audience.Applied{Followers: 2}, w.block("social.example", audience.BlockDomain))
		w.same("messages that say so", 4, len(w.claimDirected(1)))
	},

	// DESIGN: corrections and withdrawals go to blocked hosts too.
	"a blocked destination keeps what it may have, and gets nothing new": func(_ *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		_, had := w.publish(w.draft("Had"))
		w.settle(1, w.claim(1)[0], had.Seq)
		_, unsent := w.publish(w.draft("Not sent yet"))
		w.block("social.example", audience.BlockDomain)
		_, after := w.publish(w.draft("After"))
		d := w.destination(sharedInbox)
		w.same("what it has", true, d.Covered(had.Seq))
		w.same("what was not sent", false, d.Covered(unsent.Seq))
		w.same("what came after", false, d.Covered(after.Seq))
		w.same("state", deliveries.StateActive, d.State)
		w.same("still due, for corrections", 1, len(w.claim(2)))
	},

	"reports are kept once, and seen to": func(_ *testing.T, w *world) {
		for range 2 {
			w.update(func(tx *storage.Tx) error {
				return tx.AddFlag(audience.Flag{Activity: "https://social.example/flags/1", Actor: "https://social.example/actor", Content: "Not nice", Objects: []string{"https://mfa.example/actors/ministry"}})
			})
			w.clock.Pass(time.Second)
		}
		var flags []audience.Flag
		w.view(func(tx *storage.Tx) (err error) {
			flags, err = tx.Flags(audience.Flag{}, 10)
			return err
		})
		w.same("flags", []audience.Flag{{
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
					if err := tx.AddFlag(audience.Flag{Activity: fmt.Sprint("https://social.example/flags/", 100*n+k)}); err != nil {
						return err
					}
				}
				return tx.RemoveInteraction(like(a.ID, ada), w.clock.Now())
			})
		}
		w.update(func(tx *storage.Tx) error {
			done, err := tx.Prune()
			w.same("tidied", audience.Pruned{Flags: 100}, done)
			return err
		})
		w.view(func(tx *storage.Tx) error {
			left, err := tx.Flags(audience.Flag{}, 1)
			w.same("the oldest that is left", noon.Add(2*time.Second), left[0].At)
			return err
		})
		w.clock.Pass(25 * time.Hour)
		w.update(func(tx *storage.Tx) error {
			done, err := tx.Prune()
			w.same("tidied", audience.Pruned{}, done)
			return err
		})
	},
}
