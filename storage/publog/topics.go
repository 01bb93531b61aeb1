package publog

import (
	"fmt"
	"strconv"
	"strings"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// TopicID names a feed that can be subscribed to, of a section or of a tag: it
// survives the section's moving and renaming.
type TopicID struct {
	Section  press.SectionID
	Tag      string // [press.TagSlug]; if there is one, Section means nothing
	Language press.Language
	Format   string // "rss", "atom" or "json"
}

const (
	topicPrefix = "topic:" // marks the topics among the sources
	tagPrefix   = "#"      // and those of tags among them
)

// Source is the name of the topic as a source of deliveries, "topic:12/en/atom"
// or "topic:#sea-law/en/atom".
func (t TopicID) Source() string {
	of := strconv.FormatInt(int64(t.Section), 10)
	if t.Tag != "" {
		of = tagPrefix + t.Tag
	}
	return topicPrefix + of + "/" + string(t.Language) + "/" + t.Format
}

// ParseTopic reads what [TopicID.Source] wrote; false if it is not the name of a topic.
func ParseTopic(source string) (TopicID, bool) {
	name, ok := strings.CutPrefix(source, topicPrefix)
	parts := strings.Split(name, "/")
	if !ok || len(parts) != 3 {
		return TopicID{}, false
	}
	t := TopicID{Language: press.Language(parts[1]), Format: parts[2]}
	if t.Tag, ok = strings.CutPrefix(parts[0], tagPrefix); !ok {
		section, err := strconv.ParseInt(parts[0], 10, 64)
		if err != nil {
			return TopicID{}, false
		}
		t.Section, t.Tag = press.SectionID(section), ""
	}
	return t, t.Source() == source
}

// source is the topic as entries move its head. No section's entries move that
// of a tag.
func (t TopicID) source() Source {
	s := Source{Name: t.Source(), Kind: Topic, Section: t.Section, Tag: t.Tag, Language: t.Language}
	if t.Tag != "" {
		s.Section = Nowhere
	}
	return s
}

// AddTopic makes a topic known as a source of deliveries; see [Tx.AddSource].
func (l *Log) AddTopic(t TopicID) error { return l.AddSource(t.source()) }

// DropTopics forgets the topics to which nothing is delivered.
func (l *Log) DropTopics() error {
	err := l.db.Exec(`DELETE FROM heads WHERE kind = $1 AND NOT EXISTS (SELECT 1 FROM destinations d WHERE d.source = heads.source)`, Topic)
	if err != nil {
		return fmt.Errorf("forget topics without a subscriber: %w", err)
	}
	return nil
}

// TopicChanged is the newest entry that changed what a topic says. It returns
// press.ErrNotFound for a tag under which nothing was ever filed.
func (l *Log) TopicChanged(t TopicID) (press.Seq, error) {
	if t.Tag == "" {
		seq, _, err := l.Changed(t.Section, t.Language)
		return seq, err
	}
	var filed press.Seq
	err := l.db.Row(`SELECT seq FROM tags WHERE tag = $1 AND language = $2`, t.Tag, t.Language).Scan(&filed)
	if err != nil {
		return 0, fmt.Errorf("read tag: %w", kernel.NotFound(err, "nothing is filed under %q in %s", t.Tag, t.Language))
	}
	head, err := l.Head()
	return max(filed, head.Names), err
}

// moveTopics tells the topics that an entry changed a section in a language.
func (l *Log) moveTopics(e press.Entry, section press.SectionID, lang press.Language) error {
	query, args := `UPDATE heads SET seq = $1 WHERE kind = $2 AND section IN (SELECT ancestor FROM section_ancestors WHERE section = $3)`,
		[]any{e.Seq, Topic, section}
	if lang != EveryLanguage {
		query, args = query+` AND language IN ('', $4)`, append(args, lang)
	}
	if err := l.db.Exec(query, args...); err != nil {
		return fmt.Errorf("move the topics of section %d: %w", section, err)
	}
	return nil
}

// moveMarkedTopics tells the topics of all sections that an entry has marked as
// changed. It looks at each topic: for what is rare.
func (l *Log) moveMarkedTopics(e press.Entry) error {
	err := l.db.Exec(`UPDATE heads SET seq = $1 WHERE kind = $2 AND EXISTS (SELECT 1 FROM changed c
		WHERE c.section = heads.section AND c.seq = $1 AND (heads.language = '' OR c.language IN ('', heads.language)))`, e.Seq, Topic)
	if err != nil {
		return fmt.Errorf("move the topics of what entry %d changed: %w", e.Seq, err)
	}
	return nil
}

// MoveTagTopics tells the topics of the tags that an entry has marked as changed
// for an article.
func (l *Log) MoveTagTopics(e press.Entry, id press.ArticleID) error {
	err := l.db.Exec(`UPDATE heads SET seq = $1 WHERE kind = $2 AND section = $3 AND (language, tag) IN (
			SELECT t.language, t.tag FROM tag_articles f JOIN tags t ON t.tag = f.tag AND t.language = f.language
			WHERE f.article = $4 AND t.seq = $1)`, e.Seq, Topic, Nowhere, id)
	if err != nil {
		return fmt.Errorf("move the topics of the tags of article %s: %w", id, err)
	}
	return nil
}

// moveAllTagTopics tells the topics of all tags of what all of them show.
func (l *Log) moveAllTagTopics(e press.Entry) error {
	if err := l.db.Exec(`UPDATE heads SET seq = $1 WHERE kind = $2 AND section = $3`, e.Seq, Topic, Nowhere); err != nil {
		return fmt.Errorf("move the topics of all tags: %w", err)
	}
	return nil
}
