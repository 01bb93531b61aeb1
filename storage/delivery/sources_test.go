package delivery_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/delivery"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/publog"
)

const spokesperson = "actor:spokesperson"

func (w *world) addSource(s publog.Source) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error { return tx.AddSource(s) })
}

func TestAnAnnouncerTellsItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addSource(publog.Source{Name: spokesperson, Kind: publog.Announcer, Section: w.section})
	w.followOf(spokesperson, "a.example", "http://a.example/shared")
	w.follow("b.example", "http://b.example/shared")
	id := w.publish("A communiqué")
	w.run(w.settledAll)
	w.correct(id)
	w.run(w.settledAll)
	w.withdraw(id)
	w.run(w.settledAll)
	expect(t, "a follower of the announcer", w.at("http://a.example/shared"), "announce 2", "update 3", "delete 4")
	expect(t, "a follower of the author", w.at("http://b.example/shared"), "create 2", "update 3", "delete 4")
}

// TestWithdrawnWhileItIsAnnounced: the log grows between an Announce and the
// correction that follows it. A server that has been told of the article by then
// must hear that it was taken back.
func TestWithdrawnWhileItIsAnnounced(t *testing.T) {
	t.Parallel()
	inDays(t, func(w *world) {
		w.addSource(publog.Source{Name: spokesperson, Kind: publog.Announcer, Section: w.section})
		w.followOf(spokesperson, "a.example", "http://a.example/shared")
		var id press.ArticleID // read by the sender, which has its lock
		w.answerWith(func(_, what string) error {
			if what == "announce 2" {
				w.withdraw(id)
				time.Sleep(time.Minute) // until the engine has seen it
			}
			return nil
		})
		w.mu.Lock()
		w.update(func(tx *storage.Tx) error {
			a, _, err := tx.Publish(w.draft("A slip"))
			if err != nil {
				return err
			}
			id = a.ID
			_, _, err = tx.Correct(id, newsdesk.Correction{Draft: w.draft("Corrected"), Note: "A name."})
			return err
		})
		w.mu.Unlock()
		time.Sleep(5 * time.Minute)
		expect(w.t, "the inbox", w.at("http://a.example/shared"), "announce 2", "delete 4")
	})
}

// TestAHostOfManySources has its two requests at once, whoever is followed
// there.
func TestAHostOfManySources(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addSource(publog.Source{Name: spokesperson, Kind: publog.Announcer, Section: w.section})
	for i := range 10 {
		for _, source := range []string{author, spokesperson} {
			name := fmt.Sprintf("big.example/%s/%d", strings.TrimPrefix(source, "actor:"), i)
			w.followOf(source, name, "http://"+name+"/inbox")
		}
	}
	w.run(w.settledAll)
	w.publish("A communiqué")
	var now, most, sent atomic.Int64
	o := w.options()
	o.Kinds = map[publog.SourceKind]delivery.Kind{}
	for kind, k := range w.options().Kinds {
		k.Sender = sendFunc(func(ctx context.Context, d deliveries.Destination, s delivery.Step) error {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			defer now.Add(-1)
			time.Sleep(time.Millisecond) // so that requests can overlap
			sent.Add(1)
			return w.Send(ctx, d, s)
		})
		o.Kinds[kind] = k
	}
	w.runWith(o, w.settledAll)
	if sent.Load() != 20 || most.Load() > 2 {
		t.Errorf("%d requests, %d of them at once", sent.Load(), most.Load())
	}
}

type sendFunc func(context.Context, deliveries.Destination, delivery.Step) error

func (f sendFunc) Send(ctx context.Context, d deliveries.Destination, s delivery.Step) error {
	return f(ctx, d, s)
}

// TestMoreSourcesThanOneClaimAsks serves each of them.
func TestMoreSourcesThanOneClaimAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const topics = 300
	for i := range topics {
		name := fmt.Sprintf("topic:%d", i)
		w.addSource(publog.Source{Name: name, Kind: publog.Topic, Section: w.section, Language: "en"})
		w.followOf(name, fmt.Sprintf("s%d.example", i%7), fmt.Sprintf("http://s%d.example/callback/%d", i%7, i))
	}
	w.run(w.settledAll)
	w.publish("One")
	w.publish("Two")
	id := w.publish("Three")
	w.correct(id)
	w.run(w.settledAll)
	for i := range topics {
		expect(t, fmt.Sprint("callback ", i), w.at(fmt.Sprintf("http://s%d.example/callback/%d", i%7, i)), "distribute 5")
	}
}

// TestATopicRests: what changes while a callback rests goes out together, and
// the last of it is not forgotten.
func TestATopicRests(t *testing.T) {
	t.Parallel()
	inDays(t, func(w *world) {
		const topic, callback = "topic:1/en/atom", "http://reader.example/callback"
		w.addSource(publog.Source{Name: topic, Kind: publog.Topic, Section: w.section, Language: "en"})
		w.followOf(topic, "reader.example", callback)
		time.Sleep(time.Minute)
		for range 600 {
			w.publish("Imported")
			time.Sleep(time.Second)
		}
		time.Sleep(2 * time.Minute)
		got := w.at(callback)
		if len(got) < 8 || len(got) > 12 {
			w.t.Errorf("%d distributions in ten minutes", len(got))
		}
		expect(w.t, "the last", got[len(got)-1:], "distribute 601")
		d := w.destination(callback)
		if !d.NextAttempt.IsZero() || d.Failures != 0 {
			w.t.Errorf("it does not come to rest: %+v", d)
		}
	})
}

// TestAHostThatIsBackIsServedByAllSources: what was put off for the others is
// due with the first answer.
func TestAHostThatIsBackIsServedByAllSources(t *testing.T) {
	inDays(t, func(w *world) {
		w.addSource(publog.Source{Name: spokesperson, Kind: publog.Announcer, Section: w.section})
		w.follow("away.example", away)
		w.followOf(spokesperson, "away.example", "http://away.example/other")
		time.Sleep(time.Minute)
		w.mu.Lock()
		down := true
		w.answer = func(string, string) error {
			if down {
				return &delivery.Failure{Verdict: delivery.Later, Detail: "connection refused"}
			}
			return nil
		}
		w.mu.Unlock()
		w.publish("A communiqué")
		time.Sleep(20 * time.Hour)
		w.mu.Lock()
		down, w.sent = false, map[string][]string{}
		w.mu.Unlock()
		time.Sleep(75 * time.Minute)
		expect(w.t, "the author's inbox", w.at(away), "create 2")
		expect(w.t, "the announcer's inbox", w.at("http://away.example/other"), "announce 2")
	})
}
