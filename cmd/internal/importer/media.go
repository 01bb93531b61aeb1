package importer

import (
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// medium is a frame, a player or an object that was taken out of a page, and what holds
// its place. One in the text is put back: the cleaning leaves the author's own
// alternative of it, or a link to it.
type medium struct {
	node, place *html.Node
	line        int
	address     string
	// asked is whether the box around it asks readers for their consent before it is
	// loaded. It is left out with the box then.
	asked bool
	back  bool
}

var (
	mediaElements = []string{"iframe", "object", "embed", "video", "audio", "canvas"}
	mediaTags     = strings.Join(mediaElements, ", ") // as a selector
)

// maxMedia bounds the pictures and frames of a page that are examined: the page is
// searched around each of them, and a hostile page may have a hundred thousand.
const maxMedia = 200

// takeMedia takes out the media of a page; around says what goes with one.
func (p *pruner) takeMedia(around func(n *html.Node) *html.Node) {
	p.d.tree.Find(mediaTags).Each(func(i int, s *goquery.Selection) {
		n := s.Nodes[0]
		if n.Parent == nil || ancestor(n.Parent, isMedium) != nil {
			return
		}
		frame := n
		if i < maxMedia {
			frame = around(n)
		}
		if unnoticed(n) || len(p.media) >= maxLost {
			p.d.remove(frame, besideFrame)
			return
		}
		p.takeMedium(n, frame)
	})
}

// holdsMedium reports whether one that was taken out stood in an element.
func (p *pruner) holdsMedium(n *html.Node) bool {
	return slices.ContainsFunc(p.media, func(m medium) bool { return within(m.place, n) })
}

func isMedium(n *html.Node) bool { return slices.Contains(mediaElements, n.Data) }

// unnoticed reports whether nobody sees a frame: it counts readers.
func unnoticed(n *html.Node) bool {
	for _, side := range []string{"width", "height"} {
		if size := strings.TrimSuffix(attr(n, side), "px"); size == "0" || size == "1" || size == "2" {
			return true
		}
	}
	return strings.HasPrefix(mediumAddress(n), "about:") && textOf(n) == "" || ancestor(n, hiddenElement) != nil
}

// mediumAddress is the address of what a medium shows.
func mediumAddress(n *html.Node) string {
	for _, name := range []string{"src", "data", "data-src"} {
		if address := strings.TrimSpace(attr(n, name)); address != "" {
			return address
		}
	}
	for _, s := range goquery.NewDocumentFromNode(n).Find("source[src], embed[src], param[name=movie], param[name=src]").Nodes {
		if address := strings.TrimSpace(attr(s, "src") + attr(s, "value")); address != "" {
			return address
		}
	}
	return ""
}

// takeMedium takes out a medium with the texts about it.
func (p *pruner) takeMedium(n, frame *html.Node) {
	place := &html.Node{Type: html.CommentNode}
	m := medium{node: n, place: place, line: p.d.lineOf(n), address: mediumAddress(n)}
	frame.Parent.InsertBefore(place, frame)
	remove(n)
	if frame != n {
		m.asked = consenting.MatchString(textOf(frame))
		p.d.ledger.drop(frame, besideFrame)
		remove(frame)
	}
	p.media = append(p.media, m)
}

// returnMedia puts the media of the text back into it.
func (p *pruner) returnMedia(text *html.Node) {
	for i := range p.media {
		m := &p.media[i]
		if m.asked || !within(m.place, text) {
			p.d.ledger.drop(m.node, besideFrame)
			continue
		}
		m.back = true
		m.place.Parent.InsertBefore(m.node, m.place)
		p.silence(m.node)
		remove(m.place)
	}
}

// apologises reports whether the words in a medium are none of the text: by a profile what
// other pages say there, too.
func (p *pruner) apologises(text string) bool {
	if p.strict {
		return p.unheard(text)
	}
	return consenting.MatchString(text) || onlyControls(text)
}

// mediumNames are what the cleaning calls them.
var mediumNames = map[string]string{"iframe": "a frame", "object": "an object", "embed": "an object", "video": "a video", "audio": "a recording", "canvas": "a drawing"}

// speak leaves of a medium what it says where it is not shown: the cleaning would judge that
// by its words.
func (p *pruner) speak(n *html.Node) {
	p.page.note(p.d.lineOf(n), mediumNames[n.Data]+" was replaced by its alternative: "+mediumAddress(n))
	for _, of := range goquery.NewDocumentFromNode(n).Find("source, param, track, embed").Nodes {
		remove(of)
	}
	n.Data, n.Attr = "div", slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key != positionMark })
}

// silence takes out of a medium what says nothing but that a browser cannot show it;
// what stands in a frame no browser shows.
func (p *pruner) silence(n *html.Node) {
	text := strings.TrimSpace(goquery.NewDocumentFromNode(n).Text())
	if n.Data != "iframe" && !p.apologises(text) {
		if p.strict && text != "" {
			p.speak(n)
		}
		return
	}
	if text != "" {
		p.loseText(n, "what "+mediumNames[n.Data]+" says where it is not shown was left out", text)
	}
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if !slices.Contains([]string{"source", "param", "embed", "object"}, c.Data) {
			p.d.ledger.drop(c, besideFrame)
			remove(c)
		}
		c = next
	}
}
