package storagetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/press"
	"communique/storage/publog"
)

const callback = "https://reader.example/callbacks/k3tq?for=mfa"

// topic is the Atom feed of The Minister in English.
func (w *world) topic() publog.TopicID {
	return publog.TopicID{Section: w.minister, Language: "en", Format: "atom"}
}

// subscription is one of a callback to that topic, for ten days.
func (w *world) subscription(callback string) deliveries.Subscription {
	return deliveries.Subscription{
		Topic: w.topic(), Address: "https://mfa.example/en/the-ministry/the-minister/feed.atom",
		Callback: callback, Secret: "s3cret", Expires: w.clock.Now().Add(240 * time.Hour),
	}
}

// subscribe stores a subscription that was asked for in this moment.
func (w *world) subscribe(s deliveries.Subscription) {
	w.t.Helper()
	w.subscribeSince(s, w.head())
}

func (w *world) subscribeSince(s deliveries.Subscription, asked press.Seq) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error { return tx.Subscribe(s, asked) })
}

// subscribed reads the subscription of a callback; the zero one if there is none.
func (w *world) subscribed(callback string) (s deliveries.Subscription) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		if s, err = tx.Subscription(w.topic(), callback); errors.Is(err, press.ErrNotFound) {
			return nil
		}
		return err
	})
	return s
}

// callbacks are the addresses of all destinations that are callbacks.
func (w *world) callbacks() (urls []string) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		all, err := tx.Destinations(0, 1000)
		for _, d := range all {
			if d.Kind == deliveries.Callback {
				urls = append(urls, d.URL)
			}
		}
		return err
	})
	return urls
}

// ended is how many subscriptions end now.
func (w *world) ended() (n int) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		n, err = tx.EndSubscriptions()
		return err
	})
	return n
}

// claimCallbacks takes on what is due of the topic, for a delivering process.
func (w *world) claimCallbacks(generation int64) (due []deliveries.Destination) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error {
		c, err := tx.ClaimBehind(deliveries.Claim{Source: w.topic().Source(), Generation: generation, Shards: deliveries.AllShards, PerHost: 1000, Limit: 1000})
		due = c.Destinations
		return err
	})
	return due
}

// generation begins a delivering process.
func (w *world) generation() (n int64) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		n, err = tx.NextGeneration()
		return err
	})
	return n
}

var subscriptionTests = map[string]func(*testing.T, *world){
	"a subscription begins at the head and is a destination": func(_ *testing.T, w *world) {
		_, e := w.publish(w.draft("Before"))
		w.subscribe(w.subscription(callback))
		d := w.destination(callback)
		w.same("destination", deliveries.Destination{
			ID: d.ID, Source: w.topic().Source(), Kind: deliveries.Callback, URL: callback, Host: "reader.example",
			Cursor: e.Seq, Attempted: e.Seq, State: deliveries.StateActive,
		}, d)
		want := w.subscription(callback)
		want.Destination, want.Since = d.ID, noon
		w.same("subscription", want, w.subscribed(callback))
		w.same("due", 0, len(w.claimCallbacks(w.generation())))
		w.publish(w.draft("After"))
		w.same("due", 1, len(w.claimCallbacks(w.generation())))
	},

	"what changed between question and answer is due": func(_ *testing.T, w *world) {
		asked := w.head()
		w.publish(w.filed("Beside", w.pressRoom, "en"))
		w.subscribeSince(w.subscription(callback), asked)
		w.same("what is beside the topic", 0, len(w.claimCallbacks(1)))
		asked = w.head()
		w.publish(w.draft("In between"))
		w.subscribeSince(w.subscription("https://other.example/"), asked)
		w.same("both", 2, len(w.claimCallbacks(2)))
	},

	"what changed under a tag between question and answer is due": func(_ *testing.T, w *world) {
		w.publish(w.tagged("Treaty", "sea law"))
		s := w.subscription(callback)
		s.Topic = publog.TopicID{Tag: "sea-law", Language: "en", Format: "atom"}
		due := func(what string, want bool, change func()) {
			asked := w.head()
			change()
			s.Callback = "https://reader.example/" + what
			w.subscribeSince(s, asked)
			d := w.destination(s.Callback)
			w.view(func(tx *storage.Tx) error {
				head, err := tx.SourceHead(d.Source)
				w.same(what, want, d.Cursor < head)
				return err
			})
		}
		due("what has not the tag", false, func() { w.publish(w.tagged("Visit", "visits")) })
		due("what has it", true, func() { w.publish(w.tagged("Protocol", "sea law")) })
		due("a name", true, func() {
			w.update(func(tx *storage.Tx) error {
				_, err := tx.NameSection(w.pressRoom, "en", "The Press Room")
				return err
			})
		})
		s.Topic.Tag = "never"
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error { return tx.Subscribe(s, w.head()) })
	},

	"a renewal takes the place of the subscription and loses nothing": func(_ *testing.T, w *world) {
		w.subscribe(w.subscription(callback))
		d := w.destination(callback)
		w.publish(w.draft("Not delivered yet"))
		w.putOff(w.claimCallbacks(1)[0], noon.Add(time.Hour))
		w.clock.Pass(24 * time.Hour)
		s := w.subscription(callback)
		s.Secret, s.Address = "", "https://mfa.example/en/old/feed.atom"
		w.subscribe(s)
		s.Destination, s.Since = d.ID, noon
		w.same("subscription", s, w.subscribed(callback))
		after := w.destination(callback)
		w.same("cursor", d.Cursor, after.Cursor)
		w.same("failures", 0, after.Failures)
		w.same("due at once", 1, len(w.claimCallbacks(w.generation())))
	},

	"leases end": func(_ *testing.T, w *world) {
		w.subscribe(w.subscription(callback))
		other := w.subscription("https://other.example/callback")
		other.Expires = noon.Add(time.Hour)
		w.subscribe(other)
		w.same("before", 0, w.ended())
		w.clock.Pass(time.Hour)
		w.same("over", deliveries.Subscription{}, w.subscribed(other.Callback))
		w.same("ended", 1, w.ended())
		w.same("callbacks", []string{callback}, w.callbacks())
		w.clock.Pass(240 * time.Hour)
		w.same("ended", 1, w.ended())
		w.same("callbacks", []string(nil), w.callbacks())
		w.update(func(tx *storage.Tx) error {
			_, err := tx.Source(w.topic().Source())
			w.same("a topic without subscribers is forgotten", true, errors.Is(err, press.ErrNotFound))
			return nil
		})
	},

	"unsubscribing ends at once": func(_ *testing.T, w *world) {
		w.subscribe(w.subscription(callback))
		w.update(func(tx *storage.Tx) error { return tx.Unsubscribe(w.topic(), callback) })
		w.same("callbacks", []string(nil), w.callbacks())
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error { return tx.Unsubscribe(w.topic(), callback) })
		w.publish(w.draft("For nobody"))
		w.subscribe(w.subscription(callback))
		w.same("anew from the head", 0, len(w.claimCallbacks(w.generation())))
	},

	"a callback that is being delivered to keeps its number until that is settled": func(_ *testing.T, w *world) {
		now := w.generation()
		w.subscribe(w.subscription(callback))
		_, e := w.publish(w.draft("Under way"))
		claimed := w.claimCallbacks(now)[0]
		w.update(func(tx *storage.Tx) error { return tx.Unsubscribe(w.topic(), callback) })
		w.subscribe(w.subscription("https://other.example/callback"))
		w.update(func(tx *storage.Tx) error {
			return tx.Settle(now, []deliveries.Settlement{{
				Destination: claimed.ID, Source: claimed.Source, Cursor: e.Seq, State: deliveries.StateGone, Error: "no subscription",
			}})
		})
		w.same("the other is as it was", deliveries.StateActive, w.destination("https://other.example/callback").State)
		w.ended()
		w.same("callbacks", []string{"https://other.example/callback"}, w.callbacks())
	},

	"what comes of a delivery to a former subscription does not end the new one": func(_ *testing.T, w *world) {
		w.subscribe(w.subscription(callback))
		for _, s := range []deliveries.Settlement{{State: deliveries.StateGone}, {State: deliveries.StateActive, Succeeded: true}} {
			w.publish(w.draft("News"))
			asked := w.head()
			generation := w.generation()
			claimed := w.claimCallbacks(generation)
			w.same("claimed", 1, len(claimed))
			w.update(func(tx *storage.Tx) error { return tx.Unsubscribe(w.topic(), callback) })
			w.publish(w.draft("More"))
			w.subscribeSince(w.subscription(callback), asked)
			s.Destination, s.Source, s.Cursor = claimed[0].ID, w.topic().Source(), w.head()
			w.update(func(tx *storage.Tx) error {
				if err := tx.Settle(generation, []deliveries.Settlement{s}); err != nil {
					return err
				}
				_, err := tx.EndSubscriptions()
				return err
			})
			w.same("subscribed", callback, w.subscribed(callback).Callback)
			w.same("due", 1, len(w.claimCallbacks(w.generation())))
		}
	},

	"what a process that died was delivering is forgotten too": func(_ *testing.T, w *world) {
		dead := w.generation()
		w.subscribe(w.subscription(callback))
		w.publish(w.draft("Under way"))
		w.claimCallbacks(dead)
		w.generation()
		w.update(func(tx *storage.Tx) error { return tx.Unsubscribe(w.topic(), callback) })
		w.same("callbacks", []string(nil), w.callbacks())
	},

	"a callback that is gone ends its subscription": func(_ *testing.T, w *world) {
		now := w.generation()
		w.subscribe(w.subscription(callback))
		w.publish(w.draft("News"))
		claimed := w.claimCallbacks(now)[0]
		w.update(func(tx *storage.Tx) error {
			return tx.Settle(now, []deliveries.Settlement{{
				Destination: claimed.ID, Cursor: claimed.Cursor, State: deliveries.StateGone,
				Refusals: []deliveries.Refusal{{Seq: 1, Status: 410}},
			}})
		})
		w.same("ended", 1, w.ended())
		w.same("callbacks", []string(nil), w.callbacks())
	},

	"a host has a hundred callbacks at most": func(_ *testing.T, w *world) {
		address := func(i int) string {
			host := []string{"reader.example", "Reader.example:443"}[i%2] // the same one
			return fmt.Sprintf("https://%s/%d", host, i)
		}
		for i := range 100 {
			w.subscribe(w.subscription(address(i)))
		}
		w.refused(press.ErrConflict, func(tx *storage.Tx) error { return tx.Subscribe(w.subscription(address(100)), 0) })
		w.subscribe(w.subscription(address(50))) // a renewal
		w.subscribe(w.subscription("https://other.example/"))
		w.same("callbacks of all", 101, len(w.callbacks()))
	},

	"reach is read off the cursors, over all feeds of an article": func(_ *testing.T, w *world) {
		reach := func(e press.Entry) [3]int {
			var r deliveries.Reach
			w.view(func(tx *storage.Tx) (err error) {
				r, err = tx.ReachOfTopics(e)
				return err
			})
			return [3]int{r.Servers, r.Reached, r.Behind}
		}
		all := w.subscription("https://all.example/")
		all.Topic = publog.TopicID{Section: press.Root, Language: "en", Format: "rss"}
		beside := w.subscription("https://beside.example/")
		beside.Topic.Section = w.pressRoom
		french := w.subscription("https://french.example/")
		french.Topic.Language = "fr"
		w.publish(w.tagged("Before", "Kept", "Lost", "Other"))
		tagged := func(tag string) deliveries.Subscription {
			s := w.subscription("https://" + tag + ".example/")
			s.Topic = publog.TopicID{Tag: tag, Language: "en", Format: "json"}
			return s
		}
		for _, s := range []deliveries.Subscription{w.subscription(callback), all, beside, french, tagged("kept"), tagged("lost"), tagged("other")} {
			w.subscribe(s)
		}
		w.clock.Pass(time.Minute)
		d := w.silent("Imported", noon.AddDate(-1, 0, 0))
		d.Tags = []string{"kept", "lost"}
		a, published := w.publish(d)
		w.same("to nobody yet", [3]int{4, 0, 4}, reach(published))
		claimed := w.claimCallbacks(1)[0]
		w.update(func(tx *storage.Tx) error {
			return tx.Settle(1, []deliveries.Settlement{{Destination: claimed.ID, Cursor: published.Seq, Succeeded: true, State: deliveries.StateActive}})
		})
		w.same("to one", [3]int{4, 1, 3}, reach(published))
		w.clock.Pass(time.Minute)
		w.subscribe(w.subscription("https://late.example/"))
		w.same("one that came late", [3]int{4, 1, 3}, reach(published))
		w.clock.Pass(time.Minute)
		d.Tags = []string{"kept"}
		w.correct(a.ID, d)
		_, gone := w.withdraw(a.ID)
		w.same("the withdrawal", [3]int{5, 0, 5}, reach(gone))
	},

	"an operator sees subscribers, and drops their host": func(_ *testing.T, w *world) {
		w.subscribe(w.subscription(callback))
		w.subscribe(w.subscription("https://other.example/"))
		w.accept(w.follow(ada, sharedInbox))
		w.publish(w.draft("News"))
		w.view(func(tx *storage.Tx) error {
			all, err := tx.Subscribers(0, 10)
			want := deliveries.Subscriber{Subscription: w.subscribed(callback), State: deliveries.StateActive, Behind: true}
			w.same("first", want, all[0])
			if err != nil {
				return err
			}
			rest, err := tx.Subscribers(all[0].Destination, 10)
			w.same("rest", all[1:], rest)
			return err
		})
		w.same("host", deliveries.Host{Name: "reader.example", State: deliveries.HostActive, Callbacks: 1, Behind: 1, Backlog: 1}, w.host("reader.example"))
		w.update(func(tx *storage.Tx) error { return tx.DropHost("reader.example") })
		w.same("dropped", deliveries.Subscription{}, w.subscribed(callback))
		w.ended()
		w.same("callbacks", []string{"https://other.example/"}, w.callbacks())
	},
}
