package federation

import (
	"fmt"
	"html"
	"strings"

	"communique/federation/vocab"
	"communique/storage/delivery"
	"communique/storage/press"
	"communique/storage/richtext"
)

// author is who says everything: the ministry's actor.
type author struct {
	site press.Site
	name string
}

func (a author) id() string        { return a.site.Actor(a.name) }
func (a author) followers() string { return a.id() + "/followers" }

// statement is a revision of an article with its history up to there: all that
// its rendering depends on.
type statement struct {
	press.Article
	history []press.Revision
}

// leadRunes is the length of the excerpt that stands for a missing lead.
const leadRunes = 300

// note renders a revision of an article as a Note: title, lead and the address
// of its page, so that servers of microblogs show the text with a preview card
// (INTEROP O2, O4, O7, O10–O13). It depends on nothing but its arguments: the
// same revision is the same bytes at every attempt.
func (a author) note(s statement) vocab.Note {
	article := s.Article
	page := a.site.Article(article)
	n := vocab.Note{
		ID: a.site.Object(article.ID), AttributedTo: a.id(),
		To: []string{vocab.Public}, CC: []string{a.followers()},
		Published: vocab.Time(article.Published), URL: page,
		Content: vocab.NewContent(string(article.Language), noteContent(s, page)),
	}
	if article.Revision > 1 {
		n.Updated = vocab.Time(article.Revised)
	}
	return n
}

func noteContent(s statement, page string) string {
	article := s.Article
	lead := article.Lead
	if lead == "" {
		lead = richtext.Excerpt(article.Body, leadRunes)
	}
	var b strings.Builder
	b.WriteString("<p><strong>" + html.EscapeString(article.Title) + "</strong></p>")
	if lead != "" {
		b.WriteString("<p>" + html.EscapeString(lead) + "</p>")
	}
	b.WriteString(correctionNotes(article.Language, s.history))
	address := html.EscapeString(page)
	b.WriteString(`<p><a href="` + address + `">` + address + `</a></p>`)
	return b.String()
}

// tombstone stands for a withdrawn article.
func (a author) tombstone(article press.Article) vocab.Tombstone {
	return vocab.Tombstone{
		ID: a.site.Object(article.ID), FormerType: "Note", Deleted: vocab.Time(article.WithdrawnAt),
	}
}

// activity renders what a verb says of an article as an entry has it. The id
// names entry and verb, so that the same id always has the same body.
func (a author) activity(verb delivery.Verb, e press.Entry, s statement) (vocab.Activity, error) {
	id := a.site.Activity(e.Seq, string(verb))
	switch verb {
	case delivery.Create:
		return vocab.NewCreate(id, a.note(s)), nil
	case delivery.Update:
		return vocab.NewUpdate(id, s.Revised, a.note(s)), nil
	case delivery.Delete:
		return vocab.NewDelete(id, a.id(), a.followers(), a.tombstone(s.Article)), nil
	}
	return vocab.Activity{}, fmt.Errorf("an article has no activity %q", verb)
}
