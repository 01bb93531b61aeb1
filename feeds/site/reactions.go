package site

import (
	"html/template"
	"strings"
	"time"

	"communique/storage/press"
)

// Reactions are the fediverse's reactions to an article: counts, and the replies to
// show. Counts of zero are not shown.
type Reactions struct {
	Likes, Shares, Quotes int
	// ReplyCount is the number of all approved replies; Replies holds the first
	// of them.
	ReplyCount int
	Replies    []Reply
}

// Reply is a reply. Content has been cleaned; the other texts are plain.
type Reply struct {
	Name      string
	Handle    string
	AuthorURL string
	URL       string
	Content   press.HTML
	Language  press.Language // empty if it is not known
	At        time.Time
}

type reactionsView struct {
	Counts  []countView
	Replies []replyView
}

type countView struct {
	Name  string
	Count int
}

type replyView struct {
	Name, Handle   string
	AuthorURL, URL string
	At             Instant
	Attrs          template.HTMLAttr
	Content        template.HTML
}

// reactions is nil if there are none.
func (s *Site) reactions(r Reactions, w *Words) *reactionsView {
	var view reactionsView
	for _, c := range []countView{
		{w.Likes, r.Likes}, {w.Shares, r.Shares}, {w.Quotes, r.Quotes}, {w.Replies, r.ReplyCount},
	} {
		if c.Count > 0 {
			view.Counts = append(view.Counts, c)
		}
	}
	for _, reply := range r.Replies {
		view.Replies = append(view.Replies, s.reply(reply, w))
	}
	if view.Counts == nil && view.Replies == nil {
		return nil
	}
	return &view
}

func (s *Site) reply(r Reply, w *Words) replyView {
	// Who has no name to show is known by the handle alone.
	if r.Name == r.Handle {
		r.Name = ""
	}
	return replyView{
		Name: r.Name, Handle: r.Handle, At: s.day(r.At, w), Content: replyContent(r.Content), Attrs: replyAttrs(r.Language),
		AuthorURL: r.AuthorURL, URL: r.URL,
	}
}

// replyAttrs marks the language of a reply and lets its text decide the direction.
func replyAttrs(lang press.Language) template.HTMLAttr {
	attrs := ` class="text" dir="auto"`
	if lang != "" {
		attrs += ` lang="` + template.HTMLEscapeString(string(lang)) + `"`
	}
	return template.HTMLAttr(attrs)
}

// foreign makes a reply fit for our page: search engines don't follow its links,
// and its headings are not headings of the page.
var foreign = strings.NewReplacer(
	"<a ", `<a rel="nofollow ugc" `,
	"<h2>", "<p><strong>", "</h2>", "</strong></p>", "<h3>", "<p><strong>", "</h3>", "</strong></p>",
	"<h4>", "<p><strong>", "</h4>", "</strong></p>",
)

// replyContent relies on the text having been cleaned: every "<" in it begins a
// known element.
func replyContent(content press.HTML) template.HTML {
	return template.HTML(foreign.Replace(string(content)))
}
