package audience

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"communique/storage/deliveries"
	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Follower is a remote actor that follows one of ours.
type Follower struct {
	Source      string // the actor of ours, see [ActorSource]
	Actor       string // the follower's id
	Handle      string // "ada@social.example"; empty if it is not known
	Inbox       string // the follower's own inbox
	Destination int64
	Follow      string // the id of the Follow activity, may be empty
	Since       time.Time
	Signed      time.Time // the newest Follow; zero if it is not known
}

// Follow is what the inbox knows when a Follow has been verified.
type Follow struct {
	Source   string
	Actor    string
	Handle   string // "ada@social.example"
	Inbox    string // the actor's own
	Delivery string // where posts go: the shared inbox if there is one on the actor's host, else Inbox
	ID       string // of the activity
	Signed   time.Time
	Accept   deliveries.Directed // the answer, sent to Inbox
}

// AddFollower stores a follower with the destination that serves them and the
// answer that accepts them, in one transaction. A destination starts at the
// source's head: what was said before is not delivered. A repeated Follow is
// answered again and changes nothing else, unless the follower's inbox moved:
// then the new destination takes over what the old one has and still lacks.
// Until the answer is settled, a destination that had no follower gets nothing:
// receivers drop the posts of an actor whom nobody there follows yet. A Follow
// that was signed no later than the Undo that ended it is a replay: it is
// ignored, and taken is false. One with an id that was not undone is new, also if it
// was signed in the second in which an Undo was that names no id.
func (tx *Tx) AddFollower(f Follow) (taken bool, err error) {
	if err := tx.log.Lock(); err != nil {
		return false, err
	}
	known, err := tx.standingOf(f)
	if err != nil {
		return false, fmt.Errorf("look for %s: %w", f.Actor, err)
	}
	if known.hasLeft(f) {
		return false, nil
	}
	if known.destination != 0 && f.ID != "" {
		if err := tx.replaced(f); err != nil {
			return false, err
		}
	}
	destination, err := tx.ledger.Serve(known.opening(f, known.destination))
	if err != nil {
		return false, err
	}
	err = tx.insertFollower(f, destination)
	if err == nil && known.destination == 0 {
		err = tx.joined(f.Source, f.Actor)
	}
	if err != nil {
		return false, fmt.Errorf("store follower %s: %w", f.Actor, err)
	}
	change := 1
	if known.destination == destination {
		change = 0
	}
	if err := tx.ledger.Count(destination, known.served, change); err != nil {
		return false, err
	}
	if change == 1 && known.destination != 0 {
		if err := tx.ledger.Leave(f.Source, known.destination); err != nil {
			return false, err
		}
	}
	return true, tx.ledger.Queue(f.Accept, known.waiting)
}

// standing is what stands in the database when a Follow comes.
type standing struct {
	head        press.Seq         // of the source
	undone      sql.NullInt64     // when the last Undo that concerns the Follow was signed, if it is remembered
	destination int64             // that serves the follower until now; 0 without any
	delivery    int64             // the destination that the Follow asks for; 0 if it is new
	open        bool              // that one has an open span
	served      deliveries.Served // by the destination that is asked for
	moved       bool              // the actor has: it says nothing new
	reads       bool              // articles are pinned, which the server reads when somebody follows
	waiting     int               // messages for the follower, at most [deliveries.MaxWaiting]
}

// hasLeft reports whether the follower has left again no earlier than the Follow was
// signed.
func (k standing) hasLeft(f Follow) bool {
	return k.undone.Valid && !f.Signed.After(kernel.Instant(k.undone.Int64))
}

// opening is how the destination that a Follow asks for comes to serve it, in the
// place of another one, or of none.
func (k standing) opening(f Follow, from int64) deliveries.Opening {
	return deliveries.Opening{
		Source: f.Source, URL: f.Delivery, Known: k.delivery, Head: k.head, Open: k.open, Mute: k.moved, Reads: k.reads,
		WaitsFor: f.Accept.ID, From: from,
	}
}

// standingOf reads everything at once: Follows are what comes in by the thousand.
func (tx *Tx) standingOf(f Follow) (standing, error) {
	var k standing
	err := tx.db.Row(`SELECT h.seq, (SELECT MAX(signed) FROM (SELECT CASE WHEN $5 = '' THEN signed ELSE signed - 1 END AS signed FROM unfollows u WHERE u.source = h.source AND u.actor = $2
				UNION ALL SELECT signed FROM ended_follows e WHERE e.source = h.source AND e.actor = $2 AND $5 IN ('', e.follow)
				UNION ALL SELECT signed FROM undone n WHERE n.kind = 'activity' AND n.actor = $2 AND n.subject = $5) ended),
			COALESCE((SELECT destination FROM followers f WHERE f.source = h.source AND f.actor = $2), 0), COALESCE(d.id, 0),
			EXISTS (SELECT 1 FROM spans s WHERE s.destination = d.id AND s.to_seq IS NULL),
			EXISTS (SELECT 1 FROM actor_moves m WHERE h.source = 'actor:' || m.actor AND m.target <> ''),
			(SELECT COUNT(*) FROM (SELECT 1 FROM directed q WHERE q.recipient = $2 AND q.source = $1 LIMIT $4) w),
			h.kind = 'author' AND EXISTS (`+deliveries.Pins+`),
			COALESCE(d.followers, 0), COALESCE(d.latency, 0), COALESCE(d.rank, 0), COALESCE(d.state, '')
		FROM heads h LEFT JOIN destinations d ON d.source = h.source AND d.url = $3 WHERE h.source = $1`,
		f.Source, f.Actor, f.Delivery, deliveries.MaxWaiting, f.ID).Scan(&k.head, &k.undone, &k.destination, &k.delivery, &k.open, &k.moved, &k.waiting, &k.reads,
		&k.served.Followers, &k.served.Latency, &k.served.Rank, &k.served.State)
	return k, kernel.NotFound(err, "source %s", f.Source)
}

// insertFollower stores a follower whom a destination serves.
func (tx *Tx) insertFollower(f Follow, destination int64) error {
	return tx.db.Exec(`INSERT INTO followers (source, actor, inbox, destination, follow, since, handle, signed, host) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (source, actor) DO UPDATE SET inbox = excluded.inbox, destination = excluded.destination,
			follow = excluded.follow, handle = excluded.handle,
			signed = CASE WHEN followers.signed > excluded.signed THEN followers.signed ELSE excluded.signed END`,
		f.Source, f.Actor, f.Inbox, destination, f.ID, kernel.Micros(tx.db.Now()), f.Handle, kernel.Micros(f.Signed), press.HostOf(f.Actor))
}

// RemoveFollower ends a follow. signed is when the Undo was signed: an older
// Follow that comes after it, replayed or overtaken, counts no more, and a newer
// one that came before it stays. With the zero time nothing is recorded, and an
// unknown follower is press.ErrNotFound.
func (tx *Tx) RemoveFollower(source, actor string, signed time.Time) error {
	if err := tx.log.Lock(); err != nil {
		return err
	}
	if !signed.IsZero() {
		if news, err := tx.rememberUndo(source, actor, signed); err != nil || !news {
			return err
		}
	}
	f, found, err := tx.followerIfAny(source, actor)
	switch {
	case err != nil:
		return err
	case !found && signed.IsZero():
		return fmt.Errorf("%w: %s does not follow %s", press.ErrNotFound, actor, source)
	case !found, !signed.IsZero() && f.Signed.After(signed):
		return nil
	}
	if f.Follow != "" && !signed.IsZero() {
		if _, err := tx.rememberEnd(source, actor, f.Follow, signed); err != nil {
			return err
		}
	}
	return tx.removeFollower(f)
}

func (tx *Tx) removeFollower(f Follower) error {
	if err := tx.db.Exec(`DELETE FROM followers WHERE source = $1 AND actor = $2`, f.Source, f.Actor); err != nil {
		return fmt.Errorf("remove follower %s: %w", f.Actor, err)
	}
	if err := tx.left(f.Source, f.Actor); err != nil {
		return err
	}
	return tx.ledger.Leave(f.Source, f.Destination)
}

func (tx *Tx) followerIfAny(source, actor string) (f Follower, found bool, err error) {
	f, err = tx.Follower(source, actor)
	if errors.Is(err, press.ErrNotFound) {
		return f, false, nil
	}
	return f, err == nil, err
}

// undoMemory is how long an Undo is remembered: a Follow signed before it is
// refused for its age by then.
const undoMemory = 24 * time.Hour

// rememberUndo notes when a follow was ended. It is not news if an Undo that was
// signed no earlier is remembered: see [Tx.rememberRetraction].
func (tx *Tx) rememberUndo(source, actor string, signed time.Time) (news bool, err error) {
	news, err = tx.db.Any(`INSERT INTO unfollows (source, actor, signed) VALUES ($1, $2, $3)
		ON CONFLICT (source, actor) DO UPDATE SET signed = excluded.signed WHERE unfollows.signed < excluded.signed RETURNING 1`,
		source, actor, kernel.Micros(signed))
	if err == nil {
		err = tx.db.Exec(`DELETE FROM unfollows WHERE signed < $1`, kernel.Micros(tx.db.Now().Add(-undoMemory)))
	}
	if err != nil {
		return false, fmt.Errorf("remember the Undo of %s: %w", actor, err)
	}
	return news, nil
}

const followerColumns = `source, actor, inbox, destination, follow, since, handle, signed`

func scanFollower(scan func(...any) error) (Follower, error) {
	var f Follower
	var since, signed int64
	err := scan(&f.Source, &f.Actor, &f.Inbox, &f.Destination, &f.Follow, &since, &f.Handle, &signed)
	f.Since, f.Signed = kernel.Instant(since), kernel.Instant(signed)
	return f, err
}

// Follower reads one follower. It returns press.ErrNotFound if the actor does not
// follow.
func (tx *Tx) Follower(source, actor string) (Follower, error) {
	f, err := scanFollower(tx.db.Row(`SELECT `+followerColumns+` FROM followers WHERE source = $1 AND actor = $2`, source, actor).Scan)
	if err != nil {
		return f, fmt.Errorf("read follower: %w", kernel.NotFound(err, "%s does not follow %s", actor, source))
	}
	return f, nil
}

// CountFollowers is the number of a source's followers.
func (tx *Tx) CountFollowers(source string) (int, error) {
	var n int
	if err := tx.db.Row(`SELECT COUNT(*) FROM followers WHERE source = $1`, source).Scan(&n); err != nil {
		return 0, fmt.Errorf("count followers of %s: %w", source, err)
	}
	return n, nil
}

// Followers reads up to limit followers of a source in the order of their ids,
// after one.
func (tx *Tx) Followers(source, after string, limit int) ([]Follower, error) {
	var all []Follower
	err := tx.db.Each(func(scan func(...any) error) error {
		f, err := scanFollower(scan)
		all = append(all, f)
		return err
	}, `SELECT `+followerColumns+` FROM followers WHERE source = $1 AND actor > $2 ORDER BY actor LIMIT $3`, source, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read followers of %s: %w", source, err)
	}
	return all, nil
}

// DropRecipient finishes a message whose recipient's inbox is gone, and removes
// the recipient from the followers.
func (tx *Tx) DropRecipient(d deliveries.Directed) error {
	err := tx.RemoveFollower(d.Source, d.Recipient, time.Time{})
	if err != nil && !errors.Is(err, press.ErrNotFound) {
		return err
	}
	return tx.ledger.FinishDirected(d.ID)
}

// DropHost ends all deliveries to a host and forgets its followers and
// subscriptions. Also what would take back earlier entries is not sent any more.
// Those who follow or subscribe again, or show that they have an article, are
// served again.
func (tx *Tx) DropHost(host string) error {
	if err := tx.log.Lock(); err != nil {
		return err
	}
	if err := tx.dropFollowersOf(host); err != nil {
		return err
	}
	return tx.ledger.Drop(host)
}
