package publog

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

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
		section, lang, EveryLanguage).Scan(&seq, &at)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, time.Time{}, fmt.Errorf("read what changed in section %d: %w", section, err)
	}
	return seq, kernel.Instant(at), nil
}

// EveryLanguage stands in a mark for all languages at once.
const EveryLanguage press.Language = ""

// Touch marks a section and all above it as changed by an entry, in a language,
// and tells the topics that it falls under.
func (l *Log) Touch(e press.Entry, section press.SectionID, lang press.Language) error {
	err := l.db.Exec(`INSERT INTO changed (section, language, seq, at)
		SELECT ancestor, $1, $2, $3 FROM section_ancestors WHERE section = $4
		ON CONFLICT (section, language) DO UPDATE SET seq = excluded.seq, at = excluded.at`,
		lang, e.Seq, kernel.Micros(e.At), section)
	if err != nil {
		return fmt.Errorf("mark section %d changed: %w", section, err)
	}
	return l.moveTopics(e, section, lang)
}

// TouchNames marks the pages and feeds that show a section's name changed,
// in every language: its own, those below it, those above it, those of closed
// sections, which may name it in their place, and those that tell of an article which
// has gone there.
func (l *Log) TouchNames(e press.Entry, id press.SectionID) error {
	err := l.db.Exec(`INSERT INTO changed (section, language, seq, at)
		SELECT shows.section, $1, CAST($2 AS BIGINT), CAST($3 AS BIGINT) FROM (
			SELECT section FROM section_ancestors WHERE ancestor = $4
			UNION SELECT ancestor FROM section_ancestors WHERE section = $4
			UNION SELECT below.section FROM section_ancestors below JOIN sections s ON s.id = below.ancestor
				WHERE s.closed > 0
			UNION SELECT p.section FROM positions p JOIN articles a ON a.id = p.article
				JOIN section_ancestors inside ON inside.section = a.section AND inside.ancestor = $4
				WHERE p.told > 0) shows WHERE true
		ON CONFLICT (section, language) DO UPDATE SET seq = excluded.seq, at = excluded.at`,
		EveryLanguage, e.Seq, kernel.Micros(e.At), id)
	if err != nil {
		return fmt.Errorf("mark what shows section %d changed: %w", id, err)
	}
	return l.moveMarkedTopics(e)
}

// MarkNames notes that an entry changed a name or an address, which stand in
// every archive document and every tag's feed.
func (l *Log) MarkNames(e press.Entry) error {
	if err := l.db.Exec(`UPDATE log_head SET names = $1 WHERE id = 1`, e.Seq); err != nil {
		return fmt.Errorf("mark the names changed: %w", err)
	}
	return l.moveAllTagTopics(e)
}

// TouchPlaces marks every section in which an article has ever stood as
// changed.
func (l *Log) TouchPlaces(e press.Entry, a press.Article) error {
	err := l.db.Exec(`INSERT INTO changed (section, language, seq, at)
		SELECT section, language, CAST($1 AS BIGINT), CAST($2 AS BIGINT) FROM positions WHERE article = $3
		ON CONFLICT (section, language) DO UPDATE SET seq = excluded.seq, at = excluded.at`,
		e.Seq, kernel.Micros(e.At), a.ID)
	if err != nil {
		return fmt.Errorf("mark the sections that had article %s changed: %w", a.ID, err)
	}
	return l.moveMarkedTopics(e)
}

// ShownSince reports whether an entry after seq changed how a section shows
// everything in it: a name or an address on its way, what is listed below it,
// or its closing.
func (tx *Tx) ShownSince(section press.SectionID, seq press.Seq) (bool, error) {
	var n int
	err := tx.db.Row(`SELECT COUNT(*) FROM changed WHERE section = $1 AND language = $2 AND seq > $3`,
		section, EveryLanguage, seq).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("read how section %d is shown: %w", section, err)
	}
	return n > 0, nil
}

// ForgetSection forgets when a section changed, and that anything falls under it.
func (l *Log) ForgetSection(id press.SectionID) error {
	err := l.db.Exec(`DELETE FROM changed WHERE section = $1`, id)
	if err == nil {
		err = l.db.Exec(`UPDATE heads SET section = $1 WHERE section = $2`, Nowhere, id)
	}
	if err != nil {
		return fmt.Errorf("forget section %d: %w", id, err)
	}
	return nil
}
