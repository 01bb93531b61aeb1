package importer

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"communique/storage/richtext"
)

// leadsToFile reports whether a link leads to a file: by its address, or, where a script hands
// files out, by what it calls itself.
func leadsToFile(a *html.Node) bool {
	return fileName.MatchString(attr(a, "href")) || hasAttr(a, "download") || fileName.MatchString(strings.TrimSpace(lineOf(a).text))
}

// fileLinks are the links to files on a page that stand behind its title and outside of its text.
func (d *document) fileLinks(p *Profile) []*html.Node {
	root := d.tree.Nodes[0]
	_, title := p.titleIn(root)
	body := p.body.all(root)
	if title == nil || len(body) == 0 {
		return nil
	}
	return slices.DeleteFunc(linksIn(root), func(a *html.Node) bool {
		return !leadsToFile(a) || title.Data != "meta" && title.Data != "title" && d.order(a) < d.order(title) || slices.ContainsFunc(body, func(b *html.Node) bool { return within(a, b) })
	})
}

// files finds the elements beside the text in which a template lists the files of a page. What
// several pages lead to is a form or a report of the site.
func (t *pageTemplate) files(p *Profile) {
	pages := votes{} // that lead to a file
	t.each(func(_ int, d *document) {
		on := map[string]bool{}
		for _, a := range d.fileLinks(p) {
			on[attr(a, "href")] = true
		}
		for href := range on {
			pages.add(href)
		}
	})
	own := func(d *document) []*html.Node {
		return slices.DeleteFunc(d.fileLinks(p), func(a *html.Node) bool { return t.several(pages[attr(a, "href")]) })
	}
	const places = 3
	for range places {
		best := t.fileElements(p, own)
		if best == nil {
			return
		}
		p.files, p.Files = append(p.files, best.Selector), append(p.Files, best.text)
		p.learned.files = append(p.learned.files, best)
	}
}

// fileElements finds the selector of the elements with most of the files that the profile does
// not know yet, and hardly anything else.
func (t *pageTemplate) fileElements(p *Profile, own func(*document) []*html.Node) *rated {
	proposed := votes{}
	left := func(d *document) []*html.Node {
		root := d.tree.Nodes[0]
		return slices.DeleteFunc(own(d), func(a *html.Node) bool {
			return slices.ContainsFunc(p.files, func(s Selector) bool {
				return slices.ContainsFunc(s.all(root), func(n *html.Node) bool { return within(a, n) })
			})
		})
	}
	t.each(func(_ int, d *document) {
		found := map[string]bool{}
		for _, a := range left(d) {
			for n := a; n != nil && n.Type == html.ElementNode && d.listsFiles(p, n); n = n.Parent {
				for _, name := range append(ownNames(n), namesBelow(n)...) {
					found[name] = true
				}
				if len(ownNames(n)) == 0 {
					for _, name := range names(n) {
						found[name] = true
					}
				}
			}
		}
		for name := range found {
			proposed.add(name)
		}
	})
	all := ratedOf(proposed.best(60))
	sizes := make([]int, len(all))
	t.each(func(i int, d *document) {
		files := left(d)
		for j, r := range all {
			nodes := r.all(d.tree.Nodes[0])
			in := 0
			for _, a := range files {
				if slices.ContainsFunc(nodes, func(n *html.Node) bool { return within(a, n) }) {
					in++
				}
			}
			for _, n := range nodes {
				if in == 0 && len(linksIn(n)) == 0 && filesPages(lineOf(n)) {
					continue // the heading of an empty list
				}
				if in == 0 || !d.listsFiles(p, n) {
					r.score -= 0.5 // something else is called so, too
					continue
				}
				sizes[j] += lineOf(n).length()
			}
			if in > 0 {
				r.found(i, lineOf(nodes[0]).text, float64(in))
			}
		}
	})
	var best *rated
	for j, r := range all {
		r.score += float64(sizes[j]) * 1e-7 // the label above the files is not left alone
		if len(r.on) >= 3 && r.score >= float64(len(r.on)) && (best == nil || r.score > best.score) {
			best = r
		}
	}
	return best
}

// listsFiles reports whether an element has links to files and little else, and no field of the
// page.
func (d *document) listsFiles(p *Profile, n *html.Node) bool {
	const beside, each = 60, 60 // letters of a heading, and of the size and the buttons of a file
	if n.Data == "html" || n.Data == "body" {
		return false
	}
	root := d.tree.Nodes[0]
	for _, s := range []Selector{p.title, p.date, p.section, p.body} {
		if slices.ContainsFunc(s.all(root), func(f *html.Node) bool { return within(f, n) }) {
			return false
		}
	}
	files, named := 0, 0
	for _, a := range linksAt(n) {
		if leadsToFile(a) {
			files++
			named += lineOf(a).length()
		}
	}
	return files > 0 && lineOf(n).length()-named <= beside+files*each
}

// linksAt are the links in an element, or itself if it is one.
func linksAt(n *html.Node) []*html.Node {
	if n.Data == "a" {
		return []*html.Node{n}
	}
	return linksIn(n)
}

// takeFiles takes the files that the profile knows beside the text out of the page, each as a
// link, in a list.
func (p *profiled) takeFiles() {
	known := map[string]bool{}
	list := &html.Node{Type: html.ElementNode, Data: "ul"}
	for _, s := range p.profile.files {
		for _, n := range s.all(p.d.tree.Nodes[0]) {
			if p.guards(n) || slices.ContainsFunc(p.body, func(b *html.Node) bool { return within(n, b) }) {
				continue
			}
			for _, a := range linksAt(n) {
				if !leadsToFile(a) || known[attr(a, "href")] {
					continue
				}
				known[attr(a, "href")] = true
				item := &html.Node{Type: html.ElementNode, Data: "li"}
				name := p.nameOfFile(a, n)
				removeApart(a)
				item.AppendChild(a)
				p.d.ledger.keep(a, inFiles)
				if name != "" {
					p.takeAway(a)
					a.AppendChild(&html.Node{Type: html.TextNode, Data: name})
				}
				list.AppendChild(item)
			}
			p.d.remove(n, byProfile)
		}
	}
	if list.FirstChild != nil {
		p.fileList = list
	}
}

// nameOfFile is what the row of a file in a list says, if its link says less than the words beside
// it: "Download". It is empty if the link names the file.
func (p *profiled) nameOfFile(a, list *html.Node) string {
	link := lineOf(a)
	if fileName.MatchString(link.text) || a == list {
		return ""
	}
	same := func(l *html.Node) bool { return attr(l, "href") == attr(a, "href") }
	for n := a.Parent; n != nil && within(n, list); n = n.Parent {
		if slices.ContainsFunc(linksIn(n), func(l *html.Node) bool { return !same(l) }) {
			return ""
		}
		words := []string{}
		for _, piece := range wordsIn(n) {
			if text := richtext.CleanText(piece.Data); !p.profile.repeated(text) {
				words = append(words, text)
			}
		}
		if row := strings.Join(words, " "); lettersOf(row) > 2*lettersOf(link.text) || saying(row) && p.profile.repeated(link.text) {
			return row
		}
	}
	return ""
}

// lettersOf is how many letters a text has.
func lettersOf(text string) (n int) {
	for _, r := range text {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// guards reports whether an element has the title or the text in it.
func (p *profiled) guards(n *html.Node) bool {
	return slices.ContainsFunc(append([]*html.Node{p.title.node}, p.body...), func(g *html.Node) bool { return g != nil && within(g, n) })
}
