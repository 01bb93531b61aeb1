package importer

import (
	"slices"

	"golang.org/x/net/html"
)

// figures puts pictures and the captions that the profile names into figures.
func (p *profiled) figures(holder *html.Node) {
	for i, c := range p.profile.captions.all(holder) {
		if i >= maxMedia {
			return
		}
		if img := pictureAbove(c); img != nil {
			figureAt(c, img, c)
			remove(c)
			continue
		}
		frame := frameWith(c)
		if frame != nil && frame.Data == "figure" && c.Data == "figcaption" {
			continue
		}
		if frame == holder || slices.Contains(p.body, frame) {
			frame = nil // of the text, which is short
		}
		var img *html.Node
		if frame != nil {
			img = allIn(frame, pictureElements)[0]
		} else if img = pictureBefore(c); img == nil {
			continue
		}
		place, shown := img, img
		if a := img.Parent; a.Data == "a" && a.FirstChild == a.LastChild {
			place, shown = a, a // it leads to a larger one
		}
		for n := place.Parent; n != nil && n != holder && parts[n.Data] || n == frame && frame != nil && splitBy[n.Data]; n = n.Parent {
			place = n // figures stand in no list and no table
		}
		figureAt(place, shown, c)
		remove(c)
	}
}

// figureAt makes a figure in front of an element, of a picture and what else a caption has.
func figureAt(place, shown, caption *html.Node) {
	figure := &html.Node{Type: html.ElementNode, Data: "figure"}
	place.Parent.InsertBefore(figure, place)
	remove(shown)
	figure.AppendChild(shown)
	words := &html.Node{Type: html.ElementNode, Data: "figcaption"}
	for caption.FirstChild != nil {
		n := caption.FirstChild
		caption.RemoveChild(n)
		words.AppendChild(n)
	}
	figure.AppendChild(words)
}

// pictureAbove is the one picture with which an element begins that has a few words below it, and
// nothing else: a frame whose caption has no element of its own.
func pictureAbove(n *html.Node) *html.Node {
	const caption = 300 // letters
	pictures := allIn(n, pictureElements)
	l := lineOf(n)
	if n.Data == "p" || n.Data == "figure" || len(pictures) != 1 || l.text == "" || l.length() > caption || l.links > 0 {
		return nil
	}
	words := false
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case within(pictures[0], c):
			if words || lineOf(c).text != "" {
				return nil
			}
			words = true
		case c.Type == html.TextNode && saying(c.Data):
			if !words {
				return nil
			}
		case c.Type == html.ElementNode && blockTags[c.Data] && c.Data != "br":
			return nil
		}
	}
	return pictures[0]
}

// splitBy are elements in which figures cannot stand: what is left of them comes behind.
var splitBy = set("dl table p ul ol")
