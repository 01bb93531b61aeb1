package importer

import (
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/richtext"
)

// roots are names of the front page, which is not a section.
var roots = foldedSet(`home|homepage|home page|main page|main|front page|start|startseite|start page|accueil|page d'accueil|page d’accueil|la page d'accueil|acceuil
|inicio|portada|página principal|pagina principal|página de inicio|página inicial|início|principal|home page|página de entrada|capa
|pagina iniziale|prima pagina|strona główna|start|główna|domů|hlavní stránka|úvod|úvodní stránka|domov|domovská stránka|naslovnica|početna|naslovna|почетна
|главная|главная страница|на главную|головна|головна сторінка|начало|галоўная|басты бет|нүүр|acasă|prima pagină|kezdőlap|főoldal|címlap|nyitólap
|ana sayfa|anasayfa|ana səhifə|bosh sahifa|ballina|kreu|faqja kryesore|αρχική|αρχική σελίδα|etusivu|hem|startsida|forside|hjem|til forsiden|avaleht|esileht|sākums|sākumlapa|pradžia|pagrindinis|titulinis
|صفحة رئيسية|الصفحة الرئيسية|الرئيسية|رئيسية|الأولى|الصفحة الأولى|البداية|صفحه اصلی|خانه|صفحه نخست|سرصفحہ|ہوم|דף הבית|ראשי|בית
|首页|首頁|主页|主頁|网站首页|網站首頁|本站首页|ホーム|トップ|トップページ|top|홈|메인|beranda|utama|laman utama|trang chủ|หน้าแรก|หน้าหลัก|होम|मुख्य पृष्ठ|मुखपृष्ठ|প্রচ্ছদ|হোম|mwanzo|inici|baile`)

// leaves are crumbs that denote the page itself.
var leaves = foldedSet(`正文|文章正文|正文内容|详情|详细|内容|detail|details|article|view|text|news detail|本文|본문|المقال|текст`)

// crumbLabel introduces a breadcrumb.
var crumbLabel = linesLike(`\s*(you are here|you're here|location|current (location|position)|breadcrumbs?|sie (sind|befinden sich)( sich)? hier|position(sanzeige)?|vous êtes (ici|dans)|fil d['’]ariane|(usted )?est[áa] (usted )?(aqu[íi]|en)|você está (aqui|em)|ti trovi in|sei (qui|in)|percorso|jesteś (tutaj|w)|nacházíte se( zde)?|nachádzate sa|вы (здесь|находитесь( здесь)?)|ви тут|buradas[ıi]n[ıi]z|u bent hier|je bent hier|du är här|du er her|olet tässä|nalazite se|najdete se|te itt (vagy|van)|ön itt áll|您(现在)?(的|所在的?)位置|您现在的位置是|当前(所在)?位置|你的位置|位置|所在位置|現在(の)?位置|现在位置|目前位置|現在地|현재\s?위치|أنت هنا|انت هنا|أنتم هنا|مكانك الحالي|شما اینجا هستید|אתה נמצא כאן)\s*[:：]?\s*`)

// crumbSign separates crumbs in running text.
var crumbSign = lazyregexp.New(`\s*(?:>+|»+|›+|→|＞+|》|/(?:\s|$)|\s\|\s|\s::\s|«|‹|≫|▶|▸|►)\s*`)

// foldedSet is filled when it is first asked for: most programs import nothing.
func foldedSet(words string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		m := map[string]bool{}
		for w := range strings.SplitSeq(words, "|") {
			m[key(fold(w))] = true
		}
		return m
	})
}

func isRoot(name string) bool { return roots()[key(fold(name))] }

// crumb is a step of a breadcrumb.
type crumb struct{ name, href string }

const crumbSelector = `[class*="breadcrumb" i], [id*="breadcrumb" i], [class*="bread-crumb" i], [class*="crumb" i], [itemtype*="BreadcrumbList" i], [typeof*="BreadcrumbList" i],
[aria-label*="breadcrumb" i], [aria-labelledby*="breadcrumb" i], [id*="topicpath" i], [class*="topicpath" i], [id*="topic-path" i], [class*="topic-path" i], [id*="pankuzu" i], [class*="pankuzu" i], [aria-label="Positionsanzeige" i], [aria-label*="Ariane" i], [aria-label*="Sie sind hier" i], [aria-label*="migas" i],
[class*="ariane" i], [class*="rootline" i], [class*="pathway" i], [class*="navpath" i], [id*="navpath" i], [class*="dd-loc" i], [class*="weizhi" i], [class*="migas" i], [class*="you-are-here" i], [class*="youarehere" i],
[class~="path" i], [class~="position" i], [class~="location" i], [class~="loc" i], [class~="dqwz" i], [class~="curpos" i], [class*="news-position" i], [id="path" i], [id="position" i], [id="location" i], [class~="crumbs" i], [id="crumbs" i], [class~="site-path" i], [id="pathbar" i], [class~="trail" i]`

// findCrumbs returns the section of a page, from the top down: its breadcrumb
// without the front page and without the page itself. Of several breadcrumbs
// the one with the most steps counts: the others are fragments of it.
func (d *document) findCrumbs(title string) []string {
	var best []string
	for _, n := range d.crumbElements() {
		if names := trimCrumbs(d.crumbsOf(n), title, d); len(names) > len(best) {
			best = names
		}
	}
	if len(best) > 0 {
		return best
	}
	if names := trimCrumbs(named(d.linked.crumbs), title, d); len(names) > 0 {
		return names
	}
	if names := trimCrumbs(d.crumbLine(title), title, d); len(names) > 0 {
		return names
	}
	for _, s := range []string{d.linked.section, d.first("article:section")} {
		if s = richtext.CleanText(s); s != "" && len(d.meta["article:section"]) <= 1 && len(s) < 100 {
			return []string{s}
		}
	}
	return nil
}

// crumbElements are the elements that call themselves breadcrumbs.
func (d *document) crumbElements() (found []*html.Node) {
	const longest = 4000
	for n := range d.tree.Nodes[0].Descendants() {
		if n.Type == html.ElementNode && isBreadcrumb(n) && n.Data != "body" && n.Data != "html" && n.Data != "main" && n.Data != "article" {
			if len([]rune(goquery.NewDocumentFromNode(n).Text())) <= longest {
				found = append(found, n)
			}
		}
	}
	return found
}

// isBreadcrumb reports whether an element calls itself a breadcrumb.
func isBreadcrumb(n *html.Node) bool { return mayBeCrumbs(n) && crumbMatcher().Match(n) }

var crumbMatcher = sync.OnceValue(func() cascadia.Selector { return cascadia.MustCompile(crumbSelector) })

// mayBeCrumbs reports whether an element has a word of the selector: asking for all of its
// forty parts on each element would take longer than reading the page.
func mayBeCrumbs(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "class", "id", "itemtype", "typeof", "aria-label", "aria-labelledby":
			value := strings.ToLower(a.Val)
			if slices.ContainsFunc(crumbWords, func(word string) bool { return strings.Contains(value, word) }) {
				return true
			}
		}
	}
	return false
}

// crumbWords are the shortest parts of what the selector asks for.
var crumbWords = strings.Fields("crumb path pankuzu positions ariane hier migas rootline loc weizhi you-are youare position dqwz curpos trail")

func named(names []string) []crumb {
	var crumbs []crumb
	for _, n := range names {
		crumbs = append(crumbs, crumb{name: n})
	}
	return crumbs
}

// crumbsOf reads the steps of a breadcrumb element: its list items, else its
// text between separators and links.
func (d *document) crumbsOf(n *html.Node) []crumb {
	s := goquery.NewDocumentFromNode(n)
	var crumbs []crumb
	items := s.Find("li").FilterFunction(func(_ int, li *goquery.Selection) bool {
		// The items of menus that open from a crumb are siblings of it.
		return li.ParentsFiltered("li").Length() == 0
	})
	if items.Length() > 0 {
		items.Each(func(_ int, li *goquery.Selection) {
			li = li.Clone()
			li.Find("ul, ol, script, style, svg").Remove()
			if li.Find("a").Length() > 1 {
				// The other links are a menu that opens here.
				first := li.Find("a").First()
				crumbs = append(crumbs, crumb{richtext.CleanText(first.Text()), first.AttrOr("href", "")})
				return
			}
			text := crumbSign.ReplaceAllString(" "+li.Text()+" ", " ")
			crumbs = append(crumbs, crumb{richtext.CleanText(text), li.Find("a").First().AttrOr("href", "")})
		})
		return crumbs
	}
	return linkCrumbs(n)
}

// linkCrumbs cuts the text of an element at separators and at the ends of
// links.
func linkCrumbs(n *html.Node) []crumb {
	var crumbs []crumb
	separated := false
	add := func(text, href string) {
		if text = richtext.CleanText(text); text != "" {
			crumbs = append(crumbs, crumb{text, href})
		}
	}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			if crumbSign.MatchString(n.Data) {
				separated = true
			}
			for part := range strings.SplitSeq(crumbSign.ReplaceAllString(n.Data, "\x00"), "\x00") {
				add(part, "")
			}
			return
		case n.Type == html.ElementNode && (silentTags[n.Data] || hiddenElement(n) || n.Data == "form"):
			return
		case n.Type == html.ElementNode && n.Data == "a":
			add(textOf(n), attr(n, "href"))
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	if !separated && (len(crumbs) > 6 || firstIn(n, linkElements) == nil && (len(crumbs) < 2 || !isRoot(crumbs[0].name))) {
		return nil // a menu
	}
	return crumbs
}

// crumbLine finds a breadcrumb that is recognisable only by its look: a line before
// the title, made of short steps with separators between them.
func (d *document) crumbLine(title string) []crumb {
	for _, l := range d.lines {
		if key(l.text) == key(title) {
			break
		}
		if !looksLikeCrumbs(l.text) {
			continue
		}
		return named(crumbSign.Split(crumbLabel.ReplaceAllString(l.text, ""), -1))
	}
	return nil
}

// looksLikeCrumbs recognises "Home > The Ministry > Activities".
func looksLikeCrumbs(text string) bool {
	if len(text) > 600 || !strings.ContainsAny(text, ">»›→＞》/|:«‹≫▶▸►") || !crumbSign.MatchString(text) {
		return false
	}
	parts := crumbSign.Split(crumbLabel.ReplaceAllString(text, ""), -1)
	if len(parts) < 2 {
		return false
	}
	for _, p := range parts[:len(parts)-1] {
		if len([]rune(p)) > 80 {
			return false
		}
	}
	return isRoot(parts[0]) || isRoot(behindColon.ReplaceAllString(parts[0], "")) || crumbLabel.MatchString(text)
}

// behindColon is what stands in front of the last colon: a label that no list has.
var behindColon = lazyregexp.New(`^.*[:：]`)

// trimCrumbs removes label, front page, separators and the page itself.
func trimCrumbs(crumbs []crumb, title string, d *document) []string {
	var names []string
	for i, c := range crumbs {
		name := strings.Trim(richtext.CleanText(crumbLabel.ReplaceAllString(c.name, "")), "/|>»›-–·•: ")
		switch {
		case name == "", noSection(name):
			continue
		case len(names) == 0 && (isRoot(name) || isRoot(behindColon.ReplaceAllString(name, "")) || i == 0 && c.href != "" && d.siteRoot(c.href)):
			continue
		case len(names) == 0 && key(name) == key(d.first("og:site_name")):
			continue
		}
		if n := len(names); n > 0 && names[n-1] == name && c.href != "" && c.href == crumbs[i-1].href {
			continue // the same step twice
		}
		names = append(names, name)
	}
	for len(names) > 0 && isLeaf(names[len(names)-1], title) {
		names = names[:len(names)-1]
	}
	for i, n := range names {
		// A step as long as a sentence means that this is not a breadcrumb.
		if len([]rune(n)) > 120 || slices.Contains(names[:i], n) && i > 0 && names[i-1] == n {
			return nil
		}
	}
	if len(names) > 10 {
		return nil
	}
	return names
}

// noSection reports whether a step of a breadcrumb is a control or the domain of the site.
func noSection(name string) bool {
	return domainName.MatchString(name) || typeSize.MatchString(name) || onlyControls(name)
}

var (
	domainName = lazyregexp.New(`^(?i)(https?://)?[a-z0-9-]+(\.[a-z0-9-]+)+\.?/?$`)
	typeSize   = lazyregexp.New(`^(字号|字体|字體|字級|打印|分享)`)
)

func isLeaf(name, title string) bool {
	k, t := key(name), key(title)
	if k == t || leaves()[key(fold(name))] {
		return true
	}
	if cut := ellipsisTail.ReplaceAllString(name, ""); cut != name {
		return strings.HasPrefix(t, key(cut))
	}
	return false
}

// siteRoot reports whether a link leads to the front page of a site or of its
// edition in a language.
func (d *document) siteRoot(href string) bool {
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil {
		return false
	}
	if u.Host == "" && u.Path == "" {
		return false
	}
	path := strings.Trim(u.Path, "/")
	path = indexPage.ReplaceAllString(path, "")
	return path == "" && (u.Host != "" || strings.HasPrefix(u.Path, "/")) || languagePath.MatchString(path)
}

var (
	indexPage    = lazyregexp.New(`(?i)/?(index|default|home)\.[a-z]{3,5}$`)
	languagePath = lazyregexp.New(`^[a-z]{2}(-[A-Za-z]{2,4})?$`)
)
