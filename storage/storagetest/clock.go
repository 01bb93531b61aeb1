package storagetest

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
)

var clockTests = map[string]func(*testing.T, *world){
	"the running clock ends it": func(t *testing.T, w *world) {
		a := w.inASecond()
		stop := w.runClock()
		defer stop()
		w.clock.Pass(time.Second)
		w.until(func() bool { return w.article(a.ID).State == press.Published })
	},

	"the running clock hears of one that is set elsewhere": func(t *testing.T, w *world) {
		stop := w.runClock()
		defer stop()
		for range 3 {
			a := w.inASecond()
			w.clock.Pass(time.Second)
			w.until(func() bool { return w.article(a.ID).State == press.Published })
		}
	},

	// SECURITY B F9: a statement that is late can be explained, one that leaked
	// cannot.
	"a clock that jumps ends none until it is confirmed": func(t *testing.T, w *world) {
		held := func() (reason string) {
			w.view(func(tx *storage.Tx) (err error) {
				reason, err = tx.ClockHeld()
				return err
			})
			return reason
		}
		w.same("held at first", "", held())
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error { return tx.ConfirmClock() })
		stop := w.runClock()
		first := w.inASecond()
		w.clock.Pass(time.Second)
		w.until(func() bool { return w.article(first.ID).State == press.Published })
		a, _ := w.publish(w.embargoed("Soon"))
		w.clock.Jump(24 * time.Hour)
		w.until(func() bool { return held() != "" })
		w.same("the reason", "the clock jumped by 24h0m0s", held())
		stop()
		stop, alarm := w.runClockWithAlarm() // a restart decides nothing
		defer stop()
		<-alarm
		w.same("state", press.Embargoed, w.article(a.ID).State)
		w.update(func(tx *storage.Tx) error { return tx.ConfirmClock() })
		w.until(func() bool { return w.article(a.ID).State == press.Published })
	},

	// What a clock that nobody has confirmed says to be over may lie ahead.
	"while embargoes are held no draft goes out by the clock": func(t *testing.T, w *world) {
		corrected, _ := w.publish(w.embargoed("To be corrected"))
		given := w.embargoed("To be filed")
		stop := w.runClock()
		defer stop()
		running := w.inASecond()
		w.clock.Pass(time.Second)
		w.until(func() bool { return w.article(running.ID).State == press.Published })
		w.clock.Jump(24 * time.Hour)
		w.untilHeld()
		a, e := w.correct(corrected.ID, w.draft("Corrected"))
		w.same("the entry of the correction", press.Entry{}, e)
		w.same("the state of what was corrected", press.Embargoed, a.State)
		filed, e := w.publish(given)
		w.same("the entry of what was filed", press.Entry{}, e)
		w.same("the state of what was filed", press.Embargoed, filed.State)
		now, _ := w.publish(w.draft("Now"))
		w.same("the state of what has no instant", press.Published, now.State)
		w.update(func(tx *storage.Tx) error { return tx.ConfirmClock() })
		w.until(func() bool {
			return w.article(a.ID).State == press.Published && w.article(filed.ID).State == press.Published
		})
	},
}

// inASecond files a draft whose embargo ends in a second.
func (w *world) inASecond() press.Article {
	w.t.Helper()
	d := w.draft("Soon")
	d.Published = w.clock.Now().Add(time.Second)
	a, _ := w.publish(d)
	return a
}

// untilHeld waits until embargoes are held.
func (w *world) untilHeld() {
	w.t.Helper()
	w.until(func() (held bool) {
		w.view(func(tx *storage.Tx) error {
			reason, err := tx.ClockHeld()
			held = reason != ""
			return err
		})
		return held
	})
}

// runClock runs the store's clock until stop is called.
func (w *world) runClock() (stop func()) {
	w.t.Helper()
	stop, _ = w.runClockWithAlarm()
	return stop
}

// runClockWithAlarm is runClock with a channel that is closed when the clock has
// said, for the first time, that something is wrong.
func (w *world) runClockWithAlarm() (stop func(), alarm <-chan struct{}) {
	w.t.Helper()
	return w.runClockOf(w.store)
}

// runClockOf is runClockWithAlarm for another program on the same database.
func (w *world) runClockOf(store *storage.Store) (stop func(), alarm <-chan struct{}) {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	said := &alarmBell{Handler: slog.DiscardHandler, rung: make(chan struct{})}
	go func() { ended <- store.RunClock(ctx, slog.New(said), func() {}) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
	}, said.rung
}

// alarmBell is a log that rings at the first error.
type alarmBell struct {
	slog.Handler
	once sync.Once
	rung chan struct{}
}

func (*alarmBell) Enabled(context.Context, slog.Level) bool { return true }

func (b *alarmBell) Handle(_ context.Context, r slog.Record) error {
	if r.Level >= slog.LevelError {
		b.once.Do(func() { close(b.rung) })
	}
	return nil
}

// until waits; the test's own time limit ends it.
func (w *world) until(is func() bool) {
	w.t.Helper()
	for !is() {
		time.Sleep(time.Millisecond)
	}
}
