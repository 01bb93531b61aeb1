package postgres_test

import (
	"context"
	"log/slog"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/delivery"
	"communique/storage/postgres/postgrestest"
	"communique/storage/press"
	"communique/storage/publog"
)

// taker takes everything that it is sent.
type taker chan string

func (s taker) Send(_ context.Context, d deliveries.Destination, _ delivery.Step) error {
	s <- d.URL
	return nil
}

// refusesFirst fails once, and then takes everything.
type refusesFirst struct {
	attempts atomic.Int64
	taken    chan struct{}
}

func (s *refusesFirst) Send(context.Context, deliveries.Destination, delivery.Step) error {
	if s.attempts.Add(1) == 1 {
		return &delivery.Failure{Verdict: delivery.Later, Detail: "it is down"}
	}
	close(s.taken)
	return nil
}

// TestRetriesAreQuiet: what has failed is tried again, though nobody else does anything and
// that it has failed is told to nobody.
func TestRetriesAreQuiet(t *testing.T) {
	needsServer(t)
	t.Parallel()
	store := postgrestest.Open(t, postgrestest.Database(t))
	subscribed(t, store, "https://a.example/")
	sender := &refusesFirst{taken: make(chan struct{})}
	engine := delivery.New(delivery.Options{
		Store: store, Log: slog.New(slog.DiscardHandler), Kinds: map[publog.SourceKind]delivery.Kind{publog.Topic: {Plan: delivery.Newest, Sender: sender}},
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- engine.Run(ctx) }()
	select {
	case <-sender.taken:
	case <-time.After(time.Minute):
		t.Error("it is not tried again")
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// subscribed makes a section with news, which is to go to callbacks.
func subscribed(t *testing.T, store *storage.Store, callbacks ...string) {
	t.Helper()
	err := store.Update(t.Context(), func(tx *storage.Tx) error {
		section, err := tx.AddSection(press.Root, "politics", "en", "Politics")
		if err != nil {
			return err
		}
		topic := publog.TopicID{Section: section.ID, Language: "en", Format: "atom"}
		for _, callback := range callbacks {
			s := deliveries.Subscription{Topic: topic, Address: "https://mfa.example/en/feed.atom", Callback: callback, Expires: tx.Now().Add(time.Hour)}
			if err := tx.Subscribe(s, 0); err != nil { // there is something new for it
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestDeliveriesAreQuiet: what is claimed and settled is told to nobody, and moves no
// state; what is written to be seen is told, and moves it.
func TestDeliveriesAreQuiet(t *testing.T) {
	needsServer(t)
	t.Parallel()
	address := postgrestest.Database(t)
	store, other := postgrestest.Open(t, address), postgrestest.Open(t, address)
	subscribed(t, store, "https://a.example/", "https://b.example/")
	sent := make(taker, 16)
	engine := delivery.New(delivery.Options{
		Store: store, Log: slog.New(slog.DiscardHandler), Kinds: map[publog.SourceKind]delivery.Kind{publog.Topic: {Plan: delivery.Newest, Sender: sent}},
	})
	listening, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listening.Close(context.WithoutCancel(t.Context())) }() // it only listened
	if _, err := listening.Exec(t.Context(), `LISTEN committed`); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- engine.Run(ctx) }()
	told := func() {
		t.Helper()
		if _, err := listening.WaitForNotification(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	told() // that the engine has begun
	number := func(of *storage.Store) uint64 {
		n, err := of.State(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := []uint64{number(store), number(other)}
	for range 2 {
		<-sent
	}
	stop()
	if err := <-ended; err != nil { // all is settled
		t.Fatal(err)
	}
	behind := 0
	err = store.View(t.Context(), func(tx *storage.Tx) error {
		all, err := tx.Subscribers(0, 10)
		for _, s := range all {
			if s.Behind {
				behind++
			}
		}
		return err
	})
	if err != nil || behind != 0 {
		t.Fatalf("%d subscribers are behind: %v", behind, err)
	}
	time.Sleep(storage.Lag) // for as long a commit may stay unseen
	if now := []uint64{number(store), number(other)}; now[0] != before[0] || now[1] != before[1] {
		t.Errorf("the states moved from %d to %d", before, now)
	}
	seen := number(other)
	add(t, store, "culture")
	for number(other) == seen { // it is seen within the lag
	}
	var count, quiet int
	if err := listening.QueryRow(t.Context(), `SELECT number, quiet FROM commit_log ORDER BY number DESC LIMIT 1`).Scan(&count, &quiet); err != nil {
		t.Fatal(err)
	}
	note, err := listening.WaitForNotification(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := strconv.Itoa(count); note.Payload != want || quiet < 2 {
		t.Errorf("told of commit %s first, want %s; %d were quiet", note.Payload, want, quiet)
	}
}
