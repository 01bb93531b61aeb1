package federation

import (
	"fmt"

	"communique/federation/vocab"
	"communique/storage/delivery"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// author renders what the ministry's actor publishes. It has no state.
type author struct {
	site   press.Site
	name   string
	quotes Quotes
	images bool // a Note has a picture
}

func (a author) id() string        { return a.site.Actor(a.name) }
func (a author) followers() string { return a.id() + "/followers" }

// statement is a revision of an article with its history up to there and the type
// of object that it was published as: all that its rendering depends on.
type statement struct {
	press.Article
	history   []press.Revision
	rendition newsdesk.Rendition
	files     []press.File // that the text links to
}

// tombstone is the object that stands for a withdrawn article.
func (a author) tombstone(s statement) vocab.Tombstone {
	former := vocab.TypeNote
	if s.rendition == newsdesk.AsArticle {
		former = vocab.TypeArticle
	}
	return vocab.Tombstone{ID: a.site.Object(s.ID), FormerType: former, Deleted: vocab.Time(s.WithdrawnAt)}
}

// activity renders a verb about an article in the state of an entry. The id names
// entry and verb, so that the same id always has the same body.
func (a author) activity(verb delivery.Verb, e press.Entry, s statement) (vocab.Activity, error) {
	id := a.site.Activity(e.Seq, string(verb))
	switch verb {
	case delivery.Create:
		return vocab.NewCreate(id, a.object(s)), nil
	case delivery.Update:
		return vocab.NewUpdate(id, s.Revised, a.object(s)), nil
	case delivery.Delete:
		return vocab.NewDelete(id, a.id(), a.followers(), a.tombstone(s)), nil
	}
	return vocab.Activity{}, fmt.Errorf("an article has no activity %q", verb)
}
