package importer

import (
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/richtext"
)

// sectionFound is a selector of sections, with the steps there that are none and with the
// words that begin what it finds.
type sectionFound struct {
	*rated
	skipped, labels votes
	bare            votes // what it finds where nothing but its first link says that it is a breadcrumb
	above           votes // what it finds right above titles, where nothing says what that is
}

// section finds the breadcrumb, and which of its steps are no sections; or what else says
// where the pages of a template are filed.
func (t *pageTemplate) section(p *Profile) {
	proposed := votes{}
	proposed.add(`meta[property="article:section"] @content`)
	t.each(func(_ int, d *document) { proposed.add(d.sectionSelectors(p)...) })
	var all []sectionFound
	for _, r := range ratedOf(proposed.best(60)) {
		all = append(all, sectionFound{r, votes{}, votes{}, votes{}, votes{}})
	}
	t.each(func(i int, d *document) {
		at := d.sectionPlaces(p)
		for _, f := range all {
			f.look(i, d, at)
		}
	})
	var rates []*rated
	for _, f := range all {
		if len(f.bare) == 1 {
			f.on = nil // the same on all pages: a menu
		}
		if times := f.above.total(); times > 0 && !fewFor(len(f.above), times) {
			f.on = nil // other words on each page: a second line of the title
		}
		rates = append(rates, f.rated)
	}
	best := strongestOf(rates)
	if best == nil || !t.most(len(best.on)) {
		return
	}
	p.section, p.Section.Select = best.Selector, best.text
	p.learned.add("section", best)
	f := all[slices.Index(rates, best)]
	for _, s := range slices.Sorted(mapsKeys(f.skipped)) {
		if f.skipped[s]*10 >= len(best.on) {
			p.Section.Skip = append(p.Section.Skip, s)
		}
	}
	for _, label := range slices.Sorted(mapsKeys(f.labels)) {
		if t.most(f.labels[label]) {
			p.Section.Without = label
		}
	}
}

// sectionSelectors proposes where a page says in which section it is.
func (d *document) sectionSelectors(p *Profile) (selectors []string) {
	for _, n := range d.breadcrumbs(p) {
		selectors = append(append(selectors, names(n)...), namesBelow(n)...)
		if len(ownNames(n)) == 0 {
			selectors = append(selectors, placesOf(n)...)
		}
		if label := attr(n, "aria-label"); plainLabel.MatchString(label) {
			selectors = append(selectors, n.Data+`[aria-label="`+label+`"]`)
		}
	}
	for _, n := range d.filing(p) {
		selectors = append(append(append(selectors, names(n)...), namesBelow(n)...), placesOf(n)...)
	}
	for _, n := range d.labelledLines(d.headingOf(p)) {
		selectors = append(append(selectors, names(n)...), placesOf(n)...)
	}
	if n := d.labelAbove(d.headingOf(p)); n != nil {
		selectors = append(append(append(selectors, names(n)...), namesBelow(n)...), placesOf(n)...)
	}
	for _, property := range []string{"articleSection", "itemListElement.name", "itemListElement.item.name"} {
		selectors = append(selectors, proposeData(d.tree.Nodes[0], property)...)
	}
	return selectors
}

// sectionPlaces is where a page seems to say in which section it is.
type sectionPlaces struct {
	title                               string
	body, breadcrumbs, filing, labelled []*html.Node
	above                               *html.Node
}

func (d *document) sectionPlaces(p *Profile) sectionPlaces {
	title, _ := p.titleIn(d.tree.Nodes[0])
	return sectionPlaces{title, p.body.all(d.tree.Nodes[0]), d.breadcrumbs(p), d.filing(p), d.labelledLines(d.headingOf(p)), d.labelAbove(d.headingOf(p))}
}

// look rates what a selector finds on a page.
func (f sectionFound) look(page int, d *document, at sectionPlaces) {
	root := d.tree.Nodes[0]
	if f.isData() {
		values, _ := f.data.values(root)
		keywords := len(values) > 1 && strings.HasSuffix(f.text, ".articleSection")
		if kept := trimCrumbs(named(values), at.title, d); len(kept) > 0 && !keywords {
			f.skip(values, kept, at.title)
			f.found(page, strings.Join(kept, " > "), 0.4+0.1*float64(len(kept)))
		}
		return
	}
	nodes := f.all(root)
	if len(nodes) == 0 || f.attribute != "" {
		if text, n := f.value(root); n != nil && len(text) < 100 {
			f.found(page, text, 0.3)
		}
		return
	}
	if slices.Contains(at.filing, nodes[0]) || nodes[0].Data == "a" {
		if text := crumbName(textOf(nodes[0])); text != "" && slices.Contains(at.filing, nodes[0]) {
			f.found(page, text, 0.6)
		}
		return
	}
	if text := lineOf(nodes[0]).text; slices.Contains(at.labelled, nodes[0]) {
		m := labelledSection.FindStringSubmatchIndex(text)
		f.labels.add(strings.TrimSpace(text[:m[4]]))
		f.found(page, text, 0.5)
		return
	}
	if nodes[0] == at.above && !slices.Contains(at.breadcrumbs, nodes[0]) {
		text := crumbName(textOf(nodes[0]))
		f.above.add(text)
		f.found(page, text, 0.3)
		return
	}
	steps := d.crumbsOf(nodes[0])
	kept := trimCrumbs(steps, at.title, d)
	if len(kept) == 0 || containsBody(nodes[:1], at.body) {
		return
	}
	f.skip(crumbNames(steps), kept, at.title)
	if len(at.breadcrumbs) > 0 && !slices.Contains(at.breadcrumbs, nodes[0]) {
		return // a menu that the selector names, too
	}
	score := 1 + 0.1*float64(len(kept))
	if plainTrail(nodes[0]) {
		f.bare.add(strings.Join(kept, " > "))
		score /= 2
	}
	f.found(page, strings.Join(kept, " > "), score)
}

// skip adds to the steps of breadcrumbs that are no sections those of one.
func (f sectionFound) skip(steps, kept []string, title string) {
	for _, step := range steps {
		if name := crumbName(step); name != "" && !isLeafOf(name, title) && !slices.Contains(kept, name) {
			f.skipped.add(name)
		}
	}
}

func crumbNames(steps []crumb) (names []string) {
	for _, c := range steps {
		names = append(names, c.name)
	}
	return names
}

// plainLabel is what a template calls an element for who hears the page.
var plainLabel = lazyregexp.New(`^[\p{L}\p{M} ]{3,40}$`)

func mapsKeys(v votes) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range v {
			if !yield(k) {
				return
			}
		}
	}
}

// breadcrumbs are the elements that call themselves so and lead somewhere, and those that look
// like it.
func (d *document) breadcrumbs(p *Profile) (found []*html.Node) {
	title, _ := p.titleIn(d.tree.Nodes[0])
	for _, n := range d.crumbElements() {
		if len(trimCrumbs(d.crumbsOf(n), title, d)) > 0 {
			found = append(found, n)
		}
	}
	return slices.Concat(found, d.trails(p), d.plainTrails(d.headingOf(p)))
}

// trails are elements above the title that lead in short steps from the front page to
// somewhere.
func (d *document) trails(p *Profile) []*html.Node {
	_, title := p.titleIn(d.tree.Nodes[0])
	if title != nil && ancestor(title, func(n *html.Node) bool { return n.Data == "head" }) != nil {
		title = nil // nobody knows where it is shown
	}
	var found []*html.Node
	d.tree.Find("a[href]").EachWithBreak(func(i int, s *goquery.Selection) bool {
		a := s.Nodes[0]
		if title != nil && d.order(a) > d.order(title) {
			return false
		}
		if !d.siteRoot(attr(a, "href")) {
			return true
		}
		for up, n := 0, a.Parent; up < 4 && n != nil && n.Type == html.ElementNode; up, n = up+1, n.Parent {
			l := lineOf(n)
			if l.length() > 300 {
				break
			}
			text := goquery.NewDocumentFromNode(n).Text()
			if links := len(allIn(n, linkElements)); links > 1 && links < 9 && (crumbSign.MatchString(text) || n.Data == "ol" || a == n.FirstChild && plainTrail(n)) {
				found = append(found, n)
				break
			}
		}
		return i < 500
	})
	return found
}

// plainTrail reports whether an element is some links alone, of which the first has the name of
// a front page: a breadcrumb of which a style sheet draws the signs, or a menu.
func plainTrail(n *html.Node) bool {
	const most = 6
	links := linksIn(n)
	l := lineOf(n)
	return len(links) > 1 && len(links) <= most && n.Data != "ol" && n.Data != "ul" && !isBreadcrumb(n) && !crumbSign.MatchString(l.text) && l.links >= l.length()-len(links) && isRoot(crumbName(textOf(links[0])))
}

// sectionOf is the last step of a page's section, as names are compared.
func (p *Profile) sectionOf(d *document) string {
	nodes := p.section.all(d.tree.Nodes[0])
	if len(nodes) == 0 || p.section.attribute != "" {
		return ""
	}
	title, _ := p.titleIn(d.tree.Nodes[0])
	names := trimCrumbs(d.stepsOf(nodes[0]), title, d)
	if len(names) == 0 {
		return ""
	}
	return key(names[len(names)-1])
}

// headingOf is the title where a profile says, and its line.
func (d *document) headingOf(p *Profile) heading {
	text, n := p.titleIn(d.tree.Nodes[0])
	return heading{text: text, node: n, line: slices.IndexFunc(d.lines, func(l line) bool { return n != nil && l.node != nil && within(l.node, n) })}
}

// filing are the links outside of the text that say of themselves, or by the words right
// before them, that the page is filed there; or else the one right above the title.
func (d *document) filing(p *Profile) []*html.Node {
	body := p.body.all(d.tree.Nodes[0])
	found := slices.DeleteFunc(d.filed(), func(n *html.Node) bool {
		return slices.ContainsFunc(body, func(b *html.Node) bool { return within(n, b) })
	})
	if len(found) > 0 {
		return found
	}
	for _, a := range []*html.Node{d.linkAbove(d.headingOf(p)), d.lastStepAbove(d.headingOf(p))} {
		if a != nil {
			return []*html.Node{a}
		}
	}
	return nil
}

// stepsOf are the steps of a breadcrumb, or the one link under which a page is filed.
func (d *document) stepsOf(n *html.Node) []crumb {
	if n.Data == "a" {
		return []crumb{{name: textOf(n), href: attr(n, "href")}}
	}
	steps := d.crumbsOf(n)
	if l := lineOf(n); len(steps) == 0 && l.links == 0 && l.length() <= longestSection {
		return []crumb{{name: l.text}} // no trail
	}
	return steps
}

// filing is what stands before the section of a page.
const filing = `posted (?:in|under)|filed (?:under|in)|categor(?:y|ies)|section|rubrik|kategorien?|veröffentlicht (?:in|unter)|publié dans|rubrique|catégories?|classé dans|publicado en|categorías?|sección|publicado em|categorias?|secção|seção|pubblicato in|sezione|kategoria|dział|rubrika|kategori|kategória|rubriek|categorie|κατηγορία|рубрика|категори[яї]|раздел|розділ|القسم|التصنيف|الفئة|栏目|所属栏目|分类|分類|カテゴリー?|분류|카테고리|دسته(?:\x{200c}بندی)?|kateqoriya|osasto|luokka`

var filedIn = lazyregexp.New(`(?i)^\s*(` + filing + `)\s*[:：]?\s*$`)

// crumbName is a step of a breadcrumb without the signs around it.
func crumbName(text string) string {
	return strings.Trim(richtext.CleanText(text), "/|>»›-–·•: ")
}

// isLeafOf reports whether a step of a breadcrumb is the page itself.
func isLeafOf(name, title string) bool {
	if key(name) == key(title) {
		return true
	}
	cut := ellipsisTail.ReplaceAllString(name, "")
	return cut != name && strings.HasPrefix(key(title), key(cut))
}
