package publog

import (
	"fmt"
	"strings"
	"time"

	"communique/storage/internal/kernel"
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
	Name string // unique, with what it is in front: [ActorSource], [TopicID.Source]
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

// Source reads a source; it returns press.ErrNotFound if there is none of that
// name.
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

// SourcesMoved reads the sources whose heads are after a seq, which is cheap
// however many others there are.
func (tx *Tx) SourcesMoved(since press.Seq) ([]Source, error) {
	return tx.sources(`SELECT `+sourceColumns+` FROM heads WHERE seq > $1 ORDER BY seq, source`, since)
}

// SourceHead is the seq of the last entry meant for a source.
func (tx *Tx) SourceHead(name string) (press.Seq, error) {
	s, err := tx.Source(name)
	return s.Head, err
}

// moveHeads tells the sources that an entry is meant for. Topics are told where
// the sections and the tags are marked: see [Log.Touch] and [Log.MoveTagTopics].
func (l *Log) moveHeads(e press.Entry) error {
	var err error
	switch {
	case e.Silent || e.Kind == press.KindSection:
	case e.Kind == press.KindActor || e.Kind == press.KindMoved:
		err = l.db.Exec(`UPDATE heads SET seq = $1 WHERE source = $2`, e.Seq, ActorSource(e.Actor))
	case e.Kind == press.KindWithdrawn && e.Pushed == 0:
		// It was never pushed, so nobody knows who has fetched it.
		err = l.db.Exec(`UPDATE heads SET seq = $1 WHERE kind IN ($2, $3)`, e.Seq, Author, Announcer)
	default:
		err = l.db.Exec(`UPDATE heads SET seq = $1 WHERE kind = $2 OR source IN (SELECT source FROM announced WHERE article = $3)`,
			e.Seq, Author, e.Article)
	}
	if err != nil {
		return fmt.Errorf("move the heads to %d: %w", e.Seq, err)
	}
	return nil
}

// TellAll tells also the sources of the other actors of an entry about the author,
// who speaks to their destinations, too.
func (l *Log) TellAll(e press.Entry) error {
	err := l.db.Exec(`UPDATE heads SET seq = $1 WHERE kind = $2 AND EXISTS (SELECT 1 FROM heads a WHERE a.source = $3 AND a.kind = $4)`,
		e.Seq, Announcer, ActorSource(e.Actor), Author)
	if err != nil {
		return fmt.Errorf("move the heads of all actors to %d: %w", e.Seq, err)
	}
	return nil
}

// authorsKey is the condition of an entry that tells of a new key of the author.
const authorsKey = `EXISTS (SELECT 1 FROM actor_keys k JOIN heads a ON a.source = 'actor:' || k.actor
	WHERE k.actor = entries.actor AND k.since = entries.seq AND a.kind = 'author')`

// Backlog reads the entries meant for a source behind a cursor, up to its
// head, appended since an instant: older ones are no longer worth sending. For
// an actor they are what was pushed of the articles that it authored or
// announced, and its own actor entries, and those of the author's new keys; for a topic only the one at the head, for a
// feed is sent as it is now.
func (tx *Tx) Backlog(source string, cursor, head press.Seq, since time.Time) ([]press.Entry, error) {
	s, err := tx.Source(source)
	if err != nil {
		return nil, err
	}
	const pushed = `SELECT ` + entryColumns + ` FROM entries WHERE seq > $1 AND seq <= $2 AND at >= $3 AND silent = 0 AND `
	const own = `$4 = 'actor:' || actor`
	switch s.Kind {
	case Topic:
		return tx.entries(`SELECT `+entryColumns+` FROM entries WHERE seq > $1 AND seq = $2 AND at >= $3`, cursor, head, kernel.Micros(since))
	case Announcer:
		return tx.entries(pushed+`(`+own+` OR `+authorsKey+` OR kind = $5 AND pushed = 0 OR EXISTS (
			SELECT 1 FROM announced n WHERE n.article = entries.article AND n.source = $4)) ORDER BY seq`,
			cursor, head, kernel.Micros(since), source, press.KindWithdrawn)
	}
	return tx.entries(pushed+`(article <> '' OR `+own+`) ORDER BY seq`, cursor, head, kernel.Micros(since), source)
}
