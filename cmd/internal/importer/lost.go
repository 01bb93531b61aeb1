package importer

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/richtext"
)

// lostText is text that was taken away, and the element that it stood in.
type lostText struct {
	node, place *html.Node
	at          int // position in the page
	what, text  string
}

// maxLost bounds what is told of one page.
const maxLost = 1000

// lose notes the text of an element that is about to be taken away: what is
// hidden, and controls of forms. Whether that was in the article is known later.
func (p *pruner) lose(n *html.Node) {
	what, text := "", apartWords(n)
	switch n.Data {
	case "textarea", "select", "label", "dialog", "button":
		what = "a control of a form was removed"
	case "input":
		p.loseField(n)
		return
	case "svg":
		p.loseDrawing(n, text)
		return
	default:
		switch {
		case hiddenElement(n):
			what = "hidden text was dropped"
			p.losePictures(n)
		case attr(n, "aria-hidden") == "true":
			what = "text that is not read aloud (aria-hidden) was dropped"
		}
	}
	if what != "" && saying(text) {
		p.loseText(n, what, text)
	}
}

// apartWords is the text of an element in which the entries of a list to choose from and
// blocks stand apart.
func apartWords(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Data == "option" {
				b.WriteString(apartWords(c) + ", ")
				continue
			}
			walk(c)
		}
		if blockTags[n.Data] {
			b.WriteByte(' ')
		}
	}
	walk(n)
	return strings.TrimSuffix(richtext.CleanText(b.String()), ",")
}

// losePictures notes the pictures of what is hidden.
func (p *pruner) losePictures(n *html.Node) {
	for _, img := range goquery.NewDocumentFromNode(n).Find("img").AddNodes(n).Filter("img").Nodes {
		if src := attr(img, "src"); src != "" {
			p.loseText(n, "a hidden picture was dropped", src)
		}
	}
}

// loseField notes a field of a form that readers see, and what it says.
func (p *pruner) loseField(n *html.Node) {
	if strings.EqualFold(attr(n, "type"), "hidden") || ancestor(n, hiddenElement) != nil {
		return
	}
	for _, name := range []string{"value", "alt", "placeholder"} {
		if text := attr(n, name); saying(text) {
			p.loseText(n, "a field of a form was removed", text)
			return
		}
	}
	p.loseText(n, "a field of a form was removed", "")
}

// loseDrawing notes a drawing that says something, or is larger than an icon.
func (p *pruner) loseDrawing(n *html.Node, text string) {
	size, _ := strconv.Atoi(strings.TrimSuffix(attr(n, "width"), "px"))
	if !saying(text) {
		text = attr(n, "aria-label")
	}
	if size > maxIcon || saying(text) || attr(n, "role") == "img" {
		p.loseText(n, "a drawing was removed", text)
	}
}

// loseUnseen removes what no reader sees. Of it only a template has words.
func (p *pruner) loseUnseen(n *html.Node) {
	if text := apartWords(n); n.Data == "template" && saying(text) {
		p.loseText(n, "a template was removed", text)
		removeApart(n)
		return
	}
	remove(n)
}

func (p *pruner) loseText(n *html.Node, what, text string) {
	if n.Parent != nil && len(p.lost) < maxLost && (p.unheard == nil || !p.unheard(text)) {
		p.lost = append(p.lost, lostText{n, n.Parent, position(n), what, richtext.Shorten(text, 80)})
	}
}

// saying reports whether a text has words or figures.
func saying(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// around remembers the element that the page says is the article.
func (p *pruner) around(body *html.Node) {
	p.article = ancestor(body, func(n *html.Node) bool { return n.Data == "article" })
}

// tell notes what was lost of the article itself: in its text, between that and the
// title, or in the element that is the article.
func (p *pruner) tell(page *Page, holder *html.Node) {
	from, to := position(p.title), end(holder)
	root := p.d.tree.Nodes[0]
	for _, l := range p.lost {
		between := p.title != nil && l.at > from && l.at < to && within(l.place, root)
		if within(l.place, holder) || between || slices.ContainsFunc(p.leads, func(n *html.Node) bool { return within(l.place, n) }) || p.article != nil && within(l.place, p.article) {
			page.note(p.d.ends.at(max(l.at, 0)), l.note())
		}
	}
	for _, l := range p.pictures {
		if within(l.place, holder) {
			page.note(p.d.ends.at(max(l.at, 0)), l.note())
		}
	}
	p.tellTitles(page, holder)
	for _, m := range p.media {
		if !m.back && m.address != "" {
			said := m.address
			if title := richtext.CleanText(attr(m.node, "title")); saying(title) {
				said = richtext.Shorten(title, 80) + " (" + said + ")"
			}
			page.note(m.line, "an embedded frame was removed: "+said)
		}
	}
}

// tellWords notes what was to be read in a line of the page and is none of it, because it
// looks like a tag. In the text the cleaning tells it.
func (p *Page) tellWords(d *document, nodes ...*html.Node) {
	for _, n := range nodes {
		if n == nil {
			continue
		}
		for c := range n.Descendants() {
			if tag := richtext.WordTag(c.Data, c.Attr); c.Type == html.ElementNode && c.Namespace == "" && tag != "" {
				p.note(d.lineOf(c), richtext.ReadAsTag+": "+tag)
			}
		}
	}
}

// tellTitles notes what a text shows only to who holds a mouse over a link or a picture.
func (p *pruner) tellTitles(page *Page, holder *html.Node) {
	for _, n := range goquery.NewDocumentFromNode(holder).Find("a[href][title], img[title]").Nodes {
		said, what := attr(n, "alt"), "a picture"
		if n.Data == "a" {
			said, what = goquery.NewDocumentFromNode(n).Text()+" "+attr(n, "href"), "a link"
			for _, img := range allIn(n, pictureElements) {
				said += " " + attr(img, "alt")
			}
		}
		if figure := ancestor(n, func(n *html.Node) bool { return n.Data == "figure" }); figure != nil {
			said += " " + goquery.NewDocumentFromNode(figure).Text()
		}
		title := richtext.CleanText(attr(n, "title"))
		if !saying(title) || n.Data == "img" && said == "" || strings.Contains(key(said), key(title)) || !p.strict && (fileSize.MatchString(title) || onlyControls(title)) || p.unheard != nil && p.unheard(title) {
			continue
		}
		page.note(p.d.lineOf(n), "the title of "+what+" is not shown: "+richtext.Shorten(title, 80))
	}
}

// tellLink notes a link of the text that has gone with nothing else being told of it: one
// without words, one in a credit.
func (p *Page) tellLink(s Segment) {
	if strings.HasPrefix(s.Text, "#") || p.told(s.Text) {
		return
	}
	p.note(s.Line, "a link was left out: "+richtext.Shorten(s.Text, 80))
}

// note is what is told of it.
func (l lostText) note() string {
	if l.text == "" {
		return l.what
	}
	return l.what + ": " + l.text
}
