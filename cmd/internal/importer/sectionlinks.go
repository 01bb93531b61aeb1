package importer

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/richtext"
)

// longestSection bounds what a link or a label names as a section, in characters.
const longestSection = 60

// findSection returns the section of a page, from the top down: its breadcrumb, or else what
// a label or a link above the title says.
func (d *document) findSection(title heading) []string {
	if crumbs := d.findCrumbs(title.text); len(crumbs) > 0 {
		return crumbs
	}
	if filed := d.filedUnder(title); len(filed) > 0 {
		return filed
	}
	if a := d.linkAbove(title); a != nil {
		return []string{crumbName(textOf(a))}
	}
	return nil
}

// filed are the elements that say of themselves, or by the label before them, that the page is
// filed under what they say: links, and short words that are none.
func (d *document) filed() (found []*html.Node) {
	for _, n := range d.tree.Find("a[href], span, div, dd, td, p, strong, b, em, i").Nodes {
		if n.Data != "a" && (n.FirstChild == nil || n.FirstChild != n.LastChild || n.FirstChild.Type != html.TextNode) {
			continue
		}
		if size := len(textOfShort(n)); size < 2 || size > 4*longestSection || !filedLabel(n) && !(n.Data == "a" && slices.Contains(strings.Fields(attr(n, "rel")), "category")) {
			continue
		}
		if size := utf8.RuneCountInString(textOf(n)); size > 1 && size <= longestSection && ancestor(n, isTeaser) == nil {
			found = append(found, n)
		}
	}
	return found
}

// textOfShort is the text of an element as it is written, or its beginning.
func textOfShort(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
		if b.Len() > 1000 {
			break
		}
	}
	return strings.TrimSpace(b.String())
}

// filedLabel reports whether a label of what pages are filed under stands before an element.
func filedLabel(n *html.Node) bool { return labelOfFiled(n) != nil }

// labelOfFiled is the label of what pages are filed under that stands before an element, in a
// text or an element of its own.
func labelOfFiled(n *html.Node) *html.Node {
	const highest, longest = 3, 200
	for up := 0; up < highest && n.Parent != nil && n.Parent.Type == html.ElementNode; up++ {
		before := n.PrevSibling
		for before != nil && (before.Type == html.CommentNode || before.Type == html.TextNode && strings.TrimSpace(before.Data) == "") {
			before = before.PrevSibling
		}
		if before != nil {
			text := before.Data
			if before.Type == html.ElementNode {
				text = textOfShort(before)
			}
			text = behindLast(text, "|·•")
			if len(text) < longest && before.Data != "a" && filedIn.MatchString(text) {
				return before
			}
			return nil
		}
		if textOfShort(n.Parent) != textOfShort(n) {
			return nil
		}
		n = n.Parent
	}
	return nil
}

// behindLast is what stands behind the last of some signs, or all of a text without one.
func behindLast(text, signs string) string {
	at := strings.LastIndexAny(text, signs)
	if at < 0 {
		return text
	}
	_, size := utf8.DecodeRuneInString(text[at:])
	return text[at+size:]
}

// filedUnder is the section of a page that has no breadcrumb: what it says that it is filed
// under. Several are keywords, not a place.
func (d *document) filedUnder(title heading) []string {
	var found []string
	var said []*html.Node
	add := func(name string, nodes ...*html.Node) {
		if name = crumbName(name); name != "" && !noSection(name) {
			said = append(said, nodes...)
			if !slices.Contains(found, name) {
				found = append(found, name)
			}
		}
	}
	for _, n := range d.filed() {
		add(textOf(n), n)
		if label := labelOfFiled(n); label != nil && (label.Type == html.TextNode && filedIn.MatchString(label.Data) || label.Type == html.ElementNode && filedIn.MatchString(textOf(label))) {
			said = append(said, label)
		}
	}
	if len(found) == 0 {
		for _, l := range d.linesNear(title) {
			if m := labelledSection.FindStringSubmatch(l.text); m != nil && namesPlace(m[2]) {
				if add(m[2]); m[0] == l.text {
					said = append(said, l.node)
				}
			}
		}
	}
	if len(found) != 1 {
		return nil
	}
	for _, n := range said {
		d.ledger.keep(n, inSection)
	}
	return found
}

// linesNear are the lines around a title in which a page may say where it is filed.
func (d *document) linesNear(title heading) (near []line) {
	if title.line < 0 {
		return nil
	}
	const most = 8
	for _, l := range d.lines[max(title.line-most, 0):min(title.line+most, len(d.lines))] {
		if l.node != nil && len(l.text) < 400 && ancestor(l.node, isTeaser) == nil {
			near = append(near, l)
		}
	}
	return near
}

// labelledLines are the elements near a title whose words are such a label and one name.
func (d *document) labelledLines(title heading) (found []*html.Node) {
	for _, l := range d.linesNear(title) {
		if m := labelledSection.FindStringSubmatch(l.text); m != nil && m[0] == l.text && namesPlace(m[2]) && textOf(l.node) == l.text {
			found = append(found, l.node)
		}
	}
	return found
}

// namesPlace reports whether words behind a label are one name.
func namesPlace(text string) bool {
	return !endsSentence(text) && !strings.ContainsAny(text, ",;:：，、")
}

var labelledSection = lazyregexp.New(`(?i)(?:^|[|·•]\s*)(` + filing + `)\s*[:：]\s*([^|·•]{2,60})(?:$|[|·•])`)

// lineAbove is the line above the title, and above the date if that stands between them.
func (d *document) lineAbove(title heading) line {
	at := title.line - 1
	if found := findDates(d.lines[at].text, d.language, dayFirst); len(found) == 1 && saysLittle(d.lines[at].text, found[0]) && at > 0 {
		at--
	}
	return d.lines[at]
}

// linkAbove is the link right above the title, the only one there in what contains the title:
// of a page without a breadcrumb it leads to the section.
func (d *document) linkAbove(title heading) *html.Node {
	if title.node == nil || title.line < 1 {
		return nil
	}
	l := d.lineAbove(title)
	a := ancestor(l.node, leads)
	if a == nil || l.links < l.length() || inNavigation(a) || ancestor(a, isTeaser) != nil || buttonMarks.MatchString(marks(a)) || !d.headsTitle(a, title.node) {
		return nil
	}
	name, href := richtext.CleanText(textOf(a)), strings.TrimSpace(attr(a, "href"))
	first, _ := utf8.DecodeRuneInString(name)
	switch {
	case utf8.RuneCountInString(name) > longestSection || !wordy(first) || noSection(name) || isRoot(name) || key(name) == key(title.text) || key(name) == key(d.first("og:site_name")):
		return nil
	case noPage.MatchString(href) || fileName.MatchString(href) || d.siteRoot(href) || onlyControls(name):
		return nil
	}
	return a
}

// headsTitle reports whether a link stands in what the title begins, and is the only one there
// above it.
func (d *document) headsTitle(a, title *html.Node) bool {
	const highest = 3
	n := title.Parent
	for up := 0; up < highest && n != nil && n.Data != "td" && textOf(n) == textOf(title); up++ {
		n = n.Parent
	}
	if n == nil || n.Data == "body" || n.Data == "tr" || !within(a, n) {
		return false
	}
	links := 0
	for c := range n.Descendants() {
		if leads(c) && d.order(c) < d.order(title) {
			links++
		}
	}
	return links == 1
}
