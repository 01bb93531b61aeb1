package deliveries

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
	"communique/storage/publog"
)

// Reach is who has an entry. Counts are read off cursors and spans: they are
// exact at any time and cost nothing while nobody asks.
type Reach struct {
	Entry press.Entry
	// Servers and Followers are to have it, Reached and FollowersReached do.
	// The others are behind, have refused it, or are gone.
	Servers, Reached            int
	Followers, FollowersReached int
	Behind, Refused, Gone       int
	Progress                    []Moment // in the order of time
}

// Moment counts whom an entry reached in the stretch of time that ends at At.
type Moment struct {
	At        time.Time
	Servers   int
	Followers int
}

// Within is how long after the entry a share of the servers had it, to the
// tenth of a second; false if they have not all.
func (r Reach) Within(percent int) (time.Duration, bool) {
	need := (r.Servers*percent + 99) / 100
	had := 0
	for _, m := range r.Progress {
		if had += m.Servers; had >= need && need > 0 {
			return m.At.Sub(r.Entry.At), true
		}
	}
	return 0, false
}

// concerned are the destinations d that an entry ($2, pushed as $3) is for: those
// that had a follower when the article was pushed or, for the withdrawal of one
// that never was, at all; and what corrects it or takes it back is also for those
// that may hold it otherwise.
const concerned = `d.source = $1 AND (CAST($3 AS BIGINT) < CAST($2 AS BIGINT) AND d.holds > 0 AND $3 <= d.holds AND d.held_from < $2 OR EXISTS (SELECT 1 FROM spans s WHERE s.destination = d.id AND (
	$3 > 0 AND s.from_seq < $3 AND (s.to_seq IS NULL OR $3 <= s.to_seq) OR $3 = 0 AND s.from_seq < $2)))`

// refusedBy tells that a destination refused the entry, or the later state of
// its article that was sent in its place.
const refusedBy = `EXISTS (SELECT 1 FROM refusals r JOIN entries e ON e.seq = r.seq
	WHERE r.destination = d.id AND e.article = $4 AND r.seq >= $2)`

// Reach counts who has an entry of a source.
func (tx *Tx) Reach(source string, e press.Entry) (Reach, error) {
	r := Reach{Entry: e}
	err := tx.db.Row(`SELECT COUNT(*), COALESCE(SUM(followers), 0),
			COALESCE(SUM(CASE WHEN there AND NOT refused THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN there AND NOT refused THEN followers ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN refused THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN NOT there AND NOT refused AND gone THEN 1 ELSE 0 END), 0)
		FROM (SELECT d.followers AS followers, d.cursor >= $2 AS there, d.state = $5 AS gone, `+refusedBy+` AS refused
			FROM destinations d WHERE `+concerned+`) counted`,
		source, e.Seq, e.Pushed, e.Article, StateGone).Scan(
		&r.Servers, &r.Followers, &r.Reached, &r.FollowersReached, &r.Refused, &r.Gone)
	if err != nil {
		return r, fmt.Errorf("count the reach of entry %d: %w", e.Seq, err)
	}
	r.Behind = r.Servers - r.Reached - r.Refused - r.Gone
	err = tx.db.Each(func(scan func(...any) error) error {
		var m Moment
		var at int64
		err := scan(&at, &m.Servers, &m.Followers)
		m.At = kernel.Instant(at)
		r.Progress = append(r.Progress, m)
		return err
	}, `SELECT at, servers, followers FROM progress WHERE source = $1 AND seq = $2 ORDER BY at`, source, e.Seq)
	if err != nil {
		return r, fmt.Errorf("read the progress of entry %d: %w", e.Seq, err)
	}
	return r, nil
}

// HeldUnsent counts the servers that may hold an article, by its first entry, without
// having been sent it: their requests, or a follow while articles were pinned, showed
// that after it was public. What corrects it or takes it back goes there too.
func (tx *Tx) HeldUnsent(published press.Entry) (servers int, err error) {
	const told = ` FROM destinations d WHERE d.kind = $1 AND d.source IN (
		SELECT source FROM heads WHERE kind = $2 UNION SELECT source FROM announced WHERE article = $3)`
	err = tx.db.Row(`SELECT COUNT(*) FROM (SELECT d.host`+told+` AND d.holds >= $4
		EXCEPT SELECT d.host`+told+` AND EXISTS (SELECT 1 FROM spans s WHERE s.destination = d.id
			AND s.from_seq < $5 AND (s.to_seq IS NULL OR $5 <= s.to_seq))) held`,
		Inbox, publog.Author, published.Article, published.Seq, published.Pushed).Scan(&servers)
	if err != nil {
		return 0, fmt.Errorf("count the servers that may hold article %s: %w", published.Article, err)
	}
	return servers, nil
}

// ReachOfTopics counts who of the subscribers has an entry, over all feeds in
// which its article stands or has stood. Those that subscribed later are none of
// them, and how long it took is not known.
func (tx *Tx) ReachOfTopics(e press.Entry) (Reach, error) {
	r := Reach{Entry: e}
	err := tx.db.Row(`SELECT COUNT(*), COALESCE(SUM(CASE WHEN d.cursor >= $1 THEN 1 ELSE 0 END), 0) FROM (
			SELECT h.source FROM positions p
				JOIN heads h ON h.kind = $2 AND h.section = p.section AND h.language = p.language WHERE p.article = $3
			UNION ALL SELECT h.source FROM tag_articles f
				JOIN heads h ON h.kind = $2 AND h.section = $4 AND h.language = f.language AND h.tag = f.tag WHERE f.article = $3) topics
		JOIN destinations d ON d.source = topics.source JOIN subscriptions s ON s.destination = d.id
		WHERE s.since <= $5`, e.Seq, publog.Topic, e.Article, publog.Nowhere, kernel.Micros(e.At)).Scan(&r.Servers, &r.Reached)
	if err != nil {
		return r, fmt.Errorf("count the subscribers that have entry %d: %w", e.Seq, err)
	}
	r.Behind = r.Servers - r.Reached
	return r, nil
}

// Behind reads up to limit destinations that an entry is for and that have not
// settled it, those with most followers first.
func (tx *Tx) Behind(source string, e press.Entry, limit int) ([]Destination, error) {
	var all []Destination
	err := tx.db.Each(func(scan func(...any) error) error {
		d, err := scanDestination(scan)
		all = append(all, d)
		return err
	}, `SELECT `+destinationColumns+` FROM destinations d WHERE `+concerned+` AND cursor < $2
		ORDER BY followers DESC, id LIMIT $4`, source, e.Seq, e.Pushed, limit)
	if err != nil {
		return nil, fmt.Errorf("read who is behind entry %d: %w", e.Seq, err)
	}
	return all, nil
}

// RefusedBy is a refusal with the destination that it came from.
type RefusedBy struct {
	Refusal
	URL string
	At  time.Time
}

// RefusalsOf reads up to limit refusals of an entry, or of the later state of
// its article that was sent in its place.
func (tx *Tx) RefusalsOf(source string, e press.Entry, limit int) ([]RefusedBy, error) {
	var all []RefusedBy
	err := tx.db.Each(func(scan func(...any) error) error {
		var r RefusedBy
		var at int64
		err := scan(&r.URL, &r.Seq, &at, &r.Status, &r.Detail)
		r.At = kernel.Instant(at)
		all = append(all, r)
		return err
	}, `SELECT d.url, r.seq, r.at, r.status, r.detail FROM refusals r
		JOIN entries e ON e.seq = r.seq JOIN destinations d ON d.id = r.destination
		WHERE d.source = $1 AND e.article = $2 AND r.seq >= $3 ORDER BY r.at, d.id LIMIT $4`, source, e.Article, e.Seq, limit)
	if err != nil {
		return nil, fmt.Errorf("read the refusals of entry %d: %w", e.Seq, err)
	}
	return all, nil
}
