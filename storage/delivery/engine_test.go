package delivery_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/clocktest"
	"communique/storage/deliveries"
	"communique/storage/delivery"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/publog"
	"communique/storage/storagetest/engines"
)

const author = "actor:ministry"

// world is a real store, and in place of the network a record of what was sent.
type world struct {
	t       *testing.T
	store   *storage.Store
	section press.SectionID
	rest    time.Duration // of topics
	clock   *clocktest.Clock
	stop    func() // stops the engine of a simulation

	mu       sync.Mutex
	sent     map[string][]string // by inbox: "verb seq", in order of arrival
	directed []string
	answer   func(inbox, what string) error
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, sent: map[string][]string{}, answer: func(string, string) error { return nil }}
	store, err := engines.Chosen(t)(storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	w.store = store
	w.update(func(tx *storage.Tx) error {
		if err := tx.AddSource(publog.Source{Name: author, Kind: publog.Author}); err != nil {
			return err
		}
		s, err := tx.AddSection(press.Root, "news", "en", "News")
		w.section = s.ID
		return err
	})
	return w
}

func (w *world) update(fn func(tx *storage.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(context.Background(), fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) follow(name, delivery string) { w.followOf(author, name, delivery) }

func (w *world) followOf(source, name, delivery string) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error {
		accept := "accept-" + name
		if source != author {
			accept += "-of-" + source
		}
		_, err := tx.AddFollower(audience.Follow{
			Source: source, Actor: "http://" + name + "/actor", Inbox: "http://" + name + "/inbox",
			Delivery: delivery, ID: "http://" + name + "/follow", Signed: time.Now(),
			Accept: deliveries.Directed{ID: accept, Source: source, Recipient: "http://" + name + "/actor", Inbox: "http://" + name + "/inbox", Body: []byte("{}")},
		})
		return err
	})
}

func (w *world) draft(title string) press.Draft {
	return press.Draft{Section: w.section, Language: "en", Title: title, Body: "<p>Text.</p>"}
}

func (w *world) publish(title string) press.ArticleID {
	w.t.Helper()
	var id press.ArticleID
	w.update(func(tx *storage.Tx) error {
		a, _, err := tx.Publish(w.draft(title))
		id = a.ID
		return err
	})
	return id
}

func (w *world) correct(id press.ArticleID) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error {
		_, _, err := tx.Correct(id, newsdesk.Correction{Draft: w.draft("Corrected"), Note: "A name."})
		return err
	})
}

func (w *world) withdraw(id press.ArticleID) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error {
		_, _, err := tx.Withdraw(id, "Issued in error.")
		return err
	})
}

func (w *world) Send(_ context.Context, d deliveries.Destination, s delivery.Step) error {
	what := fmt.Sprintf("%s %d", s.Verb, s.Entry.Seq)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent[d.URL] = append(w.sent[d.URL], what)
	return w.answer(d.URL, what)
}

func (w *world) SendDirected(_ context.Context, m deliveries.Directed) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.directed = append(w.directed, m.ID)
	return w.answer(m.Inbox, m.ID)
}

// answerWith sets what servers answer from now on.
func (w *world) answerWith(answer func(inbox, what string) error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answer = answer
}

// options are those of an engine that sends to this world.
func (w *world) options() delivery.Options {
	return delivery.Options{
		Store: w.store, Messenger: w, Log: slog.New(slog.DiscardHandler),
		Kinds: map[publog.SourceKind]delivery.Kind{
			publog.Author:    {Plan: delivery.Authored, Sender: w},
			publog.Announcer: {Plan: delivery.Announced, Sender: w},
			publog.Topic:     {Plan: delivery.Newest, Sender: w, Rest: w.rest},
		},
	}
}

// run serves until done, which is asked again and again, says so.
func (w *world) run(done func() bool) {
	w.t.Helper()
	w.runWith(w.options(), done)
}

func (w *world) runWith(o delivery.Options, done func() bool) {
	w.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	engine := delivery.New(o)
	go func() { ended <- engine.Run(ctx) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
	}()
	deadline := time.Now().Add(2 * time.Minute)
	for !done() {
		if time.Now().After(deadline) {
			w.t.Fatal("the deliveries did not come to rest")
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// settledAll tells whether every destination is at the head.
func (w *world) settledAll() bool {
	behind := 0
	err := w.store.View(context.Background(), func(tx *storage.Tx) error {
		all, err := tx.Destinations(0, 1000)
		for _, d := range all {
			head, err := tx.SourceHead(d.Source)
			if err != nil {
				return err
			}
			if d.Cursor < head && d.State == deliveries.StateActive {
				behind++
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return behind == 0
}

func (w *world) destination(url string) deliveries.Destination {
	w.t.Helper()
	var found deliveries.Destination
	w.update(func(tx *storage.Tx) error {
		all, err := tx.Destinations(0, 1000)
		for _, d := range all {
			if d.URL == url {
				found = d
			}
		}
		return err
	})
	return found
}

func (w *world) at(inbox string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.sent[inbox]...)
}

// forget lets an inbox count only what comes from now on.
func (w *world) forget(inbox string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent[inbox] = nil
}

func expect(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s got %q, want %q", what, got, want)
	}
}

func TestFollowersGetWhatIsSaidFromThenOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish("Before anybody followed")
	w.follow("a.example", "http://a.example/shared")
	w.follow("b.example", "http://b.example/inbox")
	id := w.publish("A communiqué")
	w.run(w.settledAll)
	w.correct(id)
	w.run(w.settledAll)
	w.withdraw(id)
	w.run(w.settledAll)
	for _, inbox := range []string{"http://a.example/shared", "http://b.example/inbox"} {
		expect(t, inbox, w.at(inbox), "create 3", "update 4", "delete 5")
	}
	expect(t, "Accepts", sorted(w.directed), "accept-a.example", "accept-b.example")
}

func TestOneRequestForASharedInbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 5 {
		w.follow(fmt.Sprintf("u%d.a.example", i), "http://a.example/shared")
	}
	w.publish("A communiqué")
	w.run(w.settledAll)
	expect(t, "the shared inbox", w.at("http://a.example/shared"), "create 2")
}

func TestTheFirstPostWaitsForTheAccept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var order []string
	w.answer = func(_, what string) error {
		order = append(order, what)
		return nil
	}
	w.follow("a.example", "http://a.example/shared")
	w.publish("A communiqué")
	w.run(w.settledAll)
	expect(t, "the server", order, "accept-a.example", "create 2")
}

// TestALongBacklog is told in order, and in pieces that are written down.
func TestALongBacklog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.follow("a.example", "http://a.example/shared")
	var want []string
	for i := range 50 {
		w.publish(fmt.Sprint("Communiqué ", i))
		want = append(want, fmt.Sprintf("create %d", i+2))
	}
	w.run(w.settledAll)
	expect(t, "the inbox", w.at("http://a.example/shared"), want...)
}

func TestWithdrawnBeforeItWasSentIsNeverSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.follow("a.example", "http://a.example/shared")
	w.withdraw(w.publish("A slip"))
	id := w.publish("A communiqué")
	w.correct(id)
	w.run(w.settledAll)
	expect(t, "the inbox", w.at("http://a.example/shared"), "create 5")
}

func TestWhoLeftStillGetsTheWithdrawal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.follow("a.example", "http://a.example/shared")
	id := w.publish("A communiqué")
	w.run(w.settledAll)
	w.update(func(tx *storage.Tx) error { return tx.RemoveFollower(author, "http://a.example/actor", time.Now()) })
	w.publish("After the last follower left")
	w.withdraw(id)
	w.run(w.settledAll)
	expect(t, "the inbox", w.at("http://a.example/shared"), "create 2", "delete 4")
}

func TestSilentArticlesAreNotPushed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.follow("a.example", "http://a.example/shared")
	var id press.ArticleID
	w.update(func(tx *storage.Tx) error {
		d := w.draft("From the archive")
		d.Silent = true
		a, _, err := tx.Publish(d)
		id = a.ID
		return err
	})
	w.correct(id)
	w.publish("A communiqué")
	w.withdraw(id)
	w.run(w.settledAll)
	expect(t, "the inbox", w.at("http://a.example/shared"), "create 4", "delete 5")
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	inbox := "http://a.example/shared"
	tests := []struct {
		status int
		state  deliveries.DestinationState
		cursor press.Seq
	}{
		{200, deliveries.StateActive, 3}, {202, deliveries.StateActive, 3},
		{301, deliveries.StateActive, 0}, {401, deliveries.StateActive, 0}, {404, deliveries.StateActive, 0},
		{408, deliveries.StateActive, 0}, {425, deliveries.StateActive, 0}, {429, deliveries.StateActive, 0},
		{500, deliveries.StateActive, 0}, {503, deliveries.StateActive, 0},
		{400, deliveries.StateActive, 3}, {403, deliveries.StateActive, 3}, {501, deliveries.StateActive, 3},
		{410, deliveries.StateGone, 0},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.status), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.follow("a.example", inbox)
			w.answer = func(to, _ string) error {
				if verdict := delivery.Judge(tt.status); to == inbox && verdict != delivery.Settled {
					return &delivery.Failure{Verdict: verdict, Status: tt.status, Detail: "as tested"}
				}
				return nil
			}
			w.publish("One")
			w.publish("Two")
			moved := func() bool {
				d := w.destination(inbox)
				return d.Cursor >= 3 || d.Failures > 0 || d.State != deliveries.StateActive
			}
			w.run(moved)
			d := w.destination(inbox)
			if d.Cursor != tt.cursor || d.State != tt.state {
				t.Errorf("after %d: cursor %d, state %s; want %d, %s", tt.status, d.Cursor, d.State, tt.cursor, tt.state)
			}
			if later := d.Failures > 0 && d.State == deliveries.StateActive; later && !d.NextAttempt.After(time.Now()) {
				t.Errorf("after %d the next attempt is at %s: not put off", tt.status, d.NextAttempt)
			}
		})
	}
}

// TestToldWhileItIsServed: a server that is being served shows that it has an
// article from before it was followed. The job that is under way must not pass by
// the withdrawal, which was none of its business when it began.
func TestToldWhileItIsServed(t *testing.T) {
	t.Parallel()
	inDays(t, func(w *world) {
		const inbox = "http://a.example/shared"
		before := w.publish("Before anybody followed")
		w.follow("a.example", inbox)
		w.answerWith(func(_, what string) error {
			if what == "create 3" {
				w.update(func(tx *storage.Tx) error {
					return tx.AddHolder(deliveries.Holder{Source: author, Inbox: inbox, Article: before})
				})
				w.withdraw(before)
				time.Sleep(time.Minute) // until the engine has seen it
			}
			return nil
		})
		w.publish("One")
		w.publish("Two")
		w.correct(before)
		time.Sleep(5 * time.Minute)
		expect(w.t, "the inbox", w.at(inbox), "create 3", "create 4", "delete 6")
	})
}

// TestAnEngineThatDiesLosesNothing stops engines at random moments and checks order
// at every inbox.
func TestAnEngineThatDiesLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := rand.New(rand.NewPCG(3, 5))
	for i := range 20 {
		w.follow(fmt.Sprintf("h%d.example", i), fmt.Sprintf("http://h%d.example/inbox", i))
	}
	for range 15 {
		w.publish("A communiqué")
		ctx, stop := context.WithCancel(context.Background())
		left := r.IntN(30) // requests until the engine dies
		w.answerWith(func(string, string) error {
			if left--; left < 0 {
				stop()
			}
			return nil
		})
		ended := make(chan error, 1)
		go func() { ended <- delivery.New(w.options()).Run(ctx) }()
		for ctx.Err() == nil && !w.settledAll() {
			time.Sleep(time.Millisecond)
		}
		stop()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	}
	w.answerWith(func(string, string) error { return nil })
	w.run(w.settledAll)
	for i := range 20 {
		inbox := fmt.Sprintf("http://h%d.example/inbox", i)
		last, distinct := press.Seq(0), 0
		for _, what := range w.at(inbox) {
			var seq press.Seq
			if _, err := fmt.Sscanf(what, "create %d", &seq); err != nil {
				t.Fatalf("%s got %q", inbox, what)
			}
			if seq < last {
				t.Errorf("%s got entry %d after %d", inbox, seq, last)
			}
			if seq > last {
				distinct++
			}
			last = seq
		}
		if distinct != 15 {
			t.Errorf("%s got %d of 15 articles", inbox, distinct)
		}
	}
}
