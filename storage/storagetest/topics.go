package storagetest

import (
	"testing"

	"communique/storage/press"
	"communique/storage/publog"
)

var topicTests = map[string]func(*testing.T, *world){
	"a topic is named so that its section can move": func(_ *testing.T, w *world) {
		for _, id := range []publog.TopicID{
			w.topic(), {Section: press.Root, Language: "zh-Hant", Format: "json"},
			{Tag: "海洋", Language: "en", Format: "rss"}, {Tag: "#12:x", Language: "en", Format: "rss"},
		} {
			back, ok := publog.ParseTopic(id.Source())
			w.same("topic", id, back)
			w.same("understood", true, ok)
		}
		for _, name := range []string{"", "actor:ministry", "topic:", "topic:1/en", "topic:x/en/atom", "topic:01/en/atom", "topic:1/en/atom/x", "topic:#/en/atom", "topic:#a/b/en/atom"} {
			_, ok := publog.ParseTopic(name)
			w.same(name, false, ok)
		}
	},
}
