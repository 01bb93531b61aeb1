package storage

import (
	"strconv"
	"strings"

	"communique/storage/press"
)

// TopicID names a feed that can be subscribed to: it survives the section's
// moving and renaming.
type TopicID struct {
	Section  press.SectionID
	Language press.Language
	Format   string // "rss", "atom" or "json"
}

// topicPrefix marks the topics among the sources.
const topicPrefix = "topic:"

// Source is the name of the topic as a source of deliveries, "topic:12/en/atom".
func (t TopicID) Source() string {
	return topicPrefix + strconv.FormatInt(int64(t.Section), 10) + "/" + string(t.Language) + "/" + t.Format
}

// ParseTopic reads what [TopicID.Source] wrote; false if it is none.
func ParseTopic(source string) (TopicID, bool) {
	name, ok := strings.CutPrefix(source, topicPrefix)
	parts := strings.Split(name, "/")
	if !ok || len(parts) != 3 {
		return TopicID{}, false
	}
	section, err := strconv.ParseInt(parts[0], 10, 64)
	t := TopicID{Section: press.SectionID(section), Language: press.Language(parts[1]), Format: parts[2]}
	return t, err == nil && t.Source() == source
}
