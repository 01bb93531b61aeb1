package storage

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"communique/storage/press"
)

// SourceKind says which entries are meant for a source of deliveries.
type SourceKind string

// The kinds of sources. What their destinations are told, and who tells them,
// is up to the delivery, kind by kind.
const (
	// Author is the actor that says everything: all entries that are pushed.
	Author SourceKind = "author"
	// Announcer is an actor that announces what falls under it: the entries of
	// articles that fell under it when they were first published.
	Announcer SourceKind = "announcer"
	// Topic is a feed: every entry that changes what falls under it, also
	// silent ones. Its destinations are of the kind [Callback].
	Topic SourceKind = "topic"
)

// Source is who or what says something to destinations. Its head is the seq of
// the last entry meant for it; a destination behind its source's head is due.
type Source struct {
	Name string // unique, with its kind of name in front: [ActorSource]
	Kind SourceKind
	// Section and Language are what falls under it: the articles of a section's
	// subtree (press.Root: of all sections), in a language (empty: in any).
	Section  press.SectionID
	Language press.Language
	// Tag is that of a topic of what is filed under a tag, of all sections: its
	// Section is [Nowhere].
	Tag  string
	Head press.Seq
}

// Nowhere is the section of a source under which nothing falls any more.
const Nowhere press.SectionID = -1

// Actor is the user name of a source that is an actor of ours; else empty.
func (s Source) Actor() string {
	name, ok := strings.CutPrefix(s.Name, actorPrefix)
	if !ok {
		return ""
	}
	return name
}

// actorPrefix marks the actors of ours among the sources.
const actorPrefix = "actor:"

// ActorSource names an actor of ours as the source of deliveries.
func ActorSource(name string) string { return actorPrefix + name }

// AddSource makes a source of deliveries known, so that entries move its head;
// it begins at the head of the log, whatever s.Head says. A known one keeps its
// head and takes on the rest: from then on other articles fall under it.
func (tx *Tx) AddSource(s Source) error {
	err := tx.db.Exec(`INSERT INTO heads (source, kind, section, language, tag, seq) SELECT $1, $2, $3, $4, $5, seq FROM log_head WHERE id = 1
		ON CONFLICT (source) DO UPDATE SET kind = excluded.kind, section = excluded.section, language = excluded.language, tag = excluded.tag`,
		s.Name, s.Kind, s.Section, s.Language, s.Tag)
	if err != nil {
		return fmt.Errorf("add source %s: %w", s.Name, err)
	}
	return nil
}

const sourceColumns = `source, kind, section, language, tag, seq`

func (tx *Tx) sources(query string, args ...any) ([]Source, error) {
	var all []Source
	err := tx.db.Each(func(scan func(...any) error) error {
		var s Source
		err := scan(&s.Name, &s.Kind, &s.Section, &s.Language, &s.Tag, &s.Head)
		all = append(all, s)
		return err
	}, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read sources: %w", err)
	}
	return all, nil
}

// Source reads a source; press.ErrNotFound if there is none of that name.
func (tx *Tx) Source(name string) (Source, error) {
	found, err := tx.sources(`SELECT `+sourceColumns+` FROM heads WHERE source = $1`, name)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("%w: source %s", press.ErrNotFound, name)
	}
	if err != nil {
		return Source{}, err
	}
	return found[0], nil
}

// Actors reads the sources that are actors of ours, the author first.
func (tx *Tx) Actors() ([]Source, error) {
	return tx.sources(`SELECT `+sourceColumns+` FROM heads WHERE kind IN ($1, $2) ORDER BY kind DESC, source`, Author, Announcer)
}

// SourcesOf reads the actors whose followers an entry of an article is for, the
// author first.
func (tx *Tx) SourcesOf(e press.Entry) ([]Source, error) {
	if e.Kind == press.KindWithdrawn && e.Pushed == 0 {
		return tx.Actors()
	}
	return tx.sources(`SELECT `+sourceColumns+` FROM heads WHERE kind = $1 OR source IN (SELECT source FROM announced WHERE article = $2)
		ORDER BY kind DESC, source`, Author, e.Article)
}

// SourcesMoved reads the sources whose heads are behind a seq, which is cheap
// however many others there are.
func (tx *Tx) SourcesMoved(since press.Seq) ([]Source, error) {
	return tx.sources(`SELECT `+sourceColumns+` FROM heads WHERE seq > $1 ORDER BY seq, source`, since)
}

// SourcesBehind reads the names of the sources that may have something due
// without a new entry. It looks at each of them: some microseconds a source.
func (tx *Tx) SourcesBehind() ([]string, error) {
	var names []string
	err := tx.db.Each(func(scan func(...any) error) error {
		var name string
		err := scan(&name)
		names = append(names, name)
		return err
	}, `SELECT h.source FROM heads h WHERE EXISTS (
		SELECT 1 FROM destinations d WHERE d.source = h.source AND d.due_by = $1 AND d.cursor < h.seq) ORDER BY h.source`, dueBehind)
	if err != nil {
		return nil, fmt.Errorf("look for sources with something due: %w", err)
	}
	return names, nil
}

// SourceHead is the seq of the last entry meant for a source.
func (tx *Tx) SourceHead(name string) (press.Seq, error) {
	s, err := tx.Source(name)
	return s.Head, err
}

// moveHeads tells the sources that an entry is meant for. Topics are told where
// the sections and the tags are marked: see [Tx.touch] and [Tx.fileTags].
func (tx *Tx) moveHeads(e press.Entry) error {
	var err error
	switch {
	case e.Silent || e.Kind == press.KindSection:
	case e.Kind == press.KindActor || e.Kind == press.KindMoved:
		err = tx.db.Exec(`UPDATE heads SET seq = $1 WHERE source = $2`, e.Seq, ActorSource(e.Actor))
	case e.Kind == press.KindWithdrawn && e.Pushed == 0:
		// It was never pushed, so nobody knows who has fetched it.
		err = tx.db.Exec(`UPDATE heads SET seq = $1 WHERE kind IN ($2, $3)`, e.Seq, Author, Announcer)
	default:
		err = tx.db.Exec(`UPDATE heads SET seq = $1 WHERE kind = $2 OR source IN (SELECT source FROM announced WHERE article = $3)`,
			e.Seq, Author, e.Article)
	}
	if err != nil {
		return fmt.Errorf("move the heads to %d: %w", e.Seq, err)
	}
	return nil
}

// moveTopics tells the topics that an entry changed a section in a language.
func (tx *Tx) moveTopics(e press.Entry, section press.SectionID, lang press.Language) error {
	query, args := `UPDATE heads SET seq = $1 WHERE kind = $2 AND section IN (SELECT ancestor FROM section_ancestors WHERE section = $3)`,
		[]any{e.Seq, Topic, section}
	if lang != everyLanguage {
		query, args = query+` AND language IN ('', $4)`, append(args, lang)
	}
	if err := tx.db.Exec(query, args...); err != nil {
		return fmt.Errorf("move the topics of section %d: %w", section, err)
	}
	return nil
}

// moveMarkedTopics tells the topics of all sections that an entry has marked as
// changed. It looks at each topic: for what is rare.
func (tx *Tx) moveMarkedTopics(e press.Entry) error {
	err := tx.db.Exec(`UPDATE heads SET seq = $1 WHERE kind = $2 AND EXISTS (SELECT 1 FROM changed c
		WHERE c.section = heads.section AND c.seq = $1 AND (heads.language = '' OR c.language IN ('', heads.language)))`, e.Seq, Topic)
	if err != nil {
		return fmt.Errorf("move the topics of what entry %d changed: %w", e.Seq, err)
	}
	return nil
}

// moveTagTopics tells the topics of the tags that an entry has marked as changed
// for an article.
func (tx *Tx) moveTagTopics(e press.Entry, id press.ArticleID) error {
	err := tx.db.Exec(`UPDATE heads SET seq = $1 WHERE kind = $2 AND section = $3 AND (language, tag) IN (
			SELECT t.language, t.tag FROM tag_articles f JOIN tags t ON t.tag = f.tag AND t.language = f.language
			WHERE f.article = $4 AND t.seq = $1)`, e.Seq, Topic, Nowhere, id)
	if err != nil {
		return fmt.Errorf("move the topics of the tags of article %s: %w", id, err)
	}
	return nil
}

// moveAllTagTopics tells the topics of all tags of what all of them show.
func (tx *Tx) moveAllTagTopics(e press.Entry) error {
	if err := tx.db.Exec(`UPDATE heads SET seq = $1 WHERE kind = $2 AND section = $3`, e.Seq, Topic, Nowhere); err != nil {
		return fmt.Errorf("move the topics of all tags: %w", err)
	}
	return nil
}

// announce fixes which actors announce an article: those that it falls under as
// it is first published. It stays so wherever the article is moved.
func (tx *Tx) announce(e press.Entry) error {
	if e.Kind != press.KindPublished || e.Silent {
		return nil
	}
	err := tx.db.Exec(`INSERT INTO announced (article, source, seq) SELECT a.id, h.source, CAST($1 AS BIGINT) FROM articles a
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

// Announces tells whether a source announced with an entry.
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
