package deliveries

import (
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"communique/storage/internal/kernel"
	"communique/storage/press"
	"communique/storage/publog"
)

// Holder is a server that has shown that it may hold articles: somebody there
// fetched, liked, announced, answered, quoted or reported one.
type Holder struct {
	Source string // whose deliveries correct and take back
	Inbox  string // where they go
	// Domain is the registrable domain of the server: whoever has one can have any
	// number of servers.
	Domain string
	// Article is the one that it showed to hold; empty if it may hold any.
	Article press.ArticleID
}

const (
	// maxHolders is how many servers that nobody follows from are kept in mind, and
	// maxOfDomain how many of one registrable domain. Beyond that, those that asked
	// longest ago make room.
	maxHolders  = 20_000
	maxOfDomain = 100
)

// AddHolder notes that a server may hold what is public now. What takes it back or
// corrects it goes there too from now on, whether or not anybody follows there;
// nothing else does. One row stands for the server, not one for each article: an
// Update or a Delete of what it doesn't hold does no harm. If deliveries were given
// up, they are taken up again: the server is there. Where the article was delivered
// anyway, nothing else changes.
func (tx *Tx) AddHolder(h Holder) error {
	if err := tx.log.Lock(); err != nil {
		return err
	}
	had, err := tx.delivered(h)
	if err != nil {
		return err
	}
	id, err := tx.destinationOf(h.Source, h.Inbox)
	switch {
	case err != nil:
		return err
	case had && id == 0:
		return nil
	case had:
		return tx.takeUp(id)
	case id == 0:
		if id, err = tx.addHolder(h); err != nil {
			return fmt.Errorf("note that %s may hold articles: %w", h.Inbox, err)
		}
	}
	if err := tx.mayHold(id); err != nil {
		return err
	}
	return tx.takeUp(id)
}

// mayHold notes that a destination may hold whatever is public now.
func (tx *Tx) mayHold(destination int64) error {
	err := tx.db.Exec(`UPDATE destinations SET held_from = CASE WHEN holds > 0 THEN held_from ELSE head.seq END, holds = head.seq
		FROM (SELECT seq FROM log_head WHERE id = 1) head WHERE destinations.id = $1`, destination)
	if err != nil {
		return fmt.Errorf("note that destination %d may hold articles: %w", destination, err)
	}
	return nil
}

// delivered reports whether the article may have arrived by delivery already, of
// whichever of our actors: then what is said of it later goes there anyway.
func (tx *Tx) delivered(h Holder) (bool, error) {
	if h.Article == "" {
		return false, nil
	}
	had, err := tx.db.Any(`SELECT 1 FROM entries e JOIN destinations d ON d.url = $1 AND e.pushed <= d.attempted
		JOIN spans s ON s.destination = d.id AND s.from_seq < e.pushed AND (s.to_seq IS NULL OR e.pushed <= s.to_seq)
		WHERE e.article = $2 AND e.pushed > 0
		AND (d.source = $3 OR d.source IN (SELECT source FROM announced WHERE article = $2)) LIMIT 1`, h.Inbox, h.Article, h.Source)
	if err != nil {
		return false, fmt.Errorf("look whether %s got article %s: %w", h.Inbox, h.Article, err)
	}
	return had, nil
}

func (tx *Tx) destinationOf(source, url string) (id int64, err error) {
	err = tx.db.Row(`SELECT id FROM destinations WHERE source = $1 AND url = $2`, source, url).Scan(&id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("look for the destination %s: %w", url, err)
	}
	return id, nil
}

func (tx *Tx) addHolder(h Holder) (int64, error) {
	const ofDomain = ` AND ($1 = host OR host LIKE '%.' || $1 OR host LIKE $1 || ':%' OR host LIKE '%.' || $1 || ':%')`
	if err := tx.makeRoom(maxOfDomain, ofDomain, h.Domain); err != nil {
		return 0, err
	}
	if err := tx.makeRoom(maxHolders, ""); err != nil {
		return 0, err
	}
	head, err := tx.log.SourceHead(h.Source)
	if err != nil {
		return 0, err
	}
	return tx.addDestination(h.Source, Inbox, h.Inbox, head)
}

// makeRoom forgets the servers that showed longest ago that they may hold something,
// so that one more is within a bound. Those that anything was ever delivered to stay.
func (tx *Tx) makeRoom(most int, which string, args ...any) error {
	const holders = ` FROM destinations WHERE holds > 0 AND followers = 0
		AND NOT EXISTS (SELECT 1 FROM spans s WHERE s.destination = destinations.id)`
	var ids []Destination
	err := tx.db.Each(func(scan func(...any) error) error {
		var d Destination
		err := scan(&d.ID)
		ids = append(ids, d)
		return err
	}, `SELECT id`+holders+which+` ORDER BY holds DESC, id DESC LIMIT 1000 OFFSET `+strconv.Itoa(most-1), args...)
	if err != nil || len(ids) == 0 {
		return err
	}
	if err := tx.db.Exec(`DELETE FROM refusals WHERE destination IN (` + idList(ids) + `)`); err != nil {
		return err
	}
	return tx.db.Exec(`DELETE FROM destinations WHERE id IN (` + idList(ids) + `)`)
}

// pinsRead notes which destinations read the pinned articles now: the servers of
// all followers look at the profile when they are told that it has changed.
func (tx *Tx) pinsRead(e press.Entry) error {
	err := tx.db.Exec(`UPDATE destinations SET held_from = CASE WHEN holds > 0 THEN held_from ELSE $1 END, holds = $1 WHERE source = $2 AND followers > 0
		AND EXISTS (SELECT 1 FROM heads WHERE source = $2 AND kind = $3) AND EXISTS (`+Pins+`)`,
		e.Seq, publog.ActorSource(e.Actor), publog.Author)
	if err != nil {
		return fmt.Errorf("note who reads the pinned articles: %w", err)
	}
	return nil
}

// Pins finds out in SQL whether articles are pinned that are still public.
const Pins = `SELECT 1 FROM pins p JOIN articles a ON a.id = p.article WHERE a.state = 'published'`

// Coverage reads again what decides what concerns a destination: the stretches of
// the log during which it had a follower, and what it may hold beside.
func (tx *Tx) Coverage(d Destination) (Destination, error) {
	all := []Destination{d}
	all[0].Spans = nil
	err := tx.db.Row(`SELECT holds FROM destinations WHERE id = $1`, d.ID).Scan(&all[0].Holds)
	if err != nil {
		return d, fmt.Errorf("read what destination %d may hold: %w", d.ID, kernel.NotFound(err, "destination %d", d.ID))
	}
	return all[0], tx.readSpans(all)
}

// takeUp serves a destination again that was gone.
func (tx *Tx) takeUp(destination int64) error {
	was, err := tx.db.Any(`UPDATE destinations SET state = $1, next_attempt = 0, due_by = $2 WHERE id = $3 AND state = $4 RETURNING 1`,
		StateActive, dueBehind, destination, StateGone)
	if err != nil {
		return fmt.Errorf("serve destination %d again: %w", destination, err)
	}
	if !was {
		return nil
	}
	return tx.log.Wake()
}
