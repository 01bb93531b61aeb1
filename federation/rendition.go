package federation

import (
	"html"
	"slices"
	"strings"

	"communique/federation/microhtml"
	"communique/federation/vocab"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/richtext"
)

const (
	// leadRunes is the length of the excerpt that replaces a missing lead.
	leadRunes = 300
	// maxContent keeps an activity under 1 MB: it contains the text twice (INTEROP
	// O13, O19).
	maxContent = 480 << 10
)

// object renders a revision of an article as the type that it was published as. It
// depends on nothing but its arguments: the same revision is the same bytes at
// every attempt.
func (a author) object(s statement) vocab.Object {
	if s.rendition == newsdesk.AsArticle {
		return a.article(s)
	}
	return a.note(s)
}

// note is title, lead and the address of the page, so that servers of
// microblogs show the text with a preview card (INTEROP O2, O4, O7, O10–O14,
// O17); a site may want the first picture attached, in place of that card.
func (a author) note(s statement) vocab.Note {
	tags := hashtags(a.site, s.Article)
	content := titled(s) + corrections(s) + a.pageLink(s) + a.fileLinks(s) + tags.paragraph()
	var image []vocab.Image
	if a.images {
		if all := picturesOf(s); len(all) > 0 {
			image = all[:1]
		}
	}
	return vocab.Note{
		ID: a.site.Object(s.ID), AttributedTo: a.id(), To: []string{vocab.Public}, CC: []string{a.followers()},
		Published: vocab.Time(s.Stamped()), Updated: updated(s), URL: a.site.Article(s.Article),
		Content: vocab.NewContent(string(s.Language), content), Tag: tags, Attachment: image, InteractionPolicy: a.quotePolicy(),
	}
}

// article is the whole text, with its pictures. Mastodon shows the name and the
// address of the page; others show all of it, and would hide it behind a summary, which
// is a content warning to them (INTEROP O8, O9, O12, O15). A picture that stands only in the text is attached, too: many drop those
// of a text.
func (a author) article(s statement) vocab.Article {
	tags := hashtags(a.site, s.Article)
	return vocab.Article{
		ID: a.site.Object(s.ID), AttributedTo: a.id(), To: []string{vocab.Public}, CC: []string{a.followers()},
		Published: vocab.Time(s.Stamped()), Updated: updated(s), URL: a.site.Article(s.Article),
		Name:    plainName(s.Title),
		Content: vocab.NewContent(string(s.Language), a.whole(s)+tags.paragraph()),
		Preview: vocab.Preview{Content: vocab.NewContent(string(s.Language), titled(s))},
		Tag:     tags, Attachment: picturesOf(s), InteractionPolicy: a.quotePolicy(),
	}
}

func updated(s statement) vocab.Time {
	if s.Revision == 1 {
		return vocab.Time{}
	}
	return vocab.Time(s.Revised)
}

// titled is the title and the lead, as HTML.
func titled(s statement) string {
	text := "<p><strong>" + html.EscapeString(s.Title) + "</strong></p>"
	if l := lead(s); l != "" {
		text += "<p>" + html.EscapeString(l) + "</p>"
	}
	return text
}

func lead(s statement) string {
	if s.Lead != "" {
		return s.Lead
	}
	return richtext.Excerpt(s.Body, leadRunes)
}

func corrections(s statement) string { return correctionNotes(s.Language, s.history) }

func (a author) pageLink(s statement) string {
	return "<p>" + shortLink(a.site.Article(s.Article)) + "</p>"
}

// mostFileLinks bounds the files that a note names; the page has all.
const mostFileLinks = 10

// fileLinks are links to the files of a note, whose text leads to none. They follow
// that to the page, of which receivers show a card.
func (a author) fileLinks(s statement) string {
	var links []string
	for _, f := range s.files {
		if !a.site.Serves(f) || len(links) == mostFileLinks {
			continue
		}
		links = append(links, `<a href="`+html.EscapeString(f.URL)+`">`+html.EscapeString(f.Label())+`</a> (`+f.Kind()+`)`)
	}
	if len(links) == 0 {
		return ""
	}
	return "<p>" + strings.Join(links, "<br>") + "</p>"
}

// whole is the full text: lead, body and notes. A text that is too long for an
// activity ends with the address of the page.
func (a author) whole(s statement) string {
	var b strings.Builder
	if s.Lead != "" && !strings.HasPrefix(richtext.Text(s.Body), s.Lead) {
		b.WriteString("<p>" + html.EscapeString(s.Lead) + "</p>")
	}
	body, all := microhtml.Cut(richtext.At(s.Body, a.site.Article(s.Article))+besides(s), s.Language, maxContent)
	b.WriteString(body + corrections(s))
	if !all {
		b.WriteString(a.pageLink(s))
	}
	return b.String()
}

const (
	// maxPictures is how many receivers show of one object (INTEROP O15).
	maxPictures = 4
	// maxSide is the longest side that every receiver believes, in pixels.
	maxSide = 5000
)

// shown are the media types that every receiver shows, by file extension.
var shown = map[string]string{
	"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
}

// besides is what is said of the pictures beside a text and has no place in their
// attachments: the captions. One that is not attached is linked to, with all that is said
// of it.
func besides(s statement) press.HTML {
	if len(s.Images) == 0 {
		return ""
	}
	inText := map[string]bool{}
	for _, i := range richtext.Pictures(s.Body) {
		inText[i.Src] = true
	}
	attached := map[string]bool{}
	for _, i := range picturesOf(s) {
		attached[i.URL] = true
	}
	var b strings.Builder
	for _, i := range s.Images {
		picture, said := "", []string{i.Caption}
		if !attached[i.Src] {
			said = append(said, i.Credit, i.Terms)
			if !inText[i.Src] {
				picture = `<img src="` + html.EscapeString(i.Src) + `" alt="` + html.EscapeString(i.Alt) + `">`
			}
		}
		said = slices.DeleteFunc(said, func(text string) bool { return text == "" })
		b.WriteString("<figure>" + picture + "<figcaption>" + html.EscapeString(strings.Join(said, " · ")) + "</figcaption></figure>")
	}
	return press.HTML(b.String())
}

// picturesOf are those beside a text, then those in it.
func picturesOf(s statement) []vocab.Image {
	return pictures(append(slices.Clone(s.Images), richtext.Pictures(s.Body)...))
}

// pictures are an article's first pictures as attachments.
func pictures(images []press.Image) []vocab.Image {
	var all []vocab.Image
	seen := map[string]bool{}
	for _, i := range images {
		kind := pictureType(i)
		if seen[i.Src] || kind == "" || len(all) == maxPictures {
			continue
		}
		seen[i.Src] = true
		picture := vocab.Image{MediaType: kind, URL: i.Src, Name: described(i), FocalPoint: i.Focus, Blurhash: i.Blurhash}
		if i.Width <= maxSide && i.Height <= maxSide {
			picture.Width, picture.Height = i.Width, i.Height
		}
		all = append(all, picture)
	}
	return all
}

// described is a picture's alternative text, followed by who made it and how others
// may use it: an attachment has no other place for that.
func described(i press.Image) string {
	text := i.Alt
	if text == "" {
		text = i.Caption
	}
	var rights []string
	for _, r := range []string{i.Credit, i.Terms} {
		if r != "" {
			rights = append(rights, r)
		}
	}
	if len(rights) == 0 {
		return text
	}
	return strings.TrimSpace(text + " (" + strings.Join(rights, ", ") + ")")
}

// pictureType is the media type of a picture, which for one from elsewhere is
// guessed from its address; empty if receivers would not show it.
func pictureType(i press.Image) string {
	if i.Type != "" {
		return i.Type
	}
	address, _, _ := strings.Cut(i.Src, "?")
	return shown[strings.ToLower(address[strings.LastIndexByte(address, '.')+1:])]
}
