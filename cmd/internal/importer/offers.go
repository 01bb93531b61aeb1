package importer

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/richtext"
)

// offers removes what interrupts or follows a text to lead its readers away: boxes of
// teasers, of newsletters and about authors, and invitations. A
// mark alone proves nothing here either: what is in the box must say the same as its
// name, and whoever loses a line by it finds it among the doubts.
func (p *pruner) offers(body *html.Node) {
	sizes := extents{}
	whole := sizes.add(body).text
	p.teaserRows(body, sizes, whole)
	p.offerBoxes(body, sizes, whole)
	p.aroundPage(body, sizes, whole)
	p.cards(body, sizes, whole)
	p.standIns(body, sizes, whole)
	p.labelled(body)
	p.finePrint(body)
	p.contents(body)
	p.filedUnder(body)
	p.pressed(body)
	p.invitations(body)
	p.behindText(body)
}

// extent is how much an element has: characters of text and of links, and elements.
type extent struct{ text, links, elements int }

type extents map[*html.Node]extent

// add measures a tree: each element once, for boxes are asked from the outside in.
func (e extents) add(n *html.Node) extent {
	own := extent{elements: 1}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			own.text += utf8.RuneCountInString(richtext.CleanText(c.Data))
		case c.Type == html.ElementNode && !silentTags[c.Data] && !hiddenElement(c):
			of := e.add(c)
			own.text, own.links, own.elements = own.text+of.text, own.links+of.links, own.elements+of.elements
		}
	}
	if n.Data == "a" {
		own.links = own.text
	}
	e[n] = own
	return own
}

// prompt begins a line that sends readers on to another page.
var (
	prompt     = wordedLike(`(` + prompting + `)\s*([:：|»>→–—-]|$)`)
	promptHead = wordedLike(`(` + prompting + `)[\s:：].{0,50}$`)
)

const prompting = `read (also|more|next|on)|also read|see also|watch (also|this|now)|related( (articles?|stories|story|coverage|news|content|reading|posts?))?|more (on this|stories|news)|don['’]t miss|you (may|might) also like|learn more|find out more|recommended` +
	`|lesen sie (auch|hier|mehr|dazu|weiter|zudem|außerdem)|lies auch|auch interessant|mehr (dazu|zum thema|lesen)|weiterlesen|zum weiterlesen|siehe auch|passend dazu|das könnte (sie|dich|euch) auch interessieren|zum thema` +
	`|(à )?lire (aussi|également|plus)|à lire|voir (aussi|également)|sur le même sujet|pour aller plus loin|en savoir plus` +
	`|l(e|é)a (también|más|además)|lee (también|más|además)|leer (también|más|además)|le[aer]? también|ve(a|r)? (también|más)|también (lea|lee|te puede|puedes)|mir[ae]|puedes? (ver|leer)|(te|le) (puede|podría) interesar|pod(ría|rá) interesarte|más (información|noticias|sobre)|conozca más|entérate` +
	`|leia (também|mais)|veja (também|mais)|saiba mais|confira( também)?|leggi (anche|di più)|vedi anche|approfondisci|potrebbe interessarti` +
	`|czytaj (też|także|również|więcej)|zobacz (też|także|również|więcej)|przeczytaj( też| także| również)?|čtěte (také|též)|čítajte (aj|tiež)|mohlo by vás zajímat|olvassa el|pročitajte (i|još)|citește și` +
	`|lees (ook|meer|verder)|zie ook|bekijk ook|läs (även|också|mer)|les (også|mer)|læs (også|mere)|lue (myös|lisää)|ilgili haber(ler)?|διαβάστε επίσης|δείτε επίσης` +
	`|читайте (также|также на|по теме)|смотрите также|по теме|читайте також|дивіться також|вижте също|прочетете още` +
	`|اقرأ أيضا?ً?|شاهد أيضا?ً?|طالع أيضا?ً?|للمزيد|بیشتر بخوانید|קראו (גם|עוד)|相关阅读|相关报道|相关新闻|延伸阅读|推荐阅读|相關新聞|関連記事|あわせて読みたい|관련 ?기사|xem thêm|đọc thêm|baca juga`

// sendingOn removes the lines that are a prompt and a link, and the links right below a
// prompt that stands alone.
func (p *pruner) sendingOn(body *html.Node) {
	for _, b := range leafBlocks(body) {
		l := p.d.lineAt(b)
		said := prompt.FindString(l.text)
		heads := said == "" && promptHead.MatchString(l.text) && (strings.HasSuffix(l.text, ":") || isHeading(b))
		if said == "" && !heads || l.length() > 300 || !within(b, body) || p.inTable(b) || quotes(b) || shows(b) {
			continue
		}
		rest := line{text: strings.TrimSpace(l.text[len(said):])}.length()
		if rest > 0 && !heads {
			if l.links*10 >= rest*6 {
				p.d.remove(b, menu)
			}
			continue
		}
		if next := nextElement(b); next != nil && leadsAway(next) {
			for ; next != nil && leadsAway(next); next = nextElement(b) {
				p.d.remove(next, menu)
			}
			p.d.remove(b, menu)
		}
	}
}

// leadsAway reports whether an element is nothing but links to other pages, or pictures
// that are links.
func leadsAway(n *html.Node) bool {
	l := lineOf(n)
	return l.text != "" && l.links*10 >= l.length()*8 && l.length() < 1000 && !offersFiles(n) && goquery.NewDocumentFromNode(n).Find("a[href^='mailto:'], a[href^='#']").Length() == 0
}

// teaserRows removes rows of teasers: a row is at least two elements of a kind that follow each other, each of
// which is a linked heading, or a linked line with a date or a picture, and little else.
func (p *pruner) teaserRows(body *html.Node, sizes extents, whole int) {
	for _, parent := range goquery.NewDocumentFromNode(body).Find("div, section, ul, ol, main, article, aside").AddNodes(body).Nodes {
		if !within(parent, body) {
			continue
		}
		var row []*html.Node
		size, cut, entries := 0, 0, 0
		end := func() {
			few := size*2 < whole && whole-size > mostCut || cut == len(row) && size+leastBeside <= whole || entries == len(row) && size < whole
			if len(row) > 1 && few {
				for _, n := range row {
					p.d.remove(n, menu)
				}
				p.headsNothing(parent, body)
			}
			row, size, cut, entries = nil, 0, 0, 0
		}
		for c := parent.FirstChild; c != nil; {
			next := c.NextSibling
			if c.Type == html.ElementNode {
				entry := p.d.entry(c) && p.listsEntries(parent, body)
				teaser := entry || teases(c, sizes[c])
				if !teaser || len(row) > 0 && !(row[0].Data == c.Data && attr(row[0], "class") == attr(c, "class")) {
					end()
				}
				if teaser {
					row, size = append(row, c), size+sizes[c].text
					if cutOff(c) {
						cut++
					}
					if entry {
						entries++
					}
				}
			} else if c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" {
				end()
			}
			c = next
		}
		end()
	}
}

// headsNothing removes a box of which nothing but headings is left.
func (p *pruner) headsNothing(box, body *html.Node) {
	if box == body || textOf(box) == "" || firstIn(box, pictureElements) != nil {
		return
	}
	for _, l := range flatten(box) {
		if ancestor(l.node, func(n *html.Node) bool { return isHeading(n) && within(n, box) }) == nil {
			return
		}
	}
	p.d.remove(box, menu)
}

// teases reports whether an element offers one other page.
func teases(n *html.Node, all extent) bool {
	if !teaserElements[n.Data] || all.text == 0 || all.text > 600 || all.links == 0 || all.elements > 60 || offersFiles(n) {
		return false
	}
	s := goquery.NewDocumentFromNode(n)
	if s.Find("blockquote, table, figcaption, sup").Length() > 0 {
		return false
	}
	heads := s.Find("h1, h2, h3, h4, h5, h6").Nodes
	linkedHead := false
	for _, h := range heads {
		linkedHead = linkedHead || lineOf(h).linked() || ancestor(h, func(a *html.Node) bool { return a == n || leads(a) }) != n
	}
	if linkedHead || cutOff(n) {
		return true
	}
	return len(heads) == 0 && all.links*2 > all.text && (s.Find("img").Length() > 0 || s.Find("time").Length() > 0)
}

// leastBeside is how much text there is at least beside the beginnings of other pages, which
// are longer than a short statement.
const leastBeside = 60

// mostCut is how much text a page has besides the teasers that are most of it.
const mostCut = 300

// cutOff reports whether an element begins with a link and ends in the middle of a text:
// it is the beginning of another page.
func cutOff(n *html.Node) bool {
	all := flatten(n)
	if len(all) == 0 {
		return false
	}
	return ancestor(all[0].node, leads) != nil && openEnd.MatchString(all[len(all)-1].text)
}

var openEnd = lazyregexp.New(`(…|\.\.\.)[\s\])]*$`)

var teaserElements = set("div article li section a")

var (
	offerMarks  = namesLike(`(related\w*|rel-?(news|links?|posts?|stories)|teasers?\w*|tsr|recommend\w*|rec-?posts?|promo\w*|more-?(articles?|news|stories|posts|links|heading)|recirc\w*|recommand\w*|cross-?selling|further-?\w*|also-?\w+|latest\w*|popular\w*|trending\w*|widget\w*|linklist|lnkrel|tags?|tagg?ed-?\w*|tag-?list|topics?-?\w*list|outbrain\w*|taboola\w*|sidebar\w*|mainnav\w*|newsteaser|verwandte\w*|weitere\w*|passend\w*|empfehlung\w*|relacionad\w*|correlat\w*|ver-tambien|leia-tambem)($|[\s_-])`)
	letterMarks = textsLike(`news-?letter|subscri|paywall|abonnement|abonne(r|z)|cta\d?($|[\s_-])|login|comment|kommentar|borlabs|cookie|consent|conversational|donat|spenden|reklam|adv-`)
	authorMarks = namesLike(`(\w*-)?(authors?|autor(en|es|a)?|auteurs?|autore|verfasser|writer|profile)(-?(box|bio|info|cards?|description|about|profile|details?|content|wrap|meta|text|vita|block|avatar|area|section)\w*)?($|[\s_-])`)
	authorBox   = textsLike(`(author|autor|auteur)\w*[-_]*(box|bio|info|cards?|description|about|profile|vita)`)
)

// offerBoxes removes boxes that are called an offer and have one: links that are much of
// it; that ask for an address or a payment; that are about an author, behind the text.
func (p *pruner) offerBoxes(body *html.Node, sizes extents, whole int) {
	last := p.lastProse(body)
	behind := last == nil
	const most = 300 // boxes that are examined: whoever makes more wants to cost time
	examined := 0
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; {
			next := c.NextSibling
			if boxElements[c.Data] {
				examined++
			}
			switch {
			case c.Type != html.ElementNode || textElements[c.Data]:
			case c.Data == "figure":
				if examined++; examined < most && p.asksInFrame(c, sizes[c]) {
					p.d.remove(c, menu)
				}
			case boxElements[c.Data] && examined < most && p.asking(c, sizes[c], whole, behind):
				p.d.remove(c, menu)
			case marks(c) != "" && boxElements[c.Data] && examined < most && p.offering(c, sizes[c], whole, behind):
				p.d.remove(c, menu)
			default:
				walk(c)
			}
			behind = behind || last != nil && within(last, c)
			c = next
		}
	}
	walk(body)
}

func (p *pruner) offering(n *html.Node, all extent, whole int, behind bool) bool {
	m := marks(n)
	offer, letter, author := offerMarks.MatchString(m), letterMarks.MatchString(m), (behind || authorBox.MatchString(m)) && authorMarks.MatchString(m)
	if !offer && !letter && !author {
		return false
	}
	if author && all.text > 0 && all.text < 700 && (authorBox.MatchString(m) || all.links > 0 || goquery.NewDocumentFromNode(n).Find("img, h2, h3, h4, h5, h6").Length() > 0) {
		return true // below a short text it may be as long as that
	}
	if all.text == 0 || all.text*3 > whole || all.elements > 1500 || offersFiles(n) {
		return false
	}
	switch {
	case offer && (all.links*3 >= all.text || all.links > 0 && headsLinked(n) || rowOfTeasers(n, m) || behind && teaserEnds(n, m)):
		return true
	case letter && all.text < 800 && p.invites(n):
		return true
	case author:
		return all.text < 1500 && (all.links > 0 || authorBox.MatchString(m) || firstIn(n, pictureElements) != nil)
	}
	return false
}

// rowOfTeasers reports whether a box that is called teasers has several headings and links.
func rowOfTeasers(n *html.Node, marks string) bool {
	s := goquery.NewDocumentFromNode(n)
	return strings.Contains(strings.ToLower(marks), "teasers") && s.Find("a[href]").Length() > 1 && s.Find("h1, h2, h3, h4, h5, h6").Length() > 1
}

// teaserEnds reports whether the last line of a box that is called a teaser, below others,
// is nothing but a link to another page.
func teaserEnds(n *html.Node, marks string) bool {
	all := flatten(n)
	if len(all) < 2 || !teaserMarks.MatchString(marks) {
		return false
	}
	last := all[len(all)-1]
	return last.links >= last.length()-2 && ancestor(last.node, leads) != nil
}

var boxElements = set("div section aside ul ol nav footer header article form")

// headsLinked reports whether the headings of an element are links.
func headsLinked(n *html.Node) bool {
	heads := allIn(n, headElements)
	linked := 0
	for _, h := range heads {
		if lineOf(h).linked() || ancestor(h.Parent, leads) != nil {
			linked++
		}
	}
	return linked > 0 && linked*2 >= len(heads)
}

// invites reports whether an element asks readers for something.
func (p *pruner) invites(n *html.Node) bool {
	text := textOf(n)
	return inviting.MatchString(text) || giving.MatchString(text) || p.asks(n)
}

// asks reports whether an element had controls or fields of a form.
func (p *pruner) asks(n *html.Node) bool {
	if firstIn(n, formElements) != nil {
		return true
	}
	at := p.d.ledger.spans[n]
	for _, piece := range p.d.ledger.pieces[at[0]:at[1]] {
		if p.d.ledger.why[piece] == control {
			return true
		}
	}
	return false
}

// pressed removes the lines that are nothing but links which look like buttons, and lead to
// no file.
func (p *pruner) pressed(body *html.Node) {
	for _, b := range leafBlocks(body) {
		l := p.d.lineAt(b)
		links := linksIn(b)
		if l.text == "" || l.length() > 60 || l.links < l.length()-2 || len(links) == 0 || p.inTable(b) || quotes(b) || shows(b) || !leadsAway(b) {
			continue
		}
		if !slices.ContainsFunc(links, func(a *html.Node) bool { return !buttonMarks.MatchString(attr(a, "class")) }) {
			p.d.remove(b, menu)
		}
	}
}

var buttonMarks = textsLike(`(^|[\s_-]|[a-z])(btn|button)s?($|[\s_-])`)

// filedUnder removes the lines that say under what a page is filed: their links say of
// themselves that they are its tags (the microformat rel-tag) or its categories, or its
// words that they are its keywords (schema.org).
func (p *pruner) filedUnder(body *html.Node) {
	filing := map[*html.Node]bool{}
	for _, a := range goquery.NewDocumentFromNode(body).Find("a[rel~=tag], a[rel~=category], span[itemprop=keywords], a[itemprop=keywords]").Nodes {
		b := ancestor(a, func(n *html.Node) bool { return blockTags[n.Data] })
		if b == nil || b == body || !within(b, body) || filing[b] {
			continue
		}
		filing[b] = true
		l := p.d.lineAt(b)
		words := max(l.links, wordsOf(b, "[itemprop=keywords]"))
		if l.length() < 500 && words*3 >= l.length() && !p.inTable(b) {
			p.d.remove(b, menu)
		}
	}
}

// wordsOf is how many characters of a block stand in the elements that a selector finds.
func wordsOf(b *html.Node, selector string) int {
	words := 0
	for _, n := range goquery.NewDocumentFromNode(b).Find(selector).Nodes {
		words += lineOf(n).length()
	}
	return words
}

// lastProse is the last block of running text.
func (p *pruner) lastProse(body *html.Node) *html.Node {
	var last *html.Node
	authors := authorBoxes(body)
	for _, b := range leafBlocks(body) {
		if l := p.d.lineAt(b); l.length() >= 80 && l.links*4 < l.length() && endsSentence(l.text) && ancestor(b, func(n *html.Node) bool {
			return boxElements[n.Data] && (authors[n] || marked(authorMarks, marks(n)) || marked(offerMarks, marks(n)) || marked(letterMarks, marks(n)))
		}) == nil {
			last = b
		}
	}
	return last
}

// inviting are the words that ask readers to subscribe, to follow, to comment or to pay.
var inviting = textsLike(`newsletter|sign(ing)? up (for|to|here|now)|subscribe (to|now|today)|follow (us|me|\S+( \S+){0,3}) on |download (the|our) .{0,30}app|leave a (comment|reply)|submit (a|your) letter|(want|like) to hear (from you|what you think)|log in|become a member|` +
	`abonnieren sie|jetzt abonnieren|folgen sie uns|folge uns|schreib(e|en sie)? (einen|uns) kommentar|kommentar (hinzufügen|schreiben)|hinterlasse|jetzt anmelden|kostenlos (anmelden|testen)|einloggen|` +
	`abonnez-vous|inscrivez-vous|suivez-nous|laisser un commentaire|suscr[ií]b\w+|s[ií]g[ua]e?nos|siga-nos|hazte miembro|únete a|deja un comentario|inscreva-se|assine|acompanhe|deixe um comentário|iscriviti|seguici|` +
	`zapisz się|subskryb|obserwuj nas|śledź nas|подпи(шитесь|сывайтесь)|підпи(шіться|сувайтеся)|abone ol|prenumerera|meld je aan|schrijf je in|اشترك في|تابعنا|订阅|关注我们|扫码关注|구독`)

// giving are the words that ask readers for money.
var giving = textsLike(`(make|with) (a|your) (donation|contribution)|donate (now|today)|your support|support (us|our work)|unterstütze?n? (sie )?uns|jetzt spenden|spenden sie|faites un don|soutenez|dona ahora|apóyanos|wesprzyj|поддержите`)

// invitations removes short lines that invite with a link, or stand behind the text.
func (p *pruner) invitations(body *html.Node) {
	last := p.lastProse(body)
	behind := last == nil
	for _, b := range leafBlocks(body) {
		l := p.d.lineAt(b)
		if b == last {
			behind = true
			continue
		}
		if behind && l.length() < 60 && furnitureHead.MatchString(l.text) {
			p.d.remove(b, menu)
			continue
		}
		if l.length() > 300 || !inviting.MatchString(l.text) || p.inTable(b) || quotes(b) || shows(b) {
			continue
		}
		if l.links*2 > l.length() || behind || l.links > 0 && l.length() < 200 {
			p.d.remove(b, menu)
		}
	}
}

// furnitureHead is what stands above the comments, the tags or the categories of a page.
var furnitureHead = linesLike(`^((view|add|no|[0-9]+) )?(comments?|responses?|replies)( closed| so far)?\W*$|^([0-9]+ )?kommentare?( verfassen| geschlossen| schreiben)?\W*$|^kommentieren|^((bisher )?(noch )?keine kommentare|no comments yet|aucun commentaire|(aún no hay|sin) comentarios|nessun commento)( vorhanden)?\W*$|^([0-9]+ )?(commentaires?|comentarios?|comentários?|commenti|komentarze|комментарии)\W*$|^(tags|kategorien|categories|catégories|categorías)\W*$|^(diesen )?(artikel|beitrag) teilen\W*$|^(neueste|ähnliche|weitere|mehr|verwandte) (artikel|beiträge|themen\w*|meldungen)\W*$|^notas relacionadas\W*$|^explore further\W*$|^(was|is) this (page|article|information) (helpful|useful)\W*$|^rate this (page|article)\W*$|^(war|ist) (der|dieser|diese|die) (artikel|beitrag|seite) (für sie )?(hilfreich|nützlich)\W*$|^((diesen )?(artikel|beitrag) bewerten|noch keine bewertungen)\W*$|^möchten sie (den|diesen) (artikel|beitrag) teilen\W*$|^(cet article|cette page) vous a-t-(il|elle) été utile\W*$|^¿?te (ha )?result(ó|ado) útil|^\(?(noch keine bewertungen|no ratings yet|no votes yet)\)?\W*$`)
