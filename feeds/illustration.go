package feeds

import (
	"errors"
	"html"
	"strings"

	"communique/feeds/site"
	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/richtext"
)

// illustrated gives an article that has pictures only in its text the first of
// them as the one that stands for it: in link previews, as an enclosure.
func (s *Server) illustrated(tx *storage.Tx, a press.Article) (press.Article, error) {
	if len(a.Images) > 0 || !strings.Contains(string(a.Body), "<img ") {
		return a, nil
	}
	for _, shown := range richtext.Pictures(a.Body) {
		if hash := newsdesk.MediaHash(shown.Src); hash != "" && strings.HasPrefix(shown.Src, s.id.Site.Media("")) {
			m, err := tx.PublicMedia(hash)
			switch {
			case err == nil && min(m.Width, m.Height) <= 2 && m.Width > 0:
				continue // it counts readers or makes room
			case err == nil:
				shown.Type, shown.Size, shown.Width, shown.Height = m.Type, m.Size, m.Width, m.Height
			case !errors.Is(err, press.ErrNotFound):
				return a, err
			}
		}
		a.Images = []press.Image{shown}
		break
	}
	return a, nil
}

// figure is a picture with what is said of it, as the article's page shows it.
func figure(i press.Image) string {
	text := `<figure><img src="` + html.EscapeString(i.Src) + `" alt="` + html.EscapeString(i.Alt) + `">`
	if said := saidOf(i); said != "" {
		text += "<figcaption>" + said + "</figcaption>"
	}
	return text + "</figure>"
}

// saidOf is the caption of a picture, and who made it and how it may be used.
func saidOf(i press.Image) string {
	var said []string
	for _, text := range []string{i.Caption, i.Credit, i.Terms} {
		if text != "" {
			said = append(said, html.EscapeString(text))
		}
	}
	return strings.Join(said, " · ")
}

// body is an article's text as it stands where it is not the page itself: links
// within it lead to the page, and what is said of its pictures follows it.
func (s *Server) body(a press.Article) string {
	var b strings.Builder
	b.WriteString(string(richtext.At(a.Body, s.id.Site.Article(a))))
	for _, i := range site.InText(a) {
		if said := saidOf(i); said != "" {
			b.WriteString("<p>" + said + "</p>")
		}
	}
	return b.String()
}
