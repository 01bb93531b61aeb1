package storagetest

import (
	"fmt"
	"path"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/deliveries"
	"communique/storage/press"
)

const (
	sharedInbox = "https://social.example/inbox"
	ada         = "https://social.example/users/ada"
	bela        = "https://social.example/users/bela"
)

// follow is a Follow by an actor, signed now, that is delivered to an inbox.
func (w *world) follow(actor, delivery string) audience.Follow {
	id := "https://mfa.example/ap/accepts/" + press.RandomToken()
	return audience.Follow{
		Source: source, Actor: actor, Handle: path.Base(actor) + "@social.example", Inbox: actor + "/inbox", Delivery: delivery,
		ID: actor + "/follows/1", Signed: w.clock.Now(),
		Accept: deliveries.Directed{ID: id, Source: source, Recipient: actor, Inbox: actor + "/inbox", Body: []byte(`{"type":"Accept"}`)},
	}
}

// followAs follows now by an id, and holds whether that is taken against what is wanted.
func (w *world) followAs(id string, want bool) {
	w.t.Helper()
	f := w.follow(ada, sharedInbox)
	f.ID = id
	w.update(func(tx *storage.Tx) error {
		taken, err := tx.AddFollower(f)
		w.same("taken "+id, want, taken)
		return err
	})
}

// accept takes a Follow and settles its answer.
func (w *world) accept(f audience.Follow) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error {
		if taken, err := tx.AddFollower(f); err != nil || !taken {
			return fmt.Errorf("taken %t: %w", taken, err)
		}
		return tx.FinishDirected(f.Accept.ID)
	})
}

func (w *world) undo(actor string, signed time.Time) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error { return tx.RemoveFollower(source, actor, signed) })
}

// destination reads the one at an address.
func (w *world) destination(url string) (d deliveries.Destination) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		all, err := tx.Destinations(0, 100)
		for _, each := range all {
			if each.URL == url {
				d = each
			}
		}
		return err
	})
	if d.ID == 0 {
		w.t.Fatalf("there is no destination %s", url)
	}
	return d
}

func (w *world) countFollowers() (n int) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		n, err = tx.CountFollowers(source)
		return err
	})
	return n
}

var followerTests = map[string]func(*testing.T, *world){
	"a Follow that was undone by its id before it came is over": func(_ *testing.T, w *world) {
		undone := w.clock.Now()
		for i := range 25 { // more than are remembered of one actor
			w.update(func(tx *storage.Tx) error {
				return tx.Audience().EndUnknown(ada, fmt.Sprint(ada, "/follows/", i), undone.Add(time.Duration(i)*time.Second))
			})
		}
		w.followAs(ada+"/follows/24", false)
		w.followAs(ada+"/follows/5", false)
		w.same("of an older one", 0, w.countFollowers())
		w.followAs(ada+"/follows/4", true)
		w.clock.Pass(time.Minute)
		w.followAs(ada+"/follows/24", true) // signed after the Undo
	},

	// INTEROP C7: old posts are never delivered.
	"a new destination starts at the head, with a span": func(t *testing.T, w *world) {
		_, e := w.publish(w.draft("Before"))
		f := w.follow(ada, "https://Social.example:8443/inbox")
		w.accept(f)
		d := w.destination(f.Delivery)
		w.same("destination", deliveries.Destination{
			ID: d.ID, Source: source, Kind: "inbox", URL: f.Delivery, Host: "social.example:8443",
			Cursor: e.Seq, Attempted: e.Seq, State: deliveries.StateActive, Followers: 1, Spans: []deliveries.Span{{From: e.Seq}},
		}, d)
		w.same("what was before is not covered", false, d.Covered(e.Seq))
		w.same("what comes is covered", true, d.Covered(e.Seq+1))
		w.view(func(tx *storage.Tx) error {
			got, err := tx.Follower(source, ada)
			w.same("follower", audience.Follower{Source: source, Actor: ada, Handle: f.Handle, Inbox: f.Inbox, Destination: d.ID, Follow: f.ID, Since: noon, Signed: noon}, got)
			return err
		})
	},

	"a repeated Follow is answered again and changes nothing": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		before := w.destination(sharedInbox)
		w.publish(w.draft("Between"))
		w.update(func(tx *storage.Tx) error {
			taken, err := tx.AddFollower(w.follow(ada, sharedInbox))
			w.same("taken", true, taken)
			return err
		})
		w.same("destination", before, w.destination(sharedInbox))
		w.same("followers", 1, w.countFollowers())
		w.update(func(tx *storage.Tx) error {
			claimed, err := tx.ClaimDirected(every(1))
			due := claimed.Messages
			w.same("answers", 1, len(due))
			return err
		})
		// Whoever follows already need not wait for the second answer.
		w.same("due", 1, len(w.claim(1)))
	},

	"an Undo closes the span, a new Follow opens another": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		from := w.destination(sharedInbox).Spans[0].From
		_, got := w.publish(w.draft("Got"))
		w.clock.Pass(time.Second)
		w.undo(ada, w.clock.Now())
		w.same("followers", 0, w.countFollowers())
		_, missed := w.publish(w.draft("Missed"))
		w.clock.Pass(time.Second)
		w.accept(w.follow(ada, sharedInbox))
		w.publish(w.draft("Got again"))
		d := w.destination(sharedInbox)
		w.same("spans", []deliveries.Span{{From: from, To: got.Seq}, {From: missed.Seq}}, d.Spans)
		w.same("missed is not covered", false, d.Covered(missed.Seq))
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			return tx.RemoveFollower(source, bela, time.Time{})
		})
	},

	"of a Follow and an Undo that overtake each other the later one counts": func(_ *testing.T, w *world) {
		earlier := w.clock.Now()
		w.clock.Pass(time.Second)
		w.undo(ada, w.clock.Now())
		w.update(func(tx *storage.Tx) error {
			f := w.follow(ada, sharedInbox)
			f.Signed = earlier
			taken, err := tx.AddFollower(f)
			w.same("a Follow of before the Undo is taken", false, taken)
			return err
		})
		between := w.clock.Now().Add(time.Second)
		w.clock.Pass(2 * time.Second)
		w.accept(w.follow(ada, sharedInbox))
		w.undo(ada, between)
		w.same("followers after an Undo of before the Follow", 1, w.countFollowers())
		w.undo(ada, w.clock.Now())
		w.same("followers after another", 0, w.countFollowers())
	},

	"leaving and coming back between entries keeps one span": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		before := w.destination(sharedInbox).Spans
		w.undo(ada, w.clock.Now())
		w.clock.Pass(time.Second)
		w.accept(w.follow(ada, sharedInbox))
		w.same("spans", before, w.destination(sharedInbox).Spans)
	},

	"two followers share an inbox": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		w.publish(w.draft("Between"))
		before := w.destination(sharedInbox)
		w.accept(w.follow(bela, sharedInbox))
		both := before
		both.Followers = 2
		w.same("destination", both, w.destination(sharedInbox))
		w.undo(ada, w.clock.Now())
		w.same("destination after one has left", before, w.destination(sharedInbox))
		w.same("spans while one is left", before.Spans, w.destination(sharedInbox).Spans)
		w.undo(bela, w.clock.Now())
		w.same("span after both", w.sourceHead(), w.destination(sharedInbox).Spans[0].To)
	},

	"a follower whose inbox moves takes cursor and spans along": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		_, had := w.publish(w.draft("Had"))
		w.settle(1, w.claim(1)[0], had.Seq)
		_, pending := w.publish(w.draft("On its way"))
		w.clock.Pass(time.Second)
		moved := w.follow(ada, "https://new.example/inbox")
		w.accept(moved)

		old, fresh := w.destination(sharedInbox), w.destination(moved.Delivery)
		w.same("old span", []deliveries.Span{{From: old.Spans[0].From, To: pending.Seq}}, old.Spans)
		w.same("cursor", old.Cursor, fresh.Cursor)
		w.same("attempted", old.Attempted, fresh.Attempted)
		for _, seq := range []press.Seq{had.Seq, pending.Seq, pending.Seq + 1} {
			w.same("covered", true, fresh.Covered(seq))
		}
		w.same("what was before is not covered", false, fresh.Covered(old.Spans[0].From))
		w.same("followers", 1, w.countFollowers())
	},

	"moving between entries keeps the span open": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		w.clock.Pass(time.Second)
		moved := w.follow(ada, "https://new.example/inbox")
		w.accept(moved)
		head := w.sourceHead()
		w.same("spans", []deliveries.Span{{From: head}}, w.destination(moved.Delivery).Spans)
		w.same("old spans", 0, len(w.destination(sharedInbox).Spans))
	},

	"who leaves before anything was said is sent nothing": func(t *testing.T, w *world) {
		// A source that was there before the sections stands at 0, where every log begins.
		if err := w.database.Exec(`UPDATE heads SET seq = 0`); err != nil {
			t.Fatal(err)
		}
		w.accept(w.follow(ada, sharedInbox))
		w.same("head", press.Seq(0), w.sourceHead())
		w.undo(ada, w.clock.Now())
		_, e := w.publish(w.draft("First"))
		w.same("covered", false, w.destination(sharedInbox).Covered(e.Seq))
	},

	"moving to a known inbox takes the spans only": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		_, had := w.publish(w.draft("Had"))
		w.accept(w.follow(bela, "https://new.example/inbox"))
		before := w.destination("https://new.example/inbox")
		w.same("not covered before", false, before.Covered(had.Seq))
		w.clock.Pass(time.Second)
		w.accept(w.follow(ada, "https://new.example/inbox"))
		after := w.destination("https://new.example/inbox")
		w.same("covered after", true, after.Covered(had.Seq))
		w.same("cursor", before.Cursor, after.Cursor)
		open := 0
		for _, s := range after.Spans {
			if s.To == 0 {
				open++
			}
		}
		w.same("open spans", 1, open)
	},

	// SECURITY A17.
	"a Follow that is replayed after its Undo is ignored": func(t *testing.T, w *world) {
		captured := w.follow(ada, sharedInbox)
		w.accept(captured)
		w.clock.Pass(time.Second)
		w.undo(ada, w.clock.Now())
		late := w.follow(ada, sharedInbox)
		for _, replay := range []audience.Follow{captured, late} { // earlier than the Undo, and not later
			w.update(func(tx *storage.Tx) error {
				taken, err := tx.AddFollower(replay)
				w.same("taken", false, taken)
				return err
			})
		}
		w.same("followers", 0, w.countFollowers())
		w.update(func(tx *storage.Tx) error {
			claimed, err := tx.ClaimDirected(every(1))
			due := claimed.Messages
			w.same("answers", 0, len(due))
			return err
		})
		w.clock.Pass(time.Second)
		w.accept(w.follow(ada, sharedInbox))
		w.same("followers", 1, w.countFollowers())
	},

	"an older Undo does not make room for a replay": func(t *testing.T, w *world) {
		first := w.clock.Now()
		w.accept(w.follow(ada, sharedInbox))
		w.clock.Pass(time.Minute)
		captured := w.follow(ada, sharedInbox)
		w.clock.Pass(time.Minute)
		w.undo(ada, w.clock.Now())
		w.clock.Pass(time.Minute)
		w.accept(w.follow(ada, sharedInbox))
		w.undo(ada, first)
		w.update(func(tx *storage.Tx) error {
			taken, err := tx.AddFollower(captured)
			w.same("taken", false, taken)
			return err
		})
	},

	// SECURITY A17.
	"an Undo that is replayed after a newer Follow is ignored": func(_ *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		w.clock.Pass(time.Second)
		captured := w.clock.Now()
		w.undo(ada, captured)
		w.clock.Pass(time.Second)
		w.accept(w.follow(ada, sharedInbox))
		w.undo(ada, captured)
		w.undo(ada, captured.Add(-time.Second))
		w.same("followers", 1, w.countFollowers())
		w.clock.Pass(time.Second)
		w.undo(ada, w.clock.Now())
		w.same("followers after an Undo of later", 0, w.countFollowers())
	},

	// Mastodon signs by the second; the ids tell apart what it signs within one.
	"an Undo ends the Follow that it names and no other": func(t *testing.T, w *world) {
		const first, second, third = ada + "/follows/1", ada + "/follows/2", ada + "/follows/3"
		end := func(id string) {
			w.update(func(tx *storage.Tx) error { return tx.EndFollow(source, ada, id, w.clock.Now()) })
		}
		w.followAs(first, true)
		end(first)
		w.followAs(second, true)
		w.followAs(first, false) // a replay
		end(first)               // so is this
		w.same("followers after Undo and Follow", 1, w.countFollowers())
		w.followAs(third, true) // before the Undo of the one that it replaces
		end(second)
		w.clock.Pass(4 * time.Second)
		end(second) // worked off late
		w.same("followers after Follow and Undo", 1, w.countFollowers())
		w.followAs(second, false)
		end(third)
		w.same("followers after the last Undo", 0, w.countFollowers())
		for _, id := range []string{first, third, ""} {
			if id != first { // taken above no later than its Undo
				w.followAs(id, false)
			}
		}
		w.clock.Pass(time.Second)
		w.followAs(third, true) // servers that have one id for all Follows of an actor
		w.clock.Pass(time.Second)
		end(ada + "/follows/unknown")
		w.same("followers after an Undo of an unknown one", 1, w.countFollowers())
		w.followAs(ada+"/follows/unknown", false) // which the Undo has overtaken
		end(third)
		w.same("followers after all", 0, w.countFollowers())
	},

	// After an outage a queue is worked off by several at once.
	"Follows and Undos of one second may come in any order": func(t *testing.T, w *world) {
		const first, second, third = ada + "/follows/1", ada + "/follows/2", ada + "/follows/3"
		end := func(id string) {
			w.update(func(tx *storage.Tx) error { return tx.EndFollow(source, ada, id, w.clock.Now()) })
		}
		w.followAs(first, true)
		w.followAs(third, true)
		end(second)
		w.followAs(second, false)
		end(first)
		w.view(func(tx *storage.Tx) error {
			f, err := tx.Follower(source, ada)
			w.same("the Follow that stands", third, f.Follow)
			return err
		})
	},

	// Lemmy makes a Follow anew for its Undo, with another id.
	"an Undo of a loose id ends the one of that id, or what stands": func(t *testing.T, w *world) {
		const first, second, third, made = ada + "/follows/1", ada + "/follows/2", ada + "/follows/3", ada + "/follows/made"
		end := func(what, id string, want int) {
			t.Helper()
			w.update(func(tx *storage.Tx) error { return tx.EndFollowOfLooseID(source, ada, id, w.clock.Now()) })
			w.same("followers after "+what, want, w.countFollowers())
		}
		w.followAs(first, true)
		w.clock.Pass(time.Second)
		end("an Undo of an id that is made up", made, 0)
		w.followAs(first, false)
		w.followAs(second, true)
		end("a late one of what is over", first, 1)
		w.clock.Pass(time.Second)
		end("another Undo of the same id", made, 0)
		w.followAs(third, true)
		end("one of what stands", third, 0)
	},

	// Servers that keep no ids of Follows write such Undos (INTEROP I6).
	"an Undo that names no id ends the Follow that stands": func(t *testing.T, w *world) {
		w.followAs(ada+"/follows/1", true)
		w.undo(ada, w.clock.Now())
		w.same("followers after the Undo", 0, w.countFollowers())
		w.followAs(ada+"/follows/1", false) // a replay
		w.followAs("", false)
		w.followAs(ada+"/follows/2", true)
		w.undo(ada, w.clock.Now()) // a replay too
		w.same("followers after another Follow", 1, w.countFollowers())
	},

	"a flood of Follows is remembered by its time": func(t *testing.T, w *world) {
		first := w.clock.Now()
		for i := range 100 {
			f := w.follow(ada, sharedInbox)
			f.ID = fmt.Sprint(ada, "/follows/", i)
			w.accept(f)
			w.clock.Pass(time.Second)
		}
		w.undo(ada, w.clock.Now())
		f := w.follow(ada, sharedInbox)
		f.ID, f.Signed = ada+"/follows/0", first
		w.update(func(tx *storage.Tx) error {
			taken, err := tx.AddFollower(f)
			w.same("taken", false, taken)
			return err
		})
	},

	"a Follow after an Undo without a time is taken": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		w.undo(ada, time.Time{})
		w.accept(w.follow(ada, sharedInbox))
	},

	"followers are paged by their ids": func(t *testing.T, w *world) {
		want := []string{ada, bela, "https://social.example/users/cleo"}
		for _, actor := range want {
			w.accept(w.follow(actor, sharedInbox))
		}
		w.same("count", 3, w.countFollowers())
		var got []string
		behind := ""
		for range 3 {
			w.view(func(tx *storage.Tx) error {
				page, err := tx.Followers(source, behind, 2)
				for _, f := range page {
					got = append(got, f.Actor)
					behind = f.Actor
				}
				return err
			})
		}
		w.same("followers", want, got)
	},

	"a source that nobody added cannot be followed": func(t *testing.T, w *world) {
		f := w.follow(ada, sharedInbox)
		f.Source = "actor:nobody"
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.AddFollower(f)
			return err
		})
	},
}
