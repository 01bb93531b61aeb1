package deliveries

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
	"communique/storage/publog"
)

// The bounds of what subscribers can fill.
const (
	// callbacksPerHost is how many callbacks one host can have (SECURITY A 44).
	callbacksPerHost = 100
	maxSubscriptions = 10_000
)

// MaxSecret is the length of the longest secret, in bytes.
const MaxSecret = 199

// Subscription is what a subscriber has asked for and confirmed: the topic's
// newest content, sent to a callback until the lease ends.
type Subscription struct {
	Destination int64
	Topic       publog.TopicID
	Address     string // of the topic, as it was subscribed to
	Callback    string
	Secret      string // signs what is sent; empty if nothing is to be signed
	Since       time.Time
	Expires     time.Time
}

// Subscribe stores a subscription that its subscriber has confirmed, in the
// place of the one that there is of the callback to the topic. asked is the head
// of the log when they asked: a new subscription begins there, for what changed
// before they confirmed is in no feed that they have read. It returns
// press.ErrConflict if the host has too many, or all have.
func (tx *Tx) Subscribe(s Subscription, asked press.Seq) error {
	if err := tx.log.Lock(); err != nil {
		return err
	}
	known, err := tx.Subscription(s.Topic, s.Callback)
	if errors.Is(err, press.ErrNotFound) {
		err = tx.RoomForSubscription(s.Callback)
	}
	if err != nil {
		return err
	}
	if err := tx.log.AddTopic(s.Topic); err != nil {
		return err
	}
	destination := known.Destination
	if destination == 0 {
		destination, err = tx.openCallback(s, asked)
	} else {
		err = tx.answersAgain(destination)
	}
	if err != nil {
		return err
	}
	err = tx.db.Exec(`INSERT INTO subscriptions (destination, topic, secret, since, expires) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (destination) DO UPDATE SET topic = excluded.topic, secret = excluded.secret, expires = excluded.expires`,
		destination, s.Address, s.Secret, kernel.Micros(tx.db.Now()), kernel.Micros(s.Expires))
	if err != nil {
		return fmt.Errorf("store the subscription of %s: %w", s.Callback, err)
	}
	return tx.log.Wake()
}

// openCallback makes the destination of a new subscription. One that is left
// from a former subscription begins anew, and what comes of a delivery to that no
// longer counts: it could end the new one.
func (tx *Tx) openCallback(s Subscription, asked press.Seq) (int64, error) {
	source, callback := s.Topic.Source(), s.Callback
	start, err := tx.log.SourceHead(source)
	if err != nil {
		return 0, err
	}
	changed, err := tx.log.TopicChanged(s.Topic)
	if err != nil {
		return 0, err
	}
	if changed > asked {
		start-- // behind the head: due at once
	}
	var id int64
	err = tx.db.Row(`SELECT id FROM destinations WHERE source = $1 AND url = $2`, source, callback).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		id, err = tx.addDestination(source, Callback, callback, start)
	} else if err == nil {
		err = tx.db.Exec(`UPDATE destinations SET cursor = $1, attempted = $1, claimed_by = 0 WHERE id = $2`, start, id)
	}
	if err != nil {
		return 0, fmt.Errorf("destination %s: %w", callback, err)
	}
	return id, tx.answersAgain(id)
}

// answersAgain makes due what was put off for a callback: it has confirmed a
// subscription a moment ago.
func (tx *Tx) answersAgain(destination int64) error {
	err := tx.db.Exec(`UPDATE destinations SET state = $1, failures = 0, failing_since = 0, next_attempt = 0, due_by = $2, last_error = ''
		WHERE id = $3`, StateActive, dueBehind, destination)
	if err != nil {
		return fmt.Errorf("make destination %d due: %w", destination, err)
	}
	return nil
}

// RoomForSubscription returns press.ErrConflict if no new subscription of a
// callback can be taken: its host has too many, or all have.
func (tx *Tx) RoomForSubscription(callback string) error {
	host := press.HostOf(callback)
	usual := strings.TrimSuffix(host, ":443") // the same host, written otherwise
	var ofHost, all int
	err := tx.db.Row(`SELECT COUNT(*), (SELECT COUNT(*) FROM subscriptions) FROM destinations d JOIN subscriptions s ON s.destination = d.id
		WHERE d.kind = 'callback' AND d.host IN ($1, $2)`, usual, usual+":443").Scan(&ofHost, &all)
	switch {
	case err != nil:
		return fmt.Errorf("count the callbacks of %s: %w", host, err)
	case ofHost >= callbacksPerHost:
		return fmt.Errorf("%w: %s has %d subscriptions, and no host can have more", press.ErrConflict, host, ofHost)
	case all >= maxSubscriptions:
		return fmt.Errorf("%w: there are %d subscriptions, and no more are taken", press.ErrConflict, all)
	}
	return nil
}

// Unsubscribe ends a subscription. It returns press.ErrNotFound if there is none.
func (tx *Tx) Unsubscribe(topic publog.TopicID, callback string) error {
	s, err := tx.Subscription(topic, callback)
	if err != nil {
		return err
	}
	if err := tx.db.Exec(`DELETE FROM subscriptions WHERE destination = $1`, s.Destination); err != nil {
		return fmt.Errorf("end the subscription of %s: %w", callback, err)
	}
	return tx.dropCallbacks()
}

// EndSubscriptions ends those whose lease is over or whose callback is gone,
// and tells how many.
func (tx *Tx) EndSubscriptions() (n int, err error) {
	err = tx.db.Each(func(func(...any) error) error { n++; return nil }, `DELETE FROM subscriptions WHERE expires <= $1
		OR destination IN (SELECT id FROM destinations WHERE kind = 'callback' AND state = $2) RETURNING 1`, kernel.Micros(tx.db.Now()), StateGone)
	if err != nil {
		return 0, fmt.Errorf("end subscriptions: %w", err)
	}
	return n, tx.dropCallbacks()
}

// dropCallbacks forgets the callbacks that nobody is subscribed with, and the
// topics that nobody is subscribed to. A callback that is just being delivered
// to stays until the next time: its number must not be another's when what came
// of it is settled.
func (tx *Tx) dropCallbacks() error {
	const idle = `(SELECT d.id FROM destinations d WHERE d.kind = 'callback'
		AND NOT EXISTS (SELECT 1 FROM subscriptions s WHERE s.destination = d.id)
		AND (d.claimed_by = 0 OR d.claimed_by <> (SELECT CAST(value AS BIGINT) FROM facts WHERE name = 'delivery_generation')
			AND d.claimed_by NOT IN (SELECT id FROM replicas)))`
	for _, statement := range []string{
		`DELETE FROM refusals WHERE destination IN ` + idle,
		`DELETE FROM destinations WHERE id IN ` + idle,
	} {
		if err := tx.db.Exec(statement); err != nil {
			return fmt.Errorf("forget callbacks without a subscription: %w", err)
		}
	}
	return tx.log.DropTopics()
}

const subscriptionColumns = `d.id, d.source, s.topic, d.url, s.secret, s.since, s.expires`

func scanSubscription(scan func(...any) error, more ...any) (Subscription, error) {
	var s Subscription
	var source string
	var since, expires int64
	err := scan(append([]any{&s.Destination, &source, &s.Address, &s.Callback, &s.Secret, &since, &expires}, more...)...)
	s.Topic, _ = publog.ParseTopic(source) // it was written by [publog.TopicID.Source]
	s.Since, s.Expires = kernel.Instant(since), kernel.Instant(expires)
	return s, err
}

// Subscription reads the subscription of a callback to a topic. It returns
// press.ErrNotFound if there is none, or its lease is over.
func (tx *Tx) Subscription(topic publog.TopicID, callback string) (Subscription, error) {
	s, err := scanSubscription(tx.db.Row(`SELECT `+subscriptionColumns+` FROM subscriptions s JOIN destinations d ON d.id = s.destination
		WHERE d.source = $1 AND d.url = $2 AND s.expires > $3`, topic.Source(), callback, kernel.Micros(tx.db.Now())).Scan)
	if err != nil {
		return Subscription{}, fmt.Errorf("read subscription: %w", kernel.NotFound(err, "%s to %s", callback, topic.Source()))
	}
	return s, nil
}

// KnownCallback reports whether anybody is subscribed with a callback, to
// whichever topic.
func (tx *Tx) KnownCallback(callback string) (bool, error) {
	var n int
	err := tx.db.Row(`SELECT COUNT(*) FROM destinations d JOIN subscriptions s ON s.destination = d.id
		WHERE d.kind = 'callback' AND d.host = $1 AND d.url = $2 AND s.expires > $3`, press.HostOf(callback), callback, kernel.Micros(tx.db.Now())).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for the callback %s: %w", callback, err)
	}
	return n > 0, nil
}

// Subscriber is a subscription and how deliveries to it go.
type Subscriber struct {
	Subscription
	State       DestinationState
	Behind      bool // it lacks what the topic says now
	LastSuccess time.Time
	LastError   string
}

// Subscribers reads up to limit subscribers in the order of their destinations,
// after one.
func (tx *Tx) Subscribers(after int64, limit int) ([]Subscriber, error) {
	var all []Subscriber
	err := tx.db.Each(func(scan func(...any) error) error {
		var one Subscriber
		var success int64
		var err error
		one.Subscription, err = scanSubscription(scan, &one.State, &one.Behind, &success, &one.LastError)
		one.LastSuccess = kernel.Instant(success)
		all = append(all, one)
		return err
	}, `SELECT `+subscriptionColumns+`, d.state, CASE WHEN d.cursor < h.seq THEN 1 ELSE 0 END, d.last_success, d.last_error
		FROM subscriptions s JOIN destinations d ON d.id = s.destination JOIN heads h ON h.source = d.source
		WHERE s.destination > $1 AND s.expires > $2 ORDER BY s.destination LIMIT $3`, after, kernel.Micros(tx.db.Now()), limit)
	if err != nil {
		return nil, fmt.Errorf("read subscribers: %w", err)
	}
	return all, nil
}
