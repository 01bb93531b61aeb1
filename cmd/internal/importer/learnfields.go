package importer

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/richtext"
)

// fields finds what a template has besides title, date and text.
func (t *pageTemplate) fields(p *Profile) {
	t.section(p)
	t.lead(p)
	t.captions(p)
	t.address(p)
}

// section finds the breadcrumb, and which of its steps are no sections.
func (t *pageTemplate) section(p *Profile) {
	proposed := votes{}
	proposed.add(`meta[property="article:section"] @content`)
	t.each(func(_ int, d *document) {
		for _, n := range d.breadcrumbs(p) {
			proposed.add(names(n)...)
			proposed.add(namesBelow(n)...)
			if label := attr(n, "aria-label"); plainLabel.MatchString(label) {
				proposed.add(n.Data + `[aria-label="` + label + `"]`)
			}
		}
		for _, a := range d.filing(p) {
			proposed.add(names(a)...)
		}
	})
	all := ratedOf(proposed.best(40))
	skipped := make([]votes, len(all))
	t.each(func(i int, d *document) {
		title, _ := p.title.value(d.tree.Nodes[0])
		breadcrumbs := d.breadcrumbs(p)
		for j, r := range all {
			nodes := r.all(d.tree.Nodes[0])
			if len(nodes) == 0 || r.attribute != "" {
				if text, n := r.value(d.tree.Nodes[0]); n != nil && len(text) < 100 {
					r.found(i, text, 0.3)
				}
				continue
			}
			if nodes[0].Data == "a" {
				if text := crumbName(textOf(nodes[0])); text != "" && slices.Contains(d.filing(p), nodes[0]) {
					r.found(i, text, 0.6)
				}
				continue
			}
			steps := d.crumbsOf(nodes[0])
			kept := trimCrumbs(steps, title, d)
			if len(kept) == 0 || containsBody(nodes[:1], p.body.all(d.tree.Nodes[0])) {
				continue
			}
			if skipped[j] == nil {
				skipped[j] = votes{}
			}
			for _, c := range steps {
				name := crumbName(c.name)
				if name != "" && !isLeafOf(name, title) && !slices.Contains(kept, name) {
					skipped[j].add(name)
				}
			}
			if len(breadcrumbs) > 0 && !slices.Contains(breadcrumbs, nodes[0]) {
				continue // a menu that the selector names, too
			}
			r.found(i, strings.Join(kept, " > "), 1+0.1*float64(len(kept)))
		}
	})
	best := strongestOf(all)
	if best == nil || !t.most(len(best.on)) {
		return
	}
	p.section, p.Section.Select = best.Selector, best.text
	p.learned.add("section", best)
	for j, r := range all {
		if r == best {
			for _, s := range slices.Sorted(mapsKeys(skipped[j])) {
				if skipped[j][s]*10 >= len(r.on) {
					p.Section.Skip = append(p.Section.Skip, s)
				}
			}
		}
	}
}

// plainLabel is what a template calls an element for who hears the page.
var plainLabel = regexp.MustCompile(`^[\p{L}\p{M} ]{3,40}$`)

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
	title, _ := p.title.value(d.tree.Nodes[0])
	d.tree.Find(crumbSelector).Each(func(_ int, s *goquery.Selection) {
		if !s.Is("body, html, main, article") && len(s.Text()) < 4000 && len(trimCrumbs(d.crumbsOf(s.Nodes[0]), title, d)) > 0 {
			found = append(found, s.Nodes[0])
		}
	})
	return append(found, d.trails(p)...)
}

// trails are elements above the title that lead in short steps from the front page to
// somewhere.
func (d *document) trails(p *Profile) []*html.Node {
	_, title := p.title.value(d.tree.Nodes[0])
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
			if links := goquery.NewDocumentFromNode(n).Find("a").Length(); links > 1 && links < 9 && (crumbSign.MatchString(text) || n.Data == "ol") {
				found = append(found, n)
				break
			}
		}
		return i < 500
	})
	return found
}

// filing are the links outside of the text that say of themselves, or by the words right
// before them, that the page is filed there.
func (d *document) filing(p *Profile) []*html.Node {
	body := p.body.all(d.tree.Nodes[0])
	var found []*html.Node
	for _, a := range d.tree.Find("a[href]").Nodes {
		before := ""
		if a.PrevSibling != nil && a.PrevSibling.Type == html.TextNode {
			before = a.PrevSibling.Data
		}
		if !filedIn.MatchString(before) && !slices.Contains(strings.Fields(attr(a, "rel")), "category") {
			continue
		}
		inBody := slices.ContainsFunc(body, func(b *html.Node) bool { return within(a, b) })
		if n := utf8.RuneCountInString(textOf(a)); !inBody && n > 1 && n <= 60 {
			found = append(found, a)
		}
	}
	return found
}

// stepsOf are the steps of a breadcrumb, or the one link under which a page is filed.
func (d *document) stepsOf(n *html.Node) []crumb {
	if n.Data == "a" {
		return []crumb{{name: textOf(n), href: attr(n, "href")}}
	}
	return d.crumbsOf(n)
}

var filedIn = regexp.MustCompile(`(?i)^\s*(posted in|filed (under|in)|category|section|rubrik|kategorie|veröffentlicht (in|unter)|publié dans|rubrique|catégorie|classé dans|publicado en|categoría|sección|publicado em|categoria|secção|pubblicato in|рубрика|категория|раздел|القسم|التصنيف|栏目|分类)\s*[:：]?\s*$`)

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

// lead finds what the template sets apart between title and text.
func (t *pageTemplate) lead(p *Profile) {
	proposed := votes{}
	t.each(func(_ int, d *document) {
		described := key(d.first("description", "og:description"))
		for _, l := range d.lines[:min(len(d.lines), maxTitleLine)] {
			if l.node == nil || l.length() < 15 || l.length() > 800 {
				continue
			}
			if n := ancestor(l.node, marksLead); n != nil && n.Data != "body" {
				proposed.add(names(n)...)
			}
			if len(described) > 30 && key(l.text) == described {
				proposed.add(ownNames(l.node)...)
			}
		}
	})
	all := ratedOf(proposed.best(40))
	t.each(func(i int, d *document) {
		body := p.body.all(d.tree.Nodes[0])
		_, title := p.title.value(d.tree.Nodes[0])
		for _, r := range all {
			text, n := r.value(d.tree.Nodes[0])
			size := utf8.RuneCountInString(text)
			if n == nil || size < 15 || size > 800 || t.sharedInText(d.language, text) || containsBody([]*html.Node{n}, append(body, title)) || slices.Contains(body, n) {
				continue
			}
			if len(body) == 0 || ancestor(n, offersOthers(title)) != nil || title != nil && (within(n, title) || d.order(n) < d.order(title)) {
				continue
			}
			inside := slices.ContainsFunc(body, func(b *html.Node) bool { return within(n, b) })
			if !inside && d.order(n) > d.order(body[0]) || inside && !slices.ContainsFunc(openingBlocks(body[0]), func(b *html.Node) bool { return within(b, n) }) {
				continue
			}
			r.found(i, text, 1)
		}
	})
	if best := strongestOf(all); best != nil && len(best.on) >= 3 && len(best.on)*5 >= len(t.members) {
		p.lead, p.Lead = best.Selector, best.text
		p.learned.add("lead", best)
	}
}

// offersOthers recognises the elements beside a title in which other pages are offered: by a
// link, or by their kind. That one calls itself a teaser may mean the lead.
func offersOthers(title *html.Node) func(*html.Node) bool {
	return func(n *html.Node) bool {
		around := title != nil && within(title, n)
		return teaserElement(n) || isTeaser(n) && !around && lineOf(n).links > 0
	}
}

// captions finds what stands with the pictures of the text.
func (t *pageTemplate) captions(p *Profile) {
	proposed := votes{}
	proposed.add("figcaption")
	t.each(func(_ int, d *document) {
		for _, b := range p.body.all(d.tree.Nodes[0]) {
			goquery.NewDocumentFromNode(b).Find("img").EachWithBreak(func(i int, s *goquery.Selection) bool {
				frame := s.Nodes[0].Parent
				for up := 0; up < 3 && frame != nil && frame != b; up, frame = up+1, frame.Parent {
					lines := flatten(frame)
					for _, l := range lines {
						if l.length() < 500 && l.node != nil && (marked(captionMark, marks(l.node)) || len(lines) < 3 && goquery.NewDocumentFromNode(frame).Find("img").Length() == 1) {
							proposed.add(ownNames(l.node)...)
						}
					}
				}
				return i < 20
			})
		}
	})
	all := ratedOf(proposed.best(20))
	t.each(func(i int, d *document) {
		for _, r := range all {
			for _, n := range r.all(d.tree.Nodes[0]) {
				if frame := frameWith(n); frame != nil {
					r.found(i, lineOf(n).text, 1)
					break
				}
			}
		}
	})
	best := strongestOf(all)
	if best == nil || len(best.on) < 2 {
		return
	}
	p.captions, p.Captions = best.Selector, best.text
	p.learned.add("captions", best)
}

// frameWith is the closest element around a caption that has one picture.
func frameWith(n *html.Node) *html.Node {
	for up, a := 0, n.Parent; up < 4 && a != nil && a.Type == html.ElementNode; up, a = up+1, a.Parent {
		switch goquery.NewDocumentFromNode(a).Find("img").Length() {
		case 0:
			continue
		case 1:
			return a
		}
		return nil
	}
	return nil
}

// address finds where the pages say what their addresses are, each its own.
func (t *pageTemplate) address(p *Profile) {
	for _, text := range []string{`link[rel="canonical"] @href`, `meta[property="og:url"] @content`} {
		s, err := ParseSelector(text)
		if err != nil {
			continue
		}
		r := &rated{Selector: s}
		different := map[string]bool{}
		t.each(func(i int, d *document) {
			if v, n := s.value(d.tree.Nodes[0]); n != nil {
				r.found(i, v, 1)
				different[v] = true
			}
		})
		if t.most(len(r.on)) && len(different)*20 >= len(r.on)*19 {
			p.address, p.Address = s, s.text
			p.learned.add("address", r)
			return
		}
	}
}
