package storagetest

import (
	"fmt"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/press"
)

// claim takes what is due for a generation.
func (w *world) claim(generation int64) (due []deliveries.Destination) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		behind, err := tx.ClaimBehind(every(generation))
		if err != nil {
			return err
		}
		if len(behind.Destinations) > 0 && behind.Sources[source].Head != w.sourceHeadIn(tx) {
			return fmt.Errorf("the claim is up to %d", behind.Sources[source].Head)
		}
		retries, err := tx.ClaimRetries(every(generation), func(deliveries.Destination) time.Time { return w.clock.Now().Add(time.Hour) })
		due = append(behind.Destinations, retries.Destinations...)
		return err
	})
	return due
}

func nextDue(tx *storage.Tx) (time.Time, error) {
	work, err := tx.Work(1, deliveries.AllShards, 0)
	return work.NextDue, err
}

// every claims all that is due.
func every(generation int64) deliveries.Claim {
	return deliveries.Claim{Source: source, Generation: generation, Shards: deliveries.AllShards, PerHost: 100, Limit: 100}
}

func (w *world) sourceHeadIn(tx *storage.Tx) press.Seq {
	w.t.Helper()
	head, err := tx.SourceHead(source)
	if err != nil {
		w.t.Fatal(err)
	}
	return head
}

// settle reports a success up to a seq.
func (w *world) settle(generation int64, d deliveries.Destination, cursor press.Seq) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error {
		return tx.Settle(generation, []deliveries.Settlement{{
			Destination: d.ID, Cursor: cursor, State: deliveries.StateActive, Succeeded: true, At: w.clock.Now(),
		}})
	})
}

var destinationTests = map[string]func(*testing.T, *world){
	"a destination is due when it is behind": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		w.same("at the head", 0, len(w.claim(1)))
		_, e := w.publish(w.draft("One"))
		due := w.claim(1)
		w.same("behind", 1, len(due))
		w.same("spans come along", []deliveries.Span{{From: e.Seq - 1}}, due[0].Spans)
		w.settle(1, due[0], e.Seq)
		w.same("settled", 0, len(w.claim(1)))
		got := w.destination(sharedInbox)
		w.same("cursor", e.Seq, got.Cursor)
		w.same("last success", noon, got.LastSuccess)
	},

	"a claim notes what may arrive, before it does": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		_, e := w.publish(w.draft("One"))
		due := w.claim(1)
		w.same("attempted before this claim", e.Seq-1, due[0].Attempted)
		w.same("attempted from now on", e.Seq, w.destination(sharedInbox).Attempted)
		w.same("cursor", e.Seq-1, w.destination(sharedInbox).Cursor)
		w.same("attempted, as the next process sees it", e.Seq, w.claim(2)[0].Attempted)
	},

	"a claim holds against its generation, not against the next": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		_, e := w.publish(w.draft("One"))
		first := w.claim(1)
		w.same("again", 0, len(w.claim(1)))
		w.same("by the next", 1, len(w.claim(2)))
		// The first one's late report is dropped, with its refusals.
		w.update(func(tx *storage.Tx) error {
			return tx.Settle(1, []deliveries.Settlement{{
				Destination: first[0].ID, Cursor: e.Seq, State: deliveries.StateGone, Error: "late",
				Refusals: []deliveries.Refusal{{Seq: e.Seq, Status: 403}},
			}})
		})
		d := w.destination(sharedInbox)
		w.same("state", deliveries.StateActive, d.State)
		w.same("cursor", e.Seq-1, d.Cursor)
		w.view(func(tx *storage.Tx) error {
			refusals, err := tx.Refusals(d.ID)
			w.same("refusals", 0, len(refusals))
			return err
		})
		w.settle(2, d, e.Seq)
		w.same("cursor", e.Seq, w.destination(sharedInbox).Cursor)
	},

	"a cursor never moves back": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		_, e := w.publish(w.draft("One"))
		w.settle(1, w.claim(1)[0], e.Seq)
		w.publish(w.draft("Two"))
		w.settle(1, w.claim(1)[0], e.Seq-1)
		w.same("cursor", e.Seq, w.destination(sharedInbox).Cursor)
	},

	"a failure puts off and is told": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		w.publish(w.draft("One"))
		d := w.claim(1)[0]
		next := noon.Add(time.Minute)
		w.update(func(tx *storage.Tx) error {
			return tx.Settle(1, []deliveries.Settlement{{
				Destination: d.ID, Cursor: d.Cursor, Failures: 1, FailingSince: noon, NextAttempt: next,
				State: deliveries.StateActive, Error: "connection refused",
			}})
		})
		got := w.destination(sharedInbox)
		w.same("failures", 1, got.Failures)
		w.same("failing since", noon, got.FailingSince)
		w.same("next attempt", next, got.NextAttempt)
		w.same("error", "connection refused", got.LastError)
		w.same("no success", time.Time{}, got.LastSuccess)
		w.same("due before", 0, len(w.claim(1)))
		w.view(func(tx *storage.Tx) error {
			at, err := nextDue(tx)
			w.same("next due", next, at)
			return err
		})
		w.clock.Pass(time.Minute)
		w.same("due then", 1, len(w.claim(1)))
		w.view(func(tx *storage.Tx) error {
			// The attempt is noted before the network: if nothing is ever heard
			// of it, the one after it is not at the next start.
			next, err := tx.Work(2, deliveries.AllShards, 0)
			w.same("next due for who starts next", w.clock.Now().Add(time.Hour), next.NextDue)
			return err
		})
	},

	"refusals are kept, once each": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		_, e := w.publish(w.draft("One"))
		want := []deliveries.Refusal{{Seq: e.Seq - 1, Status: 501}, {Seq: e.Seq, Status: 403, Detail: "no thanks"}}
		for range 2 {
			d := w.claim(1)[0]
			w.update(func(tx *storage.Tx) error {
				return tx.Settle(1, []deliveries.Settlement{{Destination: d.ID, State: deliveries.StateActive, Refusals: want}})
			})
		}
		w.view(func(tx *storage.Tx) error {
			got, err := tx.Refusals(w.destination(sharedInbox).ID)
			w.same("refusals", want, got)
			return err
		})
	},

	"what is gone is left alone until somebody follows": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		w.publish(w.draft("One"))
		d := w.claim(1)[0]
		w.update(func(tx *storage.Tx) error {
			return tx.Settle(1, []deliveries.Settlement{{
				Destination: d.ID, Failures: 9, NextAttempt: noon.Add(time.Hour), State: deliveries.StateGone,
			}})
		})
		w.clock.Pass(2 * time.Hour)
		w.same("due", 0, len(w.claim(2)))
		w.accept(w.follow(bela, sharedInbox))
		w.same("due", 1, len(w.claim(2)))
		w.same("state", deliveries.StateActive, w.destination(sharedInbox).State)
	},

	"the backlog is what is pushed to a source": func(t *testing.T, w *world) {
		start := w.sourceHead()
		pushed, one := w.publish(w.draft("Pushed"))
		quiet, _ := w.publish(w.silent("Imported", noon.AddDate(-1, 0, 0)))
		w.correct(quiet.ID, w.draft("Imported"))
		w.update(func(tx *storage.Tx) error {
			_, err := tx.NameSection(w.ministry, "fr", "Le ministère")
			return err
		})
		var own press.Entry
		w.update(func(tx *storage.Tx) (err error) {
			if own, err = tx.AppendActor("ministry"); err != nil {
				return err
			}
			_, err = tx.AppendActor("minister")
			return err
		})
		w.clock.Pass(time.Hour)
		_, two := w.correct(pushed.ID, w.draft("Pushed and corrected"))
		_, three := w.withdraw(quiet.ID)
		w.view(func(tx *storage.Tx) error {
			for name, c := range map[string]struct {
				cursor, head press.Seq
				since        time.Time
				want         []press.Entry
			}{
				"all":            {start, w.head(), time.Time{}, []press.Entry{one, own, two, three}},
				"behind one":     {one.Seq, w.head(), time.Time{}, []press.Entry{own, two, three}},
				"up to one":      {start, two.Seq, time.Time{}, []press.Entry{one, own, two}},
				"since a moment": {start, w.head(), noon.Add(time.Hour), []press.Entry{two, three}},
				"none":           {w.head(), w.head(), time.Time{}, nil},
			} {
				got, err := tx.Backlog(source, c.cursor, c.head, c.since)
				if err != nil {
					return err
				}
				w.same(name, c.want, got)
			}
			return nil
		})
	},

	"most followers come first, then the quickest": func(t *testing.T, w *world) {
		for i, inbox := range []string{"https://slow.example/inbox", "https://quick.example/inbox", sharedInbox, sharedInbox} {
			w.accept(w.follow(fmt.Sprintf("https://social.example/users/%d", i), inbox))
		}
		w.publish(w.draft("One"))
		var settlements []deliveries.Settlement
		for _, d := range w.claim(1) {
			latency := time.Second
			if d.URL == "https://quick.example/inbox" {
				latency = time.Millisecond
			}
			settlements = append(settlements, deliveries.Settlement{
				Destination: d.ID, Cursor: w.sourceHead(), State: deliveries.StateActive, Succeeded: true,
				Followers: d.Followers, Latency: latency,
			})
		}
		w.update(func(tx *storage.Tx) error { return tx.Settle(1, settlements) })
		w.publish(w.draft("Two"))
		var order []string
		for _, d := range w.claim(1) {
			order = append(order, d.URL)
		}
		w.same("order", []string{sharedInbox, "https://quick.example/inbox", "https://slow.example/inbox"}, order)
	},

	"a host gets its share of a claim and no more": func(t *testing.T, w *world) {
		for i := range 3 {
			w.accept(w.follow(fmt.Sprintf("https://big.example/users/%d", i), fmt.Sprintf("https://big.example/users/%d/inbox", i)))
		}
		w.accept(w.follow(ada, sharedInbox))
		w.publish(w.draft("One"))
		take := func(except ...string) (hosts []string, crowded []string) {
			w.update(func(tx *storage.Tx) error {
				hosts = nil // it may be run again
				c := every(1)
				c.PerHost, c.Except = 2, except
				claimed, err := tx.ClaimBehind(c)
				for _, d := range claimed.Destinations {
					hosts = append(hosts, d.Host)
				}
				crowded = claimed.Crowded
				return err
			})
			return hosts, crowded
		}
		hosts, crowded := take()
		w.same("hosts", []string{"big.example", "big.example", "social.example"}, hosts)
		w.same("crowded", []string{"big.example"}, crowded)
		hosts, _ = take("big.example")
		w.same("hosts but the crowded one", []string(nil), hosts)
		w.update(func(tx *storage.Tx) error {
			c := every(1)
			c.PerHost, c.Taken = 2, map[string]int{"big.example": 2}
			claimed, err := tx.ClaimBehind(c)
			w.same("hosts, when enough was taken for another source", []string(nil), hostsOf(claimed.Destinations))
			w.same("crowded", []string{"big.example"}, claimed.Crowded)
			return err
		})
		hosts, crowded = take()
		w.same("the rest", []string{"big.example"}, hosts)
		w.same("crowded", []string(nil), crowded)
	},

	"shards divide the work": func(t *testing.T, w *world) {
		for i := range 20 {
			w.accept(w.follow(fmt.Sprintf("https://h%d.example/a", i), fmt.Sprintf("https://h%d.example/inbox", i)))
		}
		w.publish(w.draft("One"))
		const ours = uint64(0xFFFF_0000_FFFF_0000)
		taken := map[string]int{}
		for _, set := range []uint64{ours, ^ours} {
			w.update(func(tx *storage.Tx) error {
				c := every(1)
				c.Shards = set
				claimed, err := tx.ClaimBehind(c)
				for _, d := range claimed.Destinations {
					taken[d.URL]++
					w.same("the shard of "+d.Host+" is in the set", true, set>>deliveries.Shard(d.Host)&1 == 1)
				}
				return err
			})
		}
		w.same("destinations taken once", 20, len(taken))
	},

	"generations rise": func(t *testing.T, w *world) {
		for want := int64(1); want <= 3; want++ {
			w.update(func(tx *storage.Tx) error {
				got, err := tx.NextGeneration()
				w.same("generation", want, got)
				return err
			})
		}
	},

	"destinations are paged by their ids": func(t *testing.T, w *world) {
		for i := range 3 {
			w.accept(w.follow(fmt.Sprintf("https://%d.example/actor", i), fmt.Sprintf("https://%d.example/inbox", i)))
		}
		w.view(func(tx *storage.Tx) error {
			first, err := tx.Destinations(0, 2)
			w.same("first page", 2, len(first))
			if err != nil {
				return err
			}
			second, err := tx.Destinations(first[1].ID, 2)
			w.same("second page", 1, len(second))
			return err
		})
	},
}
