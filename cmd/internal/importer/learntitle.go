package importer

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/richtext"
)

// titleFound is the selector of the titles of a template, and the words in what it finds that
// are none of them.
type titleFound struct {
	*rated
	beside []*phrase
}

// findTitle finds the selector of what differs on each page and agrees with what the
// head of the page calls it.
func (t *pageTemplate) findTitle(body Selector) *titleFound {
	proposed := votes{}
	proposed.add(`meta[property="og:title"] @content`, "title")
	t.each(func(_ int, d *document) {
		_, called := d.namedTitles()
		keys := map[string]bool{}
		for _, n := range called {
			keys[key(n)] = true
		}
		headings := newHeadings()
		for _, l := range d.lines[:min(len(d.lines), maxTitleLine)] {
			if l.node == nil || l.length() > 400 {
				continue
			}
			if h := headings.around(l.node); h != nil {
				proposed.add(names(h)...)
				if len(names(h)) == 0 {
					proposed.add(append(placesOf(h), h.Data)...)
				}
			} else if keys[key(l.text)] && !l.linked() {
				proposed.add(names(l.node)...)
				proposed.add(placesOf(l.node)...)
				proposed.add(placesOf(l.node.Parent)...)
			}
		}
	})
	if found := t.bestTitle(body, proposed); found != nil {
		return found
	}
	// The heads of the pages name the site, and no heading is one: a title is the first line that
	// each page has for itself.
	return t.bestTitle(body, t.firstLines())
}

// firstLines proposes the selectors of the first line of each page that is its own, and no date.
func (t *pageTemplate) firstLines() votes {
	const longest = 300
	proposed := votes{}
	t.each(func(_ int, d *document) {
		for _, l := range d.lines[:min(len(d.lines), maxTitleLine)] {
			if l.node == nil || l.links > 0 || !saying(l.text) || t.shared(d.language, l.text) || d.onlyDated(l.text) || inNavigation(l.node) {
				continue
			}
			if l.length() <= longest {
				proposed.add(append(names(l.node), placesOf(l.node)...)...)
			}
			return
		}
	})
	return proposed
}

// bestTitle is the selector among those proposed that finds the titles best.
func (t *pageTemplate) bestTitle(body Selector, proposed votes) *titleFound {
	all := ratedOf(proposed.best(60))
	beside := t.besideTitles(all)
	seen := make([]map[string]bool, len(all))
	t.each(func(i int, d *document) {
		sure, called := d.namedTitles()
		root := d.tree.Nodes[0]
		for j, r := range all {
			if seen[j] == nil {
				seen[j] = map[string]bool{}
			}
			nodes := r.all(root)
			text, n := beside[j].value(r.Selector, root)
			if lettersOf(text) < 2 || utf8.RuneCountInString(text) > 500 || t.sharedExactly(d.language, text) || containsBody(nodes, body.all(root)) {
				continue
			}
			seen[j][key(text)] = true
			score := titleAgreement(text, sure, called)
			if n.Data == "title" || n.Data == "meta" {
				score = 0.2
			}
			if len(nodes) > 1 && n.Data != "meta" {
				score *= 0.7
			}
			switch {
			case n.Data == "h1":
				score += 0.1
			case isHeading(n):
				score += 0.05
			case ancestor(n, isBreadcrumb) != nil:
				score *= 0.5 // its last step, which is the title's echo
			}
			if l := lineOf(n); l.linked() {
				score *= 0.5
			}
			r.found(i, text, score)
		}
	})
	for j, r := range all {
		switch {
		case len(seen[j])*2 < len(r.on):
			r.on = nil // the name of the site, or of what the pages are
		case len(seen[j])*10 < len(r.on)*9:
			r.score *= 0.3 // titles differ
		}
	}
	best := strongestOf(all)
	if best == nil {
		return nil
	}
	return &titleFound{best, beside[slices.Index(all, best)].words}
}

// kickers are words that stand in the element of the title on pages of a template and are
// none of it, such as "Press release".
type kickers struct {
	words []*phrase
	known phrases
}

// value is what a selector finds, without these words.
func (k kickers) value(s Selector, root *html.Node) (string, *html.Node) {
	text, n := s.value(root)
	if n != nil && len(k.words) > 0 {
		text = textBut(n, k.known)
	}
	return text, n
}

// besideTitles finds for each selector of titles the pieces that stand there on several pages,
// if the head of the pages names the titles without them: a series may begin alike, too.
func (t *pageTemplate) besideTitles(all []*rated) []kickers {
	found := make([]kickers, len(all))
	said := make([]heard, len(all))
	for j := range said {
		said[j] = heard{}
	}
	t.each(func(i int, d *document) {
		_, called := d.namedTitles()
		isTitle := func(text string) bool {
			return slices.ContainsFunc(called, func(name string) bool { return key(name) == key(text) })
		}
		for j, r := range all {
			if r.attribute != "" || r.isData() {
				continue
			}
			if _, n := r.value(d.tree.Nodes[0]); n != nil {
				if pieces := wordsIn(n); len(pieces) > 1 {
					for _, piece := range pieces {
						if text := richtext.CleanText(piece.Data); !isTitle(text) {
							said[j].add(i, text, true)
						}
					}
				}
			}
		}
	})
	for j := range all {
		var texts []string
		for _, w := range said[j] {
			if t.several(len(w.pages)) && !w.varies {
				found[j].words, texts = append(found[j].words, w), append(texts, w.text)
			}
		}
		found[j].known = phrasesOf(texts)
	}
	t.provenByHeads(all, found)
	return found
}

// provenByHeads drops the words with which the titles are nearer to what the heads of the pages
// name.
func (t *pageTemplate) provenByHeads(all []*rated, found []kickers) {
	nearer := make([]float64, len(all))
	t.each(func(_ int, d *document) {
		sure, called := d.namedTitles()
		for j, r := range all {
			if len(found[j].words) == 0 {
				continue
			}
			if text, n := r.value(d.tree.Nodes[0]); n != nil {
				nearer[j] += titleAgreement(textBut(n, found[j].known), sure, called) - titleAgreement(text, sure, called)
			}
		}
	})
	for j := range found {
		if nearer[j]*4 < float64(len(t.members)) {
			found[j] = kickers{}
		}
	}
}

// wordsIn are the text nodes below an element that say something.
func wordsIn(n *html.Node) (all []*html.Node) {
	for c := range n.Descendants() {
		if c.Type == html.TextNode && saying(c.Data) {
			all = append(all, c)
		}
	}
	return all
}

// textBut is what an element says without some words, or with them if it says nothing else.
func textBut(n *html.Node, words phrases) string {
	rest := goquery.NewDocumentFromNode(n).Clone().Nodes[0]
	for _, piece := range wordsIn(rest) {
		if words.have(richtext.CleanText(piece.Data)) {
			removeApart(piece)
		}
	}
	if text := lineOf(rest).text; text != "" {
		return text
	}
	return lineOf(n).text
}

// titleIn is the title of a page where the profile says, and its element.
func (p *Profile) titleIn(root *html.Node) (string, *html.Node) {
	text, n := p.title.value(root)
	if n != nil && len(p.Title.Beside) > 0 && p.title.attribute == "" && !p.title.isData() {
		text = textBut(n, p.kickers)
	}
	return text, n
}

// takeKickers takes out of the element of the title what the profile knows as none of it.
func (p *profiled) takeKickers() {
	root := p.d.tree.Nodes[0]
	text, n := p.profile.titleIn(root)
	if n == nil || len(p.profile.Title.Beside) == 0 || text == lineOf(n).text {
		return
	}
	for _, piece := range wordsIn(n) {
		if p.profile.kickers.have(strings.TrimSpace(richtext.CleanText(piece.Data))) {
			p.d.remove(piece, repeated)
		}
	}
	p.d.lines = flatten(root)
}
