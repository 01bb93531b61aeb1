package importer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/press"
	"communique/storage/richtext"
)

// textContainers are the elements in which content management systems put the text of
// an article and nothing else, the surest first.
const textContainers = `[itemprop~="articleBody"], [property~="schema:articleBody"], #News_Body_Txt_A, .TRS_Editor, .trs_editor_view, .TRS_UEDITOR, #UCAP-CONTENT, .trs_paper_default,
.field--name-body, .field-name-body, .entry-content, .article-body, .article__body, .article-content, .article__content, .article-text, .article__text, .articleBody, .articletext, .post-content, .post-body, .story-body,
.news-text, .news_text, .news-body, .news-content, .news_content, .news-detail-text, .detail-text, .body-text, .bodytext, .text-content, .rich-text, .richtext, .c-rte, .cms-content, .wysiwyg, #articleText, #article-text, #article-body, #articleContent, #article_content, #news-text, #newsText, #zoom, #Zoom, .conTxt, .con_txt, .pages_content, .documentContent #parent-fieldname-text, #parent-fieldname-text`

// leadMarks are template names for the text between title and article.
var leadMarks = namesLike(`(lead|lede|intro|introtext|intro-?text|introduction|abstract|perex|chapo|chapeau|standfirst|sub-?head(ing|line)?|sub-?title|untertitel|teaser-?text|vorspann|anriss\w*|summary|excerpt|entradilla|bajada|copete|sumario|resumo|linha-fina|sottotitolo|ingress|manchet|deck|dek|zhaiyao|daodu|anons|zajawka|uvod|preamble|document-?description)($|[\s_-]|text)`)

// measure returns how much running text every element contains. Links count against
// it, short lines count little, and characters of scripts without spaces count twice.
func measure(root *html.Node) map[*html.Node]int {
	weight := map[*html.Node]int{}
	for _, l := range flatten(root) {
		weight[l.node] += textWeight(l)
	}
	var sum func(*html.Node) int
	sum = func(n *html.Node) int {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode {
				weight[n] += sum(c)
			}
		}
		return weight[n]
	}
	sum(root)
	return weight
}

func textWeight(l line) int {
	n := 0
	for _, r := range l.text {
		n++
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
			n++
		}
	}
	n -= 2 * l.links
	switch {
	case n <= 0:
		return 0
	case n < 25:
		return n / 4
	}
	return n
}

// findBody returns the block that contains the text: down from the top as long as one
// child has nearly everything, then the container that the template names, if there
// is one inside or around it.
func (d *document) findBody(root *html.Node, weight map[*html.Node]int) *html.Node {
	at := root
	for {
		var best *html.Node
		for c := at.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode && (best == nil || weight[c] > weight[best]) {
				best = c
			}
		}
		if best == nil || weight[best] == 0 || !holdsParagraphs[best.Data] || weight[best]*100 < weight[at]*80 && !d.besideEntries(best) {
			break
		}
		at = best
	}
	if weight[at] == 0 {
		return nil
	}
	named := at
	best := 0
	goquery.NewDocumentFromNode(root).Find(textContainers).Each(func(_ int, s *goquery.Selection) {
		n := s.Nodes[0]
		if weight[n] > best && weight[n]*10 >= weight[at]*6 && !within(at, n) {
			named, best = n, weight[n]
		}
	})
	return named
}

// besideEntries reports whether beside an element with prose there is nothing in its row but
// lists of other pages: links, their dates and what heads them; and in front of it perhaps the
// title and the date.
func (d *document) besideEntries(n *html.Node) bool {
	const sentence = 80
	if !slices.ContainsFunc(flatten(n), func(l line) bool { return l.length() >= sentence && !l.linked() && endsSentence(l.text) }) {
		return false
	}
	lists, front := 0, true
	for c := n.Parent.FirstChild; c != nil; c = c.NextSibling {
		front = front && c != n
		switch {
		case c == n, c.Type == html.TextNode && strings.TrimSpace(c.Data) == "", c.Type == html.CommentNode, c.Type == html.ElementNode && textOf(c) == "":
		case c.Type == html.ElementNode && d.listsPages(c):
			lists++
		case c.Type == html.ElementNode && front && (isHeading(c) || d.onlyDated(textOf(c))):
		default:
			return false
		}
	}
	return lists > 0
}

// holdsParagraphs are the elements in which to look for the text.
var holdsParagraphs = set("html body div main article section table tbody tr td form center font span header blockquote fieldset figure aside b strong custom dl dd")

// article is the text of a page.
type article struct {
	nodes []*html.Node // in order; the body among them
	lead  string       // as it is compared with other texts
	shown string       // the lead, as readers are to see it
	leads []*html.Node
}

// cut collects the text. Running text between title and body belongs to the body,
// unless it is set apart: then it is the lead.
func (d *document) cut(body *html.Node, title heading, weight map[*html.Node]int) article {
	a := article{nodes: []*html.Node{body}}
	before, after := d.around(body, title, weight)
	a.nodes = append(append(before, body), after...)
	total := 0
	for _, n := range a.nodes {
		total += weight[n]
	}
	a.takeLead(d, body, title, weight, total)
	return a
}

// around returns blocks of running text beside the body that belong to the
// article: those between title and body, and those after the body that are inside one
// article element or lead to another block of the body's kind. What else could belong to
// the article is unsure.
func (d *document) around(body *html.Node, title heading, weight map[*html.Node]int) (before, after []*html.Node) {
	if title.node == nil {
		return nil, nil
	}
	defer func() { after = append(after, d.aimedAt(body, after)...) }()
	if within(title.node, body) {
		return nil, d.beside(body, weight)
	}
	for at := body; at.Parent != nil && at.Data != "body" && !within(title.node, at); at = at.Parent {
		paragraphsOf(at.Parent)
		var earlier []*html.Node
		for s := at.PrevSibling; s != nil; s = s.PrevSibling {
			if s.Type != html.ElementNode {
				continue
			}
			if within(title.node, s) {
				earlier = append(d.below(title.node, s, weight), earlier...)
				break
			}
			if d.belongs(s, weight) {
				earlier = append([]*html.Node{s}, earlier...)
			}
		}
		inArticle := ancestor(at.Parent, isArticle) != nil || !within(title.node, at.Parent) && ofText(at)
		if inArticle || within(title.node, at.Parent) || len(earlier) == 0 {
			before = append(earlier, before...)
		}
		var following []*html.Node
		last := 0
		for s := at.NextSibling; s != nil; s = s.NextSibling {
			if s.Type != html.ElementNode || !d.belongs(s, weight) {
				continue
			}
			following = append(following, s)
			if inArticle || alike(s, at) && running(s, weight) {
				last = len(following)
			}
		}
		if within(title.node, at.Parent) {
			text, unsure := d.behind(at, weight)
			last = max(last, len(text))
			d.unsure = append(d.unsure, unsure...)
		}
		after = append(after, following[:last]...)
		d.unsure = append(d.unsure, following[last:]...)
	}
	return before, after
}

// ofText reports whether the element around one has nothing but text: what stands there
// besides is of elements that texts are made of, or that no template has named, and leads
// nowhere. One long answer or article is not all of it then.
func ofText(n *html.Node) bool {
	others := 0
	for c := n.Parent.FirstChild; c != nil; c = c.NextSibling {
		if c == n || c.Type != html.ElementNode || unseen[c.Data] || textOf(c) == "" {
			continue
		}
		if !textElements[c.Data] && !unnamed(c) || lineOf(c).linked() {
			return false
		}
		others++
	}
	return others > 0 && n.Parent.Data != "body"
}

// below returns the prose that stands below the title in the element that heads an article,
// its first paragraph as often as not, with what belongs to the text before it.
func (d *document) below(title, head *html.Node, weight map[*html.Node]int) []*html.Node {
	var found []*html.Node
	last := 0
	for at := title; at != head; at = at.Parent {
		for s := at.NextSibling; s != nil; s = s.NextSibling {
			if s.Type != html.ElementNode || textOnly[s.Data] || !d.belongs(s, weight) {
				continue
			}
			found = append(found, s)
			if running(s, weight) && goquery.NewDocumentFromNode(s).Find("img, figcaption, form").Length() == 0 {
				last = len(found)
			}
		}
	}
	return found[:last]
}

// textOnly are elements that stand in a line of their block.
var textOnly = set("span a b strong em i font small time abbr")

// beside returns what follows a text that has the title in it: in its line, where a block
// has both, and other parts of its kind.
func (d *document) beside(body *html.Node, weight map[*html.Node]int) []*html.Node {
	var after []*html.Node
	for at := body; at.Parent != nil && !blockTags[at.Data]; at = at.Parent {
		paragraphsOf(at.Parent)
		for s := at.NextSibling; s != nil; s = s.NextSibling {
			if s.Type == html.ElementNode && d.belongs(s, weight) {
				after = append(after, s)
			}
		}
	}
	for s := body.NextSibling; s != nil && blockTags[body.Data]; s = s.NextSibling {
		if s.Type == html.ElementNode && alike(s, body) && d.belongs(s, weight) {
			after = append(after, s)
		}
	}
	if blockTags[body.Data] && body.Parent != nil && len(after) == 0 {
		paragraphsOf(body.Parent)
		text, unsure := d.behind(body, weight)
		after = append(after, text...)
		d.unsure = append(d.unsure, unsure...)
	}
	return after
}

// aimedAt returns what follows a text and is led to from it, and leads back: its footnotes,
// wherever a program has put them.
func (d *document) aimedAt(body *html.Node, taken []*html.Node) []*html.Node {
	aims := map[string]bool{}
	for _, a := range goquery.NewDocumentFromNode(body).Find("a[href^='#']").Nodes {
		aims[strings.TrimPrefix(attr(a, "href"), "#")] = true
	}
	var found []*html.Node
	if len(aims) == 0 {
		return nil
	}
	for at := body; at.Parent != nil && at.Data != "body"; at = at.Parent {
		for s := at.NextSibling; s != nil; s = s.NextSibling {
			if s.Type == html.ElementNode && !slices.Contains(taken, s) && notes(s, body, aims) {
				found = append(found, s)
			}
		}
	}
	return found
}

// notes reports whether an element has what a text leads to, and leads back to the text.
func notes(n, text *html.Node, aims map[string]bool) bool {
	s := goquery.NewDocumentFromNode(n)
	back := map[string]bool{}
	for _, a := range s.Find("a[href^='#']").Nodes {
		back[strings.TrimPrefix(attr(a, "href"), "#")] = true
	}
	named := func(root *goquery.Selection, all map[string]bool) bool {
		return len(all) > 0 && slices.ContainsFunc(root.Find("[id], a[name]").Nodes, func(e *html.Node) bool { return all[attr(e, "id")] || e.Data == "a" && all[attr(e, "name")] })
	}
	return n.Data != "nav" && n.Data != "footer" && named(s.Selection, aims) && named(goquery.NewDocumentFromNode(text).Selection, back)
}

// running reports whether an element is prose: sentences, hardly links.
func running(n *html.Node, weight map[*html.Node]int) bool {
	l := lineOf(n)
	class := attr(n, "class")
	// What is called a teaser and leads nowhere is the lead of this page.
	return weight[n] >= 60 && l.links*4 < l.length() && (!marked(teaserMarks, class) || marksLead(n) || l.links == 0 && strings.Contains(class, "teaser"))
}

// marksLead reports whether an element says of itself that it is a lead.
func marksLead(n *html.Node) bool {
	return leadMarks.MatchString(attr(n, "class")+" "+attr(n, "id")) ||
		attr(n, "itemprop") == "description" || attr(n, "itemprop") == "alternativeHeadline"
}

// takeLead finds the text that the page sets apart above the article. If it is a large
// part of the article, it is its first paragraph and stays.
func (a *article) takeLead(d *document, body *html.Node, title heading, weight map[*html.Node]int, total int) {
	region := body
	if title.node != nil {
		for region.Parent != nil && !within(title.node, region) {
			region = region.Parent
		}
	}
	opening := openingBlocks(body)
	goquery.NewDocumentFromNode(region).Find("*").EachWithBreak(func(_ int, s *goquery.Selection) bool {
		n := s.Nodes[0]
		if n == body || weight[n] > 4*press.MaxTitle {
			return true
		}
		if a.lead != "" || !marksLead(n) {
			return a.lead == ""
		}
		if n.Data == "body" || within(body, n) || title.node != nil && (within(title.node, n) || within(n, title.node)) || ancestor(n.Parent, isTeaser) != nil {
			return true
		}
		if within(n, body) && !slices.ContainsFunc(opening, func(b *html.Node) bool { return within(b, n) }) {
			return true // further down it is an introduction of something else
		}
		if !within(n, body) && d.order(n) > d.order(body) {
			return true
		}
		l := lineOf(n)
		text := richtext.CleanText(l.text)
		runes := utf8.RuneCountInString(text)
		if runes < 15 || l.linked() || goquery.NewDocumentFromNode(n).Find("p").Length() > 2 || runes > 300 && runes*8 > total {
			return true
		}
		if rs := findDates(text, d.language, dayFirst); len(rs) > 0 && aloneness(line{text: text}, candidate{reading: rs[0]}) {
			return true
		}
		a.lead, a.shown = text, shownText(n)
		a.leads = append(a.leads, n)
		return false
	})
	for _, n := range a.leads {
		var kept []*html.Node
		for _, o := range a.nodes {
			if o != n && !within(o, n) {
				kept = append(kept, o)
			}
		}
		a.nodes = kept
	}
}

// shownText is an element's text in one line, as readers are to see it.
func shownText(n *html.Node) string {
	var all []string
	for _, l := range shownLines(n) {
		if l.shown != "" {
			all = append(all, l.shown)
		}
	}
	return strings.Join(all, " ")
}

// openingBlocks returns the first block of running text in an element, with the
// short ones before it.
func openingBlocks(body *html.Node) []*html.Node {
	var opening []*html.Node
	for _, b := range leafBlocks(body) {
		runes := utf8.RuneCountInString(lineOf(b).text)
		if runes < 3 {
			continue
		}
		opening = append(opening, b)
		if runes > 60 || len(opening) == 4 {
			break
		}
	}
	return opening
}

// order is the position of an element in the document.
func (d *document) order(n *html.Node) int {
	if d.places == nil {
		d.places = map[*html.Node]int{}
		var walk func(*html.Node)
		walk = func(n *html.Node) {
			d.places[n] = len(d.places)
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				walk(c)
			}
		}
		walk(d.tree.Nodes[0])
	}
	return d.places[n]
}

// renderNodes is the HTML of the article's blocks.
func renderNodes(nodes []*html.Node) string {
	var b strings.Builder
	for _, n := range nodes {
		// An error would come from the writer, and this one has none.
		_ = html.Render(&b, n)
	}
	return b.String()
}
