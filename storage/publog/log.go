package publog

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// setBack is how far a clock is set back before that is more than putting it right.
const setBack = time.Second

// Append gives the entry its seq and time and adds it to the log. Updating the
// head row first makes every appending transaction wait for the one before:
// a reader that has seen seq n has seen all entries up to n.
//
// Entries are dated in the order of the log, also where the clock was set back: of
// two versions of a document readers take the one with the later date to be the
// newer, and dates are told in whole seconds. A clock that was put right by less
// than [setBack] lets entries share a date instead: many at once would lead the log
// ever further away from it. After more than a day the clock was wrong before, and
// its dates must not stay for ever.
func (l *Log) Append(e press.Entry) (press.Entry, error) {
	if l.appends.IsZero() {
		l.appends = l.db.Now()
	}
	var at int64
	err := l.db.Row(`UPDATE log_head SET seq = seq + 1,
			at = CASE
				WHEN at <= CAST($1 AS BIGINT) OR at > CAST($3 AS BIGINT) THEN CAST($1 AS BIGINT)
				WHEN at <= CAST($2 AS BIGINT) THEN at
				ELSE at + CAST($4 AS BIGINT) END
		WHERE id = 1 RETURNING seq, at`,
		kernel.Micros(l.appends), kernel.Micros(l.appends.Add(setBack)), kernel.Micros(l.appends.Add(24*time.Hour)), time.Second.Microseconds()).Scan(&e.Seq, &at)
	if err != nil {
		return e, fmt.Errorf("move the head of the log: %w", err)
	}
	e.At = kernel.Instant(at)
	l.appends = e.At
	if l.vouched == 0 {
		l.vouched = e.Seq - 1
	}
	l.appended = e.Seq
	if e.Kind == press.KindPublished && !e.Silent {
		e.Pushed = e.Seq
	}
	err = l.db.Exec(`INSERT INTO entries (seq, kind, at, article, revision, section, actor, minor, silent, pushed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		e.Seq, e.Kind, kernel.Micros(e.At), e.Article, e.Revision, e.Section, e.Actor, kernel.Number(e.Minor), kernel.Number(e.Silent), e.Pushed)
	if err != nil {
		return e, fmt.Errorf("append entry %d: %w", e.Seq, err)
	}
	if err := l.announce(e); err != nil {
		return e, err
	}
	if err := l.moveHeads(e); err != nil {
		return e, err
	}
	for _, read := range l.readers {
		if err := read(e); err != nil {
			return e, err
		}
	}
	return e, nil
}

// Appended is the last entry that this transaction appended since [Log.Vouch]; 0 if it
// appended none.
func (l *Log) Appended() press.Seq { return l.appended }

// Vouch has the entries that this transaction appended since the last call bear the hash of
// the line of the audit that says who did it.
func (l *Log) Vouch(hash string) error {
	if l.appended == 0 {
		return nil
	}
	if err := l.db.Exec(`UPDATE entries SET audited = $1 WHERE seq > $2 AND seq <= $3`, hash, l.vouched, l.appended); err != nil {
		return fmt.Errorf("vouch for entry %d: %w", l.appended, err)
	}
	l.vouched, l.appended = l.appended, 0
	return nil
}

// SaidBy tells whether a line of the audit says who appended an entry. None does where an embargo
// ended by itself.
func (tx *Tx) SaidBy(seq press.Seq) (said bool, err error) {
	said, err = tx.db.Any(`SELECT 1 FROM entries WHERE seq = $1 AND audited <> ''`, seq)
	if err != nil {
		return false, fmt.Errorf("read who appended entry %d: %w", seq, err)
	}
	return said, nil
}

const entryColumns = `seq, kind, at, article, revision, section, actor, minor, silent, pushed`

func scanEntry(scan func(...any) error) (press.Entry, error) {
	var e press.Entry
	var at, minor, silent int64
	err := scan(&e.Seq, &e.Kind, &at, &e.Article, &e.Revision, &e.Section, &e.Actor, &minor, &silent, &e.Pushed)
	e.At, e.Minor, e.Silent = kernel.Instant(at), minor != 0, silent != 0
	return e, err
}

// Entry reads one entry; it returns press.ErrNotFound if the log has none at seq.
func (tx *Tx) Entry(seq press.Seq) (press.Entry, error) {
	e, err := scanEntry(tx.db.Row(`SELECT `+entryColumns+` FROM entries WHERE seq = $1`, seq).Scan)
	if err != nil {
		return e, fmt.Errorf("read entry: %w", kernel.NotFound(err, "seq %d", seq))
	}
	return e, nil
}

// EntriesAfter reads up to limit entries after seq, in order.
func (tx *Tx) EntriesAfter(seq press.Seq, limit int) ([]press.Entry, error) {
	return tx.entries(`SELECT `+entryColumns+` FROM entries WHERE seq > $1 ORDER BY seq LIMIT $2`, seq, limit)
}

// LastUpTo reads the newest entry up to a seq; it returns press.ErrNotFound if there is none.
func (tx *Tx) LastUpTo(seq press.Seq) (press.Entry, error) {
	e, err := scanEntry(tx.db.Row(`SELECT `+entryColumns+` FROM entries WHERE seq <= $1 ORDER BY seq DESC LIMIT 1`, seq).Scan)
	if err != nil {
		return e, fmt.Errorf("read entry: %w", kernel.NotFound(err, "none up to seq %d", seq))
	}
	return e, nil
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
	if tx.onHead != nil {
		tx.onHead(h)
	}
	return h, nil
}

// Lacks tells whether the log has not come to an entry, or has come there by another way:
// that it was the newest one up to its seq is known, and when it was appended.
func (tx *Tx) Lacks(seq press.Seq, at time.Time) (bool, error) {
	var head, last int64
	err := tx.db.Row(`SELECT seq, COALESCE((SELECT at FROM entries WHERE entries.seq <= $1 ORDER BY entries.seq DESC LIMIT 1), 0)
		FROM log_head WHERE id = 1`, seq).Scan(&head, &last)
	if err != nil {
		return false, fmt.Errorf("look for entry %d: %w", seq, err)
	}
	return head < int64(seq) || last != kernel.Micros(at), nil
}

// AppendToTree appends the entry of a change to the tree.
func (l *Log) AppendToTree(id press.SectionID) (press.Entry, error) {
	e, err := l.Append(press.Entry{Kind: press.KindSection, Section: id})
	if err != nil {
		return e, err
	}
	if err := l.db.Exec(`UPDATE log_head SET tree = $1 WHERE id = 1`, e.Seq); err != nil {
		return e, fmt.Errorf("mark the tree changed: %w", err)
	}
	return e, nil
}

// Lock makes this transaction the one that appends next. It comes before the
// first read, or what was read could be old by the time of the append. Updates
// that share a commit share the lock: it is held until then.
func (l *Log) Lock() error {
	if l.db.Kept(locked{}) != nil {
		return nil
	}
	if err := l.db.Exec(`UPDATE log_head SET seq = seq WHERE id = 1`); err != nil {
		return fmt.Errorf("lock the log: %w", err)
	}
	l.db.Keep(locked{}, true)
	return nil
}

// locked is kept by a transaction that has locked the log.
type locked struct{}

// Wake asks the delivering process to look again.
func (l *Log) Wake() error {
	if err := l.db.Exec(`UPDATE log_head SET wakes = wakes + 1 WHERE id = 1`); err != nil {
		return fmt.Errorf("wake the delivery: %w", err)
	}
	return nil
}

// jumpAhead is how far the log jumps when a backup is put back. What was
// appended after the backup and went out is forgotten here and remembered
// elsewhere: its seqs, and with them its activity ids, must not be used again
// for something else.
const jumpAhead = 1_000_000

// JumpAhead leaves out the seqs that a backup which was put back knows nothing
// of, and at least those up to one that was seen, and returns the new head.
func (l *Log) JumpAhead(seen press.Seq) (press.Seq, error) {
	var seq press.Seq
	err := l.db.Row(`UPDATE log_head SET seq = CAST($1 AS BIGINT) + CASE WHEN seq < CAST($2 AS BIGINT) THEN CAST($2 AS BIGINT) ELSE seq END
		WHERE id = 1 RETURNING seq`, jumpAhead, seen).Scan(&seq)
	if err != nil {
		return 0, fmt.Errorf("jump ahead in the log: %w", err)
	}
	return seq, nil
}
