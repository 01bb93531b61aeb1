package delivery_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/clocktest"
	"communique/storage/deliveries"
	"communique/storage/delivery"
	"communique/storage/press"
	"communique/storage/publog"
	"communique/storage/sqlite"
	"communique/storage/sqlite/sqlitetest"
)

// inDays runs a test in simulated time: it starts a real engine on a real
// store, and hours pass in an instant.
func inDays(t *testing.T, test func(w *world)) {
	inDaysWith(t, func(*world, *delivery.Options) {}, test)
}

// inDaysWith is inDays with an engine of other options.
func inDaysWith(t *testing.T, change func(w *world, o *delivery.Options), test func(w *world)) {
	file := sqlitetest.File(t)
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, sent: map[string][]string{}, answer: func(string, string) error { return nil }, rest: time.Minute, clock: clocktest.Running()}
		store, err := sqlite.Open(t.Context(), file, w.clock)
		if err != nil {
			t.Fatal(err)
		}
		w.store = store
		w.update(func(tx *storage.Tx) error {
			if err := tx.AddSource(publog.Source{Name: author, Kind: publog.Author}); err != nil {
				return err
			}
			s, err := tx.AddSection(press.Root, "news", "en", "News")
			w.section = s.ID
			return err
		})
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		o := w.options()
		store.LookEvery(10 * time.Second)
		change(w, &o)
		engine := delivery.New(o)
		go func() { ended <- engine.Run(ctx) }()
		w.stop = sync.OnceFunc(func() {
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
		test(w)
		w.stop()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Minute) // until the clocks of its senders are at rest
	})
}

const away = "http://away.example/inbox"

// goAway makes the host fail, or answer again.
func (w *world) goAway(is bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answer = func(inbox, _ string) error {
		if is && inbox == away {
			return &delivery.Failure{Verdict: delivery.Later, Detail: "connection refused"}
		}
		return nil
	}
}

// sixDaysAway lets a host follow, get one article, and be away for six days in
// which that is corrected twice, another is published and withdrawn, and a
// third one published and corrected.
func sixDaysAway(w *world) {
	w.follow("away.example", away)
	w.follow("here.example", "http://here.example/inbox")
	first := w.publish("The first") // entry 2
	time.Sleep(time.Minute)
	w.goAway(true)
	w.correct(first) // 3
	time.Sleep(24 * time.Hour)
	slip := w.publish("A slip") // 4
	time.Sleep(24 * time.Hour)
	w.correct(first)                   // 5
	third := w.publish("Another")      // 6
	w.withdraw(slip)                   // 7
	w.correct(third)                   // 8
	time.Sleep(4*24*time.Hour - 12345) // to no round number
	w.forget(away)
}

// final is what a host that was away for six days is told, and nothing else:
// each article once in its newest state, in the order of the log. What was
// published and withdrawn while it was away may have arrived without its
// answer, so its Delete goes out; the text of it never does.
var final = []string{"update 5", "delete 7", "create 8", "update 8"}

// TestAwayForSixDays: a host that is back has the newest state of everything
// within 75 minutes, in order (SECURITY B F11).
func TestAwayForSixDays(t *testing.T) {
	t.Parallel()
	inDays(t, func(w *world) {
		sixDaysAway(w)
		w.goAway(false)
		time.Sleep(75 * time.Minute)
		expect(w.t, "the inbox", w.at(away), final...)
		if d := w.destination(away); d.State != deliveries.StateActive || d.Failures != 0 {
			w.t.Errorf("it is %s after %d failures", d.State, d.Failures)
		}
	})
}

// TestAwayAndHeardFrom: a verified message from the host brings that forward to
// a minute.
func TestAwayAndHeardFrom(t *testing.T) {
	t.Parallel()
	inDays(t, func(w *world) {
		sixDaysAway(w)
		w.goAway(false)
		w.update(func(tx *storage.Tx) error {
			soon := tx.Now().Add(30 * time.Second)
			late, err := tx.IsPutOff("away.example", soon)
			if err != nil || !late { // by chance the next attempt may be as near
				return err
			}
			return tx.BringForward("away.example", soon)
		})
		time.Sleep(time.Minute)
		expect(w.t, "the inbox", w.at(away), final...)
	})
}

// TestFollowersOfADeadHost: what has not got through goes to where a follower
// moves, or to their new inbox, at once and not with the next publication.
func TestFollowersOfADeadHost(t *testing.T) {
	t.Parallel()
	const fresh = "http://fresh.example/inbox"
	for _, tt := range []struct {
		name  string
		leave func(tx *storage.Tx) error
	}{
		{"moved", func(tx *storage.Tx) error {
			return tx.MoveFollower("http://away.example/actor", audience.Follow{
				Source: author, Actor: "http://fresh.example/actor", Inbox: fresh, Delivery: fresh, Signed: tx.Now(),
			})
		}},
		{"with another inbox", func(tx *storage.Tx) error {
			return tx.ChangeInbox(audience.Follow{Source: author, Actor: "http://away.example/actor", Inbox: fresh, Delivery: fresh})
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inDays(t, func(w *world) {
				w.follow("away.example", away)
				time.Sleep(time.Minute)
				w.goAway(true)
				w.publish("The first")
				time.Sleep(24 * time.Hour)
				w.update(tt.leave)
				time.Sleep(time.Minute)
				expect(w.t, "the new inbox", w.at(fresh), "create 2")
			})
		})
	}
}

// TestAClockThatIsSetBack: what was put off by a clock that was a day ahead is not
// late by a day when it is right again.
func TestAClockThatIsSetBack(t *testing.T) {
	t.Parallel()
	inDays(t, func(w *world) {
		w.follow("away.example", away)
		time.Sleep(time.Minute)
		w.goAway(true)
		w.clock.Jump(24 * time.Hour)
		id := w.publish("A slip")
		time.Sleep(10 * time.Minute)
		w.clock.Jump(-24 * time.Hour)
		w.update(func(tx *storage.Tx) error { return tx.SetFact("clock_held", "the clock jumped") })
		w.update((*storage.Tx).ConfirmClock)
		w.withdraw(id)
		time.Sleep(time.Minute)
		w.goAway(false)
		time.Sleep(5 * time.Minute)
		got := w.at(away)
		expect(w.t, "the inbox", got[len(got)-1:], "delete 3")
	})
}

// TestAClockThatIsAhead: what waits for a host when the clock jumps by two months
// has not become too old to be sent.
func TestAClockThatIsAhead(t *testing.T) {
	t.Parallel()
	inDays(t, func(w *world) {
		w.follow("away.example", away)
		id := w.publish("The first")
		time.Sleep(time.Minute)
		w.goAway(true)
		w.publish("The second")
		w.withdraw(id)
		time.Sleep(time.Minute)
		w.forget(away)
		w.goAway(false)
		w.clock.Jump(60 * 24 * time.Hour)
		time.Sleep(time.Hour)
		expect(w.t, "the inbox", w.at(away), "create 3", "delete 4")
	})
}

// TestUnreachable: after seven days without an answer a host is probed daily,
// and is served again when it answers.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	logged := func(_ *world, o *delivery.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) }
	inDaysWith(t, logged, func(w *world) {
		w.follow("away.example", away)
		first := w.publish("The first")
		time.Sleep(time.Minute)
		w.goAway(true)
		w.correct(first)
		time.Sleep(7*24*time.Hour + 2*time.Hour)
		if d := w.destination(away); d.State != deliveries.StateUnreachable {
			w.t.Errorf("after seven days it is %s", d.State)
		}
		w.forget(away)
		w.publish("The second")
		time.Sleep(3 * 24 * time.Hour)
		if probes := len(w.at(away)); probes < 2 || probes > 4 {
			w.t.Errorf("in three days it was tried %d times", probes)
		}
		w.goAway(false)
		time.Sleep(26 * time.Hour)
		if d := w.destination(away); d.State != deliveries.StateActive {
			w.t.Errorf("after it has answered it is %s", d.State)
		}
		got := w.at(away)
		expect(w.t, "the inbox in the end", got[max(0, len(got)-2):], "update 3", "create 4")
	})
	for _, line := range []string{`level=WARN msg="server unreachable" to=` + away, `level=INFO msg="server recovered" to=` + away} {
		if n := strings.Count(log.String(), line); n != 1 {
			t.Errorf("%d lines have %s", n, line)
		}
	}
}

// TestAttemptsAtADeadHost: they thin out to one an hour.
func TestAttemptsAtADeadHost(t *testing.T) {
	t.Parallel()
	inDays(t, func(w *world) {
		w.follow("away.example", away)
		time.Sleep(time.Minute)
		w.goAway(true)
		w.publish("The first")
		time.Sleep(24 * time.Hour)
		if n := len(w.at(away)); n < 25 || n > 40 {
			w.t.Errorf("on the first day it was tried %d times", n)
		}
	})
}
