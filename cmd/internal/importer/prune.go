package importer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// furniture matches the marks of template elements that are not the text.
var furniture = regexp.MustCompile(`(?i)(^|[\s_-])(shar(e|ing)\w*|social(s|-?\w*)?|sns|bdsharebuttonbox|addthis\w*|print(er|-?link|-?page|_html)?|dayin|fontsize|font-?size|text-?size|zoom|` +
	`breadcrumbs?|crumbs?|nav|navi|navbar|navigation|menu|submenu|topmenu|sidebar|side-?nav|toc|` +
	`related|verwandte|similar|recommend\w*|more-?(news|articles|links)|see-?also|in-?depth|xgxw|xglj|tuijian|relevant|` +
	`comments?|comment-\w+|disqus\w*|respond|cookies?|cookie-?\w*|consent|gdpr|newsletter|subscribe|subscription|promo|banner\w*|ads?|advert\w*|adsense|sponsor\w*|guanggao|` +
	`tagcloud|tags-links|post-tags|keywords|pager|pagination|page-?nav|pages|zdfy|paging|toolbar|tools|toolbox|functions|actions|rating|feedback|authorbox|author-bio|popup|modal|overlay|lightbox-overlay|` +
	`player|audio-?player|playlist|qr-?code|ewm|erweima|wechat|weixin|copyright-?\w*|footer|site-?footer|page-?footer|bottom-?nav|back-?to-?top|totop|backto|skip-?\w*|langs?|languages?|language-switch\w*|lang-?switch\w*|` +
	`login|search-?(form|box|block)?|edit|editor-?info|zebian|video-?consent|two-?click|embed-?privacy|text-?meta|post-?meta|entry-?meta|article-?meta|meta|metadata|doc-?data|document-?by-?line|byline|posted-on|disclaimer|submitted)($|[\s_])`)

// pictureFrames are galleries: their pictures belong to the article, their text does
// not.
var pictureFrames = regexp.MustCompile(`(?i)(^|[\s_-])(gallery|galerie|galleria|galeria|slider|slideshow|carousel|swiper\w*|slick\w*|owl-carousel|fotorama|bildergalerie|photo-?gallery)($|[\s_-])`)

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
	// embedded are media that were removed, by address.
	embedded []embedded
	article  *html.Node // the element around the text that is an article, if any
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

// structure removes furniture by its elements and marks.
func (p *pruner) structure() {
	p.d.tree.Find("script, style, template, head, svg, textarea, select, input, canvas, label, dialog, link, meta").Each(func(_ int, s *goquery.Selection) {
		p.lose(s.Nodes[0])
		remove(s.Nodes[0])
	})
	p.embeds()
	p.d.tree.Find("*").Each(func(_ int, s *goquery.Selection) {
		n := s.Nodes[0]
		if n.Parent == nil || n.Data == "html" || n.Data == "body" || n.Data == "main" {
			return
		}
		switch {
		case n.Data == "article" && !hiddenElement(n):
			return
		case hiddenElement(n), n.Data == "nav", n.Data == "button", attr(n, "role") == "navigation", attr(n, "aria-hidden") == "true" && goquery.NewDocumentFromNode(n).Find("img").Length() == 0,
			n.Data == "footer", n.Data == "dialog", attr(n, "role") == "search", attr(n, "role") == "contentinfo", attr(n, "role") == "banner":
		case n.Data == "aside" && !quoting.MatchString(marks(n)):
		case captionMark.MatchString(marks(n)) && inFrame(n):
			return
		case furniture.MatchString(marks(n)):
		case pictureFrames.MatchString(marks(n)):
			if !p.heavy(n) {
				p.galleries = append(p.galleries, gallery{n.Parent, s.Find("img").Nodes})
			}
		default:
			return
		}
		if n.Data == "button" && ancestor(n, func(a *html.Node) bool { return len(a.Data) == 2 && a.Data[0] == 'h' }) != nil {
			unwrapNode(n) // the headings of folded sections are buttons
			return
		}
		if !p.heavy(n) {
			p.lose(n)
			remove(n)
		}
	})
}

// inFrame reports whether an element is beside a picture.
func inFrame(n *html.Node) bool {
	for up := 0; n.Parent != nil && up < 3; up++ {
		n = n.Parent
		if n.Data == "figure" || frameMark.MatchString(marks(n)) {
			return true
		}
	}
	return false
}

var quoting = regexp.MustCompile(`(?i)info|box|quote|zitat|fact|note|hinweis|highlight|intro|lead`)

// embeds removes frames and players together with the texts about them: consent boxes,
// links to skip them.
func (p *pruner) embeds() {
	p.d.tree.Find("iframe, object, embed, video, audio").Each(func(i int, s *goquery.Selection) {
		n := s.Nodes[0]
		if i >= maxMedia {
			remove(n)
			return
		}
		address := attr(n, "src") + attr(n, "data-src")
		if source := s.Find("source").First().AttrOr("src", ""); address == "" {
			address = source
		}
		if address != "" && !strings.HasPrefix(address, "about:") && !hiddenElement(n) && attr(n, "width") != "0" && attr(n, "height") != "0" && ancestor(n, hiddenElement) == nil {
			p.embedded = append(p.embedded, embedded{p.d.lineOf(n), address})
		}
		frame := n
		for up := n.Parent; up != nil && up.Data != "body" && up.Data != "article" && up.Data != "main" && up.Data != "td"; up = up.Parent {
			if len([]rune(textOf(up))) > 300 || p.weight[up]*5 > p.total || p.title != nil && within(p.title, up) {
				break
			}
			if goquery.NewDocumentFromNode(up).Find("img").Length() > 0 {
				break
			}
			frame = up
		}
		remove(frame)
	})
}

// maxMedia bounds the pictures and frames of a page that are examined: the page is
// searched around each of them, and a hostile page may have a hundred thousand.
const maxMedia = 200

func unwrapNode(n *html.Node) {
	for n.FirstChild != nil {
		c := n.FirstChild
		n.RemoveChild(c)
		n.Parent.InsertBefore(c, n)
	}
	remove(n)
}

// lines removes furniture from the text by its words: controls, tails, the title and
// the date repeated, lists of links.
func (p *pruner) lines(body *html.Node, title string) {
	blocks := leafBlocks(body)
	for i, b := range blocks {
		l := lineOf(b)
		switch {
		case l.text == "":
		case ornament(l.text) && l.length() < 12 && b.Data != "td":
			remove(b)
		case onlyControls(l.text):
			remove(b)
		case i < 4 && key(l.text) == key(title) && key(title) != "":
			remove(b)
		case i < 4 && looksLikeCrumbs(l.text) && l.length() < 200:
			remove(b)
		case i < 4 && p.dateLine(l):
			remove(dataBox(b, body))
		case i > len(blocks)-4 && p.dateLine(l):
			remove(b)
		case (i > len(blocks)-7 || i < 3) && tailLines.MatchString(l.text) && l.length() < 300 && !inFrame(b):
			remove(b)
		}
	}
	relatedBoxes(body)
	linkLists(body)
	trailingHeadings(body)
}

// relatedBoxes removes the boxes that offer other pages: the element that their heading
// begins, or else the heading and all its following siblings.
func relatedBoxes(body *html.Node) {
	blocks := leafBlocks(body)
	for i, b := range blocks {
		if i < len(blocks)/3 || !within(b, body) || !related[key(fold(lineOf(b).text))] {
			continue
		}
		box := b
		for box.Parent != nil && box.Parent != body && opens(box) {
			box = box.Parent
		}
		for s := box.NextSibling; box == b && s != nil; s = box.NextSibling {
			remove(s)
		}
		remove(box)
	}
}

// opens reports whether an element is the first with text in its parent.
func opens(n *html.Node) bool {
	for s := n.PrevSibling; s != nil; s = s.PrevSibling {
		if s.Type == html.TextNode && strings.TrimSpace(s.Data) != "" || s.Type == html.ElementNode && textOf(s) != "" {
			return false
		}
	}
	return true
}

// dataBox is the short list above a text that contains its date and other data, or
// else the block itself.
func dataBox(b, body *html.Node) *html.Node {
	box := ancestor(b, func(n *html.Node) bool { return n.Data == "dl" || n.Data == "ul" || n.Data == "table" })
	if box != nil && box != body && within(box, body) && lineOf(box).length() < 250 {
		return box
	}
	return b
}

// dateLine reports whether a short line is the date of the article.
func (p *pruner) dateLine(l line) bool {
	if l.length() > 90 {
		return false
	}
	for _, r := range findDates(l.text, p.d.language, dayFirst) {
		if aloneness(line{text: l.text}, candidate{reading: r}) && !strings.HasSuffix(l.text, ".") && !strings.HasSuffix(l.text, "。") {
			return true
		}
	}
	return false
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

// linkLists removes lists and tables that consist of links.
func linkLists(body *html.Node) {
	goquery.NewDocumentFromNode(body).Find("ul, ol, table, dl").Each(func(_ int, s *goquery.Selection) {
		n := s.Nodes[0]
		if n == body || n.Parent == nil || within(body, n) {
			return
		}
		l := lineOf(n)
		if links := s.Find("a").Length(); links > 1 && l.links*10 > l.length()*8 && l.length() < links*160 {
			remove(n)
		}
	})
}

// trailingHeadings removes headings that nothing follows.
func trailingHeadings(body *html.Node) {
	blocks := leafBlocks(body)
	for _, last := range slices.Backward(blocks) {
		if lineOf(last).text == "" && goquery.NewDocumentFromNode(last).Find("img").Length() == 0 {
			remove(last)
			continue
		}
		h := ancestor(last, func(n *html.Node) bool { return n == body || len(n.Data) == 2 && n.Data[0] == 'h' && n.Data != "hr" })
		if h == nil || h == body || followed(h, body) {
			return
		}
		remove(h)
	}
}

// followed reports whether text or a picture follows an element.
func followed(n, root *html.Node) bool {
	for ; n != nil && n != root; n = n.Parent {
		for s := n.NextSibling; s != nil; s = s.NextSibling {
			if s.Type == html.TextNode && strings.TrimSpace(s.Data) != "" {
				return true
			}
			if s.Type == html.ElementNode && (textOf(s) != "" || s.Data == "img" || goquery.NewDocumentFromNode(s).Find("img").Length() > 0) {
				return true
			}
		}
	}
	return false
}
