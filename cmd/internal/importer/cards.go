package importer

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
)

// cards removes links that are boxes: a heading and a picture or some words inside of a
// link are the beginning of another page. A linked heading alone may be one of the text.
func (p *pruner) cards(body *html.Node, sizes extents, whole int) {
	// What WordPress makes of the address of another page is a quotation by its element only.
	for _, n := range goquery.NewDocumentFromNode(body).Find("blockquote.wp-embedded-content, div.wp-embed, .wp-embedded-content > a").Nodes {
		if within(n, body) && leadsAway(n) {
			p.d.remove(n, menu)
		}
	}
	const most = 200 // links that are examined: whoever makes more wants to cost time
	for i, a := range goquery.NewDocumentFromNode(body).Find("a[href]:has(h1, h2, h3, h4, h5, h6)").Nodes {
		if i == most {
			return
		}
		if !within(a, body) || sizes[a].text*3 > whole || !isCard(a, sizes[a]) || quotes(a) || p.inTable(a) {
			continue
		}
		box := a
		for box.Parent != nil && box.Parent != body && cardElements[box.Parent.Data] && sizes[box.Parent].text == sizes[a].text {
			box = box.Parent
		}
		p.d.remove(box, menu)
	}
}

var cardElements = set("div li figure article section")

func isCard(a *html.Node, all extent) bool {
	s := goquery.NewDocumentFromNode(a)
	href := strings.TrimSpace(attr(a, "href"))
	if all.text == 0 || all.text > 600 || fileName.MatchString(href) || noPage.MatchString(href) || s.Find("blockquote, table, sup").Length() > 0 {
		return false
	}
	heads := 0
	for _, h := range s.Find("h1, h2, h3, h4, h5, h6").Nodes {
		heads += lineOf(h).length()
	}
	return s.Find("img").Length() > 0 || heads+3 < all.text || marked(offerMarks, marks(a)) || marked(teaserMarks, attr(a, "class"))
}

// noPage begins what a link leads to if that is no other page.
var noPage = lazyregexp.New(`(?i)^(#|javascript:|mailto:|tel:)`)

// labelled removes lines that are nothing but the label of an advertisement.
func (p *pruner) labelled(body *html.Node) {
	for _, b := range leafBlocks(body) {
		l := p.d.lineAt(b)
		if l.length() < 24 && advertLabel.MatchString(l.text) && (!isHeading(b) || marked(adverts, marks(b))) && !p.inTable(b) && !quotes(b) && b.Data != "li" && b.Data != "dt" && b.Data != "dd" {
			p.d.remove(b, advert)
		}
	}
}

var advertLabel = wordedLike(`(advertisements?|anzeigen?|werbung|publicités?|publicidad|publicidade|pubblicità|reklam[ay]?|реклама|إعلان|اعلان|广告|廣告|広告|광고|διαφήμιση|mainos|annons|annonse|advertentie|hirdetés)[^\pL]*$`)

// standIns removes the boxes that stand where content from elsewhere is shown once somebody
// has agreed to that: their names and their words say so.
func (p *pruner) standIns(body *html.Node, sizes extents, whole int) {
	for _, n := range goquery.NewDocumentFromNode(body).Find("div, section, figure, aside").Nodes {
		if !within(n, body) || n == body || !marked(standInMarks, marks(n)) {
			continue
		}
		all := sizes[n]
		if all.text == 0 || all.text > 800 || all.text*3 > whole || !agreeing.MatchString(textOf(n)) {
			continue
		}
		p.d.remove(n, besideFrame)
	}
}

var (
	standInMarks = namesLike(`(content-?blocker|cookie-?content|embed-?(privacy|consent|preview|placeholder)|privacy-?embed\w*|third-?party\w*|two-?click|2-?click|externa?l?-?(content|media)|social-?embed|borlabs\w*|brlbs\w*|opt-?in\w*|consent\w*)($|[\s_-])`)
	agreeing     = textsLike(`cookie|datenschutz|privatsphäre|personenbezogen|persönliche[nr]? daten|drittanbieter|extern\w* (inhalt|medi)|inhalte? (von|zu laden|laden|anzeigen)|external (content|media)|third.part|personal data|privacy|contenu externe|données personnelles|vie privée|contenido externo|datos personales|contenuti esterni|dati personali|treści zewnętrzn\w*|dane osobowe`)
)

// behindText removes what leads away behind the last prose of a text: two or more lines in
// a row that are nothing but links, if no heading and no colon introduces them; and lines
// that name the networks on which somebody is to be followed.
func (p *pruner) behindText(body *html.Node) {
	blocks := leafBlocks(body)
	last := p.lastProse(body)
	if last == nil {
		return
	}
	blocks = blocks[slices.Index(blocks, last)+1:]
	var run []*html.Node
	var before *html.Node
	end := func() {
		introduced := before != nil && (headLevel(before) > 0 || strings.HasSuffix(lineOf(before).text, ":"))
		if len(run) > 1 && !introduced && !listsPersons(run[0], run) {
			for _, b := range run {
				p.d.remove(b, menu)
			}
		}
		run = nil
	}
	for _, b := range blocks {
		l := p.d.lineAt(b)
		switch {
		case l.text == "":
			continue
		case (b.Data == "p" || b.Data == "div") && l.links >= l.length()-2 && leadsAway(b) && !quotes(b) && !p.inTable(b) && !shows(b):
			run = append(run, b)
			continue
		}
		end()
		before = b
		if l.length() < 300 && networksIn(l.text) > 1 && !quotes(b) && !p.inTable(b) {
			p.d.remove(b, menu)
		}
	}
	end()
}

var network = textsLike(`facebook|twitter|instagram|telegram|whatsapp|youtube|linkedin|tiktok|mastodon|bluesky|threads|вконтакте|微博|微信`)

// networksIn is how many networks a line names.
func networksIn(text string) int {
	named := map[string]bool{}
	for _, name := range network.FindAllString(text, 20) {
		named[strings.ToLower(name)] = true
	}
	return len(named)
}

// labelsLinks reports whether a line behind a text is the label of links: it ends with a
// colon, or what it stands in is called so.
func labelsLinks(b, body *html.Node) bool {
	l := lineOf(b)
	n := utf8.RuneCountInString(l.text)
	if n < 3 || n > 60 || l.linked() {
		return false
	}
	return strings.HasSuffix(l.text, ":") || n <= 40 && ancestor(b, func(n *html.Node) bool {
		return n != body && within(n, body) && (n.Data == "header" || marked(offerMarks, marks(n)))
	}) != nil
}
