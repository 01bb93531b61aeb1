package site

import (
	"html/template"
	"strings"

	"communique/storage/press"
)

// Withdrawal is what a feed says in the place of a withdrawn article.
type Withdrawal struct{ Title, Text, Content string }

// Withdrawal says when and why an article was withdrawn, in the article's language: as
// plain text, and as HTML.
func (s *Site) Withdrawal(a press.Article) Withdrawal {
	w := s.Words(a.Language)
	text := strings.NewReplacer("{date}", w.FormatDate(a.WithdrawnAt.In(s.id.Zone)), "{reason}", a.Reason).Replace(w.WithdrawnBecause)
	return Withdrawal{
		Title: w.WithdrawnTitle, Text: text,
		Content: "<p>" + strings.ReplaceAll(template.HTMLEscapeString(text), "\n", "<br>") + "</p>",
	}
}
