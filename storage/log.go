package storage

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// setBack is how far a clock is set back before that is more than putting it right.
const setBack = time.Second

// append gives the entry its seq and time and adds it to the log. Updating the
// head row first makes every appending transaction wait for the one before:
// a reader that has seen seq n has seen all entries up to n.
//
// Entries are dated in the order of the log, also where the clock was set back: of
// two versions of a document readers take the one with the later date to be the
// newer, and dates are told in whole seconds. A clock that was put right by less
// than [setBack] lets entries share a date instead: many at once would lead the log
// ever further away from it. After more than a day the clock was wrong before, and
// its dates must not stay for ever.
func (tx *Tx) append(e press.Entry) (press.Entry, error) {
	if tx.appends.IsZero() {
		tx.appends = tx.db.Now()
	}
	var at int64
	err := tx.db.Row(`UPDATE log_head SET seq = seq + 1,
			at = CASE
				WHEN at <= CAST($1 AS BIGINT) OR at > CAST($3 AS BIGINT) THEN CAST($1 AS BIGINT)
				WHEN at <= CAST($2 AS BIGINT) THEN at
				ELSE at + CAST($4 AS BIGINT) END
		WHERE id = 1 RETURNING seq, at`,
		kernel.Micros(tx.appends), kernel.Micros(tx.appends.Add(setBack)), kernel.Micros(tx.appends.Add(24*time.Hour)), time.Second.Microseconds()).Scan(&e.Seq, &at)
	if err != nil {
		return e, fmt.Errorf("move the head of the log: %w", err)
	}
	e.At = kernel.Instant(at)
	tx.appends = e.At
	if e.Kind == press.KindPublished && !e.Silent {
		e.Pushed = e.Seq
	}
	err = tx.db.Exec(`INSERT INTO entries (seq, kind, at, article, revision, section, actor, minor, silent, pushed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		e.Seq, e.Kind, kernel.Micros(e.At), e.Article, e.Revision, e.Section, e.Actor, kernel.Number(e.Minor), kernel.Number(e.Silent), e.Pushed)
	if err != nil {
		return e, fmt.Errorf("append entry %d: %w", e.Seq, err)
	}
	if err := tx.announce(e); err != nil {
		return e, err
	}
	return e, tx.moveHeads(e)
}

const entryColumns = `seq, kind, at, article, revision, section, actor, minor, silent, pushed`

func scanEntry(scan func(...any) error) (press.Entry, error) {
	var e press.Entry
	var at, minor, silent int64
	err := scan(&e.Seq, &e.Kind, &at, &e.Article, &e.Revision, &e.Section, &e.Actor, &minor, &silent, &e.Pushed)
	e.At, e.Minor, e.Silent = kernel.Instant(at), minor != 0, silent != 0
	return e, err
}

// Entry reads one entry; press.ErrNotFound if the log has none at seq.
func (tx *Tx) Entry(seq press.Seq) (press.Entry, error) {
	e, err := scanEntry(tx.db.Row(`SELECT `+entryColumns+` FROM entries WHERE seq = $1`, seq).Scan)
	if err != nil {
		return e, fmt.Errorf("read entry: %w", kernel.NotFound(err, "seq %d", seq))
	}
	return e, nil
}

// EntriesAfter reads up to limit entries behind seq, in order.
func (tx *Tx) EntriesAfter(seq press.Seq, limit int) ([]press.Entry, error) {
	return tx.entries(`SELECT `+entryColumns+` FROM entries WHERE seq > $1 ORDER BY seq LIMIT $2`, seq, limit)
}

// EntriesOf reads the entries of an article, in order.
func (tx *Tx) EntriesOf(id press.ArticleID) ([]press.Entry, error) {
	return tx.entries(`SELECT `+entryColumns+` FROM entries WHERE article = $1 ORDER BY seq`, id)
}

func (tx *Tx) entries(query string, args ...any) ([]press.Entry, error) {
	var all []press.Entry
	err := tx.db.Each(func(scan func(...any) error) error {
		e, err := scanEntry(scan)
		all = append(all, e)
		return err
	}, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read entries: %w", err)
	}
	return all, nil
}

// Changed is the newest entry that changed what a section says in a language,
// rolled up over its subtree, and when. What changes the names or the sections
// shown counts for every language. Before the first one it is 0 and the zero
// time.
func (tx *Tx) Changed(section press.SectionID, lang press.Language) (press.Seq, time.Time, error) {
	var seq press.Seq
	var at int64
	// The date of that entry, not the latest: one from before the clock was put
	// right by much would stay for ever.
	err := tx.db.Row(`SELECT seq, at FROM changed WHERE section = $1 AND language IN ($2, $3) ORDER BY seq DESC LIMIT 1`,
		section, lang, everyLanguage).Scan(&seq, &at)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, time.Time{}, fmt.Errorf("read what changed in section %d: %w", section, err)
	}
	return seq, kernel.Instant(at), nil
}

// everyLanguage stands in a mark for all languages at once.
const everyLanguage press.Language = ""

// touch marks a section and all above it as changed by an entry, in a language,
// and tells the topics that it falls under.
func (tx *Tx) touch(e press.Entry, section press.SectionID, lang press.Language) error {
	err := tx.db.Exec(`INSERT INTO changed (section, language, seq, at)
		SELECT ancestor, $1, $2, $3 FROM section_ancestors WHERE section = $4
		ON CONFLICT (section, language) DO UPDATE SET seq = excluded.seq, at = excluded.at`,
		lang, e.Seq, kernel.Micros(e.At), section)
	if err != nil {
		return fmt.Errorf("mark section %d changed: %w", section, err)
	}
	return tx.moveTopics(e, section, lang)
}

// NewestOfEach reads up to limit entries, newest first, with a seq smaller than
// before: of every published article the entry that carries its state. It
// pages an outbox, in which no article stands twice.
func (tx *Tx) NewestOfEach(before press.Seq, limit int) ([]press.Entry, error) {
	return tx.entries(`SELECT e.seq, e.kind, e.at, e.article, e.revision, e.section, e.actor, e.minor, e.silent, e.pushed
		FROM entries e JOIN articles a ON a.id = e.article AND a.revision = e.revision
		WHERE e.seq < $1 AND a.state = $2 AND e.kind IN ($3, $4) ORDER BY e.seq DESC LIMIT $5`,
		before, press.Published, press.KindPublished, press.KindCorrected, limit)
}

// Head is the position of the last entry of the log, the last one that changed
// the section tree, the last one that changed a name or an address in it, and
// when the last entry was appended.
type Head struct {
	Seq, Tree, Names press.Seq
	At               time.Time
}

// Head reads the head of the log.
func (tx *Tx) Head() (Head, error) {
	var h Head
	var at int64
	if err := tx.db.Row(`SELECT seq, tree, names, at FROM log_head WHERE id = 1`).Scan(&h.Seq, &h.Tree, &h.Names, &at); err != nil {
		return h, fmt.Errorf("read the head of the log: %w", err)
	}
	h.At = kernel.Instant(at)
	return h, nil
}
