package site

import (
	"html/template"
	"strings"
	"time"

	"communique/storage/press"
)

// Reactions are what the fediverse did with an article: in numbers, and the
// replies that are shown. Counts of zero are not told.
type Reactions struct {
	Likes, Shares, Quotes int
	// ReplyCount is the number of all replies that were approved, of which
	// Replies are the first.
	ReplyCount int
	Replies    []Reply
}

// Reply is somebody's reply. Content has been cleaned, the texts are plain.
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
	return replyView{
		Name: r.Name, Handle: r.Handle, At: s.day(r.At, w), Content: replyContent(r.Content), Attrs: replyAttrs(r.Language),
		AuthorURL: r.AuthorURL, URL: r.URL,
	}
}

// replyAttrs say the language of a stranger's text, and let the text itself
// decide its direction.
func replyAttrs(lang press.Language) template.HTMLAttr {
	attrs := ` class="text" dir="auto"`
	if lang != "" {
		attrs += ` lang="` + template.HTMLEscapeString(string(lang)) + `"`
	}
	return template.HTMLAttr(attrs) //nolint:gosec // a checked language
}

// strange makes a stranger's text fit for our page: his links are not ours to
// recommend, and his headings are none of the page's.
var strange = strings.NewReplacer(
	"<a ", `<a rel="nofollow ugc" `,
	"<h2>", "<p><strong>", "</h2>", "</strong></p>", "<h3>", "<p><strong>", "</h3>", "</strong></p>",
	"<h4>", "<p><strong>", "</h4>", "</strong></p>",
)

// replyContent relies on the text having been cleaned: a "<" begins an element
// of a known set there, and nothing else.
func replyContent(content press.HTML) template.HTML {
	return template.HTML(strange.Replace(string(content))) //nolint:gosec // cleaned on the way in
}
