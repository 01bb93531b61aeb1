package importer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/press"
	"communique/storage/richtext"
)

// Segment is a piece of a page, a run of text, a picture or a link, and what became of it.
type Segment struct {
	Line    int  `json:"line"`
	Picture bool `json:"picture,omitempty"`
	// Link is whether this is where a link leads to; its words follow as text. File is
	// whether that is a file by its name.
	Link bool   `json:"link,omitempty"`
	File bool   `json:"file,omitempty"`
	Text string `json:"text"` // or the address of a picture or a link
	Kept bool   `json:"kept"`
	// Reason is where it was kept, or why it was dropped.
	Reason string `json:"reason"`
	// amid is whether it stands between words of the text, and is one itself perhaps.
	amid bool
	// apart is whether a blank or the end of a line stands before it; aside whether it was
	// none of the text for a while, or to an earlier version of the program.
	apart, aside bool
	block        int // counts the lines of the page
}

// Why a piece is kept, or dropped.
const (
	inTitle, inLead, inText, inCaption, inDate, inSection, inFiles = "title", "lead", "text", "caption", "date", "section", "files"

	outside, repeated, menu, control, advert, hidden, caption, besideFrame, ornamental, onMost, lost, furnished, byProfile, tagged = "outside", "repeated", "menu", "control", "advert", "hidden", "caption of a gallery", "beside a frame", "ornament", "template", "beside the title or a picture", "links or data of the site", "profile", "read as a tag"
)

// MissingFile is the reason for which a link was left out that leads to a file beside the
// page, where it is not.
const MissingFile = "missing file"

// ledger has every piece of a page, in the order of the page, and its verdict. Pieces
// are the nodes of the tree themselves: they are moved and taken away, never copied, so
// that a verdict can be read off where they are in the end; whoever takes one away says
// why. At last the verdicts are held against what the page has become.
type ledger struct {
	pieces []*html.Node
	lines  []int
	apart  []bool // whether a blank or the end of a line stands before them
	blocks []int  // in which line of the text they stand, counted
	rows   []int  // the same where a line that is broken counts as several
	feet   []foot
	aside  map[*html.Node]bool   // those that were none of the text at first
	spans  map[*html.Node][2]int // of elements: the pieces in them
	why    map[*html.Node]string
	boxes  map[*html.Node]bool // whether these have little but links
	worded map[*html.Node]bool // lines of controls that have words which operate nothing
}

// unseen are elements without any text for people.
var unseen = set("head script style template link meta noframes")

func newLedger(d *document) *ledger {
	l := &ledger{aside: map[*html.Node]bool{}, spans: map[*html.Node][2]int{}, why: map[*html.Node]string{}, boxes: map[*html.Node]bool{}, worded: map[*html.Node]bool{}}
	apart, blocks, row := true, 0, 0
	add := func(n *html.Node, line, block int) {
		l.pieces, l.lines, l.apart, l.blocks, l.rows = append(l.pieces, n), append(l.lines, line), append(l.apart, apart), append(l.blocks, block), append(l.rows, row)
	}
	var walk func(n *html.Node, line, block int)
	walk = func(n *html.Node, line, block int) {
		if n.Type == html.ElementNode && blockTags[n.Data] && n.Data != "option" {
			blocks++
			block = blocks
			row++
			defer func() { row++ }()
		}
		begins, ends := edges(n)
		apart = apart || begins
		defer func() { apart = apart || ends }()
		switch {
		case n.Type == html.TextNode && strings.TrimSpace(n.Data) != "", n.Type == html.ElementNode && n.Data == "img":
			add(n, line, block)
			apart = false
			return
		case n.Type == html.ElementNode && unseen[n.Data]:
			return
		}
		if n.Type == html.ElementNode && attr(n, positionMark) != "" {
			line = d.lineOf(n)
		}
		from := len(l.pieces)
		if leads(n) {
			add(n, line, block)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, line, block)
		}
		if n.Type == html.ElementNode {
			l.spans[n] = [2]int{from, len(l.pieces)}
			if besideText[n.Data] || hiddenElement(n) {
				l.setAside(n)
			}
			if n.Data == "tfoot" {
				l.setFoot(n)
			}
		}
	}
	walk(d.tree.Nodes[0], 1, 0)
	return l
}

// leads reports whether an element is a link.
func leads(n *html.Node) bool {
	return n.Type == html.ElementNode && n.Data == "a" && strings.TrimSpace(attr(n, "href")) != ""
}

// drop says why the pieces below a node are taken away. The first reason stays.
func (l *ledger) drop(n *html.Node, reason string) {
	if n.Type == html.TextNode || n.Data == "img" || leads(n) {
		if _, ok := l.why[n]; !ok {
			l.why[n] = reason
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		l.drop(c, reason)
	}
}

// take withdraws the reasons of what is kept after all.
func (l *ledger) take(n *html.Node) {
	delete(l.why, n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		l.take(c)
	}
}

// remove takes a node away.
func (d *document) remove(n *html.Node, reason string) {
	d.ledger.drop(n, reason)
	d.forget(n)
	removeApart(n)
}

// keep says where the pieces below a node are kept, unless they were dropped.
func (l *ledger) keep(n *html.Node, where string) {
	l.drop(n, kept+where)
}

const kept = "kept: "

// settle gives each piece its verdict, by what the page has become: what was to be kept
// and is not there is dropped.
func (d *document) settle(p *Page, from, to int) []Segment {
	l := d.ledger
	said := newSaid(p)
	targets := targetsOf(p.Body)
	segments := make([]Segment, len(l.pieces))
	for i, n := range l.pieces {
		s := Segment{Line: l.lines[i], Text: richtext.CleanText(n.Data), Reason: outside, apart: l.apart[i], aside: l.aside[n], block: l.blocks[i]}
		switch {
		case leads(n):
			s.Link, s.Text = true, strings.TrimSpace(attr(n, "href"))
			s.File = fileName.MatchString(s.Text)
		case n.Type == html.ElementNode:
			s.Picture, s.Text = true, attr(n, "src")
		}
		if why, ok := l.why[n]; ok {
			s.Reason, s.Kept = strings.CutPrefix(why, kept)
		}
		switch {
		case s.Link:
			d.settleLink(p, &s, targets)
		case s.Picture:
			s.Kept = slices.ContainsFunc(p.Images, func(i press.Image) bool { return i.Src == s.Text })
			switch {
			case s.Kept && richtext.WebAddress(s.Text, nil) == "":
				s.Kept, s.Reason = false, lost // it was told
			case s.Kept:
				s.Reason = inText
			}
		case s.Kept && s.Reason != inDate && s.Reason != inSection:
			if k := saidKey(s.Text); k != "" && !said.next(k) {
				s.Kept, s.Reason = false, lost
			} else if s.Reason == inText {
				p.tellNumbered(s, n)
			}
		case !s.Kept && i >= from && i < to && said.again(s.Text):
			s.Reason = repeated
		}
		segments[i] = s
	}
	if p.Profile == "" {
		d.judgeLines(p, segments, from, min(to, len(segments)))
	}
	return segments
}

// settleLink gives a link its verdict.
func (d *document) settleLink(p *Page, s *Segment, targets map[string]bool) {
	if s.Kept = (s.Reason == inText || s.Reason == inFiles) && d.stands(s.Text, targets); !s.Kept && (s.Reason == inText || s.Reason == inFiles || s.Reason == inLead && !d.stands(s.Text, targets)) {
		if s.Reason = lost; s.File && s.Reason != inLead && beside(s.Text) {
			s.Reason = MissingFile
		}
		p.tellLink(*s)
	}
}

// targetsOf are the addresses to which the links of a text lead.
func targetsOf(body press.HTML) map[string]bool {
	targets := map[string]bool{}
	for z := html.NewTokenizer(strings.NewReader(string(body))); ; {
		switch z.Next() {
		case html.ErrorToken:
			return targets
		case html.StartTagToken:
			for _, a := range z.Token().Attr {
				if a.Key == "href" {
					targets[a.Val] = true
				}
			}
		}
	}
}

// stands reports whether a link of the page leads to one of the targets, which are spelled
// as the cleaning spells addresses.
func (d *document) stands(href string, targets map[string]bool) bool {
	for _, address := range []string{href, richtext.LinkAddress(href, d.base), richtext.PlaceAddress(href, d.base)} {
		if address != "" && targets[address] {
			return true
		}
	}
	return false
}

// judgeLines looks at what was dropped line by line: pieces of one block say together
// what one says not. A line of the article's date is kept as that, and what is known to
// be a control or the text of a frame is not worth a look.
func (d *document) judgeLines(p *Page, segments []Segment, from, to int) {
	for i := from; i < to; {
		block := d.block(i)
		end := i + 1
		for end < to && d.block(end) == block {
			end++
		}
		d.judgeLine(p, segments[i:end], d.ledger.pieces[i:end])
		i = end
	}
	d.findLabels(segments, from, to)
	d.findAmid(segments, from, to)
	d.furnishBehind(segments, from, to)
}

// findAmid finds between words of the text what was dropped as controls, though some of it
// operates nothing: words of a menu are words of a text, too.
func (d *document) findAmid(segments []Segment, from, to int) {
	last := to - 1
	for last > from && !(segments[last].Kept && segments[last].Reason == inText) {
		last--
	}
	begun := false
	for i := from; i < last; i++ {
		s := &segments[i]
		begun = begun || s.Kept && s.Reason == inText
		if !begun || s.Kept || s.Picture || s.Link || s.Reason != control || !saying(s.Text) || !d.ledger.worded[d.block(i)] {
			continue
		}
		s.amid = true
	}
}

// droppedOf are the words of a line that were dropped, how many letters of them are in what
// can be operated, and the first node of them. Links that file an article are no part of that.
func droppedOf(line []Segment, pieces []*html.Node) (text string, links int, first *html.Node) {
	var words strings.Builder
	for i, s := range line {
		if s.Kept || s.Picture || s.Link {
			continue
		}
		if filing := ancestor(pieces[i], files); filing != nil && ancestor(filing, func(n *html.Node) bool { return n.Data == "footer" }) != nil {
			line[i].Reason = furnished
			continue
		}
		if first == nil {
			first = pieces[i]
		}
		words.WriteString(s.Text + " ")
		if ancestor(pieces[i], operable) != nil {
			links += utf8.RuneCountInString(s.Text)
		}
	}
	return richtext.CleanText(words.String()), links, first
}

func (d *document) judgeLine(p *Page, line []Segment, pieces []*html.Node) {
	text, links, dropped := droppedOf(line, pieces)
	var reason string
	keep := false
	switch {
	case text == "":
		return
	case p.saysDate(text):
		reason, keep = inDate, true
		if source := sourceNamed(text); source != "" {
			p.note(line[0].Line, "the source is not in the text: "+richtext.Shorten(source, 80))
		}
	case p.datesSection(text):
		reason, keep = inDate, true
	case counter.MatchString(text):
		reason = furnished
	case onlyControls(text) && (links > 0 || line[0].Reason == menu), consenting.MatchString(text) && line[0].Reason == besideFrame:
		reason = control
	case tailLines.MatchString(text) && links >= utf8.RuneCountInString(text)-2, d.offered(dropped), publishedLabel.MatchString(text) && links*3 > utf8.RuneCountInString(text), d.labelsTitle(dropped):
		reason = furnished
	case links >= utf8.RuneCountInString(text)-1 && slices.ContainsFunc(p.Section, func(name string) bool { return key(name) == key(text) }):
		reason = furnished
	case data.MatchString(text) && !namesSource.MatchString(text) && utf8.RuneCountInString(text) <= 20 && !endsSentence(text):
		reason = furnished
	case p.told(text):
		reason = hidden
	case len(p.Section) > 0 && looksLikeCrumbs(text) && strings.Contains(key(text), key(p.Section[len(p.Section)-1])):
		reason, keep = inSection, true
	default:
		return
	}
	for i := range line {
		if !line[i].Kept && !line[i].Picture && !line[i].Link && line[i].Reason != repeated && line[i].Reason != furnished {
			line[i].Reason, line[i].Kept = reason, keep
		}
	}
}

// datesSection reports whether a line is the article's date with the name of its section.
func (p *Page) datesSection(text string) bool {
	const longest = 100
	if p.Published.IsZero() || len(p.Section) == 0 || utf8.RuneCountInString(text) > longest {
		return false
	}
	found := findDates(text, p.Language, dayFirst)
	if len(found) != 1 || !p.onDay(found[0]) {
		return false
	}
	rest, _ := besideDate(text, p.Language, dayFirst)
	return rest != "" && slices.ContainsFunc(p.Section, func(name string) bool { return key(name) == key(rest) })
}

// files reports whether a link says of itself that it leads to what else is filed like this
// (the microformat rel-tag). In the foot of an article nobody misses it.
func files(n *html.Node) bool {
	return n.Data == "a" && slices.ContainsFunc(strings.Fields(strings.ToLower(attr(n, "rel"))), func(rel string) bool { return rel == "tag" || rel == "category" })
}

// findLabels finds what was dropped in front of the date of the article and is its label: by
// its words, or by its element.
func (d *document) findLabels(segments []Segment, from, to int) {
	label := -1
	for i := from; i < to; i++ {
		s := &segments[i]
		switch {
		case s.Picture || s.Link || !saying(s.Text):
		case s.Kept && s.Reason == inDate:
			if label >= 0 {
				segments[label].Reason, segments[label].Kept = inDate, true
			}
			label = -1
		case s.Kept || unremarkable[s.Reason] || !d.labels(i, s.Text):
			label = -1
		default:
			label = i
		}
	}
}

// labels reports whether a piece heads another one, the date perhaps.
func (d *document) labels(i int, text string) bool {
	if utf8.RuneCountInString(text) > 40 || endsSentence(strings.TrimSuffix(strings.TrimSuffix(text, ":"), "：")) {
		return false
	}
	return publishedLabel.MatchString(text) || updatedLabel.MatchString(text) || ancestor(d.ledger.pieces[i].Parent, func(n *html.Node) bool {
		return n.Data == "dt" || n.Data == "th" || labelMarks.MatchString(attr(n, "class"))
	}) != nil
}

var labelMarks = textsLike(`(^|[\s_-])label($|\s)`)

func operable(n *html.Node) bool {
	return n.Data == "a" || n.Data == "button" || n.Data == "label" || n.Data == "option" || attr(n, "role") == "button" || attr(n, "onclick") != ""
}

// offered reports whether a piece was dropped with a box that says of itself that it
// offers other pages or asks for something, and has little but links.
func (d *document) offered(piece *html.Node) bool {
	box := ancestor(piece, func(n *html.Node) bool {
		return marked(strongMarks, marks(n)) || n.Data == "nav" || shareMarks.MatchString(marks(n))
	})
	if box == nil {
		return false
	}
	offers, known := d.ledger.boxes[box]
	if !known {
		l := lineOf(box)
		offers = l.links*2 > l.length() || l.links > 0 && l.length() < 120 && shareMarks.MatchString(marks(box)) && !endsSentence(l.text)
		d.ledger.boxes[box] = offers
	}
	return offers
}

// shareMarks is what templates call the links by which readers pass a page on.
var shareMarks = namesLike(`shar(e|ing)(daddy|-?(bar|box|buttons?|links?|icons?|list|tools?|this|wrap\w*|container|widget|block))?($|[\s_-])`)

// labelsTitle reports whether a piece is what the template calls the kicker of the
// title, a label like "Press release".
func (d *document) labelsTitle(piece *html.Node) bool {
	mark := ancestor(piece, func(n *html.Node) bool { return marked(kickerMarks, marks(n)) })
	return mark != nil && !isHeading(mark) && d.ledger.why[piece] == kept+inTitle
}

// block is the innermost block around a piece.
func (d *document) block(i int) *html.Node {
	return ancestor(d.ledger.pieces[i], func(n *html.Node) bool { return blockTags[n.Data] })
}

// told reports whether a note says already that words were lost.
func (p *Page) told(text string) bool {
	return slices.ContainsFunc(p.Notes, func(n richtext.Note) bool { return strings.HasSuffix(n.What, ": "+richtext.Shorten(text, 80)) })
}

// saysDate reports whether a line says when the article was published or changed, and
// nothing else.
func (p *Page) saysDate(text string) bool {
	if p.Published.IsZero() || utf8.RuneCountInString(text) > 100 {
		return false
	}
	plain := plainDigits(text)
	readings := findDates(text, p.Language, dayFirst)
	rest, on := "", false
	for i, r := range slices.Backward(readings) {
		on = on || p.onDay(r)
		if len(readings) == 1 && on && saysLittle(text, r) {
			return true
		}
		if i == len(readings)-1 {
			rest = plain
		}
		if r.start <= len(rest) {
			rest = rest[:r.start] + " " + rest[min(max(r.end, r.start), len(rest)):]
		}
	}
	label := publishedLabel.MatchString(rest) || updatedLabel.MatchString(rest)
	words := 0
	for word := range strings.FieldsFuncSeq(rest, func(c rune) bool { return !unicode.IsLetter(c) }) {
		if !controls()[key(fold(word))] {
			words++
		}
	}
	return len(readings) > 0 && (on && words <= 6 && data.MatchString(rest) || label && words <= 3+len(readings))
}

// data introduces what stands beside the date of a page: its source, the size of type.
var data = textsLike(`^(page )?(views?|hits|visits|affichages|aufrufe|zugriffe|vues|visitas|lecturas|visualizações|visite|просмотр\S*|조회수?|閲覧数?|عدد (المشاهدات|الزيارات|القراءات)|المشاهدات)\s*[:：]|(عدد المشاهدات|조회수|просмотр\S*|affichages)\s*[:：]|来源|责任编辑|责编|字号|字体|浏览|阅读|作者|source\s*:|quelle\s*:|fuente\s*:|fonte\s*:|источник|المصدر`)

// namesSource begins a line that says from whom a text is: only its readers know whether
// that is the site's business alone.
var (
	namesSource = linesLike(`(` + sources + `)\s*[:：]\s*[\pL\pN]`)
	sourceIn    = lazyregexp.New(`(?i)(` + sources + `)\s*[:：]\s*[\pL\pN].*`)
)

// sourceNamed is what a line says of its source, up to what it says next.
func sourceNamed(text string) string {
	source := sourceIn.FindString(text)
	if at := nextLabel.FindStringIndex(source); at != nil {
		source = source[:at[0]]
	}
	return source
}

// nextLabel begins the next of several things in a line.
var nextLabel = lazyregexp.New(`\s+[^\s:：]{1,20}[:：]\s|\s+[\[【|]`)

const sources = `source|quelle|fuente|fonte|źródło|zdroj|källa|kaynak|πηγή|источник|джерело|المصدر|稿件来源|资料来源|来源|來源|出典|출처`

// Quiet reports whether a dropped piece is not worth a look.
func (s Segment) Quiet() bool { return unremarkable[s.Reason] && !(s.amid && s.Reason == control) }
