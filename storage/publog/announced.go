package publog

import (
	"database/sql"
	"errors"
	"fmt"

	"communique/storage/press"
)

// announce fixes which actors announce an article: those that it falls under as
// it is first published. It stays so wherever the article is moved.
func (l *Log) announce(e press.Entry) error {
	if e.Kind != press.KindPublished || e.Silent {
		return nil
	}
	err := l.db.Exec(`INSERT INTO announced (article, source, seq) SELECT a.id, h.source, CAST($1 AS BIGINT) FROM articles a
		JOIN section_ancestors s ON s.section = a.section JOIN heads h ON h.section = s.ancestor
		WHERE a.id = $2 AND h.kind = $3 AND h.language IN ('', a.language)`, e.Seq, e.Article, Announcer)
	if err != nil {
		return fmt.Errorf("fix who announces article %s: %w", e.Article, err)
	}
	return nil
}

// Announced reads up to limit entries with which a source announced articles
// that are public, newest first, with a seq smaller than before.
func (tx *Tx) Announced(source string, before press.Seq, limit int) ([]press.Entry, error) {
	return tx.entries(`SELECT e.seq, e.kind, e.at, e.article, e.revision, e.section, e.actor, e.minor, e.silent, e.pushed
		FROM announced n JOIN entries e ON e.seq = n.seq JOIN articles a ON a.id = n.article
		WHERE n.source = $1 AND n.seq < $2 AND a.state = $3 ORDER BY n.seq DESC LIMIT $4`, source, before, press.Published, limit)
}

// CountAnnounced is the number of public articles that a source announced.
func (tx *Tx) CountAnnounced(source string) (int, error) {
	var n int
	err := tx.db.Row(`SELECT COUNT(*) FROM announced n JOIN articles a ON a.id = n.article WHERE n.source = $1 AND a.state = $2`,
		source, press.Published).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count what %s announced: %w", source, err)
	}
	return n, nil
}

// AnnouncersIn are the sources that announce what is published in a section and a language,
// by their names.
func (tx *Tx) AnnouncersIn(section press.SectionID, lang press.Language) (sources []string, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var source string
		err := scan(&source)
		sources = append(sources, source)
		return err
	}, `SELECT h.source FROM heads h JOIN section_ancestors s ON s.ancestor = h.section
		WHERE s.section = $1 AND h.kind = $2 AND h.language IN ('', $3) ORDER BY h.source`, section, Announcer, lang)
	if err != nil {
		return nil, fmt.Errorf("read who announces section %d: %w", section, err)
	}
	return sources, nil
}

// CountAnnouncers is the number of sources that announced an article.
func (tx *Tx) CountAnnouncers(article press.ArticleID) (int, error) {
	var n int
	if err := tx.db.Row(`SELECT COUNT(*) FROM announced WHERE article = $1`, article).Scan(&n); err != nil {
		return 0, fmt.Errorf("count who announced article %s: %w", article, err)
	}
	return n, nil
}

// Announces reports whether a source announced with an entry.
func (tx *Tx) Announces(source string, seq press.Seq) (bool, error) {
	var n int
	err := tx.db.Row(`SELECT 1 FROM announced WHERE source = $1 AND seq = $2`, source, seq).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look whether %s announced entry %d: %w", source, seq, err)
	}
	return true, nil
}
