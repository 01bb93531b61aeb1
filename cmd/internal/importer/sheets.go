package importer

import (
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/richtext"
)

const (
	// maxRules bounds the rules that are tried on a page, and maxStyled the elements to
	// which they are applied.
	maxRules  = 100
	maxStyled = 10_000
)

// applySheets writes into the style of elements what the style sheets in the page say of
// them, as far as they hide, strike or raise their text, and marks what nobody can read
// for its colours. A sheet that hides much of the page is waiting for a script that shows
// it.
func (d *document) applySheets(linked func(href string) *LinkedSheet) {
	var css strings.Builder
	d.tree.Find("style").Each(func(_ int, s *goquery.Selection) {
		if media := s.AttrOr("media", "all"); media == "all" || media == "screen" {
			css.WriteString(s.Text() + "\n")
		}
	})
	sheet := richtext.ReadSheet(css.String())
	sizes := map[*html.Node]int{}
	whole := measureText(d.tree.Nodes[0], sizes)
	named := d.marksOn()
	shown := shownSometimes(css.String(), named)
	added := map[*html.Node]string{}
	for _, r := range sheet.Rules[:min(len(sheet.Rules), maxRules)] {
		nodes := d.tree.Find(r.Selector).Nodes
		if r.Hides && covered(nodes, sizes)*3 >= whole {
			continue
		}
		for _, n := range nodes {
			if len(added) < maxStyled && !(r.Hides && shown(n, r.Weight)) {
				added[n] += r.Style
			}
		}
	}
	for n, style := range added {
		setAttr(n, "style", style+attr(n, "style"))
	}
	d.applyLinked(linked, css.String(), named, sizes, whole)
	knows := func(string) bool { return false }
	if css.Len() > 0 && !d.styledElsewhere(css.String()) {
		knows = func(class string) bool { return !sheet.Doubts(class) }
	}
	d.judgeSights(knows, whole)
}

// covered is how much text elements have, some of which may be in others.
func covered(nodes []*html.Node, sizes map[*html.Node]int) int {
	all := make(map[*html.Node]bool, len(nodes))
	for _, n := range nodes {
		all[n] = true
	}
	sum := 0
	for _, n := range nodes {
		if n.Parent == nil || ancestor(n.Parent, func(a *html.Node) bool { return all[a] }) == nil {
			sum += sizes[n]
		}
	}
	return sum
}

// styledElsewhere reports whether a style sheet that is not in the page may say more.
func (d *document) styledElsewhere(css string) bool {
	elsewhere := strings.Contains(css, "@import")
	d.tree.Find("link[rel][href]").Each(func(_ int, s *goquery.Selection) {
		sheet := strings.Contains(strings.ToLower(s.AttrOr("rel", "")), "stylesheet")
		elsewhere = elsewhere || sheet && s.AttrOr("media", "all") != "print"
	})
	return elsewhere
}

// judgeSights marks text that nobody can read for its colours or its size as hidden, with
// all of the page around it in view, and takes from the page what says so: the cleaning
// sees the text alone.
func (d *document) judgeSights(knows func(string) bool, whole int) {
	j := sights{knows: knows, hidden: map[*html.Node]int{}, seen: map[*html.Node]int{}}
	j.look(d.tree.Nodes[0], richtext.OnPaper())
	if j.size*3 < whole {
		j.mark(d.tree.Nodes[0])
	}
	for _, n := range j.stated {
		kept := n.Attr[:0]
		for _, a := range n.Attr {
			if a.Key == "style" {
				a.Val = colourStatement.ReplaceAllString(a.Val, "$1")
			}
			if !colourAttributes[a.Key] {
				kept = append(kept, a)
			}
		}
		n.Attr = kept
	}
}

var (
	colourAttributes = set("color bgcolor text background")
	colourStatement  = lazyregexp.New(`(?i)(^|;)\s*(?:color|background[a-z-]*|-webkit-[a-z-]+|text-shadow|mso-highlight|mso-shading|font|font-size)\s*:[^;]*`)
)

// sights are how the texts of a page are seen.
type sights struct {
	knows        func(class string) bool
	hidden, seen map[*html.Node]int // texts in each element
	size         int                // of what is hidden, in characters
	stated       []*html.Node       // the elements that say something of colours
}

func (j *sights) look(n *html.Node, s richtext.Sight) {
	switch {
	case n.Type == html.TextNode && strings.TrimSpace(n.Data) != "" && s.Hides():
		j.hidden[n]++
		j.size += utf8.RuneCountInString(n.Data)
	case n.Type == html.TextNode && strings.TrimSpace(n.Data) != "", n.Data == "img" || isMedium(n):
		j.seen[n]++
	}
	if n.Type == html.ElementNode {
		if unseen[n.Data] {
			return
		}
		s = s.Within(n, attr(n, "style"), j.knows)
		for _, a := range n.Attr {
			if a.Key == "style" || colourAttributes[a.Key] {
				j.stated = append(j.stated, n)
				break
			}
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		j.look(c, s)
		j.hidden[n] += j.hidden[c]
		j.seen[n] += j.seen[c]
	}
}

// mark marks elements of which all is hidden, and hidden text beside other text.
func (j *sights) mark(n *html.Node) {
	switch {
	case j.hidden[n] == 0:
		return
	case n.Type == html.ElementNode && j.seen[n] == 0 && n.Data != "html" && n.Data != "body":
		n.Attr = append(n.Attr, html.Attribute{Key: hiddenMark, Val: "style"})
		return
	case n.Type == html.TextNode:
		span := &html.Node{Type: html.ElementNode, Data: "span", Attr: []html.Attribute{{Key: hiddenMark, Val: "style"}}}
		if at := attr(n.Parent, positionMark); at != "" {
			span.Attr = append(span.Attr, html.Attribute{Key: positionMark, Val: at})
		}
		n.Parent.InsertBefore(span, n)
		n.Parent.RemoveChild(n)
		span.AppendChild(n)
		return
	}
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		j.mark(c)
		c = next
	}
}

// measureText counts the characters of text in each element.
func measureText(n *html.Node, sizes map[*html.Node]int) int {
	switch {
	case n.Type == html.TextNode:
		return utf8.RuneCountInString(strings.TrimSpace(n.Data))
	case n.Type == html.ElementNode && unseen[n.Data]:
		return 0
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		sizes[n] += measureText(c, sizes)
	}
	return sizes[n]
}

func setAttr(n *html.Node, key, value string) {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			n.Attr[i].Val = value
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: key, Val: value})
}
