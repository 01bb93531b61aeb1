package storage

import (
	"strconv"
	"strings"

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

// ParseTopic reads what [TopicID.Source] wrote; false if it is none.
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

// topicChanged is the newest entry that changed what a topic says.
func (tx *Tx) topicChanged(t TopicID) (press.Seq, error) {
	if t.Tag == "" {
		seq, _, err := tx.Changed(t.Section, t.Language)
		return seq, err
	}
	tag, err := tx.Tag(t.Language, t.Tag)
	if err != nil {
		return 0, err
	}
	head, err := tx.Head()
	return max(tag.Changed, head.Names), err
}
