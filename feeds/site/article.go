package site

import (
	"html/template"
	"io"
	"net/url"
	"strings"

	"communique/storage/press"
	"communique/storage/richtext"
)

// Article is what the page of an article shows.
type Article struct {
	Article      press.Article
	Trail        []press.Section // from the top down to the article's section
	Translations []press.Translation
	History      []press.Revision
	// InText are the pictures of this site that the text shows, with their dimensions.
	InText []press.Image
	// Sizes are the smaller sizes of the article's pictures, the narrowest
	// first, by the address of the picture.
	Sizes     map[string][]Size
	Files     []press.File // that it links to and that are served from here
	Reactions Reactions
}

// descriptionLength bounds the description for search engines and link previews, in
// characters.
const descriptionLength = 300

type articleView struct {
	frame
	Headline     Text
	Published    Instant
	Section      *Link
	Kind         *Link // whose address may be empty
	Place        string
	Notes        []template.HTML // to editors
	Contacts     []contactView
	Corrections  []correctionView
	Lead         string
	Body         template.HTML
	Pictures     []pictureView
	Credits      []press.Image
	Files        []fileView
	Tags         []Link
	Translations []Link
	Mail         template.URL
	ID           press.ArticleID
	Reactions    *reactionsView
	Versions     string // the address of the history; empty if there is none
}

type correctionView struct {
	Before, After string // around the date
	Date          Instant
	Note          string
}

// Article writes the page of an article.
func (s *Site) Article(w io.Writer, v Article) error {
	a := v.Article
	f := s.articleFrame(v)
	view := articleView{
		frame: f, ID: a.ID, Headline: Text{a.Title, a.Language}, Published: s.published(a, f.W), Lead: a.Lead,
		Body: v.body(), Pictures: v.pictures(), Credits: v.credits(), Files: fileViews(v.Files, f.W), Tags: s.tagLinks(a.Language, a.Tags),
		Corrections: s.corrections(v.History, f.W), Reactions: s.reactions(v.Reactions, f.W),
		Mail: mail(a.Title, f.Canonical),
	}
	if len(v.History) > 1 {
		view.Versions = s.id.Site.History(a)
	}
	if n := len(v.Trail); n > 0 {
		view.Section = &Link{Text: f.FeedTitle, URL: s.id.Site.Section(a.Language, v.Trail[n-1].Path)}
	}
	var path press.Path
	if n := len(v.Trail); n > 0 {
		path = v.Trail[n-1].Path
	}
	view.Kind, view.Place = s.kindLink(a, path), a.Place
	view.Notes, view.Contacts = linkedAll(a.NotesToEditors), contactViews(a.Contacts)
	for _, t := range f.Hreflang {
		if !t.Current {
			view.Translations = append(view.Translations, t)
		}
	}
	return s.execute(w, "article", view)
}

// mail is the mailto: address of a new message. Everything in the title is escaped,
// so that "&" does not end the subject, and spaces as "%20", because "+" stays "+".
func mail(subject, body string) template.URL {
	escape := func(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
	return template.URL("mailto:?subject=" + escape(subject) + "&body=" + escape(body))
}

func (s *Site) articleFrame(v Article) frame {
	a := v.Article
	f := s.frame(a.Language)
	f.Title = a.Title + " – " + s.id.Name(a.Language)
	f.Description = Summary(a)
	f.Canonical = s.id.Site.Article(a)
	f.Address = f.Canonical
	f.Trail = s.trail(v.Trail, a.Language, f.W)
	var path press.Path
	if n := len(v.Trail); n > 0 {
		path, f.FeedTitle = v.Trail[n-1].Path, s.id.sectionName(v.Trail[n-1], a.Language)
	}
	f.Feeds = s.feeds(a.Language, f.FeedTitle, path)
	f.Hreflang = s.translations(v)
	f.Switch = s.switchTo(a.Language, func(l press.Language) string {
		for _, t := range f.Hreflang {
			if t.Lang == l {
				return t.URL
			}
		}
		return s.id.Site.Section(l, path)
	})
	f.Article = s.card(v, f.FeedTitle.Text)
	return f
}

// translations lists the article in every language, itself included, if there
// is more than one.
func (s *Site) translations(v Article) []Link {
	if len(v.Translations) < 2 {
		return nil
	}
	var all []Link
	for _, t := range v.Translations {
		all = append(all, Link{
			Text: Text{t.Title, t.Language}, URL: s.id.Site.ArticleByID(t.Language, t.ID, t.Title),
			Current: t.ID == v.Article.ID,
		})
	}
	return all
}

func (s *Site) corrections(history []press.Revision, w *Words) []correctionView {
	var views []correctionView
	for _, r := range Corrections(history) {
		before, after, _ := strings.Cut(w.Correction, "{date}")
		views = append(views, correctionView{Before: before, After: after, Date: s.day(r.At, w), Note: r.Note})
	}
	return views
}

// Corrections returns the revisions that readers are told of: not minor, with a note.
func Corrections(history []press.Revision) []press.Revision {
	var announced []press.Revision
	for _, r := range history {
		if r.Number > 1 && !r.Minor && r.Note != "" {
			announced = append(announced, r)
		}
	}
	return announced
}

// CorrectionNotes returns the corrections as HTML paragraphs, for a feed.
func (s *Site) CorrectionNotes(lang press.Language, history []press.Revision) string {
	w := s.Words(lang)
	var b strings.Builder
	for _, r := range Corrections(history) {
		title := strings.ReplaceAll(w.Correction, "{date}", w.FormatDate(r.At.In(s.id.Zone)))
		b.WriteString("<p><strong>" + template.HTMLEscapeString(title+w.Colon) + "</strong>" + template.HTMLEscapeString(r.Note) + "</p>")
	}
	return b.String()
}

// LeftNote tells readers of a feed, as an HTML paragraph, that a statement which it
// carried is now elsewhere: in a section, and in another language if that differs.
func (s *Site) LeftNote(lang, now press.Language, section []string) string {
	w := s.Words(lang)
	where := strings.Join(section, " / ")
	if now != lang {
		where += " (" + now.SelfName() + ")"
	}
	return note(strings.ReplaceAll(w.Left, "{place}", where))
}

// UntaggedNote tells readers of a tag's feed, as an HTML paragraph, that a statement
// which it carried has the tag no longer, and where they find it: its section may be the
// one that it always had.
func (s *Site) UntaggedNote(lang press.Language, tag string, section []string) string {
	return note(strings.NewReplacer("{tag}", tag, "{place}", strings.Join(section, " / ")).Replace(s.Words(lang).Untagged))
}

func note(text string) string {
	return "<p><strong>" + template.HTMLEscapeString(text) + "</strong></p>"
}

// Summary returns the lead, or else the beginning of the body, as plain text.
func Summary(a press.Article) string {
	if a.Lead != "" {
		return a.Lead
	}
	return richtext.Excerpt(a.Body, descriptionLength)
}
