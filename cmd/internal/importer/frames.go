package importer

import (
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"communique/storage/richtext"
)

// creditAttribute carries what the page says of who made a picture from
// frameImages to collectImages; richtext drops it from the body.
const creditAttribute = "data-communique-credit"

// frameImages turns what templates put around a picture (links to a larger one,
// wrappers, captions) into figures, and drops a caption that is repeated. What the
// picture and words of its caption lead to stays. A credit on a line of its own becomes
// the picture's and is not part of the text.
func frameImages(root *html.Node) {
	for i, img := range allIn(root, pictureElements) {
		if !within(img, root) {
			continue
		}
		if i >= maxMedia {
			remove(img)
			continue
		}
		frame := frameOf(img, root)
		if frame == img {
			continue
		}
		said := captionsOf(frame)
		link := linkOf(img, frame)
		figure := &html.Node{Type: html.ElementNode, Data: "figure"}
		frame.Parent.InsertBefore(figure, frame)
		following := nextText(frame, root)
		remove(frame)
		remove(img)
		figure.AppendChild(link)
		if link != img {
			link.AppendChild(img)
		}
		said.put(figure, img)
		if following != nil && said.text != "" && slices.Contains([]string{key(said.text), key(said.all)}, key(lineOf(following).text)) {
			remove(following)
		}
	}
}

// frameOf is the outermost element around a picture that contains only captions
// besides it.
func frameOf(img, root *html.Node) *html.Node {
	frame := img
	for n := img.Parent; n != nil && n != root && n.Data != "td" && n.Data != "li"; n = n.Parent {
		if s := goquery.NewDocumentFromNode(n); s.Find("img").Length() != 1 || s.Find("area[alt], "+mediaTags).Length() > 0 {
			break
		}
		text := textOf(n)
		marked := n.Data == "figure" || n.Data == "picture" || marked(frameMark, marks(n)) || onlyCaptions(n)
		if text == "" || marked && len([]rune(text)) < 500 {
			if n.Data != "p" || marked {
				frame = n
			}
			continue
		}
		if n.Data == "a" || n.Data == "em" || n.Data == "span" {
			continue
		}
		break
	}
	return frame
}

// onlyCaptions reports whether all words of an element are marked as captions.
func onlyCaptions(n *html.Node) bool {
	lines := flatten(n)
	for _, l := range lines {
		if caption := ancestor(l.node, func(a *html.Node) bool { return a == n || a.Data == "figcaption" || marked(captionMark, marks(a)) }); caption == nil || caption == n {
			return false
		}
	}
	return len(lines) > 0
}

// nextText is the next leaf block after an element.
func nextText(n, root *html.Node) *html.Node {
	for ; n != nil && n != root; n = n.Parent {
		for s := n.NextSibling; s != nil; s = s.NextSibling {
			if s.Type == html.ElementNode && textOf(s) != "" {
				if blocks := leafBlocks(s); len(blocks) > 0 {
					return blocks[0]
				}
				return s
			}
			if s.Type == html.TextNode && strings.TrimSpace(s.Data) != "" {
				return nil
			}
		}
	}
	return nil
}

// pictureLink marks the link of a framed picture, which up to version 0.4 was taken away.
const pictureLink = "data-communique-link"

// linkOf is the picture with the link around it, as far as that leads anywhere: what
// opens a script is nothing without it.
func linkOf(img, frame *html.Node) *html.Node {
	link := ancestor(img, leads)
	if link == nil || !within(link, frame) {
		return img
	}
	if to := strings.ToLower(strings.TrimSpace(attr(link, "href"))); to == "#" || strings.HasPrefix(to, "javascript:") {
		return img
	}
	attributes := append(slices.Clone(link.Attr), html.Attribute{Key: pictureLink})
	return &html.Node{Type: html.ElementNode, Data: "a", Attr: attributes}
}

// captions are the different texts in a frame, without the short links to downloads and
// larger pictures.
type captions struct {
	text   string // as it is compared
	shown  string // as readers are to see it
	html   string // the same with what is linked or set off
	credit string // which is none of it
	all    string // text and credit, in their order
}

func captionsOf(frame *html.Node) captions {
	partCredits(frame)
	var c captions
	seen := map[string]bool{}
	var text, seem, marked, all []string
	for _, l := range shownLines(frame) {
		if l.linked() && (len(strings.Fields(l.text)) < 4 && l.length() < 25 && !inCaptionElement(l.node) || fileSize.MatchString(l.text)) || onlyControls(l.text) || seen[key(l.text)] {
			continue
		}
		seen[key(l.text)] = true
		all = append(all, l.text)
		if c.credit == "" && isCredit(l) {
			c.credit = l.shown
			continue
		}
		text, seem, marked = append(text, l.text), append(seem, l.shown), append(marked, l.html)
	}
	c.text, c.shown, c.html, c.all = strings.Join(text, " "), richtext.Line(strings.Join(seem, " ")), strings.Join(marked, " "), strings.Join(all, " ")
	return c
}

// partCredits gives a credit at the end of a caption a line of its own, if its element says
// that it is one, or it begins with the sign.
func partCredits(frame *html.Node) {
	for n := range frame.Descendants() {
		if n.Type != html.ElementNode || n.Data != "span" && n.Data != "small" || !marked(creditMark, marks(n)) && !creditSign.MatchString(textOf(n)) {
			continue
		}
		if n.PrevSibling != nil && !followed(n, ancestor(n.Parent, func(a *html.Node) bool { return a == frame || blockTags[a.Data] })) {
			n.Data = "div"
		}
	}
}

// put writes the caption into the figure of a picture.
func (c captions) put(figure, img *html.Node) {
	if c.credit != "" {
		img.Attr = append(img.Attr, html.Attribute{Key: creditAttribute, Val: c.credit})
	}
	set := strings.Contains(c.html, "<")
	if c.credit != "" || c.shown != c.text || set {
		img.Attr = append(img.Attr, html.Attribute{Key: formerCaption, Val: c.all})
	}
	if c.text == "" {
		return
	}
	caption := &html.Node{Type: html.ElementNode, Data: "figcaption"}
	if set {
		// An error would come from the reader, and a string has none.
		inner, _ := html.ParseFragment(strings.NewReader(c.html), &html.Node{Type: html.ElementNode, Data: "figcaption", DataAtom: atom.Figcaption})
		for _, n := range inner {
			caption.AppendChild(n)
		}
	} else {
		caption.AppendChild(&html.Node{Type: html.TextNode, Data: c.shown})
	}
	figure.AppendChild(caption)
}

// inCaptionElement reports whether a text stands in what the page says is a caption.
func inCaptionElement(n *html.Node) bool {
	return ancestor(n, func(n *html.Node) bool { return n.Data == "figcaption" || marked(captionMark, marks(n)) }) != nil
}

// isCredit reports whether a line beside a picture only says who made it: it
// begins with the sign, or is all that an element marked so has.
func isCredit(l line) bool {
	if l.length() > 120 {
		return false
	}
	if creditSign.MatchString(l.text) {
		return true
	}
	credit := ancestor(l.node, func(n *html.Node) bool { return marked(creditMark, marks(n)) })
	return credit != nil && textOf(credit) == l.text
}
