package importer

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// fields finds what a template has besides title, date and text.
func (t *pageTemplate) fields(p *Profile) {
	t.countPictures()
	t.section(p)
	t.lead(p)
	t.captions(p)
	t.address(p)
	t.files(p)
}

// lead finds what the template sets apart between title and text.
func (t *pageTemplate) lead(p *Profile) {
	all := t.leadSelectors()
	t.each(func(i int, d *document) {
		body := p.textsOf(d.tree.Nodes[0])
		_, title := p.titleIn(d.tree.Nodes[0])
		for _, r := range all {
			text, n := r.value(d.tree.Nodes[0])
			size := utf8.RuneCountInString(text)
			if n == nil || size < 15 || size > 800 || t.sharedInText(d.language, text) || containsBody([]*html.Node{n}, append(body, title)) || slices.Contains(body, n) && !apartFrom(n, body) {
				continue
			}
			if len(body) == 0 || ancestor(n, offersOthers(title)) != nil || title != nil && (within(n, title) || d.order(n) < d.order(title)) {
				continue
			}
			if d.opensText(n, body) && !namesTexts(r.all(d.tree.Nodes[0]), n, body) {
				r.found(i, text, 1)
			}
		}
	})
	if best := strongestOf(all); best != nil && len(best.on) >= 3 && len(best.on)*5 >= len(t.members) {
		p.lead, p.Lead = best.Selector, best.text
		p.learned.add("lead", best)
	}
}

// leadSelectors proposes what may find the lead.
func (t *pageTemplate) leadSelectors() []*rated {
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
	return ratedOf(proposed.best(40))
}

// opensText reports whether an element stands above the text, or is among what begins it.
func (d *document) opensText(n *html.Node, body []*html.Node) bool {
	if !slices.ContainsFunc(body, func(b *html.Node) bool { return within(n, b) && b != n }) {
		return d.order(n) <= d.order(body[len(body)-1])
	}
	return slices.ContainsFunc(openingBlocks(body[0]), func(b *html.Node) bool { return within(b, n) })
}

// namesTexts reports whether a selector, which has found what may be the lead of a page, finds
// others in its text, too, or has found all of one: so a template calls each piece of a text.
func namesTexts(found []*html.Node, lead *html.Node, body []*html.Node) bool {
	return slices.ContainsFunc(found, func(n *html.Node) bool {
		return slices.ContainsFunc(body, func(b *html.Node) bool {
			return within(n, b) && (n != lead || n != b && lineOf(n).text == lineOf(b).text)
		})
	})
}

// textsOf are the elements with the text on a page, without that of the date.
func (p *Profile) textsOf(root *html.Node) []*html.Node {
	_, date := p.date.value(root)
	return slices.DeleteFunc(p.body.all(root), func(n *html.Node) bool { return date != nil && (n == date || within(n, date)) })
}

// apartFrom reports whether one of several elements with the text stands before the others, and
// is small beside them.
func apartFrom(n *html.Node, body []*html.Node) bool {
	rest := 0
	for _, b := range body[1:] {
		rest += lineOf(b).length()
	}
	return body[0] == n && lineOf(n).length()*2 < rest
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
		const most = 40 // pictures that are looked at
		root := d.tree.Nodes[0]
		_, title := p.titleIn(root)
		looked := 0
		for _, img := range allIn(root, pictureElements) {
			if title == nil || d.order(img) < d.order(title) || t.several(t.pictures[realSource(img)]) {
				continue
			}
			if looked++; looked > most {
				return
			}
			for up, frame := 0, img.Parent; up < 3 && frame != nil && frame.Type == html.ElementNode && frame.Data != "body"; up, frame = up+1, frame.Parent {
				if next := nextElement(frame); next != nil && pictureBefore(next) != nil && lineOf(next).length() < 500 && !lineOf(next).linked() {
					proposed.add(ownNames(next)...)
				}
				lines := flatten(frame)
				for _, l := range lines {
					if l.length() < 500 && l.node != nil && !l.linked() && (marked(captionMark, marks(l.node)) || len(lines) < 3 && len(allIn(frame, pictureElements)) == 1) {
						proposed.add(ownNames(l.node)...)
						if len(ownNames(l.node)) == 0 {
							proposed.add(append(names(l.node), pathBelow(frame, l.node)...)...)
						}
					}
				}
			}
		}
	})
	const kinds = 3 // of captions, by what they are in
	all := ratedOf(proposed.best(20))
	for range kinds {
		best := t.captionsBut(p.captions, all)
		if best == nil {
			return
		}
		both, err := ParseSelector(strings.TrimPrefix(p.Captions+", "+best.text, ", "))
		if err != nil {
			return
		}
		p.captions, p.Captions = both, both.text
		if first := p.learned.fields["captions"]; first != nil {
			best.on, best.examples = append(best.on, first.on...), append(first.examples, best.examples...)
			slices.Sort(best.on)
			best.on = slices.Compact(best.on)
			best.examples = best.examples[:min(3, len(best.examples))]
		}
		p.learned.add("captions", best)
	}
}

// captionsBut is the selector of most captions that another one does not find.
func (t *pageTemplate) captionsBut(known Selector, selectors []*rated) *rated {
	var all []*rated
	for _, r := range selectors {
		all = append(all, &rated{Selector: r.Selector})
	}
	framed, bare := make([]int, len(all)), make([]int, len(all))
	t.each(func(i int, d *document) {
		root := d.tree.Nodes[0]
		found := known.all(root)
		for j, r := range all {
			before := framed[j]
			for _, n := range r.all(root) {
				if slices.ContainsFunc(found, func(f *html.Node) bool { return within(n, f) || within(f, n) }) {
					continue
				}
				if pictureAbove(n) == nil && (firstIn(n, pictureElements) != nil || frameWith(n) == nil && pictureBefore(n) == nil) {
					bare[j]++
					continue
				}
				if framed[j]++; framed[j] == before+1 {
					r.found(i, lineOf(n).text, 1)
				}
			}
		}
	})
	for j, r := range all {
		if bare[j]*10 > framed[j] {
			r.on = nil // so the paragraphs of the text are called, too
		}
	}
	if best := strongestOf(all); best != nil && len(best.on) > 1 {
		return best
	}
	return nil
}

// pictureBefore is the one picture in the element before a caption, which has nothing else.
func pictureBefore(n *html.Node) *html.Node {
	before := previousElement(n)
	if before == nil || lineOf(before).text != "" {
		return nil
	}
	if before.Data == "img" {
		return before
	}
	if pictures := allIn(before, pictureElements); len(pictures) == 1 {
		return pictures[0]
	}
	return nil
}

// frameWith is the closest element around a caption that has one picture, and little else.
func frameWith(n *html.Node) *html.Node {
	const beside = 300 // letters of a credit, or of what enlarges the picture
	for up, a := 0, n.Parent; up < 4 && a != nil && a.Type == html.ElementNode; up, a = up+1, a.Parent {
		switch len(allIn(a, pictureElements)) {
		case 0:
			continue
		case 1:
			if lineOf(a).length() > lineOf(n).length()+beside {
				return nil // it has the text
			}
			return a
		}
		return nil
	}
	return nil
}

// address finds where the pages say what their addresses are, each its own.
func (t *pageTemplate) address(p *Profile) {
	candidates := votes{}
	t.each(func(_ int, d *document) { candidates.add(proposeData(d.tree.Nodes[0], "url")...) })
	said := []string{`link[rel="canonical"] @href`, `meta[property="og:url"] @content`}
	for _, s := range candidates.best(3) {
		said = append(said, s.text)
	}
	for _, text := range said {
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
