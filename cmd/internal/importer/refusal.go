package importer

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/richtext"
)

// list is what the lines of a text have of a list of other pages. What it quotes an article
// may quote, too, and a short statement often stands above offers: who says when it was
// published, and says something, is an article.
type list struct {
	lines       []leading
	own         bool // the page says when it was published itself
	dated       int  // titles of other pages with their dates
	days        int
	first, last int // lines that lead to other pages
	links, all  int // letters
	offers      int
	persons     int // of the offers
}

// leading is a line of a text, and whether it leads to another page.
type leading struct {
	line
	offers bool
}

// list looks at the text between the title of a page and its end.
func (d *document) list(at region, nodes []*html.Node) list {
	own := d.datesItself(at)
	// The rows of a table with a head are what an article tells, if it is one.
	offers := func(l line) bool { return l.links > 0 && d.offers(l) && !(own && inHeadedTable(l.node)) }
	var lines []leading
	for i := max(at.body, 0); i <= at.tail && i < len(d.lines); i++ {
		lines = append(lines, leading{d.lines[i], offers(d.lines[i])})
	}
	found := newList(lines)
	found.own = own
	found.links, found.all, found.offers, found.persons = 0, 0, 0, 0
	for _, n := range nodes {
		for _, l := range flatten(n) {
			found.count(leading{l, offers(l)})
		}
	}
	return found
}

// listInText is list for a saved text, of which each line is looked at.
func listInText(lines []line) list {
	all := make([]leading, len(lines))
	for i, l := range lines {
		// A text may have been saved without its links: its dates stand alone then.
		found := findDates(l.text, "", dayFirst)
		all[i] = leading{l, l.linked() || len(found) == 1 && saysLittle(l.text, found[0])}
	}
	found := newList(all)
	found.links = 0 // menus were saved, too
	return found
}

func newList(lines []leading) list {
	found := list{lines: lines, first: -1}
	days := map[[3]int]bool{}
	for i, l := range lines {
		found.count(l)
		if l.offers {
			if found.first < 0 {
				found.first = i
			}
			found.last = i
		}
		if l.length() > 260 {
			continue
		}
		r := findDates(l.text, "", dayFirst)
		if len(r) == 1 && (aloneness(l.line, candidate{reading: r[0]}) || l.linked()) && found.leadsNear(i) {
			days[[3]int{r[0].year, r[0].month, r[0].day}] = true
			found.dated++
		}
	}
	found.days = len(days)
	return found
}

func (f *list) count(l leading) {
	f.all += l.length()
	if !l.offers {
		return
	}
	f.links += l.links
	f.offers++
	if name, _, _ := strings.Cut(l.text, ","); personal(name) {
		f.persons++
	}
}

// leadsNear reports whether a line leads to another page, or one beside it does: without
// that a date is one of a programme, or of a chronicle.
func (f *list) leadsNear(i int) bool {
	for k := max(i-2, 0); k <= min(i+2, len(f.lines)-1); k++ {
		if f.lines[k].offers {
			return true
		}
	}
	return false
}

// offers reports whether a line leads to another page, and is little else. Files, places of
// this page and addresses to write to are none.
func (d *document) offers(l line) bool {
	if !l.linked() || l.node == nil {
		return false
	}
	a := ancestor(l.node, leads)
	if a == nil {
		block := ancestor(l.node, func(n *html.Node) bool { return blockTags[n.Data] })
		if block == nil {
			return true
		}
		links := linksIn(block)
		if len(links) == 0 {
			return true
		}
		a = links[0]
	}
	href := strings.TrimSpace(attr(a, "href"))
	return !fileName.MatchString(href) && (!noPage.MatchString(href) || scripted.MatchString(href))
}

// inHeadedTable reports whether a cell is one of a table whose columns have names.
func inHeadedTable(n *html.Node) bool {
	table := ancestor(n, func(n *html.Node) bool { return n.Data == "table" })
	return table != nil && firstIn(table, headCells) != nil
}

var headCells = set("th")

var scripted = lazyregexp.New(`(?i)^javascript:`)

// datesItself reports whether a page says when it was published: in a line between its title
// and what it lists, or in its metadata.
func (d *document) datesItself(at region) bool {
	if d.ownData && d.linked.published != "" || d.first("article:published_time") != "" {
		return true
	}
	if at.title < 0 {
		return false
	}
	for i := at.title + 1; i < len(d.lines) && i <= at.tail && !d.offers(d.lines[i]); i++ {
		l := d.lines[i]
		if i+1 < len(d.lines) && d.offers(d.lines[i+1]) || updatedLabel.MatchString(l.text) {
			continue
		}
		if r := findDates(l.text, d.language, dayFirst); len(r) == 1 && (saysLittle(l.text, r[0]) || aloneness(l, candidate{reading: r[0]}) && (publishedLabel.MatchString(l.text) || markedAsDate(l.node))) {
			return true
		}
	}
	return false
}

// refusal says why a page is no article, or nothing.
func (f *list) refusal(title, text, head string) string {
	const short, brief = 900, 200
	runes := utf8.RuneCountInString(text)
	if runes < short && (!f.own || runes < brief) && (missing.MatchString(title) || missing.MatchString(firstRunes(text, brief)) || missing.MatchString(head)) {
		return "the page says that the article is gone: " + firstRunes(title+" "+strings.TrimSpace(text), 80)
	}
	prose, sentences, listed := f.prose()
	above := f.above()
	switch {
	case f.own && prose > 0, prose > listed && sentences > 1, above > leastArticle:
		return "" // an article that quotes a list
	case f.dated >= 3 && f.days >= 2 && f.dated > 2*sentences && (f.days >= 3 || sentences == 0 && f.dated > 5):
		return fmt.Sprintf("the page is a list of %d dated titles, no article: give the pages that it lists", f.dated)
	case f.links*2 > f.all && f.offers > 4 && f.persons*2 <= f.offers:
		return "the page is a list of links, no article: give the pages that it lists"
	}
	return ""
}

// leastArticle are the letters of sentences that no list has above what it lists.
const leastArticle = 400

// above measures the sentences that stand in front of what a text lists.
func (f *list) above() (prose int) {
	for _, l := range f.lines[:max(f.first, 0)] {
		if size := max(l.length(), textWeight(l.line)); size >= 40 && !l.linked() && endsSentence(l.text) {
			prose += size
		}
	}
	return prose
}

// prose measures the sentences of a text that are none of what it lists, and what it lists.
// Between titles and right behind them stand the beginnings of pages more likely, unless they
// are long.
func (f *list) prose() (prose, sentences, listed int) {
	const outside, inside, behind = 40, 120, 2
	for i, l := range f.lines {
		size := max(l.length(), 3*textWeight(l.line)/2-l.length()/2)
		least := outside
		if f.first >= 0 && i > f.first && i <= f.last+behind {
			least = inside
		}
		switch {
		case size >= least && !l.linked() && endsSentence(l.text):
			sentences++
			prose += size
		case l.offers:
			listed += l.length()
		}
	}
	return prose, sentences, listed
}

// quote says of a page that was refused what stands on it: its own words, and the first of
// what it lists.
func (p *Page) quote(lines []leading) {
	const words, titles = 2 * maxQuote, maxQuote
	says, lists := "", ""
	for _, l := range lines {
		found := findDates(l.text, "", dayFirst)
		item := l.offers || len(found) == 1 && saysLittle(l.text, found[0])
		switch {
		case l.text == "":
		case item && len(lists) < 8*titles:
			lists = join(lists, l.text)
		case !item && len(says) < 8*words:
			says = join(says, l.text)
		}
	}
	if says != "" {
		p.problem("it says: " + richtext.Shorten(says, words))
	}
	if lists != "" {
		p.problem("it lists: " + richtext.Shorten(lists, titles))
	}
}

func join(text, line string) string {
	if text == "" {
		return line
	}
	return text + " / " + line
}
