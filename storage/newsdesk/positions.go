package newsdesk

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// ArchiveBlockLength is how many positions of a section an archive document
// holds.
const ArchiveBlockLength = 100

// ArchiveBlocks is the number of archive blocks of a section in a language. The
// last one is open: it grows until it has [ArchiveBlockLength] positions.
func (tx *Tx) ArchiveBlocks(section press.SectionID, lang press.Language) (int, error) {
	var last int
	err := tx.db.Row(`SELECT COALESCE(MAX(position), 0) FROM positions WHERE section = $1 AND language = $2`,
		section, lang).Scan(&last)
	if err != nil {
		return 0, fmt.Errorf("count the blocks of section %d: %w", section, err)
	}
	return (last + ArchiveBlockLength - 1) / ArchiveBlockLength, nil
}

// ArchiveBlock says how an archive block stands.
type ArchiveBlock struct {
	// Changed is the newest entry that changed what the block says, also the one
	// by which the next block began.
	Changed press.Seq
	// Closed blocks are followed by another one and hold the same articles for ever.
	Closed bool
}

// ArchiveBlock reads how a block stands; blocks count from 1. It returns
// press.ErrNotFound if there is no such block.
func (tx *Tx) ArchiveBlock(section press.SectionID, lang press.Language, number int) (ArchiveBlock, error) {
	from, to := span(number)
	var articles int
	var changed, next press.Seq
	err := tx.db.Row(`SELECT COUNT(*), COALESCE(MAX(changed), 0), COALESCE((SELECT joined FROM positions
			WHERE section = $1 AND language = $2 AND position = $5), 0)
		FROM positions WHERE section = $1 AND language = $2 AND position BETWEEN $3 AND $4`,
		section, lang, from, to, to+1).Scan(&articles, &changed, &next)
	if err == nil && articles == 0 {
		err = fmt.Errorf("%w: section %d has no block %d in %s", press.ErrNotFound, section, number, lang)
	}
	if err != nil {
		return ArchiveBlock{}, fmt.Errorf("read block: %w", err)
	}
	return ArchiveBlock{Changed: max(changed, next), Closed: next > 0}, nil
}

// ArchiveArticles reads the articles of a block as they are now, those that
// joined last first. Among them are withdrawn ones, of which the public is
// told the withdrawal alone, and such as have moved to another section.
func (tx *Tx) ArchiveArticles(section press.SectionID, lang press.Language, number int) ([]press.Article, error) {
	from, to := span(number)
	return tx.articles(`SELECT `+articleColumns+` FROM positions p
		JOIN articles a ON a.id = p.article
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE p.section = $1 AND p.language = $2 AND p.position BETWEEN $3 AND $4 ORDER BY p.position DESC`,
		section, lang, from, to)
}

// span is the first and the last position of a block.
func span(number int) (from, to int) {
	return (number-1)*ArchiveBlockLength + 1, number * ArchiveBlockLength
}

// Position says where an article stands, or has stood, in a section's feed.
type Position struct {
	Section  press.SectionID // the root is [press.Root]
	Language press.Language
	Number   int // from 1, in the order in which the section got its articles
}

// Block is the archive block that the position is in, from 1.
func (p Position) Block() int { return (p.Number-1)/ArchiveBlockLength + 1 }

// SitemapPart is the part of the sitemap that lists the article, from 1, if the
// position is one of the root.
func (p Position) SitemapPart() int { return (p.Number-1)/SitemapPartLength + 1 }

// Positions are all positions of an article: in every section that has or had
// it, and in all above them.
func (tx *Tx) Positions(id press.ArticleID) ([]Position, error) {
	var all []Position
	err := tx.db.Each(func(scan func(...any) error) error {
		var p Position
		err := scan(&p.Section, &p.Language, &p.Number)
		all = append(all, p)
		return err
	}, `SELECT section, language, position FROM positions WHERE article = $1 ORDER BY section, language`, id)
	if err != nil {
		return nil, fmt.Errorf("read the positions of article %s: %w", id, err)
	}
	return all, nil
}

// CountSince counts what [Tx.ArticlesSince] reads, up to limit.
func (tx *Tx) CountSince(section press.SectionID, lang press.Language, seq press.Seq, limit int) (int, error) {
	var n int
	err := tx.db.Row(`SELECT COUNT(*) FROM (SELECT 1 FROM positions
		WHERE section = $1 AND language = $2 AND changed > $3 LIMIT $4) since`, section, lang, seq, limit).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count what changed in section %d: %w", section, err)
	}
	return n, nil
}

// ArticlesSince reads up to limit articles that a section has or had and that
// were published, corrected or withdrawn by an entry after seq, the newest
// entry first, each once and as it is now.
func (tx *Tx) ArticlesSince(section press.SectionID, lang press.Language, seq press.Seq, limit int) ([]press.Article, error) {
	return tx.articles(`SELECT `+articleColumns+` FROM positions p
		JOIN articles a ON a.id = p.article
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE p.section = $1 AND p.language = $2 AND p.changed > $3 ORDER BY p.changed DESC, p.position DESC LIMIT $4`,
		section, lang, seq, limit)
}

// Told reads up to limit public articles of which a section has had to tell its
// readers after an instant: corrected with a note, or gone to another section or
// language; the newest first.
func (tx *Tx) Told(section press.SectionID, lang press.Language, after time.Time, limit int) ([]press.Article, error) {
	return tx.articles(`SELECT `+articleColumns+` FROM positions p
		JOIN articles a ON a.id = p.article
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE p.section = $1 AND p.language = $2 AND p.told > 0 AND p.told > $3 AND a.state = 'published'
		ORDER BY p.told DESC, p.position DESC LIMIT $4`,
		section, lang, max(kernel.Micros(after), 0), limit)
}

// Withdrawn reads up to limit articles that a section has or had and that were
// withdrawn after an instant, the newest withdrawal first.
func (tx *Tx) Withdrawn(section press.SectionID, lang press.Language, after time.Time, limit int) ([]press.Article, error) {
	return tx.articles(`SELECT `+articleColumns+` FROM positions p
		JOIN articles a ON a.id = p.article
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE p.section = $1 AND p.language = $2 AND p.withdrawn > 0 AND p.withdrawn > $3
		ORDER BY p.withdrawn DESC, p.position DESC LIMIT $4`,
		section, lang, max(kernel.Micros(after), 0), limit)
}
