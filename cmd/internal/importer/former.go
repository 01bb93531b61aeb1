package importer

import (
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/press"
	"communique/storage/richtext"
	"communique/storage/richtext/former"
)

// formerTexts are what a program up to version 0.4 made of a page: by these its
// articles are known again.
type formerTexts struct {
	title, lead string
	body        press.HTML
	alts        map[string]string // by the addresses of the pictures
}

// clean takes the text of a page, and tells what was lost on which line of the file.
func (p *Page) clean(text string, base *url.URL, lineOf func(position int) int) {
	body, notes := richtext.CleanPage(text, base, lineOf)
	p.Body = body
	p.former.body = former.Clean(formerHTML(text), base)
	for _, n := range notes {
		p.note(n.Line, n.What)
	}
}

// formerCaption keeps what a picture's caption was, with the credit in it, on the
// picture; richtext drops it from the body.
const formerCaption = "data-communique-former"

// formerHTML is the text of a page with captions as they were: with the credits in
// them, and without links.
func formerHTML(text string) string {
	if !strings.Contains(text, formerCaption) && !strings.Contains(text, pictureLink) {
		return text
	}
	d, err := goquery.NewDocumentFromReader(strings.NewReader(text))
	if err != nil {
		return text // which a reader of memory never says
	}
	d.Find("img[" + formerCaption + "]").Each(func(_ int, img *goquery.Selection) {
		figure := img.Closest("figure")
		figure.Find("figcaption").Remove()
		caption := &html.Node{Type: html.ElementNode, Data: "figcaption"}
		caption.AppendChild(&html.Node{Type: html.TextNode, Data: img.AttrOr(formerCaption, "")})
		figure.AppendNodes(caption)
	})
	for _, link := range d.Find("a[" + pictureLink + "]").Nodes {
		unwrapNode(link)
	}
	return renderNodes(d.Find("body").Contents().Nodes)
}

// show gives the page the title that readers see, in place of the one that was
// compared with its lines.
func (p *Page) show(title heading) {
	if p.Title != "" && p.Title == title.text && title.shown != "" {
		p.former.title, p.Title = p.Title, title.shown
	}
}

// FormerIdentity is what [Page.Identity] was up to version 0.4.
func (p Page) FormerIdentity() string {
	if p.Canonical != "" {
		return p.Canonical
	}
	return p.hash(p.formerTitle(), p.Date, string(p.former.body))
}

func (p Page) formerTitle() string {
	if p.former.title != "" {
		return p.former.title
	}
	return former.CleanText(p.Title)
}

// Former is a draft that was made of the page as it was made up to version 0.4: its
// digest is that of the article if that program imported the same page.
func (p Page) Former(d press.Draft) press.Draft {
	d.Title, d.Lead, d.Body = p.formerTitle(), former.CleanText(p.former.lead), p.former.body
	d.Identity = p.FormerIdentity()
	d.Images = append([]press.Image(nil), d.Images...)
	for i := range d.Images {
		alt := d.Images[i].Alt
		if was, ok := p.former.alts[d.Images[i].Src]; ok {
			alt = was
		}
		d.Images[i].Alt, d.Images[i].Credit = former.CleanText(alt), ""
	}
	return d
}
