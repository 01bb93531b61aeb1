package importer

import (
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// furniture matches the marks of template elements that are not the text.
var furniture = namesLike(`(shar(e|ing)\w*(-(bar|box|buttons?|links?|icons?|list|tools?|this|wrap\w*|container|widget|block))?|social(s|-?\w*)?|sns|bdsharebuttonbox|addthis\w*|print(er|-?link|-?page|_html)?|dayin|fontsize|font-?size|text-?size|zoom|` +
	`breadcrumbs?|crumbs?|nav|navi|navbar|navigation|menu|submenu|topmenu|sidebar|side-?nav|toc|` +
	`related|verwandte|similar|recommend\w*|more-?(news|articles|links)|see-?also|in-?depth|xgxw|xglj|tuijian|relevant|` +
	`comments?|comment-\w+|disqus\w*|respond|cookies?|cookie-?\w*|consent|gdpr|newsletter|subscribe|subscription|promo|banner\w*|ads?|advert\w*|adsense|sponsor\w*|guanggao|` +
	`tagcloud|tags-links|post-tags|keywords|pager|pagination|page-?nav|pages|zdfy|paging|toolbar|tools|toolbox|functions|actions|ratings?|likes-\w+|feedback|authorbox|author-bio|popup|modal|overlay|lightbox-overlay|` +
	`player|audio-?player|playlist|qr-?code|ewm|erweima|wechat|weixin|copyright-?\w*|footer|site-?footer|page-?footer|bottom-?nav|back-?to-?top|totop|backto|skip-?\w*|langs?|languages?|language-switch\w*|lang-?switch\w*|` +
	`login|search-?(form|box|block)?|edit|editor-?info|zebian|video-?consent|two-?click|embed-?privacy|text-?meta|post-?meta|entry-?meta|article-?meta|meta|metadata|doc-?data|document-?by-?line|byline|posted-on|disclaimer|submitted)($|[\s_])`)

// pictureFrames are galleries: their pictures belong to the article, their text does
// not.
var pictureFrames = namesLike(`(gallery|galerie|galleria|galeria|slider|slideshow|carousel|swiper\w*|slick\w*|owl-carousel|fotorama|bildergalerie|photo-?gallery)($|[\s_-])`)

// pruner removes what is not the article.
type pruner struct {
	d      *document
	total  int
	weight map[*html.Node]int
	title  *html.Node
	// galleries that were removed, with their place.
	galleries []gallery
	// lost are texts that were removed with what contained them.
	lost []lostText
	// pictures were left out when the page was read.
	pictures []lostText
	media    []medium
	article  *html.Node   // the element around the text that is an article, if any
	leads    []*html.Node // the lead and the parts of the title, which are taken out of the page
	out      []taken
	strict   bool                   // no word says what a control is
	unheard  func(text string) bool // whether what no browser shows is not worth a word; nil: all is
	called   map[string]string      // why elements with these marks are no text, or nothing
	cells    map[*html.Node]bool    // of one cell each, whether they have nothing that operates
	page     *Page                  // whose date is known when its lines are judged
}

// gallery is the pictures of a gallery and the element that contained it.
type gallery struct {
	place  *html.Node
	images []*html.Node
}

// heavy reports whether an element contains the title, or so much of the page's text
// that its marks must be wrong.
func (p *pruner) heavy(n *html.Node) bool {
	return p.weight[n]*3 > p.total || p.title != nil && within(p.title, n)
}

func remove(n *html.Node) {
	if n.Parent != nil {
		n.Parent.RemoveChild(n)
	}
}

// structure takes out what looks like furniture by its elements and marks, wherever it
// stands. What of it is in the text after all is put back once that has been found.
func (p *pruner) structure() {
	p.forms()
	p.d.tree.Find("script, style, template, head, svg, textarea, select, input, label, dialog, link, meta").Each(func(_ int, s *goquery.Selection) {
		n := s.Nodes[0]
		if unseen[n.Data] {
			p.loseUnseen(n)
			return
		}
		p.lose(n)
		p.takeOut(n, control)
	})
	p.embeds()
	p.d.tree.Find("*").Each(func(_ int, s *goquery.Selection) {
		n := s.Nodes[0]
		if n.Parent == nil || n.Data == "html" || n.Data == "body" || n.Data == "main" {
			return
		}
		reason := p.furniture(n)
		if reason == "" {
			return
		}
		if n.Data == "button" && ancestor(n, isHeading) != nil {
			unfoldHeading(n) // the headings of folded sections are buttons
			return
		}
		if p.heavy(n) && !(pops(n) && p.title != nil && !within(p.title, n)) {
			return
		}
		if reason == caption {
			p.galleries = append(p.galleries, gallery{n.Parent, s.Find("img").Nodes})
		}
		p.lose(n)
		p.takeOut(n, reason)
	})
}

// furniture says why an element seems to be none of the text, or nothing.
func (p *pruner) furniture(n *html.Node) string {
	switch {
	case n.Data == "article" && !hiddenElement(n):
		if nested := n.Parent != nil && ancestor(n.Parent, isArticle) != nil; nested && teaserMarks.MatchString(attr(n, "class")) && lineOf(n).linked() {
			return outside
		}
		return ""
	case hiddenElement(n), attr(n, "aria-hidden") == "true" && firstIn(n, pictureElements) == nil:
		return hidden
	case n.Data == "button", n.Data == "dialog", attr(n, "role") == "search", pops(n):
		return control
	case n.Data == "nav", attr(n, "role") == "navigation", n.Data == "footer", attr(n, "role") == "contentinfo", attr(n, "role") == "banner":
		return menu
	case n.Data == "aside" && !quoting.MatchString(marks(n)):
		return outside
	case marked(captionMark, marks(n)) && inFrame(n):
		return ""
	}
	return p.markedAs(marks(n))
}

// pops reports whether an element says that it is a window in front of the page.
func pops(n *html.Node) bool {
	role := attr(n, "role")
	return role == "dialog" || role == "alertdialog" || attr(n, "aria-modal") == "true"
}

// markedAs says what class and id of an element call it, if that is none of the text.
// Templates repeat the same few.
func (p *pruner) markedAs(marks string) string {
	reason, known := p.called[marks]
	switch {
	case known || marks == "":
		return reason
	case furniture.MatchString(marks):
		reason = menu
		if adverts.MatchString(marks) {
			reason = advert
		}
	case pictureFrames.MatchString(marks):
		reason = caption
	}
	p.called[marks] = reason
	return reason
}

// inFrame reports whether an element is beside a picture.
func inFrame(n *html.Node) bool {
	for up := 0; n.Parent != nil && up < 3; up++ {
		n = n.Parent
		if n.Data == "figure" || marked(frameMark, marks(n)) {
			return true
		}
	}
	return false
}

var quoting = textsLike(`info|box|quote|zitat|fact|note|hinweis|highlight|intro|lead`)

// embeds takes out frames and players together with the texts about them: consent
// boxes, links to skip them.
func (p *pruner) embeds() {
	p.takeMedia(func(n *html.Node) *html.Node {
		frame := n
		for up := n.Parent; up != nil && up.Data != "body" && up.Data != "article" && up.Data != "main" && up.Data != "td"; up = up.Parent {
			if len([]rune(textOf(up))) > 300 || p.weight[up]*5 > p.total || p.title != nil && within(p.title, up) {
				break
			}
			if box := goquery.NewDocumentFromNode(up); box.Find("img").Length() > 0 || box.Find(mediaTags).Length() > 1 || p.holdsMedium(up) || !aboutMedia(up) {
				break
			}
			frame = up
		}
		return frame
	})
}

// unfoldHeading makes words of the button in a heading, which says from then on what it
// unfolds.
func unfoldHeading(button *html.Node) {
	heading := ancestor(button, isHeading)
	for _, a := range button.Attr {
		if (a.Key == "aria-controls" || a.Key == "data-target" || a.Key == "data-bs-target") && attr(heading, a.Key) == "" {
			heading.Attr = append(heading.Attr, a)
		}
	}
	unwrapNode(button)
}

func unwrapNode(n *html.Node) {
	for n.FirstChild != nil {
		c := n.FirstChild
		n.RemoveChild(c)
		n.Parent.InsertBefore(c, n)
	}
	remove(n)
}

// leafBlocks returns the innermost blocks of a text, in order.
func leafBlocks(root *html.Node) []*html.Node {
	var blocks []*html.Node
	var walk func(*html.Node) bool
	walk = func(n *html.Node) bool {
		has := false
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode && walk(c) {
				has = true
			}
		}
		if n.Type == html.ElementNode && blockTags[n.Data] && n.Data != "br" && n.Data != "picture" {
			if !has {
				blocks = append(blocks, n)
			}
			return true
		}
		return has
	}
	for c := root.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			walk(c)
		}
	}
	return blocks
}

// lineOf is the whole text of a block as one line.
func lineOf(n *html.Node) line {
	all := line{node: n}
	var text strings.Builder
	for _, l := range flatten(n) {
		text.WriteString(l.text + " ")
		all.links += l.links
	}
	all.text = strings.TrimSpace(text.String())
	return all
}

// lineAt is lineOf for the blocks of a text while its lines are judged: each is asked about
// again and again, until something is taken out of it.
func (d *document) lineAt(n *html.Node) line {
	if d.known == nil {
		return lineOf(n)
	}
	l, known := d.known[n]
	if !known {
		l = lineOf(n)
		d.known[n] = l
	}
	return l
}

// forget forgets the lines of what is around a node that is taken out.
func (d *document) forget(n *html.Node) {
	for ; n != nil && d.known != nil; n = n.Parent {
		delete(d.known, n)
	}
}
