package storagetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/press"
)

// host reads one host as an operator sees it.
func (w *world) host(name string) (h deliveries.Host) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		all, err := tx.Hosts(deliveries.HostFilter{}, "", 100)
		for _, one := range all {
			if one.Name == name {
				h = one
			}
		}
		return err
	})
	return h
}

// putOff settles a destination as failing until an instant.
func (w *world) putOff(d deliveries.Destination, next time.Time) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error {
		return tx.Settle(1, []deliveries.Settlement{{
			Destination: d.ID, Cursor: d.Cursor, Failures: 3, FailingSince: noon, NextAttempt: next,
			State: deliveries.StateActive, Error: "connection refused",
		}})
	})
}

func (w *world) wakes() (n int64) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		work, err := tx.Work(1, deliveries.AllShards, 0)
		n = work.Wakes
		return err
	})
	return n
}

const (
	bigOne = "https://big.example/users/1/inbox"
	bigTwo = "https://big.example/users/2/inbox"
)

// big follows from two inboxes of one host, and from another host.
func (w *world) big() {
	w.t.Helper()
	w.accept(w.follow("https://big.example/users/1", bigOne))
	w.accept(w.follow("https://big.example/users/2", bigTwo))
	w.accept(w.follow(ada, sharedInbox))
}

func (w *world) hostsToAsk() (hosts []string) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		hosts, err = tx.HostsToAsk(100)
		return err
	})
	return hosts
}

func hostsOf(destinations []deliveries.Destination) []string {
	var names []string
	for _, d := range destinations {
		names = append(names, d.Host)
	}
	slices.Sort(names)
	return names
}

var hostTests = map[string]func(*testing.T, *world){
	"a host is the sum of its inboxes": func(t *testing.T, w *world) {
		w.big()
		w.publish(w.draft("One"))
		w.publish(w.draft("Two"))
		due := w.claim(1)
		w.same("due", 3, len(due))
		next := noon.Add(time.Hour)
		w.putOff(w.destination(bigOne), next)
		w.settle(1, w.destination(bigTwo), w.sourceHead())
		w.same("host", deliveries.Host{
			Name: "big.example", State: deliveries.HostFailing, Inboxes: 2, Behind: 1, Followers: 2, Backlog: 2,
			LastSuccess: noon, NextAttempt: next, LastError: "connection refused",
		}, w.host("big.example"))
		w.view(func(tx *storage.Tx) error {
			first, err := tx.Hosts(deliveries.HostFilter{}, "", 1)
			w.same("first page", 1, len(first))
			if err != nil {
				return err
			}
			second, err := tx.Hosts(deliveries.HostFilter{}, first[0].Name, 5)
			w.same("second page", "social.example", second[0].Name)
			if err != nil {
				return err
			}
			w.settle(1, w.destination(sharedInbox), w.sourceHead())
			return nil
		})
		w.view(func(tx *storage.Tx) error {
			behind, err := tx.Hosts(deliveries.HostFilter{Behind: true}, "", 5)
			w.same("behind", 1, len(behind))
			return err
		})
	},

	"a host is asked what it runs by one process, and again when it is due": func(_ *testing.T, w *world) {
		w.same("without inboxes", []string(nil), w.hostsToAsk())
		w.big()
		w.same("at first, however many its inboxes", []string{"big.example", "social.example"}, w.hostsToAsk())
		w.same("while it is asked", []string(nil), w.hostsToAsk())
		w.update(func(tx *storage.Tx) error {
			return tx.SetSoftware("big.example", deliveries.Software{Name: "mastodon", Version: "4.7.0"})
		})
		for i, wait := range []time.Duration{10 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour, 24 * time.Hour} {
			w.clock.Pass(wait - time.Second)
			w.same("before it is due", []string(nil), w.hostsToAsk())
			w.clock.Pass(time.Second)
			w.same(fmt.Sprintf("when it has not said so %d times", i+1), []string{"social.example"}, w.hostsToAsk())
		}
		w.clock.Pass(5 * 24 * time.Hour)
		w.same("a week later", []string{"big.example", "social.example"}, w.hostsToAsk())
		w.view(func(tx *storage.Tx) error {
			all, err := tx.SoftwareByHost()
			w.same("what is known meanwhile", map[string]deliveries.Software{"big.example": {Name: "mastodon", Version: "4.7.0"}}, all)
			return err
		})
	},

	"a host that refused Ed25519 is remembered with what it runs": func(_ *testing.T, w *world) {
		refusals := func(what string, want map[string]time.Time) {
			w.t.Helper()
			w.view(func(tx *storage.Tx) error {
				all, err := tx.Ed25519Refusals()
				w.same(what, want, all)
				return err
			})
		}
		w.update(func(tx *storage.Tx) error {
			return tx.SetSoftware("new.example", deliveries.Software{Name: "mastodon", Version: "4.7.0"})
		})
		refusals("at first", map[string]time.Time{})
		w.update(func(tx *storage.Tx) error {
			return errors.Join(tx.RefuseEd25519("new.example"), tx.RefuseEd25519("unknown.example"))
		})
		at := w.clock.Now()
		w.clock.Pass(time.Hour)
		w.update(func(tx *storage.Tx) error {
			return tx.SetSoftware("new.example", deliveries.Software{Name: "mastodon", Version: "4.7.1"})
		})
		refusals("when it has", map[string]time.Time{"new.example": at})
	},

	"what a host without inboxes runs is forgotten when it would be asked": func(_ *testing.T, w *world) {
		w.update(func(tx *storage.Tx) error {
			return tx.SetSoftware("left.example", deliveries.Software{Name: "mastodon"})
		})
		for _, want := range []struct {
			after time.Duration
			name  string
		}{{6 * 24 * time.Hour, "mastodon"}, {24 * time.Hour, ""}} {
			w.clock.Pass(want.after)
			w.hostsToAsk()
			w.view(func(tx *storage.Tx) error {
				runs, err := tx.SoftwareOf("left.example")
				w.same("what it runs", want.name, runs.Name)
				return err
			})
		}
	},

	"a host is behind since the first entry that was for it": func(t *testing.T, w *world) {
		longest := func(what, host string, since time.Time) {
			w.t.Helper()
			w.view(func(tx *storage.Tx) error {
				gotHost, gotSince, err := tx.LongestBehind()
				w.same(what, host, gotHost)
				w.same(what, since, gotSince)
				return err
			})
		}
		w.announcers()
		w.accept(w.follow(ada, sharedInbox))
		of := w.follow("https://big.example/cleo", bigOne)
		of.Source, of.Accept.Source = spokesperson, spokesperson
		w.accept(of)
		longest("nothing was said", "", time.Time{})
		w.clock.Pass(time.Minute)
		w.publish(w.filed("In the press room", w.pressRoom, "en"))
		longest("to the author's", "social.example", noon.Add(time.Minute))
		w.clock.Pass(time.Minute)
		w.publish(w.filed("Below the minister", w.activities, "en"))
		w.clock.Pass(time.Minute)
		w.publish(w.filed("Below the minister again", w.activities, "en"))
		longest("to the author's still", "social.example", noon.Add(time.Minute))
		w.update(func(tx *storage.Tx) error { return tx.PauseHost("social.example") })
		longest("but for the pause", "big.example", noon.Add(2*time.Minute))
	},

	"a paused host gets nothing and loses nothing": func(t *testing.T, w *world) {
		w.big()
		w.publish(w.draft("One"))
		before := w.wakes()
		w.update(func(tx *storage.Tx) error { return tx.PauseHost("big.example") })
		w.same("state", deliveries.HostPaused, w.host("big.example").State)
		due := w.claim(1)
		w.same("due", 1, len(due))
		w.same("host", "social.example", due[0].Host)
		w.update(func(tx *storage.Tx) error { return tx.ResumeHost("big.example") })
		w.same("due", 2, len(w.claim(1)))
		w.same("wakes", before+2, w.wakes())
	},

	"a message to a paused host waits for the end of the pause": func(t *testing.T, w *world) {
		w.big()
		before, during := w.follow("https://big.example/users/x", bigOne), w.follow("https://big.example/users/y", bigOne)
		w.add(before)
		w.update(func(tx *storage.Tx) error { return tx.PauseHost("big.example") })
		w.add(during)
		w.same("due in the pause", 0, len(w.claimDirected(1)))
		w.view(func(tx *storage.Tx) error {
			work, err := tx.Work(1, deliveries.AllShards, 0)
			w.same("something is due", false, work.Directed)
			w.same("next", time.Time{}, work.NextDue)
			return err
		})
		w.update(func(tx *storage.Tx) error { return tx.ResumeHost("big.example") })
		w.same("due after it", 2, len(w.claimDirected(1)))
	},

	"a retry makes due what was put off or given up": func(t *testing.T, w *world) {
		w.big()
		w.publish(w.draft("One"))
		due := w.claim(1)
		w.putOff(due[0], noon.Add(time.Hour))
		w.update(func(tx *storage.Tx) error {
			return tx.Settle(1, []deliveries.Settlement{{Destination: due[1].ID, Failures: 9, State: deliveries.StateGone}})
		})
		w.same("due before", 0, len(w.claim(1)))
		w.update(func(tx *storage.Tx) error { return tx.RetryHost("big.example") })
		w.same("due after", 2, len(w.claim(1)))
		w.same("failures are remembered", 3, w.destination(bigOne).Failures)
	},

	"what is dropped hears no more until somebody follows": func(t *testing.T, w *world) {
		w.big()
		first, _ := w.publish(w.draft("One"))
		due := w.claim(1)
		w.update(func(tx *storage.Tx) error { return tx.DropHost("big.example") })
		w.same("followers", 1, w.countFollowers())
		w.same("state", deliveries.HostGone, w.host("big.example").State)
		// What was under way when it was dropped does not bring it back.
		w.settle(1, due[0], w.sourceHead())
		w.withdraw(first.ID)
		w.same("due", []string{"social.example"}, hostsOf(w.claim(2)))
		w.clock.Pass(time.Minute)
		w.accept(w.follow("https://big.example/users/1", bigOne))
		w.publish(w.draft("Two"))
		w.same("due", []string{"big.example", "social.example"}, hostsOf(w.claim(3)))
	},

	"nothing can be done to a host that is unknown": func(t *testing.T, w *world) {
		for _, act := range []func(*storage.Tx, string) error{
			(*storage.Tx).PauseHost, (*storage.Tx).ResumeHost, (*storage.Tx).RetryHost, (*storage.Tx).DropHost,
		} {
			w.refused(press.ErrNotFound, func(tx *storage.Tx) error { return act(tx, "nowhere.example") })
		}
	},

	"who sends us something is tried within the minute": func(t *testing.T, w *world) {
		w.big()
		w.publish(w.draft("One"))
		due := w.claim(1)
		w.putOff(due[0], noon.Add(time.Hour))
		w.putOff(due[1], noon.Add(2*time.Hour))
		soon := noon.Add(30 * time.Second)
		waits := func() (is bool) {
			w.view(func(tx *storage.Tx) (err error) {
				is, err = tx.IsPutOff("big.example", soon)
				return err
			})
			return is
		}
		w.same("waits", true, waits())
		w.update(func(tx *storage.Tx) error { return tx.BringForward("big.example", soon) })
		w.same("next attempt", soon, w.destination(due[0].URL).NextAttempt)
		w.same("next attempt of the other", noon.Add(2*time.Hour), w.destination(due[1].URL).NextAttempt)
		w.same("failures", 3, w.destination(due[0].URL).Failures)
		// Once is enough, however much comes in.
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error { return tx.BringForward("big.example", soon) })
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error { return tx.BringForward("social.example", soon) })
	},

	"what was put off by a wrong clock is due when that is right": func(t *testing.T, w *world) {
		w.big()
		w.publish(w.draft("One"))
		due := w.claim(1)
		w.putOff(due[0], noon.Add(48*time.Hour))
		w.same("due before", 0, len(w.claim(1)))
		before := w.wakes()
		w.update(func(tx *storage.Tx) error { return tx.SetFact("clock_held", "the clock jumped") })
		w.update((*storage.Tx).ConfirmClock)
		w.same("due after", 1, len(w.claim(1)))
		w.same("wakes", before+1, w.wakes())
	},

	"an answer brings the others of its host forward": func(t *testing.T, w *world) {
		w.big()
		w.publish(w.draft("One"))
		due := w.claim(1)
		w.putOff(due[0], noon.Add(time.Minute))
		w.putOff(due[1], noon.Add(time.Hour))
		w.clock.Pass(time.Minute)
		again := w.claim(1)
		w.same("due", 1, len(again))
		w.update(func(tx *storage.Tx) error {
			return tx.Settle(1, []deliveries.Settlement{{
				Destination: again[0].ID, Cursor: w.sourceHeadIn(tx), State: deliveries.StateActive, Succeeded: true, Recovered: true,
			}})
		})
		rest := w.claim(1)
		w.same("due after an answer", 1, len(rest))
		w.same("which", due[1].URL, rest[0].URL)
	},
}
